"""Who is let in: which paths there are, under which names, from which pages, and what a browser may do with them.

Only what the page, programs and agents need is open. Gradio's other routes (files of this machine, uploads, a proxy,
calls past the queue) answer as if they were not there.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.config import LOOPBACK
from index.hosts import host_of, is_address
from page.refusals import refusal

NONCE = "nonce"  # in a request's state: what the scripts of its page are marked with
_READ = re.compile(
    r"/(?:|config|theme\.css|favicon\.ico|manifest\.json|robots\.txt|login_check|healthz|metrics|relevance|mcp"
    r"|(?:assets|static|page-files)/[\w./@~+-]+|document/\d{1,9}|question/\d{1,9}/\d{1,9}"
    r"|gradio_api/(?:info|app_id|startup-events|theme\.css|login_check|queue/data|heartbeat/[\w-]{1,64}|call/ask/[\w-]{1,64}))"
)
_WRITTEN = re.compile(r"/(?:login|mcp|gradio_api/(?:queue/join|run/predict|call/ask|reset|cancel))")
_METHODS = {"GET": _READ, "HEAD": _READ, "POST": _WRITTEN, "DELETE": re.compile("/mcp")}
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # an address may hold a question
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_POLICY = (
    # Gradio's component for HTML evaluates its template, which is this project's; what is put into a page never runs,
    # for an inline script without the nonce and a handler in an attribute do not.
    "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)


class Doors:
    """Opens an application to its own pages, under its own names."""

    def __init__(self, app: ASGIApp, host: str, names: Iterable[str] = ()) -> None:
        """
        Args:
            host: the address it is served on.
            names: further names it is reached under.
        """
        self._app = app
        self._names = LOOPBACK | {host.lower(), *names}
        self._any_address = host not in LOOPBACK

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})[NONCE] = nonce

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**_HEADERS, "Content-Security-Policy": _POLICY.format(nonce=nonce)}.items():
                    headers[name] = value
                for name in ("access-control-allow-origin", "access-control-allow-credentials", "server"):
                    del headers[name]  # no page but its own reads an answer
            await send(message)

        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._is_own(host_of(host)):
            await refusal(scope, 421, "unknown name", host=host_of(host)[:100] or "?")(scope, receive, sent)
        elif (origin is not None and not self._is_own_page(origin, host)) or self._is_drawn_elsewhere(scope, headers):
            await refusal(scope, 403, "foreign page")(scope, receive, sent)
        elif not _is_open(scope):
            await refusal(scope, 404, "no such path")(scope, receive, sent)
        else:
            await self._app(scope, receive, sent)

    def _is_own(self, name: str) -> bool:
        """A page that points its own name here (DNS rebinding) comes under that name; addresses are nobody's."""
        return name in self._names or (self._any_address and is_address(name))

    def _is_own_page(self, origin: str, host: str) -> bool:
        scheme, _, authority = origin.partition("://")
        return scheme in ("http", "https") and authority.lower() == host.lower()

    def _is_drawn_elsewhere(self, scope: Scope, headers: Headers) -> bool:
        """Whether a browser says that a page of another site asks, for a picture or a frame; a link to it is none."""
        is_link = scope["method"] in ("GET", "HEAD") and scope["path"] == "/"
        if (site := headers.get("sec-fetch-site")) is None:  # as over plain HTTP from another machine
            referer = headers.get("referer")
            page = "/".join(referer.split("/")[:3]) if referer else ""
            return bool(page) and not is_link and not self._is_own_page(page, headers.get("host", ""))
        followed = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        return site not in ("none", "same-origin") and not (is_link and followed)


def _is_open(scope: Scope) -> bool:
    allowed = _METHODS.get(scope["method"])
    path = scope["path"]
    return bool(allowed and allowed.fullmatch(path)) and ".." not in path and "//" not in path
