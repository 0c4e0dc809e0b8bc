"""A follow-up question made whole from the turns before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from index.errors import QuestionError
from index.message import taken_apart
from index.scope import about, is_broad, whole_question
from index.script import is_chinese, language_of

Turn = tuple[str, str]  # a question, and the answer it got

MAX_QUESTION = 2000  # characters
_TURNS = 8  # how far back a follow-up may reach
_FEW = 5  # characters, a word of Latin letters being two, that may lean on the turn before

_PICTURE = r"\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0e\ufe0f"
_PICTURES = re.compile(rf"[{_PICTURE}]+")
_UNMARKED = re.compile(rf"(?<=[^\W_])[^\S\n]*+[\n{_PICTURE}][\s{_PICTURE}]*+(?=[A-Z][\w']* [a-z])")
_SPACED = re.compile(r"(?=(?:[^ ]* ){3})\W*(?:[\u3400-\u9fff]\W+)+(?:[\u3400-\u9fff]\W*)?")  # "怎 麼 辦 ?"
_QUOTED = re.compile(r'"([^"]+)"|[“「『]([^“”「」『』]+)[”」』]')

_CHAT = re.compile(
    r"^\W*(?:(?:thanks?(?: you)?(?: (?:very|so) much| a lot| in advance| for (?:your|the|any) \w+)?|hello(?: there)?"
    r"|ok(?:ay)?|i see|got it)(?:\W+|$)"
    r"|(?:(?:hi|hey)(?: (?:there|all|again|everyone|team))?|good (?:morning|afternoon|evening|day)|cheers|yes|no|yeah"
    r"|great|good|cool|nice|sure|right|well)(?:\s*[,.!;]\W*|\W*$)"
    r"|(?:[你您]好|[谢謝][谢謝][你您]?|好的|好吧|嗯+|哦+|喔+|在[吗嗎]|明白了?|知道了|了解了|(?:好|[对對行])(?=\W|$))\W*)+",
    re.IGNORECASE,
)
_HELP = re.compile(
    r"^\W*(?:help(?: me)?|who are you|what (?:are you|can you do|do you do|can i (?:ask|do))(?: here| you)?"
    r"|how does this work"
    r"|(?:你|您)是[谁誰]|[你您](?:能|可以|[会會])(?:做|[干幹]|回答)?(?:什[么麼]|啥)|(?:[这這][个個]?)?怎[么麼]用"
    r"|(?:我)?(?:能|可以)[问問][你您]?(?:什[么麼]|啥))\W*$",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^\s*(?:(?:and(?: what)?(?: about| for| of| in)?|what about|how about|(?:so |then )?what of|but|also|or)\b"
    r"|那麼|那么|那(?![個个些裡里樣样位座種种])|[還还]有(?![哪什誰谁多幾几])|另外|以及|至於|至于|關於|关于)\s*(?=\S)",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:it|its|they|them|theirs?|that|those|these|this|the one|ones|another|he|she|his|her|such)\b"
    r"|[它牠此]|(?<![應应])[該该]|其[中他它餘余]|[他她][們们]|(?<![\u3400-\u9fff])[這这]|[這这](?!一?[塊块點点頭头]|方面|部分)"
    r"|(?<![的之])那[個些裡裏樣項个里样项位座種种]|另[一外]|[前後后]者|剩下",
    re.IGNORECASE,
)
# What can be said of any matter: question words, and nouns and verbs that name none ("which rules?", "怎麼落實?").
_FILLER = re.compile(
    r"\b(?:which|what|who|whom|whose|when|where|why|how|much|many|long|is|are|was|were|be|been|do|does|did|has|have|will"
    r"|would|can|could|should|the|a|an|of|for|in|to|on|by|with|as|and|or|so|then|there|please|exactly|precisely"
    r"|specifically|tell|give|say|explain|elaborate|me|about|any|anything|something|more|else|others?|same|further|details?"
    r"|specifics?|examples?|like|come|mean|go|continue|one|you|s|charge|responsible|rules?|requirements?|reasons?|under|from"
    r"|purposes?|goals?|aims?|methods?|steps?|measures?|benefits?|results?|effects?|apply|applies|called|named?|names"
    r"|works?|happens?|matters?|important|involved|mentioned|done|includ(?:e|es|ed|ing)|cover(?:s|ed|ing)?)\b"
    r"|哪些人|什麼時候|什么时候|為什麼|为什么|什[麼么]|怎[麼么樣样]*|如何|[为為]何|何[时時]|多少|哪[裡裏里個个些位家座種种]?|[谁誰啥幾几]"
    r"|包[括含]|涵[蓋盖]|具[體体]|[詳详][細细]|更多|[細细][節节]|再|[继繼][续續]|展[开開]|[舉举]例|例[如子]|比如|[说說讲講]|一[下點点些]|可以|能不能"
    r"|[還还]有?|[别別]的|其他|除此|除了|之外|以外|地方|方面|[负負][责責]|[牵牽][头頭]|[依根][据據]|要求|[适適]用|落[实實]"
    r"|[实實]施|[执執]行|目的|目[标標]|原因|理由|作用|好[处處]|意[思义義]|[标標][准準]|[条條]件|步[骤驟]|[办辦方]法|措施|[内內]容"
    r"|[规規]定|[范範][围圍]|[对對]象|效果|[结結]果|影[响響]|重要|名[字称稱]|叫|做到?|[呢嗎吗吧嘛啊呀啦的了是有在都也要會会能"
    r"請请問问點点多家座對对來来由用管办辦名]|\W",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\b(?:wh\w+|how)\b|[哪什誰谁幾几怎]|多少|如何|[為为]何", re.IGNORECASE)
_ABOUT_WHAT = re.compile(r"呢\W*$")
# What asks for a kind of answer of its own, or for none: then the kind that the turn before asked for is past.
_OWN_KIND = re.compile(
    r"\b(?:who|whom|whose|when|where|why|how)\b|[什甚][麼么](?:[时時]|原因)|怎|如何|[为為]何|[为為]什|何[时時地]|多少|[谁誰]|[几幾](?!乎)"
    r"|哪[裡裏里儿兒年月天]",
    re.IGNORECASE,
)
_ELSE = re.compile(r"\b(?:else|others?)\b|[還还]有|[别別]的|其他|除此|以外", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """One way to take a question.

    Attributes:
        searched: what is looked for.
        asked: what tells the kind of answer that is wanted.
        goes_on: whether it wants what the answers before have not told.
        instead: the question before, where this one opens a new topic in its frame ("and X?", "X呢?"): what that
            question alone finds first is no answer to this one.
    """

    searched: str
    asked: str
    goes_on: bool = False
    instead: str = ""

    @property
    def whole(self) -> str:
        """The question as somebody would ask it who had not heard the turns before."""
        return whole_question(self.searched, self.asked)


def turns(history: Iterable[Turn] | None) -> tuple[Turn, ...]:
    """The turns before a question, oldest first; None stands for none.

    Raises:
        QuestionError: they have no order, or one is not a pair of strings.
    """
    if history is None:
        return ()
    if isinstance(history, str | bytes | Set | Mapping) or not isinstance(history, Iterable):
        kind = type(history).__name__
        raise QuestionError(f"The history must be a list of pairs, each a question and its answer, not a {kind}.")
    checked = tuple(history)
    for turn in checked:
        if not isinstance(turn, tuple | list) or len(turn) != 2 or not all(isinstance(part, str) for part in turn):
            raise QuestionError("Each turn of the history must be a pair: a question and its answer.")
    return checked


def readings(question: str, history: Sequence[Turn]) -> tuple[Reading, ...]:
    """The question as it would be asked with no turn before it, the likelier way first; at most four.

    A question that stands alone is taken as it is. One that opens a new topic in the same frame ("and for housing?",
    "那教育呢?") is asked of that topic. One that names nothing ("which ones?", "什麼時候?") looks for what the question
    before it looked for, and one that points back ("how will they be supported?") for both. One of few words that does
    neither ("with which models?") may stand alone, and may not.

    What tells of who asks, and why, is chaff or says what the question is about: a message of several sentences may be
    meant in any of the ways that `taken_apart` gives. Where it tells much, only a question that names nothing leans on
    the turns before.

    Raises:
        QuestionError: a turn is not a pair of strings.
    """
    history = turns(history)[-_TURNS:]
    message = taken_apart(_CHAT.sub("", question))
    rest = _OPENING.sub("", message.asks)
    alone = Reading(rest or question, rest or question)
    if about(rest):
        return (alone,)
    before = _topic(history)
    named = _named(rest)
    if not before or not rest or named > _FEW or (named and _named(message.tells) > _FEW):
        if len(message.ways) == 1:
            return (alone,)
        return tuple(Reading(way, message.asks if message.asks in way else way) for way in message.ways)
    own_kind = _OWN_KIND.search(rest) or (_ASKS.search(rest) and not is_broad(before))
    kind = rest if own_kind else f"{before} {rest if named else question}"
    if not named:
        return (Reading(before, kind, bool(_ELSE.search(question))),)
    opens = (rest != message.asks and not _ASKS.match(rest)) or bool(_ABOUT_WHAT.search(rest))
    joined = Reading(f"{before} {rest}", kind, instead=before if opens else "")
    return (joined,) if _POINTING.search(rest) else (alone, joined)


def is_greeting(question: str) -> bool:
    """Whether it asks nothing of any document: "hello", "thanks", "what can you do?"."""
    return not _CHAT.sub("", question) or bool(_HELP.search(question))


def language_asked(question: str, history: Sequence[Turn], reader: str = "") -> str:
    """The language of a question; its script, where its own characters belong to both, from the turns before it.

    Args:
        reader: the language that whoever asks reads, if it is known: the script, where no turn tells it.
    """
    for text in (question, *(asked for asked, _ in reversed(history))):
        language = language_of(text)
        if language != "zh" and (text is question or is_chinese(language)):
            return language
    return reader if is_chinese(reader) else "zh"


def checked_question(question: str) -> str:
    """A question as it is searched.

    Raises:
        QuestionError: it is no string, holds no words, or more than MAX_QUESTION characters.
    """
    if not isinstance(question, str):
        raise QuestionError(f"A question must be a string, not {type(question).__name__}.")
    if len(question) > MAX_QUESTION:
        raise QuestionError(
            f"The question has {len(question):,} characters; at most {MAX_QUESTION:,} are taken.", "Shorten it."
        )
    text = as_searched(question)
    if not text:
        raise QuestionError("The question is empty.", "Type a few words.")
    if not any(character.isalnum() for character in text):
        raise QuestionError("The question holds no words.", "Type a few words.")
    return text


def as_searched(question: str) -> str:
    """A question without pictures and without the quotes around it, in single spaces.

    White space, and whatever is not printed (controls, lone surrogates), is a space; where a line or picture ends a
    sentence without a mark, it gets one. Chinese characters that were typed with a space behind each are joined.
    """
    said = _PICTURES.sub(" ", _UNMARKED.sub(". ", question))
    said = " ".join("".join(c if c.isprintable() else " " for c in said).split())
    if _SPACED.fullmatch(said):
        said = said.replace(" ", "")
    quoted = _QUOTED.fullmatch(said)
    return quoted[1] or quoted[2] if quoted else said


def as_asked(question: str) -> str:
    """A question with one "?" at its end, whether it came with one, with "？", with several marks or with none."""
    bare = question.rstrip("?？!！~～… ")
    ending = question[len(bare) :]
    return bare + "?" if bare[-1:].isalnum() or "?" in ending or "？" in ending else question


def _topic(history: Sequence[Turn]) -> str:
    """The last question that says by itself what it is about; if none does, the last that names anything."""
    asked = [_OPENING.sub("", _asked_alone(as_searched(question)[:MAX_QUESTION])) for question, _ in reversed(history)]
    named = [question for question in asked if _named(question)]
    whole = (question for question in named if _named(question) > _FEW or not _POINTING.search(question))
    return next(whole, named[0] if named else "")


def _asked_alone(question: str) -> str:
    """What an earlier question asks, without what it tells beside that, where it says by itself what it is about."""
    said = _CHAT.sub("", question)
    asks = taken_apart(said).asks
    return asks if _named(asks) and not _POINTING.search(asks) else said


def _named(question: str) -> int:
    """How much a question names, in characters, a word of Latin letters being two."""
    said = _POINTING.sub(" ", _FILLER.sub(" ", question))
    return sum(2 if piece.isascii() else 1 for piece in re.findall(r"[A-Za-z0-9]+|[^\W\d_]", said))
