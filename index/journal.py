"""One line of JSON for each question: how long it took and how it went; its text only where that is asked for.

Each question is a record of the logger "index.journal" with an `asked`. `keep` writes them to a file; whoever wants
them otherwise (metrics) adds a handler of the logging module's.
"""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import dataclass
from datetime import UTC, datetime

from index.config import Settings
from index.documents import Answer
from index.errors import ConfigError
from index.trace import Trace

journal = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """A question that was asked.

    Attributes:
        answer: None where the question could not be taken, or answering it failed.
        error: the class of the error, "" where there is none.
        turns: how many turns came before it.
        seconds: each stage -> seconds; "total" all of it.
        counts: what was looked at -> how many.
    """

    question: str
    answer: Answer | None
    error: str
    turns: int
    seconds: dict[str, float]
    counts: dict[str, int]


def note(question: str, answer: Answer | None, error: str, turns: int, total: float, trace: Trace) -> None:
    """Tell whoever listens of one question."""
    if journal.isEnabledFor(logging.INFO):
        asked = Asked(question, answer, error, turns, {**trace.seconds, "total": total}, dict(trace.counts))
        journal.info("a question", extra={"asked": asked})


def listen(handler: logging.Handler) -> None:
    """Have every question told to a handler, as `record.asked`."""
    journal.setLevel(logging.INFO)
    journal.propagate = False
    journal.addHandler(handler)


def keep(settings: Settings) -> logging.Handler | None:
    """Write a line for each question where the settings say so: to a file, or with "-" to standard error.

    Raises:
        ConfigError: the file cannot be written.
    """
    if settings.log is None:
        return None
    handler: logging.Handler
    if str(settings.log) == "-":
        handler = logging.StreamHandler(sys.stderr)
    else:
        try:
            settings.log.parent.mkdir(parents=True, exist_ok=True)
            settings.log.touch(0o600)  # questions may be in it: where it is new, it is its owner's alone
            handler = logging.FileHandler(settings.log, encoding="utf-8")
        except OSError as error:
            raise ConfigError(
                f"NANGUAN_LOG is {settings.log}, which cannot be written ({error.strerror}).", "Name another file."
            ) from error
    handler.setFormatter(_Lines(settings.log_questions))
    listen(handler)
    return handler


class _Lines(logging.Formatter):
    """A record as a line of JSON."""

    def __init__(self, questions: bool) -> None:
        super().__init__()
        self._questions = questions

    def format(self, record: logging.LogRecord) -> str:
        asked: Asked = record.__dict__["asked"]
        answer = asked.answer
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "answered": answer.answered if answer else None,
            "error": asked.error,
            "language": answer.language if answer else None,
            "confidence": round(answer.confidence, 3) if answer else None,
            "citations": len(answer.citations) if answer else 0,
            "turns": asked.turns,
            **asked.counts,
            "seconds": {stage: round(seconds, 4) for stage, seconds in asked.seconds.items()},
        }
        if self._questions:
            line["question"] = asked.question
        return json.dumps(line)  # ASCII: nothing in a question can move a terminal
