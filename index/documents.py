"""The values that pass between modules and out to callers: frozen dataclasses."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from corpus.documents import Document
from index.segmentation import Role, unmarked

__all__ = ["Answer", "Citation", "Document", "Hit", "Section", "Sentence"]


@dataclass(frozen=True)
class Section:
    """A part of a document under one heading; number 0, with no heading, holds what comes before the first."""

    document: str
    number: int
    heading: str


@dataclass(frozen=True)
class Sentence:
    """What is found and cited: `documents[document].text[start:end]`."""

    document: str
    start: int
    end: int
    role: Role
    section: int


@dataclass(frozen=True)
class Hit:
    """A sentence that was found: the best of its passage, where passages are searched.

    `score` orders the hits of one question; it is not comparable between questions.
    """

    document: str
    start: int
    end: int
    score: float


@dataclass(frozen=True)
class Citation:
    """A sentence that supports an answer.

    Attributes:
        document: the document's id.
        title: the document's title.
        section: its section's heading, verbatim but for Markdown's marks; "" when it stands under none.
        start, end: `documents[document].text[start:end] == quote`, in characters.
        quote: the sentence, verbatim.
        rendering: the sentence in the answer's language; the quote itself when it is in that language already, or
            when the document brings no rendering.
        rendering_note: whose rendering that is, or that there is none; "" when the quote is in the answer's language.
        score: as in Hit.
        title_rendering, section_rendering: as `rendering`, of the title and of the heading.
        table: of a table's header or row, where its header starts in the document's text; else None.
    """

    document: str
    title: str
    section: str
    start: int
    end: int
    quote: str
    rendering: str
    rendering_note: str
    score: float
    title_rendering: str = ""
    section_rendering: str = ""
    table: int | None = None

    @property
    def is_heading(self) -> bool:
        """Whether it is itself the heading of its section."""
        return unmarked(self.quote) == self.section


@dataclass(frozen=True)
class Answer:
    """What the documents say to a question, or that they do not say.

    Attributes:
        question: as it was asked.
        answered: False when the documents do not say.
        text: the answer in `language`, each sentence followed by its [number]; or the refusal.
        language: "en", "zh-Hant", "zh-Hans", or the code of another language a document is rendered in.
        confidence: probability in [0, 1] that the citations answer the question.
        citations: best first, or in the document's order where a whole theme is asked for; citation 1 is
            `citations[0]`. Empty only when not answered.
        sources: the citations' originals, sections and notes, as lines of plain text.
        unanswered: of a question that asks several things, the parts that the documents say nothing on.
        understood: the question as it was searched, made whole from the turns before it.
        nearby: of a refusal, up to three sentences that come nearest and do not answer, nearest first.
        suggestions: questions to go on with, which the documents are known to answer.
    """

    question: str
    answered: bool
    text: str
    language: str
    confidence: float
    citations: tuple[Citation, ...]
    sources: str
    unanswered: tuple[str, ...] = ()
    understood: str = ""
    nearby: tuple[Citation, ...] = ()
    suggestions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.text}\n\n{self.sources}" if self.sources else self.text

    def to_dict(self) -> dict[str, Any]:
        """Everything, as values that JSON can hold."""
        return asdict(self)
