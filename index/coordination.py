"""Questions that ask the same of several topics in one breath: "the metro and schools", "地铁和教育"."""

from __future__ import annotations

import re

from index.script import HAN

_MOST_TOPICS = 4
_WORD = r"[\w'’&-]+"
_ARTICLE = r"(?:(?:the|their|its|any|our) )?"
_PREPOSITION = r"(?:about|for|on|regarding|concerning|of|with|in)"
_SHORT = rf"{_ARTICLE}{_WORD}(?: {_WORD})?"
_ITEM = rf"{_ARTICLE}{_WORD}(?: {_WORD}){{0,3}}"
_ENGLISH = (
    # "what is planned for the metro, parks and for schools"
    re.compile(
        rf"(?P<before>.*\b{_PREPOSITION} )(?P<topics>{_ITEM}(?:, {_ITEM})*,? and (?:{_PREPOSITION} )?{_ITEM})", re.I
    ),
    # "metro, parks and schools"
    re.compile(rf"(?P<before>)(?P<topics>{_SHORT}(?:, {_SHORT})*,? and {_SHORT})", re.I),
)
_ENGLISH_SEAM = re.compile(rf",? and (?:{_PREPOSITION} )?|, ", re.I)
_ENGLISH_NO_TOPIC = re.compile(
    r"(?:wh\w+|how|if|is|are|was|were|do|does|did|will|would|can|could|has|have|should|by|at|to|it|its|they|them|their|that"
    r"|this|more|less|better|others?|each other|so|then|not|also)\b",
    re.I,
)
_CHARACTERS = r"[\u3400-\u9fffA-Za-z0-9“”「」]"
_CHINESE_AND = r"(?:以及|[还還]有|(?<!共)和|(?<![参參])[与與]|跟(?!得))"
_CHINESE = (
    re.compile(
        r"(?P<before>(?:[请請麻烦煩你您帮幫我]*(?:[介绍紹概述總总结結说說讲講谈談]+(?:一下|下)?))?(?:[关關][于於]|[对對](?:[于於])?|在)?)"
        rf"(?P<topics>{_CHARACTERS}{{2,8}}?(?:[、,，]{_CHARACTERS}{{2,8}}?)*{_CHINESE_AND}{_CHARACTERS}{{2,8}}?)"
        r"(?P<behind>(?:方面|[这這][两兩]?[块塊]|工作)?的?(?:[区區][里裡裏]|政府|南[关關][区區])?(?:有(?:[哪什何没沒]|怎)|怎|如何"
        r"|[计計][划劃]|[规規][划劃]|安排|打算|措施|做(?:了)?什|要做什|[会會]怎|情[况況]).*)"
    ),
    re.compile(
        rf"(?P<before>)(?P<topics>{_CHARACTERS}{{2,4}}(?:[、,，]{_CHARACTERS}{{2,4}})*{_CHINESE_AND}{_CHARACTERS}{{2,4}})(?P<behind>呢?)"
    ),
)
_CHINESE_SEAM = re.compile(rf"[、,，]|{_CHINESE_AND}")
_CHINESE_NO_TOPIC = re.compile(r"[哪什怎誰谁幾几嗎吗呢啥是得]|多少|如何")
_TOGETHER = re.compile(  # what is asked of the topics together, and not of each
    r"\b(?:between|both|differen\w+|relations?\w*|compared?|together|versus)\b"
    r"|之[间間]|配合|合作|[关關][系係]|[联聯][动動]|[结結]合|[区區][别別]|不同|[衔銜]接|比[较較]|互相|一起",
    re.IGNORECASE,
)


def each_topic(question: str) -> tuple[str, ...]:
    """The question asked of each of the topics that it names in one breath; of two to four, else none."""
    asked = question.rstrip("?？ .。!！")
    end = question[len(asked) :].strip()
    if _TOGETHER.search(asked):
        return ()
    patterns, seam, none = (
        (_CHINESE, _CHINESE_SEAM, _CHINESE_NO_TOPIC.search)
        if HAN.search(asked)
        else (_ENGLISH, _ENGLISH_SEAM, _ENGLISH_NO_TOPIC.match)
    )
    for match in filter(None, (pattern.fullmatch(asked) for pattern in patterns)):
        topics = [topic for topic in map(str.strip, seam.split(match["topics"])) if topic]
        if 2 <= len(topics) <= _MOST_TOPICS and not any(map(none, topics)):
            behind = match.groupdict().get("behind") or ""
            return tuple(f"{match['before']}{topic}{behind}{end}" for topic in topics)
    return ()
