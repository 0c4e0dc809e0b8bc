"""One side of a comparison in a process of its own: it indexes and is asked as it is told, and says how long it took.

It reads a command a line on standard input, as JSON, and answers each with a line of JSON:

    {"index": [passages]}   {"seconds": 12.3}
    {"ask": [questions]}    {"seconds": [0.01, ...]}
    {"memory": true}        {"peak": bytes, "now": bytes}
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol


class Side(Protocol):
    """What is compared."""

    def index(self, passages: list[str]) -> None: ...

    def ask(self, question: str) -> object: ...


def serve(side: Side) -> None:
    """Do as told until standard input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints is no answer
    for line in sys.stdin:
        command = json.loads(line)
        if "index" in command:
            result: dict[str, Any] = {"seconds": _seconds(side.index, command["index"])}
        elif "ask" in command:
            result = {"seconds": [_seconds(side.ask, question) for question in command["ask"]]}
        else:
            result = memory_of(os.getpid())
        answers.write(json.dumps(result) + "\n")
        answers.flush()


def _seconds(call: Callable[[Any], object], argument: object) -> float:
    start = time.perf_counter()
    call(argument)
    return time.perf_counter() - start


def memory_of(process: int) -> dict[str, int]:
    """The resident memory of a process, in bytes: the most it ever had, and what it has now."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.startswith(("VmHWM", "VmRSS"))}
    return {"peak": sizes["VmHWM"], "now": sizes["VmRSS"]}


class Worker:
    """A worker process, as the benchmark sees it."""

    def __init__(self, name: str, command: Sequence[str], environment: dict[str, str]) -> None:
        self.name = name
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **environment},
        )

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(60)

    def index(self, passages: list[str]) -> float:
        """Seconds."""
        return float(self._told({"index": passages})["seconds"])

    def ask(self, questions: list[str]) -> list[float]:
        """Seconds of each question."""
        return list(self._told({"ask": questions})["seconds"])

    def memory(self) -> dict[str, int]:
        return self._told({"memory": True})

    def _told(self, command: dict[str, Any]) -> dict[str, Any]:
        if not (self._process.stdin and self._process.stdout):
            raise AssertionError("the worker has no pipes")
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.name} ended with status {self._process.wait()}")
        return dict(json.loads(answer))
