"""Measures how an index grows: build time, size, memory, time of a question and recall, at 1,000 to 1,000,000 passages.

    python benchmarks/growth.py --data DIR [--most N] [--questions N] [--folder DIR] [--write]

DIR holds SQuAD-format files (*.json), whose sentences are the passages and whose questions are asked. A passage is a
document of one sentence, so that each is one row in every part of the index. Where there are fewer sentences than
passages, further ones are drawn around them (`Drawn`). All but their encoding is the project's own way: `Index.build`
with a path, in one process; `Index.open` and `ask`, by the real encoder, in another. `--most N` leaves out the sizes
above N; --write keeps the figures in results/growth.json, the plots in results/growth.png and the table in README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.report import about, between_markers
from benchmarks.worker import memory_of
from index import Document, Index, engine, samples
from index.encoder import Encoder, Encoding, Kind
from index.script import as_matched, language_of, primary
from index.segmentation import segment
from index.trace import Trace

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "growth.json"
PLOTS = HERE / "results" / "growth.png"
README = HERE / "README.md"
NAME = "growth"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
K = 10  # neighbours that recall looks at
CONSIDERED = 200  # rows that a question takes from FAISS and from BM25, as index/retriever.py does
NEIGHBOURS = 10  # of a real vector, among which drawn ones find how far apart neighbours are
STAGES = ("understand", "encode", "search", "rank", "compose", "suggest")  # of an answer, as index/trace.py has them
WARMING = 20  # questions that are not counted
AT_ONCE = 50_000  # rows that are compared at a time
ENDS = str.maketrans(dict.fromkeys("。！？!?.;；…\n", " "))

Floats = NDArray[np.float32]


class Searching(Protocol):
    """Whatever finds the nearest rows: row numbers and cosines, best first."""

    def search(self, vector: Floats, k: int) -> tuple[NDArray[np.int64], Floats]: ...


@dataclass(frozen=True)
class Size:
    """What was measured at one size.

    Attributes:
        passages: how many there are, `real` of them real text.
        kind: of the FAISS index.
        build: seconds of `Index.build`, all of it written, without the encoding.
        disk: bytes on disk; `vectors` and `tokens` of them in the FAISS file and in those of the token vectors.
        opening: seconds of `Index.open`.
        building_memory: the most that the building process took, in bytes, the real texts' encodings among it.
        memory: what the process that was asked had in the end, in bytes; what is mapped and was read among it.
        ask: milliseconds of a warm `ask`, p50; `ask_p95`: p95.
        stages: milliseconds of a question in each of STAGES, p50.
        dense, words: milliseconds of FAISS and of BM25 over sentences; p50.
        recall: of the 10 passages whose vectors are exactly the nearest, the share among the first 10 that FAISS finds.
        recall_considered: the share among all that a question takes from FAISS.
    """

    passages: int
    real: int
    kind: str
    build: float
    disk: int
    vectors: int
    tokens: int
    opening: float
    building_memory: int
    memory: int
    ask: float
    ask_p95: float
    stages: dict[str, float]
    dense: float
    words: float
    recall: float
    recall_considered: float


class Drawn:
    """Passages around real ones, as many as are wanted; the same whenever they are drawn.

    The first are the real ones. A further one stands as far from a real vector as another real one stands from one of
    its neighbours, and in that direction: r[i] + (r[j] - r[k]), all in one language, k among the nearest of j. So it is
    spread as they are, in as few dimensions. Its text and tokens are half those of i, half those of yet another.
    """

    def __init__(self, folder: Path, passages: int) -> None:
        """Args: folder: where `keep_real` left the real ones."""
        arrays = np.load(folder / "real.npz", allow_pickle=False)
        self._texts: list[str] = json.loads((folder / "texts.json").read_text("utf-8"))
        self._vectors: Floats = arrays["vectors"]
        self._tokens = np.load(folder / "tokens.npy", mmap_mode="r")
        self._ends = arrays["ends"]
        languages, near = arrays["languages"], arrays["near"]
        self.real = min(passages, len(self._texts))
        generator = np.random.default_rng(7)
        self._of = np.concatenate(
            [np.arange(self.real), generator.integers(len(self._texts), size=passages - self.real)]
        )
        count = len(self._of)
        same = [np.flatnonzero(languages == language) for language in range(languages.max() + 1)]
        chance = generator.random((3, count))
        pick = [np.array([len(each) for each in same])[languages[self._of]] * row for row in chance[:2]]
        starts = np.cumsum([0, *(len(each) for each in same[:-1])])[languages[self._of]]
        by_language = np.concatenate(same)
        self._other, self._second = (by_language[starts + row.astype(np.int64)] for row in pick)
        self._near = near[self._second, (chance[2] * near.shape[1]).astype(np.int64)]

    def __len__(self) -> int:
        return len(self._of)

    def text(self, row: int) -> str:
        first, other = self._texts[self._of[row]], self._texts[self._other[row]]
        if row < self.real:
            return first
        return first[: len(first) // 2] + other[len(other) // 2 :]

    def vectors(self, rows: slice) -> Floats:
        """Of some passages, float32 (passages, dimension), of length 1."""
        drawn = self._vectors[self._of[rows]].copy()
        further = np.arange(*rows.indices(len(self))) >= self.real
        drawn[further] += (self._vectors[self._second[rows]] - self._vectors[self._near[rows]])[further]
        unit: Floats = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return unit

    def encoding(self, row: int) -> Encoding:
        first = self._tokens_of(self._of[row])
        if row >= self.real:
            other = self._tokens_of(self._other[row])
            first = np.concatenate([first[: len(first) // 2], other[len(other) // 2 :]])
        nothing = np.empty(0, np.int32)
        return Encoding(self.vectors(slice(row, row + 1))[0], first, nothing, nothing)

    def _tokens_of(self, real: int) -> NDArray[Any]:
        return self._tokens[self._ends[real - 1] if real else 0 : self._ends[real]]


class Drawing(Encoder):
    """The real encoder, but for passages: theirs are drawn."""

    def __init__(self, encoder: Encoder, drawn: Drawn) -> None:
        super().__init__(encoder.model)
        self._drawn = drawn
        self._rows = {as_matched(text := drawn.text(row), language_of(text)): row for row in range(len(drawn))}
        self.seconds = 0.0

    def encode(self, texts: Sequence[str], kind: Kind, progress: Callable[[int], None] | None = None) -> list[Encoding]:
        if kind == "query":
            return super().encode(texts, kind, progress)
        start = time.perf_counter()
        encodings = [self._drawn.encoding(self._rows[text]) for text in texts]
        self.seconds += time.perf_counter() - start
        return encodings


def keep_real(data: Path, folder: Path, most: int) -> float:
    """Encode the sentences of the files, at most so many, and keep them; passages a second."""
    if (folder / "texts.json").exists():
        return float(np.load(folder / "real.npz")["rate"])
    texts = list(dict.fromkeys(sentences(data)))
    texts = [texts[place] for place in np.random.default_rng(3).permutation(len(texts))[:most]]
    languages = [language_of(text) for text in texts]
    encoder = engine.shared_encoder()
    start = time.perf_counter()
    encodings = encoder.encode([as_matched(*pair) for pair in zip(texts, languages, strict=True)], "passage")
    rate = len(texts) / (time.perf_counter() - start)
    vectors = np.stack([encoding.vector for encoding in encodings])
    names = sorted({primary(language) for language in languages})
    places = np.array([names.index(primary(language)) for language in languages])
    near = np.empty((len(texts), NEIGHBOURS), np.int64)
    for language in range(len(names)):
        own = np.flatnonzero(places == language)
        alike = vectors[own] @ vectors[own].T
        np.fill_diagonal(alike, -1)
        count = min(NEIGHBOURS, len(own) - 1) or 1
        near[own] = own[np.argsort(-alike, axis=1)[:, np.arange(NEIGHBOURS) % count]]
    np.save(folder / "tokens.npy", np.concatenate([encoding.tokens for encoding in encodings]))
    ends = np.cumsum([len(encoding.tokens) for encoding in encodings])
    np.savez(folder / "real.npz", vectors=vectors, ends=ends, languages=places, near=near, rate=rate)
    (folder / "texts.json").write_text(json.dumps(texts), "utf-8")
    return rate


def sentences(data: Path) -> Iterator[str]:
    """The sentences of every passage, each as one that no mark within divides."""
    for passage in parts(data):
        text = passage["context"]
        for piece in segment(text):
            words = " ".join(text[piece.start : piece.end].translate(ENDS).split())
            if len(words) >= 8:
                yield words + ("." if words.isascii() else "。")


def parts(data: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(data.glob("*.json")):
        for article in json.loads(file.read_text("utf-8"))["data"]:
            yield from article["paragraphs"]


def built(folder: Path, passages: int) -> dict[str, Any]:
    """Build an index of so many passages into the folder."""
    drawn = Drawn(folder, passages)
    encoder = Drawing(engine.shared_encoder(), drawn)
    engine.shared_encoder = lambda: encoder
    samples.question_means(encoder)  # what is made once for a process
    samples.informative(encoder)
    documents = [Document(f"{row}", drawn.text(row)) for row in range(passages)]
    start = time.perf_counter()
    index = Index.build(documents, folder / "index")
    seconds = time.perf_counter() - start - encoder.seconds
    if len(index.retriever.dense) != passages:
        raise AssertionError(f"{len(index.retriever.dense)} rows for {passages} passages")
    return {"real": drawn.real, "build": seconds, "building_memory": memory_of(os.getpid())["peak"]}


def asked(folder: Path, passages: int, questions: Sequence[str]) -> dict[str, Any]:
    """Open that index and ask it."""
    encoder = engine.shared_encoder()
    start = time.perf_counter()
    index = Index.open(folder / "index")
    opening = time.perf_counter() - start
    for question in questions[:WARMING]:
        index.ask(question)
    questions = questions[WARMING:]
    traces: list[Trace] = []
    engine.note = lambda *facts: traces.append(facts[-1])  # what would be told to the log
    ask = [seconds(index.ask, question) for question in questions]
    memory = memory_of(os.getpid())["now"]
    stages = {name: [trace.seconds.get(name, 0.0) for trace in traces] for name in STAGES}
    retriever, means = index.retriever, index.retriever.means.question_vectors
    dense, words, vectors = [], [], []
    for question in questions:
        language = language_of(question)
        vectors.append(means.centred(encoder.query(as_matched(question, language)).vector, language))
        dense.append(seconds(retriever.dense.search, vectors[-1], CONSIDERED))
        words.append(seconds(retriever.lexical.search, question, CONSIDERED))
    recall, considered = recalls(retriever.dense, np.stack(vectors), centred(index, Drawn(folder, passages)))
    return {
        "opening": opening,
        "kind": json.loads((folder / "index" / "manifest.json").read_text("utf-8"))["vectors"],
        "memory": memory,
        "ask": milliseconds(ask),
        "ask_p95": milliseconds(ask, 95),
        "stages": {name: milliseconds(times) for name, times in stages.items()},
        "dense": milliseconds(dense),
        "words": milliseconds(words),
        "recall": recall,
        "recall_considered": considered,
    }


def centred(index: Index, drawn: Drawn) -> Iterator[Floats]:
    """The passages' vectors as the index has them, before they were rounded; some rows at a time."""
    languages = np.array([primary(language) for language in index.retriever.collection.view_languages])
    for start in range(0, len(drawn), AT_ONCE):
        rows = slice(start, start + AT_ONCE)
        vectors = drawn.vectors(rows)
        for language in set(languages[rows]):
            own = languages[rows] == language
            vectors[own] = index.retriever.means.vectors.centred(vectors[own], language)
        yield vectors


def recalls(dense: Searching, questions: Floats, passages: Iterator[Floats]) -> tuple[float, float]:
    """How many of the exactly nearest `K` are among the first `K`, and among all, that a question takes from FAISS."""
    near, cosines = np.empty((len(questions), 0), np.int64), np.empty((len(questions), 0), np.float32)
    start = 0
    for vectors in passages:
        scores = questions @ vectors.T
        best = np.argpartition(-scores, K, axis=1)[:, : K + 1]
        near = np.hstack([near, best + start])
        cosines = np.hstack([cosines, np.take_along_axis(scores, best, axis=1)])
        start += len(vectors)
    exact = np.take_along_axis(near, np.argsort(-cosines, axis=1)[:, :K], axis=1)
    shares = [
        np.mean(
            [np.isin(rows, dense.search(vector, k)[0]).mean() for rows, vector in zip(exact, questions, strict=True)]
        )
        for k in (K, CONSIDERED)
    ]
    return float(shares[0]), float(shares[1])


def seconds(call: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - start


def milliseconds(times: Sequence[float], percentile: float = 50) -> float:
    return float(np.percentile(times, percentile)) * 1000


def measured(folder: Path, passages: int, questions: Path) -> Size:
    """Each in a process of its own, so that the memory of one is not another's."""
    figures: dict[str, Any] = {"passages": passages}
    for stage in ("built", "asked"):
        command = [sys.executable, __file__, "--stage", stage, str(passages), str(folder), str(questions)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
        figures |= json.loads(done.stdout)
    files = {file: file.stat().st_size for file in (folder / "index").rglob("*") if file.is_file()}
    figures["disk"] = sum(files.values())
    figures["vectors"] = sum(size for file, size in files.items() if file.name == "vectors.faiss")
    figures["tokens"] = sum(size for file, size in files.items() if file.name.startswith("token_"))
    return Size(**figures)


def main() -> None:
    if sys.argv[1:2] == ["--stage"]:
        stage, passages, folder, questions = sys.argv[2:]
        if stage == "built":
            figures = built(Path(folder), int(passages))
        else:
            figures = asked(Path(folder), int(passages), json.loads(Path(questions).read_text("utf-8")))
        print(json.dumps(figures))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--most", type=int, default=SIZES[-1])
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--folder", type=Path, help="where all is kept, for a next run; unset: nowhere")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    sizes = [size for size in SIZES if size <= arguments.most] or [arguments.most]
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = arguments.folder or Path(name)
        rate = keep_real(arguments.data, folder, sizes[-1])
        print(f"The encoder read {rate:.0f} passages a second.", flush=True)
        every = [question["question"] for part in parts(arguments.data) for question in part["qas"]]
        order = np.random.default_rng(5).permutation(len(every))[: arguments.questions + WARMING]
        questions = folder / "questions.json"
        questions.write_text(json.dumps([every[place] for place in order]), "utf-8")
        for size in sizes:
            found.append(measured(folder, size, questions))
            print(json.dumps(asdict(found[-1])), flush=True)
    print(table(found))
    if arguments.write:
        write(found, rate, arguments)


COLUMNS: dict[str, Callable[[Size], str]] = {
    "passages": lambda size: f"{size.passages:,}",
    "of them real": lambda size: f"{size.real:,}",
    "FAISS": lambda size: size.kind,
    "build, s": lambda size: f"{size.build:.1f}",
    "on disk, MB": lambda size: f"{size.disk / 2**20:.0f}",
    "open, s": lambda size: f"{size.opening:.1f}",
    "memory, MB": lambda size: f"{size.memory / 2**20:.0f}",
    "`ask`, p50 ms": lambda size: f"{size.ask:.1f}",
    "p95": lambda size: f"{size.ask_p95:.1f}",
    "FAISS, ms": lambda size: f"{size.dense:.2f}",
    "BM25, ms": lambda size: f"{size.words:.2f}",
    **{name: lambda size, name=name: f"{size.stages[name]:.1f}" for name in STAGES},
    "recall@10": lambda size: f"{size.recall:.3f}",
    f"in {CONSIDERED}": lambda size: f"{size.recall_considered:.3f}",
}


def table(found: Sequence[Size]) -> str:
    lines = [f"| {' | '.join(COLUMNS)} |", "| ---: " * len(COLUMNS) + "|"]
    return "\n".join(lines + [f"| {' | '.join(shown(size) for shown in COLUMNS.values())} |" for size in found])


def write(found: Sequence[Size], rate: float, arguments: argparse.Namespace) -> None:
    """Keep the figures, draw the plots, and put the table into README.md."""
    facts = about(f"python benchmarks/growth.py --data DIR --most {arguments.most} --questions {arguments.questions}")
    kept = {**facts, "encoder, passages/s": rate, "sizes": [asdict(size) for size in found]}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    draw(found, PLOTS)
    ratio = found[-1].ask / found[0].ask
    told = (
        f"A question on {found[-1].passages:,} passages takes {ratio:.2f} times as long as one on"
        f" {found[0].passages:,}. The encoder reads {rate:.0f} such passages a second, which `build` leaves out."
    )
    between_markers(README, NAME, [table(found), "", told, "", "![Growth](results/growth.png)"], facts)


def draw(found: Sequence[Size], file: Path) -> None:
    """A plot for each of what the benchmark is about, over the number of passages."""
    from matplotlib.figure import Figure

    plots: dict[str, dict[str, Callable[[Size], float]]] = {
        "build, s (without the encoder)": {"": lambda size: size.build},
        "on disk, MB": {
            "all": lambda size: size.disk / 2**20,
            "tokens": lambda size: size.tokens / 2**20,
            "FAISS": lambda size: size.vectors / 2**20,
        },
        "memory when asked, MB": {"": lambda size: size.memory / 2**20},
        "one question, ms (p50)": {
            "ask": lambda size: size.ask,
            "encoder": lambda size: size.stages["encode"],
            "BM25": lambda size: size.words,
            "FAISS": lambda size: size.dense,
        },
        "open, s": {"": lambda size: size.opening},
        "recall@10 against exact search": {
            "first 10": lambda size: size.recall,
            f"in {CONSIDERED}": lambda size: size.recall_considered,
        },
    }
    figure = Figure(figsize=(10, 6), layout="constrained")
    passages = [size.passages for size in found]
    for axes, (title, lines) in zip(figure.subplots(2, 3).flat, plots.items(), strict=True):
        for label, value in lines.items():
            axes.plot(passages, [value(size) for size in found], marker="o", markersize=3, label=label)
        recall = title.startswith("recall")
        axes.set(title=title, xlabel="passages", xscale="log", yscale="linear" if recall else "log")
        if recall:
            axes.set_ylim(0.95, 1.002)
        axes.grid(alpha=0.3)
        if len(lines) > 1:
            axes.legend(fontsize="small")
    figure.savefig(file, dpi=80)


if __name__ == "__main__":
    main()
