"""What is in use, and whether it is sound: model, index, corpus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from index.config import Settings
from index.default import default_documents, default_folder, is_stale
from index.engine import Index, shared_encoder
from index.errors import IndexFileError, QAError
from index.model import PACKAGED
from index.packaged.weights import weights_path
from index.storage import MANIFEST


@dataclass(frozen=True)
class Line:
    """One thing in use: what it is called, whether it is sound, and what there is to say of it."""

    name: str
    sound: bool
    text: str


def report() -> list[Line]:
    """A line each for the model, the corpus and the default index.

    Raises:
        ConfigError: a setting is unknown or out of bounds.
    """
    settings = Settings.from_environment()
    return [
        _checked("model", settings, _model),
        _checked("corpus", settings, _corpus),
        _checked("index", settings, _index),
    ]


def _checked(name: str, settings: Settings, describe: Callable[[Settings], str]) -> Line:
    try:
        return Line(name, True, describe(settings))
    except QAError as error:
        return Line(name, False, str(error))


def _model(settings: Settings) -> str:
    model = shared_encoder().model
    told = f"{model.name}, {model.dimension} dimensions, from {model.source}, fingerprint {model.fingerprint[:12]}"
    if settings.model == PACKAGED and not weights_path():
        told += "; the packaged weights are for x86-64 Linux, so the hub's are used here"
    return told


def _corpus(settings: Settings) -> str:
    documents = default_documents(settings)
    characters = sum(len(document.text) for document in documents)
    names = ", ".join(document.id for document in documents[:3]) + (", ..." if len(documents) > 3 else "")
    return f"{len(documents)} documents, {characters:,} characters: {names}"


def _index(settings: Settings) -> str:
    folder = default_folder(settings)
    if not (folder / MANIFEST).exists():
        return f"not built yet; the first question builds it in {folder}"
    if is_stale(folder, default_documents(settings)):
        raise IndexFileError(f"{folder} was built from other documents.", "The next question builds it anew.")
    index = Index.open(folder)
    return f"{index.sentence_count} sentences of {len(index.documents)} documents, in {folder}"
