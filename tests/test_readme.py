"""What the README tells a reader to do is done here."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("snippet", re.findall(r"```python\n(.*?)```", README, re.DOTALL))
def test_every_python_snippet_runs(snippet: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(snippet, "README.md", "exec"), {})


def test_every_make_target_named_is_there() -> None:
    listed = subprocess.run(["make", "help"], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    for target in set(re.findall(r"^`?make ([a-z]+)", README, re.MULTILINE)) - {"chat"}:
        assert f"make {target} " in listed
    assert "make chat " in listed


def test_every_dependency_is_named_with_its_purpose() -> None:
    table = README[README.index("## What each dependency is for") :]
    for file in ("requirements.txt", "requirements-dev.txt", "requirements-reference.txt"):
        for name in re.findall(r"^([A-Za-z0-9-]+)==", (ROOT / file).read_text("utf-8"), re.MULTILINE):
            assert name in table, name


def test_pictures_are_there() -> None:
    for picture in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README):
        assert (ROOT / picture).stat().st_size > 10_000


def test_the_figures_are_those_that_eval_prints() -> None:
    """The table in the README has the shape of today's; its numbers are refreshed with `make eval`."""
    table = re.search(r"^```\n(kind .*?)```", README, re.DOTALL | re.MULTILINE)
    assert table
    rows = table[1].strip().splitlines()
    names = ["kind", "language", "asked", "hit@1", "hit@3", "MRR", "gold", "cites", "refused"]
    assert rows[0].split() == names
    assert len(rows) == 10
