"""PDF files: their lines are made paragraphs again."""

from __future__ import annotations

import html
import random
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import corpus
from corpus.documents import Document
from index import Index


def printed(browser: Browser, page: str, file: Path, **options: object) -> Path:
    """A web page as a PDF file."""
    tab = browser.new_page()
    tab.set_content(f"<meta charset=utf-8>{page}")
    tab.pdf(path=file, format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "2cm"), **options)
    tab.close()
    return file


def bare(text: str) -> str:
    return "".join(text.split())


def paragraphs(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def test_the_paragraphs_of_a_chinese_pdf_are_those_it_was_printed_from(
    browser: Browser, tmp_path: Path, article: Document
) -> None:
    body = "".join(f"<p>{html.escape(line)}</p>" for line in paragraphs(article.text))
    printed(browser, f"<html lang=zh-Hant><body>{body}", tmp_path / "article.pdf")
    [document] = corpus.load(tmp_path)
    assert [bare(line) for line in paragraphs(document.text)] == [bare(line) for line in paragraphs(article.text)]
    assert "習近平總書記視察吉林" in document.text  # where a line ends, no space is left


WORDS = (
    "the committee agreed that every applicant from each ward (or street) may ask for one more meeting, in writing; "
    "a residents' representative understandably reads their correspondence aloud - it is 3.5 pages of A4"
).split()


def told(count: int) -> list[str]:
    """Paragraphs that differ, of some lines each."""
    chance = random.Random(3)
    return [f"On {number} " + " ".join(chance.choices(WORDS, k=chance.randint(8, 90))) + "." for number in range(count)]


@pytest.mark.parametrize("style", ["p{margin:12px 0}", "p{margin:0;text-indent:2em;text-align:justify}"])
def test_the_lines_of_an_english_pdf_are_joined_to_its_paragraphs(browser: Browser, tmp_path: Path, style: str) -> None:
    body = "<h2>What was agreed</h2>" + "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in told(60))
    printed(browser, f"<style>{style}</style>{body}", tmp_path / "minutes.pdf")
    [document] = corpus.load(tmp_path)
    heading, *read = paragraphs(document.text)
    assert heading == "# What was agreed"
    assert len(set(read) & set(told(60))) >= 58  # over several pages


def test_short_lines_and_items_of_a_list_are_no_paragraph(browser: Browser, tmp_path: Path) -> None:
    items = "".join(f"<li>{html.escape(item)}" for item in told(30))
    page = (
        f"<p>Ann Ray<br>12 Mill Lane<br>Leeds</p><p>{' '.join(WORDS * 3)}.</p><p>{' '.join(WORDS)}.</p><ol>{items}</ol>"
    )
    printed(browser, page, tmp_path / "letter.pdf")
    read = paragraphs(corpus.load(tmp_path)[0].text)
    assert read[:3] == ["Ann Ray", "12 Mill Lane", "Leeds"]
    assert len({line.partition(" ")[2] for line in read} & set(told(30))) >= 28


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("The forty pumps of the fathom stood on a forty-fathom level.", "forty-fathom"),
        ("The committee sent a com&shy;mittee to look.", "a committee to"),
        ("The whole house had its shut&shy;ters shut. " * 3, "its shutters shut"),
    ],
)
def test_a_word_that_a_line_parts_is_made_whole_and_a_hyphen_of_its_own_kept(
    browser: Browser, tmp_path: Path, text: str, read: str
) -> None:
    for width in range(8, 30, 3):
        page = f"<style>body{{font:12px monospace}} p{{width:{width}ch}}</style><p>{text}</p>"
        printed(browser, page, tmp_path / "a.pdf")
        assert read in corpus.load(tmp_path)[0].text, width


def test_what_runs_along_the_pages_of_a_pdf_is_no_text(browser: Browser, tmp_path: Path) -> None:
    body = "".join(f"<p>Rule {number} says that no {number} dogs may swim in the pool.</p>" for number in range(120))
    running = "<p style='font-size:9px;width:100%;text-align:center'>The pool, page <span class=pageNumber></span></p>"
    printed(
        browser, body, tmp_path / "a.pdf", display_header_footer=True, header_template="<p>", footer_template=running
    )
    text = corpus.load(tmp_path)[0].text
    assert "The pool, page" not in text
    assert all(f"Rule {number} says" in text for number in range(120))


def test_an_answer_from_a_pdf_is_quoted_to_the_character(browser: Browser, tmp_path: Path) -> None:
    page = "<h1>Pool rules</h1><p>Dogs stay at the gate.</p><h2>Times</h2><p>The pool opens at seven on weekdays.</p>"
    printed(browser, page, tmp_path / "pool.pdf")
    [document] = corpus.load(tmp_path / "pool.pdf")
    [cited] = Index.build([document]).ask("When does the pool open?").citations
    assert cited.quote == "The pool opens at seven on weekdays."
    assert document.text[cited.start : cited.end] == cited.quote
    assert cited.section == "Times"
