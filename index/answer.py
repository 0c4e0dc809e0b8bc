"""Evidence -> Answer: which sentences are cited, or a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from index.announcing import announced, is_asked
from index.asked_for import unmet, unoffered
from index.citing import answered, cite, refusal
from index.collection import Collection
from index.decision import Calibration, confidence, signals
from index.documents import Answer, Citation
from index.retriever import Evidence
from index.scope import is_broad
from index.segmentation import Role
from index.selection import MOST, Selection, features
from index.tables import header_of, with_headers

_THEME_MARGIN = 2.0  # standard deviations behind the best that a sentence on the same theme may stand
_THEME_MOST = 12  # sentences that answer a broad question
_HEADINGS_AMONG = 3  # sentences that fit best: a broad question that finds a heading there asks for its section,
_OPENING_MARGIN = 1.6  # unless its opening line is ahead of it by so much,
_LINE_MARGIN = 0.4  # or any other line: then that one is the theme
_ROW_MARGIN = 0.25  # standard deviations behind the best row of a table: all share the header that a question names
_NEARBY = 3  # sentences shown with a refusal


def compose(question: str, language: str, found: Sequence[tuple[str, Evidence]], collection: Collection) -> Answer:
    """The answer in `language`, one of those that `answer_language` gives.

    Args:
        question: as it was asked.
        found: the question as it was searched and its evidence; several where it asks several things.
    """
    calibration = Calibration.shipped()
    chosen: dict[int, float] = {}
    likely: list[float] = []
    unlikely: dict[str, float] = {}
    for asked, evidence in found:
        probability = confidence(signals(asked, evidence, collection), calibration)
        if probability < calibration.threshold:
            unlikely[asked] = probability
            continue
        likely.append(probability)
        for number, score in with_headers(_chosen(asked, evidence, collection, calibration), collection):
            chosen.setdefault(number, score)
    if not likely:
        return refusal(
            question,
            language,
            max(unlikely.values(), default=0.0),
            nearby=_nearby(found, collection, language),
            documents=len(collection.documents),
        )
    citations = [cite(collection, number, score, language) for number, score in chosen.items()]
    return answered(question, language, float(np.mean(likely)), citations, tuple(unlikely))


def _nearby(found: Sequence[tuple[str, Evidence]], collection: Collection, language: str) -> list[Citation]:
    """The sentences that come nearest to a question, or to the parts of it in turn, headings and titles left out."""
    near: dict[int, float] = {}
    ranked = (zip(evidence.sentences.tolist(), evidence.scores.tolist(), strict=True) for _, evidence in found)
    for row in zip_longest(*ranked):
        for number, score in filter(None, row):
            if collection.sentence(number).role is Role.BODY:
                near.setdefault(number, score)
        if len(near) >= _NEARBY:
            break
    return [cite(collection, number, score, language) for number, score in list(near.items())[:_NEARBY]]


def _chosen(
    asked: str, evidence: Evidence, collection: Collection, calibration: Calibration
) -> list[tuple[int, float]]:
    """The sentences to cite with their scores: the best few; or a section or list, in the document's order."""
    scored = list(zip(evidence.sentences.tolist(), evidence.scores.tolist(), strict=True))
    if not is_broad(asked):
        told_by = announced(scored[0][0], collection)
        if told := [pair for pair in scored if pair[0] in told_by]:
            asks = scored[:1] if is_asked(scored[0][0], collection) else []  # what "A: No." is said to
            return (sorted(told) if len(told) <= _THEME_MOST else told[: calibration.most]) + asks
        beginning = beginning_of(asked, evidence, collection)
        first = scored[: MOST + calibration.most]  # the beginning is among these, and so is all that comes behind it
        table = header_of(scored[0][0], collection)
        near = [
            (number, score)
            for number, score in first
            if number == beginning or score >= scored[0][1] - (calibration.margin if table is None else _ROW_MARGIN)
        ]
        return sorted(near, key=lambda pair: pair[0] != beginning)[: calibration.most]
    best, highest = scored[0]
    headings = [
        number
        for number, score in scored[:_HEADINGS_AMONG]
        if collection.sentence(number).role is Role.HEADING
        and score >= highest - (_OPENING_MARGIN if best == number + 1 else _LINE_MARGIN)
    ]
    if not headings:
        near = [(number, score) for number, score in scored if score >= highest - _THEME_MARGIN]
        lines = [pair for pair in near if collection.sentence(pair[0]).role is not Role.HEADING]
        return (lines or near)[:_THEME_MOST]
    section = collection.sections[headings[0]]
    return sorted(pair for pair in scored if collection.sections[pair[0]] == section)[:_THEME_MOST]


def beginning_of(asked: str, evidence: Evidence, collection: Collection) -> int:
    """The number of the sentence that an answer begins with: of the passage of the best, the one that answers.

    The decision to answer looks at the best alone: of a number that is not given, too, some sentence has one. A row of
    a table tells all that its header names, so an answer begins with the row that fits best.
    """
    best = int(evidence.sentences[0])
    if header_of(best, collection) is not None:
        return best
    chosen = Selection.shipped().chosen(beside_the_best(asked, evidence, collection))
    return int(evidence.matched.sentences[chosen])


def beside_the_best(asked: str, evidence: Evidence, collection: Collection) -> NDArray[np.float64]:
    """What is known of each of `evidence.matched`, float64 (candidates, len(selection.FEATURES))."""
    matched, fit = evidence.matched, evidence.fit
    offers = np.empty((len(matched.sentences), 2), np.float32)
    for place, number in enumerate(matched.sentences.tolist()):
        texts = collection.texts_of(number)
        offers[place] = bool(unmet(asked, texts)), unoffered(asked, texts, evidence.asked_for)
    return features(matched, offers, fit.foreign, fit.known > 0)
