"""The page and what belongs to it, over HTTP."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import gradio as gr
import uvicorn
from fastapi import FastAPI, HTTPException, Query
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.collection import Collection
from index.errors import QAError
from index.mcp_server import http_endpoint
from page.answers import Answers
from page.document import document_html, documents_html, question_about
from page.texts import LANGUAGES, script_texts, text
from page.warming import Warming

_ASSETS = Path(__file__).with_name("assets")
_PORTS = range(7860, 7960)
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


def application(page: gr.Blocks, warming: Warming, answers: Answers, host: str, own: bool) -> FastAPI:
    """The page at /, what its script asks for, /healthz, and the tools for agents at /mcp.

    Args:
        answers: those that the page gives.
        host: the address it is served on.
        own: whether a user's own documents are asked, not the article.
    """
    agents = http_endpoint(warming.index, host=host)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        warming.start()
        async with agents.lifespan(app):
            yield

    app = FastAPI(routes=[agents.route], lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/page-files", StaticFiles(directory=_ASSETS), name="page-files")

    @app.get("/healthz")
    def healthz() -> dict[str, Any]:
        state = warming.state
        return {"status": state.status, "done": state.done, "total": state.total, "message": state.message}

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
        q: Annotated[str, Query(max_length=2000)], answer: str = "", document: str | None = None
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
    gr.mount_gradio_app(app, page, path="/", theme=theme, footer_links=[], ssr_mode=False, show_error=False)
    app.add_middleware(_Head, addition=_head(own).encode())
    return app


def serve(app: FastAPI, host: str, port: int | None, announce: str) -> None:
    """Serve until interrupted.

    Args:
        port: None: the first free one from 7860.
        announce: printed once the page can be had, with {address}.

    Raises:
        OSError: no such port is free.
    """
    listener = _listener(host, port)
    number = listener.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    server = _Announcing(
        uvicorn.Config(app, log_level="warning", access_log=False),
        announce.format(address=f"http://{shown}:{number}"),
    )
    server.run(sockets=[listener])


class _Announcing(uvicorn.Server):
    """Says where it is once it listens."""

    def __init__(self, config: uvicorn.Config, announcement: str) -> None:
        super().__init__(config)
        self._announcement = announcement

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(f"{self._announcement}\n")
        sys.stdout.flush()


class _Head:
    """Puts the page's own style, script and texts first in its head, ahead of Gradio's."""

    def __init__(self, app: ASGIApp, addition: bytes) -> None:
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
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            changed = body.replace(b"<head>", b"<head>" + self._addition, 1)
            headers = [pair for pair in start["headers"] if pair[0].lower() not in (b"content-length", b"etag")]
            await send({**start, "headers": [*headers, (b"content-length", str(len(changed)).encode())]})
            await send({"type": "http.response.body", "body": changed})

        plain = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}
        await self._app(plain, receive, altered)


def _head(own: bool) -> str:
    name = "title own" if own else "title"
    texts = script_texts()
    for language in LANGUAGES:
        texts[language]["title"] = text(name, language)
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


def _listener(host: str, port: int | None) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in [port] if port else _PORTS:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, number))
            listener.listen(2048)
        except OSError:
            listener.close()
            continue
        return listener
    raise OSError(f"no free port on {host}")
