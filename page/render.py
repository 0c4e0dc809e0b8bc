"""An Answer as HTML. Every character that comes from a question or a document is escaped."""

from __future__ import annotations

from index import Answer, Citation
from index.phrases import phrase

# What HTML or Markdown would read as more than itself, as numeric references.
_REFERENCES = str.maketrans({character: f"&#{ord(character)};" for character in "&<>\"'\\`*_{}[]()#+-.!|~$:@^="})


def answer_html(answer: Answer, turn: int) -> str:
    """One answer: its sentences with their markers, then the originals they were taken from.

    Args:
        turn: number of the turn in its conversation, which keeps the anchors of one answer apart from another's.
    """
    if not answer.answered:
        return f'<div class="answer refusal" lang="{answer.language}">{escaped(answer.text)}</div>'
    sentences = "".join(
        f'<p>{escaped(citation.rendering)} <a class="marker" href="#source-{turn}-{number}">&#91;{number}&#93;</a></p>'
        for number, citation in enumerate(answer.citations, start=1)
    )
    sentences += "".join(
        f"<p>{escaped(phrase('left out', answer.language))} {escaped(part)}</p>" for part in answer.unanswered
    )
    sources = "".join(_source(citation, turn, number) for number, citation in enumerate(answer.citations, start=1))
    return (
        f'<div class="answer" lang="{answer.language}">{sentences}</div>'
        f'<div class="sources"><div class="sources-title">{phrase("sources", answer.language)}</div>{sources}</div>'
    )


def error_html(message: str) -> str:
    """A sentence that says what is wrong with the question."""
    return f'<div class="answer refusal">{escaped(message)}</div>'


def escaped(text: str) -> str:
    """Text that neither HTML nor Markdown finds anything in; control characters become spaces."""
    visible = "".join(character if character.isprintable() else " " for character in text)
    return visible.translate(_REFERENCES)


def _source(citation: Citation, turn: int, number: int) -> str:
    place = escaped(citation.title)
    if citation.section and citation.section != citation.quote:
        place += f" &rsaquo; {escaped(citation.section)}"
    note = f'<div class="note">{escaped(citation.rendering_note)}</div>' if citation.rendering_note else ""
    return (
        f'<div class="source" id="source-{turn}-{number}"><span class="number">{number}</span><div>'
        f'<blockquote>{escaped(citation.quote)}</blockquote><div class="place">{place}</div>{note}</div></div>'
    )
