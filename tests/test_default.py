"""The default index: built when missing, built anew when stale, shared."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import index.default
from index import Index, ask
from index.config import Settings
from index.default import default_folder, default_index
from index.storage import MANIFEST, locked
from page.warming import Warming


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, a corpus of one file, and nothing opened yet; the corpus."""
    monkeypatch.setenv("NANGUAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(index.default, "_opened", {})
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "zoo.txt").write_text("The zoo opens at nine. Penguins are fed at noon.", "utf-8")
    monkeypatch.setenv("NANGUAN_CORPUS", str(folder))
    return folder


def test_the_first_question_builds_the_index_in_the_cache(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask("When are penguins fed?").citations[0].quote == "Penguins are fed at noon."
    folder = default_folder(Settings.from_environment())
    assert folder.parent == Settings.from_environment().cache
    assert (folder / MANIFEST).exists()
    monkeypatch.setattr(index.default, "_opened", {})
    monkeypatch.setattr("index.default.Index.build", None)  # so the second time it can only be opened
    assert ask("When are penguins fed?").answered


def test_a_stale_index_is_built_anew(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ask("When are penguins fed?")
    (fresh / "zoo.txt").write_text("The zoo opens at nine. Penguins are fed at midnight.", "utf-8")
    monkeypatch.setattr(index.default, "_opened", {})
    assert ask("When are penguins fed?").citations[0].quote == "Penguins are fed at midnight."


def test_a_damaged_index_is_built_anew(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ask("When are penguins fed?")
    folder = default_folder(Settings.from_environment())
    [vectors] = folder.glob("data-*/vectors.faiss")
    vectors.write_bytes(b"damaged")
    monkeypatch.setattr(index.default, "_opened", {})
    assert ask("When are penguins fed?").answered
    assert json.loads((folder / MANIFEST).read_text())["data"] != vectors.parent.name


def test_a_cache_that_cannot_be_written_is_done_without(
    fresh: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (fresh.parent / "file").write_text("in the way")
    monkeypatch.setenv("NANGUAN_CACHE", str(fresh.parent / "file"))
    assert ask("When are penguins fed?").answered
    assert "kept in memory" in caplog.text


def test_documents_that_have_been_read_are_not_read_again(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = index.default.default_documents(Settings.from_environment())
    monkeypatch.setattr("corpus.load", None)
    assert list(default_index(documents=documents).documents) == ["zoo.txt"]


def test_threads_that_ask_first_share_one_index(fresh: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: default_index(), range(8)))
    assert all(one is opened[0] for one in opened)


def test_an_index_that_another_process_builds_is_waited_for(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = default_folder(Settings.from_environment())
    built = Index.build(index.default.default_documents(Settings.from_environment()))
    with ThreadPoolExecutor(1) as pool:
        with locked(folder):
            asked = pool.submit(ask, "When are penguins fed?")
            monkeypatch.setattr("index.default.Index.build", None)  # so it can only be opened
            with pytest.raises(TimeoutError):
                asked.result(0.5)
            built.write(folder)
        assert asked.result(30).answered


def test_the_page_reads_the_documents_before_the_index_is_open_and_keeps_them_once(
    fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = index.default.default_documents(Settings.from_environment())
    monkeypatch.setattr("corpus.load", None)
    warming = Warming(documents)
    before = warming.collection()
    assert before is warming.collection()
    assert before.documents == tuple(documents)
    warming.start()
    assert warming.collection().documents == tuple(documents)  # while it is being opened, too
    assert warming.index().retriever.collection is warming.collection() is not before
    assert (warming._documents, warming._cut) == ((), None)
