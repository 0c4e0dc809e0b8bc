"""Tables: the rows that stand under a header, and the header that a row is read by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.collection import Collection
from index.segmentation import ROW, Role

_BLANK = re.compile(r"\n\s*\n")  # ends a table


def rows_under(header: int, collection: Collection) -> Iterator[int]:
    """The rows of the table that a header opens."""
    for row in collection.rows_behind(header):
        if collection.sentence(row).role is Role.HEADER or not _goes_on(row, collection):
            return
        yield row


def header_of(row: int, collection: Collection) -> int | None:
    """The header of the table that a row stands in; None where there is none, or the sentence is no row."""
    while collection.sentence(row).role is not Role.HEADER:
        if not row or not _goes_on(row, collection):
            return None
        row -= 1
    return row


def with_headers(chosen: Sequence[tuple[int, float]], collection: Collection) -> list[tuple[int, float]]:
    """Sentences with their scores, each table's header behind the first of its rows, if it does not stand before it.

    A header without a row is left out, unless it is all there is: it says what could be known, not what is.
    """
    headers = {number: header_of(number, collection) for number, _ in chosen}
    read_by = {header for number, header in headers.items() if header != number}
    complete: dict[int, float] = {}
    for number, score in chosen:
        header = headers[number]
        if header != number or number in read_by:
            complete.setdefault(number, score)
        if header is not None and header in read_by:
            complete.setdefault(header, score)
    return [*complete.items()] or [*chosen]


def _goes_on(row: int, collection: Collection) -> bool:
    """Whether a sentence is a row of a table that the sentence before it belongs to."""
    sentence, before = collection.sentence(row), collection.sentence(row - 1) if row else None
    if before is None or before.document != sentence.document:
        return False
    text = collection.document_of(row).text
    return (
        text.startswith(ROW, sentence.start)
        and text.startswith(ROW, before.start)
        and not _BLANK.search(text, before.end, sentence.start)
    )
