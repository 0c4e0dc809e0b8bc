"""Documents cut into sentences, and each sentence in every language it is rendered in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corpus.documents import Document
from index.documents import Section, Sentence
from index.errors import DocumentError
from index.script import language_of
from index.segmentation import Role, physical_lines, segment

Ints = NDArray[np.int32]

ORIGINAL = ""  # the name of a document's own text among its renderings
_ROLES = tuple(Role)


@dataclass(frozen=True)
class Collection:
    """Every content sentence of some documents, and its views: its text in each language.

    Attributes:
        documents: in the order they were given.
        languages: the language of each document, told from the text where the document does not say.
        renderings: the names that `views` refers to; the first is ORIGINAL.
        sentences: int32 (sentences, 5): document, start, end, role, section.
        views: int32 (views, 4): sentence, rendering, and start, end within that text. Views of a sentence, sentences of
            a document, stand together and in order.
    """

    documents: tuple[Document, ...]
    languages: tuple[str, ...]
    renderings: tuple[str, ...]
    sentences: Ints
    views: Ints

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Collection:
        """Cut documents into sentences.

        Raises:
            DocumentError: two documents share an id, or a rendering is not aligned with its text.
        """
        documents = tuple(documents)
        seen: set[str] = set()
        for document in documents:
            if document.id in seen:
                raise DocumentError(f"Two documents have the id {document.id!r}.", "Give each its own.")
            seen.add(document.id)
        languages = tuple(document.language or language_of(document.text) for document in documents)
        renderings = (ORIGINAL, *sorted({name for document in documents for name in document.renderings}))
        sentences: list[tuple[int, ...]] = []
        views: list[tuple[int, ...]] = []
        for number, document in enumerate(documents):
            segments = [piece for piece in segment(document.text, document.headings) if piece.role.is_content]
            aligned = {name: _aligned(document, name, len(segments)) for name in document.renderings}
            for place, piece in enumerate(segments):
                views.append((len(sentences), 0, piece.start, piece.end))
                views += [(len(sentences), renderings.index(name), *spans[place]) for name, spans in aligned.items()]
                sentences.append((number, piece.start, piece.end, _ROLES.index(piece.role), piece.section))
        return cls(documents, languages, renderings, _table(sentences, columns=5), _table(views, columns=4))

    @cached_property
    def passages(self) -> Ints:
        """The passage (a section of a document) that each sentence stands in: int32 (sentences,), ascending."""
        if not len(self.sentences):
            return np.empty(0, np.int32)
        places = self.sentences[:, [0, 4]]
        new = np.any(places[1:] != places[:-1], axis=1)
        return np.concatenate([[0], np.cumsum(new)]).astype(np.int32)

    @cached_property
    def view_languages(self) -> tuple[str, ...]:
        """The language of each view."""
        documents = self.sentences[self.views[:, 0], 0].tolist()
        return tuple(
            self.renderings[rendering] if rendering else self.languages[document]
            for document, rendering in zip(documents, self.views[:, 1].tolist(), strict=True)
        )

    def sentence(self, number: int) -> Sentence:
        document, start, end, role, section = self.sentences[number].tolist()
        return Sentence(self.documents[document].id, start, end, _ROLES[role], section)

    def document_of(self, number: int) -> Document:
        """The document that holds a sentence."""
        return self.documents[int(self.sentences[number, 0])]

    def quote(self, number: int) -> str:
        """A sentence, verbatim."""
        _, start, end, *_ = self.sentences[number].tolist()
        return self.document_of(number).text[start:end]

    def section_of(self, number: int) -> Section:
        """The section that a sentence stands in; a heading stands in its own."""
        document, _, _, _, section = self.sentences[number].tolist()
        first, end = np.searchsorted(self.passages, self.passages[number] + np.array([0, 1])).tolist()
        headings = [row for row in range(first, end) if self.sentences[row, 3] == _ROLES.index(Role.HEADING)]
        return Section(self.documents[document].id, section, " ".join(map(self.quote, headings)))

    def view_text(self, view: int) -> str:
        """A sentence's text in one of its languages."""
        sentence, rendering, start, end = self.views[view].tolist()
        document = self.document_of(sentence)
        return (document.renderings[self.renderings[rendering]] if rendering else document.text)[start:end]

    def texts_of(self, number: int) -> list[str]:
        """A sentence's text in each of its languages, the original first."""
        first, end = np.searchsorted(self.views[:, 0], (number, number + 1)).tolist()
        return [self.view_text(view) for view in range(first, end)]

    def rendering(self, number: int, language: str) -> str | None:
        """A sentence's text in `language`, or None where its document brings none."""
        first, end = np.searchsorted(self.views[:, 0], (number, number + 1)).tolist()
        for view in range(first, end):
            if self.views[view, 1] and self.view_languages[view] == language:
                return self.view_text(view)
        return None


def _aligned(document: Document, name: str, wanted: int) -> list[tuple[int, int]]:
    """Where each sentence's rendering starts and ends: a line each, or the same number of sentences."""
    text = document.renderings[name]
    lines = [(start, end) for start, end in physical_lines(text) if start < end]
    if len(lines) == wanted:
        return lines
    pieces = [(piece.start, piece.end) for piece in segment(text, document.headings) if piece.role.is_content]
    if len(pieces) == wanted:
        return pieces
    raise DocumentError(
        f"The rendering {name!r} of document {document.id!r} has {len(lines)} lines for {wanted} sentences.",
        "Write one line for each sentence of the text.",
    )


def _table(rows: Sequence[tuple[int, ...]], columns: int) -> Ints:
    return np.array(rows, np.int32).reshape(-1, columns)
