"""The chat page: python app.py. What it is made of is in `page`."""

from __future__ import annotations

import os
import signal
import sys

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it as SIGTERM does, without a traceback

# Before the libraries that read them are imported: nothing here asks the network for anything.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
# Nor does Gradio keep statistics of its queue, which nobody reads, and which take longer with every answer given.
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "1")
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(2**31))
# Nor does it import Matplotlib's plots, where they are installed, to learn at the first question how they are drawn.
os.environ.setdefault("MPLBACKEND", "agg")

import corpus
from index import feedback, journal
from index.config import Settings
from index.documents import Answer
from index.errors import QAError
from index.inert import log_to_stderr, visible
from page.answers import Answers
from page.blocks import chat_page
from page.memory import keep_level
from page.server import application, serve
from page.texts import text
from page.warming import Warming


def main() -> None:
    """Serve the page until interrupted; the index is opened, or built, meanwhile."""
    log_to_stderr()
    keep_level()
    try:
        settings = Settings.from_environment()
        documents = corpus.load(settings.corpus or corpus.DEFAULT)
        journal.keep(settings)
    except QAError as error:
        sys.exit(visible(str(error)))
    own = settings.corpus is not None
    title = text("title own" if own else "title", "en")
    warming = Warming(documents)
    answers = Answers(warming.index, settings.timeout)

    def keep(answer: Answer, verdict: str) -> None:
        from index.versions import versions_of  # noqa: PLC0415 - brings PyTorch, which takes seconds

        feedback.add(answer, feedback.Verdict(verdict), versions_of(warming.index(), answer))

    if not settings.is_local and not settings.password:
        sys.stderr.write(
            f"Everyone who can reach this machine at {settings.reached_at} can ask these documents and read them. Set "
            "NANGUAN_PASSWORD to let in only who knows it, and put a proxy that speaks HTTPS before it.\n"
        )
    page = chat_page(warming, answers, title, own, keep if settings.feedback else None)
    try:
        serve(
            application(page, warming, answers, settings, own),
            settings.host,
            settings.port,
            f"{title} is at {{address}} (Ctrl-C stops it)",
        )
    except QAError as error:
        sys.exit(visible(str(error)))


if __name__ == "__main__":
    main()
