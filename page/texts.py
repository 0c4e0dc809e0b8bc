"""What the page says, in each language it speaks: `languages/` holds a file for each."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh-Hant", "zh-Hans")
_FOLDER = Path(__file__).with_name("languages")
_FOR_THE_SCRIPT = "js "  # how the names of what page.js says begin


def text(name: str, language: str, **values: object) -> str:
    """What is said under `name`, in `language` or in English where the page does not speak it."""
    said: str = _read(language)["texts"][name]
    return said.format(**values)


def spoken(language: str) -> str:
    """The language, if the page speaks it, else English."""
    return language if language in LANGUAGES else LANGUAGES[0]


def language_name(language: str) -> str:
    """What a language calls itself."""
    return str(_read(language)["name"])


def themes(language: str) -> dict[str, list[str]]:
    """The themes of the article -> questions that it answers."""
    return {theme["name"]: theme["questions"] for theme in _read(language)["themes"]}


def script_texts() -> dict[str, dict[str, str]]:
    """What the page's script says: language -> name -> text."""
    return {
        language: {
            name.removeprefix(_FOR_THE_SCRIPT): said
            for name, said in _read(language)["texts"].items()
            if name.startswith(_FOR_THE_SCRIPT)
        }
        for language in LANGUAGES
    }


def _read(language: str) -> dict[str, Any]:
    return _read_file(spoken(language))


@cache
def _read_file(language: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((_FOLDER / f"{language}.json").read_text("utf-8"))
    return read
