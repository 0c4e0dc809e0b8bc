"""Messages: what they ask, beside what they tell, and however they are typed."""

from __future__ import annotations

import pytest

from index import Index
from index.conversation import as_asked, as_searched, readings
from index.message import taken_apart


@pytest.mark.parametrize(
    "message",
    [
        "What is planned for the metro?",
        "office towers - how does the government help the companies inside them",
        "Is St. Mary's school in Nanguan part of it?",
        "地铁什么时候通车?",
        "housing",
        "",
    ],
)
def test_a_question_alone_is_all_of_its_message(message: str) -> None:
    taken = taken_apart(message)
    assert (taken.asks, taken.tells, taken.ways) == (message, "", (message,))


@pytest.mark.parametrize(
    ("message", "asks"),
    [
        ("I'm a student from Leeds. What is planned for jobs? It's for my thesis.", "What is planned for jobs?"),
        (
            "My Chinese is bad, sorry... i wonder if the metro is built soon. thanks",
            "i wonder if the metro is built soon.",
        ),
        (
            "We invest. Which malls are there? And which are renewed? Bye.",
            "Which malls are there? And which are renewed?",
        ),
        ("Is the metro being built? Have a nice day!", "Is the metro being built?"),
        ("我是研究生。区里怎么促进就业?我写报告要用。", "区里怎么促进就业?"),
        ("打擾了!想了解一下地鐵的進度。謝謝!", "想了解一下地鐵的進度。"),
    ],
)
def test_what_asks_is_told_from_what_only_tells(message: str, asks: str) -> None:
    taken = taken_apart(message)
    assert taken.asks == asks
    assert asks not in taken.tells
    assert all(way in message and asks in way for way in taken.ways)


def test_what_asks_is_looked_for_with_the_sentence_before_in_all_of_the_message_and_alone() -> None:
    message = "Hello all. I rent a stall. Is there help? Thanks."
    assert taken_apart(message).ways == ("I rent a stall. Is there help?", message, "Is there help?")


@pytest.mark.parametrize(
    ("message", "last"),
    [
        ("我是外地來的學生,地鐵什麼時候通車?", "地鐵什麼時候通車?"),
        ("我是外地來的學生 地鐵什麼時候通車", "地鐵什麼時候通車"),
        ("As a student from Leeds, what is planned for jobs?", "what is planned for jobs?"),
        ("Dear all, I sell lifts, and we wonder which lines are built", "and we wonder which lines are built"),
        ("关于垃圾分类,区里有什么打算?", "关于垃圾分类,区里有什么打算?"),
        ("我们这片的人大代表是谁,怎么联系?", "我们这片的人大代表是谁,怎么联系?"),
        ("Can you list the ten plans, one by one?", "Can you list the ten plans, one by one?"),
        ("my phone won't charge, help", "my phone won't charge, help"),
    ],
)
def test_first_clauses_are_left_out_only_where_they_speak_of_who_asks(message: str, last: str) -> None:
    assert taken_apart(message).ways[-1] == last


@pytest.mark.parametrize(
    ("message", "gold"),
    [
        (
            "Hello, I'm a student from Leeds. Who looks after delivery riders? I need it by tomorrow!",
            "新就業形態勞動者權益",
        ),
        ("I run a takeaway scooter. Does the text mention the rights of people like me?", "新就業形態勞動者權益"),
        ("I couldn't find this anywhere else. Have a nice day! How many high-tech firms are to be added?", "40家以上"),
        ("我退休好几年了,地铁6号线那边要做什么?急用!", "完成地鐵6號線、7號線保障任務"),
        ("我 家 樓 下 想 裝 電 梯 , 地 鐵 要 修 哪 幾 條 ?", "完成地鐵6號線、7號線保障任務"),
        ("朋友推薦我來的。社工人才怎麼培養?我寫報告要用。", "加強社工人才隊伍建設"),
    ],
)
def test_a_message_is_answered_as_its_question_is(nanguan: Index, message: str, gold: str) -> None:
    answer = nanguan.ask(message)
    assert answer.answered
    assert gold in answer.citations[0].quote


@pytest.mark.parametrize(
    "message",
    [
        "Hi there! My sister lives in Changchun and loves pets. Where can she take her dog? Thanks",
        "我是外地来的学生,动物园几点关门?麻烦您了。",
    ],
)
def test_what_is_not_said_is_refused_however_it_is_asked(nanguan: Index, message: str) -> None:
    assert not nanguan.ask(message).answered


def test_what_is_told_beside_a_follow_up_does_not_hide_what_it_follows() -> None:
    history = [("I'm from Leeds. What is planned for the metro? Thanks!", "...")]
    assert [one.searched for one in readings("That's helpful. When?", history)] == ["What is planned for the metro?"]
    long = "I teach at a primary school near the river."
    assert readings(f"{long} When?", history)[0].searched == "What is planned for the metro?"
    assert readings(f"{long} When are lessons?", history)[0].searched == f"{long} When are lessons?"


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("metro? 🙏😊", "metro?"),
        ("☀️ 地鐵 🚇 呢", "地鐵 呢"),
        ('"What is planned?"', "What is planned?"),
        ("“怎么办?”", "怎么办?"),
        ("「雙創」是什麼", "「雙創」是什麼"),
        ("“a” or “b”", "“a” or “b”"),
        ("怎 麼 辦 理 ？", "怎麼辦理？"),
        ("地鐵 住房 學校", "地鐵 住房 學校"),
        ("one\n\n two", "one two"),
        ("I'm from Leeds 😊\nWhat is planned?", "I'm from Leeds. What is planned?"),
        ("I'm from Leeds 😊 What is planned?", "I'm from Leeds. What is planned?"),
        ("what does\nNanguan District plan", "what does Nanguan District plan"),
    ],
)
def test_what_is_typed_beside_the_words_is_not_searched(typed: str, searched: str) -> None:
    assert as_searched(typed) == searched


@pytest.mark.parametrize("ending", ["", "?", "？", "???!!", " ?", "？！", "!?"])
def test_however_a_question_ends_it_is_the_same(ending: str) -> None:
    assert as_asked(f"What is planned{ending}") == "What is planned?"


def test_what_does_not_end_in_a_word_keeps_its_end() -> None:
    assert [as_asked(text) for text in ("plans (2024)", "the plans.", "!!")] == ["plans (2024)", "the plans.", "!!"]
