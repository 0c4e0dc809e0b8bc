"""The line that opens an answer: what was asked, and where the document speaks of it."""

from __future__ import annotations

import re

from index.documents import Answer
from index.message import taken_apart
from index.phrases import phrase
from index.script import is_chinese

_ENDINGS = re.compile(r"[\s?!.\uff1f\uff01\u3002,\uff0c]+$")
_WORDS = r"[\w'’&-]+(?:\s+[\w'’&-]+){0,5}"
_PLANNERS = (
    r"(?:the (?:local )?(?:district|government|authorities|city|party|committee|leadership|article)"
    r"|nanguan(?: district)?|they|it|we|you|i)"
)
_HAN = r"[\u3400-\u9fffA-Za-z0-9]"
# What a question is about, by the frame it is put in; the first frame that fits and names something is taken.
_FRAMES = {
    True: tuple(
        re.compile(frame)
        for frame in (
            rf"(?:如何|怎[麼么]樣?|怎[樣样]|怎[么麼])(?:去|來|来)?(?P<topic>{_HAN}{{3,8}})$",
            rf"(?:[對对][於于]?|[关關][於于])(?P<topic>{_HAN}{{2,12}}?)(?:上|方面)?(?:有|做|是|要|的(?:[规規]|[计計]))",
            rf"^(?:什[麼么]|何)(?:是|叫做?)(?P<topic>{_HAN}{{2,14}})$",
            rf"^(?P<topic>{_HAN}{{2,8}}?)(?:(?<!主)要|[應应][该該]?|[會会將将能]|可以)?(?:怎|如何|有哪|有什|有何|有[沒没]有|是什|是哪|是[誰谁]|指什"
            r"|叫什|[做幹干](?:些|了)?什|[誰谁]|多少|[幾几][個个家條条])",
            rf"有(?:哪些|什[麼么])(?P<topic>{_HAN}{{2,10}}?)(?:$|[要會会能在將将正]|可以)",
            rf"^(?P<topic>{_HAN}{{2,8}}?)(?:在|(?<!主)要|(?<![社工協协書书])[會会將将]|(?<![智功可])能(?!力)|可以|是不是|是否)",
        )
    ),
    False: tuple(
        re.compile(frame, re.IGNORECASE)
        for frame in (
            r"^(?:what|which|how|is|are|does|do|will|can|and|tell|anything|any)\b.*?\b(?:about|for|on|regarding"
            r"|concerning)\s+(?P<topic>[\w'’-]+(?:\s+[\w'’-]+){0,4})$",
            r"^(?:what|who)(?:'s|\s+is|\s+are)\s+(?!\w+ed\b)"
            r"(?P<topic>(?:(?!(?:to|by|with|in)\b|\w+ing\b)[\w'’&-]+\s*){1,4})$",
            r"^(?:which|what|how many|how much)\s+(?:(?:kinds?|sorts?|types?) of\s+)?"
            r"(?P<topic>(?:[\w'’-]+\s+){1,2}?[\w'’-]+s)"
            r"\s+(?:is|are|was|were|will|do|does|did|can|has|have|should)\b",
            r"^(?:how|why|when|where)\s+(?:is|are|was|were|will|can|should|must)\s+(?P<topic>[\w'’-]+(?:\s+[\w'’-]+){0,3}?)"
            r"\s+(?:be\s+|being\s+)?\w+(?:ed|en|ught|wn|lt|ne)$",
            rf"^(?:how|why)\s+(?:do|does|did|will|can|would|should)\s+{_PLANNERS}\s+(?:(?:plan|want|try|intend)\s+to\s+)?\w+\s+"
            rf"(?P<topic>{_WORDS})$",
            rf"^(?:is|are)\s+there\s+(?:any\s+|an?\s+|some\s+)?(?P<topic>{_WORDS})$",
            rf"^(?:who\s+\w+s|what\s+(?:becomes|happens))\s+(?P<topic>{_WORDS})$",
            rf"^(?:do|does|did|will|can)\s+{_PLANNERS}\s+(?:(?:plan|want|try|intend)\s+to\s+)?\w+\s+(?P<topic>{_WORDS})$",
        )
    ),
}
_TAILS = re.compile(r"(?:呢|嗎|吗|了)$")
_QUOTES = re.compile(r"[「」『』“”\"《》]")
# Of what a frame gives: what only leads up to the topic, what only rounds it off, and what is none.
_BEFORE_TOPIC = re.compile(
    r"^(?:(?:with|to|for|against|after|in|on|of|about|from|up|any)\s+|南[關关][區区]?的?|[區区][裡里裏]的?|[長长]春市?的?)",
    re.IGNORECASE,
)
_AFTER_TOPIC = re.compile(r"(?:方面|[這这]一?[塊块]|的?[問问][題题]|的?情[況况]|指的?|都|在)$")
_NO_TOPIC = re.compile(
    r"^(?:(?:it|that|this|them|they|me|us|we|you|i|he|she|his|her|its|there|their|ones?|the document|the article|else"
    r"|more|others?|anything|something|everything|exactly|be|being|do|going)\b"
    r"|(?:the |its |their )?(?:plans?|aims?|goals?|measures|next|point|matter|idea)$|\w+ed\b"
    r"|[他她它們们這这那我你您咱誰谁哪怎什為为請请想]|大家|有|是|如果|政府|文件|文章|安排|[計计][劃划]|措施|打算|[規规][劃划]|[辦办]法"
    r"|要求|[現现]在|目前|[當当]地"
    r"|wh(?:at|o|ich|en|ere|y)\b|.*(?:[誰谁哪怎]|什[麼么]|如何))",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:wh\w+|how|is|are|was|do|does|did|will|can|any|tell|give|show|help|explain|list|name|describe)\b"
    r"|[怎哪誰谁幾几嗎吗]|什[麼么]|如何|多少|[會会能]",
    re.IGNORECASE,
)
_LONGEST_TOPIC = {False: 48, True: 14}  # characters
_ALONE = {
    False: re.compile(r"\S+(?:\s+\S+){0,2}"),
    True: re.compile(r"\S{2,6}"),
}  # a question that is nothing but its topic
_IN_NO_TOPIC = {  # what a clause holds, and the name of a thing does not
    False: re.compile(
        r"\b(?:to|be|is|are|was|were|get|not|isn't|doesn't|hasn't|years|months|days|times|things)\b|\ball$",
        re.IGNORECASE,
    ),
    True: re.compile(r"[要把讓让給给被跟有是得了着著過过也還还又最再都不夠够搞管到帶带歸归由]|\s"),
}
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
    if any(citation.section != first.section for citation in answer.citations) or first.is_heading:
        section = ""
    section = first_clause(section)
    section = section if len(section) <= _LONGEST_SECTION else ""
    topic = "" if answer.unanswered else _topic(answer, language)
    said = phrase("on topic", language).format(topic=topic) if topic else ""
    name = (
        ("lead" if section else "lead without section") if topic else "lead without topic" if section else "lead alone"
    )
    return phrase(name, language).format(topic=said, section=section)


def _topic(answer: Answer, language: str) -> str:
    """What a question is about, as it names it; "" where its frame is not known."""
    chinese = is_chinese(language)
    asks = taken_apart(answer.understood or answer.question).ways[-1]
    bare = _TAILS.sub("", _ENDINGS.sub("", _QUOTES.sub("", asks) if chinese else asks))
    for frame in _FRAMES[chinese]:
        if (found := frame.search(bare)) and (topic := _trimmed(found["topic"], chinese)):
            return topic
    # Of "metro line 7?", and of "and for housing?" and "那教育呢?" without the words that open and end it, it is all.
    if _ALONE[chinese].fullmatch(bare) and not _ASKS.search(bare):
        return _trimmed(bare, chinese)
    return ""


def _trimmed(topic: str, chinese: bool) -> str:
    """A topic without what leads up to it; "" where it names nothing, or too much."""
    topic = _AFTER_TOPIC.sub("", _BEFORE_TOPIC.sub("", topic.strip()))
    topic = re.sub(r"\b(and|or) (?:for|about|on|in|of) ", r"\1 ", topic)
    fits = 1 < len(topic) <= _LONGEST_TOPIC[chinese] and not (
        _NO_TOPIC.match(topic) or _IN_NO_TOPIC[chinese].search(topic)
    )
    return topic if fits else ""


def first_clause(heading: str) -> str:
    """A heading's first clause, without the mark that ends it; all of it where its first clause is long already."""
    clause = re.split(r"[,\uff0c]", heading, maxsplit=1)[0]
    return _ENDINGS.sub("", heading if len(clause) > _LONGEST_SECTION else clause)
