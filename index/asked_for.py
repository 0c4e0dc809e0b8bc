"""The kind of answer a question asks for, and whether a sentence offers one of that kind.

A sentence on metro line 6 matches "what did metro line 6 cost?" word for word, and still gives no price.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_ASKS = {
    "quantity": re.compile(
        r"\bhow (?:many|much|big|long|far|tall|old|large|often|high)\b|\b(?:number|total|count) of\b"
        r"|\bpercent|\brate of\b"
        r"|\b(?:budget|price|cost|fees?|salary|salaries|population|amount|figures?|statistics?|rent|area)\b"
        r"|多少|[几幾](?:[个個家條条所名位人年天岁歲层層次座站平億亿萬万]|[号號]线|百|千)|百分|比例|价格|價格|費用|费用|价钱|價錢|價位"
        r"|多[大高长長遠远]|人口[是有]|预算|預算|金额|金額|数量|數量|房价|房價|工[资資]是|薪水是|造价|造價|租金|面積|面积"
        r"|第[几幾]|排名",
        re.IGNORECASE,
    ),
    "date": re.compile(
        r"^\W*when\b|\bwhen (?:will|did|does|do|is|was|are|were|can)\b|\b(?:what|which) (?:date|year|day|month|time)\b"
        r"|\bdeadline\b|\bopening hours\b|\bhow soon\b"
        r"|几时|幾時|何时|何時|什[么麼]时候|什[么麼]時候|[哪几幾]一?[年天月号號日]|[几幾]點|[几幾]点|日期|期限|截止|哪一年",
        re.IGNORECASE,
    ),
    "contact": re.compile(
        r"\b(?:tele)?phone\b|\bhotline\b|\bnumber to call\b|\be-?mail\b|\baddress(?:es)?\b|\bwebsite\b|\burl\b"
        r"|\bwhere (?:exactly |can i |do i |is the .*(?:office|located))"
        r"|電話|电话|地址|網址|网址|熱線|热线|郵箱|邮箱|信箱|官网|官網|門牌|门牌|位於|位于|在哪[裡里兒儿条條]",
        re.IGNORECASE,
    ),
}
_NUMERALS = "一二三四五六七八九十兩两百千萬万億亿"
_OFFERS = {
    "quantity": re.compile(
        rf"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|billion)\b"
        rf"|[{_NUMERALS}][{_NUMERALS}級级大層层個个條条項项家名位人年天歲岁次座倍成%]",
        re.IGNORECASE,
    ),
    "date": re.compile(
        r"\d{4}|\d+\s*[年月日號号時时點点]|[一二三四五六七八九十]+[年月日]|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?[A-Z][a-z]+"
        r"|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
        r"|世紀|世纪|century|年代"
    ),
    "contact": re.compile(r"\d{5,}|https?:|www\.|@|\d+[號号]|\d+\s+[A-Z][a-z]+\s+(?:Street|Road|Avenue)"),
}
KINDS = tuple(_ASKS)


def unmet(question: str, texts: Iterable[str]) -> list[bool]:
    """For each of KINDS, whether the question asks for it and none of the texts offers it."""
    read = list(texts)
    return [
        bool(_ASKS[kind].search(question)) and not any(_OFFERS[kind].search(text) for text in read) for kind in KINDS
    ]
