"""Questions that name several topics in one breath."""

from __future__ import annotations

import pytest

from index import Index
from index.coordination import each_topic


@pytest.mark.parametrize(
    ("question", "topics"),
    [
        (
            "What is planned for the metro and for schools?",
            ["What is planned for the metro", "What is planned for schools"],
        ),
        ("Tell me about tourism, taxes and schools", ["about tourism", "about taxes", "about schools"]),
        ("housing and jobs", ["housing", "jobs"]),
        ("metro, city parks, and schools?", ["metro", "city parks", "schools"]),
        ("地铁和教育有什么计划?", ["地铁有什么计划", "教育有什么计划"]),
        ("介紹一下旅遊、住房以及食品安全的安排", ["旅遊的安排", "住房的安排", "食品安全的安排"]),
        ("住房和教育", ["住房", "教育"]),
    ],
)
def test_each_topic_is_asked_the_same(question: str, topics: list[str]) -> None:
    each = each_topic(question)
    assert len(each) == len(topics)
    assert all(asked.rstrip("?").endswith(topic) for asked, topic in zip(each, topics, strict=True))


@pytest.mark.parametrize(
    "question",
    [
        "What does Nanguan plan for employment?",
        "What is the difference between schools and parks?",
        "How many tiers are there for looking after towers, and what are they?",
        "Is there an entrance fee for Bayi Park, and how much is it?",
        "政府和法院怎麼配合?",
        "雙擁還有在做嗎",
        "中华人民共和国何时成立?",
        "应急救援跟得上吗?",
        "民主党派怎么参与议政?",
    ],
)
def test_what_is_asked_of_one_thing_or_of_all_together_is_left_whole(question: str) -> None:
    assert each_topic(question) == ()


@pytest.mark.parametrize(
    ("question", "golds"),
    [
        ("What is planned for the metro and for schools?", ["完成地鐵6號線", "優化教育布局"]),
        ("Tell me about Huawei and the Bayi park", ["華為吉林總部", "八一公園"]),
        ("介绍一下旅游和食品安全的安排", ["文旅娛", "食品藥品"]),
    ],
)
def test_a_question_on_several_topics_gets_evidence_for_each(nanguan: Index, question: str, golds: list[str]) -> None:
    answer = nanguan.ask(question)
    quotes = [citation.quote for citation in answer.citations]
    assert all(any(gold in quote for quote in quotes) for gold in golds)
    assert golds[0] in quotes[0]


def test_of_two_topics_the_one_that_is_not_told_of_is_named(nanguan: Index) -> None:
    answer = nanguan.ask("What are the plans for hospitals and for schools?")
    assert "優化教育布局" in answer.citations[0].quote
    assert answer.unanswered == ("What are the plans for hospitals?",)


@pytest.mark.parametrize(
    "question",
    [
        "What support is there for graduates and delivery riders?",  # one sentence tells of both
        "What will be done for the elderly and the disabled?",
        "What is said about law and order?",
        "Looking for the strongest line on perks and special treatment for officials.",
        "What is the district doing about gangs and about wage arrears?",  # alone, the latter is not sure
        "Can you tell me how to make dumplings with pork and cabbage?",  # none does
        "Tell me about schools and pets",
    ],
)
def test_what_one_sentence_tells_or_none_is_answered_as_a_whole(nanguan: Index, question: str) -> None:
    answer, whole = nanguan.ask(question), nanguan.rank(question, k=1)
    assert not answer.unanswered
    assert not answer.answered or answer.citations[0].start == whole[0].start
