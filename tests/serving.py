"""The chat page, served as its users start it, on a free port of this machine."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]


@contextmanager
def served_page(log: Path, **environment: str) -> Iterator[str]:
    """Start `python app.py`, give the address it prints once it answers there, and stop it afterwards."""
    environment = {"NANGUAN_PORT": str(free_port()), **environment}
    with log.open("w") as stream:
        server = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
        )
    try:
        yield wait_for(server, log)
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_until_ready(address: str, seconds: float = 300) -> None:
    """Return once the page's index is open."""
    deadline = time.monotonic() + seconds
    state = {}
    while time.monotonic() < deadline and state.get("status") != "ready":
        time.sleep(0.3)
        with urllib.request.urlopen(f"{address}/healthz", timeout=30) as answer:
            state = json.load(answer)
    if state.get("status") != "ready":
        raise RuntimeError(f"the index did not open: {state}")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(server: subprocess.Popen[bytes], log: Path, seconds: float = 180) -> str:
    """The address that the server prints, once it answers there."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        time.sleep(0.3)
        if printed := re.search(r"http://127\.0\.0\.1:\d+", log.read_text()):
            with suppress(OSError), urllib.request.urlopen(printed[0], timeout=5):
                return printed[0]
    raise RuntimeError(f"the page did not come up:\n{log.read_text()[-3000:]}")
