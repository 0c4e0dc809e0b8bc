"""What an answer rests on: the project's version, the model, the documents."""

from __future__ import annotations

import hashlib
import json

from index.documents import Answer
from index.engine import Index, document_hashes
from index.feedback import Versions
from index.project import project_version


def versions_of(index: Index, answer: Answer) -> Versions:
    """What `answer`, given by `index`, rests on; time grows with the size of all documents."""
    model = index.retriever.encoder.model
    hashes = document_hashes(index.documents.values())
    cited = {citation.document for citation in answer.citations}
    return Versions(
        project_version(),
        model.name,
        model.fingerprint,
        {entry["id"]: entry["sha256"] for entry in hashes if entry["id"] in cited},
        hashlib.sha256(json.dumps(hashes).encode()).hexdigest(),
    )
