"""What documents and questions hold does nothing in a terminal, in a log, in JSON or in Markdown."""

from __future__ import annotations

import json
import logging
import unicodedata

import pytest

from index.inert import Inert, inert_json, markdown, visible

HOSTILE = "就業\u3000e\u0301 \x1b[31m\x07\x9b2J\r\u202e\u2066x\u2028\x85\ufeff\ud800\U000e0041\tend\n"


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


@pytest.mark.parametrize(
    "written",
    [
        "![a](http://x/y.png)",
        "<img src=x>",
        "[a](b)",
        "<http://x>",
        "`b`",
        "**c**",
        "# d",
        "1. e",
        "- f",
        "|g|",
        "$h$",
        "&lt;",
    ],
)
def test_markdown_shows_it_as_it_is(written: str) -> None:
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown(written))
    assert html.startswith("<p>")
    inside = html.removeprefix("<p>").removesuffix("</p>\n")
    assert "<" not in inside
    import html as html_module

    assert html_module.unescape(inside) == written
