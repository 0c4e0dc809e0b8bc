"""Text -> sentences with exact offsets, each told its role and its section."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

VERSION = 1  # raise it whenever the same text would be cut differently: saved indexes then count as stale

Headings = Literal["lines", "first-sentence"]
Span = tuple[int, int]


class Role(StrEnum):
    """What a sentence is in its document."""

    TITLE = "title"
    HEADING = "heading"
    BODY = "body"
    END_MARK = "end mark"
    CREDIT = "credit line"

    @property
    def is_content(self) -> bool:
        """Whether such a sentence may be found and cited."""
        return self not in (Role.END_MARK, Role.CREDIT)


@dataclass(frozen=True)
class Segment:
    """One sentence: `text[start:end]`, its role, and the number of its section (0 before the first heading)."""

    start: int
    end: int
    role: Role
    section: int


_LONGEST = 600  # characters; a longer "sentence" is a list or a table, and is cut at its own marks
_CLOSERS = "”’」』）)】》〉〕\"'"
_ENDS = re.compile(rf"[。！？!?｡؟।．]+[{_CLOSERS}]*|(?<!\.)\.++[{_CLOSERS}]*(?=\s|$)")
_CLAUSE = re.compile(r"[；;，,、：:\s]")
_END_MARKS = re.compile(r"(?<![■□▪▫◼◻∎◆◇●])[■□▪▫◼◻∎◆◇●]++\s*$")
_CREDIT = re.compile(
    r"\s*[(（【\[]?\s*(責任編輯|责任编辑|責編|责编|本期編輯|本期编辑|編輯|编辑|校對|校对|校審|校审|審核|审核|排版"
    r"|(?:managing |responsible )?editors?|edited by|proofread(?:er| by))\s*[/／:：|]",
    re.IGNORECASE,
)
_CREDIT_LINES = 3  # how many lines from the end may be credit_lines
_LIST_MARK = re.compile(r"\s*(?:[-*•·]\s|#{1,6}\s|\(?\d{1,3}[.)、]|[（(]?[一二三四五六七八九十]{1,3}[)）、.])")
_MARKDOWN_HEADING = re.compile(r"\s{0,3}#{1,6}\s+")
_NUMBERED_HEADING = re.compile(r"\s*(?:第[一二三四五六七八九十百\d]+[章节節編编部分條条]|[一二三四五六七八九十]+、)")
_HEADING_WIDTH = 80  # columns, a Chinese character counting two
_WRAPPED = (50, 120)  # columns of the widest line, where a paragraph may be wrapped at a fixed width
_TERMINAL = re.compile(rf"[。！？!?｡؟।．.:：;；][{_CLOSERS}]*$")
_LAST_WORD = re.compile(r"[A-Za-z.]+$")
_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof sr jr st mt ft gen col lt sgt capt rev hon gov sen rep vs etc eg ie cf al no nos vol pp ed eds
    fig figs eq inc ltd co corp dept univ approx est jan feb mar apr jun jul aug sep sept oct nov dec""".split()
)


def segment(text: str, headings: Headings = "lines") -> list[Segment]:
    """Cut a text into sentences.

    Time is linear in the text's length.

    Args:
        text: any text.
        headings: how the text marks its sections: "lines", short lines of their own, numbered or in Markdown; or
            "first-sentence", each paragraph of several sentences being a section that opens with its heading.

    Returns:
        Segments in the order of the text; they don't overlap, and hold every character but white space.
    """
    lines = list(_logical_lines(text))
    credit_lines = {
        place
        for place in range(max(0, len(lines) - _CREDIT_LINES), len(lines))
        if _is_credit(text[slice(*lines[place])])
    }
    content = [place for place in range(len(lines)) if place not in credit_lines]
    if not content:
        credit_lines, content = set(), list(range(len(lines)))
    segments: list[Segment] = []
    section = 0
    for place, (start, end) in enumerate(lines):
        if place in credit_lines:
            segments.append(Segment(start, end, Role.CREDIT, section))
            continue
        mark = _END_MARKS.search(text, start, end)
        body_end = mark.start() if mark else end
        sentences = list(_sentences(text, start, body_end))
        followed = place != content[-1]
        if place == content[0] and followed and _is_heading(text[start:body_end]):
            roles = [Role.TITLE] * len(sentences)
        elif headings == "first-sentence" and len(sentences) > 1:
            section += 1
            roles = [Role.HEADING] + [Role.BODY] * (len(sentences) - 1)
        elif headings == "lines" and followed and _is_heading(text[start:body_end]):
            section += 1
            roles = [Role.HEADING] * len(sentences)
        else:
            roles = [Role.BODY] * len(sentences)
        segments += [Segment(*span, role, section) for span, role in zip(sentences, roles, strict=True)]
        if mark:
            segments.append(Segment(*_trimmed(text, mark.start(), end), Role.END_MARK, section))
    return segments


def _logical_lines(text: str) -> Iterator[Span]:
    """Lines that hold something; those that were broken in the middle of a sentence are joined."""
    paragraph: list[Span] = []
    for start, end in (*physical_lines(text), (len(text), len(text))):
        if start < end:
            paragraph.append((start, end))
            continue
        yield from _joined(text, paragraph)
        paragraph = []


def physical_lines(text: str) -> Iterator[Span]:
    """Each line without the white space around it; a blank line starts where it ends."""
    position = 0
    for line in text.splitlines(keepends=True):
        yield _trimmed(text, position, position + len(line))
        position += len(line)


def _joined(text: str, lines: list[Span]) -> Iterator[Span]:
    """The lines of one paragraph, joined where they look wrapped at a fixed width."""
    widths = [_width(text[start:end]) if end - start <= _WRAPPED[1] else _WRAPPED[1] + 1 for start, end in lines]
    widest = max(widths, default=0)
    wrapped = _WRAPPED[0] <= widest <= _WRAPPED[1]
    first = 0
    for place, (start, end) in enumerate(lines):
        goes_on = (
            wrapped
            and place + 1 < len(lines)
            and widths[place] >= 0.75 * widest
            and not _TERMINAL.search(text, start, end)
            and not _LIST_MARK.match(text, lines[place + 1][0])
            and not _MARKDOWN_HEADING.match(text, start)
        )
        if not goes_on:
            yield lines[first][0], end
            first = place + 1


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Sentences of one line, none longer than `_LONGEST`."""
    for span in _cut(text, start, end):
        begin, stop = _trimmed(text, *span)
        while stop - begin > _LONGEST:
            marks = [match.end() for match in _CLAUSE.finditer(text, begin + _LONGEST // 2, begin + _LONGEST)]
            cut = marks[-1] if marks else begin + _LONGEST
            yield _trimmed(text, begin, cut)
            begin, stop = _trimmed(text, cut, stop)
        if begin < stop:
            yield begin, stop


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    for match in _ENDS.finditer(text, start, end):
        if match.end() == end or _ends_sentence(text, match):
            yield start, match.end()
            start = match.end()
    yield start, end


def _ends_sentence(text: str, mark: re.Match[str]) -> bool:
    """Whether a mark inside a line ends a sentence: not so in "Dr. Li", "3.5", "J. Smith" or "Yahoo! is"."""
    if mark[0][0] not in ".!?":
        return True
    following = text[mark.end() : mark.end() + 8].lstrip()[:1]
    if not text[mark.end()].isspace():
        return mark[0][0] != "." and _is_cjk(following)
    if following.islower():
        return False
    word = _LAST_WORD.search(text, max(0, mark.start() - 12), mark.start())
    if mark[0][0] != "." or not word:
        return True
    return not (word[0].lower().replace(".", "") in _ABBREVIATIONS or (len(word[0]) == 1 and word[0].isupper()))


def _is_heading(line: str) -> bool:
    if _MARKDOWN_HEADING.match(line):
        return True
    if len(line) > _HEADING_WIDTH or _width(line) > _HEADING_WIDTH or _TERMINAL.search(line):
        return False
    return bool(_NUMBERED_HEADING.match(line)) or not _LIST_MARK.match(line)


def _is_credit(line: str) -> bool:
    return len(line) <= _HEADING_WIDTH and bool(_CREDIT.match(line)) and not _TERMINAL.search(line)


def _trimmed(text: str, start: int, end: int) -> Span:
    """The span without the white space around it."""
    inner = text[start:end].strip()
    if not inner:
        return end, end
    start += text[start:end].index(inner[0])
    return start, start + len(inner)


def _width(text: str) -> int:
    """Columns on a terminal."""
    return sum(2 if _is_cjk(character) else 1 for character in text)


def _is_cjk(character: str) -> bool:
    return (
        "\u2e80" <= character <= "\u9fff"
        or "\uac00" <= character <= "\ud7a3"
        or "\uf900" <= character <= "\ufaff"
        or "\uff00" <= character <= "\uffef"
        or "\U00020000" <= character <= "\U0003ffff"
    )
