"""The text of a PDF file in paragraphs: lines are joined that a page's width parted, headings told by their size."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from statistics import median
from unicodedata import east_asian_width

from pypdfium2 import PdfDocument, PdfiumError, PdfTextPage
from pypdfium2.raw import FS_MATRIX, FPDFText_GetFontSize, FPDFText_GetMatrix, FPDFText_GetUnicode

from corpus.errors import DocumentError

_SAMPLED = 8  # characters whose boxes tell a line's
_HEADING = 1.15  # times the height of the text: a line that high is a heading,
_LONGEST_HEADING = 120  # characters
_SAME_HEIGHT = 0.1  # share by which lines of one paragraph differ at most
_MARGIN = 4.0  # heights by which lines of one column begin apart at most
_INDENT = 0.8  # heights by which a line that begins a paragraph stands in
_APART = 1.4  # times the usual distance of lines: then a paragraph ends between them
_SPACED = 0.05  # share of the lines that stand so far apart, from which all paragraphs do
_SHORT = 0.4  # share of a column that a line within a paragraph leaves empty at most, where they do
_SLACK = 1.3  # times the width that a word is thought to have
_PARTING = 0.02  # share of the lines that end in a hyphen, from which words are thought to be parted
_ENDS = 2  # lines at the head and the foot of a page that may be no text:
_RUNNING = 0.6  # where that share of the pages has them, but for the page's number,
_LEAST_PAGES = 3  # of so many at least
_NUMBER, _LONGEST_NUMBER = re.compile(r"\d+"), 4  # digits
_CJK = r"\u2e80-\u2fdf\u3005-\u3007\u3040-\u9fff\uf900-\ufaff"
_WORD = re.compile(
    rf"[—…·「『（《“‘(]*(?:[{_CJK}]|[^\s{_CJK}]+)[、。，；：！？」』）》”’%…·]*"
)  # that no line's end parts
_ITEM = re.compile(
    rf"[•·●▪■◆○]|[-–—*]\s|\(?(?:\d{{1,3}}|[a-zA-Z]|[ivxIVX]{{1,4}})[.)](?:\s|[{_CJK}])|[（(]?[一二三四五六七八九十]{{1,3}}[)）、]"
)
_ENDS_SENTENCE = re.compile(r"[.!?:;。！？：；]\W*$")
_WHOLE_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]+(?=[\s.,;:?!)]|$)")
_LAST_PART, _FIRST_PART = re.compile(r"[^\W\d_]+(?=.$)"), re.compile(r"[^\W\d_]+")
_HYPHENS = "\x02\ufffe"  # which PDFium gives for a hyphen at a line's end, and no other end
_LINE_ENDS = f"\r\n{_HYPHENS}"
_SOFT = re.compile(r"\u00ad(?!$)")
_HYPHENED = re.compile(r"\S[-\u2010]$")


@dataclass(frozen=True)
class _Line:
    """A line and where it stands on its page, in points from the lower left."""

    text: str
    left: float
    right: float
    bottom: float
    height: float

    @property
    def width_of_character(self) -> float:
        return (self.right - self.left) / max(1, _columns(self.text))


@dataclass(frozen=True)
class _Hyphens:
    """What tells whether a hyphen at a line's end is a word's own: the words of the text, and how many lines end so."""

    words: frozenset[str]
    parts_words: bool

    @classmethod
    def of(cls, lines: Sequence[_Line]) -> _Hyphens:
        hyphened = [bool(_HYPHENED.search(line.text)) for line in lines]
        whole = [  # but for what goes on from the line before
            _FIRST_PART.sub("", line.text, count=1) if goes_on else line.text
            for line, goes_on in zip(lines, [False, *hyphened], strict=False)
        ]
        words = frozenset(word.lower() for text in whole for word in _WHOLE_WORD.findall(text))
        return cls(words, sum(hyphened) >= _PARTING * len(lines))

    def between(self, before: str, behind: str) -> str:
        """The hyphen, or nothing, between the line that ends in it and the next."""
        parts = [_LAST_PART.search(before), _FIRST_PART.match(behind)]
        first, second = (part[0].lower() if part else "" for part in parts)
        whole = first + second in self.words
        compound = {first, second} <= self.words or not self.parts_words
        parted = first and second and behind[0].islower() and (whole or not compound)
        return "" if parted else "-"


def read_pdf(file: Path) -> tuple[str, dict[str, str]]:
    """The text of a PDF file, its headings marked as in Markdown, and the title and author it is said to have.

    Raises:
        DocumentError: it is no PDF file, or is locked by a password.
    """
    try:
        with PdfDocument(file.read_bytes()) as document:
            said = document.get_metadata_dict()
            pages = [list(_lines(page.get_textpage())) for page in document]
    except PdfiumError as error:
        if "password" in str(error).lower():
            raise DocumentError(f"{file} is locked by a password.", "Save it without one and run again.") from error
        raise DocumentError(f"{file} is no PDF that can be read.", "Save it anew and run again.") from error
    text = "\n\n".join(_paragraphs(_without_running_lines(pages)))
    return text + "\n", {"title": said.get("Title", ""), "author": said.get("Author", "")}


def _lines(page: PdfTextPage) -> Iterator[_Line]:
    """The lines of a page, in the order of its text."""
    written: list[tuple[int, str]] = []
    for number in range(page.count_chars()):
        character = chr(FPDFText_GetUnicode(page.raw, number))
        if character not in _LINE_ENDS:
            written.append((number, character))
            continue
        if character in _HYPHENS:
            written.append((number, "-"))
        yield from _line(page, written)
        written = []
    yield from _line(page, written)


def _line(page: PdfTextPage, written: list[tuple[int, str]]) -> Iterator[_Line]:
    """The line of those characters of a page; none, where they are only white space."""
    text = "".join(character for _, character in written).replace("\0", "")
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # each half is a character of its own
    text = _SOFT.sub("", " ".join(text.split())).replace("\u00ad", "-")
    inked = [number for number, character in written if not character.isspace()]
    if text and inked:
        sampled = {inked[0], inked[-1], *inked[:: 1 + len(inked) // _SAMPLED]}  # a box takes time
        boxes = [page.get_charbox(number, loose=True) for number in sampled]
        yield _Line(
            text,
            left=min(left for left, _, _, _ in boxes),
            right=max(right for _, _, right, _ in boxes),
            bottom=median(bottom for _, bottom, _, _ in boxes),
            height=median(_height(page, number) for number in sampled),
        )


def _height(page: PdfTextPage, number: int) -> float:
    """The size of a character's font as it is drawn, in points."""
    matrix = FS_MATRIX()
    drawn = FPDFText_GetMatrix(page.raw, number, matrix)
    return float(FPDFText_GetFontSize(page.raw, number)) * (math.hypot(matrix.b, matrix.d) if drawn else 1.0)


def _without_running_lines(pages: list[list[_Line]]) -> list[list[_Line]]:
    """The lines of pages without those that stand at the head or foot of most, but for the number of the page."""
    if len(pages) < _LEAST_PAGES:
        return pages

    def ways(line: _Line, page: int) -> set[tuple[str, int]]:
        """A line as it is, and without each of its numbers: how far that is from the page's."""
        numbers = [number for number in _NUMBER.finditer(line.text) if len(number[0]) <= _LONGEST_NUMBER]
        return {(line.text, 0)} | {
            (f"{line.text[: number.start()]}\0{line.text[number.end() :]}", int(number[0]) - page) for number in numbers
        }

    seen = Counter(
        way
        for number, page in enumerate(pages)
        for way in set().union(*(ways(line, number) for line in (*page[:_ENDS], *page[-_ENDS:])))
    )
    running = {way for way, count in seen.items() if count >= _RUNNING * len(pages)}
    return [
        [
            line
            for place, line in enumerate(page)
            if _ENDS <= place < len(page) - _ENDS or not running & ways(line, number)
        ]
        for number, page in enumerate(pages)
    ]


def _paragraphs(pages: list[list[_Line]]) -> Iterator[str]:
    """What is written on the pages, a paragraph or a heading at a time."""
    lines = [(line, page) for page in pages for line in page]
    if not lines:
        return
    usual = _usual_height(pages)
    leading, spaced = _leading(pages, usual)
    hyphens = _Hyphens.of(list(chain.from_iterable(pages)))
    written = ""
    for (line, page), (following, its_page) in zip(lines, [*lines[1:], (None, [])], strict=True):
        if not written and line.height > _HEADING * usual and len(line.text) <= _LONGEST_HEADING:
            written = "# "
        written += line.text
        if following is None or not _goes_on(line, page, following, its_page, leading, spaced):
            yield written
            written = ""
        elif _HYPHENED.search(written):
            written = written[:-1] + hyphens.between(written, following.text)
        elif not (_is_wide(written[-1]) or _is_wide(following.text[0])):
            written += " "


def _usual_height(pages: list[list[_Line]]) -> float:
    """The height of the line that most characters stand in, in points."""
    heights = Counter[float]()
    for line in chain.from_iterable(pages):
        heights[round(line.height, 1)] += len(line.text)
    return heights.most_common(1)[0][0]


def _leading(pages: list[list[_Line]], usual: float) -> tuple[float, bool]:
    """How far lines of text stand apart, in points, and whether paragraphs stand further apart."""
    alike = [[line for line in page if abs(line.height - usual) <= _SAME_HEIGHT * usual] for page in pages]
    steps = [line.bottom - below.bottom for page in alike for line, below in pairwise(page)]
    steps = [step for step in steps if 0 < step < _MARGIN * usual]
    leading = median(steps or [0.0])
    wider = sum(step > _APART * leading for step in steps)
    return leading, wider >= _SPACED * len(steps) > 0


def _goes_on(
    line: _Line, page: list[_Line], following: _Line, its_page: list[_Line], leading: float, spaced: bool
) -> bool:
    """Whether the paragraph of a line goes on in the next.

    Where paragraphs do not stand apart, one ends in a line that has room for the first word of the next.
    """
    word = _WORD.match(following.text)
    if not word or abs(line.height - following.height) > _SAME_HEIGHT * line.height:
        return False
    column = [other for other in page if abs(other.left - line.left) <= _MARGIN * line.height]
    edge = max(other.right for other in column)
    room = edge - line.right
    is_full = room < _SLACK * following.width_of_character * (_columns(word[0]) + 1)
    ends = _ENDS_SENTENCE.search(line.text)
    if _ITEM.match(following.text) and (ends or not is_full):
        return False
    if page is not its_page or following.bottom > line.bottom:  # another page or column
        return not ends or is_full
    if line.bottom - following.bottom > _APART * leading:
        return False
    if following.text[0].islower() and not ends:
        return True
    if following.left - line.left > _INDENT * line.height:
        return False
    return room < _SHORT * (edge - line.left) if spaced else is_full


def _columns(text: str) -> int:
    return sum(2 if _is_wide(character) else 1 for character in text)


def _is_wide(character: str) -> bool:
    return east_asian_width(character) in "WF"
