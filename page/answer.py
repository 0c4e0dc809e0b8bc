"""An Answer as HTML."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from index.conversation import as_searched
from index.documents import Answer, Citation
from index.inert import markdown
from index.lead import first_clause, lead
from index.phrases import phrase
from page.answers import Given
from page.html import escaped, in_each_language, link_to
from page.measures import measures
from page.tables import row_html, rows_beside, table_html
from page.texts import text

_SURE, _LIKELY = 0.85, 0.6  # probability from which an answer is called so


def answer_html(given: Given, turn: int, numbers: Mapping[str, int], shown: int | None = None) -> str:
    """One answer: its lead and sentences with their markers, then the originals they were taken from.

    Args:
        turn: number of the turn in its conversation, which keeps the anchors of one answer apart from another's.
        numbers: of the documents, by their ids; where there are several, a source names its own.
        shown: how many of its sentences are there yet, while it streams in; None: all, with everything after them.
    """
    answer = given.answer
    language = answer.language
    told = [_understood(answer)]
    if answer.answered:
        citations = answer.citations[:shown]
        told.append(f'<p class="lead">{escaped(lead(answer))}</p>')
        told += _told(citations, turn)
        beside = _sources(citations, turn, language, numbers)
    else:
        told.append(f'<p class="lead">{escaped(answer.text)}</p>')
        beside = _nearby(answer, turn, numbers)
    after = ""
    if shown is None:
        left_out = escaped(phrase("left out", language))
        told += [f'<p class="left-out">{left_out} {escaped(part)}</p>' for part in answer.unanswered]
        told.append(_confidence(answer))
        after = _suggestions(answer) + _actions(answer) + _data(given)
    kind, pair = ("answer", "pair") if answer.answered else ("answer refusal", "")
    return (
        f'<div class="{kind}" lang="{escaped(language)}" id="turn-{turn}"><div class="{pair}">'
        f'<div class="told">{"".join(told)}</div>{beside}</div>{after}</div>'
    )


def message_html(message: str, language: str) -> str:
    """A sentence that says what is wrong or under way, in place of an answer."""
    return f'<div class="answer notice" lang="{language}"><p>{escaped(message)}</p></div>'


def _understood(answer: Answer) -> str:
    if answer.understood in as_searched(answer.question):
        return ""  # nothing was added to what was asked
    said = escaped(text("understood", answer.language))
    return f'<p class="understood">{said} <q>{escaped(answer.understood)}</q></p>'


def _told(citations: Sequence[Citation], turn: int) -> list[str]:
    """What each citation says with its marker; rows of one table stand under their header, where the first would."""
    told: list[str] = []
    markers = {citation: _marker(citation, turn, number) for number, citation in enumerate(citations, start=1)}
    in_table: set[Citation] = set()
    for citation, marker in markers.items():
        if rows := rows_beside(citation, citations):
            if citation not in in_table:
                told.append(table_html(rows, [markers[row] for row in rows]))
            in_table.update(rows)
        else:
            told.append(_said(citation, marker))
    return told


def _marker(citation: Citation, turn: int, number: int) -> str:
    title = escaped(citation.title_rendering or citation.title)
    # A no-break space: a marker never stands alone on a line.
    return f'&#160;<a class="marker" href="#source-{turn}-{number}" title="{title}">&#91;{number}&#93;</a>'


def _said(citation: Citation, marker: str) -> str:
    items = measures(citation.rendering)
    if len(items) == 1:
        return f'<p class="said">{escaped(citation.rendering)}{marker}</p>'
    listed = "".join(
        f"<li>{escaped(item.strip())}{marker if place == len(items) else ''}</li>"
        for place, item in enumerate(items, start=1)
    )
    return f'<ul class="said">{listed}</ul>'


def _confidence(answer: Answer) -> str:
    if not answer.answered:
        return ""
    name = "sure" if answer.confidence >= _SURE else "likely" if answer.confidence >= _LIKELY else "unsure"
    said = "partly" if answer.unanswered and name == "sure" else name
    return f'<p class="confidence {name}">{escaped(text(said, answer.language))}</p>'


def _sources(citations: Sequence[Citation], turn: int, language: str, numbers: Mapping[str, int]) -> str:
    sources = "".join(
        _source(citation, f"source-{turn}-{number}", number, numbers)
        for number, citation in enumerate(citations, start=1)
    )
    return _titled("sources", phrase("sources", language), sources + _notes(citations))


def _nearby(answer: Answer, turn: int, numbers: Mapping[str, int]) -> str:
    near = "".join(
        _near(citation, f"near-{turn}-{number}", numbers) for number, citation in enumerate(answer.nearby, start=1)
    )
    return _titled("nearby", text("nearby", answer.language), near + _notes(answer.nearby)) if near else ""


def _notes(citations: Sequence[Citation]) -> str:
    """Whose renderings those are, each said once."""
    notes = dict.fromkeys(citation.rendering_note for citation in citations if citation.rendering_note)
    return "".join(f'<p class="note">{escaped(note)}</p>' for note in notes)


def _titled(name: str, title: str, content: str) -> str:
    return f'<section class="{name}"><h2>{escaped(title)}</h2>{content}</section>'


def _source(citation: Citation, anchor: str, number: int, numbers: Mapping[str, int]) -> str:
    # Where the answer has said the very words already, the source is short until it is asked for.
    same = " same" if citation.quote == citation.rendering else ""
    return (
        f'<div class="source{same}" id="{anchor}"><span class="number">{number}</span><div>'
        f"<blockquote>{_quoted(citation, citation.quote)}</blockquote>{_place(citation, numbers)}</div></div>"
    )


def _near(citation: Citation, anchor: str, numbers: Mapping[str, int]) -> str:
    return (
        f'<div class="source near" id="{anchor}"><div><p>{_quoted(citation, citation.rendering)}</p>'
        f"{_place(citation, numbers)}</div></div>"
    )


def _quoted(citation: Citation, text: str) -> str:
    return escaped(text) if citation.table is None else row_html(text)


def _place(citation: Citation, numbers: Mapping[str, int]) -> str:
    """Where a sentence stands: its section by the heading's first clause, its document where there are several."""
    places = [citation.title_rendering or citation.title] if len(numbers) > 1 else []
    if citation.section and not citation.is_heading:
        places.append(first_clause(citation.section_rendering or citation.section))
    shown = in_each_language("in the document")
    link = f'<a class="show" href="{link_to(numbers.get(citation.document, 0), citation.start)}">{shown}</a>'
    said = " &rsaquo; ".join(map(escaped, places))
    dot = '<span class="dot"> · </span>' if said else ""
    return f'<div class="place">{said}{dot}{link}</div>'


def _suggestions(answer: Answer) -> str:
    if not answer.suggestions:
        return ""
    title = text("ask next" if answer.answered else "can answer", answer.language)
    return _titled("suggestions", title, question_buttons(answer.suggestions))


def question_buttons(questions: Sequence[str]) -> str:
    """Questions that are asked when clicked."""
    return "".join(f'<button type="button" class="ask-this">{escaped(question)}</button>' for question in questions)


def _actions(answer: Answer) -> str:
    link = urlencode({"q": answer.understood or answer.question, "lang": answer.language})
    return (
        f'<div class="actions"><button type="button" class="copy">{in_each_language("copy")}</button>'
        f'<a class="permalink" href="?{escaped(link)}">{in_each_language("link")}</a></div>'
    )


def _data(given: Given) -> str:
    """What the page's script needs of an answer: its key, the text to copy, the question, the sentences it cites."""
    answer = given.answer
    data = {
        "key": given.key,
        "copy": markdown(f"{answer.question}\n\n{answer}"),
        "question": answer.understood or answer.question,
        "cited": [[citation.document, citation.start] for citation in answer.citations],
    }
    return f'<span class="data" hidden>{escaped(json.dumps(data))}</span>'
