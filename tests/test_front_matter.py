"""What a file says of itself above its text."""

from __future__ import annotations

from pathlib import Path

import pytest

import corpus
from corpus.front_matter import front_matter
from index import Index

NOTE = """---
title: On owls
authors: [Ann Smith, Bo Li]
Date: 2024-05-01
lang: en-GB
draft:
---

# Owls

They hunt at night.
""".replace("\n", "\r\n")


def test_it_is_known_by_name_in_the_words_it_was_written_in() -> None:
    assert front_matter(NOTE) == {
        "title": "On owls",
        "author": "Ann Smith, Bo Li",
        "date": "2024-05-01",
        "language": "en-GB",
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# Owls\n\n---\ntitle: x\n---\n",
        "---\nThey hunt at night.\n---\n",
        "---\nAnn: Hello.\nBo: Good day.\n---\n",  # names nothing that front matter does
        "---\ntitle: x\n",  # without an end
        "---\ntitle: [x\n---\n",
        "---\n- title\n---\n",
        "---\ntitle: " + "[" * 5000 + "\n---\n",
        "---\ntitle: x\n" + "note: y\n" * 2000 + "---\n",
    ],
)
def test_what_is_no_front_matter_is_text(text: str) -> None:
    assert front_matter(text) == {}


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.getcwd []", "!!python/name:os.system", "&a [*a]"])
def test_it_makes_nothing_but_words(tag: str) -> None:
    assert set(map(type, front_matter(f"---\ntitle: x\nauthor: {tag}\n---\n").values())) <= {str}
    assert "/" not in "".join(front_matter(f"---\ntitle: x\nauthor: {tag}\n---\n").values())


def test_a_file_is_called_and_cited_by_what_it_says_of_itself(tmp_path: Path) -> None:
    (tmp_path / "owls.md").write_bytes(NOTE.encode())
    [document] = corpus.load(tmp_path)
    assert (document.title, document.language, document.text) == ("On owls", "en", NOTE)
    index = Index.build([document])
    for question, said in (("Who wrote this?", "Ann Smith"), ("When was it published?", "2024-05-01")):
        answer = index.ask(question)
        [citation] = answer.citations
        assert said in answer.text
        assert said in citation.quote
        assert document.text[citation.start : citation.end] == citation.quote


def test_a_language_that_is_none_is_told_from_the_text(tmp_path: Path) -> None:
    (tmp_path / "owls.md").write_text("---\ntitle: Owls\nlanguage: English, mostly\n---\n\nThey hunt.\n")
    [document] = corpus.load(tmp_path)
    assert document.language is None
