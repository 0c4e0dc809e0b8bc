"""What is shown of long work while it goes on, and what is left when it is stopped."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import index.engine
from index import Document, Index, progress, storage
from index.evaluation import Case, evaluate
from index.progress import ProgressBar
from tests.toy import ToyEncoder

ROOT = Path(__file__).parents[1]
# As a shell starts it: where pytest itself runs in the background, Ctrl-C is ignored in whatever it starts.
RUN = (
    "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "runpy.run_module('index', run_name='__main__', alter_sys=True)"
)


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    toy = ToyEncoder()
    monkeypatch.setattr(index.engine, "shared_encoder", lambda: toy)


@pytest.mark.usefixtures("toy")
def test_every_step_of_long_work_is_shown_with_its_rate(
    animals: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0)
    monkeypatch.setenv("FORCE_COLOR", "1")  # as in a terminal
    monkeypatch.setenv("COLUMNS", "120")
    with ProgressBar():
        Index.build(animals, tmp_path)
        evaluate(Index.open(tmp_path), [Case("one", "answerable", "en", "What does the cat do?")])
    shown = re.sub(r"\x1b\[[0-9?;]*[a-zA-Z]", "", capsys.readouterr().err)
    lines = re.split(r"[\r\n]+", shown)
    for step in ("Cutting documents", "Encoding sentences", "Indexing vectors", "Checking files", "Asking questions"):
        line = [line for line in lines if line.startswith(step)][-1]
        assert re.search(r" (\d+)/\1 ", line)
        assert "/s" in line or step != "Checking files"  # of a single moment there is no rate


@pytest.mark.usefixtures("toy")
def test_nothing_is_shown_of_short_work_and_nothing_where_no_terminal_is(
    animals: list[Document], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0)
    with ProgressBar():
        Index.build(animals)
    assert capsys.readouterr().err == ""  # which is no terminal here
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(progress, "_PATIENCE", 300)
    with ProgressBar():
        Index.build(animals)
    assert capsys.readouterr().err == ""


@pytest.mark.slow
def test_ctrl_c_leaves_the_last_good_index_in_place_and_says_so(animals: list[Document], tmp_path: Path) -> None:
    many = tmp_path / "many"
    many.mkdir()
    (many / "many.txt").write_text("".join(f"Shed {n} holds oats and {n} red tractors. " for n in range(5000)), "utf-8")
    old, new = tmp_path / "old", tmp_path / "new"
    Index.build(animals, old)
    (old / storage.LOCK).unlink()
    for place, says in (
        (old, f"Stopped; the index at {old} is as it was."),
        (new, f"there is still no index at {new}."),
    ):
        command = [sys.executable, "-c", RUN, "build", str(many), "--index", str(place)]
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as build:
            while not (place / storage.LOCK).exists():  # which is made when the build begins
                time.sleep(0.05)
                assert build.poll() is None
            time.sleep(1)
            build.send_signal(signal.SIGINT)
            out, said = build.communicate(timeout=60)
        assert build.returncode == 130
        assert out == ""
        assert says in said.splitlines()[-1]
        assert "Traceback" not in said
        assert len(list(place.glob("data-*"))) == (place == old)
    assert {document.id for document in Index.open(old).documents.values()} == {document.id for document in animals}
