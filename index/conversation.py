"""A follow-up question made whole from the turns before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.errors import QuestionError
from index.script import is_chinese, language_of

Turn = tuple[str, str]  # a question, and the answer it got

_TURNS = 8  # how far back a follow-up may reach

_OPENING = re.compile(
    r"^\s*(?:(?:and(?: what)?(?: about| for| of| in)?|what about|how about|(?:so |then )?what of|but|also|or)\b"
    r"|那麼|那么|那(?![個个些裡里樣样])|還有|还有|另外|以及|至於|至于|關於|关于)\s*(?=\S)",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:it|its|they|them|their|that|those|these|this|there|such|ones?|he|she|more|else|same)\b"
    r"|[它其該该此]|他們|他们|她們|她们|它們|它们|這[個些裡裏樣項]|这[个些里样项]|那[個些裡裏樣項个些里样项]|哪[些個个幾几項项]"
    r"|還有[嗎呢]|还有[吗呢]|更多|具體|具体|詳細|详细",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"\b(?:which|what|who|whom|whose|when|where|why|how|much|many|long|is|are|was|were|do|does|did|the|a|an|of|for|in|to"
    r"|on|by|with|please|exactly|tell|me|about|any|will|can|and)\b"
    r"|什麼時候|什么时候|為什麼|为什么|什[麼么]|怎[麼么樣样]*|如何|多少|[幾几]|哪裡|哪里|[誰谁呢嗎吗吧的了是有呀啊請请問问]|\W",
    re.IGNORECASE,
)


def made_whole(question: str, history: Sequence[Turn]) -> str:
    """The question as it would be asked with no turn before it.

    A question that stands alone comes back as it is. One that opens a new topic in the same frame ("and for housing?",
    "那教育呢?") is asked of that topic; one that points back or names nothing ("which ones?", "什麼時候?") is asked
    together with the question before it.

    Raises:
        QuestionError: a turn is not a pair of strings.
    """
    history = tuple(history or ())[-_TURNS:]
    for turn in history:
        if not isinstance(turn, tuple | list) or len(turn) != 2 or not all(isinstance(part, str) for part in turn):
            raise QuestionError("Each turn of the history must be a pair: a question and its answer.")
    if not history:
        return question
    rest = _OPENING.sub("", question)
    names_something = bool(_FILLER.sub("", _POINTING.sub("", rest)))
    if rest == question and names_something and not (_POINTING.search(question) and _is_short(question)):
        return question
    before = made_whole(history[-1][0], history[:-1])
    if names_something and not _POINTING.search(rest):
        return rest
    return f"{before} {question}"


def language_asked(question: str, history: Sequence[Turn]) -> str:
    """The language of a question; its script, where its own characters belong to both, from the turns before it."""
    for text in (question, *(asked for asked, _ in reversed(history or ()))):
        language = language_of(text)
        if language != "zh":
            return language if text is question or is_chinese(language) else "zh"
    return "zh"


def _is_short(question: str) -> bool:
    """Whether so few words can hardly name what they are about."""
    words = re.findall(r"[A-Za-z]+|[\u3400-\u9fff]{2}", question)
    return len(words) <= 8
