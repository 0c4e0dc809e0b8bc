"""Measures answers on documents of other people: leases, minutes, manuals, by-laws, news, plans, each asked alone.

    python benchmarks/documents.py [--part measured|fitted]

The documents and their questions lie in benchmarks/documents/, invented for this purpose by writers who saw nothing of
this project; a name begins with its writer's letter. Beside each document stand its questions (index.evaluation.Case),
in English and both Chinese scripts: 20 that it answers, 12 near misses (of its topic, for what it does not give) and 4
far from it. benchmarks/fit.py fits the decision to answer on those in fitted/; those in measured/ were left out.

Prints, for questions in the document's own language (Chinese is one) and in another: the share of answerable questions
whose answer cites first a sentence that answers, of those whose answer cites it at all, of those that are refused; of
unanswerable ones refused, of near misses refused; and the citations of an answer.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import corpus
from index import Answer, Document, Index
from index.evaluation import Case, read_cases
from index.script import is_chinese, language_of

FOLDER = Path(__file__).with_suffix("")
PARTS = ("measured", "fitted")


def documents(part: str) -> Iterator[tuple[Document, list[Case]]]:
    """The documents of a part, each with the questions that it is asked."""
    for questions in sorted((FOLDER / part).glob("*.jsonl")):
        [file] = (path for path in questions.parent.glob(f"{questions.stem}.*") if path != questions)
        [document] = corpus.load(file)
        yield document, read_cases(questions)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=PARTS, default=PARTS[0])
    part = parser.parse_args().part
    asked: dict[str, list[tuple[Case, Answer]]] = {"own language": [], "another language": []}
    count = 0
    for document, cases in documents(part):
        count += 1
        index = Index.build([document])
        chinese = is_chinese(language_of(document.text))
        for case in cases:
            own = is_chinese(case.language) == chinese
            asked["own language" if own else "another language"].append((case, index.ask(case.question)))
    print(f"{count} documents\nasked in            asked  first   gold  refused  unanswerable refused  near  cites")
    for name, answers in asked.items():
        print(row(name, answers))
    print(row("all", [pair for answers in asked.values() for pair in answers]))


def row(name: str, answers: list[tuple[Case, Answer]]) -> str:
    """A line of the table, of the questions and their answers."""
    yes = [(case, answer) for case, answer in answers if case.kind == "answerable"]
    no = [(case, answer) for case, answer in answers if case.kind == "unanswerable"]
    gold = [[any(part in cited.quote for part in case.gold) for cited in answer.citations] for case, answer in yes]
    shares = (
        np.mean([any(cited[:1]) for cited in gold]),
        np.mean([any(cited) for cited in gold]),
        np.mean([not answer.answered for _, answer in yes]),
        np.mean([not answer.answered for _, answer in no]),
        np.mean([not answer.answered for case, answer in no if case.near_miss]),
        np.mean([len(answer.citations) for _, answer in yes if answer.answered]),
    )
    first, cited, refused, rightly, near, cites = shares
    return (
        f"{name:18} {len(answers):6} {first:6.2f} {cited:6.2f} {refused:8.2f} {rightly:21.2f} {near:5.2f} {cites:6.2f}"
    )


if __name__ == "__main__":
    main()
