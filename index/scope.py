"""How much a question asks for: one thing, several, a whole theme, or the document itself."""

from __future__ import annotations

import re
from typing import Literal

from index.script import HAN

About = Literal["contents", "author", "editor", "publisher", "date", "title", "place", "kind"]

_MOST_PARTS = 3
_STARTS = r"(?:what|which|who|whose|how|where|when|why|is|are|does|do|did|will|would|can|could|has|have)\b"
_ENGLISH_SEAM = re.compile(rf"\?\s+(?:and |also )?(?=\w)|,?\s+and\s+(?:also\s+)?(?={_STARTS})", re.IGNORECASE)
_ENGLISH_ASKS = re.compile(rf"\b{_STARTS}", re.IGNORECASE)
_CHINESE_SEAM = re.compile(
    r"[？?；;](?=.*\w)|[,，、]\s*(?:还有|還有|以及|另外|同时|同時|并且|並且)?|(?:还有|還有|以及)"
)
_CHINESE_ASKS = re.compile(
    r"什[么麼]|怎|哪|[谁誰]|(?<!好)[几幾](?!乎)|多少|[吗嗎呢]|如何|有没有|有沒有|是不是|能不能|会不会|會不會|啥|何|多久|有無|是否"
)
_POINTING = re.compile(r"\b(?:it|its|that|else)\b|[它其该該此]|他們|他们", re.IGNORECASE)
_ASKING = re.compile(
    rf"\b(?:{_STARTS[3:-3]}|the|for|and|with|from|any|get|how|many|much|about|there|being|been|not)\b"
    r"|什[么麼]样?|怎[么麼样樣]*|哪[个個些里裡]?|多少|如何|有没有|有沒有|是不是|能不能|会不会|會不會|[吗嗎呢的了是有在要会會能谁誰啥何几幾又也都还還不得着著来來去人级級个個]",
    re.IGNORECASE,
)
_NAMED_HAN, _NAMED_WORDS = 3, 2  # characters or words that tell what a question is about
# A question of its own that one word tells: "how much is mileage", "what are the fees". Not "who is eligible" or "what is
# planned", which say nothing without what was asked before them.
_ONE_WORD_TELLS = re.compile(
    r"(?:and |also )*(?:(?:what|which|who|where|when|how \w+) (?:is|are|was|were) (?:the|a|an|my|our|your) [a-z]{3,}"
    r"|(?:where|when|how (?:much|many|long|far|often|old|big|high)) (?:is|are|was|were) (?!\w*(?:ed|[ai]ble)\b)[a-z]{3,})",
    re.IGNORECASE,
)

_BROAD = re.compile(
    r"\b(?:summari[sz]e|sum up|summary|overview|outline|everything|overall|main points|key points|all (?:the )?(?:measures"
    r"|plans|steps)|list (?:all|the)|in general)\b"
    r"|\bwhat (?:\w+ )?(?:measures|reforms|steps|help|plans|policies|initiatives)\b|\b(?:the|what|are) plans? (?:for|on|about)\b"
    r"|\bwhat (?:is|are|'s) (?:being )?(?:planned|done|said|promised) (?:for|about|on|to|with)\b|\bas a whole\b"
    r"|概述|总结|總結|归纳|歸納|归总|整理(?:重|要|一下)|概括|综述|綜述|概况|概況|列出|要点|要點|重点|重點|全部|方面.{0,6}(?:哪些|什[么麼]|怎)"
    r"|(?:哪些|什[么麼])(?:举措|舉措|措施|安排|内容|內容|规划|規劃|计划|計劃|打算|部署|做法|要求|政策|工作)|[讲講][了些]*(?:什[么麼]|哪些|啥)|全[说說都]|(?:一共|各要|分别|分別).{0,4}(?:哪几件|怎)",
    re.IGNORECASE,
)

_WORKS = "document|article|text|piece|handbook|manual|report|guide"
_THIS = (
    rf"(?:this|the|it|here|in here|whole|entire|full|{_WORKS}|file|paper|page|这|這|此|本|全|整|篇|份|个|個|文件"
    r"|文章|稿[子件]?|手[册冊]|[报報]告|材料|资料|資料|文档|文檔|东西|東西|文|里面|裡面|裏面|里|裡|內容|内容)"
)
_ABOUT_WORDS: dict[About, str] = {
    "author": r"\bwho (?:wrote|penned|drafted|authored|compiled|prepared)\b|\bwho put\b(?=.*\btogether\b)|\bwho(?:'s| is| are) the authors?\b|\bwritten by\b|\bwhose (?:article|text|document|piece)\b"
    r"|\b(?:author|byline)s?\b|作者|[谁誰]写的|[谁誰]寫的|是[谁誰]写|是[谁誰]寫|[谁誰](?:执笔|執筆|撰|起草)|出自[谁誰]|名[义義](?:发表|發表)",
    "editor": r"\beditors?\b|[责責]任?[编編][辑輯]?|[编編][辑輯](?:是|姓|叫)",
    "publisher": r"\b(?:newspaper|magazine|journal|publisher|published (?:in|by)|appear(?:ed)? in)\b"
    r"|[报報][纸紙社]|[杂雜][志誌]|[刊登发發]表?[在于於]哪|出版社",
    "date": rf"\bwhen (?:was|were|is) (?:this|it|the (?:{_WORKS})) (?:written|published|from|dated)\b"
    r"|\b(?:publication date|date of publication|how old is this)\b"
    r"|(?:什[么麼][时時]候|何[时時]|啥[时時]候|哪一?年|几时|幾時)(?:发表|發表|写|寫|刊|登|出)",
    "title": r"\b(?:title|headline)\b|[标標][题題]|[题題]目",
    "place": r"\bwhat (?:city|province|country|district|place)\b.*\bthis\b|\bwhere is this from\b"
    r"|哪[个個]?省.*哪[个個]?[市区區]|[说說講讲写寫]的是哪[个個]?(?:地方|城市|[省市区區])",
    "kind": r"\bwhat (?:kind|sort|type) of (?:document|article|text|piece)\b|什[么麼]样的文|什[么麼]樣的文|什[么麼]类型|什[么麼]類型"
    r"|哪[种種類类]文",
    "contents": r"\b(?:about|cover|covers|gist|topics?|themes?|contents?|main points|key points|what's in|whats in|what is in)\b"
    r"|\b(?:summari[sz]e|summary|overview|sum up)\b|讲|講|主[题題]|摘要|概要|概述|重[点點]|要[点點]|总结|總結|主要|内容|內容|哪几大|哪幾大"
    r"|写了|寫了|寫些|写些|查到|关于什|關於什|说什|說什|说了什|說了什",
}
_ABOUT = {name: re.compile(words, re.IGNORECASE) for name, words in _ABOUT_WORDS.items()}
_NO_TOPIC = re.compile(
    rf"\b(?:s|what|whats|who|whose|when|where|which|is|are|was|were|does|do|did|can|could|would|will|you|i|me|my|we|please"
    r"|give|tell|show|have|has|got|two|one|minutes?|quick|quickly|short|brief|briefly|a|an|of|for|in|on|to|and|or|from|by|with"
    r"|that|there|say|says|said|written|wrote|write|published|appear|appeared|responsible|charge|pls|city|province|country|district|place"
    r"|kind|sort|type|name|mean|read|find|out|old|together|date|main|key|points?|sentences?|words?|few)\b"
    rf"|{_THIS}"
    r"|[请請问問帮幫我你您给給想可以能会會在是的了吗嗎呢吧啊么麼用到都也还還有和与與或把被些几幾句话話一二三两兩下来來去为為讲講说說写寫看登刊发發表出"
    r"叫姓字什啥哪谁誰何时時候年月日份种種类類型样樣个個大块塊分成查主要重要点點题題目告诉訴知道位家社报報纸紙杂雜志誌省市区區单單名义義简簡单短以怎上者属屬於于件章那手]"
    r"|\W",
    re.IGNORECASE,
)


def whole_question(question: str, kind_of: str) -> str:
    """A question with the words that tell what kind of answer is asked for, where they are not its own ("when?")."""
    return question if kind_of in question or question in kind_of else f"{question} {kind_of}"


def parts(question: str) -> tuple[str, ...]:
    """The questions that one question holds, each of which asks something: itself alone, or up to three."""
    chinese = bool(HAN.search(question))
    seam, asks = (_CHINESE_SEAM, _CHINESE_ASKS) if chinese else (_ENGLISH_SEAM, _ENGLISH_ASKS)
    pieces: list[str] = []
    start = 0
    for match in seam.finditer(question):
        piece, rest = question[start : match.start()], question[match.end() :]
        if asks.search(piece) and asks.search(rest) and len(pieces) < _MOST_PARTS - 1:
            pieces.append(piece)
            start = match.end()
    pieces.append(question[start:])
    stripped = tuple(piece.strip() for piece in pieces)
    return stripped if all(map(_stands_alone, stripped)) else (question,)


def _stands_alone(piece: str) -> bool:
    """Whether a part of a question names what it is about."""
    if _POINTING.search(piece):
        return False
    if _ONE_WORD_TELLS.fullmatch(piece.rstrip("? ")):
        return True
    said = _ASKING.sub("", piece)
    return len(HAN.findall(said)) >= _NAMED_HAN or len(re.findall(r"[A-Za-z]{3,}", said)) >= _NAMED_WORDS


def is_broad(question: str) -> bool:
    """Whether the words ask for a theme at large ("summarise the economic plans") and not for one thing."""
    return bool(_BROAD.search(question))


def about(question: str) -> About | None:
    """What a question asks of the document itself, if it names nothing else: who wrote it, what it is about."""
    for name, pattern in _ABOUT.items():
        if pattern.search(question):
            rest = (
                pattern.sub("", question)
                if name != "contents"
                else "".join(piece for piece in pattern.split(question) if piece)
            )
            if not _NO_TOPIC.sub("", rest):
                return name
    return None
