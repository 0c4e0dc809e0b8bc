"""A line of JSON for each question: stages, candidates, how it went; its text only where that is asked for."""

from __future__ import annotations

import io
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import journal
from index.config import Settings
from index.errors import ConfigError, QuestionError
from page.metrics import Metrics
from tests.fuzzing import toy_index

QUESTION = "how does the district build resettlement \u202ehousing for farmers?"


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    before = list(journal.journal.handlers)
    yield tmp_path / "log" / "questions.jsonl"
    for handler in [each for each in journal.journal.handlers if each not in before]:
        journal.journal.removeHandler(handler)
        handler.close()


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text("ascii").splitlines()]


def test_each_question_is_a_line_without_its_text(kept: Path) -> None:
    journal.keep(Settings(log=kept))
    index = toy_index()
    index.ask(QUESTION)
    index.ask("and for schools?", [(QUESTION, "...")])
    with pytest.raises(QuestionError):
        index.ask("?!")
    answered, followed, failed = lines(kept)
    assert answered["answered"] is True
    assert (answered["language"], answered["turns"], answered["error"]) == ("en", 0, "")
    assert answered["candidates"] > 10  # type: ignore[operator]
    seconds = answered["seconds"]
    assert isinstance(seconds, dict)
    assert {"understand", "encode", "search", "rank", "compose", "suggest", "total"} == seconds.keys()
    stages = sum(value for stage, value in seconds.items() if stage != "total")
    assert 0.5 * seconds["total"] < stages < 1.1 * seconds["total"] + 0.001
    assert followed["turns"] == 1
    assert (failed["answered"], failed["error"]) == (None, "QuestionError")
    assert "housing" not in kept.read_text()
    assert "question" not in answered


def test_the_text_is_kept_only_where_it_is_asked_for_and_feedback_is_on(kept: Path) -> None:
    journal.keep(Settings(log=kept, log_questions=True))
    toy_index().ask(QUESTION)
    assert lines(kept)[0]["question"] == QUESTION
    assert "\\u202e" in kept.read_text()
    with pytest.raises(ConfigError, match="nothing of readers may be kept"):
        Settings.from_environment({"NANGUAN_LOG_QUESTIONS": "true", "NANGUAN_FEEDBACK": "false"})


@pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
def test_a_new_file_is_its_owners_alone(kept: Path) -> None:
    journal.keep(Settings(log=kept))
    assert kept.stat().st_mode & 0o777 == 0o600


def test_without_a_place_nothing_is_kept_and_a_wrong_place_is_said(kept: Path, tmp_path: Path) -> None:
    assert journal.keep(Settings()) is None
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"NANGUAN_LOG is .* cannot be written"):
        journal.keep(Settings(log=tmp_path / "file" / "x"))
    handler = journal.keep(Settings(log="-"))
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(io.StringIO())
    journal.journal.removeHandler(handler)


def test_metrics_count_what_the_journal_tells(kept: Path) -> None:
    metrics = Metrics()
    journal.listen(metrics)
    try:
        index = toy_index()
        index.ask(QUESTION)
        index.ask("南關區怎樣促進就業?")
        with pytest.raises(QuestionError):
            index.ask("?!")
        metrics.refused(429)
        told = metrics.response().body.decode()
    finally:
        journal.journal.removeHandler(metrics)
    assert 'nanguan_questions_total{language="en",outcome="answered"} 1.0' in told
    assert 'nanguan_questions_total{language="",outcome="QuestionError"} 1.0' in told
    assert "nanguan_answer_seconds_count 3.0" in told
    assert 'nanguan_stage_seconds_total{stage="encode"}' in told
    assert 'nanguan_requests_refused_total{status="429"} 1.0' in told
    assert "housing" not in told
