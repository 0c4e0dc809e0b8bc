"""Documents of other people: their questions fit them, and they are answered and refused as the README has it."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.documents import PARTS, documents, shares
from index import Index

KINDS = {("answerable", False): 20, ("unanswerable", True): 12, ("unanswerable", False): 4}


@pytest.mark.parametrize("part", PARTS)
def test_every_gold_fragment_stands_once_in_its_document(part: str) -> None:
    for document, cases in documents(part):
        assert Counter((case.kind, case.near_miss) for case in cases) == KINDS, document.id
        for case in cases:
            assert bool(case.gold) == (case.kind == "answerable"), case.id
            for fragment in case.gold:
                assert document.text.count(fragment) == 1, (case.id, fragment)


def test_nobody_who_is_measured_on_wrote_what_is_fitted_on() -> None:
    fitted, measured = (
        {case.id[0] for _, cases in documents(part) for case in cases} for part in ("fitted", "measured")
    )
    assert fitted
    assert measured
    assert not fitted & measured


@pytest.mark.slow
@pytest.mark.parametrize(
    ("writers", "step", "first", "refused", "unanswerable_refused", "near"),
    [("gh", 2, 0.6, 0.31, 0.68, 0.6), ("opqr", 4, 0.6, 0.27, 0.6, 0.5)],
)
def test_documents_that_nothing_was_fitted_on_are_answered_and_refused(
    writers: str, step: int, first: float, refused: float, unanswerable_refused: float, near: float
) -> None:
    asked = [pair for pair in documents("measured") if pair[1][0].id[0] in writers]
    answers = [
        (case, index.ask(case.question))
        for document, cases in asked[::step]
        for index in [Index.build([document])]
        for case in cases
    ]
    found = shares(answers)
    assert found["first"] >= first, found
    assert found["gold"] >= found["first"], found
    assert found["refused"] <= refused, found
    assert found["unanswerable refused"] >= unanswerable_refused, found
    assert found["near"] >= near, found
    assert 1 <= found["cites"] <= 1.5, found
