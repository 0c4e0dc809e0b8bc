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


@pytest.mark.parametrize(
    "style", ["p{margin:12px 0}", "p{margin:0;text-indent:2em;text-align:justify}", "body{columns:2} p{margin:8px 0}"]
)
def test_the_lines_of_an_english_pdf_are_joined_to_its_paragraphs(browser: Browser, tmp_path: Path, style: str) -> None:
    chance = random.Random(3)
    words = "the committee agreed that every applicant from each ward may ask for one more meeting".split()
    told = [" ".join(chance.choices(words, k=chance.randint(25, 70))).capitalize() + "." for _ in range(14)]
    body = "<h2>What was agreed</h2>" + "".join(f"<p>{paragraph}</p>" for paragraph in told)
    printed(browser, f"<style>{style}</style>{body}", tmp_path / "minutes.pdf")
    [document] = corpus.load(tmp_path)
    heading, *read = paragraphs(document.text)
    assert heading == "# What was agreed"
    assert len(set(read) & set(told)) >= 13


def test_what_runs_along_the_pages_of_a_pdf_is_no_text(browser: Browser, tmp_path: Path) -> None:
    body = "".join(f"<p>Rule {number} says that no {number} dogs may swim in the pool.</p>" for number in range(120))
    running = "<p style='font-size:9px;width:100%;text-align:center'>The pool, page <span class=pageNumber></span></p>"
    printed(
        browser, body, tmp_path / "a.pdf", display_header_footer=True, header_template="<p>", footer_template=running
    )
    text = corpus.load(tmp_path)[0].text
    assert "The pool, page" not in text
    assert all(f"Rule {number} says" in text for number in range(120))


def test_a_word_that_a_line_parts_is_made_whole_and_a_hyphen_of_its_own_kept(browser: Browser, tmp_path: Path) -> None:
    page = """<style>body{font:12px monospace} p{width:24ch}</style><p lang=en>The forty pumps of the
    fathom stood on a forty-fathom level and were impor&shy;tant.</p>"""
    printed(browser, page, tmp_path / "mine.pdf")
    assert corpus.load(tmp_path)[0].text == (
        "The forty pumps of the fathom stood on a forty-fathom level and were important.\n"
    )


def test_an_answer_from_a_pdf_is_quoted_to_the_character(browser: Browser, tmp_path: Path) -> None:
    page = "<h1>Pool rules</h1><p>Dogs stay at the gate.</p><h2>Times</h2><p>The pool opens at seven on weekdays.</p>"
    printed(browser, page, tmp_path / "pool.pdf")
    [document] = corpus.load(tmp_path / "pool.pdf")
    [cited] = Index.build([document]).ask("When does the pool open?").citations
    assert cited.quote == "The pool opens at seven on weekdays."
    assert document.text[cited.start : cited.end] == cited.quote
    assert cited.section == "Times"
