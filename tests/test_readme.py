"""What the README tells a reader to do is done here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


SERVED = "http://127.0.0.1:7860"
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("snippet", [snippet for snippet in SNIPPETS if SERVED not in snippet])
def test_every_python_snippet_runs(snippet: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(snippet, "README.md", "exec"), {"__name__": "__main__"})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("library", "says"),
    [
        ("gradio_client", "落實就業優先戰略"),
        ("httpx", r"\u589e\u5f37\u4f4f\u623f\u4fdd\u969c\u80fd\u529b"),  # 增強住房保障能力, as JSON
        ("mcp", "落實就業優先戰略"),
    ],
)
def test_every_snippet_for_programs_gets_an_answer(library: str, says: str, address: str) -> None:
    [snippet] = [each for each in SNIPPETS if SERVED in each and re.search(rf"^(from|import) {library}\b", each, re.M)]
    command = [sys.executable, "-c", snippet.replace(SERVED, address)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert says in done.stdout, done.stderr


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


def test_the_table_of_figures_is_of_the_form_that_eval_prints() -> None:
    """Its numbers are refreshed with `make eval`; `test_evaluation.py` holds the answers to bounds near them."""
    table = re.search(r"^```\n(kind .*?)```", README, re.DOTALL | re.MULTILINE)
    assert table
    rows = table[1].strip().splitlines()
    names = ["kind", "language", "asked", "hit@1", "hit@3", "MRR", "gold", "cites", "refused"]
    assert rows[0].split() == names
    assert len(rows) == 10
