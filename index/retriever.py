"""A question -> the sentences and passages that fit it, from dense and lexical candidates by late interaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.centering import LanguageMeans, primary
from index.collection import Collection
from index.dense import Dense
from index.encoder import Encoder
from index.lexical import Lexical, terms
from index.rerank import TokenStore
from index.script import fold, is_chinese

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

_CANDIDATES = 200  # views that each of FAISS and BM25 may bring
_SHARPNESS = 3  # exponent of a token's match: one word found beats two half found
_SMALL_GROUP = 4  # values; so many make a language half known
_ALIKE = 1e-6
_LEXICAL_WEIGHT = np.float32(0.1)  # beside late interaction's 1, where words of the question's own language can match


@dataclass(frozen=True)
class Evidence:
    """What retrieval found for one question.

    Scores are in standard deviations above the mean of all that was considered.

    Attributes:
        sentences: numbers of the sentences considered, best first, int64 (sentences,).
        scores: their scores, float32 (sentences,).
        match: how well the best sentence is matched at all: the question's tokens' cosines with their nearest tokens in
            it, sharpened and weighted, in its best language; in [0, 1].
        cosine: of the question's vector with the best sentence's, in its best language.
        length: tokens of the question.
        coverage: the share of the question's words, where the best sentence has its language, that stand in it.
        passages: the best sentence of each passage, best passage first, int64 (passages,).
        passage_scores: the passages' scores, float32 (passages,).
    """

    sentences: Numbers
    scores: Floats
    match: float
    cosine: float
    length: int
    coverage: float
    passages: Numbers
    passage_scores: Floats


@dataclass(frozen=True)
class Retriever:
    """The parts of an index that answer "where does it say that?"; they are only read, so threads may share them."""

    encoder: Encoder
    collection: Collection
    dense: Dense
    lexical: Lexical
    tokens: TokenStore
    vector_means: LanguageMeans
    token_means: LanguageMeans

    def retrieve(self, question: str, language: str) -> Evidence:
        """Rank the sentences and the passages of the collection for a question in `language`."""
        [encoding] = self.encoder.encode([fold(question) if is_chinese(language) else question], "query")
        vector = self.vector_means.centred(encoding.vector, language)
        nearest, _ = self.dense.search(vector, _CANDIDATES)
        worded, word_scores = self.lexical.search(question, _CANDIDATES)
        views = self._with_their_passages(np.union1d(nearest, worded))
        sentences, sentence_of_view = np.unique(self.collection.views[views, 0], return_inverse=True)
        passages, passage_of = np.unique(self.collection.passages[sentences], return_inverse=True)
        languages, language_of_view = np.unique(
            [primary(self.collection.view_languages[view]) for view in views.tolist()], return_inverse=True
        )
        # One group for each passage in each language.
        group_of_view = passage_of[sentence_of_view] * len(languages) + language_of_view
        groups, group_of_view = np.unique(group_of_view, return_inverse=True)

        matches = self.tokens.best_matches(self.token_means.centred(encoding.tokens, language), views).clip(0, 1)
        in_group = _max_by(group_of_view, matches)
        weights = _weights(self.encoder.rarity(encoding.ids), in_group, groups % max(1, len(languages)), len(passages))
        late = matches**_SHARPNESS @ weights
        words = np.zeros(len(views), np.float32)
        words[np.searchsorted(views, worded)] = word_scores
        words[languages[language_of_view] != primary(language)] = 0

        scores = _mean_by(sentence_of_view, _standardised(late, language_of_view))
        scores += _LEXICAL_WEIGHT * _standardised(_max_by(sentence_of_view, words))
        group_scores = _standardised(in_group**_SHARPNESS @ weights, groups % max(1, len(languages)))
        passage_scores = _mean_by(groups // max(1, len(languages)), group_scores)
        passage_scores += _LEXICAL_WEIGHT * _standardised(_max_by(passage_of[sentence_of_view], words))
        order = np.argsort(-scores, kind="stable")
        of_best = np.flatnonzero(sentence_of_view == order[0]) if len(order) else order
        passage_order = np.argsort(-passage_scores, kind="stable")
        best_in_passage = np.zeros(len(passages), np.int64)
        best_in_passage[passage_of[order[::-1]]] = sentences[order[::-1]]  # the best is written last
        return Evidence(
            sentences=sentences[order].astype(np.int64),
            scores=scores[order],
            match=float(late[of_best].max(initial=0)),
            cosine=float(self.dense.cosines(vector, views[of_best]).max(initial=0)),
            length=len(encoding.ids),
            coverage=self._coverage(question, int(sentences[order[0]])) if len(order) else 0.0,
            passages=best_in_passage[passage_order],
            passage_scores=passage_scores[passage_order],
        )

    def _with_their_passages(self, views: Numbers) -> Numbers:
        """Every view of every sentence of the passages that hold these views, ascending."""
        passages = np.unique(self.collection.passages[self.collection.views[views, 0]])
        sentences = _ranges(self.collection.passages, passages)
        return _ranges(self.collection.views[:, 0], sentences)

    def _coverage(self, question: str, sentence: int) -> float:
        asked = set(terms(question))
        found = [len(asked & set(terms(text))) for text in self.collection.texts_of(sentence)]
        return max(found, default=0) / max(1, len(asked))


def _weights(rarity: Floats, in_group: Floats, languages: NDArray[Any], passages: int) -> Floats:
    """How much each token of the question decides, float32 (tokens,), summing to 1.

    A token decides more the rarer it is in its language, and less the better every passage matches it: the name of
    the district says nothing about which sentence of its plan is meant. A single passage is no ground to judge by.

    Args:
        in_group: the best match of each token in each passage of each language, float32 (groups, tokens).
        languages: the language of each group, int (groups,).
    """
    weights = rarity.copy()
    if len(in_group):
        common = np.stack([in_group[languages == language].mean(axis=0) for language in np.unique(languages)])
        weights *= 1 - np.sqrt(common.max(axis=0) * (passages - 1) / passages)
    total: Floats = weights / max(float(weights.sum()), 1e-9)
    return total


def _ranges(sorted_keys: NDArray[np.int32], wanted: NDArray[Any]) -> Numbers:
    """Places in `sorted_keys` that hold one of the wanted keys, ascending."""
    starts = np.searchsorted(sorted_keys, wanted, "left")
    lengths = np.searchsorted(sorted_keys, wanted, "right") - starts
    offsets = np.cumsum(lengths) - lengths
    places: Numbers = np.repeat(starts - offsets, lengths) + np.arange(lengths.sum())
    return places.astype(np.int64)


def _standardised(values: Floats, groups: NDArray[Any] | None = None) -> Floats:
    """Values in standard deviations above their mean, within each group; 0 throughout where all are alike.

    The mean and variance of a group are drawn towards those of all values as if `_SMALL_GROUP` more were in it, so that
    the one document in a language can be compared with the many in another.
    """
    if not len(values) or values.std() < _ALIKE:
        return np.zeros_like(values)
    standardised: Floats = (values - values.mean()) / values.std()
    for group in [] if groups is None else np.unique(groups):
        of_group = groups == group
        share = of_group.sum() / (of_group.sum() + _SMALL_GROUP)
        inside = standardised[of_group]
        variance = share * inside.var() + (1 - share)
        if variance > _ALIKE:
            standardised[of_group] = (inside - share * inside.mean()) / np.sqrt(variance)
    return standardised


def _mean_by(groups: NDArray[Any], values: Floats) -> Floats:
    return (np.bincount(groups, values) / np.maximum(np.bincount(groups), 1)).astype(np.float32)


def _max_by(groups: NDArray[Any], values: Floats) -> Floats:
    """The greatest of each group's values, column by column."""
    greatest = np.full((groups.max(initial=-1) + 1, *values.shape[1:]), -np.inf, np.float32)
    np.maximum.at(greatest, groups, values)
    return greatest
