"""Late interaction: how well each word of a question is matched somewhere in a text (Khattab and Zaharia 2020)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class TokenStore:
    """The token vectors of many rows, in 8 bits.

    Attributes:
        codes: int8 (tokens, dimension); a token's vector is its codes times its scale.
        scales: float16 (tokens,).
        ends: int64 (rows,); row r's tokens end before `ends[r]` and start where row r - 1 ends.
    """

    codes: NDArray[np.int8]
    scales: NDArray[np.float16]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Sequence[Floats], dimension: int) -> TokenStore:
        """Pack each row's vectors of length 1, float32 (tokens, dimension); a row without any gets a zero vector."""
        rows = [row if len(row) else np.zeros((1, dimension), np.float32) for row in rows]
        tokens = np.concatenate(rows) if rows else np.zeros((0, dimension), np.float32)
        scales = (np.maximum(np.abs(tokens).max(axis=1, initial=0), 1e-3) / 127).astype(np.float16)
        codes = np.rint(tokens / scales[:, None].astype(np.float32)).clip(-127, 127).astype(np.int8)
        return cls(codes, scales, np.cumsum([len(row) for row in rows], dtype=np.int64))

    def followed_by(self, other: TokenStore) -> TokenStore:
        """This store's rows, then the other's."""
        return TokenStore(
            np.concatenate([self.codes, other.codes]),
            np.concatenate([self.scales, other.scales]),
            np.concatenate([self.ends, other.ends + len(self.codes)]),
        )

    def only(self, rows: NDArray[np.int64]) -> TokenStore:
        """These rows alone, in this order."""
        places, lengths = self._places(rows)
        return TokenStore(self.codes[places], self.scales[places], np.cumsum(lengths, dtype=np.int64))

    def _places(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the tokens of these rows stand, and how many each row has."""
        starts = np.where(rows > 0, self.ends[rows - 1], 0)
        lengths = self.ends[rows] - starts
        first = np.cumsum(lengths) - lengths
        return np.repeat(starts - first, lengths) + np.arange(lengths.sum()), lengths

    def best_matches(self, query: Floats, rows: NDArray[np.int64]) -> Floats:
        """The best cosine of each query token with any token of each row.

        Args:
            query: float32 (query tokens, dimension), of length 1.
            rows: the rows to score, int64 (rows,).

        Returns:
            float32 (rows, query tokens).
        """
        if not len(rows):
            return np.zeros((0, len(query)), np.float32)
        places, lengths = self._places(rows)
        cosines = self.codes[places].astype(np.float32) @ query.T
        cosines *= self.scales[places, None].astype(np.float32)
        best: Floats = np.maximum.reduceat(cosines, np.cumsum(lengths) - lengths, axis=0)
        return best
