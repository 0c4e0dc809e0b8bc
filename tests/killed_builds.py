"""Builds an index over another again and again, each build killed at a random moment, and opens what is there.

    python -m tests.killed_builds FOLDER COUNT SEED

Prints a JSON line: how many were killed, how many found the old index, the new one, or none and what to run. A
program of its own, with one thread, so that it can fork after the libraries are loaded.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

import torch

from index import engine, samples, script
from index.documents import Document
from index.errors import IndexFileError
from tests.toy import ToyEncoder

_STATES = {"0": "new", "1": "old", "2": "none"}
_WHOLE_EVERY = 10  # builds, of which one is let be: so there is an old index to go on with
_MOST_TRIES = 3  # for each build that is to be killed; some are over before


def documents(build: int) -> list[Document]:
    """The documents of one build, each of which says which build it is of."""
    return [Document(f"d{n}", f"Build {build} says so. The cat {n} sleeps on sofa {build}.") for n in range(12)]


def in_fork(work: Callable[[], int]) -> int:
    """Start `work` in a process of its own, whose exit status is what it returns."""
    sys.stdout.flush()
    process = os.fork()
    if not process:
        status = 70
        try:
            status = work()
        finally:
            os._exit(status)
    return process


def build(folder: Path, number: int) -> int:
    engine.Index.build(documents(number), folder)
    return 0


def told_and_built(folder: Path, number: int, to: int) -> int:
    """Tell what the build before this one left, then build."""
    os.write(to, f"{state(folder, number - 1)}\n".encode())
    os.close(to)
    return build(folder, number)


def state(folder: Path, new: int) -> int:
    """What is in the folder: 0 the index of build `new`, 1 an older one, 2 none, said with what to run; else broken."""
    try:
        index = engine.Index.open(folder)
    except IndexFileError as error:
        return 2 if str(error).startswith("There is no index") and "python -m index build" in str(error) else 3
    [said] = {document.text.split()[1] for document in index.documents.values()}
    quotes = {citation.quote for citation in index.ask("what does the build say?").citations}
    if any(f" {said}" not in quote for quote in quotes) or len(index.documents) != 12:
        return 4
    return 0 if int(said) == new else 1


def begun(folder: Path, number: int) -> tuple[int, str]:
    """A process that builds number `number`, and what it found before it began to."""
    reading, writing = os.pipe()
    process = in_fork(lambda: told_and_built(folder, number, writing))
    os.close(writing)
    with os.fdopen(reading) as told:
        return process, told.readline().strip()


def time_of_a_build(folder: Path, number: int) -> float:
    """Seconds from what `begun` tells to the end."""
    process, _ = begun(folder, number)
    started = time.monotonic()
    os.waitpid(process, 0)
    return time.monotonic() - started


def main(folder: Path, count: int, seed: int) -> None:
    torch.set_num_threads(1)
    encoder = ToyEncoder()
    engine.shared_encoder = lambda: encoder  # type: ignore[assignment, return-value]
    # What every build needs is made once, before the forks.
    samples.question_means(encoder)  # type: ignore[arg-type]
    samples.informative(encoder)  # type: ignore[arg-type]
    script.fold("a")
    moments = random.Random(seed)
    # Of another folder, and so often that the first, which is slower, does not count.
    whole = min(time_of_a_build(folder.with_name("whole"), number) for number in range(4))
    found: Counter[str] = Counter()
    number = 0
    while found["killed"] < count and number < _MOST_TRIES * count:
        number += 1
        process, said = begun(folder, number)
        if number > 1:
            found[_STATES.get(said, f"broken {said}")] += 1
        if number % _WHOLE_EVERY:
            time.sleep(moments.uniform(0, whole))
            os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        found["killed" if os.WIFSIGNALED(status) else "over"] += 1
    process, said = begun(folder, number + 1)
    found[_STATES.get(said, f"broken {said}")] += 1
    os.waitpid(process, 0)
    found["left behind"] = len(list(folder.glob("data-*"))) - 1 + len(list(folder.glob("manifest.json.*")))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
