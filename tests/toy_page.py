"""The whole application over an index that is ready, for tests that need no model."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from index import Index
from page.blocks import chat_page
from page.server import application
from page.warming import State, Warming


class Warmed(Warming):
    """An index that is open from the start."""

    def __init__(self, index: Index) -> None:
        super().__init__(tuple(index.documents.values()))
        self._index = lambda: index
        self.state = State("ready")
        self._over.set()

    def start(self) -> None:
        pass


def toy_application(index: Index, **options: Any) -> FastAPI:
    warming = Warmed(index)
    return application(chat_page(warming, "Ask", True, None), warming, "127.0.0.1", True, **options)
