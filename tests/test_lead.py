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
        ("What is TOD?", "On TOD, the document says under “"),
        ("How are old department stores being modernised?", "On old department stores, the document says"),
        ("How many high-tech companies do they want?", "On high-tech companies, the document says under “"),
        ("How does Nanguan deal with officials who make mistakes?", "On officials who make mistakes, the document"),
        ("Who helps the elderly and the disabled?", "On the elderly and the disabled, the document says"),
        ("Are there any parks?", "On parks, the document says under “"),
        ("What are the plans for housing and for schools?", "On housing and schools, the document says"),
        ("Will my child have less homework?", "The document says under “"),
        ("地鐵有什麼安排?", "關於地鐵，文件"),
        ("什麼是「四張清單」?", "關於四張清單，文件在「強化民主法治建設」一節說："),
        ("高新技術企業要增加多少家?", "關於高新技術企業，文件"),
        ("八一公园要做什么?", "关于八一公园，文件"),
        ("黨建方面做什麼?", "關於黨建，文件說："),
        ("大数据、人工智能缺人手怎么办?", "文件在"),
        (
            "I teach near Leeds. What is being done about wage arrears? Many thanks!",
            "On wage arrears, the document says",
        ),
        ("我是外地来的学生,八一公园要做什么?急用!", "关于八一公园，文件"),
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


def test_a_topic_that_is_not_told_of_is_not_led_by(nanguan: Index) -> None:
    answer = nanguan.ask("What are the plans for hospitals and for schools?")
    assert answer.unanswered
    assert lead(answer).startswith("The document says under “")


def test_a_document_without_sections_needs_no_place() -> None:
    index = Index.build([Document("zoo", "The zoo opens at nine. Penguins are fed at noon.")])
    answer = index.ask("When are penguins fed?")
    assert lead(answer) == "On penguins, the document says:"
