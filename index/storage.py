"""An index on disk: a manifest that names everything else, written last and checked first.

    FOLDER/manifest.json       what was indexed, by what, and the hash of every file
    FOLDER/data-XXXXXXXXXXXX/  the files of one build

A build writes a new data folder and then replaces the manifest in one atomic step, so that a reader sees the old index
or the new one, never a mixture.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from index.errors import IndexFileError

FORMAT = 5
MANIFEST = "manifest.json"


def write(folder: Path, facts: Mapping[str, Any], write_files: Callable[[Path], None]) -> None:
    """Put a new index in place of whatever is there.

    Args:
        folder: made if missing.
        facts: what the manifest says besides the format and the files.
        write_files: writes every file of the index into an empty folder.

    Raises:
        IndexFileError: the folder cannot be written; what was there is left as it was.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        before = _data_folder(folder)
        data = Path(tempfile.mkdtemp(prefix="data-", dir=folder))
        data.chmod(0o755)  # as any other folder: whoever may read the rest may read this
        try:
            write_files(data)
            files = {file.relative_to(data).as_posix(): _sha256(file) for file in _files(data)}
            manifest = {"format": FORMAT, **facts, "data": data.name, "files": files}
            _replace(folder / MANIFEST, json.dumps(manifest, indent=1).encode())
        except BaseException:
            shutil.rmtree(data, ignore_errors=True)
            raise
    except (OSError, RuntimeError) as error:  # FAISS raises the latter
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise IndexFileError(
            f"The index cannot be written to {folder}: {reason}.", "Name another folder or free some space."
        ) from error
    if before:
        shutil.rmtree(folder / before, ignore_errors=True)


def read(folder: Path, remedy: str) -> tuple[dict[str, Any], Path]:
    """The manifest and the data folder, every file's hash checked.

    Args:
        remedy: the command that builds this index anew, for the error.

    Raises:
        IndexFileError: there is no index, it is of another format, or a file is missing or damaged.
    """
    manifest = read_manifest(folder, remedy)
    data = folder / Path(manifest["data"]).name
    for name, digest in manifest["files"].items():
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
        manifest = json.loads((folder / MANIFEST).read_bytes())
        sound = isinstance(manifest["data"], str) and isinstance(manifest["files"], dict)
        written_as = manifest["format"]
    except FileNotFoundError as error:
        raise IndexFileError(f"There is no index at {folder}.", remedy) from error
    except OSError as error:
        raise IndexFileError(f"The index at {folder} cannot be read: {error.strerror}.", remedy) from error
    except (ValueError, KeyError, TypeError) as error:
        raise IndexFileError(f"The manifest of the index at {folder} is damaged.", remedy) from error
    if written_as != FORMAT:
        raise IndexFileError(f"The index at {folder} is of format {written_as}; this version reads {FORMAT}.", remedy)
    if not sound:
        raise IndexFileError(f"The manifest of the index at {folder} is damaged.", remedy)
    return dict(manifest)


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _data_folder(folder: Path) -> str | None:
    """The data folder of the index that is there now, if one is."""
    try:
        return Path(read_manifest(folder)["data"]).name
    except IndexFileError:
        return None


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _replace(file: Path, content: bytes) -> None:
    """Write a file so that it is wholly there or not at all."""
    descriptor, name = tempfile.mkstemp(prefix=f"{file.name}.", dir=file.parent)
    new = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        new.chmod(0o644)
        new.replace(file)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
