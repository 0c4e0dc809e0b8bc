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

# What FAISS makes of so many rows at most; benchmarks/growth.py measures time, size and recall of each. A graph (HNSW)
# takes forty times as long to build as the last of them, and lists (IVF) miss a tenth of what a question's nearest
# passages are: questions lie apart from passages, and neither a graph nor lists made of these lead to all of theirs.
_KINDS = (
    (2_000, "Flat"),  # exact
    (20_000, "SQ8"),  # one byte a dimension
    (2**62, "PQ{parts}x4fs,Refine(SQ8)"),  # four bits for four dimensions (André et al. 2015), the best of them by SQ8
)
_PART = 4  # dimensions that share four bits
_LOOKED_AT = 1000  # rows that are compared by SQ8 at least, and five for each that is asked for
_AT_ONCE = 10_000  # rows that are added at a time
_TRAINED = 50_000  # rows that FAISS learns bounds and parts of


class Dense:
    """An index over vectors of length 1, whose inner product is their cosine; of a kind that suits how many."""

    def __init__(self, vectors: Floats) -> None:
        """Args: vectors: float32 (rows, dimension), of length 1."""
        self._index = _empty(vectors.shape[1], kind_for(*vectors.shape))
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
            stored: Floats = _rows_of(self._index).reconstruct_batch(rows)
        cosines: Floats = stored @ vector
        return cosines

    def vectors(self) -> Floats:
        """Every row, float32 (rows, dimension)."""
        vectors: Floats = _rows_of(self._index).reconstruct_n(0, self._index.ntotal)
        return vectors

    def followed_by(self, vectors: Floats) -> Dense:
        """An index of these rows, then others: float32 (rows, dimension), of length 1."""
        if kind_for(len(self) + len(vectors), vectors.shape[1]) != self.kind:
            return Dense(np.concatenate([self.vectors(), vectors]))
        with faiss_threads(ALL):
            index = faiss.deserialize_index(faiss.serialize_index(self._index))  # one that is not in a file
            index.add(np.ascontiguousarray(vectors))
        return Dense._of(index)

    def save(self, file: Path) -> None:
        """Write the index to a file.

        Raises:
            RuntimeError: FAISS cannot write it.
        """
        faiss.write_index(self._index, str(file))

    @classmethod
    def open(cls, file: Path, dimension: int) -> Dense:
        """The index in a file, which stays there: what is looked at is read.

        Raises:
            IndexFileError: the file is no FAISS index of that dimension.
        """
        try:
            stored = faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise IndexFileError(f"{file} is not a readable FAISS index.") from error
        if stored.d != dimension or _kind_of(stored) not in _kinds(dimension):
            raise IndexFileError(f"{file} is not an index of {dimension} dimensions.")
        return cls._of(stored)

    @classmethod
    def _of(cls, index: Any) -> Dense:
        dense = cls.__new__(cls)
        dense._index = index
        return dense


def kind_for(rows: int, dimension: int) -> str:
    """The kind of index for so many rows, as FAISS calls it."""
    kinds = _kinds(dimension)
    return next(kind for (most, _), kind in zip(_KINDS, kinds, strict=True) if rows <= most)


def _kinds(dimension: int) -> list[str]:
    """The kinds for vectors of that length; one that cannot be cut into parts has one byte a dimension throughout."""
    kinds = [kind.format(parts=dimension // _PART) for _, kind in _KINDS]
    return kinds if dimension % _PART == 0 else [*kinds[:-1], kinds[-2]]


def _empty(dimension: int, kind: str) -> Any:
    return faiss.index_factory(dimension, kind, faiss.METRIC_INNER_PRODUCT)


def _kind_of(index: Any) -> str:
    if isinstance(index, faiss.IndexRefine):
        scanned, stored = faiss.downcast_index(index.base_index), _rows_of(index)
        if isinstance(scanned, faiss.IndexPQFastScan) and isinstance(stored, faiss.IndexScalarQuantizer):
            return f"PQ{scanned.pq.M}x{scanned.pq.nbits}fs,Refine(SQ8)"
    if isinstance(index, faiss.IndexFlat):
        return "Flat"
    return "SQ8" if isinstance(index, faiss.IndexScalarQuantizer) else type(index).__name__


def _rows_of(index: Any) -> Any:
    """The index that holds the rows themselves."""
    return faiss.downcast_index(index.refine_index) if isinstance(index, faiss.IndexRefine) else index


def _search_parameters(index: Any, k: int) -> Any:
    if not isinstance(index, faiss.IndexRefine):
        return None
    return faiss.IndexRefineSearchParameters(k_factor=max(_LOOKED_AT / k, 5))  # type: ignore[call-arg]
