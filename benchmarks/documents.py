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
    asked["all"] = [pair for answers in asked.values() for pair in answers]
    table = {name: shares(answers) for name, answers in asked.items()}
    print(f"{count} documents")
    print(f"{'asked in':18}  asked ", *(f"{column:>5}" for column in table["all"]))
    for name, figures in table.items():
        cells = (f"{share:{max(5, len(column))}.2f}" for column, share in figures.items())
        print(f"{name:18} {len(asked[name]):6} ", *cells)


def shares(answers: list[tuple[Case, Answer]]) -> dict[str, float]:
    """The figures of a line of the table by their names, of the questions and their answers."""
    yes = [(case, answer) for case, answer in answers if case.kind == "answerable"]
    no = [(case, answer) for case, answer in answers if case.kind == "unanswerable"]
    gold = [[any(part in cited.quote for part in case.gold) for cited in answer.citations] for case, answer in yes]
    figures = {
        "first": np.mean([any(cited[:1]) for cited in gold]),
        "gold": np.mean([any(cited) for cited in gold]),
        "refused": np.mean([not answer.answered for _, answer in yes]),
        "unanswerable refused": np.mean([not answer.answered for _, answer in no]),
        "near": np.mean([not answer.answered for case, answer in no if case.near_miss]),
        "cites": np.mean([len(answer.citations) for _, answer in yes if answer.answered]),
    }
    return {name: float(figure) for name, figure in figures.items()}


if __name__ == "__main__":
    main()
