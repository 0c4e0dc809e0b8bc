"""What SECURITY.md says of the command line and of the start, as a person meets it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import index.engine
from index import Answer
from index.__main__ import main
from index.documents import Citation
from page.answer import answer_html
from page.answers import Given
from tests.serving import served_page
from tests.test_inert import acts, shown
from tests.toy import ToyEncoder

ROOT = Path(__file__).parents[1]
NAME = "zoo\x1b[31m\u202e.txt"


@dataclass(frozen=True)
class Done:
    """What a command printed, and its exit status."""

    status: int
    stdout: str
    stderr: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Runs the command line in this process, with the toy encoder."""
    toy = ToyEncoder()
    monkeypatch.setattr(index.engine, "shared_encoder", lambda: toy)

    def run(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["index", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return Done(int(ended.value.code or 0), *capsys.readouterr())

    return run


def test_names_and_words_of_documents_do_nothing_in_the_terminal(tmp_path: Path, run: Callable[..., Done]) -> None:
    folder, place = tmp_path / "corpus", str(tmp_path / "ix\x1b[1m")
    folder.mkdir()
    (folder / NAME).write_text("Penguins are fed \x1b[2J\u202eat\x9b1A noon.\x07", "utf-8")
    built = run("build", str(folder), "--index", place)
    assert built.status == 0, built.stderr
    asked = run("ask", "When are penguins \x1b[5m fed?", "--index", place)
    as_json = run("ask", "When are penguins fed?", "--json", "--index", place)
    assert "\\x1b[2J\\u202eat" in asked.stdout
    assert "\\x1b[31m\\u202e" in asked.stdout
    assert json.loads(as_json.stdout)["citations"][0]["document"] == NAME
    (folder / "bad\x1b[7m.txt").write_bytes(b"\xff")
    failed = run("build", str(folder), "--index", str(tmp_path / "never"))
    assert failed.status == 2
    assert "bad\\x1b[7m.txt" in failed.stderr
    for done in (built, asked, as_json, failed):
        assert acts(done.stdout + re.sub(r"\x1b\[[0-9?;]*[a-zA-Z]", "", done.stderr)) == []  # the progress bar's own


def test_a_copied_answer_is_inert() -> None:
    """Whether it is pasted into a terminal or into what reads Markdown; the citation itself stays exact."""
    written = "a\u202eb\x1b[31m ![c](http://d/e.png) <img src=f>"
    citation = Citation("d", NAME, "", 0, len(written), written, written, "", 1.0)
    answer = Answer(
        "q\u2066 [g](h)", True, f"{written} [1]", "en", 0.9, (citation,), f"Sources:\n[1] {written}\n    {NAME}"
    )
    html = answer_html(Given("key", answer, ()), 1, {})
    [data] = re.findall(r'<span class="data" hidden>(.*?)</span>', html)
    copied = json.loads(re.sub(r"&#(\d+);", lambda match: chr(int(match[1])), data))["copy"]
    assert acts(copied) == []
    assert "\\u202e" in copied
    assert " [1]\n\nSources:\n[1] a" in copied
    assert not re.search(r"<(?!p>|/p>)", shown(copied).replace("</p>", "<p>"))
    assert answer.citations[0].quote == written


@pytest.mark.slow
def test_a_page_for_everyone_says_what_that_means(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("The zoo opens at nine.")
    environment = {"NANGUAN_HOST": "203.0.113.7", "NANGUAN_CORPUS": str(tmp_path), "NANGUAN_PORT": "7999"}
    says = r"(?s)Everyone who can reach.*NANGUAN_PASSWORD.*cannot be served"
    with pytest.raises(RuntimeError, match=says), served_page(tmp_path / "log", **environment):
        pass


def test_every_point_of_security_and_reliability_names_a_test_that_is_there() -> None:
    for file in ("SECURITY.md", "RELIABILITY.md"):
        text = (ROOT / file).read_text("utf-8")
        named = set(re.findall(r"`(?:tests/)?((?:test_)?\w+\.py)(?:::(\w+))?`", text))
        assert len(named) > 8
        for name, test in named:
            place = next((p for p in (ROOT / "tests" / name, ROOT / "benchmarks" / name) if p.exists()), None)
            assert place, name
            assert not test or f"def {test}(" in place.read_text("utf-8"), (name, test)
