"""What an answer rests on: the project's version, the model, the documents."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache

from index.collection import Collection
from index.documents import Answer
from index.engine import Index
from index.feedback import Versions
from index.project import project_version
from index.saved import document_hashes


def versions_of(index: Index, answer: Answer) -> Versions:
    """What `answer`, given by `index`, rests on; the first time, all its documents are hashed."""
    retriever = index.retriever
    model = retriever.encoder.model
    texts, everything = _hashes(retriever.collection)
    cited = {citation.document for citation in answer.citations}
    return Versions(
        project_version(),
        model.name,
        model.fingerprint,
        {document: sha256 for document, sha256 in texts.items() if document in cited},
        everything,
    )


@lru_cache(maxsize=2)
def _hashes(collection: Collection) -> tuple[dict[str, str], str]:
    """The sha256 of each document's text, and of everything."""
    hashes = document_hashes(collection.documents)
    return {entry["id"]: entry["sha256"] for entry in hashes}, hashlib.sha256(json.dumps(hashes).encode()).hexdigest()
