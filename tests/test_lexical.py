"""Words, and BM25 over them."""

from __future__ import annotations

import pytest

from index.lexical import terms
from tests.toy import lexical_of


def test_chinese_is_cut_into_pairs_after_folding_and_latin_into_stems() -> None:
    assert terms("幹部旅遊") == ["干部", "部旅", "旅游"]
    assert terms("Plans for Employment, 40家") == ["plan", "for", "employ", "40", "家"]
    assert terms("?!😀") == []


@pytest.mark.parametrize("question", ["旅游", "旅遊", "旅遊政策"])
def test_either_script_finds_the_other(question: str) -> None:
    rows, scores = lexical_of(["近郊旅游新名片", "住房保障", "tourism"]).search(question, 5)
    assert rows.tolist() == [0]
    assert scores[0] > 0


def test_words_that_are_nowhere_find_nothing() -> None:
    lexical = lexical_of(["a b", "c"])
    assert lexical.search("zzz", 5)[0].tolist() == []
    assert lexical.search("?", 5)[0].tolist() == []
    assert lexical_of([]).search("a", 5)[0].tolist() == []


def test_query_syntax_is_only_words() -> None:
    rows, _ = lexical_of(["title row", "other"]).search('row:1 OR "title" AND (+* ~', 5)
    assert rows.tolist() == [0]
