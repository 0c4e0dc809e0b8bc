"""The document view: every line of a document, original and rendering side by side, each sentence an anchor."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from corpus.documents import Document
from index.collection import Collection
from index.script import convert, is_chinese
from index.segmentation import ROW, Role, segment, unmarked
from index.suggestions import suggested
from index.tables import header_of
from page.html import escaped, in_each_language, link_to
from page.tables import row_html
from page.texts import LANGUAGES

_CELL_NAME = 40  # characters of its sentence by which a cell is called
_CELLS = 400  # that a ribbon has at most; more could not be told apart
_PART = 40  # lines that are laid out together, when they come into view
_OPEN = 12  # sections, up to which the contents are unfolded
_TAGS = {Role.TITLE: "h2", Role.HEADING: "h3"}


@lru_cache(maxsize=8)
def document_html(collection: Collection, number: int) -> str:
    """The document at a place among the collection's, with its contents and the ribbon above it."""
    document = collection.documents[number]
    first, end = collection.rows_of(number)
    rows = range(first, end)
    rendered_in = _rendered_in(collection, number)
    lines: list[str] = []
    row_at = {collection.sentence(row).start: row for row in rows}
    for piece in segment(document.text, document.headings):
        if piece.start in row_at:
            lines.append(_sentence(collection, row_at[piece.start], rendered_in))
        elif piece.role is Role.RULE and document.text.startswith(ROW, piece.start):
            continue  # the line under a table's header, which shows as one
        else:
            quote = escaped(document.text[piece.start : piece.end])
            lines.append(f'<div class="row credit" id="s{piece.start}"><p class="original">{quote}</p></div>')
    parts = "".join(
        f'<div class="part">{"".join(lines[start : start + _PART])}</div>' for start in range(0, len(lines), _PART)
    )
    headings = [row for row in rows if collection.sentence(row).role is Role.HEADING]
    return (
        f'<article class="document" id="document-{number}" lang="{escaped(collection.languages[number])}">'
        f'<span class="of" hidden>{escaped(document.id)}</span>'
        f"{_ribbon(collection, rows)}{_columns(rendered_in)}{_contents(collection, headings, rendered_in)}"
        f"{_whose(document, rendered_in)}"
        f'<div class="lines {"two" if rendered_in else "one"}">{parts}</div></article>'
    )


def documents_html(documents: Sequence[Document], shown: int) -> str:
    """A list of the documents to choose from, `shown` being chosen; nothing where there is but one."""
    if len(documents) < 2:
        return ""
    options = "".join(_option(document, number, number == shown) for number, document in enumerate(documents))
    label = in_each_language("documents")
    return f'<label class="choose"><span>{label}</span><select id="choose">{options}</select></label>'


def question_about(collection: Collection, number: int, start: int, language: str) -> str:
    """A question in `language` that the sentence of a document which starts there is known to answer; "" if none is."""
    first, end = collection.rows_of(number)
    rows = [row for row in range(first, end) if collection.sentence(row).start == start]
    return next(iter(suggested(rows, language, collection)), "")


def _option(document: Document, number: int, chosen: bool) -> str:
    name, selected = escaped(document.title or document.id), " selected" if chosen else ""
    return f'<option value="{number}"{selected}>{name}</option>'


def _rendered_in(collection: Collection, number: int) -> str:
    """The language that is shown beside the original, "" where there is none: English, else the first."""
    names = list(collection.documents[number].renderings)
    return "en" if "en" in names else names[0] if names else ""


def _sentence(collection: Collection, row: int, rendered_in: str) -> str:
    sentence = collection.sentence(row)
    tag = _TAGS.get(sentence.role, "p")
    rendering = collection.rendering(row, rendered_in) if rendered_in else None
    beside = f'<{tag} class="rendering" lang="{rendered_in}">{escaped(rendering)}</{tag}>' if rendering else ""
    quote = collection.quote(row)
    shown = escaped(unmarked(quote)) if header_of(row, collection) is None else row_html(quote)
    return (
        f'<div class="row {sentence.role.name.lower()}" id="s{sentence.start}" tabindex="0">'
        f'<{tag} class="original">{shown}</{tag}>{beside}</div>'
    )


def _ribbon(collection: Collection, rows: range) -> str:
    """A cell for each sentence, or each few of a long document; the page's script colours them by the question."""
    section, cells = None, []
    step = -(-len(rows) // _CELLS) or 1
    for row in rows[::step]:
        here = int(collection.sections[row])
        begins = " begins" if step == 1 and section not in (None, here) else ""
        section = here
        name = escaped(collection.quote(row)[:_CELL_NAME])
        cells.append(f'<a class="cell{begins}" href="{_link(collection, row)}" tabindex="-1" aria-label="{name}"></a>')
    title = f'<span class="fit"></span>{in_each_language("no question yet")}'
    return f'<nav class="ribbon"><p class="ribbon-title">{title}</p><div class="cells">{"".join(cells)}</div></nav>'


def _link(collection: Collection, row: int) -> str:
    return link_to(int(collection.sentences[row, 0]), collection.sentence(row).start)


def _columns(rendered_in: str) -> str:
    """The choice between the original, its rendering, and both; none where there is no rendering."""
    if not rendered_in:
        return ""
    names = {
        "both": "both",
        "original": "original",
        "rendered": "rendered zh" if is_chinese(rendered_in) else "rendered",
    }
    buttons = "".join(
        f'<button type="button" class="side" data-columns="{kind}">{in_each_language(name)}</button>'
        for kind, name in names.items()
    )
    label = f'<span class="unseen" id="columns-name">{in_each_language("columns")}</span>'
    return f'<div class="sides" role="group" aria-labelledby="columns-name">{label}{buttons}</div>'


def _whose(document: Document, rendered_in: str) -> str:
    """Whose rendering is shown, in each language of the page; in its own where the document says it in no other."""
    notes = document.rendering_notes
    own = notes.get(rendered_in, "")
    said = {language: notes.get(f"{rendered_in}.{language}", own) for language in LANGUAGES}
    spans = "".join(f'<span class="ui" lang="{language}">{escaped(note)}</span>' for language, note in said.items())
    return f'<p class="whose">{spans}</p>' if own else ""


def _contents(collection: Collection, headings: list[int], rendered_in: str) -> str:
    if not headings:
        return ""
    items = "".join(
        f'<li><a href="{_link(collection, row)}">{_heading(collection, row, rendered_in)}</a></li>' for row in headings
    )
    unfolded = " open" if len(headings) <= _OPEN else ""
    title = in_each_language("contents")
    return f'<details class="contents"{unfolded}><summary>{title}</summary><ol>{items}</ol></details>'


def _heading(collection: Collection, row: int, rendered_in: str) -> str:
    """A heading in the reader's own script and, for readers of the other language, rendered."""
    original = unmarked(collection.quote(row))
    rendering = collection.rendering(row, rendered_in) if rendered_in else None
    own = is_chinese(collection.languages[collection.sentences[row, 0]])
    if rendering is None or own == is_chinese(rendered_in):
        return escaped(original)
    written = collection.languages[collection.sentences[row, 0]]
    shown = {
        language: rendering
        if is_chinese(language) != own
        else original
        if language == written
        else convert(original, language)
        for language in LANGUAGES
    }
    return "".join(f'<span class="ui" lang="{lang}">{escaped(heading)}</span>' for lang, heading in shown.items())
