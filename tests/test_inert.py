"""What documents and questions hold does nothing in a terminal, in a log, in JSON or in Markdown."""

from __future__ import annotations

import html
import json
import logging
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from corpus import Document
from index.inert import Inert, inert_json, markdown, visible

HOSTILE = "就業\u3000e\u0301 \x1b[31m\x07\x9b2J\r\u202e\u2066x\u2028\x85\ufeff\ud800\U000e0041\u061c\u200f\tend\n"


def acts(text: str) -> list[str]:
    """What a terminal acts upon or hides, by Unicode's own account; tab and line feed are wanted."""
    kinds = {character: unicodedata.category(character) for character in text}
    kept = set("\t\n\u00ad\u200b\u200c\u200d\u2060")  # joiners and breaks, which letters need
    return [c for c, kind in kinds.items() if kind in ("Cc", "Cf", "Zl", "Zp", "Cs") and c not in kept]


def test_what_would_be_acted_upon_is_written_out_and_the_rest_is_left() -> None:
    assert acts(HOSTILE)
    shown = visible(HOSTILE)
    assert acts(shown) == []
    assert shown.startswith("就業\u3000e\u0301 \\x1b[31m\\x07\\x9b2J\\x0d\\u202e\\u2066x")
    assert visible("家👨‍👩‍👧 A\u00a0b\n\tc") == "家👨‍👩‍👧 A\u00a0b\n\tc"


def test_json_says_the_same() -> None:
    line = inert_json(json.dumps({"a": HOSTILE}, ensure_ascii=False))
    assert acts(line) == []
    assert json.loads(line) == {"a": HOSTILE}


def test_a_log_line_is_inert() -> None:
    record = logging.LogRecord("x", logging.WARNING, "f", 1, "Passed over: %s", (HOSTILE,), None)
    assert acts(Inert("%(message)s").format(record)) == []


def shown(text: str) -> str:
    """What a reader of Markdown makes of a text, HTML let through: the strictest there is."""
    return str(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text))


WRITTEN = [
    "![a](http://x/y.png)",
    "<img src=x onerror=y>",
    "</p><script>z</script>",
    "<!-- a -->",
    "[a](b)",
    "[1](b)",
    "[![1]](b)",
    "[1]: http://x",
    "[1][a] [a]: b",
    "<http://x>",
    "`b`",
    "**c**",
    "_c_ a_name",
    "~~c~~",
    "# d",
    "> d",
    "1. e",
    "2) e",
    "- f",
    "+ f",
    "* f",
    "---",
    "g\n===",
    "|g|h|\n|-|-|\n|i|j|",
    "g\n:-",
    "$h$",
    "&lt; &#60; &",
    "\\[a](b) \\\\ C:\\d",
]


@pytest.mark.parametrize("written", WRITTEN)
def test_markdown_shows_it_as_it_is(written: str) -> None:
    rendered = shown(markdown(written))
    inside = rendered.removeprefix("<p>").removesuffix("</p>\n")
    assert "<" not in inside
    assert html.unescape(inside) == written


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.lists(st.sampled_from([*"![]()<>`*_~#+-|:=.&;$/\\ \n\t1a就", *WRITTEN]), max_size=30).map("".join))
def test_whatever_is_put_together_markdown_makes_nothing_of_it(written: str) -> None:
    tags = set(re.findall(r"<(\w+)", shown(markdown(written))))
    assert tags <= {"p", "br", "pre", "code"}  # a line that is far indented is shown in a box, as it is


def test_prose_and_the_markers_of_an_answer_stay_as_they_are(article: Document) -> None:
    for text in (
        article.text,
        *article.renderings.values(),
        "It costs $5 (5 %), see a_b. [1] [2]\n\n[1] 3 < 4 & 5 - x",
    ):
        assert markdown(text) == text
