"""Rows of tables on the page: under their header, in cells."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from index import Document, Index
from index.collection import Collection
from index.documents import Answer, Citation
from page.answer import answer_html
from page.answers import Given
from page.document import document_html
from page.tables import cells, rows_beside

TEXT = """# Pool

| Day | Opens | Closes |
|---|---|---|
| Monday | 07:00 | 21:00 |
| Sunday | 10:00 | 16:00 <b> |

| Ticket | Price |
|---|---|
| Single | 5.50 |

Dogs stay outside.
"""


def cited(quote: str, table: int | None, document: str = "pool") -> Citation:
    start = TEXT.index(quote)
    return Citation(document, "Pool", "", start, start + len(quote), quote, quote, "", 1.0, table=table)


DAYS, TICKETS = TEXT.index("| Day"), TEXT.index("| Ticket")
DAY, SUNDAY = cited("| Day | Opens | Closes |", DAYS), cited("| Sunday | 10:00 | 16:00 <b> |", DAYS)
MONDAY = cited("| Monday | 07:00 | 21:00 |", DAYS)
TICKET, SINGLE = cited("| Ticket | Price |", TICKETS), cited("| Single | 5.50 |", TICKETS)
DOGS = cited("Dogs stay outside.", None)


def shown(*citations: Citation) -> str:
    answer = Answer("?", True, "", "en", 0.9, citations, "")
    return answer_html(Given("key", answer, ()), 1, {"pool": 0})


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("| a | b c |", ["a", "b c"]),
        ("|a|b", ["a", "b"]),
        ("| a | | c |", ["a", "", "c"]),
        (r"| a \| b | c |", ["a | b", "c"]),
        ("a rendering", ["a rendering"]),
        ("|", []),
        ("||", [""]),
    ],
)
def test_a_row_is_cut_at_its_bars(row: str, found: list[str]) -> None:
    assert cells(row) == found


def in_cells(table: str, tag: str) -> list[str]:
    """What the cells of a table say, without their markers."""
    found = re.findall(rf"<{tag}(?: [^>]*)?>(.*?)(?:&#160;<a .*?)?</{tag}>", table)
    return [unescape(cell) for cell in found]


def test_rows_stand_under_their_header_each_with_its_marker() -> None:
    html = shown(SUNDAY, DAY, DOGS, MONDAY)
    [table] = re.findall("<table>.*?</table>", html)
    assert in_cells(table, "th") == ["Day", "Opens", "Closes"]
    assert in_cells(table, "td") == ["Monday", "07:00", "21:00", "Sunday", "10:00", "16:00 <b>"]
    assert re.findall(r"#source-1-(\d)", table) == ["2", "4", "1"]  # in the table's order
    assert "<b>" not in html
    assert html.index("<table>") < html.index("Dogs stay outside")
    assert html.count("<table>") == 1


def test_two_tables_are_two() -> None:
    assert shown(SUNDAY, DAY, SINGLE, TICKET).count("<table>") == 2
    assert shown(SUNDAY, DAY, replace(SUNDAY, document="other"), replace(DAY, document="other")).count("<table>") == 2


def test_what_has_no_header_beside_it_is_told_as_it_is_written() -> None:
    for citations in ((SUNDAY,), (SUNDAY, MONDAY), (DOGS, DAY)):
        assert "<table>" not in shown(*citations)
    rendered = replace(SUNDAY, rendering="On Sunday it opens at ten.")
    assert rows_beside(rendered, (rendered, DAY)) == []
    assert "On Sunday it opens at ten." in unescape(shown(rendered, DAY))


def test_a_row_of_fewer_cells_is_filled_up() -> None:
    short = replace(SUNDAY, rendering="| Sunday | closed |")
    [table] = re.findall("<table>.*?</table>", shown(short, DAY))
    assert in_cells(table, "td") == ["Sunday", "closed", ""]


def test_the_document_shows_its_tables_in_cells_and_its_headings_without_marks() -> None:
    html = document_html(Collection.of([Document("pool", TEXT)]), 0)
    assert '<span class="of-table"><span>Day </span><span>Opens </span><span>Closes </span></span>' in html
    assert "---" not in html
    assert ">Pool<" in html


def test_an_answer_from_a_table_names_its_header(animals: list[Document]) -> None:
    index = Index.build([*animals, Document("pool", TEXT)])
    answer = index.ask("When does the pool open on Monday?")
    assert [citation.table for citation in answer.citations] == [DAYS, DAYS]
    assert answer.citations[0].quote == MONDAY.quote  # and no other row, though all are read with the header
    assert answer.to_dict()["citations"][0]["table"] == DAYS
