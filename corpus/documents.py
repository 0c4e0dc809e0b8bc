"""A document as its reader found it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from corpus.errors import DocumentError
from corpus.languages import language_code

Headings = Literal["lines", "first-sentence"]
ANSWERED, UNANSWERED = "answered", "unanswered"
MOST_ASKED = 12_000  # questions of a document: what each weighs takes memory by the square of them, here 1.2 GB


@dataclass(frozen=True)
class Document:
    """A text to ask questions of. Its characters are never changed: every citation is a slice of `text`.

    Attributes:
        id: names the document within an index.
        text: the document, verbatim.
        title: what to call it when citing it.
        language: an ISO code, "zh-Hant" or "zh-Hans" for Chinese; None to have it told from the text. Here and below,
            longer codes are kept as such: "zh-TW" as "zh-Hant", "en-US" as "en".
        renderings: language -> the whole text in that language, aligned with it: one line for each sentence, or the
            same paragraphs with as many sentences in each.
        rendering_notes: language -> whose rendering it is, shown wherever the rendering is; "en.zh-Hant" says it of the
            English one to readers of Traditional Chinese.
        questions: language -> questions that the sentences answer, in words a reader might use: one line for each
            sentence, the questions on a line separated by " | ". They help to find a sentence and are never quoted.
        asked: what readers asked of the text, a question on each line: under "answered" what it answers, under
            "unanswered" what it does not. They help to tell when there is no answer, and are never shown; some hundred
            of each are of use, and none where one of the two is missing.
        headings: how sections are marked: "lines" (short lines of their own) or "first-sentence" (each paragraph of
            several sentences opens with its heading).
        metadata: what else is known: author, publisher, kind, date, source.

    Raises:
        DocumentError: the id is empty, a field is not of its type, a language is no code or has two renderings, or
            `headings` or a key of `asked` is none of those, or more than MOST_ASKED questions were asked of it.
    """

    id: str
    text: str
    title: str = ""
    language: str | None = None
    renderings: Mapping[str, str] = field(default_factory=dict)
    rendering_notes: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)
    headings: Headings = "lines"
    metadata: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not self.id:
            raise DocumentError("A document's id must be a string that is not empty.")
        if not isinstance(self.text, str):
            raise DocumentError(f"The text of document {self.id!r} must be a string, not {type(self.text).__name__}.")
        for name in ("renderings", "rendering_notes", "questions", "asked", "metadata"):
            values = getattr(self, name)
            if not isinstance(values, Mapping) or not all(
                isinstance(part, str) for pair in values.items() for part in pair
            ):
                raise DocumentError(f"The {name} of document {self.id!r} must map strings to strings.")
            object.__setattr__(self, name, dict(values))  # the document's own, whatever the caller does with theirs
        if unknown := self.asked.keys() - {ANSWERED, UNANSWERED}:
            raise DocumentError(
                f"The asked questions of document {self.id!r} must be under {ANSWERED!r} or {UNANSWERED!r}, "
                f"not {min(unknown)!r}."
            )
        if (count := sum(len(questions.splitlines()) for questions in self.asked.values())) > MOST_ASKED:
            raise DocumentError(
                f"Document {self.id!r} brings {count:,} questions that were asked of it; {MOST_ASKED:,} are taken.",
                "Leave the oldest out.",
            )
        if not isinstance(self.title, str) or not isinstance(self.language, str | None):
            raise DocumentError(f"The title and language of document {self.id!r} must be strings.")
        if self.language is not None:
            object.__setattr__(self, "language", self._code(self.language))
        for name in ("renderings", "rendering_notes", "questions"):
            code = self._codes if name == "rendering_notes" else self._code
            values = {code(language): text for language, text in getattr(self, name).items()}
            if len(values) < len(getattr(self, name)):
                raise DocumentError(f"Two of the {name} of document {self.id!r} are of one language.", "Leave one out.")
            object.__setattr__(self, name, values)
        if self.headings not in get_args(Headings):
            raise DocumentError(
                f'The headings of document {self.id!r} must be "lines" or "first-sentence", not {self.headings!r}.'
            )

    def _codes(self, languages: str) -> str:
        """Of a rendering's note: the rendering's language, and the reader's where it is said to them alone."""
        return ".".join(map(self._code, languages.split(".", 1)))

    def _code(self, language: str) -> str:
        try:
            return language_code(language)
        except ValueError as error:
            raise DocumentError(
                f"{language!r}, a language of document {self.id!r}, is no language code.",
                'Write "en", "zh-Hant", "zh-Hans" or another of ISO 639.',
            ) from error
