"""What all vectors of one language share, and how to take it away.

A multilingual encoder gives every text of a language a common component, larger than what tells two texts apart. Left
in, an English question finds whatever holds Latin letters; taken away, languages can be compared. Questions share more
than statements do (question marks, question words, the encoder's prompt for queries), so they have means of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.script import primary

Floats = NDArray[np.float32]


class LanguageMeans:
    """The mean vector of each language, and of all of them for a language that has none."""

    def __init__(self, means: Mapping[str, Floats]) -> None:
        """Args: means: primary language code ("en", "zh") -> float32 (dimension,)."""
        self.means = dict(means)
        self._overall = np.mean(list(self.means.values()), axis=0, dtype=np.float32) if self.means else np.float32(0)

    @classmethod
    def of(cls, vectors: Iterable[NDArray[Any]], languages: Sequence[str], prior: int) -> LanguageMeans:
        """Means over groups of vectors, (any, dimension) each, by the language of each group.

        Args:
            prior: how many vectors of zero are counted in. The mean of a few texts is what they say, not what their
                language shares, so it is taken away in part only.
        """
        sums: dict[str, NDArray[np.float64]] = {}
        counts: Counter[str] = Counter()
        for group, language in zip(vectors, languages, strict=True):
            name = primary(language)
            sums[name] = sums.get(name, 0.0) + group.sum(axis=0, dtype=np.float64)
            counts[name] += len(group)
        return cls({name: (total / (counts[name] + prior)).astype(np.float32) for name, total in sums.items()})

    def centred(self, vectors: NDArray[Any], language: str) -> Floats:
        """The vectors without what their language shares, scaled to length 1; float32, same shape."""
        centred = vectors - self.means.get(primary(language), self._overall)
        norms = np.linalg.norm(centred, axis=-1, keepdims=True)
        unit: Floats = (centred / np.maximum(norms, 1e-9)).astype(np.float32)
        return unit

    def updated(self, older: LanguageMeans) -> LanguageMeans:
        """These, and the older ones wherever a language has both."""
        return LanguageMeans(self.means | older.means)


@dataclass(frozen=True)
class Means:
    """The means of one index: of statements' vectors and tokens, and of questions'."""

    vectors: LanguageMeans
    tokens: LanguageMeans
    question_vectors: LanguageMeans
    question_tokens: LanguageMeans

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The names of its parts, in order."""
        return tuple(field.name for field in fields(cls))
