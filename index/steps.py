"""How far long work has come, told to whoever shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Listener = Callable[[str, int, int], None]  # what is done, how many are done, of how many
Item = TypeVar("Item")

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def told_to(listener: Listener) -> Iterator[None]:
    """Meanwhile, in this thread, `step` tells the listener."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def step(what: str, done: int, total: int) -> None:
    """So many of `total` are done."""
    if listener := _listener.get():
        listener(what, done, total)


def stepped(what: str, items: Iterable[Item], total: int) -> Iterator[Item]:
    """The items as they come; how many are done with is told at every hundredth part of `total`."""
    every = max(1, total // 100)
    for done, item in enumerate(items):
        if done % every == 0:
            step(what, done, total)
        yield item
    step(what, total, total)
