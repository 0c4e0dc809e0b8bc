"""The golden questions, and the figures drawn from them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from index import Document, Index
from index.collection import Collection
from index.errors import DocumentError
from index.evaluation import Case, evaluate, read_cases

LANGUAGES = ("en", "zh-Hant", "zh-Hans")


def test_there_are_enough_of_every_kind(golden: Path) -> None:
    cases = read_cases(golden)
    assert len({case.id for case in cases}) == len({case.question for case in cases}) == len(cases)
    kinds = Counter((case.kind, case.language) for case in cases)
    for language in LANGUAGES:
        assert kinds["answerable", language] >= 40
        assert kinds["unanswerable", language] >= 14
        assert kinds["follow_up", language] >= 7
    refusable = [case for case in cases if case.kind == "unanswerable"]
    assert abs(sum(case.near_miss for case in refusable) * 2 - len(refusable)) <= 1
    assert all(case.history for case in cases if case.kind == "follow_up")


def test_every_gold_fragment_is_in_exactly_one_content_sentence(golden: Path, article: Document) -> None:
    collection = Collection.of([article])
    quotes = [collection.quote(number) for number in range(len(collection.sentences))]
    asked = Counter[int]()
    for case in read_cases(golden):
        assert bool(case.gold) == (case.kind != "unanswerable"), case.id
        for fragment in case.gold:
            holders = [number for number, quote in enumerate(quotes) if fragment in quote]
            assert len(holders) == 1, (case.id, fragment)
            asked[holders[0]] += case.kind == "answerable"
    assert set(asked) == set(range(len(quotes))), "a content sentence that no question asks for"


def test_figures_are_what_they_say(animals: list[Document]) -> None:
    index = Index.build(animals)
    cases = [
        Case("1", "answerable", "en", "what does the cat do on the sofa?", gold=("sleeps on the red sofa",)),
        Case("2", "answerable", "en", "where do dogs bury bones?", gold=("no such sentence",)),
        Case("3", "unanswerable", "en", "How tall is the Eiffel Tower in metres?"),
    ]
    tallies = evaluate(index, cases)
    row = tallies["answerable", "en"].row()
    assert (row["asked"], row["hit@1"], row["hit@3"], row["MRR"]) == (2, 0.5, 0.5, 0.5)
    assert tallies["answerable", "en"].missed == ["2"]
    assert tallies["unanswerable", "en"].row()["asked"] == 1


def test_a_file_without_questions_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(DocumentError, match="holds no questions"):
        read_cases(tmp_path / "empty")
    with pytest.raises(DocumentError, match="is not UTF-8"):
        read_cases(tmp_path / "binary")


def test_a_line_that_is_no_case_is_named(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    for line in (
        "{",
        '{"id": 1}',
        "[]",
        json.dumps({"id": "1", "kind": "x", "language": "en", "question": "?", "colour": 1}),
    ):
        file.write_text('{"id": "0", "kind": "x", "language": "en", "question": "?"}\n' + line, "utf-8")
        with pytest.raises(DocumentError, match="Line 2 of"):
            read_cases(file)


@pytest.mark.slow
def test_answers_stay_as_good_as_they_were(nanguan: Index, golden: Path) -> None:
    """Floors a little below what `python -m index eval` prints; raise them as it rises."""
    tallies = evaluate(nanguan, read_cases(golden))
    for language in LANGUAGES:
        answerable, refused = tallies["answerable", language].row(), tallies["unanswerable", language].row()
        assert answerable["hit@1"] >= 0.9
        assert answerable["hit@3"] >= 0.95
        assert answerable["cites"] <= 1.5
        assert answerable["refused"] <= 0.08
        assert refused["refused"] >= 0.7
        assert tallies["follow_up", language].row()["hit@3"] >= 0.8
