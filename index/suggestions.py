"""Questions to go on with, which the documents are known to answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from index.collection import Collection
from index.script import convert, fold, is_chinese
from index.segmentation import Role

_ASKS = re.compile(r"[?\uff1f]\s*$|[吗呢]$|什么|怎[么样]|如何|哪|多少|谁|几|有没有|能否|是否|会不会")  # in folded text
_CHINESE_SCRIPTS = ("zh-Hant", "zh-Hans")
_MARKS = "?\uff1f "
_SPACED = re.compile(r"[\u3400-\u9fff] [\u3400-\u9fff]")  # keywords, as they are typed into a search box
_MOST = 3


def suggested(
    numbers: Iterable[int], language: str, collection: Collection, asked: Sequence[str] = ()
) -> tuple[str, ...]:
    """A question in `language` for each of the first few sentences that have one, in the order of `numbers`.

    Titles and headings are left out.

    Args:
        asked: questions that need no suggesting.
    """
    known = {fold(question).rstrip(_MARKS) for question in asked}
    found: list[str] = []
    for number in numbers:
        if number not in collection.answering or collection.sentence(number).role is not Role.BODY:
            continue
        questions = [question for question in _known(number, language, collection) if _ASKS.search(fold(question))]
        questions.sort(key=lambda question: bool(_SPACED.search(question)))
        fresh = (question for question in questions if fold(question).rstrip(_MARKS) not in known)
        if question := next(fresh, None):
            found.append(_ended(question, language))
            known.add(fold(question).rstrip(_MARKS))
        if len(found) == _MOST:
            break
    return tuple(found)


def _known(number: int, language: str, collection: Collection) -> list[str]:
    """The questions that a sentence is known to answer, Chinese ones converted where only the other script has them."""
    if own := collection.questions_of(number, language):
        return own
    others = [script for script in _CHINESE_SCRIPTS if script != language] if is_chinese(language) else []
    return [convert(question, language) for other in others for question in collection.questions_of(number, other)]


def _ended(question: str, language: str) -> str:
    mark = "\uff1f" if is_chinese(language) else "?"
    return question[:1].upper() + question[1:].rstrip(_MARKS) + mark
