"""FAISS behind its small face."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import dense as module
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


@pytest.fixture
def small_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KINDS", ((100, "Flat"), (400, "SQ8"), (2**62, module._KINDS[-1][1])))


@pytest.mark.usefixtures("small_kinds")
@pytest.mark.parametrize(("rows", "kind"), [(100, "Flat"), (300, "SQ8"), (900, "PQ8x4fs,Refine(SQ8)")])
def test_the_kind_is_chosen_from_the_size_and_finds_what_the_exact_one_finds(
    tmp_path: Path, rows: int, kind: str
) -> None:
    vectors = unit(rows, 32)
    built = Dense(vectors)
    built.save(tmp_path / "vectors.faiss")
    for dense in (built, Dense.open(tmp_path / "vectors.faiss", 32)):
        assert dense.kind == kind
        assert len(dense) == rows
        recalls = []
        for query in vectors[:20]:
            found, scores = dense.search(query, 10)
            recalls.append(len(set(found) & set(np.argsort(-(vectors @ query))[:10])) / 10)
            assert np.allclose(dense.cosines(query, found), scores, atol=1e-5)
        assert np.mean(recalls) >= 0.97
        assert np.allclose(dense.vectors(), vectors, atol=0.01)


@pytest.mark.usefixtures("small_kinds")
def test_rows_can_be_added_to_an_index_in_a_file_and_change_its_kind(tmp_path: Path) -> None:
    vectors = unit(500, 32)
    Dense(vectors[:300]).save(tmp_path / "vectors.faiss")
    opened = Dense.open(tmp_path / "vectors.faiss", 32)
    grown, other = opened.followed_by(vectors[300:350]), opened.followed_by(vectors[300:])
    assert [opened.kind, grown.kind, other.kind] == ["SQ8", "SQ8", "PQ8x4fs,Refine(SQ8)"]
    assert [len(opened), len(grown), len(other)] == [300, 350, 500]
    assert grown.search(vectors[320], 1)[0].tolist() == [320]
    assert other.search(vectors[420], 1)[0].tolist() == [420]


@pytest.mark.usefixtures("small_kinds")
def test_vectors_that_cannot_be_cut_into_parts_are_found_too() -> None:
    vectors = unit(900, 33)
    dense = Dense(vectors)
    assert dense.kind == "SQ8"
    assert dense.search(vectors[420], 1)[0].tolist() == [420]
