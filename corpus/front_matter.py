"""What a file says of itself above its text: YAML between lines of "---", as Markdown's tools write it."""

from __future__ import annotations

import re
from typing import Any

import yaml

_BLOCK = re.compile(r"---[^\S\n]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[^\S\n]*$", re.DOTALL | re.MULTILINE)
_LONGEST = 8_000  # characters: what is longer is text
# A note that merely begins with a rule, and goes on with "Ann: hello", names none of these.
_TELLING = frozenset("title author authors date lang language description tags categories layout".split())
_CALLED = {"authors": "author", "lang": "language"}


def front_matter(text: str) -> dict[str, str]:
    """The names and values that a text begins with, in lower case and as they are written; {} where it has none.

    The lines stay part of the text: they are found and cited as any others. Of what is nested, lists of words are kept.
    """
    block = _BLOCK.match(text, 0, _LONGEST)
    if not block:
        return {}
    try:
        said: Any = yaml.load(block["yaml"], Loader=yaml.BaseLoader)  # noqa: S506 - it makes nothing but strings
    except (yaml.YAMLError, RecursionError):
        return {}
    if not isinstance(said, dict):
        return {}
    known = {str(name).lower(): _words(value) for name, value in said.items()}
    if not known.keys() & _TELLING:
        return {}
    return {_CALLED.get(name, name): words for name, words in known.items() if words}


def _words(value: Any) -> str:
    words = value if isinstance(value, list) else [value]
    return ", ".join(word.strip() for word in words if isinstance(word, str) and word.strip())
