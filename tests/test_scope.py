"""How much a question asks for."""

from __future__ import annotations

import pytest

from index.scope import about, is_broad, parts


@pytest.mark.parametrize(
    "question",
    [
        "Which metro lines are built, and what happens to the old department stores?",
        "怎样让大学生留下来?给农民的安置房又怎么推?",
        "水庫旁邊的地要怎麼處理,紅石砬子山又有什麼打算?",
        "Is there support for disabled people, and is anything done for schoolchildren?",
        "How much is mileage and when must I submit claims?",
        "When must I submit claims, and what are the limits?",
        "Where is reception? And how long is the break?",
    ],
)
def test_two_questions_in_one_are_told_apart(question: str) -> None:
    assert len(parts(question)) == 2


@pytest.mark.parametrize(
    "question",
    [
        "what does Nanguan plan for employment?",
        "Is there a scheme, and how many actions does it contain?",
        "城中村以后怎么管,会变样吗",
        "science and technology",
        "How are old homes managed, and who is eligible?",
        "What is built next year and what is planned?",
        "How are old homes managed, and who pays?",
        "Where is it and how much is included?",
        "开一家店要跑好几个单位,以后会不会快点办完?",
        "",
    ],
)
def test_one_question_stays_one(question: str) -> None:
    assert parts(question) == (question,)


@pytest.mark.parametrize("question", ["summarise the economic plans", "概述一下经济", "民生方面有哪些舉措?"])
def test_themes_are_broad(question: str) -> None:
    assert is_broad(question)


@pytest.mark.parametrize("question", ["which metro lines are built?", "谁监督法院?", "外卖员有保障吗"])
def test_facts_are_not_broad(question: str) -> None:
    assert not is_broad(question)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What is this document about?", "contents"),
        ("summarise the whole article", "contents"),
        ("這篇文章在講什麼?", "contents"),
        ("总结一下全文", "contents"),
        ("Who wrote it?", "author"),
        ("作者是誰?", "author"),
        ("Who put this document together?", "author"),
        ("这份稿子是谁起草的?", "author"),
        ("本文出自谁手?", "author"),
        ("这篇稿子的责编是谁?", "editor"),
        ("编辑是哪位?", "editor"),
        ("When was this published?", "date"),
        ("登在哪份報紙上?", "publisher"),
        ("What's the headline of the piece?", "title"),
        ("summarise the economic plans", None),
        ("Who wrote the plan for metro line 6?", None),
        ("what does it say about schools", None),
        ("教育方面讲了什么?", None),
    ],
)
def test_questions_on_the_document_itself_name_nothing_else(question: str, asked: str | None) -> None:
    assert about(question) == asked
