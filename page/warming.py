"""The index, opened in the background while the page can already be seen."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Literal

from corpus.documents import Document
from index.collection import Collection
from index.errors import QAError
from index.progress import ProgressBar

if TYPE_CHECKING:
    from index.engine import Index

_log = logging.getLogger(__name__)
_FIRST_QUESTIONS = ("What is planned?", "\u6709\u4ec0\u4e48\u8ba1\u5212\uff1f")  # so that a reader's first is no slower


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

    def __init__(self, documents: Sequence[Document]) -> None:
        """Args: documents: those of the default index, for reading before it is open."""
        self._documents = tuple(documents)
        self._cut: Collection | None = None
        self.state = State()
        self._giving = Lock()
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

    def collection(self) -> Collection:
        """The documents cut into sentences, whether the index is open or not."""
        if self._index is None:
            cut = self._cut or Collection.of(self._documents)
            with self._giving:
                if self._index is None:  # nor was it opened meanwhile, and the documents given away
                    self._cut = cut
                    return cut
        return self._index().retriever.collection

    def _open(self) -> None:
        try:
            from index.default import default_index  # noqa: PLC0415 - PyTorch takes seconds; the page is shown first

            def progress(done: int, total: int) -> None:
                self.state = replace(self.state, done=done, total=total)

            with ProgressBar():
                index = default_index(progress, self._documents)
            for question in _FIRST_QUESTIONS:
                index.ask(question)
            with self._giving:
                self._index = default_index  # not this one for ever: a new build takes its place
                self._documents, self._cut = (), None  # the index has its own
            self.state = State("ready")
        except QAError as error:
            _log.error("%s", error)
            self.state = State("failed", message=str(error))
        except Exception:  # noqa: BLE001 - whatever it is, the page has to say so
            _log.exception("The index could not be opened.")
            self.state = State("failed", message="The index could not be opened; the server's output says why.")
        finally:
            self._over.set()
