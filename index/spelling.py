"""A question's mistyped words -> the words that were meant: "help for disalbed peoople", 就叶的计划.

A noisy channel (Kernighan, Church and Gale 1990): of the words that one slip of the hand turns into what was typed
(Damerau 1964: a letter too few, too many, another, or two swapped), the likeliest is taken, where it is much likelier
than what was typed. How likely, the encoder's vocabulary tells, which is a unigram model of a hundred languages; of
English words, how often CC-CEDICT explains with them, too.

A word is left as it is that stands in the documents (`stands`), that the vocabulary has whole (common), or that is
English, an inflection or a British spelling included, or a name by CC-CEDICT. Names are told by capitals, in the
question or in the documents; one becomes another only where its letters are the same. Chinese is `index.homophones`'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, log
from string import ascii_lowercase

import numpy as np
from numpy.typing import NDArray

from index.dictionary import FUNCTION_WORDS, Dictionary, dictionary
from index.homophones import heard
from index.lexical import terms

_LETTER = r"A-Za-z\u00c0-\u024f"
_WORD = re.compile(rf"(?<![{_LETTER}\d_'’@./\\])[A-Za-z]{{4,24}}(?![{_LETTER}\d_@]|['’](?!s\b|\W|$)|[./\\]\w)")
_ANY_WORD = re.compile(r"[A-Za-z]+")
_AS_IT_IS = re.compile(r"\S*(?:://|www\.)\S*|`[^`]*`|(?<!\S)--?[a-z]\S*")  # addresses, code, options
_LONG_WORDS = re.compile(r"[A-Za-z]{4,}")
_BEGINS = re.compile(r"(?:^|[.?!:;(\[“”\"'‘’])\s*$")  # what stands before the first word of a sentence
_COMMON = -14.5  # log-probability of one piece: whatever is as likely is a word that people write
_GAIN = 10.0  # by which the log-probability must rise
_SHORT_GAIN = 13.0  # of a short word: any is near another
_STANDING_GAIN = 8.0  # where the word that was meant stands in the documents
_LONG_STANDING_GAIN = -4.0  # where it is long besides; it may be less likely, for no other is likely to be so near
_FUNCTION_GAIN = 4.0  # of function words, which no document is about
_LONG, _SHORT = 7, 7  # letters, from which and up to which
_FOUR, _FOUR_GAIN = 4, 4.0  # letters, of which almost any are a word, and what more it takes to change them
_SAME_LETTERS = 4.5  # what less it takes where two letters were swapped, or one doubled or not
_TOO_LONG = 5.0  # what a word is worth less that lacks only the last letter typed: "allowd" is not "allow"
_MOST = 8  # mistyped words of a question; where more are unknown, it is in another language, or in none
_FEW = 2  # words that need no known one beside them, and tell nothing by their capitals
_APOSTROPHE_LEFT_OUT = re.compile(
    r"(?:do|does|did|is|are|was|were|has|have|had|would|could|should|ca|wo)nt|(?:you|they|we)(?:re|ve|ll)"
)
# How words are written in Britain, and in America, whose spelling the dictionary follows.
_BRITISH = (
    (re.compile(r"s(?=e[drs]?$|es$|ing$|ations?$)"), "z"),
    (re.compile(r"our"), "or"),
    (re.compile(r"ll(?=ed$|ing$|ers?$|ors?$)"), "l"),
    (re.compile(r"tre(?=s?$)"), "ter"),
    (re.compile(r"l(?=ments?$)"), "ll"),
    (re.compile(r"^sc(?=ep)"), "sk"),
)


@dataclass(frozen=True, order=True)
class _Candidate:
    """A word that may have been meant, and what it is worth beside others; what stands in the documents comes first."""

    stands: bool
    worth: float
    word: str


@dataclass(frozen=True)
class Speller:
    """Knows what stands in the documents, and how likely a text is.

    Attributes:
        sounds: syllables -> the words of the Chinese documents that are read so (`Glossary.sounds`).
        stands: whether a word, as `index.lexical.terms` gives it, stands in the documents.
        written: a word of Latin letters as the documents have it, in small letters where it stands so; "" if nowhere.
        likelihoods: the natural logarithm of each text's probability, float32 (texts,); 0 throughout where nothing is
            known of it, and then nothing is corrected.
    """

    sounds: Mapping[str, tuple[str, ...]]
    stands: Callable[[str], bool]
    written: Callable[[str], str]
    likelihoods: Callable[[Sequence[str]], NDArray[np.float32]]

    def corrected(self, question: str) -> str:
        """The question, its mistyped words corrected; as it is where there are none."""
        return heard(self._english(question), self.sounds, self.stands, self.likelihoods)

    def _english(self, question: str) -> str:
        """The English words of a question corrected; it is left as it is where it is in another language."""
        doubtful = self._doubtful(question)
        number = len({match[0].lower() for match in doubtful})
        if not 0 < number <= _MOST or not _is_in_english(question, number, read := dictionary()):
            return question
        long = _LONG_WORDS.findall(question)
        in_capitals = len(long) > max(_FEW, 2 * number) and all(word[0].isupper() for word in long)
        parts, end = [], 0
        for match in doubtful:
            is_name = match[0][0].isupper() and not in_capitals and not _BEGINS.search(question, 0, match.start())
            parts += [question[end : match.start()], self._meant(match[0], is_name, read)]
            end = match.end()
        return "".join([*parts, question[end:]])

    def _doubtful(self, question: str) -> list[re.Match[str]]:
        """The words of a question that neither stand in the documents nor are common."""
        left = [match.span() for match in _AS_IT_IS.finditer(question)]
        absent = [
            match
            for match in _WORD.finditer(question)
            if not self._stands(match[0]) and not any(start <= match.start() < end for start, end in left)
        ]
        common = self._common([match[0].lower() for match in absent]) if absent else []
        return [match for match, is_common in zip(absent, common, strict=True) if not is_common]

    def _meant(self, word: str, is_name: bool, read: Dictionary) -> str:
        """What was meant by a word; the word itself where nothing is much likelier."""
        typed = word.lower()
        if not (word.islower() or word.istitle()) or _is_english(typed, read):
            return word
        same_only = is_name or _is_inflected(typed, read)
        words = [
            candidate
            for candidate in slips(typed)
            if (_has_same_letters(candidate, typed) or not same_only) and self._may_be(candidate, typed, is_name, read)
        ]
        if not words:
            return word
        before, *likelihoods = self.likelihoods([typed, *words]).tolist()
        likely = []
        for candidate, of_pieces in zip(words, likelihoods, strict=True):
            explaining = log(read.spelt[candidate] / read.spelt_in_all) if candidate in read.english else -inf
            likelihood = max(of_pieces, explaining)
            ease = _SAME_LETTERS if _has_same_letters(candidate, typed) else 0.0
            if likelihood - before >= self._needed(candidate, typed, is_name) - ease:
                worth = likelihood + ease - _TOO_LONG * typed.startswith(candidate)
                likely.append(_Candidate(self._stands(candidate), worth, candidate))
        if not likely:
            return word
        best = max(likely).word
        return best.capitalize() if word[0].isupper() else best

    def _may_be(self, candidate: str, typed: str, is_name: bool, read: Dictionary) -> bool:
        """Whether a word in small letters may have been meant."""
        if not is_name and (candidate in FUNCTION_WORDS or candidate in read.english):
            return True
        if not self._stands(candidate):
            return not is_name and _is_inflected(candidate, read) and self._common([candidate])[0]
        written = self.written(candidate)
        if is_name:
            return written[:1].isupper() and candidate not in FUNCTION_WORDS
        is_other_name = not written.islower() and candidate not in read.spelt
        return bool(written) and (not is_other_name or _has_same_letters(candidate, typed))

    def _needed(self, candidate: str, typed: str, is_name: bool) -> float:
        """By how much a word's log-probability must be above that of what was typed, where its letters are others."""
        others = not _has_same_letters(candidate, typed)
        needed = _SHORT_GAIN if others and len(typed) <= _SHORT else _GAIN
        if candidate in FUNCTION_WORDS:
            needed = _FUNCTION_GAIN
        elif self._stands(candidate):
            needed = _LONG_STANDING_GAIN if is_name or len(typed) >= _LONG else _STANDING_GAIN
        return needed + (_FOUR_GAIN if others and len(typed) == _FOUR else 0)

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


def _is_in_english(question: str, doubtful: int, read: Dictionary) -> bool:
    """Whether the words of a question are English, the doubtful ones counting for at most half of those that are.

    A few words are taken for English though each is doubtful.
    """
    words = [word.lower() for word in _ANY_WORD.findall(question)]
    english = sum(_is_english(word, read) for word in words)
    return doubtful == len(words) <= _FEW or 2 * english + min(2 * doubtful, english) >= len(words)


def _is_english(word: str, read: Dictionary) -> bool:
    """Whether a word in small letters is one that English has, or a name that the dictionary has."""
    if word in FUNCTION_WORDS or word in read.proper or _APOSTROPHE_LEFT_OUT.fullmatch(word):
        return True
    return any(form in read.spelt for form in _spellings(word))


def _is_inflected(word: str, read: Dictionary) -> bool:
    """Whether a word in small letters looks like an inflection of one that English has."""
    return any(map(read.inflects, _spellings(word)))


def _spellings(word: str) -> set[str]:
    """A word as it is written, and as it would be in America if it is British."""
    return {word, *(british.sub(american, word) for british, american in _BRITISH)}
