"""A question's words -> words of the documents' other language; names in pinyin -> the characters they stand for."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from index.dictionary import NAME, Glossary, dictionary, stems
from index.lexical import Alternative, Clause
from index.script import HAN, fold, is_chinese

_MOST = 24  # translations of one word that are looked for
_LONGEST_PHRASE = 4  # English words
_ONE_CHARACTER = 0.3  # what a character's meaning counts beside a word's: it has many, and is part of many words
_LATIN = re.compile(r"[a-zA-Z']+")
_LANGUAGES = frozenset("中文 英文 英语 汉语 汉字".split())  # names that say how, not what
_ASKING = frozenset(
    """的 了 吗 呢 吧 么 是 在 有 和 与 或 被 把 给 哪 谁 何 些 个 为 以 于 就 也 都 不 这 那 其 之 请 什么 哪些
    哪个 哪种 为什么 多少 几 如何 怎么 怎样 怎么样 时候 哪里 是什么 有些 以及 因为 关于 请问 可以 能否 是否""".split()
)
_NO_SYLLABLE = 5  # letters, which few syllables have
_BEAM = 200  # readings of one name that are followed


def translated(question: str, language: str, glossary: Glossary) -> list[Clause]:
    """For each word of a question, what it may be called in the other of English and Chinese.

    Args:
        glossary: of the collection's Chinese texts.
    """
    if is_chinese(language):
        return _to_english(fold(question))
    return _to_chinese(stems(question), glossary) if language == "en" else []


def _to_chinese(asked: tuple[str, ...], glossary: Glossary) -> list[Clause]:
    clauses: list[Clause] = []
    taken: set[int] = set()
    for length in range(_LONGEST_PHRASE, 1, -1):
        for start in range(len(asked) - length + 1):
            words = glossary.phrases.get(asked[start : start + length])
            places = set(range(start, start + length))
            if words and not taken & places:
                taken |= places
                clauses.append([Alternative(float(length), word) for word in words[:_MOST]])
    for stem in dict.fromkeys(asked):
        meant = sorted(glossary.chinese.get(stem, {}).items(), key=lambda pair: (-pair[1], pair[0]))
        clauses.append([Alternative(closeness**0.5, word) for word, closeness in meant[:_MOST]])
    return clauses


def _to_english(folded: str) -> list[Clause]:
    read = dictionary()
    clauses: list[Clause] = []
    for word in dict.fromkeys(read.cut(folded)):
        if word in _ASKING:
            continue
        weight = _ONE_CHARACTER if len(word) == 1 else 1.0
        clauses.append([Alternative(weight, " ".join(gloss)) for gloss in read.glosses(word)[:_MOST]])
    return clauses


def with_names(question: str, glossary: Glossary, stands: Callable[[str], bool]) -> str:
    """The question with what its pinyin stands for written behind it: "Hongshilazi" -> "Hongshilazi 红石砬子".

    Words that are English, and syllables that spell nothing in the documents, are left as they are.

    Args:
        stands: whether two neighbouring characters stand so somewhere in the documents.
    """
    if not glossary.characters or not _LATIN.search(question):
        return question
    found: list[str] = []
    run: list[str] = []
    for word in [*_LATIN.findall(question), ""]:
        if len(word) > 1 and (syllables := glossary.syllables(word)):
            run += syllables
            continue
        if len(run) > 1 and (name := _spelled(tuple(run), glossary, stands)):
            found.append(name)
        run = []
    return " ".join([question, *found])


def strangers(question: str, stands: Callable[[str], bool]) -> int:
    """How many of a question's names, of those that the dictionary knows, stand nowhere in the documents.

    A name that it doesn't know may stand there in other letters, so that says nothing.

    Args:
        stands: whether a word stands in any of the documents: a stem, or two neighbouring characters.
    """
    folded = fold(question)
    runs = [[word for word in run.removesuffix("'s").split() if stems(word)] for run in NAME.findall(question)]
    unknown = [run for run in runs if run and not any(map(stands, stems(" ".join(run))))]
    if not unknown and not HAN.search(folded):
        return 0
    read = dictionary()
    chinese = [read.named.get(name.lower(), ()) for run in unknown for name in _names_in(run)]
    named = [word for word in read.cut(folded) if word in read.names and word not in _LANGUAGES]
    return sum(bool(words) and not any(_stands(word, stands) for word in words) for words in chinese) + sum(
        not _stands(word, stands) and not any(all(map(stands, stems(name))) for name in read.english_names(word))
        for word in named
    )


def _names_in(run: list[str]) -> set[str]:
    """What may be a name in neighbouring capitalised words: all of them; each too long for most syllables of pinyin."""
    return {" ".join(run), *(word for word in run if len(word) >= _NO_SYLLABLE)}


def _stands(word: str, stands: Callable[[str], bool]) -> bool:
    """Whether each two neighbours of a Chinese word's characters stand in the documents."""
    if len(word) == 1:
        return stands(word)
    return all(stands(word[place : place + 2]) for place in range(len(word) - 1))


def _spelled(syllables: tuple[str, ...], glossary: Glossary, stands: Callable[[str], bool]) -> str:
    """The characters that stand together in the documents and are read so; "" where there are none."""
    known = cache(stands)
    names = list(glossary.characters.get(syllables[0], ""))
    for syllable in syllables[1:]:
        characters = glossary.characters.get(syllable, "")
        names = [name + next_ for name in names for next_ in characters if known(name[-1] + next_)][:_BEAM]
    return names[0] if names else ""
