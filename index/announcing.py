"""What only announces: a heading, "as follows:", a line that asks, a table's header; and what tells instead."""

from __future__ import annotations

from index.collection import Collection
from index.segmentation import ANNOUNCING, ASKING, Role, is_item, is_listed
from index.tables import rows_under


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
    if is_asked(number, collection):
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


def is_asked(number: int, collection: Collection) -> bool:
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
        if next_.role is not Role.BODY or parted or is_asked(row, collection):
            break
        replies.add(row)
        end = next_.end
    return replies
