"""What all vectors of one language share, and how to take it away.

A multilingual encoder gives every text of a language a common component, larger than what tells two texts apart. Left
in, an English question finds whatever holds Latin letters; taken away, languages can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class LanguageMeans:
    """The mean vector of each language, and of all of them for a language that has none."""

    def __init__(self, means: Mapping[str, Floats]) -> None:
        """Args: means: primary language code ("en", "zh") -> float32 (dimension,)."""
        self.means = dict(means)
        self._overall = np.mean(list(self.means.values()), axis=0, dtype=np.float32) if self.means else np.float32(0)

    @classmethod
    def of(cls, vectors: Sequence[Floats], languages: Sequence[str], prior: int) -> LanguageMeans:
        """Means over groups of vectors, float32 (any, dimension) each, by the language of each group.

        Args:
            prior: how many vectors of zero are counted in. The mean of a few texts is what they say, not what their
                language shares, so it is taken away in part only.
        """
        groups: dict[str, list[Floats]] = {}
        for group, language in zip(vectors, languages, strict=True):
            groups.setdefault(primary(language), []).append(group)
        joined = {language: np.concatenate(group) for language, group in groups.items()}
        return cls({language: rows.sum(axis=0) / (len(rows) + prior) for language, rows in joined.items()})

    def centred(self, vectors: Floats, language: str) -> Floats:
        """The vectors without what their language shares, scaled to length 1; same shape."""
        centred = vectors - self.means.get(primary(language), self._overall)
        norms = np.linalg.norm(centred, axis=-1, keepdims=True)
        unit: Floats = (centred / np.maximum(norms, 1e-9)).astype(np.float32)
        return unit


def primary(language: str) -> str:
    """A language without its script: "zh" for "zh-Hant"."""
    return language.partition("-")[0]
