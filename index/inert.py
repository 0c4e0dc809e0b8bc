"""Text that does nothing where it is shown: in a terminal, in a table, in Markdown."""

from __future__ import annotations

import json
import logging
import re

# What a terminal acts upon, and what turns the characters after it around or hides them; not tab and line feed. Written
# by their numbers: C0 and C1 controls, the Arabic letter mark, marks, embeddings, overrides and isolates of direction,
# line and paragraph separators, the byte order mark, tags, lone surrogates.
_ACTS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\U000e0000-\U000e007f]"
)
# What Markdown (CommonMark, and GitHub's) acts upon, and only where it does, so that prose stays as it is. An image is
# nothing without its bracket, and a number in brackets nothing but where an address, a bracket or a definition follows.
_MARKDOWN = re.compile(
    r"""\\(?=[!-/:-@\[-`{-~\n])      # what would keep another character from being acted upon
    | [`*]
    | (?<![^\W_])_ | _(?![^\W_])     # but not inside of a_name
    | \[(?!\d+\](?![(\[:]))          # links, images, notes and their definitions
    | <(?=[a-zA-Z/!?])               # HTML
    | &(?=\#?\w+;)
    | \$(?=[^\n]*\$) | ~(?=[^\n]*~)  # formulas, and what is struck out
    """,
    re.VERBOSE,
)
_LINES = re.compile(  # the starts of headings, quotations and lists; rules and the second line of a table
    r"^[ \t]*(?:(?=\#{1,6}(?:\s|$)|>|[+-](?:\s|$)|[-|:=][-|:= \t]*$)|[0-9]{1,9}(?=[.)](?:\s|$)))", re.MULTILINE
)


def visible(text: str) -> str:
    """Text in which every character that would be acted upon is written out: "\\x1b" for an escape."""
    return _ACTS.sub(lambda match: _written_out(ord(match[0])), text)


def inert_json(text: str) -> str:
    """JSON that says the same, and that a terminal or a reader of lines finds nothing in."""
    return _ACTS.sub(lambda match: json.dumps(match[0])[1:-1], text)


def _written_out(number: int) -> str:
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def markdown(text: str) -> str:
    """Text that Markdown shows as it is: no image is fetched, nothing hidden behind a link, no HTML let through.

    An address that is written out stays one, for it leads where it says.
    """
    return _LINES.sub(r"\g<0>\\", _MARKDOWN.sub(r"\\\g<0>", visible(text)))


class Inert(logging.Formatter):
    """Formats a log line whose file names and questions do nothing to a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return visible(super().format(record))


def log_to_stderr() -> None:
    """Have warnings written to standard error, a line each."""
    handler = logging.StreamHandler()
    handler.setFormatter(Inert("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
