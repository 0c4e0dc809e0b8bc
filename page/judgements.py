"""Readers' verdicts on answers, each kept once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from index.documents import Answer

Keep = Callable[[Answer, str], None]  # an answer and the reader's verdict on it

_MOST = 4096  # verdicts that are remembered


class Judgements:
    """Knows the last verdict of each reader on each turn: Gradio tells of some twice, at the same moment."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._given: OrderedDict[tuple[str, int], tuple[Answer, str | None]] = OrderedDict()
        self._changing = Lock()

    def give(self, session: str, turn: int, answer: Answer, verdict: str | None) -> None:
        """Keep a verdict that has not just been given; None stands for one that is taken back.

        Raises:
            FeedbackError: it cannot be kept; given again, it is tried again.
        """
        with self._changing:
            before = self._given.get((session, turn))
            if before and before[0] is answer and before[1] == verdict:
                return
            if verdict:
                self._keep(answer, verdict)
            self._given[session, turn] = (answer, verdict)
            self._given.move_to_end((session, turn))
            if len(self._given) > _MOST:
                self._given.popitem(last=False)
