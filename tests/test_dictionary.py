"""CC-CEDICT, and the part of it that a collection needs."""

from __future__ import annotations

from index.dictionary import Glossary, dictionary, stems


def test_meanings_are_told_as_stems_without_function_words_and_remarks() -> None:
    assert ("employ",) in dictionary().glosses("就业")
    assert ("underground", "railway") in dictionary().glosses("地铁") or ("subway",) in dictionary().glosses("地铁")
    assert dictionary().glosses("没有这个词条") == []
    assert stems("What is the plan for Employment?") == ("plan", "employ")


def test_a_character_is_read_in_every_way_it_can_be() -> None:
    assert {"zhang", "chang"} <= dictionary().readings["长"]


def test_words_in_a_text_overlap_and_a_cut_text_does_not() -> None:
    assert {"高中", "高中生", "中"} <= dictionary().words_in("高中生")
    assert dictionary().cut("高中生去学校") == ["高中生", "去", "学校"]


def test_a_glossary_holds_only_what_stands_in_the_texts() -> None:
    glossary = Glossary.of(["全力推进就业", "长春"])
    assert "就业" in glossary.words
    assert "学校" not in glossary.words
    assert glossary.chinese["employ"]["就业"] == 1
    assert "长" in glossary.characters["chang"]
    assert Glossary.of([]) == Glossary({}, {}, frozenset())
