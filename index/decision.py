"""The decision to answer: how likely it is that the best sentence answers, by a logistic regression."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.announcing import announced
from index.asked_for import unmet, unoffered
from index.collection import Collection
from index.retriever import Evidence
from index.tables import header_of

SIGNALS = (
    "match",  # how well the best sentence is matched at all
    "passage match",  # how well its passage is
    "worst",  # how well even its least matched words are
    "verbatim",  # how much of the question stands in it in the same words
    "nowhere",  # how much of the question is matched nowhere in the documents
    "cosine",  # how near its vector is
    "passage cosine",  # how near the nearest of its passage's are
    "nearest",  # how many of the nearest of all are its passage's
    "known",  # how near a question is that it is known to answer
    "leaning",  # whether it is like the questions that its document is known to answer, or like those that it is not
    "coverage",  # the share of the question's words that stand in it
    "length",  # how long the question is (log tokens): long ones are never matched throughout
    "score",  # how far it stands out among all considered
    "ahead",  # how far the next three stay behind
    "passage",  # how far its passage stands out
    "passage ahead",  # how far the next three passages stay behind
    "words",  # how far its passage stands out by BM25 alone
    "strangers",  # how many of its names stand nowhere in the documents
    "unmet",  # whether it plainly does not offer the kind of answer asked for; 2 of a follow-up ("when?")
    "unoffered",  # how likely it is that it does not, by what the question's vector tells of the kind (log odds)
)
# What a signal means depends on where it was taken: each has a weight of its own, added to the first, in each of these.
SITUATIONS = (
    "always",
    "foreign",  # the best sentence has no text in the question's language: translations never match as well
    "known",  # it is known to answer some questions: then one like the question can be expected among them
    "alone",  # there is but one passage, so nothing stands out
    "few",  # there are a few, and it is not known to answer any: how far one stands out says less
)
_FEW = 40  # passages
_TELLING_MOST = 32  # sentences, of what is announced: a section can be a whole book
_STRANGERS = 2  # more say no more
_UNOFFERED = (-3.0, 4.0)  # log odds: more say no more
_CALIBRATION = Path(__file__).with_name("calibration.json")


@dataclass(frozen=True)
class Calibration:
    """The fitted parameters of the decision to answer; `benchmarks/fit.py` writes them.

    Attributes:
        weights: float64 (len(SITUATIONS), 1 + len(SIGNALS)); the first of each row is an intercept.
        threshold: the confidence from which a question is answered.
        margin: how far behind the best sentence, in standard deviations, another may stand and still be cited.
        most: how many sentences an answer cites at most.
    """

    weights: NDArray[np.float64]
    threshold: float
    margin: float
    most: int

    @classmethod
    @cache
    def shipped(cls) -> Calibration:
        """The one that this version comes with."""
        values = json.loads(_CALIBRATION.read_text("utf-8"))
        return cls(np.array(values["weights"], np.float64), values["threshold"], values["margin"], values["most"])


def signals(question: str, evidence: Evidence, collection: Collection) -> NDArray[np.float64]:
    """What the decision to answer rests on: 1 and the SIGNALS in each of SITUATIONS that holds, 0 in the others.

    Returns:
        float64 (len(SITUATIONS), 1 + len(SIGNALS)).
    """
    if not len(evidence.sentences):
        return np.zeros((len(SITUATIONS), 1 + len(SIGNALS)))
    scores, fit, best = evidence.scores, evidence.fit, int(evidence.sentences[0])
    offered = [text for number in _telling(best, evidence, collection) for text in collection.texts_of(number)]
    passages, known = len(evidence.passages), fit.known > 0
    situation = np.array([True, fit.foreign, known, passages == 1, 1 < passages <= _FEW and not known], np.float64)
    values = np.array(
        [
            1,
            fit.match,
            fit.passage_match,
            fit.worst,
            fit.verbatim,
            fit.nowhere,
            fit.cosine,
            fit.passage_cosine,
            fit.nearest,
            fit.known,
            fit.leaning,
            fit.coverage,
            math.log1p(fit.length),
            scores[0],
            _ahead(scores),
            evidence.passage_scores[0],
            _ahead(evidence.passage_scores),
            evidence.words,
            min(evidence.strangers, _STRANGERS),
            bool(unmet(question, offered)) * (2 if evidence.of_other else 1),
            min(max(unoffered(question, offered, evidence.asked_for), _UNOFFERED[0]), _UNOFFERED[1]),
        ],
        np.float64,
    )
    return np.outer(situation, values)


def _telling(best: int, evidence: Evidence, collection: Collection) -> list[int]:
    """The best sentence, a row with its table's header; and where it only announces, what fits best of what tells."""
    told_by = announced(best, collection) - {best}
    considered = evidence.sentences.tolist() if told_by else ()
    header = header_of(best, collection)
    read_by = [] if header in (None, best) else [header]
    return [best, *read_by, *islice((number for number in considered if number in told_by), _TELLING_MOST)]


def _ahead(scores: NDArray[np.float32]) -> float:
    """How far the best of some scores, best first, is ahead of the next three."""
    return float(scores[0] - scores[1:4].mean()) if len(scores) > 1 else 0.0


def confidence(values: NDArray[np.float64], calibration: Calibration) -> float:
    """Probability that the best sentence answers: a logistic regression on what `signals` gives; 0 of nothing."""
    return 0.0 if not values.any() else 1 / (1 + math.exp(-float((values * calibration.weights).sum())))
