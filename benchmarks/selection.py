"""Fits the choice of the sentence that an answer begins with, and writes index/selection.json.

    python benchmarks/selection.py --data DIR   # ten minutes

DIR holds XQuAD, DRCD and CMRC 2018, as benchmarks/retrieval.py reads them; of their questions those count whose passage
is found first. The others are those that the documents of benchmarks/documents/fitted answer, and the article.

Printed is how often the sentence that fits best holds the answer, how often the one that is chosen does, on questions
not fitted on (six parts, no article or writer in two of them), and how often any of the candidates does.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold
from torch import Tensor, nn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import corpus
from benchmarks.documents import documents
from benchmarks.fit import CASES, writer
from benchmarks.retrieval import TASKS, read
from index import Document, Index
from index.announcing import announced
from index.answer import beside_the_best
from index.conversation import as_asked
from index.evaluation import Case, read_cases
from index.retriever import Retriever
from index.script import language_of
from index.selection import FEATURES, Selection

OUTPUT = ROOT / "index" / "selection.json"
DRCD_SAMPLE, ARTICLE_SAMPLE = 2, 3  # every second question, and every third: each has more than all others
UNITS, EPOCHS, RATE, DECAY, DROPPED = 16, 400, 0.01, 1e-3, 0.1  # of training
PARTS = 6


@dataclass
class Question:
    """The candidates of one question, what is known of each, and which answer it."""

    values: NDArray[np.float64]
    right: NDArray[np.bool_]
    group: str
    source: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    questions = [*from_sets(parser.parse_args().data)]
    for document, cases in documents("fitted"):
        questions += from_cases(Index.build([document]).retriever, cases, "documents", lambda case: case.id[0])
    article = Index.build(corpus.load(corpus.DEFAULT)).retriever
    questions += from_cases(article, read_cases(CASES)[::ARTICLE_SAMPLE], "article", writer)
    sources, groups = [one.source for one in questions], [one.group for one in questions]
    hits = np.zeros(len(questions), bool)
    for fitted_on, left_out in GroupKFold(PARTS).split(questions, groups=groups):
        selection = fitted([questions[place] for place in fitted_on])
        for place in left_out:
            hits[place] = questions[place].right[selection.chosen(questions[place].values)]
    print(f"{'':36} asked   best  chosen    any")
    for source in dict.fromkeys(sources):
        here = [place for place, name in enumerate(sources) if name == source]
        shares = [np.mean([questions[place].right[0] for place in here]), hits[here].mean()]
        shares.append(np.mean([questions[place].right.any() for place in here]))
        print(f"{source:36} {len(here):5}  {shares[0]:.3f}   {shares[1]:.3f}  {shares[2]:.3f}")
    selection = fitted(questions)
    values = {name: getattr(selection, name).round(4).tolist() for name in ("hidden", "intercepts", "output")}
    OUTPUT.write_text(json.dumps({"features": list(FEATURES), **values}, indent=1) + "\n")


def fitted(questions: Sequence[Question]) -> Selection:
    """The layer that gives the candidates that answer the greatest share (ListNet's loss: Cao et al. 2007)."""
    torch.manual_seed(0)
    known = [one for one in questions if one.right.any()]
    every = np.concatenate([one.values for one in known])
    mean, spread = every.mean(axis=0), every.std(axis=0) + 1e-6
    values = nn.utils.rnn.pad_sequence(
        [torch.from_numpy((one.values - mean) / spread).float() for one in known], batch_first=True
    )
    right = nn.utils.rnn.pad_sequence([torch.from_numpy(one.right) for one in known], batch_first=True)
    absent = torch.arange(values.shape[1]) >= torch.tensor([len(one.right) for one in known])[:, None]
    layer, output = nn.Linear(len(FEATURES), UNITS), nn.Linear(UNITS, 1, bias=False)
    optimiser = torch.optim.Adam([*layer.parameters(), *output.parameters()], lr=RATE, weight_decay=DECAY)
    for _ in range(EPOCHS):
        optimiser.zero_grad()
        units = nn.functional.dropout(torch.tanh(layer(values)), DROPPED)
        scores: Tensor = output(units)[..., 0].masked_fill(absent, -torch.inf)
        answering = scores.masked_fill(~right, -torch.inf).logsumexp(1)
        loss = (scores.logsumexp(1) - answering).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    hidden = layer.weight.detach().double().numpy().T / spread[:, None]
    intercepts = layer.bias.detach().double().numpy() - mean @ hidden
    return Selection(hidden, intercepts, output.weight.detach().double().numpy()[0])


def from_sets(data: Path) -> Iterator[Question]:
    for task in TASKS:
        if len(task.passages) > 1:
            continue
        passages, questions = read(data, task)
        articles = articles_of(data / task.passages[0])
        index = Index.build(Document(f"{place}", text) for place, text in enumerate(passages))
        collection = index.retriever.collection
        for question in questions[:: DRCD_SAMPLE if "DRCD" in task.name else 1]:
            [gold], [starts] = question.gold, question.starts
            evidence = index.retriever.retrieve(as_asked(question.text), language_of(question.text))
            if collection.document_of(int(evidence.passages[0])).id != f"{gold}":
                continue
            values = beside_the_best(question.text, evidence, collection)
            told = [collection.sentence(number) for number in evidence.matched.sentences.tolist()]
            right = [
                any(int(one.document) == gold and one.start <= start < one.end for start in starts) for one in told
            ]
            group = f"{task.passages[0].partition('_')[0]} {articles[gold]}"
            yield Question(values, np.array(right), group, task.name)


def articles_of(file: Path) -> list[int]:
    """The number of each passage's article."""
    articles = json.loads(file.read_text("utf-8"))["data"]
    return [number for number, article in enumerate(articles) for _ in article["paragraphs"]]


def from_cases(
    retriever: Retriever, cases: Sequence[Case], source: str, writer: Callable[[Case], str]
) -> Iterator[Question]:
    """Of the questions that a document answers, those that find a sentence rather than what announces some."""
    collection = retriever.collection
    for case in cases:
        evidence = retriever.retrieve(as_asked(case.question), language_of(case.question))
        if case.kind == "answerable" and not announced(int(evidence.sentences[0]), collection):
            values = beside_the_best(case.question, evidence, collection)
            quotes = [collection.quote(number) for number in evidence.matched.sentences.tolist()]
            right = [any(fragment in quote for fragment in case.gold) for quote in quotes]
            yield Question(values, np.array(right), f"{source} {writer(case)}", source)


if __name__ == "__main__":
    main()
