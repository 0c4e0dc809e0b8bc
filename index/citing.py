"""Citations, and the answers that are made of them: a sentence as it is quoted, rendered and placed."""

from __future__ import annotations

from collections.abc import Sequence

from index.collection import Collection
from index.documents import Answer, Citation
from index.phrases import LANGUAGES, phrase
from index.script import convert, is_chinese
from index.segmentation import unmarked
from index.tables import header_of


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
    header = header_of(number, collection)
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
        table=None if header is None else collection.sentence(header).start,
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
