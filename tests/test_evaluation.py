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
from index.precedents import questions_of
from index.script import fold

FITTED = Path(__file__).parents[1] / "benchmarks" / "nanguan_fit.jsonl"
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


def test_no_golden_question_is_one_that_was_fitted_on_or_is_known_of_the_article(
    golden: Path, article: Document
) -> None:
    fitted = read_cases(FITTED)
    for kind, asked in (("answerable", "answered"), ("unanswerable", "unanswered")):
        assert article.asked[asked].splitlines() == [case.question for case in fitted if case.kind == kind]
    golden_ones = {fold(case.question) for case in read_cases(golden) if not case.history}
    known = {fold(question) for question, _ in questions_of(article)} | {
        fold(case.question) for case in fitted if not case.history
    }
    assert not golden_ones & known


def test_what_is_fitted_on_has_its_gold_in_the_article(article: Document) -> None:
    collection = Collection.of([article])
    quotes = [collection.quote(number) for number in range(len(collection.sentences))]
    for case in read_cases(FITTED):
        for fragment in (*case.gold, *(each for part in case.parts for each in part)):
            assert any(fragment in quote for quote in quotes), (case.id, fragment)


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
        Case("2", "answerable", "en", "where do dogs bury bones?", gold=("purrs when it is stroked",)),
        Case("3", "unanswerable", "en", "How tall is the Eiffel Tower in metres?"),
    ]
    tallies = evaluate(index, cases)
    row = tallies["answerable", "en"].row()
    documents = index.documents
    quotes = [documents[hit.document].text[hit.start : hit.end] for hit in index.rank(cases[1].question)]
    place = 1 + quotes.index("It purrs when it is stroked.")
    assert place > 1
    assert (row["asked"], row["hit@1"], row["hit@3"]) == (2, 0.5, 1 if place <= 3 else 0.5)
    assert row["MRR"] == pytest.approx((1 + 1 / place) / 2)
    assert tallies["answerable", "en"].missed == ["2"]
    assert tallies["unanswerable", "en"].row()["asked"] == 1


def test_a_file_without_questions_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(DocumentError, match="holds no questions"):
        read_cases(tmp_path / "empty")
    with pytest.raises(DocumentError, match="is not UTF-8"):
        read_cases(tmp_path / "binary")


def test_blank_lines_are_passed_over_and_a_question_may_hold_what_else_ends_a_line(tmp_path: Path) -> None:
    case = {"id": "1", "kind": "answerable", "language": "en", "question": "Why\u2028now?", "gold": ["one"]}
    line = json.dumps(case, ensure_ascii=False)
    (tmp_path / "cases.jsonl").write_text(f"\n{line}\n \n{line}\n", "utf-8")
    assert [case.question for case in read_cases(tmp_path / "cases.jsonl")] == ["Why\u2028now?"] * 2


def test_a_line_that_is_no_case_is_named(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    whole = {"id": "1", "kind": "answerable", "language": "en", "question": "?", "gold": ["one"]}
    for line, says in (
        ("{", "Expecting"),
        ("[]", "no JSON object"),
        ('{"id": "1"}', "'kind' is missing"),
        (json.dumps(whole | {"id": 1}), "'id' must be a string"),
        (json.dumps(whole | {"colour": 1}), "'colour' means nothing"),
        (json.dumps(whole | {"gold": "one"}), "'gold' must be, or hold, a list"),
        (json.dumps(whole | {"gold": [""]}), "must not be empty"),
        (json.dumps(whole | {"gold": []}), "'answerable' asks for 'gold'"),
        (json.dumps(whole | {"kind": "unanswerable"}), "has no gold"),
        (json.dumps(whole | {"history": ["one"]}), "'history' must be, or hold"),
        (json.dumps(whole | {"history": [["one"]]}), "must hold pairs"),
        (json.dumps(whole | {"parts": "one"}), "'parts' must be a list"),
    ):
        file.write_text(json.dumps(whole) + "\n" + line, "utf-8")
        with pytest.raises(DocumentError, match=f"Line 2 of .*{says}"):
            read_cases(file)


def test_a_gold_that_stands_nowhere_is_said_with_its_case(animals: list[Document]) -> None:
    index = Index.build(animals)
    for gold in ("no such sentence", "sofa. It purrs"):  # the second in two sentences
        with pytest.raises(DocumentError, match="of case '7' stands in no sentence"):
            evaluate(index, [Case("7", "answerable", "en", "what does the cat do?", gold=("red sofa", gold))])


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
