"""The page's own handlers, called as Gradio calls them: what a page shows may be of a server that is no more."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

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
    *_, (left, messages, turns) = handlers["again"]((), gr.RetryData(None, SHOWN), REQUEST)
    assert left == ""
    assert [turn.question for turn in turns] == [QUESTION]
    assert len(messages) == 2


def test_it_is_taken_back_into_the_text_box(handlers: dict[str, Any]) -> None:
    assert handlers["undone"]((), gr.UndoData(None, SHOWN)) == (QUESTION, [], ())


def test_a_verdict_on_it_is_refused_in_a_sentence(handlers: dict[str, Any]) -> None:
    with pytest.raises(gr.Error, match="Ask again, then judge it"):
        handlers["judged"]((), gr.LikeData(None, {"index": 1, "value": "x", "liked": True}), REQUEST)
