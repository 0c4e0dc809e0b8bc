"""The answers given lately, each with how well the sentences fit its question."""

from __future__ import annotations

import json
import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING

from index.conversation import Turn
from index.documents import Answer, Hit

if TYPE_CHECKING:
    from index.engine import Index

_MOST = 256  # answers that are kept
# Answers that are worked on at once: what comes meanwhile is read in one forward pass, which takes little longer than
# that of one question; more would gain nothing, and each thread keeps buffers of its own.
AT_ONCE = max(8, os.cpu_count() or 1)


@dataclass(frozen=True)
class Given:
    """An answer as it was given.

    Attributes:
        key: stands for the question, the turns before it and the language of its reader.
        ranked: the sentences it was chosen from, best first.
    """

    key: str
    answer: Answer
    ranked: tuple[Hit, ...]


class Answers:
    """Asks an index, and keeps what it said: a question that comes again, and the ribbon, cost no second retrieval."""

    def __init__(self, index: Callable[[], Index], seconds: float = 60, most: int = _MOST) -> None:
        """
        Args:
            index: the one to ask, as it stands now; what an earlier one said is forgotten.
            seconds: that an answer may take.
        """
        self.seconds = seconds
        self._index = index
        self._answering = ThreadPoolExecutor(AT_ONCE, "answering")
        self._most = most
        self._kept: OrderedDict[str, Given] = OrderedDict()
        self._of: Index | None = None
        self._changing = Lock()

    def ask(self, question: str, history: Sequence[Turn] = (), reader: str = "") -> Given:
        """The answer to a question, found or remembered.

        Args:
            reader: the language of the page, as `Index.ask_ranked` takes it.

        Raises:
            TimeoutError: it took too long; what is still being done for it ends by itself, for a question is short.
            QAError: the index cannot be opened, or the question cannot be taken.
        """
        index, key = self._index(), key_of(question, history, reader)
        if given := self._known(key, index):
            return given
        answering = self._answering.submit(index.ask_ranked, question, history, reader)
        try:
            answer, ranked = answering.result(self.seconds)
        except TimeoutError:
            answering.cancel()
            raise
        given = Given(key, answer, tuple(ranked))
        with self._changing:
            if index is self._of:
                self._kept[key] = given
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return given

    def given(self, key: str) -> Given | None:
        """The answer of that key, if it is still kept."""
        return self._known(key, self._index())

    def _known(self, key: str, index: Index) -> Given | None:
        with self._changing:
            if index is not self._of:
                self._kept.clear()
                self._of = index
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)


def key_of(question: str, history: Sequence[Turn], reader: str = "") -> str:
    """What stands for a question, the turns before it and its reader's language, hexadecimal digits."""
    asked = json.dumps([question, [list(turn) for turn in history], reader])
    return sha256(asked.encode()).hexdigest()[:24]
