"""Questions about a document itself, answered from its title, headings and record, and cited as such."""

from __future__ import annotations

from dataclasses import replace

from index.citing import answered, cite, refusal
from index.collection import Collection
from index.documents import Answer, Citation, Document
from index.phrases import phrase
from index.scope import about
from index.script import convert, is_chinese
from index.segmentation import Role, segment
from index.spread import spread

_MOST_DOCUMENTS = 8  # whose contents are told in one answer,
_MOST_LINES = 40  # in so many lines
_OPENING = 16  # sentences of a document that may say what its record holds
_CERTAIN = 1.0
_UNKNOWN = "not stated"  # how a record begins that says why something is not known


def about_itself(question: str, whole: str, language: str, collection: Collection) -> Answer | None:
    """The answer to "what is this document about?", "who wrote it?" and their like; None to any other question.

    Args:
        question: as it was asked.
        whole: made whole from the turns before it.
    """
    asked = about(whole)
    if asked is None or not collection.documents:
        return None
    if asked == "contents":
        return _contents(question, language, collection)
    if len(collection.documents) > 1:
        return None
    [document] = collection.documents
    record = _record(asked, document, language)
    if asked == "title" and not record:
        if len(collection.sentences) and (rows := collection.title_rows(0)):
            return answered(question, language, _CERTAIN, [cite(collection, row, 0.0, language) for row in rows])
        record = document.title
    if not record:
        return None
    if document.metadata.get(asked, "").startswith(_UNKNOWN):
        return refusal(question, language, 0.0, record)
    citation = _cited_for(asked, document, language, collection)
    if not citation:
        return None
    note = phrase("known", language)
    return answered(question, language, _CERTAIN, [replace(citation, rendering=record, rendering_note=note)])


def _record(asked: str, document: Document, language: str) -> str:
    """What the document's metadata holds under a name, in `language` if it can be had."""
    scripts = ("zh-Hant", "zh-Hans") if is_chinese(language) else ()
    for script in (language, *scripts):
        if value := document.metadata.get(f"{asked}.{script}"):
            return convert(value, language) if is_chinese(script) else value
    value = document.metadata.get(asked, "")
    if value.startswith(_UNKNOWN):
        reason = value.partition(":")[2].strip()
        return reason[:1].upper() + reason[1:] + "." * (not reason.endswith(".")) if reason else value
    return value


def _contents(question: str, language: str, collection: Collection) -> Answer | None:
    """The title and headings of each document, some where they are many; of one without headings its first line."""
    count = len(collection.documents)
    if count > _MOST_DOCUMENTS:
        return None
    numbers: list[int] = []
    for document in range(count):
        rows = range(*collection.rows_of(document))
        headings = [row for row in rows if collection.sentence(row).role in (Role.TITLE, Role.HEADING)]
        numbers += headings[spread(len(headings), _MOST_LINES / count)] or rows[:1]
    if not numbers:
        return None
    return answered(question, language, _CERTAIN, [cite(collection, number, 0.0, language) for number in numbers])


def _cited_for(asked: str, document: Document, language: str, collection: Collection) -> Citation | None:
    """The line a record rests on: the credit line for the editor; for anything else one that has it, or the first."""
    if not len(collection.sentences):
        return None
    said = document.metadata.get(asked, "")
    opening = range(min(_OPENING, len(collection.sentences)))
    line = next((number for number in opening if said and said in collection.quote(number)), 0)
    first = cite(collection, line, 0.0, language)
    if asked != "editor":
        return first
    lines = [piece for piece in segment(document.text, document.headings) if piece.role is Role.CREDIT]
    if not lines:
        return None
    start, end = lines[-1].start, lines[-1].end
    return replace(first, section="", start=start, end=end, quote=document.text[start:end])
