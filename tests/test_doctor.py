"""What `python -m index doctor` finds, and the remedy it gives."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index import doctor
from index.report import Line


@pytest.fixture(autouse=True)
def without_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "report", lambda: [Line("model", True, "as it is")])


def found() -> dict[str, Line]:
    return {line.name: line for line in doctor.diagnosis()}


def test_a_machine_that_is_well_is_sound_throughout() -> None:
    lines = found()
    assert list(lines) == ["python", "packages", "memory", "threads", "cache", "data", "port", "access", "model"]
    assert [line for line in lines.values() if not line.sound] == []


@pytest.mark.parametrize(
    ("name", "variable", "value", "says"),
    [
        ("threads", "NANGUAN_THREADS", "256", "Unset it"),
        ("cache", "NANGUAN_CACHE", "{file}/inside", "Set NANGUAN_CACHE to a folder you can write to"),
        ("data", "NANGUAN_DATA", "{file}/inside", "Set NANGUAN_DATA to a folder you can write to"),
        ("port", "NANGUAN_PORT", "{taken}", "Set NANGUAN_PORT to one that is free"),
        ("port", "NANGUAN_HOST", "203.0.113.7", "Set NANGUAN_HOST to an address of this machine"),
        ("port", "NANGUAN_HOST", "no.such.host.invalid", "Set NANGUAN_HOST to an address of this machine"),
        ("access", "NANGUAN_HOST", "0.0.0.0", "Set NANGUAN_PASSWORD"),
        ("access", "NANGUAN_NAMES", "zoo.example", "machine at zoo.example can ask"),
    ],
)
def test_what_is_not_well_comes_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, variable: str, value: str, says: str
) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv(variable, value.format(file=file, taken=taken.getsockname()[1]))
        line = found()[name]
    assert not line.sound
    assert says in line.text
    assert len(line.text.splitlines()) == 1


def test_a_folder_that_may_not_be_looked_at_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forbidden: Callable[[Path], None]
) -> None:
    monkeypatch.setenv("NANGUAN_CACHE", str(tmp_path / "inside"))
    forbidden(tmp_path)
    line = found()["cache"]
    assert not line.sound
    assert "Permission denied" in line.text


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system does not tell")
def test_a_container_has_the_memory_that_it_is_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_CGROUP", tmp_path)
    whole = doctor.available_memory()
    (tmp_path / "memory.current").write_text(f"{2**28 + 2**20}\n")
    (tmp_path / "memory.stat").write_text(f"anon 7\ninactive_file {2**20}\n")
    (tmp_path / "memory.max").write_text(f"{2**29}\n")
    assert doctor.available_memory() == 0.25
    (tmp_path / "memory.max").write_text("max\n")
    assert doctor.available_memory() == pytest.approx(whole, rel=0.2)


def test_packages_memory_and_disk_that_do_not_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pins = tmp_path / "requirements.txt"
    pins.write_text("numpy==1.0.0\nno-such-package-at-all==2.0\n")
    monkeypatch.setattr(doctor, "_REQUIREMENTS", pins)
    monkeypatch.setattr(doctor, "available_memory", lambda: 0.5)
    monkeypatch.setattr(doctor, "_DISK", 1e9)
    lines = found()
    assert "no-such-package-at-all missing (not 2.0)" in lines["packages"].text
    assert "Run: pip install -r requirements.txt" in lines["packages"].text
    assert "0.5 GiB of memory are free" in lines["memory"].text
    assert "Free some" in lines["cache"].text
    assert not any(lines[name].sound for name in ("packages", "memory", "cache", "data"))


def test_looking_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NANGUAN_CACHE", str(tmp_path / "a" / "b"))
    assert found()["cache"].sound
    assert list(tmp_path.iterdir()) == []
