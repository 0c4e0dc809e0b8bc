"""Connections over HTTP; one that brings no whole request in time is closed, for each holds a file of the process."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 15.0  # seconds in which a request has to come
_BUSY = object()


class PromptProtocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, for clients that do not dawdle over the head of a request."""

    _idle_after: object = None  # the request after which nothing had come when last looked at; None: not even one
    _looking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._looking = self.loop.call_later(PATIENCE, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._looking:
            self._looking.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        idle = self.cycle is None or self.cycle.response_complete
        if idle and self._idle_after is self.cycle:
            self.transport.close()
            return
        self._idle_after = self.cycle if idle else _BUSY
        self._looking = self.loop.call_later(PATIENCE, self._look)
