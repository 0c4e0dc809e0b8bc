"""A sentence that lists many measures, laid out as a list without changing a character."""

from __future__ import annotations

import re

_SEPARATORS = ",;\uff0c\uff1b"
_OPEN, _CLOSE = "(\u201c\u300c\u300e\u300a[\uff08", ")\u201d\u300d\u300f\u300b]\uff09"
_FEWEST = 4  # items that are worth a list
_LONG = {False: 160, True: 55}  # characters: shorter sentences are read at a glance
_CJK = re.compile(r"[\u3400-\u9fff]")
_NOUN = re.compile(r"\s*(?:the|an?|its|their)\s")  # opens one thing more of a measure, not another measure
_WORDS = 3  # an English item with fewer is part of the one before it
_CHARACTERS = 4  # and a Chinese one


def measures(sentence: str) -> list[str]:
    """The items of a long list of measures; the sentence itself, alone, where it is none.

    `"".join(measures(sentence)) == sentence`.
    """
    chinese = bool(_CJK.search(sentence))
    if len(sentence) < _LONG[chinese]:
        return [sentence]
    items: list[str] = []
    for piece in _pieces(sentence):
        size, least = (len(piece), _CHARACTERS + 1) if chinese else (len(piece.split()), _WORDS)
        if items and (size < least or _NOUN.match(piece)):
            items[-1] += piece
        else:
            items.append(piece)
    return items if len(items) >= _FEWEST else [sentence]


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
