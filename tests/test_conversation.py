"""Follow-ups made whole."""

from __future__ import annotations

import pytest

from index import Index
from index.conversation import language_asked, made_whole
from index.errors import QuestionError

JOBS = [("what does Nanguan plan for employment?", "It carries out the employment-first strategy.")]
JOBS_HANS = [("南关区怎么促进就业?", "落实就业优先战略。")]


@pytest.mark.parametrize(
    "question",
    [
        "what is planned for the metro?",
        "How will wage arrears be handled?",
        "地鐵六號線什麼時候完工?",
        "谁写了这篇文章",
        "Organised crime: what does the district do?",
        "Orphan care policies in the district",
        "再就業有什麼扶持?",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert made_whole(question, JOBS) == question
    assert made_whole(question, []) == question


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("and for housing?", "housing?"),
        ("What about schools?", "schools?"),
        ("那教育呢?", "教育呢?"),
        ("还有旅游呢", "旅游呢"),
    ],
)
def test_a_new_topic_is_asked_for_itself(question: str, topic: str) -> None:
    assert made_whole(question, JOBS) == topic


@pytest.mark.parametrize("question", ["which ones?", "什麼時候?", "who is it for?", "why?", "具体呢?", "他们怎么做"])
def test_a_question_that_names_nothing_is_joined_to_the_one_before(question: str) -> None:
    assert made_whole(question, JOBS_HANS) == f"南关区怎么促进就业? {question}"


def test_turns_reach_back_through_other_follow_ups() -> None:
    history = [*JOBS, ("and for housing?", "...")]
    assert made_whole("which ones?", history) == "housing? which ones?"


@pytest.mark.parametrize("history", [[("one",)], [("a", 3)], ["ab"[:1]], [("a", "b", "c")]])
def test_a_history_that_is_no_list_of_pairs_is_refused(history: object) -> None:
    with pytest.raises(QuestionError):
        made_whole("and?", history)  # type: ignore[arg-type]


def test_a_long_history_and_none_at_all_are_taken() -> None:
    assert made_whole("which ones?", [*JOBS, *[("and then?", "...")] * 5000])
    assert made_whole("which ones?", None) == "which ones?"  # type: ignore[arg-type]


def test_a_follow_up_finds_its_sentence(nanguan: Index) -> None:
    answer = nanguan.ask("and for housing?", JOBS)
    assert "增強住房保障能力" in answer.citations[0].quote
    assert answer.question == "and for housing?"


@pytest.mark.parametrize(
    ("before", "language"),
    [
        ("南关区怎么促进就业?", "zh-Hans"),
        ("南關區如何促進就業?", "zh-Hant"),
        ("what about jobs?", "zh"),
        ("有多少人口?", "zh"),
    ],
)
def test_a_question_in_either_script_keeps_that_of_the_turn_before(before: str, language: str) -> None:
    assert language_asked("那住房呢?", [(before, "...")]) == language
    assert language_asked("and for housing?", [(before, "...")]) == "en"
