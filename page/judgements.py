"""Which verdicts on answers have been given already, so that each is kept once."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from index.documents import Answer

_MOST = 4096  # verdicts that are remembered


class Judgements:
    """The last verdict of each reader on each turn. Gradio tells of some twice, at the same moment."""

    def __init__(self) -> None:
        self._given: OrderedDict[tuple[str, int], tuple[Answer, str | None]] = OrderedDict()
        self._changing = Lock()

    def is_new(self, session: str, turn: int, answer: Answer, verdict: str | None) -> bool:
        """Whether a verdict has not just been given; None stands for one that is taken back."""
        with self._changing:
            before = self._given.pop((session, turn), None)
            self._given[session, turn] = (answer, verdict)
            while len(self._given) > _MOST:
                self._given.popitem(last=False)
        return before is None or before[0] is not answer or before[1] != verdict
