"""Rows of tables as HTML: what a document writes between bars, in cells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.documents import Citation
from index.segmentation import ROW
from page.html import escaped

_BAR = re.compile(r"(?<!\\)\|")


def cells(row: str) -> list[str]:
    """The cells of a row that is written "| so | and so |"; a bar behind a backslash is part of a cell.

    What doesn't begin with a bar, as a rendering may not, is one cell.
    """
    before, *found = _BAR.split(row.strip())
    if before:
        return [row]
    if found and not found[-1].strip():
        found.pop()
    return [cell.strip().replace(r"\|", ROW) for cell in found]


def rows_beside(citation: Citation, citations: Sequence[Citation]) -> list[Citation]:
    """The citations of the same table, its header first; none where they cannot be shown under their header."""
    rows = sorted(
        (other for other in citations if (other.document, other.table) == (citation.document, citation.table)),
        key=lambda row: row.start,
    )
    is_whole = citation.table is not None and len(rows) > 1 and rows[0].start == citation.table
    return rows if is_whole and all(row.rendering.strip().startswith(ROW) for row in rows) else []


def table_html(rows: Sequence[Citation], markers: Sequence[str]) -> str:
    """A table of its header and some of its rows, each ending in its marker."""
    header, *others = (cells(row.rendering) for row in rows)
    of_header, *of_others = markers
    columns = max(map(len, (header, *others)))
    head = _row(header, "th", columns, of_header)
    body = "".join(_row(each, "td", columns, marker) for each, marker in zip(others, of_others, strict=True))
    return f'<div class="said table" tabindex="0"><table><thead>{head}</thead><tbody>{body}</tbody></table></div>'


def row_html(row: str) -> str:
    """A row by itself, its cells beside each other."""
    spans = "".join(f"<span>{escaped(cell)} </span>" for cell in cells(row))
    return f'<span class="of-table">{spans}</span>'


def _row(texts: Sequence[str], tag: str, columns: int, marker: str) -> str:
    padded = [*texts, *[""] * (columns - len(texts))]
    scope = ' scope="col"' if tag == "th" else ""
    filled = "".join(f"<{tag}{scope}>{escaped(cell)}</{tag}>" for cell in padded[:-1])
    return f"<tr>{filled}<{tag}{scope}>{escaped(padded[-1])}{marker}</{tag}></tr>"
