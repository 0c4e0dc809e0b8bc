"""Readers' verdicts on answers, in a SQLite file of their own that no one else may read.

    add(answer, Verdict.DISLIKE, versions_of(index, answer), comment="It is about housing, not schools.")
    for row in rows():
        print(row.verdict, row.question)

Every function may be called from many threads and processes at once.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from index.config import Settings
from index.documents import Answer
from index.errors import FeedbackError
from index.inert import inert_json, visible

MAX_COMMENT = 2000  # characters

FORMAT = 1
_WAIT = 60.0  # seconds that a writer waits for the others
_TABLE = """CREATE TABLE IF NOT EXISTS feedback (id INTEGER PRIMARY KEY, time TEXT NOT NULL, verdict TEXT NOT NULL,
    question TEXT NOT NULL, understood TEXT NOT NULL, answer TEXT NOT NULL, answered INTEGER NOT NULL,
    citations TEXT NOT NULL, language TEXT NOT NULL, comment TEXT NOT NULL, versions TEXT NOT NULL)"""
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")  # full-width too: spreadsheets in East Asia take it for the same


class Verdict(StrEnum):
    """What a reader says of an answer."""

    LIKE = "like"
    DISLIKE = "dislike"
    WRONG_SOURCE = "wrong source"


@dataclass(frozen=True)
class Versions:
    """What an answer rests on, so that a verdict can be traced to it; `index.versions` tells it of an index.

    Attributes:
        project: this project's version; "" when it is not known.
        model, model_fingerprint: the encoder.
        documents: id -> sha256 of the text, of the documents that the answer cites.
        collection: sha256 over all documents, with their renderings.
    """

    project: str
    model: str
    model_fingerprint: str
    documents: dict[str, str]
    collection: str


@dataclass(frozen=True)
class Cited:
    """A sentence that an answer cited: `documents[document].text[start:end] == quote`."""

    document: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class Feedback:
    """One verdict.

    Attributes:
        time: when it was given, UTC, ISO 8601.
        question, understood: as it was asked, and as it was searched.
        answer: the answer's text.
        comment: the reader's own words; "" when they gave none.
    """

    time: str
    verdict: Verdict
    question: str
    understood: str
    answer: str
    answered: bool
    citations: tuple[Cited, ...]
    language: str
    comment: str
    versions: Versions


_COLUMNS = tuple(field.name for field in fields(Feedback))


def add(
    answer: Answer, verdict: Verdict | str, versions: Versions, comment: str = "", settings: Settings | None = None
) -> Feedback:
    """Keep a verdict; when this returns, it is on the disk.

    A lone surrogate, which no file takes, becomes a replacement character.

    Raises:
        FeedbackError: feedback is turned off, the verdict is unknown, the comment too long, or the file cannot be
            written.
    """
    settings = settings or Settings.from_environment()
    if not settings.feedback:
        raise FeedbackError("Feedback is turned off.", "Unset NANGUAN_FEEDBACK to keep it.")
    if verdict not in set(Verdict):
        raise FeedbackError(f"The verdict {verdict!r} is unknown.", f"Known: {', '.join(Verdict)}.")
    if len(comment) > MAX_COMMENT:
        raise FeedbackError(
            f"The comment has {len(comment):,} characters; at most {MAX_COMMENT:,} are taken.", "Shorten it."
        )
    cited = tuple(Cited(c.document, c.start, c.end, _storable(c.quote)) for c in answer.citations)
    row = Feedback(
        datetime.now(UTC).isoformat(timespec="milliseconds"),
        Verdict(verdict),
        _storable(answer.question),
        _storable(answer.understood),
        _storable(answer.text),
        answer.answered,
        cited,
        answer.language,
        _storable(comment),
        versions,
    )
    file = feedback_file(settings)
    cells = [getattr(row, name) for name in _COLUMNS]
    values = [cell if isinstance(cell, str | bool) else json.dumps(_plain(cell)) for cell in cells]
    insert = f"INSERT INTO feedback ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608
    _make_private(file)
    with _connected(file) as connection:
        connection.execute("BEGIN IMMEDIATE")
        if not _format(connection, file):
            connection.execute(_TABLE)
            connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.execute(insert, values)
        connection.execute("COMMIT")
    return row


def rows(settings: Settings | None = None) -> list[Feedback]:
    """Every verdict that was kept, oldest first; also while feedback is turned off.

    Raises:
        FeedbackError: the file cannot be read.
    """
    file = feedback_file(settings or Settings.from_environment())
    try:
        if not file.exists():
            return []
    except OSError as error:
        raise FeedbackError(
            f"The feedback in {file} cannot be read: {error.strerror}.", "Allow it, or set NANGUAN_DATA."
        ) from error
    select = f"SELECT {', '.join(_COLUMNS)} FROM feedback ORDER BY id"  # noqa: S608
    with _connected(file) as connection:
        return [_row(cells) for cells in connection.execute(select)] if _format(connection, file) else []


def feedback_file(settings: Settings) -> Path:
    """Where feedback is kept."""
    return (settings.data / "feedback.sqlite3").absolute()


def as_json_lines(feedback: Iterable[Feedback]) -> str:
    """A JSON object on each line, holding everything."""
    lines = (json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in feedback)
    return "".join(map(inert_json, lines))


def as_csv(feedback: Iterable[Feedback]) -> str:
    """A table with a head; citations and versions as JSON.

    A cell that a spreadsheet would run as a formula gets a leading ', and control characters are made visible.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in feedback:
        cells = (getattr(row, name) for name in _COLUMNS)
        texts = (c if isinstance(c, str | bool) else json.dumps(_plain(c), ensure_ascii=False) for c in cells)
        writer.writerow([_inert(str(text)) for text in texts])
    return stream.getvalue()


def as_text(feedback: Iterable[Feedback]) -> str:
    """For a person: a line for each verdict with its question, the answer and the comment below it."""
    lines: list[str] = []
    for row in feedback:
        lines.append(f"{row.time[:19].replace('T', ' ')}  {row.verdict:12}  {row.language:7}  {_line(row.question)}")
        lines.append(f"    {'answer' if row.answered else 'refusal'}: {_line(row.answer)}")
        if row.comment:
            lines.append(f"    comment: {_line(row.comment)}")
    return "".join(f"{line}\n" for line in lines or ["No feedback has been given yet."])


def _make_private(file: Path) -> None:
    """Make the file before SQLite opens it, so that no moment passes in which others may read it."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise FeedbackError(
            f"Feedback cannot be kept in {file} ({error.strerror}).", "Set NANGUAN_DATA to a folder you can write to."
        ) from error


@contextmanager
def _connected(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection of one's own, closed at the end; what was not committed is undone."""
    try:
        with closing(sqlite3.connect(file, timeout=_WAIT, isolation_level=None)) as connection:
            yield connection
    except (sqlite3.Error, TypeError, ValueError, KeyError) as error:
        raise FeedbackError(
            f"The feedback in {file} cannot be read or added to ({error}).",
            "If the file is damaged, move it away; a new one is then made.",
        ) from error


def _format(connection: sqlite3.Connection, file: Path) -> int:
    """The format of the file's table; 0 when there is none yet."""
    [number] = connection.execute("PRAGMA user_version").fetchone()
    if number not in (0, FORMAT):
        raise FeedbackError(
            f"The feedback in {file} has format {number}; this version knows {FORMAT}.", "Move the file away."
        )
    return int(number)


def _row(cells: Iterable[Any]) -> Feedback:
    values = dict(zip(_COLUMNS, cells, strict=True))
    return Feedback(
        **values
        | {
            "verdict": Verdict(values["verdict"]),
            "answered": bool(values["answered"]),
            "citations": tuple(Cited(**cited) for cited in json.loads(values["citations"])),
            "versions": Versions(**json.loads(values["versions"])),
        }
    )


def _plain(cell: Versions | tuple[Cited, ...]) -> object:
    return [asdict(cited) for cited in cell] if isinstance(cell, tuple) else asdict(cell)


def _storable(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _inert(text: str) -> str:
    return "'" * bool(_FORMULA.match(text)) + visible(text)


def _line(text: str, width: int = 100) -> str:
    flat = " ".join(visible(text).split())
    return flat if len(flat) <= width else flat[: width - 3] + "..."
