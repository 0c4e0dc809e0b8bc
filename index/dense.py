"""Nearest vectors by inner product: FAISS."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexFileError
from index.openmp import faiss

Floats = NDArray[np.float32]


class Dense:
    """An exact index over vectors of length 1, whose inner product is their cosine."""

    def __init__(self, vectors: Floats) -> None:
        """Args: vectors: float32 (rows, dimension), of length 1."""
        self._index: faiss.IndexFlat = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Floats, k: int) -> tuple[NDArray[np.int64], Floats]:
        """The `k` nearest rows, or all there are: row numbers int64 and cosines float32, best first."""
        k = min(k, self._index.ntotal)
        if not k:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        scores, rows = self._index.search(vector[None], k)
        return rows[0], scores[0]

    def cosines(self, vector: Floats, rows: NDArray[np.int64]) -> Floats:
        """Cosines of a vector, float32 (dimension,), with the given rows, float32 (rows,)."""
        stored: Floats = self._index.reconstruct_batch(rows)
        cosines: Floats = stored @ vector
        return cosines

    def vectors(self) -> Floats:
        """Every row, float32 (rows, dimension)."""
        vectors: Floats = self._index.reconstruct_n(0, self._index.ntotal)
        return vectors

    def save(self, file: Path) -> None:
        faiss.write_index(self._index, str(file))

    @classmethod
    def open(cls, file: Path, dimension: int) -> Dense:
        """Raises IndexFileError when the file is not a FAISS index of that dimension."""
        try:
            stored = faiss.read_index(str(file))
        except RuntimeError as error:
            raise IndexFileError(f"{file} is not a readable FAISS index.") from error
        if stored.d != dimension or not isinstance(stored, faiss.IndexFlat):
            raise IndexFileError(f"{file} is not an index of {dimension} dimensions.")
        dense = cls.__new__(cls)
        dense._index = stored
        return dense
