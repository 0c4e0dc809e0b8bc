"""What stands beside a figure: the machine, the versions, the date and the command; and where its table goes."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = ("torch", "sentence-transformers", "faiss-cpu", "gradio")


def about(command: str) -> dict[str, Any]:
    """What figures that a command measures now are measured with."""
    return {
        "machine": machine(),
        "versions": {name: version(name) for name in PACKAGES},
        "python": platform.python_version(),
        "date": datetime.now(UTC).date().isoformat(),
        "command": command,
    }


def machine() -> str:
    """The processor, its cores and the memory."""
    processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{processor[1] if processor else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB"


def between_markers(file: Path, name: str, lines: Sequence[str], *measured: Mapping[str, Any]) -> None:
    """Put lines into a file between its markers of that name, behind what `about` says of each measurement in them."""
    said = dict.fromkeys(map(_said, measured))
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, rest = file.read_text("utf-8").split(begin)
    text = "\n".join([begin, "  \n".join(said), "", *lines, end])
    file.write_text(f"{before}{text}{rest.split(end)[1]}", "utf-8")


def _said(facts: Mapping[str, Any]) -> str:
    versions = ", ".join(f"{package} {number}" for package, number in facts["versions"].items())
    return f"{facts['machine']}; Python {facts['python']}, {versions}; {facts['date']}; `{facts['command']}`"
