"""Late interaction: how well each word of a question is matched somewhere in a text (Khattab and Zaharia 2020)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from index.errors import IndexFileError
from index.openmp import faiss
from index.threads import ALL, faiss_threads

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

_MANY = 100_000  # tokens from which they are kept in few bytes each
_PART = 8  # dimensions that share one byte then
_WORDS = 256  # what that byte can say
_SAMPLE = 20_000  # tokens that the codebook is made of
_CHUNK = 65_536  # tokens that are packed at a time
_PRODUCTS = 1 << 22  # with tokens, held at a time: a long question takes many, and several are answered at once
EIGHT_BITS = np.empty((0, _WORDS, 0), np.float32)  # the codebook of a store that has none


@dataclass(frozen=True)
class TokenStore:
    """The token vectors of many rows: in 8 bits for each dimension; or, where there are many, in one byte for eight.

    The latter is product quantisation (Jégou, Douze, Schmid 2011): a byte names one of the 256 vectors that stand for
    eight dimensions. A scale makes up for what that loses of a token's length, so that its products with other vectors
    are right on average (as in Gao and Long 2024).

    Attributes:
        codes: int8 (tokens, dimension); or uint8 (tokens, parts).
        scales: float16 (tokens,); a token's vector is what its codes say times its scale.
        ends: int64 (rows,); row r's tokens end before `ends[r]` and start where row r - 1 ends.
        codebook: float32 (parts, 256, dimension / parts); without parts where the codes have 8 bits.
    """

    NAMES: ClassVar = ("codes", "scales", "ends", "codebook")

    codes: NDArray[Any]
    scales: NDArray[np.float16]
    ends: Numbers
    codebook: Floats

    @classmethod
    def of(cls, rows: Iterable[NDArray[np.floating[Any]]], dimension: int, codebook: Floats = EIGHT_BITS) -> TokenStore:
        """Pack each row's vectors of length 1, (tokens, dimension); a row without any gets a zero vector.

        Args:
            codebook: of a store of rows like these, to pack them by; without parts: one is made where it is due.
        """
        packed: list[TokenStore] = []
        waiting: list[NDArray[np.floating[Any]]] = []
        size = 0
        for row in rows:
            waiting.append(row if len(row) else np.zeros((1, dimension), np.float32))
            size += len(waiting[-1])
            if size >= _CHUNK:
                packed.append(cls._packed(waiting, dimension, codebook))
                waiting, size = [], 0
        packed.append(cls._packed(waiting, dimension, codebook))
        return cls._joined(packed)._as_fits()

    @classmethod
    def _packed(cls, rows: Sequence[NDArray[np.floating[Any]]], dimension: int, codebook: Floats) -> TokenStore:
        tokens = np.concatenate([np.empty((0, dimension), np.float32), *rows])
        ends = np.cumsum([len(row) for row in rows], dtype=np.int64)
        if len(codebook):
            return cls(*_by_codebook(tokens, codebook), ends, codebook)
        scales = (np.maximum(np.abs(tokens).max(axis=1), 1e-3) / 127).astype(np.float16)
        codes = np.rint(tokens / scales[:, None].astype(np.float32)).clip(-127, 127).astype(np.int8)
        return cls(codes, scales, ends, EIGHT_BITS)

    @classmethod
    def _joined(cls, stores: Sequence[TokenStore]) -> TokenStore:
        """The rows of stores of one codebook, one store's after another's."""
        starts = np.cumsum([0, *(len(store.codes) for store in stores[:-1])])
        return cls(
            np.concatenate([store.codes for store in stores]),
            np.concatenate([store.scales for store in stores]),
            np.concatenate([store.ends + start for store, start in zip(stores, starts, strict=True)]),
            stores[-1].codebook,
        )

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> TokenStore:
        """The store that `arrays` were taken of.

        Raises:
            IndexFileError: they don't fit each other.
        """
        store = cls(arrays["codes"], arrays["scales"], np.array(arrays["ends"]), np.array(arrays["codebook"]))
        parts = store.codebook.shape[0]
        fits = (
            store.codes.dtype == (np.uint8 if parts else np.int8)
            and store.codes.ndim == 2
            and (not parts or store.codebook.shape[:2] == (store.codes.shape[1], _WORDS))
            and store.codebook.dtype == np.float32
            and store.scales.dtype == np.float16
            and store.scales.shape == (len(store.codes),)
            and store.ends.dtype == np.int64
            and store.ends.ndim == 1
            and bool(np.all(np.diff(store.ends, prepend=0) > 0))
            and int(store.ends[-1] if len(store.ends) else 0) == len(store.codes)
        )
        if not fits:
            raise IndexFileError("The tokens of the index do not fit each other.")
        return store

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What it consists of, for keeping in files."""
        return {name: getattr(self, name) for name in self.NAMES}

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        return int(self.codebook.shape[0] * self.codebook.shape[2]) or int(self.codes.shape[1])

    def followed_by(self, other: TokenStore) -> TokenStore:
        """This store's rows, then the other's."""
        first, second = self, other
        if len(first.codebook):
            second = second._coded(first.codebook)
        elif len(second.codebook):
            first = first._coded(second.codebook)
        return self._joined([first, second])._as_fits()

    def only(self, rows: Numbers) -> TokenStore:
        """These rows alone, in this order."""
        places, lengths = self._places(rows)
        return TokenStore(self.codes[places], self.scales[places], np.cumsum(lengths, dtype=np.int64), self.codebook)

    def best_matches(self, query: Floats, rows: Numbers) -> Floats:
        """The best cosine of each query token with any token of each row.

        Args:
            query: float32 (query tokens, dimension), of length 1.
            rows: the rows to score, int64 (rows,).

        Returns:
            float32 (rows, query tokens).
        """
        if not len(rows) or not len(query):
            return np.zeros((len(rows), len(query)), np.float32)
        turns = np.cumsum(self.lengths(rows)) * len(query) // _PRODUCTS
        return np.concatenate([self._best(query, rows[turns == turn]) for turn in np.unique(turns)])

    def _best(self, query: Floats, rows: Numbers) -> Floats:
        """What `best_matches` gives, of rows that are looked at together."""
        places, lengths = self._places(rows)
        codes = torch.from_numpy(self.codes.take(places, axis=0))
        cosines = self._summed(codes, query) if len(self.codebook) else _multiplied(codes, query)
        with torch.inference_mode():
            cosines *= torch.from_numpy(self.scales[places].astype(np.float32))[:, None]
            best = torch.segment_reduce(cosines, "max", lengths=torch.from_numpy(lengths), unsafe=True)
        found: Floats = best.numpy()
        return found

    def lengths(self, rows: Numbers) -> Numbers:
        """How many tokens each of these rows has, int64 (rows,)."""
        return self.ends[rows] - np.where(rows > 0, self.ends[rows - 1], 0)

    def _places(self, rows: Numbers) -> tuple[Numbers, Numbers]:
        """Where the tokens of these rows stand, and how many each row has."""
        lengths = self.lengths(rows)
        starts = self.ends[rows] - lengths
        first = np.cumsum(lengths) - lengths
        return np.repeat(starts - first, lengths) + np.arange(lengths.sum()), lengths

    def _summed(self, codes: torch.Tensor, query: Floats) -> torch.Tensor:
        """Inner products of tokens with query tokens, (tokens, query tokens): each part's is looked up, and all added.

        The query's products with every entry of the codebook are the rows of a table; an embedding bag is their sum.
        """
        parts, _, width = self.codebook.shape
        products = self.codebook @ query.reshape(-1, parts, width).transpose(1, 2, 0)
        table = torch.from_numpy(products.reshape(parts * _WORDS, -1)).to(torch.bfloat16)
        places = codes.to(torch.int32).add_(torch.arange(0, parts * _WORDS, _WORDS, dtype=torch.int32))
        with torch.inference_mode():
            return functional.embedding_bag(places, table, mode="sum").float()

    def _as_fits(self) -> TokenStore:
        """This store, in few bytes where that is due."""
        if len(self.codebook) or len(self.codes) < _MANY or self.dimension % _PART:
            return self
        sample = np.linspace(0, len(self.codes) - 1, min(_SAMPLE, len(self.codes)), dtype=np.int64)
        quantiser: Any = faiss.ProductQuantizer(self.dimension, self.dimension // _PART, 8)
        quantiser.train_type = faiss.ProductQuantizer.Train_hot_start
        with faiss_threads(ALL):
            quantiser.train(self._vectors(sample))
        codebook = faiss.vector_to_array(quantiser.centroids).reshape(quantiser.M, quantiser.ksub, quantiser.dsub)
        return self._coded(codebook)

    def _coded(self, codebook: Floats) -> TokenStore:
        """The same rows, by the entries of a codebook; as they are, where it has none."""
        if self.codebook is codebook or not len(codebook):
            return self
        codes = np.empty((len(self.codes), len(codebook)), np.uint8)
        scales = np.empty(len(self.codes), np.float16)
        for start in range(0, len(codes), _CHUNK):
            chunk = slice(start, min(start + _CHUNK, len(codes)))
            codes[chunk], scales[chunk] = _by_codebook(self._vectors(np.arange(chunk.start, chunk.stop)), codebook)
        return TokenStore(codes, scales, self.ends, codebook)

    def _vectors(self, places: Numbers) -> Floats:
        """Some tokens' vectors, float32 (tokens, dimension)."""
        if len(self.codebook):
            said = self.codebook[np.arange(len(self.codebook)), self.codes[places]].reshape(len(places), -1)
        else:
            said = self.codes[places].astype(np.float32)
        vectors: Floats = said * self.scales[places].astype(np.float32)[:, None]
        return vectors


def _by_codebook(vectors: Floats, codebook: Floats) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
    """The codes of some tokens' vectors, uint8 (tokens, parts), and their scales, float16 (tokens,)."""
    parts, _, width = codebook.shape
    quantiser: Any = faiss.ProductQuantizer(parts * width, parts, 8)
    faiss.copy_array_to_vector(np.ascontiguousarray(codebook).ravel(), quantiser.centroids)
    with faiss_threads(ALL):
        codes = quantiser.compute_codes(vectors)
    kept = np.einsum("td,td->t", quantiser.decode(codes), vectors)
    lengths = np.einsum("td,td->t", vectors, vectors)
    return codes, np.where(kept > 0.1 * lengths, lengths / np.maximum(kept, 1e-6), 1).astype(np.float16)


def _multiplied(codes: torch.Tensor, query: Floats) -> torch.Tensor:
    """Inner products of tokens in 8 bits with query tokens, (tokens, query tokens), the latter made 8 bits as well."""
    scales = np.maximum(np.abs(query).max(axis=1), 1e-6) / 127
    rounded = torch.from_numpy(np.rint(query / scales[:, None]).astype(np.int8))
    with torch.inference_mode():
        return torch._int_mm(rounded, codes.T).T.float() * torch.from_numpy(scales.astype(np.float32))
