"""Language and script of a text, and folding between scripts that keeps every character's place."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache

from opencc import OpenCC

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ]+")
_SIMPLIFIED_WORD = re.compile(r"(?<=[什怎多要])么")  # the character itself is in both character sets
HAN = re.compile(r"[\u3400-\u9fff]")  # a Chinese character
_QUOTED = re.compile(r"[「『《〈“\"][^」』》〉”\"]{1,200}[」』》〉”\"]")
# Words that only the grammar of a language explains, and names never hold.
_ENGLISH_GRAMMAR = frozenset(
    """a about an and any are can could did do does for from has have how in is it its me of on or tell that the their
    there this to was were what when where which who whose why will with would""".split()
)
_CHINESE_GRAMMAR = re.compile(r"[的了吗嗎呢吧么麼哪谁誰怎何些是有在和与與把被给給]|什[么麼]|多少|[几幾]|请问|請問")
_SCRIPTS = {  # the first word of a character's Unicode name -> language, for scripts that one language dominates
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "CYRILLIC": "ru",
    "ARABIC": "ar",
    "THAI": "th",
    "GREEK": "el",
    "HEBREW": "he",
    "DEVANAGARI": "hi",
}
_KANA_SHARE = 0.15  # of Japanese text; Chinese about Japan quotes less
_BIG5_RARE = b"\xc9\x40"  # where the second level of Big5 begins, that of rare characters
_SAMPLE = 4000  # characters that are enough to tell a language


def language_of(text: str) -> str:
    """The language a text is written in, as far as its script and its grammar words tell.

    Returns:
        "zh-Hant" or "zh-Hans"; "zh" for Chinese whose every character belongs to both scripts; the code of a language
        with a script of its own ("ja", "ko", "ru", ...); "en" for anything else in Latin letters, or nothing at all.
    """
    sample = text[:_SAMPLE]
    sample = _QUOTED.sub("", sample).strip() or sample  # a title quoted from another language says nothing
    scripts = Counter(script for script in map(_script, sample) if script)
    han, latin = len(_HAN.findall(sample)), sum(map(len, _LATIN_WORD.findall(sample)))
    if scripts:
        language, letters = scripts.most_common(1)[0]
        is_japanese = language == "ja" and letters >= _KANA_SHARE * (letters + han) and letters + han > latin
        if is_japanese or (language != "ja" and letters > max(han, latin)):
            return language
    if not han or _is_english_about_chinese(sample, han):
        return "en"
    for part in (sample, text[:_SAMPLE]):  # a quotation's script counts only where nothing else tells
        traditional = sum(map(_is_traditional, part))
        simplified = sum(map(_is_simplified, part)) + len(_SIMPLIFIED_WORD.findall(part))
        if traditional != simplified:
            return "zh-Hant" if traditional > simplified else "zh-Hans"
    return "zh"


def is_chinese(language: str) -> bool:
    """Whether a language code is Chinese in any script."""
    return language == "zh" or language.startswith("zh-")


def primary(language: str) -> str:
    """A language without its script: "zh" for "zh-Hant"."""
    return language.partition("-")[0]


def fold(text: str) -> str:
    """The text as it is matched: Simplified, half-width, lower case; each character stays in its place.

    `len(fold(text)) == len(text)`, so offsets in one are offsets in the other.
    """
    return text.translate(_fold_table())


def as_matched(text: str, language: str) -> str:
    """The text as it is encoded: Chinese folded, so that both scripts are one; anything else as it is."""
    return fold(text) if is_chinese(language) else text


def convert(text: str, language: str) -> str:
    """Chinese text in the script of `language`, for reading; phrases decide between variants.

    A lone surrogate, which no converter takes, becomes a question mark.
    """
    text = text.encode("utf-8", "replace").decode()
    converted: str = _converter("t2s" if language == "zh-Hans" else "s2t").convert(text)
    return converted


@cache
def _script(character: str) -> str | None:
    if character < "\u0370" or character in "・ー":
        return None
    return _SCRIPTS.get(unicodedata.name(character, "").split(" ")[0])


def _is_english_about_chinese(text: str, han: int) -> bool:
    """Whether Latin grammar, not Chinese, holds a mixed text together: "what is 就業優先戰略?"."""
    words = _LATIN_WORD.findall(text)
    english = any(word.lower() in _ENGLISH_GRAMMAR for word in words)
    chinese = bool(_CHINESE_GRAMMAR.search(text))
    if english != chinese:
        return english
    return len(words) > han / 2


@cache
def _is_traditional(character: str) -> bool:
    """Whether a character is Chinese and belongs to the Traditional character set alone."""
    return bool(_HAN.match(character) and _encoded(character, "big5") and not _encoded(character, "gb2312"))


@cache
def _is_simplified(character: str) -> bool:
    """Whether a character is Chinese and belongs to the Simplified character set alone, or is rare beyond it.

    The second level of Big5 holds old characters that are common as Simplified ones, such as "网" and "优".
    """
    if not _HAN.match(character) or not _encoded(character, "gb2312"):
        return False
    traditional = _encoded(character, "big5")
    return not traditional or (traditional >= _BIG5_RARE and convert(character, "zh-Hant") != character)


def _encoded(character: str, charset: str) -> bytes:
    """A character in a national character set; nothing where it does not belong to it."""
    return character.encode(charset, "ignore")


@cache
def _converter(direction: str) -> OpenCC:
    return OpenCC(direction)


@cache
def _fold_table() -> dict[int, str]:
    """Code point -> folded character, for every character that folding changes."""
    han = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFB00))]
    simplified = _converter("t2s").convert("\n".join(han)).split("\n")  # a line each: no phrase spans two
    table = {ord(before): after for before, after in zip(han, simplified, strict=True) if len(after) == 1}
    for code in (*range(0x3000), *range(0xFE00, 0x10000)):
        folded = unicodedata.normalize("NFKC", chr(code)).lower()
        if len(folded) == 1:
            table[code] = folded
    return {code: folded for code, folded in table.items() if chr(code) != folded}
