"""The index, opened in the background while the page can already be seen."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Event, Thread
from typing import TYPE_CHECKING, Literal, TypeVar

from corpus.documents import Document
from index.collection import Collection
from index.conversation import Turn
from index.documents import Answer, Hit
from index.errors import QAError
from index.progress import ProgressBar

if TYPE_CHECKING:
    from index.engine import Index

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_FIRST_QUESTIONS = ("What is planned?", "\u6709\u4ec0\u4e48\u8ba1\u5212\uff1f")  # so that a reader's first is no slower

# Answers that are worked on at once: more would only wait for the processor, and each thread keeps buffers of its own.
_AT_ONCE = max(2, os.cpu_count() or 1)


@dataclass(frozen=True)
class State:
    """How far the opening is.

    Attributes:
        done, total: sentences indexed, where the index is being built; 0 before.
        message: why it failed, one sentence.
    """

    status: Literal["warming", "ready", "failed"] = "warming"
    done: int = 0
    total: int = 0
    message: str = ""


class Warming:
    """Opens the default index once, in a thread of its own."""

    def __init__(self, documents: Sequence[Document], seconds: float = 60) -> None:
        """
        Args:
            documents: those of the default index, for reading before it is open.
            seconds: that an answer may take.
        """
        self.documents = tuple(documents)
        self.seconds = seconds
        self._answering = ThreadPoolExecutor(_AT_ONCE, "answering")
        self.state = State()
        self._over = Event()
        self._index: Callable[[], Index] | None = None

    def start(self) -> None:
        Thread(target=self._open, name="warming", daemon=True).start()

    def index(self) -> Index:
        """The index; waits until it is open.

        Raises:
            QAError: it could not be opened.
        """
        self._over.wait()
        if self._index is None:
            raise QAError(self.state.message)
        return self._index()

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The index's answer, once it is open.

        Raises:
            TimeoutError: it took too long; what is still being done for it ends by itself, for a question is short.
            QAError: the question cannot be taken, or the index could not be opened.
        """
        return self._in_time(self.index().ask, question, history)

    def rank(self, question: str, k: int) -> list[Hit]:
        """The `k` sentences that fit best; raises as `ask` does."""
        return self._in_time(self.index().rank, question, (), k)

    def _in_time(self, work: Callable[..., _T], *given: object) -> _T:
        working = self._answering.submit(work, *given)
        try:
            return working.result(self.seconds)
        except TimeoutError:
            working.cancel()
            raise

    def collection(self) -> Collection:
        """The documents cut into sentences, whether the index is open or not."""
        return self._index().retriever.collection if self._index else self._cut

    @cached_property
    def _cut(self) -> Collection:
        return Collection.of(self.documents)

    def _open(self) -> None:
        try:
            from index.default import default_index  # noqa: PLC0415 - PyTorch takes seconds; the page is shown first

            with ProgressBar() as bar:

                def progress(done: int, total: int) -> None:
                    bar(done, total)
                    self.state = replace(self.state, done=done, total=total)

                index = default_index(progress)
            for question in _FIRST_QUESTIONS:
                index.ask(question)
            self._index = default_index  # not this one for ever: a new build takes its place
            self.state = State("ready")
        except QAError as error:
            _log.error("%s", error)
            self.state = State("failed", message=str(error))
        except Exception:  # noqa: BLE001 - whatever it is, the page has to say so
            _log.exception("The index could not be opened.")
            self.state = State("failed", message="The index could not be opened; the server's output says why.")
        finally:
            self._over.set()
