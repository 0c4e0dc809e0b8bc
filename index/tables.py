"""Tables: the rows that stand under a header, and the header that a row is read by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from index.collection import Collection
from index.segmentation import ROW

_BREAKS = r"\n\v\f\r\x1c-\x1e\x85\u2028\u2029"  # what ends a line, as `str.splitlines` has it
_END = re.compile(rf"(?>\r\n|[{_BREAKS}])(?![^\S{_BREAKS}]*{re.escape(ROW)})")  # of a table: a line that is no row
_headers: WeakKeyDictionary[Collection, NDArray[np.int32]] = WeakKeyDictionary()


def rows_under(header: int, collection: Collection) -> range:
    """The rows of the table that a header opens."""
    behind = collection.rows_behind(header)
    headers = collection.headers
    next_ = int(np.searchsorted(headers, header, side="right"))
    last = min(behind.stop, int(headers[next_])) if next_ < len(headers) else behind.stop
    starts = collection.sentences[behind.start : last, 1]
    return behind[: int(np.searchsorted(starts, np.int32(_end_of(header, collection))))]


def headers_of(collection: Collection) -> NDArray[np.int32]:
    """The header of the table that each sentence stands in, a header its own; -1 for no table. int32 (sentences,).

    Each table is read to its end for it, so it is kept for as long as the collection is.
    """
    headers = _headers.get(collection)
    if headers is None:
        headers = np.full(len(collection.sentences), -1, np.int32)
        for header in collection.headers.tolist():
            rows = rows_under(header, collection)
            headers[header] = headers[rows.start : rows.stop] = header
        _headers[collection] = headers
    return headers


def header_of(row: int, collection: Collection) -> int | None:
    """The header of the table that a row stands in; None where there is none, or the sentence is no row."""
    if not len(collection.headers):
        return None
    header = int(headers_of(collection)[row])
    return header if header >= 0 else None


def _end_of(header: int, collection: Collection) -> int:
    """Where the table that a header opens ends in its document's text."""
    text = collection.document_of(header).text
    end = _END.search(text, collection.sentence(header).end)
    return end.start() if end else len(text)


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
