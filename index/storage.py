"""An index on disk: a manifest that names everything else, written last and checked first.

    FOLDER/manifest.json           what was indexed, by what, the hash of every file, and a hash of itself
    FOLDER/data-XXXXXXXXXXXXXXXX/  the files of one build
    FOLDER/build.lock              held while a build is under way; empty

A build writes a new data folder, brings it to the disk, and then replaces the manifest in one atomic step, so that a
reader sees the old index or the new one, never a mixture, whenever the build or the machine stops. What a build that
was stopped left behind, the next one clears away. Readers take no lock and write nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout

from index.errors import IndexBusyError, IndexFileError
from index.steps import stepped

FORMAT = 7
MANIFEST = "manifest.json"
LOCK = "build.lock"

_SEAL = "sha256"  # the manifest's key for the hash of everything else in it
_DATA = re.compile(r"data-[0-9a-f]{16}")
_LEFT_BEHIND = re.compile(rf"{_DATA.pattern}|{re.escape(MANIFEST)}\.[0-9a-f]{{16}}")
_T = TypeVar("_T")
_TRIES = 5  # a reader begins anew as often when the index is replaced while it reads


@contextmanager
def locked(folder: Path, wait: float = 0) -> Iterator[None]:
    """Hold the right to write an index to a folder, which is made if missing.

    Args:
        wait: seconds to wait for another build to end.

    Raises:
        IndexBusyError: another build holds it.
        IndexFileError: the folder cannot be written.
    """
    lock = FileLock(folder / LOCK, timeout=wait, thread_local=False)
    with _said(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout as error:
            raise IndexBusyError(
                f"Another build is writing the index at {folder}.", "Wait until it has ended, or name another folder."
            ) from error
    try:
        yield
    finally:
        lock.release()


def write(folder: Path, facts: Mapping[str, Any], write_files: Callable[[Path], None]) -> None:
    """Put a new index in place of whatever is there; the caller holds the folder's lock.

    Args:
        facts: what the manifest says besides the format and the files.
        write_files: writes every file of the index into an empty folder.

    Raises:
        IndexFileError: the folder cannot be written; what was there is left as it was.
    """
    with _said(folder):
        _clear(folder, keep=_named(folder))
        data = folder / f"data-{secrets.token_hex(8)}"
        try:
            data.mkdir()
            write_files(data)
            files = {}
            for file in _files(data):
                _sync(file)
                files[file.relative_to(data).as_posix()] = _sha256(file)
            for inner in (data, *(entry for entry in data.rglob("*") if entry.is_dir())):
                _sync(inner)
            _sync(folder)
            _replace(folder / MANIFEST, _sealed({"format": FORMAT, **facts, "data": data.name, "files": files}))
        except BaseException:
            if _named(folder) != data.name:
                shutil.rmtree(data, ignore_errors=True)
            raise
        _sync(folder)
        _clear(folder, keep=data.name)


def read(folder: Path, remedy: str) -> tuple[dict[str, Any], Path]:
    """The manifest and the data folder, every file's hash checked.

    Args:
        remedy: the command that builds this index anew, for the error.

    Raises:
        IndexFileError: there is no index, it is of another format, or a file is missing or damaged.
    """
    manifest = read_manifest(folder, remedy)
    data = folder / manifest["data"]
    files = manifest["files"]
    for name, digest in stepped("Checking files", files.items(), len(files)):
        file = data / name
        try:
            sound = ".." not in file.parts and file.is_file() and _sha256(file) == digest
        except OSError as error:
            raise IndexFileError(f"{file} cannot be read: {error.strerror}.", remedy) from error
        if not sound:
            raise IndexFileError(f"The file {name} of the index at {folder} is missing or damaged.", remedy)
    return manifest, data


def read_manifest(folder: Path, remedy: str = "") -> dict[str, Any]:
    """The manifest alone; no other file is looked at.

    Raises:
        IndexFileError: there is none, or it is damaged or of another format.
    """
    try:
        content = (folder / MANIFEST).read_bytes()
        manifest = json.loads(content)
        written_as = manifest["format"]
        # Before the seal: a later format may be sealed in another way.
        if written_as != FORMAT:
            raise IndexFileError(
                f"The index at {folder} is of format {str(written_as)[:20]!r}; this version reads {FORMAT}.", remedy
            )
        facts = {key: value for key, value in manifest.items() if key != _SEAL}
        # Byte for byte, for not every change of a byte changes what JSON says.
        sound = content == _sealed(facts) and _DATA.fullmatch(facts["data"]) and isinstance(facts["files"], dict)
    except FileNotFoundError as error:
        raise IndexFileError(f"There is no index at {folder}.", remedy) from error
    except OSError as error:
        raise IndexFileError(f"The index at {folder} cannot be read: {error.strerror}.", remedy) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IndexFileError(f"The manifest of the index at {folder} is damaged.", remedy) from error
    if not sound:
        raise IndexFileError(f"The manifest of the index at {folder} is damaged.", remedy)
    return facts


def opened(folder: Path, open_: Callable[[], _T]) -> _T:
    """What `open_` makes of the index in a folder, begun anew when the index is replaced meanwhile.

    Raises:
        IndexFileError: as `open_` does, of an index that stays as it is.
    """
    for _ in range(_TRIES - 1):
        before = stamp(folder)
        try:
            return open_()
        except IndexFileError:
            if stamp(folder) == before:
                raise
    return open_()


def is_there(folder: Path) -> bool:
    """Whether there is an index in a folder, sound or not.

    Raises:
        IndexFileError: it cannot be looked at.
    """
    try:
        return (folder / MANIFEST).exists()
    except OSError as error:
        raise IndexFileError(
            f"The index at {folder} cannot be read: {error.strerror}.", "Allow it, or name another folder."
        ) from error


def stamp(folder: Path) -> tuple[int, int, int] | None:
    """Tells one build of the index in a folder from the next; None where there is none."""
    try:
        found = (folder / MANIFEST).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _sealed(facts: Mapping[str, Any]) -> bytes:
    """The manifest as it stands in its file: facts, and the hash of the facts."""
    seal = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
    return json.dumps({**facts, _SEAL: seal}, indent=1).encode()


@contextmanager
def _said(folder: Path) -> Iterator[None]:
    """Whatever keeps a folder from being written, in one sentence."""
    try:
        yield
    except (OSError, RuntimeError) as error:  # FAISS raises the latter
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise IndexFileError(
            f"The index cannot be written to {folder}: {reason}.", "Name another folder or free some space."
        ) from error


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _named(folder: Path) -> str | None:
    """The data folder that a manifest names, whatever its format and its seal; None where none is named."""
    try:
        named = json.loads((folder / MANIFEST).read_bytes())["data"]
    except (FileNotFoundError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return named if isinstance(named, str) else None


def _clear(folder: Path, keep: str | None) -> None:
    """Remove what earlier builds left: whatever is named as only a build names it."""
    for entry in folder.iterdir():
        if entry.name == keep or not _LEFT_BEHIND.fullmatch(entry.name):
            continue
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)  # on Windows, what a reader has open stays until the next build
        else:
            entry.unlink(missing_ok=True)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Bring a file's content, or a folder's names, to the disk."""
    if os.name == "nt":
        if path.is_dir():
            return  # Windows opens no folders, and keeps their names itself
        with path.open("r+b") as stream:
            os.fsync(stream.fileno())
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _replace(file: Path, content: bytes) -> None:
    """Write a file so that it is wholly there or not at all."""
    new = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    try:
        with new.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(file)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
