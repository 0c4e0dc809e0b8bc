"""The default index: the article, or what NANGUAN_CORPUS names, built in the user's cache when missing or stale."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import corpus
from index.building import Progress
from index.config import Settings
from index.conversation import Turn
from index.current import Current
from index.documents import Answer
from index.engine import Index
from index.errors import IndexFileError
from index.saved import document_hashes
from index.storage import locked, read_manifest

_log = logging.getLogger(__name__)
_lock = Lock()
_opened: dict[tuple[str, str], Current] = {}
_PATIENCE = 3600.0  # seconds to wait while another process builds the same index


def ask(question: str, history: Sequence[Turn] = ()) -> Answer:
    """Answer a question from the default documents; see `Index.ask`.

    The first call opens the index, or builds it when it is missing or stale; later calls, from any thread, share it.
    """
    return default_index().ask(question, history)


def default_index(progress: Progress | None = None, documents: Sequence[corpus.Document] | None = None) -> Index:
    """The default index, opened or built once for each model and corpus of the process, and the one built after it.

    Where the cache cannot be written, the index is kept in memory and a warning logged.

    Args:
        documents: those of the corpus, where they have been read already.
    """
    settings = Settings.from_environment()
    folder = default_folder(settings)
    with _lock:
        key = (settings.model, str(folder))
        if key not in _opened:
            _opened[key] = _open_or_build(folder, documents or default_documents(settings), progress)
        current = _opened[key]
    return current.index()


def default_folder(settings: Settings) -> Path:
    """Where the default index lies: a folder of its own for each model and corpus."""
    source = settings.corpus.resolve() if settings.corpus else "nanguan"
    name = hashlib.sha256(f"{settings.model}\n{source}".encode()).hexdigest()[:12]
    return settings.cache / f"index-{name}"


def default_documents(settings: Settings) -> list[corpus.Document]:
    return corpus.load(settings.corpus or corpus.DEFAULT)


def is_stale(folder: Path, documents: Sequence[corpus.Document]) -> bool:
    """Whether the index in `folder` was built from other documents than these."""
    return read_manifest(folder, "Run: python -m index build").get("documents") != document_hashes(documents)


def _open_or_build(folder: Path, documents: Sequence[corpus.Document], progress: Progress | None) -> Current:
    if sound := _sound(folder, documents):
        return sound
    try:
        with locked(folder, wait=_PATIENCE):
            if sound := _sound(folder, documents):  # built by another process meanwhile
                return sound
            built = Index.build(documents, progress=progress)
            try:
                built.write(folder)
            except IndexFileError as error:
                _log.warning("%s The index is kept in memory.", error.message)
            return Current(folder, built)
    except IndexFileError as error:
        _log.warning("%s The index is kept in memory.", error.message)
    return Current(folder, Index.build(documents, progress=progress))


def _sound(folder: Path, documents: Sequence[corpus.Document]) -> Current | None:
    """The index in a folder, where it is one of these documents."""
    try:
        if not is_stale(folder, documents):
            return Current(folder)
        _log.info("The documents have changed; building the index anew.")
    except IndexFileError as error:
        _log.info("Building the index: %s", error.message)
    return None
