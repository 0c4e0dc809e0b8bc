"""What is in use, and whether it is sound: model, index, corpus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.documents import Document
from index.config import Settings
from index.default import default_documents, default_folder, is_stale
from index.engine import Index
from index.errors import IndexFileError, QAError
from index.model import PACKAGED
from index.packaged.weights import weights_path
from index.shared import shared_encoder
from index.storage import is_there


@dataclass(frozen=True)
class Line:
    """One thing in use: what it is called, whether it is sound, and what there is to say of it."""

    name: str
    sound: bool
    text: str


def report(place: Path | None = None) -> list[Line]:
    """A line each for the model, the corpus and the default index; or for the model and the index at a place.

    Raises:
        ConfigError: a setting is unknown or out of bounds.
    """
    settings = Settings.from_environment()
    model = checked("model", lambda: _model(settings))
    if place:
        return [model, checked("index", lambda: _opened(place))]
    documents = cache(lambda: default_documents(settings))  # what is passed over is told once
    return [
        model,
        checked("corpus", lambda: _corpus(documents())),
        checked("index", lambda: _index(default_folder(settings), documents)),
    ]


def checked(name: str, describe: Callable[[], str]) -> Line:
    """What a description says of a thing, or what is wrong with it where it raises a QAError."""
    try:
        return Line(name, True, describe())
    except QAError as error:
        return Line(name, False, str(error))


def _model(settings: Settings) -> str:
    model = shared_encoder().model
    told = f"{model.name}, {model.dimension} dimensions, from {model.source}, fingerprint {model.fingerprint[:12]}"
    if settings.model == PACKAGED and not weights_path():
        told += "; the packaged weights are for x86-64 Linux, so the hub's are used here"
    return told


def _corpus(documents: Sequence[Document]) -> str:
    characters = sum(len(document.text) for document in documents)
    names = ", ".join(document.id for document in documents[:3]) + (", ..." if len(documents) > 3 else "")
    return f"{len(documents)} documents, {characters:,} characters: {names}"


def _index(folder: Path, documents: Callable[[], Sequence[Document]]) -> str:
    if not is_there(folder):
        return f"not built yet; the first question builds it in {folder}"
    try:
        if is_stale(folder, documents()):
            raise IndexFileError(f"{folder} was built from other documents.")
        return _opened(folder)
    except IndexFileError as error:
        raise IndexFileError(error.message, "The next question builds it anew.") from error


def _opened(folder: Path) -> str:
    index = Index.open(folder)
    return f"{index.sentence_count} sentences of {len(index.documents)} documents, in {folder}"
