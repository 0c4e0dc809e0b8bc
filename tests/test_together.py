"""Work brought by many threads, done in one go."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.together import Together, _Job


def test_what_comes_meanwhile_is_done_in_one_go_and_each_gets_its_own() -> None:
    batches: list[list[int]] = []
    started, go_on = threading.Event(), threading.Event()

    def squares(numbers: Sequence[int]) -> list[int]:
        batches.append(list(numbers))
        started.set()
        assert go_on.wait(10)
        return [number * number for number in numbers]

    together = Together(squares, most=4)
    with ThreadPoolExecutor(10) as pool:
        first = pool.submit(together, 0)
        assert started.wait(10)  # alone, without waiting for others
        others = [pool.submit(together, number) for number in range(1, 10)]
        while len(together._waiting) < 9:
            threading.Event().wait(0.01)
        go_on.set()
        assert [first.result(10), *(other.result(10) for other in others)] == [n * n for n in range(10)]
    assert [len(batch) for batch in batches] == [1, 4, 4, 1]


def test_an_error_reaches_everyone_in_the_batch_and_the_next_is_served() -> None:
    def reciprocals(numbers: Sequence[int]) -> list[float]:
        return [1 / number for number in numbers]

    together = Together(reciprocals, most=4)
    with pytest.raises(ZeroDivisionError):
        together(0)
    assert together(2) == 0.5


def test_who_serves_others_is_not_told_their_error() -> None:
    def one(items: Sequence[int]) -> list[int]:
        if 1 in items:
            raise ValueError("1")
        return list(items)

    together: Together[int, int] = Together(one, most=1)
    other = _Job(1)
    together._waiting.append(other)  # by a thread that has its turn after this one
    assert together(2) == 2
    assert isinstance(other.error, ValueError)
