"""How well follow-up questions on the article are answered, and whether a history bends questions that stand alone.

    python benchmarks/follow_ups.py [--cases FILE] [--missed]

FILE holds cases as in benchmarks/nanguan_fit.jsonl, which is the default. Prints, for each language, the share of
follow-ups that find a gold sentence first, cite one, and are refused; of follow-ups that the article does not answer,
the share refused; and the same of questions that stand alone, with and without an earlier question on another matter:
the one that an answerable case brings in its history, else that of another case.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from index import Index
from index.default import default_index
from index.evaluation import Case, evaluate, read_cases

CASES = Path(__file__).with_name("nanguan_fit.jsonl")
APART = 7  # cases between a question and the one made its history


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, default=CASES)
    parser.add_argument("--missed", action="store_true", help="list the ids of cases that go wrong")
    arguments = parser.parse_args()
    cases = read_cases(arguments.cases)
    index = default_index()
    alone = [case for case in cases if case.kind == "answerable" and not case.history]
    bent = with_other_history(index, alone)
    for case in cases:
        if case.kind == "answerable" and case.history:
            alone.append(replace(case, history=()))
            bent.append(case)
    groups = {
        "follow-ups": [case for case in cases if case.kind == "follow_up"],
        "follow-ups not answered": [case for case in cases if case.kind == "unanswerable" and case.history],
        "standing alone": [case for case, other in zip(alone, bent, strict=True) if other],
        "the same with a history": [other for other in bent if other],
    }
    for name, group in groups.items():
        for (_, language), tally in evaluate(index, group).items():
            row = tally.row()
            figures = "  ".join(f"{key} {row[key]:.3f}" for key in ("hit@1", "gold", "refused"))
            print(f"{name:24} {language:8} {tally.asked:4} asked  {figures}", flush=True)
            if arguments.missed:
                print("   ", " ".join(tally.missed))


def with_other_history(index: Index, cases: Sequence[Case]) -> list[Case | None]:
    """Each case after the question of another and the answer it gets; None where both may be on one matter."""
    turned: list[Case | None] = []
    for place, case in enumerate(cases):
        other = cases[(place + APART) % len(cases)]
        here, there = ({passage_of(index, gold) for gold in one.gold} for one in (case, other))
        if case.language != other.language or here & there:
            turned.append(None)
        else:
            turned.append(replace(case, history=((other.question, index.ask(other.question).text),)))
    return turned


def passage_of(index: Index, gold: str) -> int:
    """The passage that holds a fragment."""
    collection = index.retriever.collection
    return next(
        int(collection.passages[number])
        for number in range(len(collection.sentences))
        if gold in collection.quote(number)
    )


if __name__ == "__main__":
    main()
