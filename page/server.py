"""The page and what belongs to it, over HTTP."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any

import gradio as gr
import uvicorn
from fastapi import FastAPI, HTTPException, Query
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi.telemetry import TelemetryConfig
from starlette.concurrency import run_in_threadpool
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from index.collection import Collection
from index.config import Settings
from index.conversation import MAX_QUESTION
from index.errors import QAError
from index.journal import journal, listen
from index.mcp_server import http_endpoint
from index.ports import listening
from page.answers import AT_ONCE, Answers
from page.connections import PromptProtocol
from page.document import document_html, documents_html, question_about
from page.doors import NONCE, Doors
from page.limits import Limits
from page.login import Login
from page.metrics import Metrics
from page.texts import LANGUAGES, script_texts, text
from page.warming import Warming

_ASSETS = Path(__file__).with_name("assets")
_SESSIONS = 500  # readers whose conversations are kept; of those beyond, the one that was quiet the longest is dropped
_KEPT_OPEN = 15  # seconds after an answer; programs keep connections for five, and lose what they send as one is closed
_OUT_OF_QUEUE = 2 * AT_ONCE  # questions: those that are worked on, and as many that are next
# FastAPI's own telemetry, which nobody reads; left on, it is looked for with every request.
_UNWATCHED: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
_CLEAR = 4.0  # standard deviations above the mean: a sentence that fits at least so well is coloured in full
# The reader's own fonts: nothing to fetch, and Chinese in the face they are used to.
_FONTS = (
    "-apple-system",
    "Segoe UI",
    "Roboto",
    "Noto Sans",
    "PingFang TC",
    "Microsoft JhengHei",
    "Noto Sans CJK TC",
    "sans-serif",
)


@dataclass(frozen=True)
class Service:
    """The application, and what has to be known of it to serve it."""

    app: ASGIApp
    limits: Limits
    gradio: gr.routes.App


def application(page: gr.Blocks, warming: Warming, answers: Answers, settings: Settings, own: bool) -> Service:
    """The page at /, what its script asks for, /healthz, /metrics, and the tools for agents at /mcp.

    Args:
        answers: those that the page gives.
        own: whether a user's own documents are asked, not the article.
    """
    limits = Limits(settings.allowed_rate, settings.queue, settings.timeout)
    metrics = Metrics()
    login = Login(settings.user, settings.password.get_secret_value(), limits.passwords) if settings.password else None
    agents = http_endpoint(warming.index, host=settings.host, names=settings.names)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        listen(metrics)
        warming.start()
        async with agents.lifespan(app):
            yield
        journal.removeHandler(metrics)

    app = FastAPI(
        routes=[agents.route], lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, telemetry=_UNWATCHED
    )
    app.mount("/page-files", StaticFiles(directory=_ASSETS), name="page-files")

    @app.get("/healthz")
    async def healthz() -> dict[str, Any]:  # not in a thread: questions may have taken all of them
        state = warming.state
        return {"status": state.status, "done": state.done, "total": state.total, "message": state.message}

    @app.get("/metrics")
    def measured() -> Response:
        return metrics.response()

    @app.get("/document/{number}")
    def document(number: int) -> HTMLResponse:
        collection = _holding(warming, number)
        return HTMLResponse(documents_html(collection.documents, number) + document_html(collection, number))

    @app.get("/question/{number}/{start}")
    def question(number: int, start: int, lang: str) -> dict[str, str]:
        """A question that a sentence of a document is known to answer, or none: ""."""
        return {"question": question_about(_holding(warming, number), number, start, lang)}

    @app.get("/relevance")
    async def relevance(
        q: Annotated[str, Query(max_length=MAX_QUESTION)], answer: str = "", document: str | None = None
    ) -> dict[str, Any]:
        """How well each sentence of a document fits a question: its place, and a share of 1.

        The document is the one named, else the one that fits best. What was found for `answer`, by its key, is not
        looked for again.
        """
        try:
            return await run_in_threadpool(_relevance, warming, answers, q, answer, document)
        except QAError as error:
            raise HTTPException(400, str(error)) from error

    theme = gr.themes.Default(primary_hue="teal", neutral_hue="stone", font=_FONTS)
    page.state_session_capacity = _SESSIONS
    # Closed: what has to queue cannot be called directly. Undo and verdicts need not, and come by run/predict.
    page.queue(default_concurrency_limit=_OUT_OF_QUEUE, max_size=settings.queue, api_open=False)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=theme,
        footer_links=[],
        ssr_mode=False,
        show_error=False,
        run_history=False,  # it would leave questions in the browser
        app_kwargs={"telemetry": _UNWATCHED},
        max_file_size=1,
        auth=login.knows if login else None,
    )
    gradio = next(
        route.app for route in reversed(app.routes) if isinstance(route, Mount) and isinstance(route.app, gr.routes.App)
    )
    if login:
        login.use_tokens(gradio.tokens, gradio.cookie_id)
    limits.queued = partial(_queued, page)
    limits.refused = metrics.refused
    limits.fetched = partial(_forget, gradio, page)
    metrics.watch("under_way", "Requests for answers under way.", lambda: limits.under_way)
    metrics.watch("streams", "Streams that clients hold open.", lambda: limits.streams)
    metrics.watch("queued", "Questions in the page's queue, waiting or being answered.", limits.queued)
    metrics.watch("ready", "Whether the index is open.", lambda: warming.state.status == "ready")
    metrics.watch("documents", "Documents that are asked.", lambda: len(warming.collection().documents))
    metrics.watch("sentences", "Sentences that can be cited.", lambda: len(warming.collection().sentences))
    inner: ASGIApp = _Head(app, _head(own))
    inner = limits.wrap(login.wrap(inner) if login else inner)
    doors = Doors(inner, settings.host, settings.names)
    behind: Any = ProxyHeadersMiddleware(doors, _trusted(settings.proxies))  # type: ignore[arg-type]  # its types are uvicorn's own
    return Service(behind, limits, gradio)


def _trusted(proxies: Iterable[IPv4Network | IPv6Network]) -> list[str]:
    """This machine, and proxies elsewhere; IPv4 also as it arrives where both are served."""
    networks = [ip_network("127.0.0.1"), ip_network("::1"), *proxies]
    mapped = [f"::ffff:{n.network_address}/{96 + n.prefixlen}" for n in networks if n.version == 4]
    return [*map(str, networks), *mapped]


def _forget(gradio: gr.routes.App, page: gr.Blocks, event: str) -> None:
    """Drop what Gradio keeps of a call that is over: a session of its own, which nobody comes back to."""
    states, queue = gradio.state_holder, page._queue
    for kept in (
        states.session_data,
        states.time_last_used,
        queue.pending_messages_per_session,
        queue.pending_event_ids_session,
    ):
        kept.pop(event, None)


def _queued(page: gr.Blocks) -> int:
    """Questions in Gradio's queue, waiting or being answered."""
    queue = page._queue
    return len(queue) + sum(len(events) for events in queue.active_jobs if events)


def serve(service: Service, host: str, port: int | None, announce: str) -> None:
    """Serve until interrupted; questions under way are answered first, within their time.

    Args:
        port: None: the first free one from 7860.
        announce: printed once the page can be had, with {address}.

    Raises:
        ConfigError: it cannot be served there.
    """
    listener = listening(host, port)
    number = listener.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    server = _Server(service, announce.format(address=f"http://{shown}:{number}"))
    server.run(sockets=[listener])


class _Server(uvicorn.Server):
    """Says where it is once it listens; when it is stopped, ends what is under way and takes nothing new."""

    def __init__(self, service: Service, announcement: str) -> None:
        super().__init__(
            uvicorn.Config(
                service.app,
                http=PromptProtocol,
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,  # `application` reads them
                timeout_keep_alive=_KEPT_OPEN,
                timeout_graceful_shutdown=5,
            )
        )
        self._service, self._announcement = service, announcement

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(f"{self._announcement}\n")
        sys.stdout.flush()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        limits = self._service.limits
        limits.stopping = True
        deadline = time.monotonic() + limits.seconds
        while not limits.idle and not self.force_exit and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        # Ends the streams that only say that the page is open; those by which answers are fetched have five seconds.
        self._service.gradio.stop_event.set()
        await super().shutdown(sockets)


class _Head:
    """Puts the page's own style, script and texts first in its head, ahead of Gradio's; marks every script of it."""

    def __init__(self, app: ASGIApp, addition: str) -> None:
        self._app, self._addition = app, addition

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/":
            await self._app(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def altered(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            if message["type"] != "http.response.body":
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            page = body.decode().replace("<head>", f"<head>{self._addition}", 1)
            changed = page.replace("<script", f'<script nonce="{scope["state"][NONCE]}"').encode()
            headers = [pair for pair in start["headers"] if pair[0].lower() not in (b"content-length", b"etag")]
            headers += [(b"content-length", str(len(changed)).encode()), (b"cache-control", b"no-store")]
            await send({**start, "headers": headers})
            await send({"type": "http.response.body", "body": changed})

        plain = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}
        await self._app(plain, receive, altered)


def _head(own: bool) -> str:
    name = "title own" if own else "title"
    texts = script_texts()
    for language in LANGUAGES:
        texts[language]["title"] = text(name, language)
        texts[language]["too long"] = text("too long", language, most=MAX_QUESTION)
    data = json.dumps(texts).replace("<", "\\u003c")
    return (
        f'<script type="application/json" id="page-texts">{data}</script><script src="/page-files/boot.js"></script>'
        '<link rel="stylesheet" href="/page-files/page.css"><script src="/page-files/page.js" defer></script>'
    )


def _holding(warming: Warming, number: int) -> Collection:
    """The collection, if it holds a document of that number."""
    collection = warming.collection()
    if not 0 <= number < len(collection.documents):
        raise HTTPException(404, "There is no such document.")
    return collection


def _relevance(warming: Warming, answers: Answers, question: str, key: str, wanted: str | None) -> dict[str, Any]:
    hits = (answers.given(key) or answers.ask(question)).ranked
    document = wanted or (hits[0].document if hits else "")
    names = list(warming.index().documents)
    best = max([_CLEAR, *(hit.score for hit in hits)])
    fits = [[hit.start, round(max(0.0, hit.score / best), 3)] for hit in hits if hit.document == document]
    return {"document": names.index(document) if document in names else None, "fits": fits}
