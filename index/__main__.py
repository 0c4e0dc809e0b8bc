"""The command line: ask, build, info, doctor, eval, feedback, mcp."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from index.errors import QAError
from index.inert import inert_json, log_to_stderr, visible
from index.progress import ProgressBar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.documents import Answer
    from index.engine import Index
    from index.report import Line

INTERRUPTED = 130  # what shells take for "stopped by Ctrl-C"
GOLDEN = Path(__file__).parent.parent / "tests" / "golden" / "nanguan.jsonl"

app = typer.Typer(
    help="Ask documents questions, and get their own sentences for an answer.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
out = Console(highlight=False, markup=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)

IndexPath = Annotated[
    Path | None, typer.Option("--index", help="A saved index; unset: the default one.", show_default=False)
]


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="In English, 繁體 or 简体; in quotes.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole answer as JSON.")] = False,
    index: IndexPath = None,
) -> None:
    """Answer one question."""
    from index import journal
    from index.config import Settings
    from index.conversation import checked_question

    journal.keep(Settings.from_environment())
    checked_question(question)  # said before the model is loaded
    answer = _open(index).ask(question)
    if as_json:
        sys.stdout.write(inert_json(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2)) + "\n")
    else:
        out.print(_styled(answer))


@app.command()
def build(
    folder: Annotated[
        Path | None, typer.Argument(help="Documents; unset: the default ones.", show_default=False)
    ] = None,
    index: IndexPath = None,
) -> None:
    """Index documents, replacing what was there in one step."""
    import corpus
    from index.config import Settings

    settings = Settings.from_environment()
    if folder and not index:
        raise QAError("An index of your own documents needs a place.", "Add: --index PATH")
    if folder and index and index.resolve() == folder.resolve():
        raise QAError("An index cannot lie among the files of its documents.", "Name another folder: --index PATH")
    documents = corpus.load(folder) if folder else []

    from index.default import default_documents, default_folder
    from index.engine import Index
    from index.storage import stamp

    documents = documents or default_documents(settings)
    place = index or default_folder(settings)
    before = stamp(place)
    try:
        with ProgressBar():
            built = Index.build(documents, place)
    except KeyboardInterrupt:
        now = stamp(place)
        left = f"there is still no index at {place}" if now is None else f"the index at {place} is "
        left += "" if now is None else "as it was" if now == before else "the new one"
        err.print(Text(visible(f"Stopped; {left}."), style="red"))
        raise typer.Exit(INTERRUPTED) from None
    out.print(f"Indexed {built.sentence_count} sentences of {len(built.documents)} documents in {visible(str(place))}")


@app.command()
def info(index: IndexPath = None) -> None:
    """Say which model, index and corpus are in use, and whether each is sound."""
    from index.report import report

    with ProgressBar():
        lines = report(index)
    _print_lines(lines)


@app.command()
def doctor() -> None:
    """Say what could keep this from working on this machine, and the remedy of each."""
    from index.doctor import diagnosis

    with ProgressBar():
        lines = diagnosis()
    _print_lines(lines)


def _print_lines(lines: Sequence[Line]) -> None:
    """Print what is sound and what is not; exit status 1 where anything is not."""
    width = max(len(line.name) for line in lines)
    for line in lines:
        mark = Text("sound " if line.sound else "UNSOUND ", style="green" if line.sound else "bold red")
        out.print(Text(f"{line.name:{width}}  "), mark, Text(visible(line.text)), sep="")
    if not all(line.sound for line in lines):
        raise typer.Exit(1)


@app.command("eval")
def evaluate_cases(
    cases: Annotated[
        Path | None,
        typer.Option(
            help="Questions with their gold sentences, one JSON object a line; unset: the golden ones.",
            show_default=False,
        ),
    ] = None,
    index: IndexPath = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    show_missed: Annotated[bool, typer.Option("--missed", help="Name the questions that went wrong.")] = False,
) -> None:
    """Measure hit@1, hit@3, MRR and refusal by language on questions whose answers are known."""
    from index.config import Settings

    if not cases and (index or Settings.from_environment().corpus):
        raise QAError("Documents of your own are measured by questions of your own.", "Add: --cases FILE")

    from index.evaluation import evaluate, read_cases

    asked = read_cases(cases or GOLDEN)
    opened = _open(index)
    with ProgressBar():
        tallies = evaluate(opened, asked)
    if as_json:
        rows = [{"kind": kind, "language": language, **tally.row()} for (kind, language), tally in tallies.items()]
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return
    table = Table("kind", "language", box=None, pad_edge=False)
    names = list(next(iter(tallies.values())).row())
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    for (kind, language), tally in tallies.items():
        figures = tally.row()
        shown = ("asked", "refused") if kind == "unanswerable" else figures
        cells = ["" if name not in shown else f"{value:.3f}".removesuffix(".000") for name, value in figures.items()]
        table.add_row(kind, language, *cells)
    out.print(table)
    if show_missed:
        for (kind, language), tally in tallies.items():
            out.print(visible(f"{kind} {language}: {' '.join(tally.missed) or 'none'}"))


@app.command("feedback")
def print_feedback(
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it, a JSON object on each line.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print all of it as a table for spreadsheets.")] = False,
) -> None:
    """Print what readers said of answers."""
    from index import feedback

    if as_json and as_csv:
        raise QAError("Feedback is printed in one form at a time.", "Choose --json or --csv.")
    form = feedback.as_json_lines if as_json else feedback.as_csv if as_csv else feedback.as_text
    sys.stdout.write(form(feedback.rows()))


@app.command("mcp")
def serve_mcp(index: IndexPath = None) -> None:
    """Serve an agent on standard input and output: an MCP server with tools to ask, search and read."""
    from index import journal
    from index.config import Settings
    from index.mcp_server import serve_stdio

    journal.keep(Settings.from_environment())  # a setting that is wrong is said now, not when the agent first asks
    opened: Callable[[], Index] = partial(_open, None)
    if index:
        from index.current import Current

        opened = Current(index).index  # so too when no such index is there
    serve_stdio(opened)


def main() -> None:
    """Run the command line; an error that was raised on purpose is one line, and exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    log_to_stderr()
    try:
        app(prog_name="python -m index")
    except QAError as error:
        err.print(Text(visible(str(error)), style="red"))
        sys.exit(2)


def _open(path: Path | None) -> Index:
    from index.default import default_index
    from index.engine import Index

    with ProgressBar():
        if path:
            return Index.open(path)
        return default_index()


def _styled(answer: Answer) -> Text:
    """The answer with its markers coloured, where the terminal has colours; control characters made visible."""
    text = Text(visible(str(answer)))
    text.highlight_regex(r"\[\d+\]", "bold cyan")
    text.highlight_regex(r"^    .*$", "dim")
    return text


if __name__ == "__main__":
    main()
