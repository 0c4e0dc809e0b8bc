"""Semantic question answering over documents: `from index import ask`.

    answer = ask("what does Nanguan plan for employment?")
    print(answer)

The names below are the public ones. They are imported when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.default import ask
    from index.documents import Answer, Citation, Document, Hit
    from index.engine import Index
    from index.errors import QAError

__all__ = ["Answer", "Citation", "Document", "Hit", "Index", "QAError", "ask"]

_HOMES = {
    "Answer": "index.documents",
    "Citation": "index.documents",
    "Document": "index.documents",
    "Hit": "index.documents",
    "Index": "index.engine",
    "QAError": "index.errors",
    "ask": "index.default",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'index' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
