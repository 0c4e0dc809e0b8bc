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
def test_documents_that_nothing_was_fitted_on_are_answered_and_refused() -> None:
    answers = [
        (case, index.ask(case.question))
        for document, cases in list(documents("measured"))[::3]
        for index in [Index.build([document])]
        for case in cases
    ]
    found = shares(answers)
    assert found["first"] >= 0.6, found
    assert found["gold"] >= found["first"], found
    assert found["refused"] <= 0.27, found
    assert found["unanswerable refused"] >= 0.6, found
    assert found["near"] >= 0.5, found
    assert 1 <= found["cites"] <= 1.5, found
