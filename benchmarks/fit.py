"""Fits the decision to answer or to refuse, and writes index/calibration.json and what was asked of the article.

    python benchmarks/fit.py --data DIR

DIR holds xquad_dev.en.json and xquad_dev.zh.json (SQuAD format). XQuAD questions are asked twice: of all passages, and
of those without their own article. Each document of benchmarks/documents/fitted is asked alone, and so is each of its
passages. The questions on the article that ships with the project are those of benchmarks/nanguan_fit.jsonl; the golden
ones that `python -m index eval` measures on are not looked at. The article brings them as its precedents
(corpus/nanguan/asked.*.txt); here, those of a question's own writer are left out of them.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import corpus
from benchmarks.documents import documents, passages_alone
from index import Document, Index
from index.announcing import announced
from index.asking import understood
from index.conversation import as_asked
from index.decision import SIGNALS, SITUATIONS, signals
from index.evaluation import Case, read_cases
from index.precedents import Precedents, questions_of
from index.retriever import Retriever
from index.script import language_of

CASES = Path(__file__).with_name("nanguan_fit.jsonl")
OUTPUT = ROOT / "index" / "calibration.json"
# Kind of case -> the article's file.
ASKED = {"answerable": "asked.answered.txt", "unanswerable": "asked.unanswered.txt"}
MARGIN, MOST = 1.0, 3  # see Calibration; chosen on CASES for the share of gold sentences cited by few citations
SAMPLE = 3  # every third XQuAD question is asked
WRONG_REFUSALS = 0.025  # the share of answerable questions on the article that may be refused
PENALTY = 0.5  # of large weights, as LogisticRegression's C
FEW = 0.3  # what a question asked of a few passages counts beside one asked of many
PASSAGE = 0.05  # and one asked of a single passage of a document, of which there are most
BINS = 10  # of the calibration error


@dataclass
class Observation:
    """One question asked: its signals, whether what came first answers it, and the article it belongs to."""

    values: NDArray[np.float64]
    right: bool
    answerable: bool
    near: bool
    group: str
    source: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--observations", type=Path, help="a file to keep what was observed in, and to read it from")
    arguments = parser.parse_args()
    kept = arguments.observations
    if kept and kept.exists():
        observed = [
            Observation(np.array(values), *rest) for values, *rest in map(json.loads, kept.read_text().splitlines())
        ]
    else:
        observed = [*from_article()]
        for asked, searched in (("en", "zh"), ("zh", "zh"), ("en", "en"), ("zh", "en")):
            observed += from_xquad(arguments.data, asked, searched)
            observed += from_few(arguments.data, asked, searched)
        observed += from_documents()
        observed += from_passages()
        if kept:
            rows = ([o.values.tolist(), o.right, o.answerable, o.near, o.group, o.source] for o in observed)
            kept.write_text("".join(json.dumps(row) + "\n" for row in rows))
    fit(observed)


def fit(observed: list[Observation]) -> None:
    """Fit on all, judge by cross-validation over articles and writers, write the parameters and print the figures."""
    values = np.stack([one.values.ravel()[1:] for one in observed])  # without what is always 1
    right = np.array([one.right for one in observed])
    answerable = np.array([one.answerable for one in observed])
    near = np.array([one.near for one in observed])
    sources = np.array([one.source for one in observed])
    article = sources == "article"
    sizes = np.select([sources == "few", sources == "passages"], [FEW, PASSAGE], 1.0)
    sizes[article] = sizes[~article].sum() / article.sum()  # the article counts as much as all other sources
    model = make_pipeline(StandardScaler(), LogisticRegression(C=PENALTY, max_iter=5000))
    unseen = cross_val_predict(
        model,
        values,
        right,
        groups=[one.group for one in observed],
        cv=GroupKFold(8),
        method="predict_proba",
        params={"logisticregression__sample_weight": sizes},
    )[:, 1]
    model.fit(values, right, logisticregression__sample_weight=sizes)
    scaler, regression = model[0], model[1]
    slopes = regression.coef_[0] / scaler.scale_
    weights = np.array([regression.intercept_[0] - slopes @ scaler.mean_, *slopes]).reshape(len(SITUATIONS), -1)
    threshold = float(np.quantile(unseen[article & answerable], WRONG_REFUSALS))
    OUTPUT.write_text(
        json.dumps(
            {
                "signals": list(SIGNALS),
                "situations": list(SITUATIONS),
                "weights": weights.round(4).tolist(),
                "threshold": round(threshold, 3),
                "margin": MARGIN,
                "most": MOST,
            },
            indent=1,
        )
        + "\n"
    )
    print(f"wrote {OUTPUT.name}; on questions not fitted on (8 groups of articles and writers):")
    for source in sorted(set(sources)):
        here = sources == source
        yes, no, refused = here & answerable, here & ~answerable, unseen < threshold
        text = (
            f"  {source:9} {here.sum():5} asked  AUROC {roc_auc_score(answerable[here], unseen[here]):.3f}"
            f"  ECE {calibration_error(unseen[here], right[here]):.3f}"
            f"  answerable refused {refused[yes].mean():.2f}  unanswerable refused {refused[no].mean():.2f}"
        )
        print(text + (f" (near misses {refused[no & near].mean():.2f})" if near[here].any() else ""))


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Expected calibration error over bins of equal width (Naeini, Cooper, Hauskrecht 2015)."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return float(
        sum(abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins))
    )


def from_article() -> Iterator[Observation]:
    cases = [case for case in read_cases(CASES) if case.kind in (*ASKED, "follow_up")]
    for kind, name in ASKED.items():
        questions = "".join(f"{case.question}\n" for case in cases if case.kind == kind)
        (corpus.DEFAULT / name).write_text(questions, "utf-8", newline="\n")
    index = Index.build(corpus.load(corpus.DEFAULT))
    precedents = of_other_writers(index, cases)
    for case in cases:
        retriever = replace(index.retriever, precedents=precedents[writer(case)])
        reading = understood(retriever, case.question, case.history)
        values, best = ask(retriever, reading.searched, reading.asked)
        right = any(fragment in index.retriever.collection.quote(best) for fragment in case.gold)
        yield Observation(values, right, case.kind != "unanswerable", case.near_miss, writer(case), "article")


def writer(case: Case) -> str:
    """Who wrote a case: what its id begins with."""
    return re.split(r"(?:zh-)?(?:en|hans|hant)\b", case.id, maxsplit=1, flags=re.IGNORECASE)[0]


def of_other_writers(index: Index, cases: Sequence[Case]) -> dict[str, Precedents]:
    """For each writer the article's precedents without those that are theirs."""
    [article] = index.documents.values()
    told = questions_of(replace(article, asked={"unanswered": article.asked["unanswered"]}))
    known = [(question, True, "") for question, answered in told if answered]
    known += [(case.question, case.kind == "answerable", writer(case)) for case in cases if case.kind in ASKED]
    vectors = index.retriever.question_vectors([as_asked(question) for question, *_ in known])
    answered = np.array([answers for _, answers, _ in known])
    writers = np.array([name for *_, name in known])
    return {
        name: Precedents.of({0: (vectors[writers != name], answered[writers != name])}, vectors.shape[1])
        for name in {writer(case) for case in cases}
    }


def from_xquad(data: Path, asked: str, searched: str) -> Iterator[Observation]:
    questions = json.loads((data / f"xquad_dev.{asked}.json").read_text("utf-8"))["data"]
    passages = json.loads((data / f"xquad_dev.{searched}.json").read_text("utf-8"))["data"]
    documents = {
        number: [Document(f"{number}-{place}", part["context"]) for place, part in enumerate(article["paragraphs"])]
        for number, article in enumerate(passages)
    }
    index = Index.build([document for of_article in documents.values() for document in of_article])
    source = f"{asked}->{searched}"
    for number, article in enumerate(questions):
        for place, part in enumerate(article["paragraphs"]):
            for question in part["qas"][::SAMPLE]:
                values, best = ask(index.retriever, question["question"])
                right = index.retriever.collection.document_of(best).id == f"{number}-{place}"
                yield Observation(values, right, True, False, f"{number}", source)
        index.remove([document.id for document in documents[number]])
        for part in article["paragraphs"]:
            for question in part["qas"][::SAMPLE]:
                values, _ = ask(index.retriever, question["question"])
                yield Observation(values, False, False, False, f"{number}", source)
        index.add(documents[number])


def from_few(data: Path, asked: str, searched: str) -> Iterator[Observation]:
    """Questions asked of one article alone, and of its first passage alone: theirs, and those of the next article."""
    questions = json.loads((data / f"xquad_dev.{asked}.json").read_text("utf-8"))["data"]
    passages = json.loads((data / f"xquad_dev.{searched}.json").read_text("utf-8"))["data"]
    for number, article in list(enumerate(passages))[::SAMPLE]:
        documents = [Document(f"{place}", part["context"]) for place, part in enumerate(article["paragraphs"])]
        for count in (len(documents), 1):
            index = Index.build(documents[:count])
            for place, part in enumerate(questions[number]["paragraphs"][:count]):
                for question in part["qas"][:: SAMPLE if count > 1 else 1]:
                    values, best = ask(index.retriever, question["question"])
                    right = index.retriever.collection.document_of(best).id == f"{place}"
                    yield Observation(values, right, True, False, f"{number}", "few")
            for part in questions[(number + 1) % len(questions)]["paragraphs"][:count]:
                for question in part["qas"][:: SAMPLE if count > 1 else 1]:
                    values, _ = ask(index.retriever, question["question"])
                    yield Observation(values, False, False, False, f"{number}", "few")


def from_documents() -> Iterator[Observation]:
    """Questions asked of each document alone; right is also what announces what is right: a heading, "as follows:"."""
    for document, cases in documents("fitted"):
        retriever = Index.build([document]).retriever
        yield from (_of_document(retriever, case, document, "documents") for case in cases)


def from_passages() -> Iterator[Observation]:
    """Questions asked of one passage of a document alone.

    Whoever tries the project on a few lines of their own asks so, and what those leave out is near to what they say.
    """
    for document, cases in documents("fitted"):
        for index, case in passages_alone(Index.build([document]), cases):
            yield _of_document(index.retriever, case, document, "passages")


def _of_document(retriever: Retriever, case: Case, document: Document, source: str) -> Observation:
    """A question asked of a document or of a part of it."""
    values, best = ask(retriever, case.question)
    told = [retriever.collection.quote(number) for number in (best, *announced(best, retriever.collection))]
    right = any(fragment in quote for fragment in case.gold for quote in told)
    return Observation(values, right, case.kind == "answerable", case.near_miss, document.id.split("-")[0], source)


def ask(retriever: Retriever, question: str, asked: str = "") -> tuple[NDArray[np.float64], int]:
    """The signals of a question, and the number of the sentence that fits it best; `asked` tells the kind of answer."""
    evidence = retriever.retrieve(as_asked(question), language_of(question), kind_of=as_asked(asked))
    return signals(asked or question, evidence, retriever.collection), int(evidence.sentences[0])


if __name__ == "__main__":
    main()
