"""The whole application over an index that is ready, for tests that need no model."""

from __future__ import annotations

from typing import Any

from index import Index
from index.config import Settings
from page.answers import Answers
from page.blocks import chat_page
from page.server import Service, application
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


def toy_service(index: Index, **settings: Any) -> Service:
    """Args: settings: as `index.config.Settings` has them."""
    warming, chosen = Warmed(index), Settings(**settings)
    answers = Answers(warming.index, chosen.timeout)
    return application(chat_page(warming, answers, "Ask", True, None), warming, answers, chosen, True)
