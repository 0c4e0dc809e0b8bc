"""What the page says, in each language."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pytest

from index import Document, Index
from index.phrases import _PHRASES as PHRASES
from index.script import language_of
from page.texts import LANGUAGES, themes

FOLDER = Path(__file__).parents[1] / "page" / "languages"
READ = {language: json.loads((FOLDER / f"{language}.json").read_text("utf-8")) for language in LANGUAGES}


def fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_says_the_same_things(language: str) -> None:
    english = READ["en"]["texts"]
    assert READ[language]["texts"].keys() == english.keys()
    for name, text in READ[language]["texts"].items():
        assert fields(text) == fields(english[name]), name
    assert [len(theme["questions"]) for theme in READ[language]["themes"]] == [
        len(theme["questions"]) for theme in READ["en"]["themes"]
    ]


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_each_script_is_kept_to(language: str) -> None:
    other = {"zh-Hant": "zh-Hans", "zh-Hans": "zh-Hant"}[language]
    said = [*READ[language]["texts"].values(), *(q for questions in themes(language).values() for q in questions)]
    plain = [text.replace("繁體", "").replace("简体", "") for text in said]
    assert [text for text in plain if language_of(text) == other] == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_chinese_is_punctuated_as_chinese(article: Document, language: str) -> None:
    record = [said for name, said in article.metadata.items() if name.endswith(f".{language}")]
    notes = [said for name, said in article.rendering_notes.items() if name.endswith(f".{language}")]
    said = [*READ[language]["texts"].values(), *(each[language] for each in PHRASES.values()), *record, *notes]
    unquoted = [re.sub("「[^」]*」", "「」", text) for text in said]  # what is quoted stays as it is
    assert [text for text in unquoted if re.search("[\u3400-\u9fff」][,;:?!()]|[,;:?!()][\u3400-\u9fff「]", text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_that_the_page_offers_is_answered_in_its_language(nanguan: Index, language: str) -> None:
    offered = [question for questions in themes(language).values() for question in questions]
    answers = [nanguan.ask(question) for question in offered]
    assert [answer.question for answer in answers if not answer.answered] == []
    assert {answer.language for answer in answers} == {language}
