"""What every test shares: the real model, the real index, no network, a cache of its own."""

from __future__ import annotations

import errno
import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_folder = tempfile.TemporaryDirectory(prefix="nanguan-test-", ignore_cleanup_errors=True)  # goes with the process
_kept = Path(_folder.name)

# Before anything reads them: no hub, no telemetry, and never the user's own cache, data or settings.
for name in [name for name in os.environ if name.startswith("NANGUAN_")]:
    del os.environ[name]
os.environ.update(
    NANGUAN_CACHE=str(_kept / "cache"),
    NANGUAN_DATA=str(_kept / "data"),
    HF_HUB_OFFLINE="1",
    TRANSFORMERS_OFFLINE="1",
    GRADIO_ANALYTICS_ENABLED="False",
)

import pytest  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

import corpus  # noqa: E402
from index import Document, Index  # noqa: E402
from index.config import Settings  # noqa: E402
from index.default import default_folder  # noqa: E402
from index.encoder import Encoder  # noqa: E402
from index.shared import shared_encoder  # noqa: E402
from tests import chromium  # noqa: E402
from tests.serving import served_page, wait_until_ready  # noqa: E402

_connect = socket.socket.connect


def _connect_to_loopback(self: socket.socket, address: object) -> None:
    host = str(address[0]) if isinstance(address, tuple) else "localhost"
    if host not in ("127.0.0.1", "::1", "localhost"):
        raise AssertionError(f"a test reached for the network: {address}")
    _connect(self, address)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _connect_to_loopback)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return shared_encoder()


@pytest.fixture(scope="session")
def article() -> Document:
    [document] = corpus.load(corpus.DEFAULT)
    return document


@pytest.fixture(scope="session")
def nanguan(article: Document) -> Index:
    """The article's index, where servers and commands find it too. Tests that change an index build their own."""
    return Index.build([article], default_folder(Settings.from_environment()))


@pytest.fixture(scope="session")
def address(nanguan: Index, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the page is served, its index open."""
    with served_page(tmp_path_factory.mktemp("page") / "log") as at:
        wait_until_ready(at)
        yield at


@pytest.fixture
def animals() -> list[Document]:
    return [
        Document("cat", "The cat sleeps on the red sofa. It purrs when it is stroked.", title="On cats"),
        Document("dog", "Dogs bark at strangers in the night. They bury bones in the garden.", title="On dogs"),
        Document("bird", "鳥兒每天清晨在樹上唱歌。牠們冬天飛往南方。", title="鳥"),
    ]


@pytest.fixture
def forbidden(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Has a folder deny whatever lies in it to everybody, root too."""

    def forbid(folder: Path) -> None:
        stat = os.stat

        def denied(path: Any, **how: Any) -> os.stat_result:
            if not isinstance(path, int) and folder in Path(path).parents:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
            return stat(path, **how)

        monkeypatch.setattr(os, "stat", denied)

    return forbid


@pytest.fixture
def golden() -> Iterator[Path]:
    yield Path(__file__).parent / "golden" / "nanguan.jsonl"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of pages."""
    found = chromium.find()
    if found is None:
        message = "no Chromium on this machine; run: python -m tests.chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(found), args=chromium.ARGUMENTS)
        yield started
        started.close()
