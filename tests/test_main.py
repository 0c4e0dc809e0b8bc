"""The command line, as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, "-m", "index", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=300,
        check=False,
    )


def run_at_once(*runs: tuple[tuple[str, ...], dict[str, str]]) -> list[subprocess.CompletedProcess[str]]:
    with ThreadPoolExecutor(len(runs)) as pool:
        return list(pool.map(lambda each: run(*each[0], **each[1]), runs))


@pytest.mark.slow
def test_ask_prints_the_answer_and_its_sources_as_plain_text() -> None:
    done = run("ask", "what does Nanguan plan for employment?")
    assert done.returncode == 0, done.stderr
    answer, sources = done.stdout.split("Sources:")
    assert "employment-first strategy" in answer
    assert "[1]" in answer
    assert "落實就業優先戰略" in sources.split("[2]")[0]
    assert "by this project, not the publisher's" in sources
    assert "\x1b" not in done.stdout


@pytest.mark.slow
def test_json_is_the_whole_answer() -> None:
    done = run("ask", "南關區怎樣促進就業?", "--json")
    answer = json.loads(done.stdout)
    assert answer["answered"] is True
    assert answer["language"] == "zh-Hant"
    first = answer["citations"][0]
    text = (ROOT / "corpus" / "nanguan" / "article.txt").read_bytes().decode()
    assert text[first["start"] : first["end"]] == first["quote"]
    assert set(first) == {
        "document",
        "title",
        "section",
        "start",
        "end",
        "quote",
        "rendering",
        "rendering_note",
        "score",
        "title_rendering",
        "section_rendering",
        "table",
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "environment", "says"),
    [
        (["ask", "   "], {}, "The question is empty. Type a few words."),
        (["ask", "x" * 2001], {}, "2,001 characters"),
        (["ask", "hi"], {"NANGUAN_MODLE": "x"}, "Did you mean NANGUAN_MODEL?"),
        (["ask", "hi", "--index", "/nowhere"], {}, "There is no index at"),
        (["build", "/nowhere", "--index", "/tmp/never"], {}, "There is no folder or file"),
        (["build", "tests"], {}, "Add: --index PATH"),
        (["eval", "--cases", "/nowhere"], {}, "cannot be read"),
        (["build", "tests", "--index", "tests/../tests"], {}, "Name another folder: --index PATH"),
        (["eval", "--index", "/nowhere"], {}, "Add: --cases FILE"),
        (["eval"], {"NANGUAN_CORPUS": "tests"}, "Add: --cases FILE"),
    ],
)
def test_bad_input_is_one_line_and_exit_status_2(arguments: list[str], environment: dict[str, str], says: str) -> None:
    done = run(*arguments, **environment)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.parametrize(
    "arguments", [["ask", " "], ["build", "/nowhere", "--index", "/tmp/never"], ["eval", "--index", "x"]]
)
def test_what_is_wrong_is_said_before_the_engine_is_loaded(arguments: list[str]) -> None:
    code = (
        "import sys; from index.__main__ import main\n"
        "try: main()\nexcept SystemExit as ended: print(ended.code, 'torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "2 False"


@pytest.mark.slow
def test_bytes_that_are_no_text_are_taken(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "index", "ask", b"employment \xff\xfe", "--json"],
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["question"].startswith("employment")


@pytest.mark.slow
def test_a_folder_of_ones_own_is_built_and_asked(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "zoo.txt").write_text("The zoo opens at nine. Penguins are fed at noon.", "utf-8")
    place = str(tmp_path / "index")
    built = run("build", str(tmp_path / "documents"), "--index", place)
    assert built.returncode == 0, built.stderr
    assert "Indexed 2 sentences of 1 documents" in built.stdout
    asked, told, missing = run_at_once(
        (("ask", "When are penguins fed?", "--index", place), {}),
        (("info", "--index", place), {}),
        (("info", "--index", place + "-else"), {}),
    )
    assert "Penguins are fed at noon. [1]" in asked.stdout
    assert "2 sentences of 1 documents, in " + place in told.stdout
    assert told.returncode == 0
    assert missing.returncode == 1


@pytest.mark.slow
def test_info_says_whether_each_part_is_sound() -> None:
    sound, unsound = run_at_once(
        (("info",), {}), (("info",), {"NANGUAN_CORPUS": "/nowhere", "NANGUAN_MODEL": "/nowhere"})
    )
    assert sound.returncode == 0
    for name in ("model", "corpus", "index"):
        assert any(line.startswith(name) and " sound " in line for line in sound.stdout.splitlines()), name
    assert unsound.returncode == 1
    assert unsound.stdout.count("UNSOUND") >= 2


@pytest.mark.slow
def test_info_tells_once_what_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "zoo.txt").write_text("The zoo opens at nine.", "utf-8")
    (tmp_path / "map.png").write_bytes(b"PNG")
    settings = {"NANGUAN_CORPUS": str(tmp_path), "NANGUAN_CACHE": str(tmp_path / ".cache")}
    assert run("ask", "When does the zoo open?", **settings).returncode == 0
    assert run("info", **settings).stderr.count("map.png") == 1


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['index', '--help']\n"
        "from index.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'faiss', 'gradio', 'transformers', 'tantivy', 'mcp', 'sqlite3'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "Answer one question" in done.stdout
    assert done.stdout.strip().endswith("[]")


def test_the_engine_never_imports_gradio() -> None:
    code = "import sys; from index import Index; import index.default; print('gradio' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "False"
