"""How many of the processor's threads PyTorch and FAISS take; OpenMP keeps the number for each of Python's threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock

import torch

from index.openmp import faiss

ALL: int = faiss.omp_get_max_threads()  # OMP_NUM_THREADS, or what the processor has; one where openmp says so
_A_QUESTION = 2  # threads that one question can make use of: what it computes is soon done

_counting = Lock()
_under_way = 0  # questions that are looked up


def faiss_threads(number: int) -> AbstractContextManager[None]:
    """Within the block FAISS takes so many; one is fastest for one question, ALL for building."""
    return _taking(number, faiss.omp_get_max_threads, faiss.omp_set_num_threads)


def torch_threads(number: int) -> AbstractContextManager[None]:
    """Within the block PyTorch takes so many."""
    return _taking(number, torch.get_num_threads, torch.set_num_threads)


@contextmanager
def _taking(number: int, taken: Callable[[], int], take: Callable[[int], None]) -> Iterator[None]:
    before = taken()
    take(number)
    try:
        yield
    finally:
        take(before)


@contextmanager
def question_threads(most: int) -> Iterator[None]:
    """Within the block, in which one question is looked up, PyTorch takes two threads, or `most` where that is less.

    A question that comes while others are looked up has its own thread alone: they share the processor.
    """
    global _under_way  # noqa: PLW0603 - one processor
    with _counting:
        alone = not _under_way
        _under_way += 1
    try:
        with torch_threads(min(most, _A_QUESTION) if alone else 1):
            yield
    finally:
        with _counting:
            _under_way -= 1
