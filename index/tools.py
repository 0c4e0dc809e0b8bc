"""What an agent may do with an index: ask, search, read a section, list the sections."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from index.errors import QuestionError
from index.lead import lead
from index.sections import (
    WholeSection,
    place_of,
    row_at,
    section_at,
    section_headed,
    section_numbered,
    sections,
)

if TYPE_CHECKING:
    # The engine takes seconds to import, and a client's patience with a server that starts is short.
    from index.documents import Citation
    from index.engine import Index

MOST_HITS = 50
MOST_DOCUMENTS = 50  # that are listed at once


class _Result(BaseModel):
    # What follows a field as a string is its description in the tool's schema.
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class CitedSentence(_Result):
    """A sentence of a document that the answer rests on."""

    document: str
    """The document's id."""
    title: str
    section: str
    """Its section's heading; empty when it stands under none."""
    start: int
    """Where the quote starts in the document's text, in characters; pass it to read_section as `position`."""
    end: int
    quote: str
    """The sentence, verbatim, in the document's own language."""
    rendering: str
    """The sentence in the answer's language."""
    rendering_note: str
    """Whose rendering that is; empty when the quote is in the answer's language already."""
    score: float
    title_rendering: str
    """The title in the answer's language."""
    section_rendering: str
    """The section's heading in the answer's language."""
    table: int | None
    """Of a table's header or row, where its header starts in the document's text."""


class Asked(_Result):
    """An answer, or that the documents do not say."""

    question: str
    understood: str
    """The question as it was searched, made whole from the history."""
    answered: bool
    """False: the documents do not say; `text` tells so."""
    lead: str
    """What the answer opens with: what was asked and where the document speaks of it; empty when not answered."""
    text: str
    """The answer: the citations' sentences, each followed by its [number]."""
    language: str
    """The answer's language: that of the question."""
    confidence: float
    """Probability, 0 to 1, that the citations answer the question."""
    citations: list[CitedSentence]
    """[1] is the first."""
    unanswered: list[str]
    """Parts of the question that the documents say nothing on."""
    nearby: list[CitedSentence]
    """When not answered: sentences that come near and do not answer."""
    suggestions: list[str]
    """Questions that the documents are known to answer."""


class FoundPassage(_Result):
    """The sentence of a section that fits the question best."""

    document: str
    title: str
    section: str
    """Its section's heading; empty when it stands under none."""
    section_number: int
    start: int
    """Where it starts in the document's text, in characters."""
    end: int
    text: str
    """The sentence, verbatim."""
    score: float
    """Orders the hits of one question; not comparable between questions."""


class Found(_Result):
    """What a search found, best first."""

    hits: list[FoundPassage]


class ReadSection(_Result):
    """A whole section."""

    document: str
    title: str
    number: int
    """0 for what comes before the first heading."""
    heading: str
    heading_rendering: str
    """The heading in English; empty when the document brings no English rendering."""
    start: int
    """Where it starts in the document's text, in characters."""
    end: int
    text: str
    """The section, verbatim, its heading included."""
    rendering: str
    """The section in English; empty when the document brings no English rendering."""
    rendering_note: str
    """Whose rendering that is."""


class ListedSection(_Result):
    """A section's place."""

    number: int
    heading: str
    heading_rendering: str
    """The heading in English; empty when the document brings no English rendering."""
    start: int
    end: int

    @classmethod
    def of(cls, section: WholeSection) -> ListedSection:
        return cls(**{name: getattr(section, name) for name in cls.model_fields})


class ListedDocument(_Result):
    """A document with its sections."""

    document: str
    title: str
    language: str
    characters: int
    sections: list[ListedSection]


class Listed(_Result):
    """Documents with their sections."""

    documents: list[ListedDocument]
    total: int
    """How many documents there are in all; ask for more with `offset`."""


class Tools:
    """The tools over one index. Docstrings, parameters and results are what an agent is told of them."""

    def __init__(self, open_index: Callable[[], Index]) -> None:
        """`open_index` is called for each request, from any thread: it should open once and keep."""
        self._open = open_index

    def ask(
        self,
        question: Annotated[
            str, Field(description="1 to 2,000 characters, in English, Traditional or Simplified Chinese.")
        ],
        history: Annotated[
            list[Annotated[list[str], Field(min_length=2, max_length=2)]],
            Field(description="The turns before it, oldest first, each [question, answer]; for follow-up questions."),
        ] = [],  # noqa: B006
    ) -> Asked:
        """Answer a question from the documents alone.

        The answer is made of the documents' own sentences, quoted, cited with their place, and rendered in the
        question's language; or `answered` is false, because the documents do not say.
        """
        answer = self._open().ask(question, [(asked, told) for asked, told in history])
        return Asked(
            question=answer.question,
            understood=answer.understood,
            answered=answer.answered,
            lead=lead(answer),
            text=answer.text,
            language=answer.language,
            confidence=answer.confidence,
            citations=_cited(answer.citations),
            unanswered=list(answer.unanswered),
            nearby=_cited(answer.nearby),
            suggestions=list(answer.suggestions),
        )

    def search(
        self,
        question: Annotated[str, Field(description="A question or a few words.")],
        k: Annotated[
            int, Field(description="How many sections.", json_schema_extra={"minimum": 1, "maximum": MOST_HITS})
        ] = 5,
    ) -> Found:
        """Find the sections of the documents that fit a question best, each by its best sentence, best first.

        Unlike `ask` it never refuses: the hits may not answer the question, and are for you to judge.
        """
        index = self._open()
        found = index.search(question, min(k, MOST_HITS))
        collection = index.retriever.collection
        hits = []
        for hit in found:
            row = row_at(collection, hit.document, hit.start)
            section = collection.section_of(row)
            hits.append(
                FoundPassage(
                    **asdict(hit),
                    title=collection.document_of(row).title,
                    section=section.heading,
                    section_number=section.number,
                    text=collection.quote(row),
                )
            )
        return Found(hits=hits)

    def read_section(
        self,
        document: Annotated[str, Field(description="The document's id, as in a citation or a hit.")],
        position: Annotated[
            int | None, Field(description="A character the section holds: the `start` of a citation or a hit.")
        ] = None,
        number: Annotated[int | None, Field(description="The section's number, as list_sections gives it.")] = None,
        heading: Annotated[
            str | None, Field(description="The section's heading or a part of it, in the original or in English.")
        ] = None,
    ) -> ReadSection:
        """Read the whole section of a document that a citation or a hit stands in: its text, verbatim, and in English.

        Name the section by exactly one of position, number and heading.
        """
        whole = sections(self._open().retriever.collection, document)
        if [position, number, heading].count(None) != 2:
            raise QuestionError("A section is named by one of position, number and heading.", "Give exactly one.")
        if position is not None:
            section = section_at(whole, position)
        elif number is not None:
            section = section_numbered(whole, number)
        else:
            section = section_headed(whole, heading or "")
        return ReadSection(**asdict(section))

    def list_sections(
        self,
        document: Annotated[str | None, Field(description="A document's id; unset: every document.")] = None,
        offset: Annotated[
            int, Field(description=f"How many documents to pass over; {MOST_DOCUMENTS} are listed at once.")
        ] = 0,
    ) -> Listed:
        """List the documents, and the sections of each by number, heading and place."""
        collection = self._open().retriever.collection
        places = range(len(collection.documents))
        if document is not None:
            places = range(place := place_of(collection, document), place + 1)
        listed = []
        for place in places[max(0, offset) :][:MOST_DOCUMENTS]:
            found = collection.documents[place]
            listed.append(
                ListedDocument(
                    document=found.id,
                    title=found.title,
                    language=collection.languages[place],
                    characters=len(found.text),
                    sections=[ListedSection.of(section) for section in sections(collection, found.id)],
                )
            )
        return Listed(documents=listed, total=len(places))


def _cited(citations: Iterable[Citation]) -> list[CitedSentence]:
    return [CitedSentence(**asdict(citation)) for citation in citations]
