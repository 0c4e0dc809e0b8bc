"""How long each stage of an answer takes, and how much it looks at."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class Trace:
    """One answer under way.

    Attributes:
        seconds: stage -> seconds spent in it.
        counts: what was looked at -> how many.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    _last: float = field(default_factory=time.perf_counter)


_now: ContextVar[Trace | None] = ContextVar("trace", default=None)


@contextmanager
def tracing() -> Iterator[Trace]:
    """What is told by `lap` and `count` meanwhile, in this thread."""
    trace = Trace()
    token = _now.set(trace)
    try:
        yield trace
    finally:
        _now.reset(token)


def lap(stage: str) -> None:
    """The time since the last lap was spent in `stage`."""
    if trace := _now.get():
        now = time.perf_counter()
        trace.seconds[stage] = trace.seconds.get(stage, 0.0) + now - trace._last
        trace._last = now


def count(what: str, number: int) -> None:
    """So many more of something were looked at."""
    if trace := _now.get():
        trace.counts[what] = trace.counts.get(what, 0) + number
