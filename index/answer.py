"""Evidence -> Answer: which sentences answer, or a refusal."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.asked_for import KINDS, unmet
from index.collection import Collection
from index.documents import Answer, Citation
from index.phrases import LANGUAGES, phrase
from index.retriever import Evidence
from index.script import convert, is_chinese

SIGNALS = (
    "match",  # how well the best sentence is matched at all
    "cosine",  # how near its vector is
    "length",  # how long the question is (log tokens): long ones are never matched throughout
    "score",  # how far it stands out among all considered
    "lead",  # how far the next three stay behind
    "coverage",  # the share of the question's words that stand in it
    *(f"no {kind}" for kind in KINDS),  # asked for, and not in it
)
_CALIBRATION = Path(__file__).with_name("calibration.json")


@dataclass(frozen=True)
class Calibration:
    """The fitted parameters of the decision to answer; `benchmarks/fit.py` writes them.

    Attributes:
        weights: an intercept, then one for each of SIGNALS.
        threshold: the confidence from which a question is answered.
        margin: how far behind the best sentence, in standard deviations, another may stand and still be cited.
        most: how many sentences an answer cites at most.
    """

    weights: tuple[float, ...]
    threshold: float
    margin: float
    most: int

    @classmethod
    @cache
    def shipped(cls) -> Calibration:
        values = json.loads(_CALIBRATION.read_text("utf-8"))
        return cls(tuple(values["weights"]), values["threshold"], values["margin"], values["most"])


def signals(question: str, evidence: Evidence, collection: Collection) -> NDArray[np.float64]:
    """What the decision to answer rests on, float64 (len(SIGNALS),), in the order of SIGNALS."""
    if not len(evidence.sentences):
        return np.zeros(len(SIGNALS))
    scores, best = evidence.scores, int(evidence.sentences[0])
    lead = float(scores[0] - scores[1:4].mean()) if len(scores) > 1 else 0.0
    kinds = unmet(question, collection.texts_of(best))
    return np.array(
        [evidence.match, evidence.cosine, math.log1p(evidence.length), scores[0], lead, evidence.coverage, *kinds],
        np.float64,
    )


def confidence(values: NDArray[np.float64], calibration: Calibration) -> float:
    """Probability that the best sentence answers: a logistic regression on the signals."""
    intercept, *weights = calibration.weights
    return 1 / (1 + math.exp(-intercept - float(values @ np.array(weights))))


def compose(question: str, whole: str, language: str, evidence: Evidence, collection: Collection) -> Answer:
    """The answer in `language`, one of those that `answer_language` gives.

    Args:
        question: as it was asked.
        whole: as it was searched, made whole from the turns before it.
    """
    calibration = Calibration.shipped()
    probability = confidence(signals(whole, evidence, collection), calibration) if len(evidence.sentences) else 0.0
    if probability < calibration.threshold:
        return Answer(question, False, phrase("refusal", language), language, probability, (), "")
    chosen = [
        (number, score)
        for number, score in zip(evidence.sentences.tolist(), evidence.scores.tolist(), strict=True)
        if score >= evidence.scores[0] - calibration.margin
    ][: calibration.most]
    citations = tuple(_citation(collection, number, score, language) for number, score in chosen)
    lines = [f"{citation.rendering} [{number}]" for number, citation in enumerate(citations, start=1)]
    sources = [f"{phrase('sources', language)}:"]
    for number, citation in enumerate(citations, start=1):
        place = f" > {citation.section}" if citation.section and citation.section != citation.quote else ""
        note = f" ({citation.rendering_note})" if citation.rendering_note else ""
        sources.append(f"[{number}] {citation.quote}\n    {citation.title}{place}{note}")
    return Answer(question, True, "\n\n".join(lines), language, probability, citations, "\n".join(sources))


def answer_language(asked_in: str, collection: Collection) -> str:
    """The language to answer in: the question's own if it can be had, else English.

    A Chinese question whose every character belongs to both scripts is answered in the script of the documents.
    """
    if asked_in == "zh":
        return next((language for language in collection.languages if language in LANGUAGES[1:]), "zh-Hans")
    spoken = {*LANGUAGES, *collection.renderings, *collection.languages}
    return asked_in if asked_in in spoken else "en"


def _citation(collection: Collection, number: int, score: float, language: str) -> Citation:
    sentence = collection.sentence(number)
    document = collection.document_of(number)
    quote = collection.quote(number)
    rendering, note = _rendered(collection, number, language)
    return Citation(
        document=document.id,
        title=document.title or document.id,
        section=collection.section_of(number).heading,
        start=sentence.start,
        end=sentence.end,
        quote=quote,
        rendering=rendering,
        rendering_note=note,
        score=score,
    )


def _rendered(collection: Collection, number: int, language: str) -> tuple[str, str]:
    """A sentence in `language`, and whose rendering that is."""
    quote = collection.quote(number)
    document = collection.document_of(number)
    own = collection.languages[collection.sentences[number, 0]]
    if own == language:
        return quote, ""
    if rendering := collection.rendering(number, language):
        return rendering, document.rendering_notes.get(language) or phrase("rendered", language)
    if is_chinese(own) and is_chinese(language):
        converted = convert(quote, language)
        return converted, phrase("converted", language) if converted != quote else ""
    return quote, phrase("unrendered", language)
