"""Reads documents from files: text, Markdown, web pages, Word, PDF; and folders with a `metadata.toml`.

Of a file that begins with front matter its title, its language and whatever else it says of itself are known.

A folder that holds a `metadata.toml` is one document. Its keys:

    id            names the document                    title         what to call it
    text          the file with the verbatim text       language      ISO code; "zh-Hant", "zh-Hans"
    headings      "lines" or "first-sentence"           [metadata]    anything else known, as strings
    [renderings.LANGUAGE]  file: the aligned rendering;  note, "note.LANGUAGE": whose rendering it is,
                            as said in the rendering's language, in LANGUAGE
    [questions]   LANGUAGE = the file of questions its sentences answer
    [asked]       answered, unanswered: files of what readers asked of it, a question a line
"""

from __future__ import annotations

import codecs
import logging
import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.front_matter import front_matter
from corpus.languages import is_language

METADATA = "metadata.toml"
TEXTS = (".txt", ".md")
OTHERS = (".pdf", ".docx", ".html", ".htm")  # corpus.conversion.FORMATS
_KEYS = frozenset("id text title language headings metadata renderings questions asked".split())
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NAMED = 5  # files that an error names

_log = logging.getLogger(__name__)


def load(path: Path | str) -> list[Document]:
    """Every document under a folder, or the one in a file, in the order of their ids.

    Files of other kinds, links to folders, and links to files outside are passed over with a logged warning that names
    them.

    Raises:
        DocumentError: nothing is there, something cannot be read or is neither UTF-8 nor marked as UTF-16, or a
            `metadata.toml` cannot be used.
    """
    root = Path(path)
    try:
        is_file, is_folder = root.is_file(), root.is_dir()
    except OSError as error:
        raise DocumentError(f"{root} cannot be read: {error.strerror}.", "Allow it, or move it.") from error
    if is_file:
        return [_read_file(root, root.name)]
    if not is_folder:
        raise DocumentError(f"There is no folder or file at {root}.", "Name one that holds documents.")
    documents: list[Document] = []
    passed_over: list[str] = []
    unread: list[DocumentError] = []
    for folder, names in _folders(root):
        if METADATA in names:
            with _kept(unread):
                documents.append(_read_folder(folder))
            continue
        for name in names:
            file = folder / name
            if file.suffix.lower() in TEXTS + OTHERS and file.is_file() and _is_inside(file, root):
                with _kept(unread):
                    documents.append(_read_file(file, file.relative_to(root).as_posix()))
            else:
                passed_over.append(file.relative_to(root).as_posix())
    if len(unread) == 1:
        raise unread[0]
    if unread:
        reasons = [error.message.replace(f"{root}{os.sep}", "").rstrip(".") for error in unread[:_NAMED]]
        more = f"; and {len(unread) - _NAMED} more" if len(unread) > _NAMED else ""
        raise DocumentError(
            f"{len(unread)} files in {root} cannot be used: {'; '.join(reasons)}{more}.",
            "Mend them, or take them out, and run again.",
        )
    if passed_over:
        _log.warning("Passed over, being no %s in the folder: %s", " nor ".join(TEXTS + OTHERS), ", ".join(passed_over))
    if not documents:
        raise DocumentError(
            f"The folder {root} holds no document.", f"Put files in it that end in one of {' '.join(TEXTS + OTHERS)}."
        )
    return sorted(documents, key=lambda document: document.id)


class _FileError(DocumentError):
    """A file of a folder cannot be used; others may be as bad."""


@contextmanager
def _kept(errors: list[DocumentError]) -> Iterator[None]:
    """Add what makes a file of no use to the errors, so that all such files are told at once."""
    try:
        yield
    except _FileError as error:
        errors.append(error)


def _folders(root: Path) -> list[tuple[Path, list[str]]]:
    """Each folder under `root` with the names of its files and links, hidden ones left out.

    A document's own folder is not entered.
    """
    try:
        entries = sorted(entry for entry in root.iterdir() if not entry.name.startswith("."))
        names = [entry.name for entry in entries if entry.is_file() or (entry.is_symlink() and entry.name != METADATA)]
    except OSError as error:
        raise DocumentError(f"The folder {root} cannot be read: {error.strerror}.", "Allow it, or move it.") from error
    folders = [(root, names)]
    if METADATA not in names:
        for entry in entries:
            if entry.is_dir() and not entry.is_symlink():  # links may lead out of the folder, or round in circles
                folders += _folders(entry)
    return folders


def _name(folder: Path) -> str:
    """What a folder is called: ".", too."""
    return folder.resolve().name if folder.name in ("", "..") else folder.name


def _is_inside(file: Path, folder: Path) -> bool:
    return file.resolve().is_relative_to(folder.resolve())


def _read_file(file: Path, name: str) -> Document:
    if file.suffix.lower() in OTHERS:
        from corpus.conversion import converted  # noqa: PLC0415 - its libraries take a fifth of a second

        try:
            text, known = converted(file)
        except DocumentError as error:
            raise _FileError(error.message, error.remedy) from error
    else:
        text = _text(file)
        known = front_matter(text)
    title, language = known.pop("title", file.stem), known.pop("language", "")
    return Document(name, text, title, language if is_language(language) else None, metadata=known)


def _read_folder(folder: Path) -> Document:
    file = folder / METADATA
    try:
        keys = tomllib.loads(_text(file))
    except tomllib.TOMLDecodeError as error:
        raise DocumentError(f"{file} is not valid TOML: {error}.", "Correct it.") from error
    unknown = keys.keys() - _KEYS
    if unknown:
        raise DocumentError(f"{file} has keys that mean nothing here: {', '.join(sorted(unknown))}.", "Remove them.")
    renderings, metadata, questions, asked = (
        keys.get(key, {}) for key in ("renderings", "metadata", "questions", "asked")
    )
    inner = list(renderings.values()) if isinstance(renderings, dict) else []
    if not all(isinstance(table, dict) for table in (renderings, metadata, questions, asked, *inner)):
        raise DocumentError(
            f"{file}: [metadata], [questions], [asked] and [renderings.LANGUAGE] must be tables.", "Correct it."
        )
    for key, value in (pair for rendering in inner for pair in rendering.items()):
        if not isinstance(value, str) or not (key in ("file", "note") or key.startswith("note.")):
            raise DocumentError(
                f"{file}: {key!r} of a rendering means nothing here.",
                'Known: file, note, "note.LANGUAGE" (with its quotation marks).',
            )
    return Document(
        id=keys.get("id", _name(folder)),
        text=_text(folder / _required(keys, "text", file)),
        title=keys.get("title", ""),
        language=keys.get("language"),
        renderings={
            language: _text(folder / _required(rendering, "file", file)) for language, rendering in renderings.items()
        },
        rendering_notes={
            language + key.removeprefix("note"): note
            for language, rendering in renderings.items()
            for key, note in rendering.items()
            if key != "file"
        },
        questions={language: _text(folder / _required(questions, language, file)) for language in questions},
        asked={kind: _text(folder / _required(asked, kind, file)) for kind in asked},
        headings=keys.get("headings", "lines"),
        metadata={key: str(value) for key, value in metadata.items()},
    )


def _required(keys: dict[str, Any], key: str, file: Path) -> str:
    value: Any = keys.get(key)
    named = isinstance(value, str) and value and "\0" not in value and Path(value).name == value
    if not named or not _is_inside(file.parent / value, file.parent):
        raise DocumentError(f"{file}: {key!r} must name a file in the same folder.")
    return str(value)


def _text(file: Path) -> str:
    """A file's characters, line ends and all; UTF-8, or UTF-16 that begins with a byte order mark, which is dropped."""
    try:
        content = file.read_bytes()
        return content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise _FileError(f"{file} is not UTF-8 (byte {error.start}).", "Save it as UTF-8 and run again.") from error
    except OSError as error:
        raise DocumentError(f"{file} cannot be read: {error.strerror}.") from error
