"""Nearest vectors by inner product: FAISS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexFileError
from index.openmp import faiss
from index.steps import stepped
from index.threads import ALL, faiss_threads

Floats = NDArray[np.float32]

# What FAISS makes of so many rows at most; benchmarks/growth.py measures time, size and recall of each.
_KINDS = (
    (2_000, "Flat"),  # exact
    (50_000, "SQ8"),  # one byte a dimension, every row looked at
    (2**62, "HNSW32,SQ8"),  # the same, found along a graph (Malkov and Yashunin 2018)
)
_BREADTH = 256  # rows that the search along the graph keeps in view, or as many as are asked for
_BUILDING_BREADTH = 80
_AT_ONCE = 10_000  # rows that are added at a time
_TRAINED = 100_000  # rows that the byte's bounds are taken of


class Dense:
    """An index over vectors of length 1, whose inner product is their cosine; of a kind that suits how many."""

    def __init__(self, vectors: Floats) -> None:
        """Args: vectors: float32 (rows, dimension), of length 1."""
        self._index = _empty(vectors.shape[1], kind_for(len(vectors)))
        with faiss_threads(ALL):
            if len(vectors):
                self._index.train(np.ascontiguousarray(vectors[:: max(1, len(vectors) // _TRAINED)]))
            for start in stepped("Indexing vectors", range(0, len(vectors), _AT_ONCE), -(-len(vectors) // _AT_ONCE)):
                self._index.add(np.ascontiguousarray(vectors[start : start + _AT_ONCE]))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def kind(self) -> str:
        """What FAISS calls this kind of index."""
        return _kind_of(self._index)

    def search(self, vector: Floats, k: int) -> tuple[NDArray[np.int64], Floats]:
        """The `k` nearest rows, or all there are: row numbers int64 and cosines float32, best first."""
        k = min(k, self._index.ntotal)
        if not k:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        with faiss_threads(1):
            scores, rows = self._index.search(vector[None], k, params=_search_parameters(self._index, k))
        return rows[0][rows[0] >= 0], scores[0][rows[0] >= 0]

    def cosines(self, vector: Floats, rows: NDArray[np.int64]) -> Floats:
        """Cosines of a vector, float32 (dimension,), with the given rows, float32 (rows,)."""
        with faiss_threads(1):
            stored: Floats = self._index.reconstruct_batch(rows)
        cosines: Floats = stored @ vector
        return cosines

    def vectors(self) -> Floats:
        """Every row, float32 (rows, dimension)."""
        vectors: Floats = self._index.reconstruct_n(0, self._index.ntotal)
        return vectors

    def followed_by(self, vectors: Floats) -> Dense:
        """An index of these rows, then others: float32 (rows, dimension), of length 1."""
        if kind_for(len(self) + len(vectors)) != self.kind:
            return Dense(np.concatenate([self.vectors(), vectors]))
        with faiss_threads(ALL):
            index = faiss.deserialize_index(faiss.serialize_index(self._index))  # one that is not in a file
            index.add(np.ascontiguousarray(vectors))
        return Dense._of(index)

    def save(self, file: Path) -> None:
        faiss.write_index(self._index, str(file))

    @classmethod
    def open(cls, file: Path, dimension: int) -> Dense:
        """The index in a file, which stays there: what is looked at is read.

        Raises IndexFileError when the file is not a FAISS index of that dimension.
        """
        try:
            stored = faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise IndexFileError(f"{file} is not a readable FAISS index.") from error
        if stored.d != dimension or _kind_of(stored) not in {kind for _, kind in _KINDS}:
            raise IndexFileError(f"{file} is not an index of {dimension} dimensions.")
        return cls._of(stored)

    @classmethod
    def _of(cls, index: Any) -> Dense:
        dense = cls.__new__(cls)
        dense._index = index
        return dense


def kind_for(rows: int) -> str:
    """The kind of index for so many rows, as FAISS calls it."""
    return next(kind for most, kind in _KINDS if rows <= most)


def _empty(dimension: int, kind: str) -> Any:
    index = faiss.index_factory(dimension, kind, faiss.METRIC_INNER_PRODUCT)
    if isinstance(index, faiss.IndexHNSW):
        index.hnsw.efConstruction = _BUILDING_BREADTH
    return index


def _kind_of(index: Any) -> str:
    for kind, type_ in (
        ("Flat", faiss.IndexFlat),
        ("SQ8", faiss.IndexScalarQuantizer),
        ("HNSW32,SQ8", faiss.IndexHNSWSQ),
    ):
        if isinstance(index, type_):
            return kind
    return type(index).__name__


def _search_parameters(index: Any, k: int) -> Any:
    if not isinstance(index, faiss.IndexHNSW):
        return None
    return faiss.SearchParametersHNSW(efSearch=max(_BREADTH, k))  # type: ignore[attr-defined]
