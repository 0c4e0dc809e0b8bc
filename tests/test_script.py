"""Languages, scripts, folding."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index import Document
from index.script import convert, fold, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("what does Nanguan plan for employment?", "en"),
        ("Renmin Street", "en"),
        ("南關區如何促進就業?", "zh-Hant"),
        ("南关区怎么促进就业", "zh-Hans"),
        ("有多少人口?", "zh"),
        ("食品安全怎么管?", "zh-Hans"),
        ("what is 就業優先戰略?", "en"),
        ("TOD 是什麼?", "zh-Hant"),
        ("GDP 增长多少?", "zh-Hans"),
        ("网速是多少?", "zh-Hans"),
        ("优惠价格是多少", "zh-Hans"),
        ("離海淀多遠", "zh-Hant"),
        ("砬子山在哪?", "zh"),
        ("「Early cultivators of science in Japan」是誰的作品?", "zh-Hant"),
        ("この記事は誰が書きましたか", "ja"),
        ("누가 썼습니까?", "ko"),
        ("Кто это написал?", "ru"),
        ("😀", "en"),
        ("", "en"),
    ],
)
def test_languages_are_told_apart(text: str, language: str) -> None:
    assert language_of(text) == language


def test_every_golden_question_is_told_its_language(golden: Path) -> None:
    cases = [json.loads(line) for line in golden.read_text("utf-8").splitlines()]
    told = {case["id"]: (case["language"], language_of(case["question"])) for case in cases}
    either = {
        "zh-Hant": ("zh-Hant", "zh"),
        "zh-Hans": ("zh-Hans", "zh"),
        "en": ("en",),
    }  # "zh": characters of both scripts
    assert not [case for case, (written, found) in told.items() if found not in either[written]]


def test_folding_keeps_every_character_in_its_place(article: Document) -> None:
    assert len(fold(article.text)) == len(article.text)
    assert fold("幹部 旅遊 最後 聯繫 ＧＤＰ") == "干部 旅游 最后 联系 gdp"
    assert fold("干部旅游") == fold("幹部旅遊")
    assert len(fold("ﬁ İ ㎏ \ud800")) == len("ﬁ İ ㎏ \ud800")


def test_conversion_reads_phrases() -> None:
    assert convert("幹部乾杯,頭髮發展", "zh-Hans") == "干部干杯,头发发展"
    assert convert("头发发展", "zh-Hant") == "頭髮發展"
