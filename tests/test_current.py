"""A new build is picked up while questions go on."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import index.engine
from index import Document, Index
from index.current import Current
from index.storage import MANIFEST
from tests.toy import ToyEncoder


@pytest.fixture(autouse=True)
def toy_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    toy = ToyEncoder()
    monkeypatch.setattr(index.engine, "shared_encoder", lambda: toy)
    monkeypatch.setattr("index.current._EVERY", 0.01)


def build(folder: Path, number: int) -> Index:
    return Index.build([Document("d", f"Build {number} says so. The cat sleeps on sofa {number}.")], folder)


def until(condition: object, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_new_build_is_picked_up_and_no_question_is_dropped(tmp_path: Path) -> None:
    build(tmp_path, 0)
    current = Current(tmp_path)
    over = threading.Event()

    def ask() -> list[int]:
        said = []
        while not over.is_set():
            answer = current.index().ask("The cat sleeps on sofa.")
            assert answer.answered
            [number] = {
                int(citation.quote.split()[-1].rstrip(".")) for citation in answer.citations if "cat" in citation.quote
            }
            said.append(number)
        return said

    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask) for _ in range(3)]
        try:
            for number in range(1, 6):
                build(tmp_path, number)
                until(lambda number=number: f"Build {number}" in current.index().documents["d"].text)
        finally:
            over.set()
        for said in (each.result() for each in asking):
            assert said == sorted(said)  # and never back to an older one
            assert said


def test_a_new_build_that_cannot_be_opened_changes_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    build(tmp_path, 0)
    current = Current(tmp_path)
    manifest = (tmp_path / MANIFEST).read_bytes()
    (tmp_path / MANIFEST).write_bytes(manifest[:-5])
    until(lambda: current.index() and caplog.messages)
    assert "The index opened before it stays in use." in caplog.text
    assert len(caplog.messages) == 1
    assert "Build 0" in current.index().documents["d"].text
    (tmp_path / MANIFEST).unlink()
    time.sleep(0.05)  # so that it is looked for
    assert current.index().ask("The cat sleeps on sofa.").answered
    build(tmp_path, 1)
    until(lambda: "Build 1" in current.index().documents["d"].text)
    assert len(caplog.messages) == 1  # that it was gone for a while is nothing to complain of
