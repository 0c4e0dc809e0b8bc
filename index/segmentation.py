"""Text -> sentences with exact offsets, each told its role and its section."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from itertools import chain, groupby, pairwise

from corpus.documents import Headings

VERSION = 3  # raise it whenever the same text would be cut differently: saved indexes then count as stale

Span = tuple[int, int]


class Role(StrEnum):
    """What a sentence is in its document."""

    TITLE = "title"
    HEADING = "heading"
    BODY = "body"
    END_MARK = "end mark"
    CREDIT = "credit line"
    RULE = "rule"  # a line without a letter or a digit, or one that opens or ends code
    HEADER = "table header"  # the row that names the columns

    @property
    def is_content(self) -> bool:
        """Whether such a sentence may be found and cited."""
        return self not in (Role.END_MARK, Role.CREDIT, Role.RULE)


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
_INK = re.compile(r"\S")
_END_MARKS = re.compile(r"(?<![■□▪▫◼◻∎◆◇●])[■□▪▫◼◻∎◆◇●]++\s*$")
_CREDIT = re.compile(
    r"\s*[(（【\[]?\s*(責任編輯|责任编辑|責編|责编|本期編輯|本期编辑|編輯|编辑|校對|校对|校審|校审|審核|审核|排版"
    r"|(?:managing |responsible )?editors?|edited by|proofread(?:er| by))\s*[/／:：|]",
    re.IGNORECASE,
)
_CREDIT_LINES = 3  # how many lines from the end may be credit_lines
_LIST_MARK = re.compile(r"\s*(?:[-*•·]\s|#{1,6}\s|\(?\d{1,3}[.)、]|[（(]?[一二三四五六七八九十]{1,3}[)）、.])")
_MARKDOWN_HEADING = re.compile(r"\s{0,3}#{1,6}\s+")
_CLOSING = re.compile(r"\s+#+\s*$")  # marks that end it
_NUMBERED_HEADING = re.compile(r"\s*(?:第[一二三四五六七八九十百\d]+[章节節編编部分條条]|[一二三四五六七八九十]+、)")
_SUBSECTION = re.compile(r"\d{1,3}(?:\.\d{1,3})+\.?\s+(?=[^\W\d_])(?![a-z])")  # "2.1 Scope"; not "2.5 kg"
_NUMBER = re.compile(r"\(?\d{1,3}[.)、](?!\d)")  # "1. Scope", of a list or a section
_NO_HEADING = re.compile(r"[|<]|!\[|.*\t")  # rows of tables, HTML, pictures
_FENCE = re.compile(r"(?:```|~~~)[^`]*$")  # around code, in Markdown
ROW = "|"  # begins a row of a table
_UNDER_HEADER = frozenset("|:- \t")  # what the line under a table's header is made of
# "Phone: 555-0147", "**Date:** 14 May", "姓名：王五": a label and its value; not "9:00", "http://x", "Part 2: Rain".
_LABELLED = re.compile(
    r"(?!(?:act|appendix|article|book|chapter|lesson|module|part|scene|section|unit|volume|week)\b\W{0,2}\w{1,8}\W{0,3}[:：])"
    r"[^\s:：。！？!?][^:：。！？!?]{0,30}(?:：|:(?![\d/])|(?<!\d):(?!/))\**\s*[^\s*]",
    re.IGNORECASE,
)
_HEADING_WIDTH = 80  # columns, a Chinese character counting two
ANNOUNCING = (":", "：")  # end what announces a list
ASKING = ("?", "？")  # end what asks
_LISTED = 3  # short lines that follow each other: the first may be their heading
_WRAPPED = (50, 120)  # columns of the widest line, where a paragraph may be wrapped at a fixed width
_TERMINAL = re.compile(rf"[。！？!?｡؟।．.:：;；][{_CLOSERS}]*$")
_LAST_WORD = re.compile(r"[A-Za-z.]+$")
ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof sr jr st mt ft gen col lt sgt capt rev hon gov sen rep vs etc eg ie cf al no nos vol pp ed eds
    fig figs eq inc ltd co corp dept univ approx est sec sect ch chap art para jan feb mar apr jun jul aug sep sept oct
    nov dec""".split()
)
_LAST_OF_NAMES = frozenset("co corp etc inc jr ltd sr".split())  # these, too, may end a sentence
_INITIALS = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]")  # "U.S", "p.m": and these,
_OPENERS = frozenset(  # or not, as the next word tells
    """a after all also although an and as at because before both but by each even for from he her here his how however
    if in it its later many most no not on one only other our people several she since so some such that the their
    then there these they this those though thus to today under we what when where which while who why with you
    your""".split()
)
_WORD = re.compile(r"\s*[^\w\s]*([A-Za-z]+)")
_QUOTE_ENDS = tuple("”’」』\"'")
# Who said what stands before it: "小李說。"; not "小說" or "訪問", nor "對他來說，", which goes with what follows.
_SAYS_IN_CHINESE = re.compile(
    r"[^\W\d_]{1,6}(?<![小傳传學学據据聽听所來来話话是訪访疑])"
    r"(?:[說说問问答喊叫嚷吼嘆叹罵骂]道|[說说問问喊嚷吼]著?|回答)(?:[。！？!]|[，,]\s*[“「『\"])"
)
_SAYS_IN_ENGLISH = re.compile(  # "Ellen asked." Not "Nobody answered.", nor "Ellen said nothing."
    r"\s+(?!Nobody\b)(?:I|The \w{1,12}|[A-Z]\w{1,15}(?: [A-Z]\w{1,15})?)(?: \w{2,12}ly)? (?:added|answered|asked|begged"
    r"|called|cried|demanded|exclaimed|muttered|replied|said|shouted|whispered|wondered|yelled)"
    r"(?: \w{2,12}ly| again| back)?[.,!?]"
)
_LONGEST_SAYING = 60  # characters of such words
_NUMBER_BEFORE = re.compile(r"(?:^|[:：;；])\s*\(?\d{1,3}(?:\.\d{1,3})*$")  # what an item of a list begins with


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
    paragraphs = list(_paragraphs(text))
    lines = [line for paragraph in paragraphs for line in paragraph]
    credit_lines = {
        place
        for place in range(max(0, len(lines) - _CREDIT_LINES), len(lines))
        if _is_credit(text[slice(*lines[place])])
    }
    rules = {place for place, line in enumerate(lines) if _is_rule(text, *line)}
    outside = credit_lines | rules
    content = [place for place in range(len(lines)) if place not in outside]
    if not content:
        credit_lines, content = set(), [place for place in range(len(lines)) if place not in rules]
    headers = {place for place, (row, under) in enumerate(pairwise(lines)) if _is_header(text, row, under)}
    looks = _looks(text, paragraphs)
    heading_lines = _heading_lines(text, paragraphs, looks) if headings == "lines" else set()
    segments: list[Segment] = []
    section = 0
    for place, (start, end) in enumerate(lines):
        if place in credit_lines:
            segments.append(Segment(start, end, Role.CREDIT, section))
            continue
        mark = _END_MARKS.search(text, start, end)
        body_end = mark.start() if mark else end
        is_rule, is_row = place in rules, text.startswith(ROW, start)
        followed = not is_rule and place != content[-1]
        is_title = followed and place == content[0] and looks[place] in (_Line.HEADING, _Line.NAMED)
        is_heading = followed and place in heading_lines
        whole = is_title or is_heading or is_row or is_rule
        sentences = list(_pieces(text, [(start, body_end)] if whole else _cut(text, start, body_end)))
        if is_title:
            roles = [Role.TITLE] * len(sentences)
        elif headings == "first-sentence" and len(sentences) > 1 and not whole:
            section += 1
            roles = [Role.HEADING] + [Role.BODY] * (len(sentences) - 1)
        elif is_heading:
            section += 1
            roles = [Role.HEADING] * len(sentences)
        else:
            role = Role.RULE if is_rule else Role.HEADER if place in headers else Role.BODY
            roles = [role] * len(sentences)
        segments += [Segment(*span, role, section) for span, role in zip(sentences, roles, strict=True)]
        if mark:
            segments.append(Segment(*_trimmed(text, mark.start(), end), Role.END_MARK, section))
    return segments


def _paragraphs(text: str) -> Iterator[list[Span]]:
    """The lines between blank ones; those that were broken in the middle of a sentence are joined."""
    paragraph: list[Span] = []
    for start, end in (*physical_lines(text), (len(text), len(text))):
        if start < end:
            paragraph.append((start, end))
        elif paragraph:
            yield list(_joined(text, paragraph))
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
            and not text.startswith(ROW, start)
            and not text.startswith(ROW, lines[place + 1][0])
            and not _FENCE.match(text, start, end)
            and not _FENCE.match(text, *lines[place + 1])
            and not (_is_labelled(text[start:end]) and _is_labelled(text[slice(*lines[place + 1])]))
        )
        if not goes_on:
            yield lines[first][0], end
            first = place + 1


def _pieces(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Spans without the white space around them, none longer than `_LONGEST`."""
    for span in spans:
        begin, stop = _trimmed(text, *span)
        while stop - begin > _LONGEST:
            marks = [match.end() for match in _CLAUSE.finditer(text, begin + _LONGEST // 2, begin + _LONGEST)]
            cut = marks[-1] if marks else begin + _LONGEST
            yield _trimmed(text, begin, cut)
            ink = _INK.search(text, cut, stop)
            begin = ink.start() if ink else stop
        if begin < stop:
            yield begin, stop


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """Sentences of one line."""
    for match in _ENDS.finditer(text, start, end):
        if match.end() == end or _ends_sentence(text, start, match):
            yield start, match.end()
            start = match.end()
    yield start, end


def _ends_sentence(text: str, start: int, mark: re.Match[str]) -> bool:
    """Whether a mark inside a line ends the sentence that starts there.

    Not so in "Dr. Li", "3.5", "2. Pay", "the U.S. Senate" or "Yahoo! is", or where it is said whose words those were.
    """
    if mark[0].endswith(_QUOTE_ENDS):
        behind = mark.end(), mark.end() + _LONGEST_SAYING
        if _SAYS_IN_CHINESE.match(text, *behind) or _SAYS_IN_ENGLISH.match(text, *behind):
            return False
    if mark[0][0] not in ".!?":
        return True
    following = text[mark.end() : mark.end() + 8].lstrip()[:1]
    if not text[mark.end()].isspace():
        return mark[0][0] != "." and _is_cjk(following)
    if following.islower():
        return False
    if mark[0][0] != ".":
        return True
    if _NUMBER_BEFORE.search(text[max(start, mark.start() - 20) : mark.start()]):
        return False
    word = _LAST_WORD.search(text, max(0, mark.start() - 12), mark.start())
    if not word:
        return True
    known = word[0].lower().replace(".", "")
    if _INITIALS.fullmatch(word[0]) or known in _LAST_OF_NAMES:
        next_word = _WORD.match(text, mark.end(), mark.end() + 20)
        return next_word is not None and next_word[1].lower() in _OPENERS
    return not (known in ABBREVIATIONS or (len(word[0]) == 1 and word[0].isupper()))


class _Line(Enum):
    """What a line may be by its look."""

    HEADING = auto()
    NAMED = auto()  # short, without a number: a heading, or one of a list
    NUMBERED = auto()  # "1. Scope": the same
    OTHER = auto()


def _look(line: str) -> _Line:
    if _MARKDOWN_HEADING.match(line):
        return _Line.HEADING
    if len(line) > _HEADING_WIDTH or _width(line) > _HEADING_WIDTH or _TERMINAL.search(line):
        return _Line.OTHER
    if _NUMBERED_HEADING.match(line) or _SUBSECTION.match(line):
        return _Line.HEADING
    if _LIST_MARK.match(line):
        return _Line.NUMBERED if _NUMBER.match(line) else _Line.OTHER
    return _Line.NAMED if any(map(str.isalnum, line)) and not _NO_HEADING.match(line) else _Line.OTHER


def _is_labelled(line: str) -> bool:
    """Whether a line, of no list or table, is a label and its value: "Phone: 555-0147"."""
    return bool(_LABELLED.match(line)) and not is_item(line) and not _NO_HEADING.match(line)


def _looks(text: str, paragraphs: Sequence[Sequence[Span]]) -> list[_Line]:
    """What each line may be by its look and its neighbours'.

    What stands in a fence is no heading, nor is one of several labels with their values. A document's first line, where
    it is a paragraph, may be its title all the same.
    """
    flat = [*chain(*paragraphs)]
    looks = [_look(text[slice(*line)]) for line in flat]
    fences = [place for place, line in enumerate(flat) if _FENCE.match(text, *line)]
    for first, last in zip(fences[::2], fences[1::2], strict=False):
        looks[first : last + 1] = [_Line.OTHER] * (last + 1 - first)
    labelled = [
        look in (_Line.NAMED, _Line.OTHER) and _is_labelled(text[slice(*line)])
        for look, line in zip(looks, flat, strict=True)
    ]
    titled = bool(paragraphs) and len(paragraphs[0]) == 1
    for place, (one, next_) in enumerate(pairwise(labelled)):
        if one and next_:
            looks[place : place + 2] = [looks[0] if titled and not place else _Line.OTHER, _Line.OTHER]
    return looks


def _heading_lines(text: str, paragraphs: Sequence[Sequence[Span]], looks: Sequence[_Line]) -> set[int]:
    """The places, among all lines, of those that are headings.

    Of three or more short lines that follow each other the first alone is one: the others are its list, and all are
    where the line before them ends in a colon. "1. Scope" is one where it is a paragraph, and neither neighbour is
    such a one: else it is of a list. It is one, too, where it opens a paragraph and each number there stands on text.
    """
    flat = [*chain(*paragraphs)]
    items = [len(lines) == 1 and bool(_NUMBER.match(text, lines[0][0])) for lines in paragraphs]
    found: set[int] = set()
    place = 0
    for number, lines in enumerate(paragraphs):
        alone = items[number] and sum(items[max(0, number - 1) : number + 2]) == 1
        opens, behind = place, place + len(lines)
        found.update(_on_text(text, flat, looks, opens, behind))
        for look, group in groupby(looks[opens:behind]):
            size = len(list(group))
            listed = place > opens and text.endswith(ANNOUNCING, 0, flat[place - 1][1])
            if look is _Line.HEADING or (look is _Line.NAMED and size < _LISTED and not listed):
                found.update(range(place, place + size))
            elif (look is _Line.NAMED and not listed) or (look is _Line.NUMBERED and alone):
                found.add(place)
            place += size
    return found


def _on_text(text: str, flat: Sequence[Span], looks: Sequence[_Line], opens: int, behind: int) -> list[int]:
    """The numbered lines of a paragraph, if it opens with one and each stands on text that begins a sentence."""
    numbered = [place for place in range(opens, behind) if looks[place] is _Line.NUMBERED]
    announced = opens > 0 and text.endswith(ANNOUNCING, 0, flat[opens - 1][1])
    if opens not in numbered or announced:
        return []
    for place in numbered:
        line = text[slice(*flat[place + 1])] if place + 1 < behind else ""
        if not line or looks[place + 1] is not _Line.OTHER or is_item(line) or line[0].islower():
            return []
    return numbered


def is_item(line: str) -> bool:
    """Whether a line begins as an item of a list: with a number, a dash or a dot."""
    return bool(_LIST_MARK.match(line))


def is_listed(line: str) -> bool:
    """Whether a line looks like one of a list, marked or not, or of a table."""
    return is_item(line) or line.startswith(ROW) or _look(line) is _Line.NAMED


def unmarked(heading: str) -> str:
    """A heading without the marks that make it one in Markdown."""
    return _CLOSING.sub("", heading[mark.end() :]) if (mark := _MARKDOWN_HEADING.match(heading)) else heading


def _is_rule(text: str, start: int, end: int) -> bool:
    """Whether a line says nothing: marks alone, or what opens or ends code."""
    return not any(map(str.isalnum, text[start:end])) or bool(_FENCE.match(text, start, end))


def _is_header(text: str, row: Span, under: Span) -> bool:
    """Whether a line is a row of a table that names its columns: the line under it, of dashes, tells."""
    dashes = text[slice(*under)]
    is_table = text.startswith(ROW, row[0]) and dashes.startswith(ROW)
    return is_table and "-" in dashes and _UNDER_HEADER.issuperset(dashes)


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
