"""Characters of a question that stand for others of the same sound: 就叶 -> 就业.

Who writes Chinese by its sound picks the wrong one of several characters. Where characters make no word, and others
that are read so make one that stands in the documents, these were meant, if they make the question much likelier.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, product
from math import prod

import numpy as np
from numpy.typing import NDArray

from index.dictionary import Dictionary, dictionary
from index.script import HAN, convert, fold, language_of

_RUN = re.compile(rf"(?:{HAN.pattern})+")
_SHORT, _LONG = 2, 4  # characters of the words that are looked at
_GAIN = 9.0  # by which the log-probability must rise: of right questions of 1,000 passages one in 300 is changed then
_MOST_READINGS = 64  # of a few characters together
_MOST_CHANGES = 3  # of a question
_MOST = 100  # words that are compared
_AROUND = 8  # characters on either side of a word, which decide how likely it is there
# Characters that grammar or a number puts beside any other: what they sound like together is chance.
_FREE = frozenset(
    "一二三四五六七八九十百千万亿两几多半是在有和与或被把给哪谁何些个为以于就也都不这那其之请的了吗呢吧么得地到要会能来去上下"
    "我你您他她它牠祂们甚"
)


def heard(
    question: str,
    sounds: Mapping[str, tuple[str, ...]],
    stands: Callable[[str], bool],
    likelihoods: Callable[[Sequence[str]], NDArray[np.float32]],
) -> str:
    """The question with such characters replaced, in its own script; as it is where there are none.

    Args:
        sounds: syllables, with spaces between -> the words of the documents that are read so (`Glossary.sounds`).
        stands: whether two neighbouring characters stand so in the documents.
        likelihoods: the natural logarithm of each text's probability, float32 (texts,).
    """
    if not sounds or not HAN.search(question):
        return question
    for _ in range(_MOST_CHANGES):
        folded = fold(question)
        words = list(islice(dict.fromkeys(_words(folded, sounds, stands, dictionary())), _MOST))
        if not words:
            break
        gains = _gains(folded, words, likelihoods)
        best = int(np.argmax(gains))
        if gains[best] < _GAIN:
            break
        question = _replaced(question, *words[best])
    return question


def _gains(
    folded: str, words: Sequence[tuple[int, str]], likelihoods: Callable[[Sequence[str]], NDArray[np.float32]]
) -> NDArray[np.float32]:
    """How much likelier each word is than what stands at its place, between its neighbours, float32 (words,)."""
    texts = []
    for start, word in words:
        before, typed, behind = (
            folded[:start][-_AROUND:],
            folded[start : start + len(word)],
            folded[start + len(word) :],
        )
        texts += [before + typed + behind[:_AROUND], before + word + behind[:_AROUND]]
    likely = likelihoods(texts).reshape(-1, 2)
    gains: NDArray[np.float32] = likely[:, 1] - likely[:, 0]
    return gains


def _replaced(question: str, start: int, word: str) -> str:
    """A question with a folded word at a place; characters that were right stay as they were written."""
    end = start + len(word)
    shown = convert(word, "zh-Hant") if language_of(question) == "zh-Hant" else word
    if len(shown) != len(word):
        shown = word
    typed = question[start:end]
    kept = (old if fold(old) == new else new_shown for old, new, new_shown in zip(typed, word, shown, strict=True))
    return question[:start] + "".join(kept) + question[end:]


def _words(
    folded: str, sounds: Mapping[str, tuple[str, ...]], stands: Callable[[str], bool], read: Dictionary
) -> Iterator[tuple[int, str]]:
    """Words that differ in one character, of the same sound, from what stands at a place and is no word itself."""
    alone = _alone(folded, read)
    for start, end in _spans(folded):
        typed = folded[start:end]
        pairs = (typed[place : place + 2] for place in range(len(typed) - 1))
        if not any(alone[start:end]) or read.has(typed) or all(map(stands, pairs)):
            continue
        readings = [sorted(read.readings.get(character, ())) for character in typed]
        if prod(map(len, readings)) > _MOST_READINGS:
            continue
        for syllables in product(*readings):
            for word in sounds.get(" ".join(syllables), ()):
                changed = [place for place, (old, new) in enumerate(zip(typed, word, strict=True)) if old != new]
                if len(changed) == 1 and alone[start + changed[0]]:
                    yield start, word


def _alone(folded: str, read: Dictionary) -> list[bool]:
    """Whether each character of a folded text stands in no word of several, and may be a slip."""
    alone = [bool(HAN.match(character)) and character not in _FREE for character in folded]
    for start, end in _spans(folded):
        if read.has(folded[start:end]):
            alone[start:end] = [False] * (end - start)
    return alone


def _spans(folded: str) -> Iterator[tuple[int, int]]:
    """Where a few neighbouring Chinese characters stand."""
    for run in _RUN.finditer(folded):
        for start in range(run.start(), run.end()):
            for end in range(start + _SHORT, min(start + _LONG, run.end()) + 1):
                yield start, end
