"""Fits the decision to answer or to refuse, and writes index/calibration.json.

    python benchmarks/fit.py --data DIR

DIR holds xquad_dev.en.json and xquad_dev.zh.json (SQuAD format). XQuAD questions are asked twice: of all passages, and
of those without their own article. The questions on the article that ships with the project are those of
benchmarks/nanguan_fit.jsonl; the golden ones that `python -m index eval` measures on are not looked at.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
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
from index import Document, Index
from index.answer import SIGNALS
from index.evaluation import read_cases

CASES = Path(__file__).with_name("nanguan_fit.jsonl")
OUTPUT = ROOT / "index" / "calibration.json"
MARGIN, MOST = 0.5, 3  # see Calibration; chosen on CASES for the share of gold sentences cited by few citations
SAMPLE = 3  # every third XQuAD question is asked
WRONG_REFUSALS = 0.04  # the share of answerable questions on the article that may be refused
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
        if kept:
            rows = ([o.values.tolist(), o.right, o.answerable, o.near, o.group, o.source] for o in observed)
            kept.write_text("".join(json.dumps(row) + "\n" for row in rows))
    fit(observed)


def fit(observed: list[Observation]) -> None:
    """Fit on all, judge by cross-validation over articles, write the parameters and print the figures."""
    values = np.stack([one.values for one in observed])
    right = np.array([one.right for one in observed])
    answerable = np.array([one.answerable for one in observed])
    near = np.array([one.near for one in observed])
    sources = np.array([one.source for one in observed])
    article = sources == "article"
    sizes = np.ones(len(observed))
    sizes[article] = (~article).sum() / article.sum()  # the article counts as much as all other sources
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=5000))
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
    weights = [float(regression.intercept_[0] - slopes @ scaler.mean_), *slopes.tolist()]
    threshold = float(np.quantile(unseen[article & answerable], WRONG_REFUSALS))
    OUTPUT.write_text(
        json.dumps(
            {
                "signals": list(SIGNALS),
                "weights": [round(weight, 4) for weight in weights],
                "threshold": round(threshold, 3),
                "margin": MARGIN,
                "most": MOST,
            },
            indent=1,
        )
        + "\n"
    )
    print(f"wrote {OUTPUT.name}; on questions not fitted on (8 groups of articles):")
    for source in sorted(set(sources)):
        here = sources == source
        yes, no, refused = here & answerable, here & ~answerable, unseen < threshold
        text = (
            f"  {source:8} {here.sum():5} asked  AUROC {roc_auc_score(answerable[here], unseen[here]):.3f}"
            f"  calibration error {calibration_error(unseen[here], right[here]):.3f}"
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
    index = Index.build(corpus.load(corpus.DEFAULT))
    for case in read_cases(CASES):
        if case.kind not in ("answerable", "unanswerable", "follow_up"):
            continue
        hit = index.rank(case.question, case.history, k=1)[0]
        quote = index.documents[hit.document].text[hit.start : hit.end]
        right = any(fragment in quote for fragment in case.gold)
        values = index.signals(case.question, case.history)
        yield Observation(values, right, case.kind != "unanswerable", case.near_miss, case.id, "article")


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
                text = question["question"]
                right = index.rank(text, k=1)[0].document == f"{number}-{place}"
                yield Observation(index.signals(text), right, True, False, f"{number}", source)
    for number, article in enumerate(questions):
        index.remove([document.id for document in documents[number]])
        for part in article["paragraphs"]:
            for question in part["qas"][::SAMPLE]:
                values = index.signals(question["question"])
                yield Observation(values, False, False, False, f"{number}", source)
        index.add(documents[number])


if __name__ == "__main__":
    main()
