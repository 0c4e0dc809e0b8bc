"""Readers' verdicts: kept once, read back as they were, by many at once."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index import Answer, Citation, Document, Index, feedback
from index.config import Settings
from index.errors import FeedbackError
from index.feedback import Verdict, Versions

ROOT = Path(__file__).parents[1]
VERSIONS = Versions("0.1.0", "e5", "f" * 64, {"zoo": "a" * 64}, "c" * 64)
CITATION = Citation("zoo", "The zoo", "", 0, 9, "It opens.", "It opens.", "", 0.5)
ANSWER = Answer("When?", True, "It opens. [1]", "en", 0.9, (CITATION,), "Sources", understood="When does it open?")
HOSTILE = [
    "'; DROP TABLE feedback; --",
    '=HYPERLINK("http://x","y")',
    "  +1",
    "-2",
    "@SUM(A1)",
    "＝1+1",
    "\t=1",
    "\r\n=1",
    'a,"b"\nc',
    "nul\x00 escape\x1b[2J line\u2028end\x85",
    "就業\U0001f600𠮷\u202eabc",
    "",
]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


def test_what_is_kept_is_read_back(settings: Settings) -> None:
    assert feedback.rows(settings) == []
    assert not settings.data.exists()
    kept = [
        feedback.add(ANSWER, verdict, VERSIONS, comment, settings)
        for verdict, comment in zip(Verdict, ("", "no", "wrong page"), strict=True)
    ]
    assert feedback.rows(settings) == kept
    row = kept[0]
    assert abs(datetime.fromisoformat(row.time) - datetime.now(UTC)) < timedelta(minutes=1)
    assert row.time.endswith("+00:00")
    assert (row.question, row.understood, row.answer, row.answered) == (
        "When?",
        "When does it open?",
        "It opens. [1]",
        True,
    )
    assert [asdict(cited) for cited in row.citations] == [
        {"document": "zoo", "start": 0, "end": 9, "quote": "It opens."}
    ]


def test_only_its_owner_may_read_the_file(settings: Settings) -> None:
    before = os.umask(0)
    try:
        feedback.add(ANSWER, "like", VERSIONS, settings=settings)
    finally:
        os.umask(before)
    assert feedback.feedback_file(settings).stat().st_mode & 0o777 == 0o600
    assert settings.data.stat().st_mode & 0o777 == 0o700


def test_hostile_strings_are_only_strings(settings: Settings) -> None:
    for text in HOSTILE:
        feedback.add(replace(ANSWER, question=text, text=text), "dislike", VERSIONS, text, settings)
    rows = feedback.rows(settings)
    assert [row.question for row in rows] == HOSTILE
    lines = feedback.as_json_lines(rows).splitlines()
    assert [json.loads(line)["comment"] for line in lines] == HOSTILE
    table = list(csv.DictReader(io.StringIO(feedback.as_csv(rows), newline="")))
    assert len(table) == len(HOSTILE)
    for cells in table:
        for name in ("question", "answer", "comment"):
            assert cells[name].lstrip()[:1] not in {*"=+-@＝"}, cells
    assert table[1]["question"] == "'" + HOSTILE[1]
    assert table[8]["question"] == HOSTILE[8]
    printed = feedback.as_text(rows)
    assert "\x1b" not in printed + feedback.as_csv(rows)
    assert len(printed.splitlines()) == 3 * len(HOSTILE) - 1  # the last has no comment


def test_a_lone_surrogate_is_replaced(settings: Settings) -> None:
    feedback.add(replace(ANSWER, question="a\udcffb \ud83d\ude00"), "like", VERSIONS, settings=settings)
    assert feedback.rows(settings)[0].question == "a\ufffdb 😀"


def test_the_csv_holds_everything(settings: Settings) -> None:
    row = feedback.add(ANSWER, "wrong source", VERSIONS, settings=settings)
    [cells] = csv.DictReader(io.StringIO(feedback.as_csv([row])))
    assert json.loads(cells["citations"])[0]["quote"] == "It opens."
    assert json.loads(cells["versions"]) == asdict(VERSIONS)
    assert cells["verdict"] == "wrong source"


def test_eight_threads_lose_nothing(settings: Settings) -> None:
    def write(thread: int) -> None:
        for number in range(50):
            feedback.add(ANSWER, "like", VERSIONS, f"{thread} {number}", settings)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    comments = {row.comment for row in feedback.rows(settings)}
    assert comments == {f"{thread} {number}" for thread in range(8) for number in range(50)}


def test_processes_that_start_at_once_lose_nothing(settings: Settings) -> None:
    code = """
from index.documents import Answer
from index.feedback import Versions, add
for _ in range(20):
    add(Answer("When?", False, "No.", "en", 0.1, (), ""), "like", Versions("", "", "", {}, ""))
"""
    environment = {**os.environ, "NANGUAN_DATA": str(settings.data)}
    writers = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment) for _ in range(3)]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    assert len(feedback.rows(settings)) == 60


def test_turned_off_nothing_is_kept(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NANGUAN_DATA", str(settings.data))
    monkeypatch.setenv("NANGUAN_FEEDBACK", "false")
    with pytest.raises(FeedbackError, match=r"turned off\. Unset NANGUAN_FEEDBACK"):
        feedback.add(ANSWER, "like", VERSIONS)
    assert not settings.data.exists()
    feedback.add(ANSWER, "like", VERSIONS, settings=settings)
    assert len(feedback.rows()) == 1  # what was kept before can still be read


@pytest.mark.parametrize(
    ("verdict", "comment", "says"),
    [("meh", "", "'meh' is unknown. Known: like, dislike, wrong source"), ("like", "x" * 2001, "2,001 characters")],
)
def test_what_cannot_be_kept_is_an_error(settings: Settings, verdict: str, comment: str, says: str) -> None:
    with pytest.raises(FeedbackError, match=says):
        feedback.add(ANSWER, verdict, VERSIONS, comment, settings)
    assert feedback.rows(settings) == []


def test_a_place_that_may_not_be_looked_at_is_said(settings: Settings, forbidden: Callable[[Path], None]) -> None:
    forbidden(settings.data)
    with pytest.raises(FeedbackError, match="cannot be read: Permission denied"):
        feedback.rows(settings)


def test_a_damaged_file_is_said_in_one_sentence(settings: Settings) -> None:
    file = feedback.feedback_file(settings)
    settings.data.mkdir()
    file.write_bytes(b"no database at all " * 100)
    for use in (lambda: feedback.rows(settings), lambda: feedback.add(ANSWER, "like", VERSIONS, settings=settings)):
        with pytest.raises(FeedbackError, match=r"file is not a database.*move it away") as raised:
            use()
        assert "\n" not in str(raised.value)
    file.unlink()
    file.mkdir()
    with pytest.raises(FeedbackError, match="cannot be"):
        feedback.rows(settings)
    with pytest.raises(FeedbackError, match="Set NANGUAN_DATA"):
        feedback.add(ANSWER, "like", VERSIONS, settings=settings)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE feedback SET citations = '[{]'", "cannot be read"),
        ("UPDATE feedback SET verdict = 'meh'", "cannot be read"),
        ("PRAGMA user_version = 7", "has format 7"),
        ("DROP TABLE feedback", "no such table"),
    ],
)
def test_a_file_that_someone_changed_is_said_so(settings: Settings, change: str, says: str) -> None:
    feedback.add(ANSWER, "like", VERSIONS, settings=settings)
    with sqlite3.connect(feedback.feedback_file(settings)) as connection:
        connection.execute(change)
    connection.close()
    with pytest.raises(FeedbackError, match=says):
        feedback.rows(settings)


def test_versions_tell_what_an_answer_rests_on(animals: list[Document]) -> None:
    from index.versions import versions_of

    index = Index.build(animals)
    answer = index.ask("Where does the cat sleep?")
    versions = versions_of(index, answer)
    assert versions.project == "0.1.0"
    assert versions.model == index.retriever.encoder.model.name
    assert versions.model_fingerprint == index.retriever.encoder.model.fingerprint
    assert set(versions.documents) == {citation.document for citation in answer.citations}
    index.remove(["bird"])
    assert versions_of(index, answer).collection != versions.collection


def run(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "index", "feedback", *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "NANGUAN_DATA": str(data)},
        check=False,
    )


def test_the_command_prints_text_json_and_csv(settings: Settings) -> None:
    assert run(settings.data).stdout == "No feedback has been given yet.\n"
    row = feedback.add(ANSWER, "dislike", VERSIONS, "太短", settings)
    for word in ("dislike", "When?", "answer: It opens. [1]", "comment: 太短"):
        assert word in run(settings.data).stdout
    assert json.loads(run(settings.data, "--json").stdout) == json.loads(json.dumps(asdict(row)))
    assert run(settings.data, "--csv").stdout == feedback.as_csv([row])
    both = run(settings.data, "--json", "--csv")
    assert (both.returncode, both.stdout) == (2, "")
    feedback.feedback_file(settings).write_bytes(b"x" * 5000)
    damaged = run(settings.data)
    assert damaged.returncode == 2
    assert len(damaged.stderr.splitlines()) == 1
