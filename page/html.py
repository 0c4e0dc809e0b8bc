"""HTML that is safe to show: every character of a question or a document is escaped."""

from __future__ import annotations

from page.texts import LANGUAGES, text

# What HTML or Markdown would read as more than itself, as numeric references.
_REFERENCES = str.maketrans({character: f"&#{ord(character)};" for character in "&<>\"'\\`*_{}[]()#+-.!|~$:@^="})
_STRAYS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they turn what follows them around


def escaped(written: str) -> str:
    """Text that neither HTML nor Markdown finds anything in; control characters become spaces."""
    visible = "".join(c if c.isprintable() and c not in _STRAYS else " " for c in written)
    return visible.translate(_REFERENCES)


def in_each_language(name: str, **values: object) -> str:
    """A text of the page in all its languages, of which the style sheet shows the reader's own."""
    return "".join(
        f'<span class="ui" lang="{language}">{escaped(text(name, language, **values))}</span>' for language in LANGUAGES
    )


def link_to(document: int, start: int) -> str:
    """The link to the sentence of a document that starts there; the first document goes without saying."""
    return f"#d{document}s{start}" if document else f"#s{start}"
