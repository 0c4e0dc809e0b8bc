"""The page's own handlers, called as Gradio calls them: what a page shows may be of a server that is no more."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from index.documents import Answer
from index.errors import FeedbackError
from page.answers import Answers
from page.blocks import chat_page
from tests.fuzzing import toy_index
from tests.toy_page import Warmed

REQUEST = SimpleNamespace(request=None, session_hash="s")
SHOWN = {"index": 0, "value": "what is planned for &quot;housing&quot; &amp; &lt;schools&gt;?"}
QUESTION = 'what is planned for "housing" & <schools>?'


@pytest.fixture(scope="module")
def handlers() -> dict[str, Any]:
    warming = Warmed(toy_index())
    page = chat_page(warming, Answers(warming.index, 30), "Ask", True, lambda answer, verdict: None)
    return {str(event.name): event.fn for event in page.fns.values()}


def test_a_turn_that_the_server_has_forgotten_is_asked_again_as_the_page_shows_it(handlers: dict[str, Any]) -> None:
    *_, (messages, turns, forgotten) = handlers["again"]((), "en", gr.RetryData(None, SHOWN))
    assert [turn.question for turn in turns] == [QUESTION]
    assert len(messages) == 2
    assert not forgotten


def test_it_is_taken_back_into_the_text_box(handlers: dict[str, Any]) -> None:
    assert handlers["_undone"]((), "", gr.UndoData(None, SHOWN)) == (QUESTION, [], (), False)
    assert handlers["_undone"]((), "And then?", gr.UndoData(None, SHOWN))[0] == f"{QUESTION}\nAnd then?"


def test_an_edited_question_is_asked_as_it_was_written_and_a_blank_one_changes_nothing(
    handlers: dict[str, Any],
) -> None:
    *_, (_, turns, _) = handlers["edited"]((), "en", gr.EditData(None, {**SHOWN, "previous_value": ""}))
    assert [turn.question for turn in turns] == [QUESTION]
    blank = gr.EditData(None, {"index": 0, "value": " ", "previous_value": SHOWN["value"]})
    assert [kept for _, kept, _ in handlers["edited"](turns, "en", blank)] == [turns]


def test_a_question_that_is_too_long_gets_the_sentence_that_the_page_has_for_it(handlers: dict[str, Any]) -> None:
    [(_, [turn], _)] = handlers["reply"]("a" * 2001, 0, (), "en")
    assert "at most 2000 characters" in turn.html


def test_what_the_page_no_longer_shows_is_left_out(handlers: dict[str, Any]) -> None:
    *_, (_, turns, _) = handlers["reply"](QUESTION, 0, (), "en")
    *_, (_, turns, _) = handlers["reply"]("and for schools?", 1, turns, "en")
    *_, (messages, taken_back, forgotten) = handlers["reply"]("and for parks?", 1, turns, "en")
    assert [turn.question for turn in taken_back] == [QUESTION, "and for parks?"]
    assert len(messages) == 4
    assert not forgotten
    *_, (_, anew, _) = handlers["reply"]("and for parks?", 0, turns, "en")
    assert [turn.question for turn in anew] == ["and for parks?"]


@pytest.mark.parametrize("after", ["reply", "again", "edited"])
def test_nothing_is_answered_without_the_turns_before_it(handlers: dict[str, Any], after: str) -> None:
    second = {**SHOWN, "index": 2}
    answered = {
        "reply": lambda: handlers["reply"](QUESTION, 1, (), "en"),
        "again": lambda: handlers["again"]((), "en", gr.RetryData(None, second)),
        "edited": lambda: handlers["edited"]((), "en", gr.EditData(None, {**second, "previous_value": ""})),
    }[after]()
    messages, turns, forgotten = next(answered)
    assert (messages, turns, forgotten) == (gr.skip(), gr.skip(), True)  # the page keeps what it shows
    with pytest.raises(gr.Error, match="no longer knows what was asked before"):
        next(answered)


def test_what_is_taken_back_after_forgotten_turns_leaves_them_on_the_page(handlers: dict[str, Any]) -> None:
    second = gr.UndoData(None, {**SHOWN, "index": 2})
    assert handlers["_undone"]((), "", second) == (QUESTION, gr.skip(), gr.skip(), True)


def test_a_verdict_on_it_is_refused_in_a_sentence(handlers: dict[str, Any]) -> None:
    with pytest.raises(gr.Error, match="Ask again, then judge it"):
        handlers["judged"]((), "en", gr.LikeData(None, {"index": 1, "value": "x", "liked": True}), REQUEST)


def test_a_question_that_comes_without_a_count_of_turns_has_none_before_it(handlers: dict[str, Any]) -> None:
    *_, (_, turns, forgotten) = handlers["reply"](QUESTION, None, (), "en")
    assert ([turn.question for turn in turns], forgotten) == ([QUESTION], False)


def test_a_language_that_the_page_does_not_speak_is_taken_for_english(handlers: dict[str, Any]) -> None:
    [(_, [turn], _)] = handlers["reply"]("?!", 0, (), '"><img src=x>')
    assert turn.html.startswith('<div class="answer notice" lang="en"><p>The question holds no words')


def test_a_verdict_that_cannot_be_kept_is_said_and_is_kept_once_it_can_be() -> None:
    kept: list[str] = []
    full = True

    def keep(answer: Answer, verdict: str) -> None:
        if full:
            raise FeedbackError("The feedback could not be kept.", "Free some space.")
        kept.append(verdict)

    index = toy_index()
    warming = Warmed(index)
    page = chat_page(warming, Answers(warming.index, 30), "Ask", True, keep)
    handlers = {str(event.name): event.fn for event in page.fns.values()}
    *_, (_, turns, _) = handlers["reply"](QUESTION, 0, (), "en")

    def judge(liked: bool | str) -> None:
        handlers["judged"](turns, "en", gr.LikeData(None, {"index": 1, "value": "x", "liked": liked}), REQUEST)

    with pytest.raises(gr.Error, match=r"could not be kept\. Free some space"):
        judge(True)
    full = False
    judge(True)
    judge(True)  # Gradio tells of some twice
    assert kept == ["like"]
    judge("")  # taken back
    judge(True)
    judge(False)
    assert kept == ["like", "like", "dislike"]
