"""Measures answers on documents of other people: leases, minutes, manuals, by-laws, news, plans, each asked alone.

    python benchmarks/documents.py [--part measured|fitted]

The documents and their questions lie in benchmarks/documents/, invented for this purpose by writers who saw nothing of
this project; a name begins with its writer's letter. Beside each document stand its questions (index.evaluation.Case),
in English and both Chinese scripts: 20 that it answers, 12 near misses (of its topic, for what it does not give) and 4
far from it. benchmarks/fit.py fits the decision to answer on those in fitted/; those in measured/ were left out.

Prints, for questions in the document's own language (Chinese is one) and in another, and for all of them asked of one
passage alone, once of one that answers and once of one that doesn't: the share of answerable questions whose answer
cites first a sentence that answers, of those whose answer cites it at all, of those that are refused; of unanswerable
ones refused, of near misses refused; and the citations of an answer.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import corpus
from index import Answer, Document, Index
from index.collection import Collection
from index.conversation import as_asked
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
    alone: list[tuple[Case, Answer]] = []
    count = 0
    for document, cases in documents(part):
        count += 1
        whole = Index.build([document])
        chinese = is_chinese(language_of(document.text))
        for case in cases:
            own = is_chinese(case.language) == chinese
            asked["own language" if own else "another language"].append((case, whole.ask(case.question)))
        alone += [(case, index.ask(case.question)) for index, case in passages_alone(whole, cases)]
    asked["all"] = [pair for answers in asked.values() for pair in answers]
    asked["one passage"] = alone
    table = {name: shares(answers) for name, answers in asked.items()}
    print(f"{count} documents")
    print(f"{'asked in':18}  asked ", *(f"{column:>5}" for column in table["all"]))
    for name, figures in table.items():
        cells = (f"{share:{max(5, len(column))}.2f}" for column, share in figures.items())
        print(f"{name:18} {len(asked[name]):6} ", *cells)


def passages_alone(whole: Index, cases: Iterable[Case]) -> Iterator[tuple[Index, Case]]:
    """Each question with two passages of the one document of an index, each alone: one that answers, one that doesn't.

    Of either kind it is the one that fits the question best. One that doesn't answer is a near miss, unless the
    question is far from the whole document. Passages of a single sentence are left out.
    """
    retriever = whole.retriever
    passages = dict(_passages(retriever.collection))
    built: dict[int, Index] = {}
    for case in cases:
        evidence = retriever.retrieve(as_asked(case.question), language_of(case.question))
        ranked = (int(retriever.collection.passages[best]) for best in evidence.passages.tolist())
        answering: dict[bool, int] = {}
        for number in ranked:
            if number in passages:
                answering.setdefault(any(gold in passages[number].text for gold in case.gold), number)
        for answers, number in answering.items():
            if number not in built:
                built[number] = Index.build([passages[number]])
            is_near = case.near_miss or case.kind == "answerable"
            yield (
                built[number],
                case if answers else replace(case, kind="unanswerable", gold=(), near_miss=is_near),
            )


def _passages(collection: Collection) -> Iterator[tuple[int, Document]]:
    """The passages of a collection of one document, those of several sentences, as documents of their own."""
    [document] = collection.documents
    for number in np.unique(collection.passages).tolist():
        rows = np.flatnonzero(collection.passages == number).tolist()
        start, end = collection.sentence(rows[0]).start, collection.sentence(rows[-1]).end
        if len(rows) > 1:
            yield number, Document(f"{document.id}-{number}", document.text[start:end])


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
