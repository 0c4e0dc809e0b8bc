"""Tables: rows and the header they are read by."""

from __future__ import annotations

import pytest

from index import Document, Index
from index.collection import Collection
from index.tables import header_of, headers_of, rows_under, with_headers

TEXT = """# Minutes

| Item | Spent |
| --- | ---: |
| Water. Taps | 430 |
| Tools | 655 |

| Plot |
|---|

| 12 | vacant |

All was agreed.
"""
WATER, TOOLS, ITEM, PLOT, AGREED = 2, 3, 1, 4, 6  # places among the sentences


def collection() -> Collection:
    return Collection.of([Document("first", "| a | b |"), Document("minutes", TEXT)])


def test_rows_and_headers_find_each_other() -> None:
    found = collection()
    assert found.quote(1 + WATER) == "| Water. Taps | 430 |"
    assert list(rows_under(1 + ITEM, found)) == [1 + WATER, 1 + TOOLS]
    assert list(rows_under(1 + PLOT, found)) == []
    assert [header_of(1 + row, found) for row in (WATER, TOOLS, ITEM)] == [1 + ITEM] * 3
    assert [header_of(row, found) for row in (0, 1, 1 + PLOT + 1, 1 + AGREED)] == [None] * 4
    one_by_one = [header_of(row, found) for row in range(len(found.sentences))]
    assert headers_of(found).tolist() == [-1 if header is None else header for header in one_by_one]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", "\u2028"])
def test_a_table_ends_with_the_last_line_that_is_a_row(ends: str) -> None:
    lines = ["| a | b |", "|---|---|", "| 1 | 2 |", " | 3 | 4 |", "All agreed.", "| c |", "|---|", "| 5 |"]
    found = Collection.of([Document("d", ends.join(lines))])
    assert [list(rows_under(header, found)) for header in (0, 4)] == [[1, 2], [5]]
    assert [header_of(row, found) for row in range(6)] == [0, 0, 0, None, 4, 4]


@pytest.mark.parametrize(
    ("chosen", "complete"),
    [
        ([TOOLS, AGREED, WATER], [TOOLS, ITEM, AGREED, WATER]),
        ([ITEM, WATER, TOOLS], [ITEM, WATER, TOOLS]),
        ([TOOLS, ITEM], [TOOLS, ITEM]),
        ([AGREED, ITEM, PLOT], [AGREED]),
        ([PLOT], [PLOT]),
        ([], []),
    ],
)
def test_a_row_brings_its_header_and_a_header_never_comes_without_a_row(chosen: list[int], complete: list[int]) -> None:
    found = with_headers([(1 + number, 0.5) for number in chosen], collection())
    assert [number - 1 for number, _ in found] == complete


def test_of_a_table_no_header_is_cited_alone() -> None:
    index = Index.build([Document("minutes", TEXT)])
    header, *rows = [citation.quote for citation in index.ask("Which item is over what was spent?").citations]
    assert header == "| Item | Spent |"
    assert "| Tools | 655 |" in rows
    prices = Index.build([Document("prices", "| 票種 | 票價 |\n|---|---|\n| 成人 | 120元 |\n| 兒童 | 60元 |\n")])
    row, header = [citation.quote for citation in prices.ask("兒童票多少錢?").citations][:2]
    assert (row, header) == ("| 兒童 | 60元 |", "| 票種 | 票價 |")


POOL = """# Swimming pool

The pool is run by the borough of Eltham.

| Day | Opens | Closes |
|---|---|---|
| Monday | 07:00 | 21:00 |
| Saturday | 09:00 | 18:00 |
| Sunday | 10:00 | 16:00 |

Dogs are not allowed.

| Ticket | Adults | Children | Price of a year (GBP) |
|---|---|---|---|
| Single | 5.50 | 3 | 250 |
| Season | 160 | 80 | 160 |
"""


@pytest.fixture(scope="module")
def pool() -> Index:
    return Index.build([Document("pool", POOL)])


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("When does the pool close on Sunday?", "| Sunday"),
        ("What time does it open on Saturday?", "| Saturday"),
        ("周日几点关门?", "| Sunday"),
        ("Single ticket for children?", "| Single"),
    ],
)
def test_a_row_is_found_by_what_its_header_names(pool: Index, question: str, row: str) -> None:
    assert POOL.startswith(row, pool.rank(question)[0].start)


def test_a_row_offers_what_its_header_names(pool: Index) -> None:
    [first, *_] = pool.ask("What is the price of a season ticket?").citations
    assert first.quote.startswith("| Season")
