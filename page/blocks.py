"""The conversation: what is laid out, and what happens on each click."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from html import unescape
from typing import Any

import gradio as gr
from gradio.events import api

from index.collection import Collection
from index.conversation import MAX_QUESTION, language_asked
from index.documents import Answer
from index.errors import FeedbackError, QAError
from index.lead import lead
from index.script import language_of
from page.answer import answer_html, message_html
from page.answers import Answers
from page.html import escaped
from page.judgements import Judgements, Keep
from page.texts import spoken, text
from page.warming import Warming
from page.welcome import composing_html, masthead_html, reading_html, welcome_html

_log = logging.getLogger(__name__)
_WRONG_SOURCE = "Wrong source"
_VERDICTS = {True: "like", False: "dislike", _WRONG_SOURCE: "wrong source"}  # as Gradio tells them
# What page.js does as a question is asked and once it is over (there: `conversation`).
_SHOW = "chat => conversation.show(chat)"
_BEGIN = "turns => conversation.begin(turns)"
_JUDGE = "turns => conversation.judge(turns)"
_END = "() => conversation.end()"
_FAIL = "(chat, forgotten) => conversation.fail(chat, forgotten)"
_TAKEN_BACK = "forgotten => conversation.takenBack(forgotten)"
_NOTHING = (gr.skip(), gr.skip())  # in place of an Update: messages and turns stay as they are


@dataclass(frozen=True)
class Turn:
    """A question as it was asked, what is shown for it, and its answer; None where there is none (an error)."""

    question: str
    html: str
    answer: Answer | None = None


Turns = tuple[Turn, ...]
Update = tuple[list[dict[str, str]], Turns]  # the messages, the turns
Known = tuple[Any, Any, bool]  # an Update, and whether turns that the page shows are not known here


def chat_page(warming: Warming, answers: Answers, title: str, own: bool, keep: Keep | None) -> gr.Blocks:
    """The page, not yet served.

    Args:
        answers: where questions are put.
        own: whether a user's own documents are asked, not the article.
        keep: takes readers' verdicts; None where they are not asked for.
    """

    replied = partial(_replied, warming, answers)

    def reply(question: str, before: int | None, turns: Turns, reader: str) -> Iterator[Known]:
        yield from replied(question, turns, before or 0, reader)  # None where it is no page of ours that asks

    def again(turns: Turns, reader: str, event: gr.RetryData) -> Iterator[Known]:
        number = _turn_of(event.index)
        yield from replied(_asked(turns, number, event.value), turns, number, reader)

    def edited(turns: Turns, reader: str, event: gr.EditData) -> Iterator[Known]:
        question = _shown(event.value)
        before = _turn_of(event.index) if question.strip() else len(turns)  # nothing asked: nothing changes
        yield from replied(question, turns, before, reader)

    judgements = Judgements(keep) if keep else None

    def judged(turns: Turns, reader: str, event: gr.LikeData, request: gr.Request) -> None:
        if judgements:
            _judge(judgements, str(request.session_hash), turns, reader, event)

    def ask(question: str, history: list[list[str]] | None = None) -> dict[str, Any]:
        """Answer a question from the documents; `history` holds [question, answer] pairs, oldest first."""
        return _for_programs(answers, question, history or ())

    page: gr.Blocks = gr.Blocks(title=title, analytics_enabled=False, fill_width=True)
    with page:
        turns = gr.State(())
        gr.HTML(masthead_html(own), elem_id="masthead", apply_default_css=False)
        with gr.Row(elem_id="views", equal_height=False):
            with gr.Column(elem_id="talk", min_width=0):
                gr.HTML(welcome_html(own), elem_id="welcome", apply_default_css=False)
                chat = gr.Chatbot(
                    elem_id="chat",
                    show_label=False,
                    container=False,
                    layout="bubble",
                    height=None,
                    buttons=[],
                    editable="user",
                    latex_delimiters=[],
                    feedback_options=("Like", "Dislike", _WRONG_SOURCE),  # page.js says them in the page's language
                    group_consecutive_messages=False,
                    autoscroll=False,  # page.js brings the question to the top, so that an answer is read from there
                )
                gr.HTML(composing_html(), elem_id="composing", apply_default_css=False)
                with gr.Row(elem_id="composer", equal_height=True):
                    question = gr.Textbox(
                        elem_id="question",
                        label="Your question",
                        show_label=False,
                        scale=5,
                        lines=1,
                        max_lines=4,
                        interactive=True,
                        container=False,
                    )
                    gr.Button("Ask", elem_id="send", variant="primary", scale=0, min_width=88)
            with gr.Column(elem_id="reading", min_width=0):
                gr.HTML(reading_html(), apply_default_css=False)
        # page.js takes questions from the box, shows each at once, and puts them one after the other.
        put = gr.Button(elem_id="put", visible="hidden")
        asked = gr.Textbox(visible=False)
        before = gr.Number(visible=False, precision=0)  # turns that the page shows: of `turns`, those are still meant
        reader = gr.Textbox(visible=False)  # the page's language: a cookie would be that of another tab as well
        forgotten = gr.Checkbox(visible=False)  # whether it shows more than there are
        shown = [chat, turns, forgotten]
        taken = put.click(
            None, [chat], [asked, before, reader, chat], js=_SHOW, api_visibility="private", trigger_mode="multiple"
        )
        replies = (
            taken.then(reply, [asked, before, turns, reader], shown, show_progress="hidden", api_visibility="private"),
            chat.retry(again, [turns, reader], shown, js=_BEGIN, show_progress="hidden", api_visibility="private"),
            chat.edit(edited, [turns, reader], shown, js=_BEGIN, show_progress="hidden", api_visibility="private"),
        )
        for answered in replies:
            answered.then(None, js=_END, api_visibility="private")
            answered.failure(None, [chat, forgotten], [chat, forgotten], js=_FAIL, api_visibility="private")
        # Past the queue: Gradio loses what comes through it while the stream of the event before is being closed.
        taken_back = chat.undo(
            _undone,
            [turns, question],
            [question, *shown],
            show_progress="hidden",
            api_visibility="private",
            queue=False,
        )
        taken_back.then(None, [forgotten], js=_TAKEN_BACK, api_visibility="private")
        if judgements:
            # By default what is clicked while the click before is being kept would be lost.
            chat.like(
                judged, [turns, reader], None, js=_JUDGE, api_visibility="private", queue=False, trigger_mode="multiple"
            )
        api(ask, api_name="ask", api_description="Answer a question from the documents, with citations.")
    return page


def _for_programs(answers: Answers, question: str, history: Sequence[Sequence[str]]) -> dict[str, Any]:
    """An answer as a dictionary; what is wrong is raised as Gradio's error, in one sentence."""
    try:
        answer = answers.ask(question, [(asked, said) for asked, said in history]).answer
        return {**answer.to_dict(), "lead": lead(answer)}
    except TimeoutError as error:
        said = text("too slow", language_of(question), seconds=round(answers.seconds))
        raise gr.Error(said, print_exception=False) from error
    except (QAError, ValueError) as error:
        raise gr.Error(str(error), print_exception=False) from error


def _replied(
    warming: Warming, answers: Answers, question: str, turns: Turns, before: int, reader: str
) -> Iterator[Known]:
    """Answer a question after the first `before` turns, if so many are known."""
    reader = spoken(reader)
    if before > len(turns):
        yield *_NOTHING, True
        raise gr.Error(text("turns forgotten", reader), print_exception=False)
    for update in _reply(warming, answers, question, turns[:before], reader):
        yield *update, False


def _undone(turns: Turns, draft: str, event: gr.UndoData) -> tuple[str, Any, Any, bool]:
    number = _turn_of(event.index)
    written = f"{_asked(turns, number, event.value)}\n{draft}".strip()
    return (written, *_NOTHING, True) if number > len(turns) else (written, *_update(turns[:number]), False)


def _judge(judgements: Judgements, session: str, turns: Turns, reader: str, event: gr.LikeData) -> None:
    number = _turn_of(event.index)
    if number >= len(turns):
        raise gr.Error(text("forgotten", reader), print_exception=False)
    if not (answer := turns[number].answer):
        return
    try:
        judgements.give(session, number, answer, _VERDICTS.get(event.liked))
    except FeedbackError as error:
        raise gr.Error(str(error), print_exception=False) from error


def _reply(warming: Warming, answers: Answers, question: str, turns: Turns, reader: str) -> Iterator[Update]:
    """Answer one question: its first sentence at once, then the rest."""
    if not question.strip():
        yield _update(turns)
        return
    if len(question) > MAX_QUESTION:
        said = text("too long", reader, most=MAX_QUESTION)
        yield _update((*turns, Turn(question, message_html(said, reader))))
        return
    if not any(character.isalnum() for character in question):
        yield _update((*turns, Turn(question, message_html(text("no words", reader), reader))))
        return
    language = language_asked(question, (), reader)
    if warming.state.status == "warming":
        yield _update((*turns, Turn(question, message_html(text("waiting", language), language))))
    try:
        history = [(turn.question, turn.answer.text) for turn in turns if turn.answer]
        given = answers.ask(question, history, reader)
    except TimeoutError:
        said = text("too slow", language, seconds=round(answers.seconds))
        yield _update((*turns, Turn(question, message_html(said, language))))
        return
    except QAError as error:
        yield _update((*turns, Turn(question, message_html(str(error), "en"))))
        return
    except Exception:  # noqa: BLE001 - the reader is told, the log has the rest
        _log.exception("A question could not be answered.")
        yield _update((*turns, Turn(question, message_html(text("failed", language), language))))
        return
    number, numbers = len(turns) + 1, _numbers(warming.collection())
    if len(given.answer.citations) > 1:
        yield _update((*turns, Turn(question, answer_html(given, number, numbers, shown=1))))
    yield _update((*turns, Turn(question, answer_html(given, number, numbers), given.answer)))


@lru_cache(maxsize=1)
def _numbers(collection: Collection) -> dict[str, int]:
    """The documents' ids -> their numbers."""
    return {document.id: number for number, document in enumerate(collection.documents)}


def _update(turns: Turns) -> Update:
    return _messages(turns), turns


def _messages(turns: Turns) -> list[dict[str, str]]:
    messages: list[dict[str, str]] = []
    for turn in turns:
        messages.append({"role": "user", "content": escaped(turn.question)})
        messages.append({"role": "assistant", "content": turn.html})
    return messages


def _asked(turns: Turns, number: int, shown: Any) -> str:
    """The question of a turn; as the page shows it where the server, started anew meanwhile, has forgotten the turn."""
    if number < len(turns):
        return turns[number].question
    return _shown(shown)


def _shown(message: Any) -> str:
    """The question that a message shows: the page holds it escaped, as `_messages` gives it."""
    return unescape(message) if isinstance(message, str) else ""


def _turn_of(message: int | tuple[int, int]) -> int:
    """The turn that a message belongs to, by its place."""
    return (message if isinstance(message, int) else message[0]) // 2
