"""How well an index answers questions whose gold sentences are known."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.engine import Index
from index.errors import DocumentError
from index.steps import stepped

KINDS = ("answerable", "follow_up", "unanswerable")


@dataclass(frozen=True)
class Case:
    """One question with what is right for it.

    Attributes:
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
        lines = file.read_text("utf-8").splitlines()
    except OSError as error:
        raise DocumentError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DocumentError(f"{file} is not UTF-8.", "Save it as UTF-8 and run again.") from error
    if not any(line.strip() for line in lines):
        raise DocumentError(f"{file} holds no questions.")
    for number, line in enumerate(lines, start=1):
        try:
            values: dict[str, Any] = json.loads(line)
            values["gold"] = tuple(values.get("gold", ()))
            values["parts"] = tuple(tuple(part) for part in values.get("parts", ()))
            values["history"] = tuple((asked, answer) for asked, answer in values.get("history", ()))
            cases.append(Case(**values))
        except (ValueError, TypeError, AttributeError) as error:
            raise DocumentError(f"Line {number} of {file} is not a question with its gold: {error}.") from error
    return cases


def evaluate(index: Index, cases: Iterable[Case]) -> dict[tuple[str, str], Tally]:
    """Ask every case: (kind, language) -> its tally, kinds and languages in the order they come.

    Ranks are those of `index.rank`, which orders sentences whether or not the question is then refused.
    """
    tallies: dict[tuple[str, str], Tally] = {}
    cases = list(cases)
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
            documents = index.documents
            quotes = [documents[hit.document].text[hit.start : hit.end] for hit in ranked]
            place = next((n for n, quote in enumerate(quotes, 1) if any(gold in quote for gold in case.gold)), 0)
            tally.first += place == 1
            tally.in_three += 1 <= place <= 3
            tally.reciprocal_ranks += 1 / place if place else 0
            if place != 1:
                tally.missed.append(case.id)
        elif answer.answered:
            tally.missed.append(case.id)
    return tallies
