"""A question's mistyped words -> the words that were meant: "help for disalbed peoople".

A noisy channel (Kernighan, Church and Gale 1990): of the words that one slip of the hand turns into what was typed
(Damerau 1964: a letter too few, too many, another, or two swapped), the likeliest is taken, where it is much likelier
than what was typed. How likely, the encoder's vocabulary tells, which is a unigram model of a hundred languages; of
English words, how often CC-CEDICT explains with them, too. What stands in the documents is left as it is, and a name
becomes another one only where its letters are the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, log
from string import ascii_lowercase

import numpy as np
from numpy.typing import NDArray

from index.dictionary import FUNCTION_WORDS, Dictionary, Glossary, dictionary
from index.homophones import heard
from index.lexical import terms

_WORD = re.compile(r"(?<![\w'’@./\\])[A-Za-z]{4,24}(?![\w@]|['’](?!s\b|\W|$)|[./\\]\w)")
_ANY_WORD = re.compile(r"[A-Za-z]+")
_COMMON = -14.5  # log-probability of one piece: whatever is as likely is a word that people write
_GAIN = 10.0  # by which the log-probability must rise
_STANDING_GAIN = 8.0  # where the word that was meant stands in the documents
_LONG_STANDING_GAIN = -4.0  # where it is long besides: no other word is likely to be so near
_FUNCTION_GAIN = 4.0  # of function words, which no document is about
_LONG = 7  # letters
_MOST = 8  # mistyped words of a question; where more are unknown, it is in another language, or in none
_FOUR, _FOUR_GAIN = 4, 2.0  # letters, of which almost any make a word, and what more it takes to change them
_SAME_LETTERS = 4.5  # what less it takes where two letters were swapped, or one doubled or not
_TOO_LONG = 5.0  # what a word is worth less that lacks only the last letter typed: "allowd" is not "allow"
_APOSTROPHE_LEFT_OUT = re.compile(r"(?:do|does|did|is|are|was|were|has|have|had|would|could|should|ca|wo)nt")
# How words are written in Britain, and in America, whose spelling the dictionary follows.
_BRITISH = (
    (re.compile(r"s(?=e[drs]?$|es$|ing$|ations?$)"), "z"),
    (re.compile(r"our"), "or"),
    (re.compile(r"ll(?=ed$|ing$|ers?$|ors?$)"), "l"),
    (re.compile(r"tre(?=s?$)"), "ter"),
    (re.compile(r"l(?=ments?$)"), "ll"),
    (re.compile(r"^sc(?=ep)"), "sk"),
)


@dataclass(frozen=True)
class Speller:
    """Knows what stands in the documents, and how likely a text is.

    Attributes:
        glossary: of the collection's Chinese texts.
        stands: whether a word, as `index.lexical.terms` gives it, stands in the documents.
        written: whether a word of Latin letters stands in the documents letter by letter.
        likelihoods: the natural logarithm of each text's probability, float32 (texts,); 0 throughout where nothing is
            known of it, and then nothing is corrected.
    """

    glossary: Glossary
    stands: Callable[[str], bool]
    written: Callable[[str], bool]
    likelihoods: Callable[[Sequence[str]], NDArray[np.float32]]

    def corrected(self, question: str) -> str:
        """The question, its mistyped words corrected; as it is where there are none."""
        return heard(self._english(question), self.glossary.sounds, self.stands, self.likelihoods)

    def _english(self, question: str) -> str:
        """The English words of a question; it is left as it is where it is in another language."""
        unread = [match for match in _WORD.finditer(question) if not self._stands(match[0])]
        if not unread:
            return question
        common = self._common([match[0].lower() for match in unread])
        doubtful = [match for match, is_common in zip(unread, common, strict=True) if not is_common]
        if not doubtful or len(doubtful) > _MOST:
            return question
        read = dictionary()
        said = [word.lower() for word in _ANY_WORD.findall(question)]
        if 2 * (len(doubtful) + sum(_is_english(word, read) for word in said)) < len(said):
            return question
        parts, end = [], 0
        for match in doubtful:
            parts += [question[end : match.start()], self._meant(match[0], match.start() == 0, read)]
            end = match.end()
        return "".join([*parts, question[end:]])

    def _meant(self, word: str, is_first: bool, read: Dictionary) -> str:
        """What was meant by a word; the word itself where nothing is much likelier."""
        typed = word.lower()
        if word.isupper() or _is_english(typed, read):
            return word
        is_name = word[0].isupper() and not is_first
        candidates = [
            candidate
            for candidate in slips(typed)
            if (self.written(candidate) if is_name else self._is_word(candidate, read))
            and (_has_same_letters(candidate, typed) or not (is_name or _is_inflected(typed, read)))
        ]
        if not candidates:
            return word
        before, *likelihoods = self.likelihoods([typed, *candidates]).tolist()
        likely = []
        for candidate, of_pieces in zip(candidates, likelihoods, strict=True):
            explaining = log(read.spelt[candidate] / read.spelt_in_all) if candidate in read.english else -inf
            likelihood = max(of_pieces, explaining)
            ease = _SAME_LETTERS if _has_same_letters(candidate, typed) else 0.0
            if likelihood - before >= self._needed(candidate, typed, is_name) - ease:
                worth = likelihood + ease - _TOO_LONG * typed.startswith(candidate)
                likely.append((self._stands(candidate), worth, candidate))
        if not likely:
            return word
        *_, best = max(likely)
        return best.capitalize() if word[0].isupper() else best

    def _needed(self, candidate: str, typed: str, is_name: bool) -> float:
        """By how much a word's log-probability must be above that of what was typed, where its letters are others."""
        needed = _GAIN
        if candidate in FUNCTION_WORDS:
            needed = _FUNCTION_GAIN
        elif self._stands(candidate):
            needed = _LONG_STANDING_GAIN if is_name or len(typed) >= _LONG else _STANDING_GAIN
        return needed + (_FOUR_GAIN if len(typed) == _FOUR and not _has_same_letters(candidate, typed) else 0)

    def _is_word(self, word: str, read: Dictionary) -> bool:
        """Whether a word in small letters may have been meant."""
        if word in read.spelt or (_is_inflected(word, read) and self._common([word])[0]):
            return True
        return self._stands(word) and self.written(word)

    def _stands(self, word: str) -> bool:
        found = terms(word)
        return bool(found) and all(map(self.stands, found))

    def _common(self, words: Sequence[str]) -> list[bool]:
        """Which of some words the vocabulary has whole, in small letters or as a name."""
        likely = self.likelihoods([*words, *(word.capitalize() for word in words)])
        common: list[bool] = (likely.reshape(2, -1).max(axis=0) >= _COMMON).tolist()
        return common


def slips(word: str) -> list[str]:
    """What may have been meant by a word of small letters, in the order of the alphabet.

    The first letter is seldom missed (Pollock and Zamora 1984), so it stays, unless it was swapped with the second.
    """
    found = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    found |= {word[:i] + word[i + 1 :] for i in range(1, len(word))}
    for letter in ascii_lowercase:
        found |= {word[:i] + letter + word[i + 1 :] for i in range(1, len(word))}
        found |= {word[:i] + letter + word[i:] for i in range(1, len(word) + 1)}
    return sorted(found - {word})


def _has_same_letters(one: str, other: str) -> bool:
    """Whether two words begin alike and have the same letters, in another order or a doubled one once."""
    return one[0] == other[0] and (sorted(one) == sorted(other) or _undoubled(one) == _undoubled(other))


def _undoubled(word: str) -> str:
    return re.sub(r"(.)\1+", r"\1", word)


def _is_english(word: str, read: Dictionary) -> bool:
    """Whether a word in small letters is one that English has."""
    if word in FUNCTION_WORDS or _APOSTROPHE_LEFT_OUT.fullmatch(word):
        return True
    return any(form in read.spelt for form in _spellings(word))


def _is_inflected(word: str, read: Dictionary) -> bool:
    """Whether a word in small letters looks like an inflection of one that English has."""
    return any(map(read.inflects, _spellings(word)))


def _spellings(word: str) -> set[str]:
    """A word as it is written, and as it would be in America if it is British."""
    return {word, *(british.sub(american, word) for british, american in _BRITISH)}
