"""How well an index answers questions whose gold sentences are known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from itertools import chain
from pathlib import Path

from index.engine import Index
from index.errors import DocumentError
from index.steps import stepped


@dataclass(frozen=True)
class Case:
    """One question with what is right for it.

    Attributes:
        kind: what it is counted under: answerable, follow_up, unanswerable, or a name of one's own.
        gold: for an answerable one, a fragment of each sentence that answers it, verbatim and found only there.
        near_miss: for an unanswerable one, whether the documents treat its topic.
        parts: for a question that asks several things, the gold of each.
        fact: for a question about a document itself, what is known of it.
    """

    id: str
    kind: str
    language: str
    question: str
    gold: tuple[str, ...] = ()
    history: tuple[tuple[str, str], ...] = ()
    near_miss: bool = False
    parts: tuple[tuple[str, ...], ...] = ()
    fact: str = ""


@dataclass
class Tally:
    """Counts over the cases of one kind in one language."""

    asked: int = 0
    first: int = 0
    in_three: int = 0
    reciprocal_ranks: float = 0.0
    cited_gold: int = 0
    citations: int = 0
    refused: int = 0
    missed: list[str] = field(default_factory=list)

    def row(self) -> dict[str, float]:
        """Shares of the questions asked; `gold` is of answers that cite a gold sentence.

        `cites` is the mean number of citations of an answer.
        """
        asked = max(1, self.asked)
        return {
            "asked": self.asked,
            "hit@1": self.first / asked,
            "hit@3": self.in_three / asked,
            "MRR": self.reciprocal_ranks / asked,
            "gold": self.cited_gold / asked,
            "cites": self.citations / max(1, self.asked - self.refused),
            "refused": self.refused / asked,
        }


def read_cases(file: Path) -> list[Case]:
    """Cases from a file of JSON lines.

    Raises:
        DocumentError: the file is missing or a line is not a case.
    """
    cases = []
    try:
        lines = file.read_text("utf-8").split("\n")  # JSON may hold what else ends a line
    except OSError as error:
        raise DocumentError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DocumentError(f"{file} is not UTF-8.", "Save it as UTF-8 and run again.") from error
    if not any(line.strip() for line in lines):
        raise DocumentError(f"{file} holds no questions.")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            cases.append(_case(json.loads(line)))
        except ValueError as error:
            raise DocumentError(f"Line {number} of {file} is not a question with its gold: {error}.") from error
    return cases


def _case(values: object) -> Case:
    """A case from what a line of JSON holds.

    Raises:
        ValueError: it holds something else.
    """
    if not isinstance(values, dict):
        raise ValueError("it is no JSON object")
    names = [each.name for each in fields(Case)]
    if unknown := values.keys() - set(names):
        raise ValueError(f"{sorted(unknown)[0]!r} means nothing here")
    if missing := [name for name in names[:4] if name not in values]:
        raise ValueError(f"{missing[0]!r} is missing")
    for name in (*names[:4], "fact"):
        if not isinstance(values.get(name, ""), str):
            raise ValueError(f"{name!r} must be a string")
    if values["kind"] == "unanswerable" and values.get("gold"):
        raise ValueError("what is unanswerable has no gold")
    if values["kind"] in ("answerable", "follow_up") and not values.get("gold"):
        raise ValueError(f"{values['kind']!r} asks for 'gold'")
    nested = {
        "parts": tuple(map(tuple, _lists(values, "parts"))),
        "history": tuple(map(tuple, _lists(values, "history"))),
    }
    if not all(len(turn) == 2 for turn in nested["history"]):
        raise ValueError("'history' must hold pairs, each a question and its answer")
    gold = tuple(_strings("gold", values.get("gold", [])))
    if not all(chain(gold, *nested["parts"])):
        raise ValueError("what is gold must not be empty")
    return Case(**{**values, **nested, "gold": gold})


def _lists(values: Mapping[str, object], name: str) -> list[list[str]]:
    """A list of lists of strings."""
    found = values.get(name, [])
    if not isinstance(found, list):
        raise ValueError(f"{name!r} must be a list of lists of strings")
    return [_strings(name, each) for each in found]


def _strings(name: str, found: object) -> list[str]:
    """A list of strings."""
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ValueError(f"{name!r} must be, or hold, a list of strings")
    return found


def evaluate(index: Index, cases: Iterable[Case]) -> dict[tuple[str, str], Tally]:
    """Ask every case: (kind, language) -> its tally, kinds and languages in the order they come.

    Ranks are those of `index.rank`, which orders sentences whether or not the question is then refused.

    Raises:
        DocumentError: a fragment of the gold stands in no sentence of the documents.
    """
    tallies: dict[tuple[str, str], Tally] = {}
    cases = list(cases)
    collection = index.retriever.collection
    quotes = [*map(collection.quote, range(len(collection.sentences)))]
    for case in cases:
        for fragment in (*case.gold, *chain.from_iterable(case.parts)):
            if not any(fragment in quote for quote in quotes):
                raise DocumentError(
                    f"The gold {fragment!r} of case {case.id!r} stands in no sentence of the documents.",
                    "Copy it from one sentence, to the character.",
                )
    documents = index.documents
    for case in stepped("Asking questions", cases, len(cases)):
        tally = tallies.setdefault((case.kind, case.language), Tally())
        tally.asked += 1
        answer = index.ask(case.question, case.history)
        tally.refused += not answer.answered
        tally.citations += len(answer.citations)
        if case.gold:
            tally.cited_gold += any(
                fragment in citation.quote for citation in answer.citations for fragment in case.gold
            )
            ranked = index.rank(case.question, case.history)
            found = [documents[hit.document].text[hit.start : hit.end] for hit in ranked]
            place = next((n for n, quote in enumerate(found, 1) if any(gold in quote for gold in case.gold)), 0)
            tally.first += place == 1
            tally.in_three += 1 <= place <= 3
            tally.reciprocal_ranks += 1 / place if place else 0
            if place != 1:
                tally.missed.append(case.id)
        elif answer.answered:
            tally.missed.append(case.id)
    return tallies
