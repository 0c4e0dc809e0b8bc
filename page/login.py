"""Who may ask: those who know the password, once one is set.

People log in on Gradio's own page and carry its cookie; programs and agents send the name and password with each
request (HTTP Basic). Without either, only what the login page is made of can be had.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import MutableMapping
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from page.limits import Rates, client_of
from page.refusals import refusal

# The login page and what it loads; whether the server is up, for whatever watches over it.
_FOR_ALL = re.compile(
    r"/(?:|login|login_check|theme\.css|favicon\.ico|manifest\.json|robots\.txt|healthz|(?:assets|static|page-files)/.+"
    r"|gradio_api/(?:theme\.css|app_id|startup-events|login_check))"
)


class Login:
    """The one who may ask, and the password, of which only a hash is kept."""

    def __init__(self, user: str, password: str, wrong: Rates) -> None:
        """Args: wrong: how many wrong passwords a client may try."""
        self._key = secrets.token_bytes(32)
        self._user, self._password = self._hashed(user), self._hashed(password)
        self._wrong = wrong
        self.tokens: MutableMapping[str, str] = {}  # Gradio's: cookie -> user
        self.cookie = ""  # Gradio's name for it
        self._own_token = secrets.token_urlsafe(32)

    def knows(self, user: str, password: str) -> bool:
        """Whether these are the ones; takes as long whichever is wrong."""
        right_user = hmac.compare_digest(self._hashed(user), self._user)
        right_password = hmac.compare_digest(self._hashed(password), self._password)
        return right_user and right_password

    def use_tokens(self, tokens: MutableMapping[str, str], cookie_id: str) -> None:
        """Take over Gradio's sessions, and open one of them for whoever sends the password with each request."""
        self.tokens, self.cookie = tokens, f"access-token-{cookie_id}"
        self.tokens[self._own_token] = "program"

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """The application, for those who are let in."""

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            headers = Headers(scope=scope)
            given = _credentials(headers.get("authorization", ""))
            by_form = scope["path"] == "/login" and scope["method"] == "POST"
            tries = given is not None or by_form
            client = client_of(scope)
            if tries and (wait := self._wrong.wait(client)):  # whatever is sent: the right guess is one, too
                again = {"Retry-After": str(wait)}
                await refusal(scope, 429, "too often", again, seconds=wait)(scope, receive, send)
                return
            known = given is not None and self.knows(*given)
            if tries and not known:
                self._wrong.take(client)
            if known:
                cookie = f"{self.cookie}={self._own_token}".encode()
                others = [pair for pair in scope["headers"] if pair[0] not in (b"cookie", b"authorization")]
                await app({**scope, "headers": [*others, (b"cookie", cookie)]}, receive, send)
            elif given is None and by_form:
                await app(scope, receive, self._told(client, send))
            elif given is None and (self._is_logged_in(headers) or _FOR_ALL.fullmatch(scope["path"])):
                await app(scope, receive, send)
            else:
                challenge = {"WWW-Authenticate": 'Basic realm="nanguan", charset="UTF-8"'}
                # A browser that is told so would ask in a window of its own, before the page's.
                asked_by_page = headers.get("sec-fetch-mode") in ("cors", "same-origin", "navigate")
                await refusal(scope, 401, "log in", {} if asked_by_page else challenge)(scope, receive, send)

        return guarded

    def _told(self, client: str, send: Send) -> Send:
        """Passes on what the login page's form is answered; a right password was no wrong one."""

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
                self._wrong.give_back(client)
            await send(message)

        return told

    def _is_logged_in(self, headers: Headers) -> bool:
        cookies = cookie_parser(headers.get("cookie", ""))
        names = (self.cookie, self.cookie.replace("access-token-", "access-token-unsecure-", 1))
        return any(cookies.get(name) in self.tokens for name in names if name in cookies)

    def _hashed(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256)


def _credentials(header: str) -> tuple[str, str] | None:
    """The name and password of an Authorization header; ones that fit nobody where it holds something else."""
    if not header:
        return None
    scheme, _, sent = header.partition(" ")
    try:
        user, _, password = base64.b64decode(sent.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return (user, password) if scheme.lower() == "basic" else ("", "")
