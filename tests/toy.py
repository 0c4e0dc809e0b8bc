"""Small parts for tests that are not about meaning: an encoder whose words have vectors drawn by their hash; BM25."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoding, Kind
from index.lexical import Lexical, Words

DIMENSION = 32
_WORD = re.compile(r"[a-z0-9]+|[^\sa-z0-9]")


class ToyEncoder:
    """What `index.encoder.Encoder` is, as far as an index needs it."""

    def __init__(self) -> None:
        tokenizer = SimpleNamespace(
            windows=lambda texts: [
                [SimpleNamespace(ids=np.array([_id(m[0]) for m in _words(t)], np.int32))] for t in texts
            ]
        )
        self.model = SimpleNamespace(name="toy", fingerprint="t" * 64, tokenizer=tokenizer, dimension=DIMENSION)
        self.dimension = DIMENSION
        self.threads = 1

    def rarity(self, ids: NDArray[np.int32]) -> NDArray[np.float32]:
        return np.ones(len(ids), np.float32)

    def likelihoods(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.zeros(len(texts), np.float32)

    def query(self, text: str) -> Encoding:
        return self._encode(text)

    def encode(self, texts: Sequence[str], kind: Kind, progress: Callable[[int], None] | None = None) -> list[Encoding]:
        if progress:
            progress(len(texts))
        return [self._encode(text) for text in texts]

    def _encode(self, text: str) -> Encoding:
        words = _words(text)
        tokens = np.array([_vector(match[0]) for match in words], np.float32).reshape(-1, DIMENSION)
        vector = tokens.sum(axis=0) if len(tokens) else np.eye(1, DIMENSION, dtype=np.float32)[0]
        vector = (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
        ids = np.array([_id(match[0]) for match in words], np.int32)
        return Encoding(vector, tokens, ids, np.array([match.span() for match in words], np.int32).reshape(-1, 2))


def _words(text: str) -> list[re.Match[str]]:
    return list(_WORD.finditer(text.lower()))


def _id(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "replace")) & 0x7FFFFFF


@cache
def _vector(word: str) -> NDArray[np.float32]:
    vector = np.random.default_rng(_id(word)).standard_normal(DIMENSION)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def lexical_of(texts: Iterable[str]) -> Lexical:
    """BM25 over some texts."""
    return Lexical.of(map(Words.of, texts))
