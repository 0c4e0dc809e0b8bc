"""The whole application over an index that is ready, for tests that need no model."""

from __future__ import annotations

from typing import Any

from index import Index
from index.config import Settings
from page.blocks import chat_page
from page.server import Service, application
from page.warming import State, Warming


class Warmed(Warming):
    """An index that is open from the start."""

    def __init__(self, index: Index, seconds: float) -> None:
        super().__init__(tuple(index.documents.values()), seconds)
        self._index = lambda: index
        self.state = State("ready")
        self._over.set()

    def start(self) -> None:
        pass


def toy_service(index: Index, **settings: Any) -> Service:
    """Args: settings: as `index.config.Settings` has them."""
    read = Settings(**settings)
    warming = Warmed(index, read.timeout)
    return application(chat_page(warming, "Ask", True, None), warming, read, True)
