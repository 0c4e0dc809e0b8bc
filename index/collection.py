"""Documents cut into sentences, and each sentence in every language it is rendered in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corpus.documents import Document
from index.documents import Section, Sentence
from index.errors import DocumentError
from index.script import language_of, primary
from index.segmentation import Role, physical_lines, segment, unmarked
from index.steps import stepped

Ints = NDArray[np.int32]

ORIGINAL = ""  # the name of a document's own text among its renderings
QUESTIONS = "?"  # ends the name of a language's questions
_ROLES = tuple(Role)
_LONGEST_PASSAGE = 32  # sentences: longer than any paragraph of the public question-answer sets
_LONGEST_OF_FEW = 8  # where there are but few: in a whole that is one passage, nothing stands out
_FEW = 4  # sections


@dataclass(frozen=True, eq=False)  # one is like another only when it is the same: what is made of it can be kept
class Collection:
    """Every content sentence of some documents, and its views: its text in each language.

    Attributes:
        documents: in the order they were given.
        languages: the language of each document, told from the text where the document does not say.
        renderings: the names that `views` refers to; the first is ORIGINAL, then languages; those whose name ends in
            QUESTIONS are the questions in that language.
        sentences: int32 (sentences, 5): document, start, end, role, section.
        views: int32 (views, 4): sentence, rendering, and start, end within that text. Views of a sentence, sentences of
            a document, stand together and in order. A question that a sentence answers is one of its views.
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
        renderings = (
            ORIGINAL,
            *sorted({name for document in documents for name in document.renderings}),
            *sorted({name + QUESTIONS for document in documents for name in document.questions}),
        )
        sentences: list[tuple[int, ...]] = []
        views: list[tuple[int, ...]] = []
        for number, document in enumerate(stepped("Cutting documents", documents, len(documents))):
            segments = [piece for piece in segment(document.text, document.headings) if piece.role.is_content]
            aligned = {name: _aligned(document, name, len(segments)) for name in document.renderings}
            asked = {name + QUESTIONS: _questions(document, name, len(segments)) for name in document.questions}
            for place, piece in enumerate(segments):
                views.append((len(sentences), 0, piece.start, piece.end))
                views += [(len(sentences), renderings.index(name), *spans[place]) for name, spans in aligned.items()]
                for name, lines in asked.items():
                    views += [(len(sentences), renderings.index(name), *span) for span in lines[place]]
                sentences.append((number, piece.start, piece.end, _ROLES.index(piece.role), piece.section))
        return cls(documents, languages, renderings, _table(sentences, columns=5), _table(views, columns=4))

    @cached_property
    def document_numbers(self) -> Ints:
        """The place among `documents` of each sentence's, int32 (sentences,), ascending."""
        return np.ascontiguousarray(self.sentences[:, 0])

    @cached_property
    def sentence_numbers(self) -> Ints:
        """The sentence of each view, int32 (views,), ascending."""
        return np.ascontiguousarray(self.views[:, 0])

    @cached_property
    def sections(self) -> Ints:
        """The section that each sentence stands in, all documents' counted together: int32 (sentences,), ascending."""
        if not len(self.sentences):
            return np.empty(0, np.int32)
        places = self.sentences[:, [0, 4]]
        new = np.any(places[1:] != places[:-1], axis=1)
        return np.concatenate([[0], np.cumsum(new)]).astype(np.int32)

    @cached_property
    def passages(self) -> Ints:
        """The passage that each sentence stands in, int32 (sentences,), ascending: a section, or part of a long one.

        A long section is parted before a line, where one begins in time, so that a book without headings is many
        passages, and a question does not look at all of it.
        """
        sections = self.sections
        new = np.diff(sections, prepend=0).astype(bool)
        sizes = np.bincount(sections)
        longest = _LONGEST_OF_FEW if len(sizes) < _FEW else _LONGEST_PASSAGE
        for section in np.flatnonzero(sizes > longest).tolist():
            first, end = _run(sections, section)
            for row in range(first + 1, end):
                size = row - first
                if size == longest or (size >= longest // 2 and self._begins_line(row)):
                    new[row], first = True, row
        return np.cumsum(new).astype(np.int32)

    def _begins_line(self, number: int) -> bool:
        """Whether a line break stands before a sentence that is not its document's first."""
        return "\n" in self.document_of(number).text[self.sentences[number - 1, 2] : self.sentences[number, 1]]

    @cached_property
    def view_languages(self) -> tuple[str, ...]:
        """The language of each view."""
        documents = self.sentences[self.views[:, 0], 0].tolist()
        names = [name.removesuffix(QUESTIONS) for name in self.renderings]
        return tuple(
            names[rendering] if rendering else self.languages[document]
            for document, rendering in zip(documents, self.views[:, 1].tolist(), strict=True)
        )

    @cached_property
    def spoken(self) -> frozenset[str]:
        """The languages that there are views in."""
        return frozenset(self.view_languages)

    @cached_property
    def primary_languages(self) -> tuple[str, ...]:
        """The languages, without scripts, that there are views in, in alphabetical order."""
        return tuple(sorted({primary(language) for language in self.spoken}))

    @cached_property
    def view_primaries(self) -> Ints:
        """The place among `primary_languages` of each view's, int32 (views,)."""
        places = {name: place for place, name in enumerate(self.primary_languages)}
        known = {language: places[primary(language)] for language in self.spoken}
        return np.array([known[language] for language in self.view_languages], np.int32)

    @cached_property
    def answering(self) -> frozenset[int]:
        """The sentences that their documents bring questions for."""
        return frozenset(self.views[self.is_question, 0].tolist())

    @cached_property
    def blocks(self) -> tuple[tuple[int, str], ...]:
        """Each passage in each language it has, in order: its number and the language without its script."""
        passages = self.passages[self.sentence_numbers].tolist()
        return tuple(sorted(set(zip(passages, map(primary, self.view_languages), strict=True))))

    def block_views(self) -> list[list[int]]:
        """The views of each block."""
        passages = self.passages[self.sentence_numbers].tolist()
        views: dict[tuple[int, str], list[int]] = {block: [] for block in self.blocks}
        for view, (passage, language) in enumerate(zip(passages, self.view_languages, strict=True)):
            views[passage, primary(language)].append(view)
        return [*views.values()]

    @cached_property
    def is_title(self) -> NDArray[np.bool_]:
        """Whether each sentence is its document's title, bool (sentences,)."""
        titles: NDArray[np.bool_] = self.sentences[:, 3] == _ROLES.index(Role.TITLE)
        return titles

    @cached_property
    def is_heading_line(self) -> NDArray[np.bool_]:
        """Whether each sentence is a heading that stands on a line of its own, bool (sentences,)."""
        on_lines = np.array([document.headings == "lines" for document in self.documents], bool)
        headings: NDArray[np.bool_] = (self.sentences[:, 3] == _ROLES.index(Role.HEADING)) & on_lines[
            self.sentences[:, 0]
        ]
        return headings

    @cached_property
    def headers(self) -> Ints:
        """The sentences that are headers of tables, int32 (headers,), ascending."""
        return np.flatnonzero(self.sentences[:, 3] == _ROLES.index(Role.HEADER)).astype(np.int32)

    @cached_property
    def is_question(self) -> NDArray[np.bool_]:
        """Whether each view is a question that its sentence answers, bool (views,)."""
        return np.array([name.endswith(QUESTIONS) for name in self.renderings])[self.views[:, 1]]

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
        heading = " ".join(unmarked(self.quote(row)) for row in self.heading_rows(number))
        return Section(self.documents[document].id, section, heading)

    def heading_rows(self, number: int) -> list[int]:
        """The sentences that make up the heading of the section that a sentence stands in."""
        first, end = _run(self.sections, int(self.sections[number]))
        return self._of_role(Role.HEADING, first, end)

    def rows_behind(self, number: int) -> range:
        """The sentences of the same section that come after a sentence."""
        return range(number + 1, _run(self.sections, int(self.sections[number]))[1])

    def told_under(self, heading: int) -> list[int]:
        """The sentences and tables' headers of the section that a heading opens, itself and other headings left out."""
        behind = self.rows_behind(heading)
        return [row for role in (Role.BODY, Role.HEADER) for row in self._of_role(role, behind.start, behind.stop)]

    def title_rows(self, number: int) -> list[int]:
        """The sentences that make up the title of the document that a sentence stands in."""
        return self._of_role(Role.TITLE, *self.rows_of(int(self.sentences[number, 0])))

    def _of_role(self, role: Role, first: int, end: int) -> list[int]:
        places: list[int] = np.flatnonzero(self.sentences[first:end, 3] == _ROLES.index(role)).tolist()
        return [first + place for place in places]

    def rows_of(self, document: int) -> tuple[int, int]:
        """The first sentence of a document, by its place among `documents`, and the one behind its last."""
        return _run(self.document_numbers, document)

    def views_of(self, number: int) -> tuple[int, int]:
        """The first view of a sentence, and the one behind its last."""
        return _run(self.sentence_numbers, number)

    def view_text(self, view: int) -> str:
        """A sentence's text in one of its languages."""
        sentence, rendering, start, end = self.views[view].tolist()
        document, name = self.document_of(sentence), self.renderings[rendering]
        if name.endswith(QUESTIONS):
            return document.questions[name.removesuffix(QUESTIONS)][start:end]
        return (document.renderings[name] if name else document.text)[start:end]

    def questions_of(self, number: int, language: str) -> list[str]:
        """The questions in `language` that a sentence answers, as its document brings them."""
        first, end = self.views_of(number)
        return [
            self.view_text(view)
            for view in range(first, end)
            if self.is_question[view] and self.view_languages[view] == language
        ]

    def texts_of(self, number: int) -> list[str]:
        """A sentence's text in each of its languages, the original first."""
        first, end = self.views_of(number)
        return [self.view_text(view) for view in range(first, end) if not self.is_question[view]]

    def rendering(self, number: int, language: str) -> str | None:
        """A sentence's text in `language`, or None where its document brings none."""
        first, end = self.views_of(number)
        for view in range(first, end):
            if self.views[view, 1] and not self.is_question[view] and self.view_languages[view] == language:
                return self.view_text(view)
        return None


def _run(ascending: Ints, number: int) -> tuple[int, int]:
    """Where a number stands: the first place and the one behind the last; looked up without reading all of them."""
    wanted = np.array([number, number + 1], ascending.dtype)  # of another type, NumPy would convert the whole array
    first, end = np.searchsorted(ascending, wanted).tolist()
    return first, end


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


def _questions(document: Document, name: str, wanted: int) -> list[list[tuple[int, int]]]:
    """Where the questions that each sentence answers start and end: a line for each, "|" between them."""
    text = document.questions[name]
    lines = [(start, end) for start, end in physical_lines(text) if start < end]
    if len(lines) != wanted:
        raise DocumentError(
            f"The questions {name!r} of document {document.id!r} have {len(lines)} lines for {wanted} sentences.",
            "Write one line for each sentence of the text.",
        )
    pieces = re.compile(r"[^|\s](?:[^|]*[^|\s])?")
    return [[match.span() for match in pieces.finditer(text, *line)] for line in lines]


def _table(rows: Sequence[tuple[int, ...]], columns: int) -> Ints:
    return np.array(rows, np.int32).reshape(-1, columns)
