"""A document's sections, whole: where a citation stands."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np

from corpus.documents import Document
from index.collection import Collection
from index.errors import DocumentError
from index.script import fold
from index.segmentation import Role, segment, unmarked

_KNOWN = 5  # how many names an error lists


@dataclass(frozen=True)
class WholeSection:
    """A section of a document from its first character to its last.

    Attributes:
        document, title: the document's id and title.
        number: 0 for what comes before the first heading.
        heading: verbatim, without Markdown's marks; "" when the section has none.
        heading_rendering: the heading in the language asked for; "" when the document brings no rendering in it.
        start, end: `documents[document].text[start:end] == text`, in characters.
        rendering: the section's sentences in the language asked for; "" when the document brings no rendering in it.
        rendering_note: whose rendering that is.
    """

    document: str
    title: str
    number: int
    heading: str
    heading_rendering: str
    start: int
    end: int
    text: str
    rendering: str
    rendering_note: str


def sections(collection: Collection, document: str, language: str = "en") -> list[WholeSection]:
    """The sections of a document in order; between them they hold all of its text but white space.

    Args:
        language: of the renderings.

    Raises:
        DocumentError: there is no document of that id.
    """
    place = place_of(collection, document)
    found = collection.documents[place]
    first_row, _ = collection.rows_of(place)
    pieces = segment(found.text, found.headings)
    # The rows of a document are its content segments, in order; end marks and credit lines have none.
    rows = iter(range(first_row, first_row + sum(piece.role.is_content for piece in pieces)))
    numbered = [(piece, next(rows) if piece.role.is_content else None) for piece in pieces]
    whole = []
    for number, group in groupby(numbered, key=lambda pair: pair[0].section):
        inside = list(group)
        start, end = inside[0][0].start, inside[-1][0].end
        contents = [row for _, row in inside if row is not None]
        headings = [row for piece, row in inside if piece.role is Role.HEADING and row is not None]
        rendering = _rendered(collection, found, contents, language)
        whole.append(
            WholeSection(
                found.id,
                found.title,
                number,
                " ".join(unmarked(collection.quote(row)) for row in headings),
                unmarked(_rendered(collection, found, headings, language)),
                start,
                end,
                found.text[start:end],
                rendering,
                found.rendering_notes.get(language, "") if rendering else "",
            )
        )
    return whole


def place_of(collection: Collection, document: str) -> int:
    """Which of the collection's documents has that id.

    Raises:
        DocumentError: none has.
    """
    for place, known in enumerate(collection.documents):
        if known.id == document:
            return place
    names = ", ".join(known.id for known in collection.documents[:_KNOWN])
    more = ", ..." if len(collection.documents) > _KNOWN else ""
    raise DocumentError(f"There is no document {document!r}.", f"There is: {names}{more}." if names else "")


def row_at(collection: Collection, document: str, start: int) -> int:
    """The number of the sentence that starts at a character, or of the last before it.

    Raises:
        DocumentError: there is no document of that id.
    """
    place = place_of(collection, document)
    first, end = collection.rows_of(place)
    return int(first + np.searchsorted(collection.sentences[first:end, 1], start, side="right") - 1)


def section_numbered(whole: list[WholeSection], number: int) -> WholeSection:
    """The section of that number.

    Raises:
        DocumentError: there is none.
    """
    for section in whole:
        if section.number == number:
            return section
    raise DocumentError(f"There is no section {number}.", f"{_first(whole)} has {_numbers(whole)}.")


def section_at(whole: list[WholeSection], position: int) -> WholeSection:
    """The section that holds a character; white space between two belongs to the one before it.

    Raises:
        DocumentError: the document does not reach so far.
    """
    if whole and 0 <= position < whole[-1].end:
        return max((s for s in whole if s.start <= position), key=lambda s: s.start, default=whole[0])
    reach = f"{_first(whole)} holds characters 0 to {whole[-1].end - 1}." if whole else "The document is empty."
    raise DocumentError(f"There is no character {position}.", reach)


def section_headed(whole: list[WholeSection], heading: str) -> WholeSection:
    """The section of that heading, verbatim or in part, in the original or its rendering, in either Chinese script.

    Raises:
        DocumentError: no heading fits, or several do.
    """
    wanted = _compared(heading)
    named = [(section, {_compared(section.heading), _compared(section.heading_rendering)} - {""}) for section in whole]
    fitting = [section for section, names in named if wanted in names]
    if not fitting and wanted:
        fitting = [section for section, names in named if any(wanted in name for name in names)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        numbers = ", ".join(str(section.number) for section in fitting)
        raise DocumentError(f"The heading {heading!r} fits several sections: {numbers}.", "Ask for one by its number.")
    raise DocumentError(f"No section has the heading {heading!r}.", f"{_first(whole)} has {_numbers(whole)}.")


def _rendered(collection: Collection, document: Document, rows: list[int], language: str) -> str:
    """The renderings of sentences, with a line break wherever the original has one."""
    rendered, end = "", 0
    for row in rows:
        sentence, rendering = collection.sentence(row), collection.rendering(row, language)
        if rendering is not None:
            break_or_space = "\n" if "\n" in document.text[end : sentence.start] else " "
            rendered += break_or_space * bool(rendered) + rendering
            end = sentence.end
    return rendered


def _compared(heading: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(heading)).split())


def _first(whole: list[WholeSection]) -> str:
    return whole[0].document if whole else "The document"


def _numbers(whole: list[WholeSection]) -> str:
    return f"sections {whole[0].number} to {whole[-1].number}" if whole else "no sections"
