"""Whether the parts of a saved index fit each other: nothing is looked up with a number that was not checked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.centering import LanguageMeans
from index.collection import QUESTIONS, Collection
from index.errors import IndexFileError
from index.precedents import Precedents
from index.rerank import TokenStore
from index.segmentation import Role


def check_collection(collection: Collection) -> None:
    """See that every sentence and every view is a span of a text that is there.

    Raises:
        IndexFileError: it is not so.
    """
    sentences, views = collection.sentences, collection.views
    _require(_is(sentences, np.int32, (None, 5)) and _is(views, np.int32, (None, 4)), "sentences")
    documents, names = collection.documents, collection.renderings
    _require(len(collection.languages) == len(documents) and all(map(_is_name, collection.languages)), "languages")
    _require(bool(names) and not names[0] and all(map(_is_name, names)), "renderings")
    of, start, end, role, section = sentences.T
    _require(_within(of, len(documents)) and _ascends(of), "sentences")
    _require(_within(role, len(Role)) and bool(np.all(section >= 0)), "sentences")
    lengths = np.array([[_length(document, name) for name in names] for document in documents]).reshape(-1, len(names))
    _require(_are_spans(start, end, lengths[of, 0]), "sentences")
    number, rendering, start, end = views.T
    _require(_within(number, len(sentences)) and _ascends(number) and _within(rendering, len(names)), "views")
    _require(_are_spans(start, end, lengths[of[number], rendering]), "views")


def check_vectors(
    rows: int, dimension: int, dense_rows: int, tokens: TokenStore, means: Iterable[LanguageMeans]
) -> None:
    """See that there is a vector, and tokens, for each of `rows` views.

    Raises:
        IndexFileError: it is not so.
    """
    _require(dense_rows == rows, "vectors")
    _require(tokens.dimension == dimension and len(tokens.ends) == rows, "tokens")
    for mean in means:
        _require(all(_is(each, np.float32, (dimension,)) for each in mean.means.values()), "means")
        _require(all(bool(np.isfinite(each).all()) for each in mean.means.values()), "means")


def check_precedents(documents: int, dimension: int, precedents: Precedents) -> None:
    """See that each question has a document, a vector in 16 bits, and a weight.

    Raises:
        IndexFileError: it is not so.
    """
    of, vectors, weights = precedents.documents, precedents.vectors, precedents.weights
    shaped = _is(of, np.int32, (None,)) and _is(vectors, np.float16, (len(of), dimension))
    _require(shaped and _is(weights, np.float32, (len(of),)), "precedents")
    _require(_within(of, documents) and _ascends(of), "precedents")
    _require(bool(np.isfinite(vectors).all() and np.isfinite(weights).all()), "precedents")


def _length(document: Any, name: str) -> int:
    """Characters of a document's text under one of the names of a collection; -1 where it has none."""
    if not name:
        return len(document.text)
    texts = document.questions if name.endswith(QUESTIONS) else document.renderings
    return len(texts.get(name.removesuffix(QUESTIONS), "")) if name.removesuffix(QUESTIONS) in texts else -1


def _is(array: NDArray[Any], dtype: type, shape: tuple[int | None, ...]) -> bool:
    fits = len(array.shape) == len(shape)
    return fits and array.dtype == dtype and all(w in (None, n) for n, w in zip(array.shape, shape, strict=True))


def _is_name(name: object) -> bool:
    return isinstance(name, str)


def _within(numbers: NDArray[np.int32], end: int) -> bool:
    return bool(np.all((numbers >= 0) & (numbers < end)))


def _ascends(numbers: NDArray[np.int32]) -> bool:
    return bool(np.all(np.diff(numbers) >= 0))


def _are_spans(start: NDArray[np.int32], end: NDArray[np.int32], length: NDArray[np.int64]) -> bool:
    return bool(np.all((start >= 0) & (start < end) & (end <= length)))


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise IndexFileError(f"The {what} of the index do not fit each other.")
