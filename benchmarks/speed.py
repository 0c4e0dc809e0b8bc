"""Measures this project's speed beside its peers', and writes the table of benchmarks/README.md.

    python benchmarks/speed.py --data DIR --peers PYTHON [--only PART ...] [--passages N] [--rounds N] [--write]

DIR holds drcd_dev.zh-Hant.json (SQuAD format), whose paragraphs are the passages. The peers run in a venv of their own
(`make peers`). Every side has the same weights, the same texts and the same number of threads, in a process of its own;
they take turns, A B C A B C, so that what else the machine does falls on all alike. Absolute times are this machine's;
the ratios are what to look at. PART is one of PARTS; --write keeps the figures in results/speed.json and the table in
README.md, the parts not measured as they were.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from pathlib import Path

import httpx
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import corpus
from benchmarks.report import about, between_markers
from benchmarks.worker import Worker, memory_of
from index.evaluation import read_cases
from tests.serving import served_page, wait_until_ready

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "speed.json"
README = HERE / "README.md"
OURS, LANGCHAIN, ENSEMBLE, TXTAI = (
    "this project",
    "LangChain + FAISS",
    "LangChain ensemble with BM25 (jieba)",
    "txtai hybrid",
)
PASSAGE = 170  # tokens of the passage that sizes are given for
TURN = 20  # questions a side is asked before it is another's turn
CLIENTS = 50
SERVED = 1000  # questions that the server is asked before its memory is looked at


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes:
        value: this project's, in `unit`.
        other: what it is measured against, in the same unit; None where it stands alone.
        ratio: of the two, as the target is stated.
        must, aim: bounds of the ratio, or of the value where there is no ratio; "<= 1.0" or ">= 2.0".
    """

    part: str
    name: str
    value: float
    unit: str
    against: str = ""
    other: float | None = None
    ratio: float | None = None
    must: str = ""
    aim: str = ""


@dataclass(frozen=True)
class Setting:
    """What every part is measured with."""

    peers: Path
    model: Path
    folder: Path
    passages: list[str]
    questions: list[str]
    rounds: int
    environment: dict[str, str]

    def worker(self, name: str) -> Worker:
        if name == OURS:
            command = [sys.executable, str(HERE / "ours.py"), str(self.folder / "index")]
        else:
            command = [str(self.peers), str(HERE / "peers.py"), str(self.model), name]
        return Worker(name, command, self.environment)


def asking(setting: Setting) -> Iterable[Figure]:
    """Indexing, then asking, by every side in turns; and what the index takes on disk."""
    names = (OURS, LANGCHAIN, ENSEMBLE, TXTAI)
    with ExitStack() as stack:
        workers = {name: stack.enter_context(setting.worker(name)) for name in names}
        rates = {}
        for name, worker in workers.items():
            rates[name] = len(setting.passages) / worker.index(setting.passages)
            say(f"{name} indexed {rates[name]:.2f} passages a second")
            worker.ask(setting.questions[:TURN])  # what is made ready at the first question is not measured
        times: dict[str, list[float]] = {name: [] for name in names}
        ask = cycle(setting.questions[TURN:])
        for _ in range(setting.rounds):
            questions = list(islice(ask, TURN))
            for name, worker in workers.items():
                times[name] += worker.ask(questions)
        for name, seconds in times.items():
            p50, p95 = np.percentile(seconds, (50, 95)) * 1000
            say(f"{name} answered in {p50:.1f} ms (p50), {p95:.1f} ms (p95)")
    p50 = {name: float(np.median(seconds)) * 1000 for name, seconds in times.items()}
    p95 = {name: float(np.percentile(seconds, 95)) * 1000 for name, seconds in times.items()}
    yield Figure(
        "ask",
        "warm `ask()`, p50",
        p50[OURS],
        "ms",
        f"{LANGCHAIN}, `similarity_search`",
        p50[LANGCHAIN],
        p50[OURS] / p50[LANGCHAIN],
        "<= 1.0",
        "<= 0.5",
    )
    for name in (ENSEMBLE, TXTAI):
        yield Figure("ask", "warm `ask()`, p50", p50[OURS], "ms", name, p50[name], p50[OURS] / p50[name])
    yield Figure(
        "ask",
        "warm `ask()`, p95 / p50",
        p95[OURS],
        "ms",
        "its own p50",
        p50[OURS],
        p95[OURS] / p50[OURS],
        "<= 2.0",
        "<= 1.5",
    )
    yield Figure(
        "ask",
        "indexing, all of it written",
        rates[OURS],
        "passages/s",
        LANGCHAIN,
        rates[LANGCHAIN],
        rates[OURS] / rates[LANGCHAIN],
        ">= 2.0",
        ">= 4.0",
    )
    for name in (ENSEMBLE, TXTAI):
        yield Figure(
            "ask",
            "indexing, all of it written",
            rates[OURS],
            "passages/s",
            name,
            rates[name],
            rates[OURS] / rates[name],
        )
    size, tokens = size_of(setting.folder / "index")
    yield Figure(
        "ask",
        f"on disk, for a passage of {PASSAGE} tokens",
        size / tokens * PASSAGE / 1024,
        "KB",
        must="<= 80",
        aim="<= 12",
    )


def size_of(index: Path) -> tuple[int, int]:
    """The bytes of a saved index, and how many tokens its passages have."""
    [ends] = index.rglob("token_ends.npy")
    return sum(file.stat().st_size for file in index.rglob("*") if file.is_file()), int(np.load(ends)[-1])


def starting(setting: Setting) -> Iterable[Figure]:
    """From the start of a process to its first answer, the index being there already; and to its help."""
    question = setting.questions[0]
    commands = {
        "ask": ["-m", "index", "ask", question, "--index", str(setting.folder / "start")],
        "import sentence_transformers": ["-c", "import sentence_transformers"],
        "--help": ["-m", "index", "--help"],
        "import gradio": ["-c", "import gradio"],
    }
    article = ["-m", "index", "build", str(corpus.DEFAULT), "--index", str(setting.folder / "start")]
    run(article, setting.environment)
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(1 + setting.rounds // 2):
        for name, command in commands.items():
            times[name].append(run(command, setting.environment))
    medians = {name: float(np.median(seconds[1:])) for name, seconds in times.items()}  # the first reads the disk
    for name, other, label, must, aim in (
        ("ask", "import sentence_transformers", "`python -m index ask`", "<= 1.35", "<= 1.1"),
        ("--help", "import gradio", "`python -m index --help`", "<= 0.5", ""),
    ):
        yield Figure(
            "start",
            f"start of {label}, to its end",
            medians[name],
            "s",
            f"`{other}`",
            medians[other],
            medians[name] / medians[other],
            must,
            aim,
        )


def run(command: Sequence[str], environment: dict[str, str]) -> float:
    """Seconds that Python takes over it, from start to end."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env={**os.environ, **environment}, capture_output=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr.decode()[-2000:]}")
    return time.perf_counter() - start


def serving(setting: Setting) -> Iterable[Figure]:
    """The chat server over HTTP: one client and many, and its memory after that."""
    article = corpus.load(corpus.DEFAULT)
    files = (ROOT / "tests" / "golden" / "nanguan.jsonl", HERE / "nanguan_fit.jsonl")
    known = dict.fromkeys(case.question for file in files for case in read_cases(file))
    asked = list(islice(known, SERVED))  # each once: what was encoded a moment ago is kept
    run(["-m", "index", "ask", asked[0]], setting.environment)  # builds the index; it is there from then on
    with served_page(setting.folder / "server.log", **setting.environment) as address:
        wait_until_ready(address)
        alone, crowd, errors = asyncio.run(clients(address, asked))
        memory = server_memory()
    say(f"the server answered {alone:.1f} a second for one client, {crowd:.1f} for {CLIENTS}, with {errors} errors")
    lines = [line for document in article for line in document.text.splitlines() if line.strip()]
    with setting.worker(LANGCHAIN) as langchain:
        langchain.index(lines)
        langchain.ask(asked)
        peak = langchain.memory()["peak"]
    yield Figure(
        "serve",
        f"peak memory of the chat server, {SERVED:,} questions asked",
        memory / 2**20,
        "MB",
        f"{LANGCHAIN}, without a page",
        peak / 2**20,
        memory / peak,
        "<= 0.7",
        "<= 0.5",
    )
    yield Figure(
        "serve",
        f"answers a second, {CLIENTS} clients at once over HTTP",
        crowd,
        "/s",
        "one client after another question",
        alone,
        crowd / alone,
        ">= 2.5",
        ">= 5.0",
    )
    yield Figure("serve", f"errors with {CLIENTS} clients", errors, "", must="<= 0")


async def clients(address: str, questions: list[str]) -> tuple[float, float, int]:
    """Answers a second for one client and for many, and how many calls went wrong."""
    errors = 0
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=120, limits=limits) as client:
        calls = f"{address}/gradio_api/call/ask"

        async def ask(question: str) -> None:
            nonlocal errors
            try:
                event = (await client.post(calls, json={"data": [question, []]})).json()["event_id"]
                text = (await client.get(f"{calls}/{event}")).text
            except (httpx.HTTPError, ValueError, KeyError):
                text = ""
            errors += "event: complete" not in text

        async def several(waiting: list[str]) -> None:
            while waiting:
                await ask(waiting.pop())

        few = len(questions) // 5
        first, second, waiting = questions[:20], questions[20:few], questions[few:]
        await several(first)
        number, start = len(second), time.perf_counter()
        await several(second)
        alone = number / (time.perf_counter() - start)
        number, start = len(waiting), time.perf_counter()
        await asyncio.gather(*(several(waiting) for _ in range(CLIENTS)))
        return alone, number / (time.perf_counter() - start), errors


def server_memory() -> int:
    """The peak memory of the one app.py that this process started."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    [server] = [int(child) for child in children if b"app.py" in Path(f"/proc/{child}/cmdline").read_bytes()]
    return memory_of(server)["peak"]


def faithful(setting: Setting) -> Iterable[Figure]:
    """How near the vectors in the processor's fast type are to those in float32."""
    import torch

    from index.encoder import Encoder
    from index.model import load_model

    texts = setting.passages[:100]
    fast, exact = load_model(), load_model(dtype=torch.float32)
    cosines = [
        float(a.vector @ b.vector)
        for a, b in zip(*(Encoder(m).encode(texts, "passage") for m in (fast, exact)), strict=True)
    ]
    name = str(fast.dtype).removeprefix("torch.")
    yield Figure(
        "faithful", f"cosine of {name} vectors with float32 ones, the least", min(cosines), "", must=">= 0.999"
    )


PARTS: dict[str, Callable[[Setting], Iterable[Figure]]] = {
    "ask": asking,
    "start": starting,
    "serve": serving,
    "faithful": faithful,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--peers", type=Path, default=ROOT / ".venv-peers" / "bin" / "python")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=list(PARTS))
    parser.add_argument("--passages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    file = json.loads((arguments.data / "drcd_dev.zh-Hant.json").read_text("utf-8"))
    parts = [part for article in file["data"] for part in article["paragraphs"]][: arguments.passages]
    questions = [question["question"] for part in parts for question in part["qas"]]
    order = np.random.default_rng(5).permutation(len(questions))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = folder / "model"
        subprocess.run([sys.executable, str(HERE / "export_model.py"), str(model)], check=True, capture_output=True)
        threads = str(arguments.threads)
        setting = Setting(
            arguments.peers,
            model,
            folder,
            [part["context"] for part in parts],
            [questions[place] for place in order],
            arguments.rounds,
            {
                "NANGUAN_CACHE": str(folder / "cache"),
                "NANGUAN_DATA": str(folder / "data"),
                "NANGUAN_THREADS": threads,
                "OMP_NUM_THREADS": threads,
                "HF_HUB_OFFLINE": "1",
            },
        )
        figures = []
        for part in arguments.only:
            for figure in PARTS[part](setting):
                figures.append(figure)
                say(row(asdict(figure)))
    if arguments.write:
        write(figures, arguments)


def write(figures: list[Figure], arguments: argparse.Namespace) -> None:
    """Keep the figures, each with the machine, versions, date and command it was measured with, and make the table."""
    kept = json.loads(RESULTS.read_text("utf-8"))["figures"] if RESULTS.exists() else []
    measured = [{**asdict(figure), **about(command(figure.part, arguments))} for figure in figures]
    names = [*PARTS]
    figures_now = [figure for figure in kept if figure["part"] not in arguments.only] + measured
    figures_now.sort(key=lambda figure: names.index(figure["part"]))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"figures": figures_now}, indent=1) + "\n", "utf-8")
    head = ["| figure | this project | measured against | | ratio | must | aim |", "| --- " * 7 + "|"]
    between_markers(README, "speed", [*head, *map(row, figures_now)], *figures_now)


def command(part: str, arguments: argparse.Namespace) -> str:
    """What measures a part so."""
    options = ["threads", *{"ask": ("passages", "rounds"), "start": ("rounds",)}.get(part, ())]
    values = (f"--{option} {getattr(arguments, option)}" for option in options)
    return f"python benchmarks/speed.py --data DIR --only {part} {' '.join(values)}"


def row(figure: dict[str, object]) -> str:
    """A line of the table."""

    def shown(value: object, unit: object = "") -> str:
        return "" if value is None else f"{value:.4g} {unit}".strip()

    cells = [
        figure["name"],
        shown(figure["value"], figure["unit"]),
        figure["against"],
        shown(figure["other"], figure["unit"]),
        shown(figure["ratio"]),
        figure["must"],
        figure["aim"],
    ]
    return f"| {' | '.join(map(str, cells))} |"


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
