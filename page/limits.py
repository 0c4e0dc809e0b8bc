"""How much may be asked at once: the size of a request, questions of one client, questions of all, and their time.

What is too much is refused before any work is done for it: 408 (not there in time), 413 (too large), 429 (too often),
503 (too many at once, or too slow, or the server is being stopped).
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import re
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.conversation import MAX_QUESTION
from page.connections import PATIENCE
from page.refusals import refusal

MOST_BYTES = 256 * 1024  # of one request
_CLIENTS = 10_000  # whose rates are remembered
_JOIN = "/gradio_api/queue/join"
_CALL = "/gradio_api/call/ask"
_DIRECT = ("/mcp", "/relevance")  # answered in the request itself; the others are put into Gradio's queue
_STREAMS = re.compile(r"/gradio_api/(?:queue/data|call/ask/(?P<event>.+))")  # by which queued answers are fetched
_HEARTBEAT = "/gradio_api/heartbeat/"  # a stream that lasts as long as a page is open
_OPEN = 256  # streams that one client may hold open; each is a connection


class Limits:
    """The limits of one server, and how much it is doing; `wrap` puts them around an application."""

    def __init__(self, rate: int, most: int, seconds: float) -> None:
        """
        Args:
            rate: requests a minute of one client; so many at once, too.
            most: questions under way at once.
            seconds: that an answer may take.
        """
        self.rate, self.most, self.seconds = rate, most, seconds
        self.stopping = False
        self.under_way = 0  # requests for answers, but for the streams
        self.queued: Callable[[], int] = lambda: 0  # questions in Gradio's queue, waiting or being answered
        self.refused: Callable[[int], None] = lambda status: None  # told of each refusal
        self.fetched: Callable[[str], None] = lambda event: None  # told of each call whose answer was fetched
        self._questions = Rates(rate)
        self.passwords = Rates(10)  # wrong ones
        self._open: Counter[str] = Counter()  # client -> streams

    @property
    def idle(self) -> bool:
        """Whether nobody waits for an answer."""
        return not self.under_way and not self.queued()

    @property
    def streams(self) -> int:
        """Streams that are open; whoever holds one without need keeps nobody else waiting."""
        return self._open.total()

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """The application within these limits."""

        async def limited(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                await self._answer(app, scope, receive, send)
            else:
                await app(scope, receive, send)

        return limited

    async def _answer(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        asks = path in _DIRECT or (scope["method"] == "POST" and path in (_JOIN, _CALL))
        if refused := self._refused(scope, asks) or _too_large(scope):
            await self._refuse(scope, receive, send, *refused)
            return
        if scope["method"] == "POST":
            try:
                async with asyncio.timeout(PATIENCE):
                    body = await _body(receive)
            except TimeoutError:
                await self._refuse(scope, receive, send, 408, "came slowly", {"seconds": round(PATIENCE)})
                return
            if body is None:
                await self._refuse(scope, receive, send, 413, "too large", {"most": MOST_BYTES // 1024})
                return
            if asks and _question_is_long(body):
                await self._refuse(scope, receive, send, 413, "too long", {"most": MAX_QUESTION})
                return
            receive = _again(body, receive)
        elif asks and any(len(text) > MAX_QUESTION for _, text in parse_qsl(scope["query_string"].decode("latin-1"))):
            await self._refuse(scope, receive, send, 413, "too long", {"most": MAX_QUESTION})
            return
        stream = _STREAMS.fullmatch(path)
        if stream or path.startswith(_HEARTBEAT):
            await self._stream(app, scope, receive, send, stream)
            return
        if not asks:
            await app(scope, receive, send)
            return
        self.under_way += 1
        try:
            if path in _DIRECT:
                await self._in_time(app, scope, receive, send)
            else:
                await app(scope, receive, self._worded(scope, receive, send))
        finally:
            self.under_way -= 1

    async def _stream(
        self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, answers: re.Match[str] | None
    ) -> None:
        client = client_of(scope)
        if self._open[client] >= _OPEN:
            await self._refuse(scope, receive, send, 429, "too often", {"seconds": 5})
            return
        self._open[client] += 1
        try:
            await app(scope, receive, send)
        finally:
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]
            if answers and answers["event"]:
                self.fetched(answers["event"])

    def _refused(self, scope: Scope, asks: bool) -> tuple[int, str, dict[str, object]] | None:
        if not asks:
            return None
        if self.stopping:
            return 503, "stopping", {}
        if wait := self._questions.take(client_of(scope)):
            return 429, "too often", {"seconds": wait}
        if max(self.under_way, self.queued()) >= self.most:
            return 503, "too many", {}
        return None

    async def _refuse(
        self, scope: Scope, receive: Receive, send: Send, status: int, name: str, values: dict[str, object]
    ) -> None:
        self.refused(status)
        if status == 503 and scope["path"] == _JOIN:
            status = 429  # in place of the sentence of a 503, Gradio's script says one of its own, in English
        headers = {"Retry-After": str(values.get("seconds", 5))} if status in (429, 503) else {}
        if status in (408, 413):
            headers["Connection"] = "close"  # what is still being sent is not read
        await refusal(scope, status, name, headers, **values)(scope, receive, send)

    def _worded(self, scope: Scope, receive: Receive, send: Send) -> Send:
        """Sends on what the application says, but that Gradio's queue is full as everything else is said."""
        full = False

        async def worded(message: Message) -> None:
            nonlocal full
            if message["type"] == "http.response.start" and message["status"] == 503:
                full = True
                await self._refuse(scope, receive, send, 503, "too many", {})
            elif not full:
                await send(message)

        return worded

    async def _in_time(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def sent(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            async with asyncio.timeout(self.seconds):
                await app(scope, receive, sent)
        except TimeoutError:
            if started:
                raise
            await self._refuse(scope, receive, send, 503, "too slow", {"seconds": round(self.seconds)})


class Rates:
    """A bucket for each client that holds a minute's worth and fills as time goes by."""

    def __init__(self, per_minute: int) -> None:
        self._most = per_minute
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # client -> what is left, and when

    def take(self, client: str) -> int:
        """Take one; 0, or the seconds to wait until there is one."""
        left = self._held(client)
        wait = self._until(left)
        self._left.pop(client, None)
        self._left[client] = (left if wait else left - 1, time.monotonic())
        if len(self._left) > _CLIENTS:
            self._left.popitem(last=False)  # the one that was quiet the longest
        return wait

    def give_back(self, client: str) -> None:
        """Undo a `take`."""
        self._left[client] = (self._held(client) + 1, time.monotonic())

    def wait(self, client: str) -> int:
        """The seconds until there is one to take; 0 where there is."""
        return self._until(self._held(client))

    def _held(self, client: str) -> float:
        now = time.monotonic()
        left, then = self._left.get(client, (float(self._most), now))
        return min(self._most, left + (now - then) * self._most / 60)

    def _until(self, left: float) -> int:
        return 0 if left >= 1 else max(1, round((1 - left) * 60 / self._most))


def client_of(scope: Scope) -> str:
    """Who asks: an address, of IPv6 the network that one household has."""
    host = (scope.get("client") or ("", 0))[0]
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return str(host)
    address = getattr(address, "ipv4_mapped", None) or address  # as IPv4 arrives where both are served
    return str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))


def _too_large(scope: Scope) -> tuple[int, str, dict[str, object]] | None:
    length = Headers(scope=scope).get("content-length", "")
    # Digits alone, and not so many that they could not be a number in time.
    large = not length.isascii() or (length.isdigit() and (len(length) > 12 or int(length) > MOST_BYTES))
    return (413, "too large", {"most": MOST_BYTES // 1024}) if large else None


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None where it is too large, however its length was given."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives the body that was read once more, then what comes after it."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _question_is_long(body: bytes) -> bool:
    if len(body) <= MAX_QUESTION:
        return False
    try:
        sent: Any = json.loads(body)
        question = sent["data"][0] if "data" in sent else sent["params"]["arguments"]["question"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return False  # whoever reads it says what is wrong with it
    return isinstance(question, str) and len(question) > MAX_QUESTION
