"""The index on disk, whatever happens to it: killed builds, full disks, two builders, damaged files."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import index.engine
from index import Document, Index, storage
from index.errors import IndexBusyError, IndexFileError
from index.storage import FORMAT, MANIFEST
from tests.test_storage import resealed
from tests.toy import ToyEncoder

ROOT = Path(__file__).parents[1]
SEED = 7
DAMAGES = 500


@pytest.fixture(scope="module")
def toy() -> ToyEncoder:
    return ToyEncoder()


@pytest.fixture(autouse=True)
def toy_encoder(monkeypatch: pytest.MonkeyPatch, toy: ToyEncoder) -> None:
    monkeypatch.setattr(index.engine, "shared_encoder", lambda: toy)


@pytest.fixture
def saved(tmp_path: Path, animals: list[Document]) -> Path:
    Index.build(animals, tmp_path / "index")
    return tmp_path / "index"


def manifest_of(folder: Path) -> dict[str, str]:
    return json.loads((folder / MANIFEST).read_text())


# ---- killed, full, read-only ----


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_the_old_index_or_says_what_to_run(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.killed_builds", str(tmp_path / "index"), "50", str(SEED)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert not [name for name in found if name.startswith("broken")], found
    assert found["killed"] >= 30
    assert found["old"] >= 5
    assert found["left behind"] == 0


STEPS = ("os.fsync", "pathlib.Path.mkdir", "pathlib.Path.replace", "index.storage._sha256", "index.dense.Dense.save")


@pytest.mark.parametrize("step", STEPS)
def test_a_disk_that_is_full_at_any_step_leaves_the_old_index(
    saved: Path, animals: list[Document], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    built = Index.build(animals[:1])
    before = {file: file.read_bytes() for file in saved.rglob("*") if file.is_file()}
    failed, calls = 0, 0
    for failing in range(40):
        calls = 0
        with monkeypatch.context() as patched:
            real = _resolved(step)

            def fail(
                *given: object, real: Callable[..., object] = real, failing: int = failing, **more: object
            ) -> object:
                nonlocal calls
                calls += 1
                if calls == failing + 1:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return real(*given, **more)

            patched.setattr(step, fail)
            try:
                built.save(saved)
            except IndexFileError as error:
                assert "No space left on device" in str(error)
                failed += 1
                if step == "os.fsync" and list(Index.open(saved).documents) == ["cat"]:
                    return  # the very last: the new index is in place, only not yet surely on the disk
                assert {file: file.read_bytes() for file in saved.rglob("*") if file.is_file()} == before
                continue
            break
    assert failed
    assert list(Index.open(saved).documents) == ["cat"]


def _resolved(name: str) -> Callable[..., object]:
    module, _, attribute = name.rpartition(".")
    parent, _, last = module.rpartition(".")
    home = (
        __import__(module, fromlist=["x"])
        if module in sys.modules
        else getattr(__import__(parent, fromlist=["x"]), last)
    )
    return getattr(home, attribute)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps the names of a folder itself")
def test_everything_is_on_the_disk_before_the_index_is_switched_to_it(
    saved: Path, animals: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    built, synced, switched = Index.build(animals[:1]), set(), []
    fsync, replace = os.fsync, Path.replace

    def noted(descriptor: int) -> None:
        synced.add(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    def switch(new: Path, target: Path) -> Path:
        [data] = set(saved.glob("data-*")) - before
        wanted = [new, saved, data, *data.rglob("*")]
        switched.append([file.name for file in wanted if file.stat().st_ino not in synced])
        synced.clear()
        return replace(new, target)

    before = set(saved.glob("data-*"))
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", noted)
        patched.setattr(Path, "replace", switch)
        built.save(saved)
    assert switched == [[]]
    assert saved.stat().st_ino in synced  # and the new name of the manifest


AS_SOMEBODY_ELSE = """
import os, resource, sys
from pathlib import Path
from index import storage
from index.errors import IndexFileError
kind, folder = sys.argv[1], Path(sys.argv[2])
if kind == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
elif os.geteuid() == 0:
    os.setuid(65534)
try:
    with storage.locked(folder):
        storage.write(folder, {}, lambda data: (data / "big").write_bytes(bytes(100_000)))
except IndexFileError as error:
    print(error)
"""


@pytest.mark.skipif(os.name == "nt", reason="limits and permissions as POSIX has them")
@pytest.mark.parametrize(("kind", "says"), [("full", "File too large"), ("read-only", "Permission denied")])
def test_a_disk_that_takes_no_more_is_said_so_and_the_old_index_stays(saved: Path, kind: str, says: str) -> None:
    for folder in (saved, *saved.parents[:3]):
        folder.chmod(0o755)
    before = {file: file.read_bytes() for file in saved.rglob("*") if file.is_file()}
    if kind == "read-only" and os.geteuid() != 0:
        saved.chmod(0o555)
    command = [sys.executable, "-B", "-c", AS_SOMEBODY_ELSE, kind, str(saved)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    saved.chmod(0o755)
    assert says in done.stdout, done.stderr
    assert len(done.stdout.strip().splitlines()) == 1
    assert {file: file.read_bytes() for file in saved.rglob("*") if file.is_file()} == before
    Index.open(saved)


# ---- two builders, and readers beside a builder ----


def test_of_two_builders_one_wins_and_the_other_says_so(tmp_path: Path, animals: list[Document]) -> None:
    encoding, go_on = threading.Event(), threading.Event()

    def progress(done: int, total: int) -> None:
        encoding.set()
        go_on.wait(30)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(Index.build, animals, tmp_path, progress)
        assert encoding.wait(30)
        with pytest.raises(IndexBusyError, match=r"Another build is writing the index at .*\. Wait until it has ended"):
            Index.build(animals[:1], tmp_path)
        other = "from pathlib import Path; from index import storage\nwith storage.locked(Path({!r})): pass"
        done = subprocess.run(
            [sys.executable, "-c", other.format(str(tmp_path))], capture_output=True, text=True, cwd=ROOT, check=False
        )
        assert "IndexBusyError" in done.stderr  # from another process too
        go_on.set()
        assert first.result(30).sentence_count
    assert len(Index.open(tmp_path).documents) == 3
    Index.build(animals[:1], tmp_path)  # and the lock is free again


@pytest.mark.parametrize("moment", ["index.storage._sha256", "index.saved._read_documents", "index.dense.Dense.open"])
def test_an_index_that_is_replaced_while_it_is_opened_is_opened_anew(
    saved: Path, animals: list[Document], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    one = Index.build(animals[:1])
    real, replaced = _resolved(moment), []

    def interrupted(*given: object) -> object:
        if not replaced:
            replaced.append(moment)
            one.save(saved)
        return real(*given)

    monkeypatch.setattr(moment, interrupted)
    assert len(Index.open(saved).documents) == 1
    assert replaced


# ---- damage ----


def damages(folder: Path, others: Path, generator: random.Random) -> Iterator[Callable[[], str]]:
    """Ways to damage an index, each of which says what it did."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.name != storage.LOCK]
    while True:
        file = generator.choice(files)
        content = file.read_bytes()
        place = generator.randrange(max(1, len(content)))

        def flip(file: Path = file, content: bytes = content, place: int = place) -> str:
            bit = 1 << generator.randrange(8)
            file.write_bytes(content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :])
            return f"flipped a bit of byte {place} of {file.name}"

        def truncate(file: Path = file, content: bytes = content, place: int = place) -> str:
            file.write_bytes(content[:place])
            return f"cut {file.name} to {place} bytes"

        def grow(file: Path = file, content: bytes = content) -> str:
            file.write_bytes(content + generator.randbytes(generator.randrange(1, 99)))
            return f"added to {file.name}"

        def blank(file: Path = file, content: bytes = content, place: int = place) -> str:
            end = min(len(content), place + generator.randrange(1, 512))
            noise = bytes(255 - byte for byte in content[place:end])
            file.write_bytes(content[:place] + noise + content[end:])
            return f"overwrote bytes {place} to {end} of {file.name}"

        def remove(file: Path = file) -> str:
            file.unlink()
            return f"removed {file.name}"

        def swap(file: Path = file, content: bytes = content) -> str:
            other = generator.choice([each for each in files if each.read_bytes() != content])
            file.write_bytes(other.read_bytes())
            other.write_bytes(content)
            return f"swapped {file.name} and {other.name}"

        def exchange(file: Path = file, content: bytes = content) -> str:
            [other] = others.rglob(file.name)
            file.write_bytes(other.read_bytes())
            return f"took {file.name} of another index"

        ways = [remove, grow, exchange] + ([flip, flip, truncate, blank, swap] if content else [])
        yield generator.choice(ways)


def test_five_hundred_random_damages_are_each_detected(saved: Path, tmp_path: Path, animals: list[Document]) -> None:
    generator = random.Random(SEED)
    Index.build([Document("fish", "Fish swim. They are silent, mostly."), animals[0]], tmp_path / "other")
    whole = tmp_path / "whole"
    shutil.copytree(saved, whole)
    question = "what does the cat do?"
    expected = Index.open(saved).ask(question)
    undetected, done = [], 0
    for damage in damages(saved, tmp_path / "other", generator):
        said = damage()
        changed = [
            file for file in whole.rglob("*") if file.is_file() and _content(file, whole, saved) != file.read_bytes()
        ]
        if not changed:  # the other index has the very same file
            continue
        try:
            Index.open(saved)
            undetected.append(said)
        except IndexFileError as error:
            assert len(str(error).splitlines()) == 1, said
            assert "python -m index build" in str(error), said
        for file in changed:
            shutil.copyfile(file, saved / file.relative_to(whole))
        done += 1
        if done == DAMAGES:
            break
    assert undetected == []
    assert Index.open(saved).ask(question) == expected


def _content(file: Path, whole: Path, saved: Path) -> bytes | None:
    damaged = saved / file.relative_to(whole)
    return damaged.read_bytes() if damaged.exists() else None


ARRAYS = {
    "sentences": [(0, 0, 9), (0, 0, -1), (-1, 0, 9), (0, 1, -1), (0, 2, 10_000), (0, 3, 77), (1, 0, 2), (0, 4, -3)],
    "views": [(0, 0, 99), (0, 0, -1), (-1, 0, 99), (0, 1, 5), (1, 2, -4), (1, 3, 10_000)],
    "token_ends": [(0, 0), (1, 10_000), (-1, 1)],
}


@pytest.mark.parametrize(("name", "change"), [(name, change) for name, changes in ARRAYS.items() for change in changes])
def test_numbers_that_lead_nowhere_are_refused_though_the_hashes_agree(
    saved: Path, name: str, change: tuple[int, ...]
) -> None:
    [file] = saved.rglob(f"{name}.npy")
    array = np.load(file)
    array[change[:-1]] = change[-1]
    _rewritten(saved, file, array)
    with pytest.raises(IndexFileError, match=r"do not fit each other\. Run: python -m index build"):
        Index.open(saved)


@pytest.mark.parametrize("name", ["sentences", "views", "token_codes", "token_scales", "token_ends", "vectors_means"])
@pytest.mark.parametrize(
    "change", [lambda a: a[:-1], lambda a: a.astype("f8"), lambda a: a[..., None], lambda a: a[:0]]
)
def test_arrays_of_another_shape_or_type_are_refused_though_the_hashes_agree(
    saved: Path, name: str, change: Callable[[np.ndarray], np.ndarray]
) -> None:
    [file] = saved.rglob(f"{name}.npy")
    _rewritten(saved, file, change(np.load(file)))
    with pytest.raises(IndexFileError, match="python -m index build"):
        Index.open(saved)


@pytest.mark.parametrize("part", ["vectors", "tokens"])
def test_vectors_of_another_index_are_refused_though_the_hashes_agree(
    saved: Path, tmp_path: Path, animals: list[Document], part: str
) -> None:
    Index.build(animals[:1], tmp_path / "other")
    ours = list(saved.rglob("*.faiss" if part == "vectors" else "token_*.npy"))
    assert ours
    for file in ours:
        [other] = (tmp_path / "other").rglob(file.name)
        shutil.copyfile(other, file)
    files: dict[str, str] = manifest_of(saved)["files"]  # type: ignore[assignment]
    resealed(saved, files={**files, **{file.name: storage._sha256(file) for file in ours}})
    with pytest.raises(IndexFileError, match=rf"The {part} of the index do not fit each other\. Run: python"):
        Index.open(saved)


def test_no_file_outside_is_read_though_the_manifest_names_it(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("mine")
    files: dict[str, str] = manifest_of(saved)["files"]  # type: ignore[assignment]
    resealed(saved, files={**files, "../../outside": storage._sha256(tmp_path / "outside")})
    with pytest.raises(IndexFileError, match="missing or damaged"):
        Index.open(saved)


def test_any_bit_of_the_manifest_that_is_turned_is_noticed(saved: Path) -> None:
    """Its own hash says so, whether or not anything else would."""
    content = (saved / MANIFEST).read_bytes()
    for place in range(len(content)):
        turned = content[place] ^ (1 << place % 8)
        (saved / MANIFEST).write_bytes(content[:place] + bytes([turned]) + content[place + 1 :])
        with pytest.raises(IndexFileError):
            storage.read_manifest(saved)


def _rewritten(saved: Path, file: Path, array: np.ndarray) -> None:
    np.save(file, array)
    files: dict[str, str] = manifest_of(saved)["files"]  # type: ignore[assignment]
    resealed(saved, files={**files, file.name: storage._sha256(file)})


@pytest.mark.parametrize(
    "content", [b"", b"null", b"[]", b"0", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"format": %d}' % FORMAT]
)
def test_whatever_stands_in_the_manifest_is_one_sentence(saved: Path, content: bytes) -> None:
    (saved / MANIFEST).write_bytes(content)
    with pytest.raises(IndexFileError, match=r"damaged\. Run: python -m index build"):
        Index.open(saved)
