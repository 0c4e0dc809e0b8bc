"""Fits the decision to answer or to refuse, and writes index/calibration.json.

    python benchmarks/fit.py --data DIR

DIR holds xquad_dev.en.json and xquad_dev.zh.json (SQuAD format). Each XQuAD question is asked twice: of all passages,
and of those without its own article. The questions on the article that ships with the project are those of
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

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import corpus
from index import Document, Index
from index.answer import SIGNALS
from index.evaluation import read_cases

CASES = Path(__file__).with_name("nanguan_fit.jsonl")
OUTPUT = ROOT / "index" / "calibration.json"
MARGIN, MOST = 0.3, 3  # see Calibration; chosen on CASES for the share of gold sentences cited by few citations
SAMPLE = 6  # every sixth XQuAD question is asked
WRONG_REFUSALS = 0.05  # the share of answerable questions on the article that may be refused


@dataclass
class Observation:
    """One question asked: its signals, whether what came first answers it, and the article it belongs to."""

    values: NDArray[np.float64]
    right: bool
    answerable: bool
    group: str
    source: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    observed = [*from_article()]
    for asked, searched in (("en", "zh"), ("zh", "zh"), ("en", "en")):
        observed += from_xquad(data, asked, searched)
    values = np.stack([one.values for one in observed])
    right = np.array([one.right for one in observed])
    groups = [one.group for one in observed]
    sources = np.array([one.source for one in observed])
    counts = {source: int((sources == source).sum()) for source in set(sources)}
    sizes = np.array([1 / counts[source] for source in sources]) * len(observed)
    sizes[sources == "article"] *= len(counts) - 1  # the article counts as much as all other sources
    scale = values.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=5000)
    unseen = cross_val_predict(
        model,
        values / scale,
        right,
        groups=groups,
        cv=GroupKFold(8),
        method="predict_proba",
        params={"sample_weight": sizes},
    )[:, 1]
    model.fit(values / scale, right, sample_weight=sizes)
    answerable = np.array([one.answerable for one in observed])
    article = sources == "article"
    threshold = float(np.quantile(unseen[article & answerable], WRONG_REFUSALS))
    weights = [float(model.intercept_[0]), *(model.coef_[0] / scale).tolist()]
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
    for source in sorted(counts):
        of_source = sources == source
        refused = unseen[of_source] < threshold
        yes = answerable[of_source]
        print(
            f"  {source:8} {counts[source]:5} asked  AUROC {roc_auc_score(yes, unseen[of_source]):.3f}"
            f"  unanswerable refused {refused[~yes].mean():.2f}  answerable refused {refused[yes].mean():.2f}"
        )


def from_article() -> Iterator[Observation]:
    index = Index.build(corpus.load(corpus.DEFAULT))
    for case in read_cases(CASES):
        if case.kind == "broad":
            continue
        hit = index.rank(case.question, case.history, k=1)[0]
        quote = index.documents[hit.document].text[hit.start : hit.end]
        right = any(fragment in quote for fragment in case.gold)
        values = index.signals(case.question, case.history)
        yield Observation(values, right, case.kind != "unanswerable", case.id, "article")


def from_xquad(data: Path, asked: str, searched: str) -> Iterator[Observation]:
    questions = json.loads((data / f"xquad_dev.{asked}.json").read_text("utf-8"))["data"]
    passages = json.loads((data / f"xquad_dev.{searched}.json").read_text("utf-8"))["data"]
    documents = {
        number: [Document(f"{number}-{place}", part["context"]) for place, part in enumerate(article["paragraphs"])]
        for number, article in enumerate(passages)
    }
    everything = [document for of_article in documents.values() for document in of_article]
    index = Index.build(everything)
    for number, article in enumerate(questions):
        for place, part in enumerate(article["paragraphs"]):
            for question in part["qas"][::SAMPLE]:
                text = question["question"]
                right = index.search(text, k=1)[0].document == f"{number}-{place}"
                yield Observation(index.signals(text), right, True, f"{number}", f"{asked}->{searched}")
    for number, article in enumerate(questions):
        index.remove([document.id for document in documents[number]])
        for part in article["paragraphs"]:
            for question in part["qas"][::SAMPLE]:
                values = index.signals(question["question"])
                yield Observation(values, False, False, f"{number}", f"{asked}->{searched}")
        index.add(documents[number])


if __name__ == "__main__":
    main()
