"""Index: build, open, save, search, ask."""

from __future__ import annotations

import operator
import time
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from corpus.documents import Document
from index import asking, saved, storage
from index.building import Progress, assemble, encode, precedents_of
from index.collection import Collection
from index.conversation import (
    Turn,
    as_asked,
    turns,
)
from index.dense import Dense
from index.documents import Answer, Hit
from index.errors import DocumentError, IndexFileError, QAError, QuestionError
from index.journal import note
from index.retriever import Evidence, Retriever
from index.script import language_of
from index.shared import shared_encoder
from index.trace import tracing


class Index:
    """Documents that can be searched and asked; made by `build` or `open`.

    Asking and searching are safe from many threads at once, also while documents are added or removed: each question is
    answered from the documents as they stood when it came.
    """

    def __init__(self, retriever: Retriever) -> None:
        """For `build` and `open`, which put the parts together."""
        self._retriever = retriever
        self._changing = Lock()

    @classmethod
    def build(
        cls, documents: Iterable[Document], path: Path | str | None = None, progress: Progress | None = None
    ) -> Index:
        """Index documents in memory and, when `path` is given, save them there.

        Args:
            documents: ids must differ.
            path: a folder, made if missing; an index that is there is replaced in one step.
            progress: called as sentences are encoded with (done, total), a sentence counting once in each language.

        Raises:
            DocumentError: a document cannot be used.
            IndexBusyError: another build is writing there.
            IndexFileError: the folder cannot be written.
        """
        folder = None if path is None else _place(path)
        with storage.locked(folder) if folder else nullcontext():
            encoder = shared_encoder()
            collection = Collection.of(_checked(documents))
            vectors, tokens, means = encode(encoder, collection, progress=progress)
            retriever = assemble(encoder, collection, Dense(vectors), tokens, means)
            index = cls(replace(retriever, precedents=precedents_of(retriever, collection.documents)))
            if folder:
                index.write(folder)
        return index

    @classmethod
    def open(cls, path: Path | str) -> Index:
        """Open a saved index; nothing is written.

        Raises:
            IndexFileError: nothing is there, it is damaged, or another model or segmenter wrote it. The message says
                what to run.
        """
        folder = _place(path)
        return storage.opened(folder, lambda: cls._open(folder))

    @classmethod
    def _open(cls, folder: Path) -> Index:
        remedy = _rebuild_command(folder)
        manifest, data = storage.read(folder, remedy)
        encoder = shared_encoder()
        for key, value in saved.required(encoder).items():
            if manifest.get(key) != value:
                raise IndexFileError(
                    f"The index at {folder} was built with {key} {manifest.get(key)!r}; now it is {value!r}.", remedy
                )
        try:
            return cls(saved.read(manifest, data, encoder))
        except IndexFileError as error:
            raise IndexFileError(error.message, remedy) from error
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, OSError, QAError) as error:
            said = " ".join(str(error).split())
            raise IndexFileError(f"The index at {folder} is incomplete ({said}).", remedy) from error

    @property
    def retriever(self) -> Retriever:
        """The parts that answer "where does it say that?", as they stand now."""
        return self._retriever

    @property
    def documents(self) -> dict[str, Document]:
        """Every document by its id."""
        return {document.id: document for document in self._retriever.collection.documents}

    @property
    def sentence_count(self) -> int:
        """How many sentences can be found and cited."""
        return len(self._retriever.collection.sentences)

    def search(self, question: str, k: int = 5) -> list[Hit]:
        """The `k` passages that fit best, each by its best sentence, best first.

        A passage is a section of a document, or a part of a long one; documents of one paragraph each are ranked
        themselves.

        Raises:
            QuestionError: the question cannot be taken, or `k` is no whole number from 1.
        """
        k = _checked_count(k)
        retriever = self._retriever
        question = asking.as_meant(retriever, question)
        evidence = retriever.retrieve(as_asked(question), language_of(question))
        return _hits(retriever.collection, evidence.passages[:k], evidence.passage_scores[:k])

    def rank(self, question: str, history: Sequence[Turn] = (), k: int = 10) -> list[Hit]:
        """The `k` sentences that fit a question best, best first: what `ask` chooses from, whether it refuses or not.

        Raises:
            QuestionError: as in `ask`, and `k` as in `search`.
        """
        k = _checked_count(k)
        retriever, history = self._retriever, turns(history)
        reading, evidence = asking.taken(retriever, asking.as_meant(retriever, question), history)
        evidence = evidence or asking.retrieved(retriever, reading, history)
        return _hits(retriever.collection, evidence.sentences[:k], evidence.scores[:k])

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer a question from the documents, or say that they do not say.

        Args:
            question: 1 to 2,000 characters, in any language.
            history: the turns before it, oldest first, as (question, answer) pairs of strings.

        Raises:
            QuestionError: the question is empty, too long, without words, or not a string; or the history is no list of
                such pairs.
        """
        return self._asked(question, history, "")[0]

    def ask_ranked(self, question: str, history: Sequence[Turn] = (), reader: str = "") -> tuple[Answer, list[Hit]]:
        """What `ask` answers, and the sentences that it was chosen from, best first; both of one retrieval.

        A sentence considered for several parts of the question has the score of the part that it fits best. Where a
        question about a document itself is answered from what is known of it, there are none.

        Args:
            reader: the language that whoever asks reads, if it is known: it decides on the script of the answer where
                every character of the question belongs to both.

        Raises:
            QuestionError: as in `ask`.
        """
        answer, found, collection = self._asked(question, history, reader)
        return answer, _ranked(collection, found)

    def _asked(
        self, question: str, history: Sequence[Turn], reader: str
    ) -> tuple[Answer, Sequence[Evidence], Collection]:
        """The answer, what was retrieved for it, and from what; a line in the journal is made of it."""
        retriever = self._retriever  # as it stands now, to the end
        started, answer, error = time.perf_counter(), None, ""
        before: tuple[Turn, ...] = ()
        with tracing() as trace:
            try:
                before = turns(history)
                answer, found = asking.ask(retriever, question, before, reader)
            except Exception as raised:
                error = type(raised).__name__
                raise
            finally:
                note(question, answer, error, len(before), time.perf_counter() - started, trace)
        return answer, found, retriever.collection

    def add(self, documents: Iterable[Document]) -> None:
        """Add documents; those already here are not encoded again.

        What a language shares stays as it was measured when its first documents came, so the scores of an index grown
        far beyond these differ a little from those of one built at once.

        Raises:
            DocumentError: a document cannot be used, or its id is taken.
        """
        with self._changing:
            old = self._retriever
            new = Collection.of(_checked(documents))
            collection = Collection.of((*old.collection.documents, *new.documents))
            vectors, tokens, means = encode(old.encoder, new, old.means)
            dense = old.dense.followed_by(vectors)
            grown = assemble(old.encoder, collection, dense, old.tokens.followed_by(tokens), means)
            added = precedents_of(grown, new.documents)
            precedents = old.precedents.followed_by(added, len(old.collection.documents))
            self._retriever = replace(grown, precedents=precedents)

    def remove(self, ids: Iterable[str]) -> None:
        """Remove documents.

        Raises:
            DocumentError: there is no document of that id, or what is given is no list of ids.
        """
        if not isinstance(ids, Iterable):
            raise DocumentError(f"Documents are removed by a list of their ids, not by {ids!r}.")
        named = [ids] if isinstance(ids, str) else list(ids)
        with self._changing:
            old, known = self._retriever, self.documents
            for name in named:
                if not isinstance(name, str) or name not in known:
                    raise DocumentError(f"There is no document {name!r} in this index.")
            gone = set(named)
            collection = Collection.of(document for document in old.collection.documents if document.id not in gone)
            in_document = old.collection.sentences[old.collection.views[:, 0], 0]
            leaving = np.array([document.id in gone for document in old.collection.documents], bool)
            kept = np.flatnonzero(~leaving[in_document])
            dense, tokens = Dense(old.dense.vectors()[kept]), old.tokens.only(kept)
            left = np.flatnonzero(~leaving).tolist()
            precedents = old.precedents.renumbered({number: place for place, number in enumerate(left)})
            shrunk = assemble(old.encoder, collection, dense, tokens, old.means)
            self._retriever = replace(shrunk, precedents=precedents)

    def save(self, path: Path | str) -> None:
        """Write the index to a folder, in one step.

        Raises:
            IndexBusyError: another build is writing there.
            IndexFileError: the folder cannot be written; an index that was there is left as it was.
        """
        folder = _place(path)
        with storage.locked(folder):
            self.write(folder)

    def write(self, folder: Path) -> None:
        """As `save`, by a caller that holds the folder's lock (`storage.locked`)."""
        retriever = self._retriever
        storage.write(folder, saved.facts(retriever), partial(saved.write_files, retriever))


def _rebuild_command(folder: Path) -> str:
    return f'Run: python -m index build DOCUMENTS --index "{folder}"'


def _place(path: Path | str) -> Path:
    """Where an index lies, or shall."""
    try:
        return Path(path)
    except TypeError as error:
        raise IndexFileError(f"An index lies in a folder named by a string or a Path, not by {path!r}.") from error


def _checked(documents: Iterable[Document]) -> list[Document]:
    if isinstance(documents, Document):
        raise DocumentError("Documents come in a list, even where there is one.", "Write: [document]")
    if not isinstance(documents, Iterable):
        raise DocumentError(f"Documents come in a list, not in a {type(documents).__name__}.")
    checked = list(documents)
    for document in checked:
        if not isinstance(document, Document):
            raise DocumentError(f"An index is built from Documents, not from {type(document).__name__}.")
    return checked


def _checked_count(k: int) -> int:
    """How many are wanted."""
    try:
        count = operator.index(k)
    except TypeError as error:
        raise QuestionError(f"k must be a whole number, not {k!r}.") from error
    if count < 1:
        raise QuestionError(f"k must be at least 1, not {count}.")
    return count


def _ranked(collection: Collection, found: Sequence[Evidence]) -> list[Hit]:
    """The sentences of several retrievals, each with its best score, best first."""
    best: dict[int, float] = {}
    for evidence in found:
        for number, score in zip(evidence.sentences.tolist(), evidence.scores.tolist(), strict=True):
            best[number] = max(score, best.get(number, score))
    order = sorted(best, key=lambda number: -best[number])
    return _hits(collection, np.array(order, np.int64), np.array([best[number] for number in order], np.float32))


def _hits(collection: Collection, numbers: NDArray[np.int64], scores: NDArray[np.float32]) -> list[Hit]:
    sentences = map(collection.sentence, numbers.tolist())
    return [Hit(s.document, s.start, s.end, score) for s, score in zip(sentences, scores.tolist(), strict=True)]
