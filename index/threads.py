"""How many of the processor's threads FAISS takes; OpenMP keeps the number for each of Python's threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from index.openmp import faiss

ALL: int = faiss.omp_get_max_threads()  # OMP_NUM_THREADS, or what the processor has; one where openmp says so


@contextmanager
def faiss_threads(number: int) -> Iterator[None]:
    """Within the block FAISS takes so many; one is fastest for one question, ALL for building."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(number)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
