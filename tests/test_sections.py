"""Whole sections: all of the text, each found by its number, a character or its heading."""

from __future__ import annotations

import time

import numpy as np
import pytest

from corpus.documents import Document
from index.collection import Collection
from index.errors import DocumentError
from index.sections import row_at, section_at, section_headed, section_numbered, sections

GUIDE = Document(
    "guide",
    "The zoo\n\nIt is old.\n\n# Birds\n\nPenguins swim. Owls fly.\nThey sleep by day.\n\n# Big cats\n\nLions roar.\n",
    title="A guide",
    renderings={
        "zh-Hant": "動物園\n它很老。\n鳥類\n企鵝游泳。\n貓頭鷹會飛。\n牠們白天睡覺。\n大型貓科動物\n獅子吼叫。"
    },
    rendering_notes={"zh-Hant": "ours"},
)


def test_sections_hold_all_of_the_article(article: Document) -> None:
    whole = sections(Collection.of([article]), article.id)
    assert [section.number for section in whole] == list(range(7))
    assert all(article.text[section.start : section.end] == section.text for section in whole)
    assert "".join("".join(section.text for section in whole).split()) == "".join(article.text.split())
    assert whole[0].heading == whole[0].heading_rendering == ""
    assert whole[1].text.startswith(whole[1].heading)
    assert whole[1].rendering.startswith(whole[1].heading_rendering)
    assert whole[1].heading_rendering.startswith("Improve the quality")
    assert whole[0].rendering.count("\n") == 1
    assert whole[6].text.splitlines()[-1].startswith("責任編輯")
    assert "not the publisher's" in whole[3].rendering_note


def test_renderings_keep_the_lines_of_the_original() -> None:
    collection = Collection.of([Document("first", "Something else."), GUIDE])
    birds = sections(collection, "guide", "zh-Hant")[1]
    assert (birds.heading, birds.heading_rendering) == ("Birds", "鳥類")
    assert birds.rendering == "鳥類\n企鵝游泳。 貓頭鷹會飛。\n牠們白天睡覺。"
    assert birds.rendering_note == "ours"
    assert sections(collection, "guide")[1].rendering == ""
    assert [section.text for section in sections(collection, "first")] == ["Something else."]


def test_a_numbered_heading_is_rendered_by_one_line() -> None:
    text = "# 1. Minutes\n\nIt rains.\n\n## 2. The gate. A plan\n\nIt is old. It squeaks."
    rendering = "# 1. 紀錄\n下雨。\n## 2. 大門的計畫\n它很舊。\n它吱吱響。"
    [_, gate] = sections(Collection.of([Document("d", text, renderings={"zh-Hant": rendering})]), "d", "zh-Hant")
    assert (gate.heading, gate.heading_rendering) == ("2. The gate. A plan", "2. 大門的計畫")


def test_a_section_is_found_by_its_number_a_character_or_its_heading() -> None:
    whole = sections(Collection.of([GUIDE]), "guide", "zh-Hant")
    for section in whole:
        assert section_numbered(whole, section.number) is section
        assert section_at(whole, section.start) is section
        assert section_at(whole, section.end - 1) is section
    assert section_at(whole, whole[1].end) is whole[1]
    assert section_headed(whole, "birds") is whole[1]
    assert section_headed(whole, "cats") is whole[2]
    assert section_headed(whole, "鸟类") is whole[1]


@pytest.mark.parametrize(
    ("find", "wanted", "says"),
    [
        (section_numbered, 9, r"no section 9\. guide has sections 0 to 2"),
        (section_at, 10_000, r"no character 10000\. guide holds characters 0 to"),
        (section_at, -1, "no character -1"),
        (section_headed, "fish", r"No section has the heading 'fish'\. guide has"),
        (section_headed, "", "No section has the heading ''"),
        (section_headed, "b", r"fits several sections: 1, 2\. Ask"),
    ],
)
def test_what_is_not_there_is_said_so(find, wanted, says) -> None:
    whole = sections(Collection.of([GUIDE]), "guide")
    with pytest.raises(DocumentError, match=says):
        find(whole, wanted)


def test_an_unknown_document_is_said_so() -> None:
    with pytest.raises(DocumentError, match=r"no document 'x'\. There is: guide\."):
        sections(Collection.of([GUIDE]), "x")
    with pytest.raises(DocumentError, match=r"no document 'x'\.$"):
        sections(Collection.of([]), "x")


def test_an_empty_document_has_no_sections() -> None:
    collection = Collection.of([Document("empty", " \n")])
    assert sections(collection, "empty") == []
    with pytest.raises(DocumentError, match="document is empty"):
        section_at([], 0)


def test_the_sentence_at_a_character(animals: list[Document]) -> None:
    collection = Collection.of(animals)
    for row in range(len(collection.sentences)):
        sentence = collection.sentence(row)
        assert row_at(collection, sentence.document, sentence.start) == row


def test_a_long_document_takes_linear_time() -> None:
    text = "".join(f"# Chapter {number}\n\nIt rains. It snows.\n\n" for number in range(3000))
    collection = Collection.of([Document("long", text)])
    begun = time.perf_counter()
    assert len(sections(collection, "long")) == 3000
    assert time.perf_counter() - begun < 5


def long_text(lines: bool, barns: int = 1) -> Document:
    sentences = [f"Shed number {number} holds oats." for number in range(100)]
    return Document(
        "long", "A guide\n\n# Sheds\n\n" + ("\n" if lines else " ").join(sentences) + barns * "\n\n# Barns\n\nEmpty.\n"
    )


@pytest.mark.parametrize("lines", [True, False])
def test_a_long_section_is_several_passages_and_one_section(lines: bool) -> None:
    collection = Collection.of([long_text(lines)])
    assert max(np.bincount(collection.passages).tolist()) <= 32
    assert np.bincount(collection.sections).tolist() == [1, 101, 2]
    assert {collection.section_of(row).heading for row in range(1, 102)} == {"Sheds"}
    assert collection.rows_behind(1) == range(2, 102)


def test_a_passage_of_a_long_section_begins_with_a_line() -> None:
    collection = Collection.of([long_text(lines=True, barns=2)])
    assert np.bincount(collection.passages).tolist()[:3] == [1, 16, 16]
    collection = Collection.of([long_text(lines=False, barns=2)])
    assert np.bincount(collection.passages).tolist()[:3] == [1, 32, 32]


def test_where_there_are_few_sections_passages_are_shorter() -> None:
    collection = Collection.of([long_text(lines=True)])
    assert np.bincount(collection.passages).tolist()[:3] == [1, 4, 4]
    collection = Collection.of([long_text(lines=False)])
    assert np.bincount(collection.passages).tolist()[:3] == [1, 8, 8]
