"""Documents and their readers. `corpus.load(folder)` reads them; `corpus.DEFAULT` is the article's folder."""

from pathlib import Path

from corpus.documents import Document
from corpus.reader import load

DEFAULT = Path(__file__).with_name("nanguan")

__all__ = ["DEFAULT", "Document", "load"]
