"""An index on disk: whole, or said to be damaged."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index import Document, Index, storage
from index.errors import IndexFileError
from index.storage import MANIFEST, _sealed


def resealed(folder: Path, **changes: object) -> None:
    """Change a manifest as whoever wrote another index would have: sealed anew; None takes a key away."""
    manifest = {**json.loads((folder / MANIFEST).read_text()), **changes}
    facts = {key: value for key, value in manifest.items() if value is not None and key != "sha256"}
    (folder / MANIFEST).write_bytes(_sealed(facts))


@pytest.fixture
def saved(tmp_path: Path, animals: list[Document]) -> Path:
    folder = tmp_path / "index"
    Index.build(animals, folder)
    return folder


def test_a_saved_index_answers_as_the_one_in_memory(saved: Path, animals: list[Document]) -> None:
    built, opened = Index.build(animals), Index.open(saved)
    for question in ("what does the cat do?", "誰在樹上唱歌?", "Where are bones buried?"):
        assert opened.search(question) == built.search(question)
        assert opened.ask(question) == built.ask(question)
    assert opened.documents == {document.id: document for document in animals}


def test_the_manifest_names_model_dimension_segmenter_and_every_document(saved: Path, animals: list[Document]) -> None:
    manifest = json.loads((saved / MANIFEST).read_text())
    assert manifest["model"] == "multilingual-e5-small"
    assert len(manifest["model_fingerprint"]) == 64
    assert (manifest["dimension"], manifest["normalised"]) == (384, True)
    assert manifest["segmenter"] >= 1
    assert [entry["id"] for entry in manifest["documents"]] == [document.id for document in animals]
    assert all(len(entry["sha256"]) == 64 for entry in manifest["documents"])


def test_opening_writes_nothing(saved: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in saved.rglob("*")}
    Index.open(saved).ask("what does the cat do?")
    assert {file: file.stat().st_mtime_ns for file in saved.rglob("*")} == before


def test_every_damaged_or_missing_file_is_noticed(saved: Path) -> None:
    files = [file for file in saved.rglob("*") if file.is_file() and not file.name.endswith(".lock")]
    assert len(files) >= 9
    for file in files:
        content = file.read_bytes()
        damages: list[bytes | None] = [None, content[: len(content) // 2], content + b"x"]
        if content:
            middle = len(content) // 2
            damages.append(content[:middle] + bytes([content[middle] ^ 0x55]) + content[middle + 1 :])
        for damage in damages:
            if damage == content or (damage == b"" and not content):
                continue
            file.unlink() if damage is None else file.write_bytes(damage)
            with pytest.raises(IndexFileError) as raised:
                Index.open(saved)
            assert "\n" not in str(raised.value)
            assert "python -m index build" in str(raised.value)
            file.write_bytes(content)
    Index.open(saved)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("format", 99, "is of format '99'"),
        ("model_fingerprint", "0" * 64, "was built with model_fingerprint"),
        ("model", "another", "was built with model 'another'"),
        ("dimension", 768, "was built with dimension 768"),
        ("segmenter", 0, "was built with segmenter 0"),
        ("normalised", False, "was built with normalised False"),
        ("documents", [], "not those its manifest names"),
        ("data", "../elsewhere", "manifest .* is damaged"),
        ("data", f"data-{16 * '0'}", "missing or damaged"),
    ],
)
def test_an_index_of_something_else_is_refused(saved: Path, key: str, value: object, says: str) -> None:
    resealed(saved, **{key: value})
    with pytest.raises(IndexFileError, match=says):
        Index.open(saved)


def test_an_index_of_another_format_stays_until_the_new_one_is_in_its_place(
    saved: Path, animals: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    resealed(saved, format=1)
    killed = saved / f"data-{16 * '0'}"  # left by a build that was killed
    killed.mkdir()
    before = {file: file.read_bytes() for file in saved.rglob("*") if file.is_file()}

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("index.dense.Dense.save", full)
        with pytest.raises(IndexFileError, match="No space left"):
            Index.build(animals, saved)
    assert {file: file.read_bytes() for file in saved.rglob("*") if file.is_file()} == before
    assert not killed.exists()
    Index.build(animals, saved)
    assert len(list(saved.glob("data-*"))) == 1


def test_a_place_that_may_not_be_looked_at_is_said(saved: Path, forbidden: Callable[[Path], None]) -> None:
    forbidden(saved)
    with pytest.raises(IndexFileError, match="cannot be read: Permission denied"):
        storage.is_there(saved)


def test_nothing_there_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(IndexFileError, match=r"There is no index at .*python -m index build"):
        Index.open(tmp_path / "nowhere")


def test_a_failed_save_leaves_the_old_index(
    saved: Path, animals: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(saved.rglob("*"))

    def full(*_: object) -> None:  # as FAISS raises it
        raise RuntimeError("Error: 'ret == (size)' failed: write error in vectors.faiss: No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("index.dense.Dense.save", full)
        with pytest.raises(IndexFileError, match="No space left"):
            Index.build(animals[:1], saved)
    assert sorted(saved.rglob("*")) == before
    assert len(Index.open(saved).documents) == 3


def test_saving_again_replaces_the_old_files(saved: Path, animals: list[Document]) -> None:
    Index.build(animals[:1], saved)
    assert list(Index.open(saved).documents) == ["cat"]
    assert len(list(saved.glob("data-*"))) == 1


def test_an_index_can_be_moved(saved: Path, tmp_path: Path) -> None:
    shutil.move(saved, tmp_path / "moved")
    assert Index.open(tmp_path / "moved").search("what does the cat do?")[0].document == "cat"


def test_saving_touches_nothing_that_is_not_the_index(tmp_path: Path, animals: list[Document]) -> None:
    (tmp_path / "data-raw").mkdir()
    (tmp_path / "data-raw" / "mine.txt").write_text("mine")
    Index.build(animals[:1], tmp_path)
    Index.build(animals, tmp_path)
    assert (tmp_path / "data-raw" / "mine.txt").read_text() == "mine"
    assert len(list(tmp_path.glob("data-*"))) == 2


@pytest.mark.parametrize("key", ["languages", "renderings", "mean_languages", "documents", "files", "data"])
def test_a_manifest_that_lacks_something_is_refused(saved: Path, key: str) -> None:
    resealed(saved, **{key: None})
    with pytest.raises(IndexFileError, match="python -m index build"):
        Index.open(saved)


def test_a_manifest_that_names_no_files_is_refused(saved: Path) -> None:
    resealed(saved, files={})
    with pytest.raises(IndexFileError, match="does not name"):
        Index.open(saved)
