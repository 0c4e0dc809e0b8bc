"""A question's words -> words of the documents' other language; names in pinyin -> the characters they stand for."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from index.dictionary import Glossary, dictionary, stems
from index.lexical import Alternative, Clause
from index.script import fold, is_chinese

_MOST = 24  # translations of one word that are looked for
_LONGEST_PHRASE = 4  # English words
_ONE_CHARACTER = 0.3  # what a character's meaning counts beside a word's: it has many, and is part of many words
_LATIN = re.compile(r"[a-zA-Z']+")
_ASKING = frozenset(
    """的 了 吗 呢 吧 么 是 在 有 和 与 或 被 把 给 哪 谁 何 些 个 为 以 于 就 也 都 不 这 那 其 之 请 什么 哪些
    哪个 哪种 为什么 多少 几 如何 怎么 怎样 怎么样 时候 哪里 是什么 有些 以及 因为 关于 请问 可以 能否 是否""".split()
)
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


def _spelled(syllables: tuple[str, ...], glossary: Glossary, stands: Callable[[str], bool]) -> str:
    """The characters that stand together in the documents and are read so; "" where there are none."""
    known = cache(stands)
    names = list(glossary.characters.get(syllables[0], ""))
    for syllable in syllables[1:]:
        characters = glossary.characters.get(syllable, "")
        names = [name + next_ for name in names for next_ in characters if known(name[-1] + next_)][:_BEAM]
    return names[0] if names else ""
