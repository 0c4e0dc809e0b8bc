"""What a message of several sentences asks, told apart from what it only tells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from index.segmentation import ABBREVIATIONS

_SEAM = re.compile(
    r"(?<![^\W\d_])(?P<word>[^\W\d_]*)(?:[.!?;…]+[\"')\]]*\s+(?=[^\s\d])|[。！？；…!?]+[”」』）)]*\s*(?=\S))"
)
_CLAUSE = re.compile(r"[,，:：]\s*|(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")
_ENDS_ASKING = re.compile(r"[?？][\W_]*$")
_ASKS = re.compile(
    r"^\W*(?:(?:and|also|so|but|then|now|well|ok|anyway|please|pls|basically|just)\W+)*"
    r"(?:what|which|who|whose|how|where|when|why|is|are|does|do|did|will|would|can|could|has|have(?! an? )|any"
    r"|anything|tell|give|show|list|explain|describe|summari[sz]e)\b"
    r"|\b(?:wonder(?:ing)?|curious|tell me|let me know"
    r"|(?:want|like|love|need|trying|hoping|keen|interested) (?:to (?:know|learn|find|understand|ask|hear|see)|in)"
    r"|(?:know|find out|check|see|understand|ask|(?:any )?idea) (?:what|how|if|when|whether|who|where|which|why))\b"
    r"|什[么麼]|怎|哪|[谁誰]|(?<!好)[几幾](?!乎)|多少|[吗嗎呢]|如何|有[没沒]有|是不是|能不能|[会會]不[会會]|啥|何|多久|有[无無]|是否"
    r"|想(?:知道|[了瞭]解|[问問]|[请請]教|查|打[听聽])|[请請][问問教]|介[绍紹]|[说說][说說一]",
    re.IGNORECASE,
)
# How a clause begins that speaks of who asks, or to who is asked, and not of what is asked for.
_OF_WHO_ASKS = re.compile(
    r"\W*(?:(?:I|I'm|I've|I'd|my|we|we're|we've|our|as an?|sorry|excuse me|dear|hi|hello|hey|quick question)\b"
    r"|我|本人|咱|俺|小弟|小妹|在下|不好意思|抱歉|打[扰擾]|[劳勞][驾駕]|麻[烦煩]|各位|大家|先?[谢謝]|[你您][们們]?好)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Message:
    """A message, taken apart.

    Attributes:
        asks: from the first sentence that asks to the last; all of it, where none does.
        tells: what stands before and behind that.
        ways: the stretches that may be meant as the question, the likeliest first: what asks and the sentence before,
            which may say what it is about; all of the message; what asks alone; that without the first clauses that
            speak of who asks.
    """

    asks: str
    tells: str
    ways: tuple[str, ...]


def taken_apart(message: str) -> Message:
    """What a message asks, and what it tells beside."""
    spans = _sentences(message)
    asking = [span for span in spans if _asks(message[slice(*span)])] or spans
    start, end = asking[0][0], asking[-1][1]
    lead = max((before for before, _ in spans if before < start), default=start)
    asks = message[start:end].strip()
    stretches = (message[lead:end], message, asks, _without_who_asks(asks))
    ways = tuple(dict.fromkeys(stretch.strip() for stretch in stretches if any(map(str.isalnum, stretch))))
    return Message(asks, message[:start] + message[end:], ways or (message,))


def _without_who_asks(asks: str) -> str:
    """What asks, without the clauses it begins with that speak of who asks and ask nothing."""
    clause = _CLAUSE.search(asks)
    while clause and _OF_WHO_ASKS.match(asks) and not _asks(asks[: clause.start()]) and _asks(asks[clause.end() :]):
        asks = asks[clause.end() :]
        clause = _CLAUSE.search(asks)
    return asks


def _asks(sentence: str) -> bool:
    return bool(_ENDS_ASKING.search(sentence) or _ASKS.search(sentence))


def _sentences(message: str) -> list[tuple[int, int]]:
    """Where a message may be parted: behind the marks that end sentences, however the next one begins."""
    seams = [seam.end() for seam in _SEAM.finditer(message) if not _abbreviated(seam["word"] or "")]
    return list(pairwise([0, *seams, len(message)]))


def _abbreviated(word: str) -> bool:
    """Whether a full stop behind a word may be its own: "St.", "U.S."."""
    return word.lower() in ABBREVIATIONS or (len(word) == 1 and word.isascii())
