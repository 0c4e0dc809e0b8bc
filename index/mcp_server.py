"""The tools as an MCP server, on standard input and output or inside a web application."""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial, wraps
from threading import Thread
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import anyio
import anyio.to_thread
from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from index.config import LOOPBACK
from index.errors import QAError
from index.hosts import host_of, is_address
from index.project import project_version
from index.tools import Tools

if TYPE_CHECKING:
    from index.engine import Index

PATH = "/mcp"

_LARGEST_REQUEST = 1024 * 1024  # bytes
_INSTRUCTIONS = (
    "Answers come from a fixed set of documents, as their own sentences, quoted to the character and cited. Start with "
    "`ask`. When `answered` is false, the documents do not say: tell the user so, and do not answer in their name from "
    "elsewhere. Use `search` for candidates to judge yourself, `read_section` to read around a citation or a hit, and "
    "`list_sections` to see what there is. Ask in English, Traditional or Simplified Chinese, whatever language the "
    "documents are in."
)
_log = logging.getLogger(__name__)
_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(frozen=True)
class HttpEndpoint:
    """What a web application mounts; see `http_endpoint`."""

    route: Route
    lifespan: Callable[[Any], AbstractAsyncContextManager[None]]


def build_server(open_index: Callable[[], Index]) -> MCPServer[Any]:
    """The server with its tools, not yet served.

    Args:
        open_index: called for each request, from worker threads; it should open once and keep, as
            `index.default.default_index` does. What it raises as a QAError is told to the client.
    """
    server: MCPServer[Any] = MCPServer(
        "nanguan", version=project_version(), instructions=_INSTRUCTIONS, log_level="WARNING"
    )
    # Threads of its own, so that many calls at once leave the page its own; more than these would only wait for the
    # processor.
    limiter = anyio.CapacityLimiter(max(4, os.cpu_count() or 1))
    tools = Tools(open_index)
    for function in (tools.ask, tools.search, tools.read_section, tools.list_sections):
        server.add_tool(
            _in_thread(function, limiter),
            description=" ".join((function.__doc__ or "").split()),
            annotations=ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
            structured_output=True,
        )
    return server


def serve_stdio(open_index: Callable[[], Index]) -> None:
    """Serve on standard input and output until the client closes them; whatever else is printed goes to stderr."""
    # The client is answered while the index is opened, or built: it may not wait as long as that takes.
    Thread(target=_opened_early, args=(open_index,), daemon=True).start()
    build_server(open_index).run("stdio")


def http_endpoint(
    open_index: Callable[[], Index], host: str = "127.0.0.1", names: Iterable[str] = (), path: str = PATH
) -> HttpEndpoint:
    """The server as streamable HTTP, to be mounted in a Starlette or FastAPI application; without sessions, in JSON.

    Its route is a route of the application itself, before any that catches all. Its lifespan, in which the protocol's
    session manager runs, must run in the application's, for a mounted application's own is never entered:

        endpoint = http_endpoint(default_index, host=settings.host)
        app = FastAPI(routes=[endpoint.route], lifespan=endpoint.lifespan)
        app = gradio.mount_gradio_app(app, page, path="")

    or, with a Gradio page that is launched:

        page.launch(app_kwargs={"routes": [endpoint.route], "lifespan": endpoint.lifespan})

    An application that has a lifespan of its own enters this one in it: `async with endpoint.lifespan(app): ...`. The
    lifespan runs once; an application that is started again needs a new endpoint.

    Requests are taken under the loopback names, `host`, `names`, and any address in digits: a page that makes its own
    name point here (DNS rebinding) comes under that name. Requests from other origins' pages are refused.

    Args:
        open_index: as in `build_server`.
        host: the address that the application is served on (NANGUAN_HOST).
        names: further names it is reached under, such as a proxy's.
    """
    server = build_server(open_index)
    server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        max_request_body_size=_LARGEST_REQUEST,
        # The guard below stands in its place: this one knows only names that can be listed beforehand.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    manager = server.session_manager
    known = frozenset(name.lower() for name in (*LOOPBACK, host, *names))
    return HttpEndpoint(Route(path, _Guarded(manager.asgi_app, known)), lambda _: manager.run())


class _Guarded:
    """An application that answers only POST, under a name of its own, and no other origin's page."""

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        asking = host if origin is None else origin.partition("://")[2]
        if scope["method"] != "POST":
            # Nothing is ever sent unasked, so there is no stream to wait on and no session to end.
            app: ASGIApp = PlainTextResponse("Only POST is answered here.", 405, {"Allow": "POST"})
        elif host_of(host) not in self._names and not is_address(host_of(host)):
            app = PlainTextResponse("This host name is not known here.", 421)
        elif asking != host and host_of(asking) not in self._names:
            app = PlainTextResponse("Pages of other origins are not answered.", 403)
        else:
            app = self._app
        await app(scope, receive, send)


def _in_thread(
    function: Callable[_P, _T], limiter: anyio.CapacityLimiter
) -> Callable[_P, Awaitable[_T | CallToolResult]]:
    """A tool that does its work in a thread, and whose QAErrors are results that say what is wrong."""

    @wraps(function)
    async def tool(*args: _P.args, **kwargs: _P.kwargs) -> _T | CallToolResult:
        try:
            return await anyio.to_thread.run_sync(partial(function, *args, **kwargs), limiter=limiter)
        except QAError as error:
            return CallToolResult(content=[TextContent(text=str(error))], is_error=True)

    return tool


def _opened_early(open_index: Callable[[], Index]) -> None:
    try:
        open_index()
    except QAError as error:
        _log.warning("%s", error)  # the client is told when it first asks
