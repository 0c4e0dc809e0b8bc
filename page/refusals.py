"""What a request that is not answered is told: a status, and a sentence in the language of the page."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse
from starlette.types import Scope

from page.texts import LANGUAGES, text

LANGUAGE_COOKIE = "nanguan-language"  # set by the page's script
_TRADITIONAL = {"hant", "tw", "hk", "mo"}  # the script, or where it is written unless the tag names the other


def refusal(
    scope: Scope, status: int, name: str, headers: dict[str, str] | None = None, **values: object
) -> JSONResponse:
    """A refusal; Gradio's script shows its `detail` to the reader.

    Args:
        name: of the sentence in `page/languages`.
    """
    detail = text(name, language_of_request(scope), **values)
    return JSONResponse({"detail": detail}, status, {"Cache-Control": "no-store", **(headers or {})})


def language_of_request(scope: Scope) -> str:
    """The language of the page that asks, else the first that the browser names and the page speaks."""
    headers = Headers(scope=scope)
    # Read as browsers write them: cookies of whatever else is served at this name come along.
    chosen = cookie_parser(headers.get("cookie", "")).get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    for tag in headers.get("accept-language", "").split(","):
        language, *parts = tag.partition(";")[0].strip().lower().split("-")
        if language == "zh":
            return "zh-Hant" if "hans" not in parts and _TRADITIONAL & set(parts) else "zh-Hans"
        if language == "en":
            return "en"
    return LANGUAGES[0]
