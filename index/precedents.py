"""Questions that documents are known to answer, or not to; which of them a new question is like.

No sentence tells what a document leaves out: "how much does it cost?" fits a plan that names no price as well as one
that does. Readers' questions tell. Kernel ridge regression (Saunders, Gammerman and Vovk 1998) on their vectors, with a
Gaussian kernel, says of a new question whether it is like those that were answered, or like those that were not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.documents import ANSWERED, MOST_ASKED, UNANSWERED, Document
from index.spread import spread

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

_SHARPNESS = 2.0  # of the kernel exp(sharpness * (cosine - 1)); both as they did best on writers left out of the fit
_RIDGE = 0.1


@dataclass(frozen=True)
class Precedents:
    """The questions of some documents, and what each of them weighs.

    Attributes:
        documents: the number of each question's document, int32 (questions,), ascending.
        vectors: of the questions, float32 (questions, dimension), each exact in 16 bits.
        weights: float32 (questions,).
    """

    documents: Ints
    vectors: Floats
    weights: Floats

    @classmethod
    def of(cls, known: Mapping[int, tuple[Floats, Sequence[bool]]], dimension: int) -> Precedents:
        """Args: known: number of a document -> its questions' vectors of length 1, and whether it answers each."""
        parts = [
            (number, vectors.astype(np.float16).astype(np.float32), np.array(answered, bool))
            for number, (vectors, answered) in sorted(known.items())
        ]
        return cls(
            np.repeat([number for number, *_ in parts], [len(answered) for *_, answered in parts]).astype(np.int32),
            np.concatenate([np.empty((0, dimension), np.float32), *(vectors for _, vectors, _ in parts)]),
            np.concatenate([np.empty(0, np.float32), *(_weights(*rest) for _, *rest in parts)]),
        )

    def leaning(self, document: int, vector: Floats) -> float:
        """About 1 for a question like those that a document answers, -1 for one like the others, 0 where none is near.

        Args:
            vector: of the question, of length 1, float32 (dimension,).
        """
        first, end = np.searchsorted(self.documents, [document, document + 1])
        if first == end:
            return 0.0
        # By einsum: for a product of this size NumPy wakes threads of its own, which are in the way of PyTorch's.
        likeness = _kernel(np.einsum("qd,d->q", self.vectors[first:end], vector))
        return float(np.einsum("q,q->", likeness, self.weights[first:end]))

    def renumbered(self, numbers: Mapping[int, int]) -> Precedents:
        """Those of some documents alone, old number -> new number, both in the same order."""
        kept = np.isin(self.documents, list(numbers))
        documents = np.array([numbers[number] for number in self.documents[kept].tolist()], np.int32)
        return Precedents(documents, self.vectors[kept], self.weights[kept])

    def followed_by(self, other: Precedents, behind: int) -> Precedents:
        """These, then those of more documents, which stand behind so many."""
        return Precedents(
            np.concatenate([self.documents, other.documents + np.int32(behind)]),
            np.concatenate([self.vectors, other.vectors]),
            np.concatenate([self.weights, other.weights]),
        )


NO_PRECEDENTS = Precedents(np.empty(0, np.int32), np.empty((0, 0), np.float32), np.empty(0, np.float32))


def _weights(vectors: Floats, answered: NDArray[np.bool_]) -> Floats:
    """What each question weighs, float32 (questions,): those answered weigh as much together as the others."""
    from scipy.linalg import solve  # noqa: PLC0415 - only a build needs it

    sides = np.where(answered, answered.sum(), (~answered).sum())
    # In 64 bits, for few questions among many others weigh next to nothing; and but once, for of thousands it is large.
    kernel = _kernel(vectors.astype(np.float64) @ vectors.T)
    np.fill_diagonal(kernel, kernel.diagonal() + 2 * _RIDGE * sides / len(answered))
    sought = np.where(answered, 1.0, -1.0)
    solved: Floats = solve(kernel.T, sought, assume_a="pos", overwrite_a=True, check_finite=False).astype(np.float32)
    return solved


def questions_of(document: Document) -> list[tuple[str, bool]]:
    """A document's questions, each with whether it answers it, MOST_ASKED at most; none where all are of one kind.

    Of the questions that its sentences answer there are as many as there is room for, spread over the document.
    """
    yes, no = (_lines([document.asked.get(kind, "")]) for kind in (ANSWERED, UNANSWERED))
    of_sentences = _lines(line.replace("|", "\n") for line in document.questions.values())
    if room := MOST_ASKED - len(yes) - len(no):
        yes += of_sentences[spread(len(of_sentences), room)]
    return [*((question, True) for question in yes), *((question, False) for question in no)] if yes and no else []


def _lines(texts: Iterable[str]) -> list[str]:
    return [line.strip() for text in texts for line in text.splitlines() if line.strip()]


def _kernel(cosines: NDArray[Any]) -> NDArray[Any]:
    """The likeness of questions by their cosines, in their place."""
    cosines -= 1
    cosines *= _SHARPNESS
    np.exp(cosines, out=cosines)
    return cosines
