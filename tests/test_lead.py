"""The line that opens an answer."""

from __future__ import annotations

import pytest

from index import Document, Index
from index.lead import lead


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("what does Nanguan plan for employment?", "On employment, the document says under “Keep improving"),
        ("What is being done about wage arrears?", "On wage arrears, the document says under “"),
        ("南關區怎樣促進就業?", "關於促進就業，文件在「不斷增進民生福祉」一節說："),
        ("南关区对就业有什么计划?", "关于就业，文件在“不断增进民生福祉”一节说："),
        ("Will my child have less homework?", "The document says under “"),
        ("who wrote it?", "On the document itself:"),
    ],
)
def test_the_lead_takes_up_what_was_asked_and_where_it_is_said(nanguan: Index, question: str, opening: str) -> None:
    answer = nanguan.ask(question)
    assert answer.answered
    assert lead(answer).startswith(opening)


def test_a_follow_up_is_led_by_what_it_was_understood_as(nanguan: Index) -> None:
    before = nanguan.ask("what does Nanguan plan for employment?")
    answer = nanguan.ask("and what about housing?", [(before.question, before.text)])
    assert lead(answer).startswith("On housing, the document says under “")
    followed = nanguan.ask("那教育呢?", [("南關區怎樣促進就業?", "...")])
    assert lead(followed).startswith("關於教育，")
    pointing = nanguan.ask("and who does it help?", [(before.question, before.text)])
    assert not pointing.answered or " it," not in lead(pointing)


def test_a_document_without_sections_needs_no_place() -> None:
    index = Index.build([Document("zoo", "The zoo opens at nine. Penguins are fed at noon.")])
    answer = index.ask("When are penguins fed?")
    assert lead(answer) == "The document says:"
