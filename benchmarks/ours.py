"""This project's side of benchmarks/speed.py.

    python benchmarks/ours.py FOLDER

FOLDER is where the index is written.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.worker import serve
from index import Document, Index


class Ours:
    """The whole of it: every signal, the refusal, and an index on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def index(self, passages: list[str]) -> None:
        documents = [Document(str(place), text) for place, text in enumerate(passages)]
        self._index = Index.build(documents, self._folder)

    def ask(self, question: str) -> object:
        return self._index.ask(question)


if __name__ == "__main__":
    serve(Ours(Path(sys.argv[1])))
