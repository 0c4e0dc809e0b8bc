"""Evidence -> Answer: which sentences answer, or a refusal."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, zip_longest
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.asked_for import unmet, unoffered
from index.collection import Collection
from index.documents import Answer, Citation
from index.phrases import LANGUAGES, phrase
from index.retriever import Evidence
from index.scope import is_broad
from index.script import convert, is_chinese
from index.segmentation import ANNOUNCING, ASKING, Role, is_item, is_listed, unmarked
from index.selection import MOST, Selection, features
from index.tables import rows_under, with_headers

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
    "lead",  # how far the next three stay behind
    "passage",  # how far its passage stands out
    "passage lead",  # how far the next three passages stay behind
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
_THEME_MARGIN = 2.0  # standard deviations behind the best that a sentence on the same theme may stand
_THEME_MOST = 12  # sentences that answer a broad question
_HEADINGS_AMONG = 3  # sentences that fit best: a broad question that finds a heading there asks for its section,
_HEADING_MARGIN = 1.6  # unless the best sentence is ahead of it by so much: then that one is the theme
_TELLING_MOST = 32  # sentences, of what is announced: a section can be a whole book
_STRANGERS = 2  # more say no more
_UNOFFERED = (-3.0, 4.0)  # log odds: more say no more
_NEARBY = 3  # sentences shown with a refusal
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
            _lead(scores),
            evidence.passage_scores[0],
            _lead(evidence.passage_scores),
            evidence.words,
            min(evidence.strangers, _STRANGERS),
            bool(unmet(question, offered)) * (2 if evidence.of_other else 1),
            min(max(unoffered(question, offered, evidence.asked_for), _UNOFFERED[0]), _UNOFFERED[1]),
        ],
        np.float64,
    )
    return np.outer(situation, values)


def _telling(best: int, evidence: Evidence, collection: Collection) -> list[int]:
    """The best sentence, and where it only announces, what fits best of that which tells."""
    told_by = announced(best, collection) - {best}
    considered = evidence.sentences.tolist() if told_by else ()
    return [best, *islice((number for number in considered if number in told_by), _TELLING_MOST)]


def _lead(scores: NDArray[np.float32]) -> float:
    """How far the best of some scores, best first, is ahead of the next three."""
    return float(scores[0] - scores[1:4].mean()) if len(scores) > 1 else 0.0


def confidence(values: NDArray[np.float64], calibration: Calibration) -> float:
    """Probability that the best sentence answers: a logistic regression on what `signals` gives; 0 of nothing."""
    return 0.0 if not values.any() else 1 / (1 + math.exp(-float((values * calibration.weights).sum())))


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


def refusal(
    question: str,
    language: str,
    probability: float,
    known: str = "",
    nearby: Sequence[Citation] = (),
    documents: int = 1,
) -> Answer:
    """The answer that the documents, so many, do not say.

    Args:
        known: what is known of the matter.
        nearby: what comes near.
    """
    text = " ".join(filter(None, [phrase("refusal of several" if documents > 1 else "refusal", language), known]))
    return Answer(question, False, text, language, probability, (), "", nearby=tuple(nearby))


def greeting(question: str, language: str) -> Answer:
    """What is said to somebody who has asked nothing yet."""
    return Answer(question, False, phrase("greeting", language), language, 0.0, (), "")


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


def answered(
    question: str, language: str, probability: float, citations: Sequence[Citation], left_out: Sequence[str] = ()
) -> Answer:
    """An answer that consists of its citations; `left_out` are the parts of the question that have none."""
    lines = [f"{citation.rendering} [{number}]" for number, citation in enumerate(citations, start=1)]
    lines += [f"{phrase('left out', language)} {part}" for part in left_out]
    sources = [f"{phrase('sources', language)}:"]
    for number, citation in enumerate(citations, start=1):
        place = f" > {citation.section}" if citation.section and not citation.is_heading else ""
        note = f" ({citation.rendering_note})" if citation.rendering_note else ""
        sources.append(f"[{number}] {citation.quote}\n    {citation.title}{place}{note}")
    return Answer(
        question,
        True,
        "\n\n".join(lines),
        language,
        probability,
        tuple(citations),
        "\n".join(sources),
        tuple(left_out),
    )


def _chosen(
    asked: str, evidence: Evidence, collection: Collection, calibration: Calibration
) -> list[tuple[int, float]]:
    """The sentences to cite with their scores: the best few; or a section or list, in the document's order."""
    scored = list(zip(evidence.sentences.tolist(), evidence.scores.tolist(), strict=True))
    if not is_broad(asked):
        told_by = announced(scored[0][0], collection)
        if told := [pair for pair in scored if pair[0] in told_by]:
            asks = scored[:1] if _is_asked(scored[0][0], collection) else []  # what "A: No." is said to
            return (sorted(told) if len(told) <= _THEME_MOST else told[: calibration.most]) + asks
        lead = lead_of(asked, evidence, collection)
        first = scored[: MOST + calibration.most]  # the lead is among these, and so is all that comes behind it
        near = [pair for pair in first if pair[1] >= scored[0][1] - calibration.margin or pair[0] == lead]
        return sorted(near, key=lambda pair: pair[0] != lead)[: calibration.most]
    headings = [
        number
        for number, score in scored[:_HEADINGS_AMONG]
        if score >= scored[0][1] - _HEADING_MARGIN and collection.sentence(number).role is Role.HEADING
    ]
    if not headings:
        return [pair for pair in scored if pair[1] >= scored[0][1] - _THEME_MARGIN][:_THEME_MOST]
    section = collection.sections[headings[0]]
    return sorted(pair for pair in scored if collection.sections[pair[0]] == section)[:_THEME_MOST]


def announced(number: int, collection: Collection) -> set[int]:
    """What tells, of a sentence that only announces it; else nothing.

    A heading on a line of its own announces the sentences under it; "as follows:" itself and the list that comes next;
    a question that is a line the paragraph behind it, up to the next such question; a table's header itself and its
    rows.
    """
    sentence, document = collection.sentence(number), collection.document_of(number)
    if sentence.role is Role.HEADING:
        return set(collection.told_under(number)) if document.headings == "lines" else set()
    if sentence.role is Role.HEADER:
        return {number, *rows_under(number, collection)}
    if _is_asked(number, collection):
        return _replies(number, collection)
    listed: set[int] = set()
    end = sentence.end
    for row in collection.rows_behind(number) if collection.quote(number).endswith(ANNOUNCING) else ():
        quote, next_ = collection.quote(row), collection.sentence(row)
        breaks = document.text[end : next_.start].count("\n") if listed else 1
        goes_on = breaks == 0 or is_item(quote) or (breaks == 1 and is_listed(quote))
        if next_.role is not Role.BODY or not goes_on:
            break
        listed.add(row)
        end = next_.end
    return {number, *listed} if listed else set()


def _is_asked(number: int, collection: Collection) -> bool:
    """Whether a sentence of the body is a line that asks, as in a list of questions and answers.

    Not so a question inside a paragraph, or one in quotation marks: what comes behind those need not answer them.
    """
    sentence, text = collection.sentence(number), collection.document_of(number).text
    if sentence.role is not Role.BODY or not text.endswith(ASKING, sentence.start, sentence.end):
        return False
    line_end = text.find("\n", sentence.end)
    before = text[text.rfind("\n", 0, sentence.start) + 1 : sentence.start]
    return line_end >= 0 and not before.strip() and not text[sentence.end : line_end].strip()


def _replies(number: int, collection: Collection) -> set[int]:
    """The sentences of the paragraph behind a question, up to the next question that is a line."""
    text, end = collection.document_of(number).text, collection.sentence(number).end
    replies: set[int] = set()
    for row in collection.rows_behind(number):
        next_ = collection.sentence(row)
        parted = bool(replies) and text[end : next_.start].count("\n") > 1
        if next_.role is not Role.BODY or parted or _is_asked(row, collection):
            break
        replies.add(row)
        end = next_.end
    return replies


def lead_of(asked: str, evidence: Evidence, collection: Collection) -> int:
    """The number of the sentence that an answer begins with: of the passage of the best, the one that answers.

    The decision to answer looks at the best alone: of a number that is not given, too, some sentence has one.
    """
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


def answer_language(asked_in: str, collection: Collection) -> str:
    """The language to answer in: the question's own if it can be had, else English.

    A Chinese question whose every character belongs to both scripts is answered in the script of the documents.
    """
    if asked_in == "zh":
        return next((language for language in collection.languages if language in LANGUAGES[1:]), "zh-Hans")
    return asked_in if asked_in in LANGUAGES or asked_in in collection.spoken else "en"


def cite(collection: Collection, number: int, score: float, language: str) -> Citation:
    """A sentence as it is cited in an answer in `language`."""
    sentence = collection.sentence(number)
    document = collection.document_of(number)
    quote = collection.quote(number)
    rendering, note = _rendered(collection, number, language)
    title = document.title or document.id
    return Citation(
        document=document.id,
        title=title,
        section=collection.section_of(number).heading,
        start=sentence.start,
        end=sentence.end,
        quote=quote,
        rendering=rendering,
        rendering_note=note,
        score=score,
        title_rendering=_joined(collection, collection.title_rows(number), language) or title,
        section_rendering=_joined(collection, collection.heading_rows(number), language),
    )


def _joined(collection: Collection, numbers: Sequence[int], language: str) -> str:
    return " ".join(unmarked(_rendered(collection, number, language)[0]) for number in numbers)


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
