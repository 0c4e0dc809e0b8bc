"""From a question's words to words of the documents' other language."""

from __future__ import annotations

import pytest

from index.bridge import strangers, translated, with_names
from index.dictionary import Glossary
from index.lexical import Lexical
from tests.toy import lexical_of

TEXTS = ["开发八一公园、红石砬子山", "推进就业,办好高中", "人民大街的女人们,我们"]


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return Glossary.of(TEXTS)


@pytest.fixture(scope="module")
def lexical() -> Lexical:
    return lexical_of(TEXTS)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What about Hongshilazi?", "红石砬子"),
        ("bayi gongyuan 会开发吗", "八一公园"),
        ("Renmin Dajie land", "人民大街"),
    ],
)
def test_names_in_pinyin_get_their_characters(question: str, name: str, glossary: Glossary, lexical: Lexical) -> None:
    assert with_names(question, glossary, lexical.holds) == f"{question} {name}"


@pytest.mark.parametrize("question", ["how do women find work?", "what is planned", "上海", "xyz zhzhzh", ""])
def test_words_that_are_english_or_spell_nothing_are_left(question: str, glossary: Glossary, lexical: Lexical) -> None:
    assert with_names(question, glossary, lexical.holds) == question


def test_english_finds_chinese_words_and_phrases(glossary: Glossary, lexical: Lexical) -> None:
    clauses = translated("which senior high schools?", "en", glossary)
    assert [way.text for way in clauses[0]] == ["高中"]
    for question, row in (("employment", 1), ("a park", 0), ("avenue of the people", 2)):
        rows, scores = lexical.search(question, 3, translated(question, "en", glossary))
        assert rows[0] == row, question
        assert scores[0] > 0


def test_chinese_finds_english_words(glossary: Glossary) -> None:
    english = lexical_of(["the metro and the subway", "jobs and employment"])
    rows, _ = english.search("就業怎麼辦", 2, translated("就業怎麼辦", "zh-Hant", Glossary.of([])))
    assert rows[0] == 1


def test_other_languages_have_no_bridge(glossary: Glossary) -> None:
    assert translated("Что это?", "ru", glossary) == []


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("Does Shenzhen still pay for electric taxis?", 1),
        ("苏州的公园几点开门", 1),
        ("成都和杭州的公园", 2),
        ("how far is Old Tokyo", 1),
        ("What of the parks in Tokyo and the Suzhou gardens?", 2),
        ("Renmin Dajie, Ba Yi and Hong Shi La Zi?", 0),
        ("人民大街的英文怎么说", 0),
        ("At What stage? How? Is it so?", 0),
        ("Zzyzx?", 0),
        ("", 0),
    ],
)
def test_names_that_stand_nowhere_are_counted(question: str, count: int, lexical: Lexical) -> None:
    assert strangers(question, lexical.holds) == count


def test_a_name_that_stands_there_in_another_language_is_no_stranger() -> None:
    english = lexical_of(["The gardens of Suzhou are old."])
    assert strangers("苏州的公园几点开门", english.holds) == 0
    assert strangers("When do the gardens of Suzhou open?", lexical_of(["苏州园林很古老"]).holds) == 0
