"""The line that opens an answer: what was asked, and where the document speaks of it."""

from __future__ import annotations

import re

from index.documents import Answer
from index.phrases import phrase
from index.script import is_chinese

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
_ASKS = re.compile(
    r"\b(?:wh\w+|how|is|are|was|do|does|did|will|can|any)\b|[怎哪誰谁幾几嗎吗]|什[麼么]|如何|多少|[會会能]",
    re.IGNORECASE,
)
_LONGEST_TOPIC = {False: 32, True: 8}  # characters
_LONGEST_SECTION = 60  # characters; a longer heading is shown with the source alone


def lead(answer: Answer) -> str:
    """The opening line of an answer, plain text in its language; "" of a refusal."""
    if not answer.answered:
        return ""
    language = answer.language
    first = answer.citations[0]
    if first.rendering_note == phrase("known", language):
        return phrase("about itself", language)
    section = first.section_rendering or first.section
    if any(citation.section != first.section for citation in answer.citations) or first.quote == first.section:
        section = ""
    section = first_clause(section)
    section = section if len(section) <= _LONGEST_SECTION else ""
    topic = _topic(answer, language)
    said = phrase("on topic", language).format(topic=topic) if topic else ""
    name = (
        ("lead" if section else "lead without section") if topic else "lead without topic" if section else "lead alone"
    )
    return phrase(name, language).format(topic=said, section=section)


def _topic(answer: Answer, language: str) -> str:
    """What a question is about, as it names it; "" where its frame is not known."""
    question = answer.understood or answer.question
    bare = _TAILS.sub("", _ENDINGS.sub("", question.strip()))
    for frame in _FRAMES[is_chinese(language)]:
        if (found := frame.search(bare)) and not _NO_TOPIC.match(found["topic"]):
            return found["topic"]
    # Of "and for housing?", "那教育呢?" it is what is left without the words that open and end it.
    opened = question != answer.question and answer.question.endswith(question)
    short = len(bare) <= _LONGEST_TOPIC[is_chinese(language)] and not _ASKS.search(bare)
    return bare if opened and short and not _NO_TOPIC.match(bare) else ""


def first_clause(heading: str) -> str:
    """A heading's first clause, without the mark that ends it; all of it where its first clause is long already."""
    clause = re.split(r"[,\uff0c]", heading, maxsplit=1)[0]
    return _ENDINGS.sub("", heading if len(clause) > _LONGEST_SECTION else clause)
