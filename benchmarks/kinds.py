"""Compares kinds of FAISS index on the vectors of benchmarks/growth.py: why index/dense.py takes the ones it takes.

    python benchmarks/kinds.py --data DIR [--rows N] [--questions N] [--kinds KIND ...]

Prints, for each kind and each breadth of search: seconds to build, megabytes, milliseconds of a question (p50, one
thread) and the share of the ten exactly nearest rows that are among the 10, and among the 200, that it finds.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.growth import CONSIDERED, Drawn, K, keep_real, milliseconds, parts, recalls, seconds
from index.centering import LanguageMeans
from index.openmp import faiss
from index.samples import question_means
from index.script import as_matched, language_of
from index.shared import shared_encoder
from index.threads import ALL, faiss_threads

KINDS = ("SQ8", "HNSW32,SQ8", "IVF4096,SQ8", "PQ96x4fs,Refine(SQ8)")
BREADTHS = {"HNSW": (256, 600), "IVF": (16, 128), "PQ": (5, 10)}  # rows in view, lists, rows looked at for each wanted
TRAINED = 50_000


class Searched:
    """An index with one breadth of search."""

    def __init__(self, index: Any, breadth: int | None) -> None:
        self._index = index
        self._breadth = breadth

    def search(self, vector: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        parameters = None
        if isinstance(self._index, faiss.IndexHNSW):
            parameters = faiss.SearchParametersHNSW(efSearch=max(self._breadth, k))
        elif isinstance(self._index, faiss.IndexIVF):
            parameters = faiss.SearchParametersIVF(nprobe=self._breadth)
        elif isinstance(self._index, faiss.IndexRefine):
            parameters = faiss.IndexRefineSearchParameters(k_factor=self._breadth * CONSIDERED / k)
        with faiss_threads(1):
            scores, rows = self._index.search(vector[None], k, params=parameters)
        return rows[0], scores[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--kinds", nargs="+", default=KINDS)
    parser.add_argument("--folder", type=Path, help="where growth.py's --folder is")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = arguments.folder or Path(name)
        keep_real(arguments.data, folder, arguments.rows)
        vectors = Drawn(folder, arguments.rows).vectors(slice(None))
    means = LanguageMeans.of([vectors], ["zh"], prior=10)  # nearly all of the files are Chinese
    vectors = means.centred(vectors, "zh")
    encoder = shared_encoder()
    centre, _ = question_means(encoder)
    every = [question["question"] for part in parts(arguments.data) for question in part["qas"]]
    order = np.random.default_rng(5).permutation(len(every))[: arguments.questions]
    asked = [(every[place], language_of(every[place])) for place in order]
    questions = np.stack([centre.centred(encoder.query(as_matched(*each)).vector, each[1]) for each in asked])
    for kind in arguments.kinds:
        index = faiss.index_factory(vectors.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
        start = time.perf_counter()
        with faiss_threads(ALL):
            index.train(np.ascontiguousarray(vectors[:: max(1, len(vectors) // TRAINED)]))
            index.add(vectors)
        built = time.perf_counter() - start
        size = len(faiss.serialize_index(index)) / 2**20
        for breadth in next((breadths for start, breadths in BREADTHS.items() if kind.startswith(start)), (None,)):
            searched = Searched(index, breadth)
            p50 = milliseconds([seconds(searched.search, question, CONSIDERED) for question in questions])
            ten, considered = recalls(searched, questions, iter(np.array_split(vectors, 20)))
            print(
                f"{kind:22} {breadth or '':>4}  build {built:6.1f} s  {size:7.0f} MB  {p50:6.2f} ms"
                f"  recall@{K} {ten:.3f}, in {CONSIDERED} {considered:.3f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
