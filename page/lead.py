"""The line that opens an answer: what was asked, and where the document speaks of it."""

from __future__ import annotations

import re

from index.documents import Answer
from index.phrases import phrase
from index.script import is_chinese
from page.texts import text

_ENDINGS = re.compile(r"[\s?!.\uff1f\uff01\u3002,\uff0c]+$")
_FRAMES = {
    True: (
        re.compile(r"(?:如何|怎[麼么]樣?|怎[樣样]|怎[么麼])(?:去|來|来)?(?P<topic>[\u3400-\u9fffA-Za-z0-9]{3,14})$"),
        re.compile(
            r"(?:[對对][於于]?|[关關][于於])(?P<topic>[\u3400-\u9fffA-Za-z0-9]{2,12}?)(?:上|方面)?(?:有|做|是|要|的(?:[规規]|[计計]))"
        ),
        re.compile(
            r"^(?P<topic>[\u3400-\u9fffA-Za-z0-9]{3,14}?)(?:的[问問][题題])?(?:要|[应應][该該])?(?:怎|如何|有哪|有什|是什|[誰谁])"
        ),
    ),
    False: (
        re.compile(
            r"^(?:what|which|how|is|are|does|do|will|can|and|tell|anything|any)\b.*?\b(?:about|for|on|regarding"
            r"|concerning)\s+(?P<topic>[\w'’-]+(?:\s+[\w'’-]+){0,4})$",
            re.IGNORECASE,
        ),
    ),
}
_TAILS = re.compile(r"(?:呢|嗎|吗|了)$")
_NO_TOPIC = re.compile(r"^(?:it|that|this|them|me|us|you|the document|[他她它們们這这那]+)\b", re.IGNORECASE)
_LONGEST_SECTION = 60  # characters; a longer heading is shown with the source alone


def lead(answer: Answer) -> str:
    """The opening line of an answer, plain text in its language."""
    language = answer.language
    first = answer.citations[0]
    if first.rendering_note == phrase("known", language):
        return text("about itself", language)
    section = first.section_rendering or first.section
    if any(citation.section != first.section for citation in answer.citations) or first.quote == first.section:
        section = ""
    section = _ENDINGS.sub("", _first_clause(section))
    topic = _topic(answer.understood or answer.question, language)
    values = {"topic": text("on topic", language, topic=topic), "section": section}
    if topic:
        return text("lead" if section else "lead without section", language, **values)
    return text("lead without topic" if section else "lead alone", language, **values)


def _topic(question: str, language: str) -> str:
    """What a question is about, as it names it; "" where its frame is not known."""
    bare = _TAILS.sub("", _ENDINGS.sub("", question.strip()))
    for frame in _FRAMES[is_chinese(language)]:
        if (found := frame.search(bare)) and not _NO_TOPIC.match(found["topic"]):
            return found["topic"]
    return ""


def _first_clause(section: str) -> str:
    """A heading's first clause, where the whole is too long to read in passing."""
    clause = re.split(r"[,\uff0c]", section, maxsplit=1)[0]
    return clause if len(clause) <= _LONGEST_SECTION else ""
