"""How well questions with slips of the hand are answered: the golden questions, mistyped at random.

    python benchmarks/typos.py [--cases FILE] [--draws 3]

FILE holds cases (index.evaluation.Case); by default tests/golden/nanguan.jsonl. Of each question without a history one
or two words of five letters or more are mistyped (two letters swapped, one left out, doubled, or another), or one or
two Chinese characters replaced by one of the eight commonest of the same sound, whatever that gives. Prints, for the
questions as they are and so mistyped, corrected and as typed: of the answerable the share whose answer begins with a
gold sentence and the share refused, and of the others the share refused; over all draws.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from string import ascii_lowercase
from unittest.mock import patch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.documents import shares
from index import Index
from index.default import default_index
from index.dictionary import dictionary
from index.evaluation import Case, read_cases
from index.retriever import Retriever
from index.script import HAN, convert, fold

CASES = ROOT / "tests" / "golden" / "nanguan.jsonl"
LONG = 5  # letters of a word that is mistyped
LIKELY = 8  # characters of a sound that may take each other's place
MOST = 2  # slips in a question


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, default=CASES)
    parser.add_argument("--draws", type=int, default=3, help="how often each question is mistyped anew")
    arguments = parser.parse_args()
    cases = [case for case in read_cases(arguments.cases) if not case.history]
    index = default_index()
    alike = same_sound()
    columns = f"{'first':>6} {'refused':>8} {'rightly':>8}"
    print(f"{'':21}   {'corrected':^24}   {'as typed':^24}".rstrip())
    print(f"slips  language  asked   {columns}   {columns}")
    for language in sorted({case.language for case in cases}):
        for slips in range(MOST + 1):
            chance = random.Random(slips)  # noqa: S311 - to be drawn alike again
            draws = arguments.draws if slips else 1
            asked = [
                (case, mistyped(case.question, language, slips, alike, chance))
                for _ in range(draws)
                for case in cases
                if case.language == language
            ]
            corrected = figures(index, asked)
            with patch.object(Retriever, "corrected", lambda self, question: question):
                as_typed = figures(index, asked)
            print(f"{slips:5}  {language:8} {len(asked):6}   {corrected}   {as_typed}", flush=True)


def figures(index: Index, asked: Sequence[tuple[Case, str]]) -> str:
    """Of the answerable: first citation is gold, refused; of the others: refused."""
    found = shares([(case, index.ask(question)) for case, question in asked])
    return f"{found['first']:6.3f} {found['refused']:8.3f} {found['unanswerable refused']:8.3f}"


def mistyped(
    question: str, language: str, slips: int, alike: Callable[[str], Sequence[str]], chance: random.Random
) -> str:
    """A question with so many slips, or fewer where there is no place for them."""
    if language == "en":
        places = [match.span() for match in re.finditer(rf"[A-Za-z]{{{LONG},}}", question)]
    else:
        places = [match.span() for match in HAN.finditer(question) if alike(match[0])]
    for start, end in sorted(chance.sample(places, min(slips, len(places))), reverse=True):
        word = question[start:end]
        slip = _slipped(word, chance) if language == "en" else convert(chance.choice(alike(word)), language)
        question = question[:start] + slip + question[end:]
    return question


def _slipped(word: str, chance: random.Random) -> str:
    """A word with one slip, not in its first letter."""
    place = chance.randrange(1, len(word) - 1)
    before, letter, behind = word[:place], word[place], word[place + 1 :]
    slips = (before + behind[0] + letter + behind[1:], before + behind, before + 2 * letter + behind)
    return chance.choice([*slips, before + chance.choice(ascii_lowercase) + behind])


def same_sound() -> Callable[[str], Sequence[str]]:
    """A character -> others that are read as it is, in Simplified, the commonest in the dictionary's words first."""
    read = dictionary()
    common = Counter(character for word in read.meanings for character in word)
    of_sound: defaultdict[str, list[str]] = defaultdict(list)
    for character, sounds in read.readings.items():
        for sound in sounds:
            of_sound[sound].append(character)
    sounds_of: Mapping[str, frozenset[str]] = read.readings

    def alike(character: str) -> Sequence[str]:
        folded = fold(character)
        sounds = sorted(sounds_of.get(folded, ()))
        if len(sounds) != 1:  # which of several is meant cannot be told here
            return []
        others = sorted(of_sound[sounds[0]], key=lambda other: (-common[other], other))
        return [other for other in others[:LIKELY] if other != folded]

    return alike


if __name__ == "__main__":
    main()
