"""Question -> Answer, of one retriever: how a question is taken, what is found for it, what is made of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from index.about import about_itself
from index.answer import compose
from index.citing import answer_language, greeting
from index.collection import Collection
from index.conversation import (
    MAX_QUESTION,
    Reading,
    Turn,
    as_asked,
    checked_question,
    is_greeting,
    language_asked,
    readings,
)
from index.coordination import each_topic
from index.decision import Calibration, confidence, signals
from index.documents import Answer
from index.message import taken_apart
from index.retriever import Evidence, Retriever
from index.scope import parts
from index.script import fold, language_of
from index.segmentation import Role
from index.suggestions import suggested
from index.trace import lap

_UNRELATED = 0.005  # confidence below which nothing at all fits a question
_SURE = 0.6  # confidence from which a question is taken in another than the likeliest way, which has no answer
_CLEAR = 0.95  # confidence from which the topics of a question are not looked for apart: little is to be gained
_MORE = 3.0  # standard deviations from which a sentence of the same passage is more of what was told
_TOLD = 50  # best sentences among which those that were told already are looked for


def understood(retriever: Retriever, question: str, history: Sequence[Turn]) -> Reading:
    """The way to take a question after the turns before it, within the limit.

    The likeliest way is taken, unless only another is answered: surely, or by the very sentence that fits the likeliest
    best. Where nothing at all fits that, the turn before is no help: the question is about something else.

    Raises:
        QuestionError: the question or the history cannot be taken.
    """
    return taken(retriever, as_meant(retriever, question), history)[0]


def taken(retriever: Retriever, question: str, history: Sequence[Turn]) -> tuple[Reading, Evidence | None]:
    """What `understood` says, and what was found so, where that had to be looked up.

    Args:
        question: as `as_meant` gives it.
    """
    first, *others = (_made_whole(retriever, reading, question) for reading in readings(question, history))
    if not others:
        return first, None
    found = retrieved(retriever, first, history)
    fits = _confidence(retriever, first, found)
    threshold = Calibration.shipped().threshold
    if fits >= threshold:
        return first, found
    for other in others:
        if fits < _UNRELATED and other.searched not in question:
            continue
        evidence = retrieved(retriever, other, history)
        agree = bool(np.array_equal(found.sentences[:1], evidence.sentences[:1]))
        if _confidence(retriever, other, evidence) < (threshold if agree else _SURE):
            continue
        if other.instead:
            before = retriever.retrieve(as_asked(other.instead), language_of(other.instead))
            if before.sentences[0] == evidence.sentences[0]:
                continue
        return other, evidence
    return first, found


def _confidence(retriever: Retriever, reading: Reading, evidence: Evidence) -> float:
    return confidence(signals(reading.asked, evidence, retriever.collection), Calibration.shipped())


def as_meant(retriever: Retriever, question: str) -> str:
    """A question as it is searched, its mistyped words corrected.

    Raises:
        QuestionError: it cannot be taken.
    """
    return retriever.corrected(checked_question(question))[:MAX_QUESTION]


def _made_whole(retriever: Retriever, reading: Reading, question: str) -> Reading:
    """A reading within the limit; what it has of the turns before is corrected, as the question is already."""

    def whole(text: str) -> str:
        return text if text in question else retriever.corrected(text[-MAX_QUESTION:])[-MAX_QUESTION:]

    return replace(
        reading, searched=whole(reading.searched), asked=whole(reading.asked), instead=whole(reading.instead)
    )


def retrieved(retriever: Retriever, reading: Reading, history: Sequence[Turn]) -> Evidence:
    """What is found for a question; where it asks what else there is, what was not told yet of the same matter."""
    language, searched = language_of(reading.searched), as_asked(reading.searched)
    evidence = retriever.retrieve(searched, language, kind_of=as_asked(reading.asked))
    if not reading.goes_on:
        return evidence
    answers = fold("\n".join(answer for _, answer in history))
    told = [
        number
        for number in evidence.sentences[:_TOLD].tolist()
        if retriever.collection.sentence(number).role is not Role.BODY
        or any(fold(text) in answers for text in retriever.collection.texts_of(number))
    ]
    if not told:
        return evidence
    rest = retriever.retrieve(searched, language, told, as_asked(reading.asked))
    passages = retriever.collection.passages
    same = len(rest.sentences) and passages[rest.sentences[0]] == passages[evidence.sentences[0]]
    return (
        rest
        if same and rest.scores[0] >= _MORE
        else replace(rest, sentences=rest.sentences[:0], scores=rest.scores[:0])
    )


def ask(retriever: Retriever, question: str, history: Sequence[Turn], reader: str) -> tuple[Answer, Sequence[Evidence]]:
    """The answer to a question, and what was retrieved for each of its parts."""
    typed = checked_question(question)
    language = answer_language(language_asked(typed, history, reader), retriever.collection)
    asked = as_meant(retriever, typed)
    if is_greeting(asked):
        telling = sorted(retriever.collection.answering)
        ideas = suggested(telling[:: max(1, len(telling) // 3)], language, retriever.collection)  # spread over all
        return replace(greeting(question, language), understood=asked, suggestions=ideas), ()
    reading, evidence = taken(retriever, asked, history)
    if answer := about_itself(question, reading.searched, language, retriever.collection):
        return replace(answer, understood=reading.whole), ()
    several = parts(reading.searched) if reading.searched in asked else ()
    if len(several) > 1:
        found = _each(retriever, several, language_of(asked))
    else:
        evidence = evidence or retrieved(retriever, reading, history)
        found = _topics_apart(retriever, reading, evidence) or [(reading.asked, evidence)]
    answer = compose(question, language, found, retriever.collection)
    lap("compose")
    related = _related(answer, found[0][1], retriever.collection)
    known = [question, reading.searched, *(before for before, _ in history)]
    suggestions = suggested(related, language, retriever.collection, known)
    lap("suggest")
    answer = replace(answer, understood=reading.whole, suggestions=suggestions)
    return answer, [each for _, each in found]


def _each(retriever: Retriever, questions: Sequence[str], language: str) -> list[tuple[str, Evidence]]:
    return [(each, retriever.retrieve(as_asked(each), language)) for each in questions]


def _topics_apart(retriever: Retriever, reading: Reading, evidence: Evidence) -> list[tuple[str, Evidence]]:
    """What is found for each topic of a question that names several; nothing where it is better asked as it is.

    It is better asked topic by topic where that is answered more surely, and each by a sentence of its own. One topic
    may be left open, if what is found for the whole question tells of another.
    """
    topics = each_topic(taken_apart(reading.searched).ways[-1])
    sure = _confidence(retriever, reading, evidence) if topics else 1.0
    if sure >= _CLEAR:
        return []
    found = _each(retriever, topics, language_of(reading.searched))
    fits = [_confidence(retriever, Reading(topic, topic), each) for topic, each in found]
    threshold = Calibration.shipped().threshold
    told = {int(each.sentences[0]): fit for (_, each), fit in zip(found, fits, strict=True) if fit >= threshold}
    one_open = len(told) == len(topics) - 1 and sure >= threshold and int(evidence.sentences[0]) in told
    apart = len(told) == len(topics) or one_open
    return found if apart and float(np.mean(list(told.values()))) >= sure else []


def _related(answer: Answer, evidence: Evidence, collection: Collection) -> list[int]:
    """Sentences to go on from, best first: of an answer, those it leaves uncited, the first one's section leading."""
    ranked: list[int] = evidence.sentences.tolist()
    if not answer.answered:
        return ranked
    cited = {(citation.document, citation.start) for citation in answer.citations}
    section = collection.sections[ranked[0]]
    others = [
        n
        for n in ranked
        if n in collection.answering and (collection.document_of(n).id, collection.sentence(n).start) not in cited
    ]
    return sorted(others, key=lambda number: bool(collection.sections[number] != section))
