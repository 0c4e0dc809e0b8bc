"""Measures how often the right passage comes first: this project, parts of it switched off, and its peers.

    python benchmarks/retrieval.py --data DIR [--peers PYTHON] [--every N] [--only TEXT] [--write]

DIR holds the SQuAD-format files named in TASKS. Every paragraph is a document, a question's gold document is its own
paragraph. The peers run in a venv of their own (`make peers`), with the same weights. `--every N` asks every Nth
question; `--only TEXT` leaves out the tasks whose name does not hold it; `--write` puts the table into README.md,
between its markers, where what was not measured anew (the peers, without `--peers`) stays as it was.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.export_model import export
from index import Document, Index
from index.answer import beginning_of
from index.retriever import Evidence, Ranking
from index.script import language_of

K = 5
OURS = {
    "this project": Ranking(),
    "... without BM25 and the dictionary": Ranking(lexical_weight=0, passage_lexical_weight=0),
    "... without weighting down what all passages share": Ranking(discounts_common=False),
}
# The ranking, and whether one of its passage's sentences is chosen over the best, as in an answer of one fact.
EVIDENCE = {
    "first sentence holds the answer": (Ranking(), True),
    "... without the sentence before it": (Ranking(before=0), True),
    "... without choosing one": (Ranking(), False),
}
MARKERS = ("<!-- retrieval: begin -->", "<!-- retrieval: end -->")


@dataclass(frozen=True)
class Task:
    """Questions of one file, asked of the passages of one or more."""

    name: str
    questions: str
    passages: tuple[str, ...]


TASKS = (
    Task("English -> Chinese (XQuAD)", "xquad_dev.en.json", ("xquad_dev.zh.json",)),
    Task("Chinese -> English (XQuAD)", "xquad_dev.zh.json", ("xquad_dev.en.json",)),
    Task("Chinese -> Chinese (XQuAD)", "xquad_dev.zh.json", ("xquad_dev.zh.json",)),
    Task("English -> English (XQuAD)", "xquad_dev.en.json", ("xquad_dev.en.json",)),
    Task("Traditional -> Traditional (DRCD)", "drcd_dev.zh-Hant.json", ("drcd_dev.zh-Hant.json",)),
    Task("Simplified -> Simplified (CMRC 2018)", "cmrc2018_trial.zh-Hans.json", ("cmrc2018_trial.zh-Hans.json",)),
    Task(
        "English -> both, both in the first 5 (XQuAD)", "xquad_dev.en.json", ("xquad_dev.en.json", "xquad_dev.zh.json")
    ),
)


@dataclass(frozen=True)
class Question:
    """A question, the places of its gold passages, and where in each of them the answers start."""

    text: str
    gold: tuple[int, ...]
    starts: tuple[tuple[int, ...], ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--peers", type=Path, help="the python of the peers' venv")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    columns: dict[str, dict[str, float]] = {}
    tasks = [task for task in TASKS if arguments.only in task.name]
    with tempfile.TemporaryDirectory() as folder:
        if arguments.peers:
            export(Path(folder))
        for task in tasks:
            passages, questions = read(arguments.data, task)
            questions = questions[:: arguments.every]
            column = ours(passages, questions)
            if arguments.peers:
                column |= peers(arguments.peers, Path(folder), passages, questions)
            columns[task.name] = column
            print(task.name, len(passages), "passages", len(questions), "questions", column, flush=True)
    print(table(columns))
    if arguments.write:
        readme = ROOT / "README.md"
        before, rest = readme.read_text("utf-8").split(MARKERS[0])
        old, after = rest.split(MARKERS[1])
        kept = columns_of(old)
        text = table({task.name: kept.get(task.name, {}) | columns.get(task.name, {}) for task in TASKS})
        readme.write_text(f"{before}{MARKERS[0]}\n{text}\n{MARKERS[1]}{after}", "utf-8")


def read(data: Path, task: Task) -> tuple[list[str], list[Question]]:
    """The passages of a task, one file's after another's, and its questions."""
    files = {name: json.loads((data / name).read_text("utf-8"))["data"] for name in {task.questions, *task.passages}}
    passages: list[str] = []
    found: dict[str, list[tuple[int, tuple[int, ...]]]] = {}
    for name in task.passages:
        for article in files[name]:
            for part in article["paragraphs"]:
                for question in part["qas"]:
                    starts = tuple(answer["answer_start"] for answer in question["answers"])
                    found.setdefault(question["id"], []).append((len(passages), starts))
                passages.append(part["context"])
    questions = [
        Question(question["question"], *zip(*found[question["id"]], strict=True))
        for article in files[task.questions]
        for part in article["paragraphs"]
        for question in part["qas"]
    ]
    return passages, questions


def ours(passages: list[str], questions: list[Question]) -> dict[str, float]:
    """Each method's share of questions answered right; and how often the first sentence holds the answer."""
    index = Index.build(Document(f"{place}", text) for place, text in enumerate(passages))
    collection = index.retriever.collection

    @cache
    def all_of(ranking: Ranking) -> list[tuple[Evidence, Question]]:
        retriever = replace(index.retriever, ranking=ranking)
        return [(retriever.retrieve(asked.text, language_of(asked.text)), asked) for asked in questions]

    def documents_of(evidence: Evidence) -> list[int]:
        return [int(collection.document_of(int(number)).id) for number in evidence.passages[:K]]

    def holds(evidence: Evidence, question: Question, chooses: bool) -> bool:
        number = beginning_of(question.text, evidence, collection) if chooses else int(evidence.sentences[0])
        best = collection.sentence(number)
        in_gold = int(best.document) == question.gold[0]
        return in_gold and any(best.start <= start < best.end for start in question.starts[0])

    shares: dict[str, float] = {}
    for name, ranking in OURS.items():
        shares[name] = float(np.mean([is_right(documents_of(found), asked) for found, asked in all_of(ranking)]))
    for name, (ranking, chooses) in EVIDENCE.items():
        if len(questions[0].gold) == 1:
            right = (pair for pair in all_of(ranking) if is_right(documents_of(pair[0]), pair[1]))
            held = [holds(*pair, chooses) for pair in right]
            shares[name] = float(np.mean(held))
    return shares


def peers(python: Path, model: Path, passages: list[str], questions: list[Question]) -> dict[str, float]:
    """The same of the peers."""
    task = json.dumps({"passages": passages, "questions": [question.text for question in questions], "k": K})
    command = [str(python), str(ROOT / "benchmarks" / "peers.py"), str(model)]
    done = subprocess.run(command, input=task, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return {
        method: float(np.mean([is_right(*pair) for pair in zip(rankings, questions, strict=True)]))
        for method, rankings in json.loads(done.stdout).items()
    }


def is_right(ranked: list[int], question: Question) -> bool:
    """Whether the gold passage comes first; where there are several, whether all are among the first K."""
    if len(question.gold) == 1:
        return bool(ranked) and ranked[0] == question.gold[0]
    return set(question.gold) <= set(ranked[:K])


def table(columns: dict[str, dict[str, float]]) -> str:
    """A row for each task, a column for each method, ours first, in Markdown."""
    measured = dict.fromkeys(method for column in columns.values() for method in column)
    methods = [method for method in dict.fromkeys([*OURS, *EVIDENCE, *measured]) if method in measured]
    lines = [f"| passages, recall@1 | {' | '.join(methods)} |", f"| --- {'| --- ' * len(methods)}|"]
    for name, column in columns.items():
        cells = (f"{column[method]:.3f}" if method in column else "-" for method in methods)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def columns_of(text: str) -> dict[str, dict[str, float]]:
    """What `table` made such a text of, but for parts of this project that are no longer measured."""
    rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in text.splitlines() if line.strip()]
    methods = rows[0][1:] if rows else []
    return {
        name: {
            method: float(cell)
            for method, cell in zip(methods, cells, strict=True)
            if cell != "-" and (method in {*OURS, *EVIDENCE} or not method.startswith("..."))
        }
        for name, *cells in rows[2:]
    }


if __name__ == "__main__":
    main()
