"""A sentence that lists many measures, laid out as a list without changing a character."""

from __future__ import annotations

import re

from index.script import HAN

_SEPARATORS = ",;\uff0c\uff1b"
_OPEN, _CLOSE = "(\u201c\u300c\u300e\u300a[\uff08", ")\u201d\u300d\u300f\u300b]\uff09"
_FEWEST = 4  # items that are worth a list
_LONG = {False: 160, True: 55}  # characters: shorter sentences are read at a glance
_CHARACTERS = 4  # a Chinese item with no more is part of the one before it
_ABOUT = re.compile(r"\s*[在當当][^,\uff0c]*[中時时下後后上],?\uff0c?$")  # "在...中,": when or where, and not yet what
_ADVERBS = r"(?:(?:and|or|also|then|so|\w+ly)\s+)*"
_VERB = r"(?:is|has|(?!its\b|this\b)[a-z]+[^s\W]s)\b"
# An English measure opens with what is done: a verb in the third person. What follows a plural noun gives it away.
_DOES = re.compile(
    rf"\s*{_ADVERBS}{_VERB}(?!\s+(?:and\s+\w+[^s]\s|(?:of|within|without|who|which|that)\b))", re.IGNORECASE
)
_SOMEBODY_DOES = re.compile(
    rf"\s*(?!(?:in|by|with|under|for|to|as|on|at)\s)(?:[\w'’-]+\s+){{1,4}}?{_ADVERBS}{_VERB}", re.IGNORECASE
)


def measures(sentence: str) -> list[str]:
    """The items of a long list of measures; the sentence itself, alone, where it is none.

    `"".join(measures(sentence)) == sentence`.
    """
    chinese = bool(HAN.search(sentence))
    if len(sentence) < _LONG[chinese]:
        return [sentence]
    items: list[str] = []
    for piece in _pieces(sentence):
        opens = _opens_in_chinese(items, piece) if chinese else _opens_in_english(items, piece)
        if items and not opens:
            items[-1] += piece
        else:
            items.append(piece)
    return items if len(items) >= _FEWEST else [sentence]


def _opens_in_chinese(items: list[str], piece: str) -> bool:
    """Whether a piece is a measure of its own: not a word or two, nor what the one before it only leads up to."""
    return len(piece) > _CHARACTERS and not (items and _ABOUT.match(items[-1]))


def _opens_in_english(items: list[str], piece: str) -> bool:
    """Whether a piece is a measure of its own: something is done, and the one before it has said by whom."""
    return bool(_DOES.match(piece)) and bool(items[1:] or _SOMEBODY_DOES.match(items[0]))


def _pieces(sentence: str) -> list[str]:
    """The sentence cut behind each separator that stands in no brackets or quotation marks."""
    pieces, start, depth, quoted = [], 0, 0, False
    for place, character in enumerate(sentence):
        if character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth = max(0, depth - 1)
        elif character == '"':
            quoted = not quoted
        elif character in _SEPARATORS and not depth and not quoted:
            digits = sentence[place - 1 : place].isdigit() and sentence[place + 1 : place + 2].isdigit()
            if not digits:
                pieces.append(sentence[start : place + 1])
                start = place + 1
    return [*pieces, sentence[start:]] if start < len(sentence) else pieces
