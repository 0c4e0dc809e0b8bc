"""FAISS behind its small face."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.dense import Dense
from index.errors import IndexFileError


def unit(rows: int, dimension: int = 8) -> np.ndarray:
    vectors = np.random.default_rng(1).normal(size=(rows, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_the_nearest_rows_come_best_first() -> None:
    vectors = unit(50)
    rows, scores = Dense(vectors).search(vectors[7], 5)
    expected = np.argsort(-(vectors @ vectors[7]))[:5]
    assert rows.tolist() == expected.tolist()
    assert scores[0] == pytest.approx(1, abs=1e-5)


def test_asking_for_more_than_there_is_gives_what_there_is() -> None:
    assert len(Dense(unit(3)).search(unit(1)[0], 10)[0]) == 3
    assert len(Dense(np.empty((0, 8), np.float32)).search(unit(1)[0], 10)[0]) == 0


def test_a_saved_index_opens_as_it_was(tmp_path: Path) -> None:
    dense = Dense(unit(20))
    dense.save(tmp_path / "vectors.faiss")
    assert np.array_equal(Dense.open(tmp_path / "vectors.faiss", 8).vectors(), dense.vectors())


def test_what_is_no_index_of_that_dimension_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "vectors.faiss"
    file.write_bytes(b"nothing of the kind")
    with pytest.raises(IndexFileError, match="not a readable FAISS index"):
        Dense.open(file, 8)
    Dense(unit(2)).save(file)
    with pytest.raises(IndexFileError, match="not an index of 9 dimensions"):
        Dense.open(file, 9)
