"""benchmarks/growth.py, run small."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import growth
from benchmarks.growth import Drawn, Size
from index import engine

PASSAGES = 80
QUESTIONS = [f"Which shed holds {what}?" for what in ("oats", "honey", "boats", "chairs")]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A file as the benchmark takes it, of forty sentences in two languages."""
    english = [f"Shed number {n} holds {what} for the winter." for n in range(5) for what in ("oats", "honey", "boats")]
    chinese = [f"第{n}座倉庫裡存放著{what}供冬天使用。" for n in range(5) for what in ("燕麥", "蜂蜜", "小船", "椅子")]
    parts = [{"context": " ".join(english), "qas": [{"question": question} for question in QUESTIONS]}]
    parts += [{"context": "".join(chinese), "qas": []}]
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "some.json").write_text(json.dumps({"data": [{"paragraphs": parts}]}), "utf-8")
    return folder


def test_it_builds_asks_and_tells(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("shared_encoder", "note"):
        monkeypatch.setattr(engine, name, getattr(engine, name))  # what it puts in their place goes with the test
    monkeypatch.setattr(growth, "WARMING", 1)
    for name, file in (("RESULTS", "growth.json"), ("PLOTS", "growth.png"), ("README", "README.md")):
        monkeypatch.setattr(growth, name, tmp_path / file)
    (tmp_path / "README.md").write_text("Before\n<!-- growth: begin -->\nold\n<!-- growth: end -->\nafter\n", "utf-8")

    rate = growth.keep_real(data, tmp_path, 1000)
    drawn = Drawn(tmp_path, PASSAGES)
    assert drawn.real == 35
    vectors = drawn.vectors(slice(None))
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    to_real = (vectors[35:] @ vectors[:35].T).max(axis=1)
    assert 0.9 < to_real.mean() < 0.999  # around the real ones, and none of them

    figures = {**growth.built(tmp_path, PASSAGES), **growth.asked(tmp_path, PASSAGES, QUESTIONS)}
    size = Size(passages=PASSAGES, disk=3, vectors=2, tokens=1, **figures)
    assert (size.kind, size.recall_considered) == ("Flat", 1)
    assert size.recall > 0.5  # of so few halves some make the same text, of which one vector is kept
    assert size.ask >= size.stages["encode"] > 0
    growth.write([size, size], rate, Namespace(most=PASSAGES, questions=3))
    assert json.loads((tmp_path / "growth.json").read_text())["sizes"][0]["passages"] == PASSAGES
    assert (tmp_path / "growth.png").read_bytes()[:4] == b"\x89PNG"
    text = (tmp_path / "README.md").read_text("utf-8")
    assert "| 80 | 35 | Flat |" in text
    assert text.startswith("Before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text


def test_recall_counts_what_is_found_of_the_exactly_nearest() -> None:
    passages, questions = np.split(np.random.default_rng(0).normal(size=(43, 40)).astype(np.float32), [40])

    class Half:
        def search(self, vector: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
            order = np.argsort(-(passages @ vector), kind="stable")[: growth.K]
            return (order[::2] if k == growth.K else order), np.zeros(k)

    assert growth.recalls(Half(), questions, iter([passages[:25], passages[25:]])) == (0.5, 1.0)  # type: ignore[arg-type]
