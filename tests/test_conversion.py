"""Documents that are more than text: PDF, Word and web pages."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest

import corpus
from corpus.conversion import FORMATS
from corpus.errors import DocumentError
from corpus.reader import OTHERS
from index import Index

WEB_PAGE = """<!doctype html><html lang="en-GB"><head><title>City zoo</title><meta name="author" content="Ann Ray">
<meta name="date" content="2031-01-01"><script>let a = "secret"</script></head><body><nav>Home | News</nav>
<main><h1>City zoo</h1><p>By Ann Ray.<h2>Visiting</h2><p>The zoo opens at <b>nine</b> &amp; closes at dusk_time.</p>
<ul><li>Dogs <a href="x">must</a> stay out<li>Prams are fine</ul>
<table><tr><th>Ticket<th>Price<tr><td>Adult<td>12 euros</table></main><footer>(c) secret</footer></body></html>"""


def test_every_format_is_looked_for_in_a_folder() -> None:
    assert set(FORMATS) == set(OTHERS)


def test_a_web_page_is_read_as_browsers_read_it(tmp_path: Path) -> None:
    (tmp_path / "zoo.html").write_text(WEB_PAGE, "utf-8")
    [document] = corpus.load(tmp_path)
    assert document.text == (
        "# City zoo\n\nBy Ann Ray.\n\n## Visiting\n\nThe zoo opens at nine & closes at dusk_time.\n\n"
        "- Dogs must stay out\n- Prams are fine\n\n| Ticket | Price |\n| --- | --- |\n| Adult | 12 euros |\n"
    )
    assert (document.title, document.language, dict(document.metadata)) == ("City zoo", "en", {"author": "Ann Ray"})
    index = Index.build([document])
    assert index.ask("When does the zoo open?").citations[0].quote.startswith("The zoo opens at nine")
    assert index.ask("Who wrote this?").citations[0].quote == "By Ann Ray."


def test_a_web_page_in_an_encoding_of_its_own_is_decoded(tmp_path: Path) -> None:
    page = '<meta charset="gb18030"><article><p>动物园九点开门。</p></article>'
    (tmp_path / "zoo.htm").write_bytes(page.encode("gb18030"))
    assert corpus.load(tmp_path)[0].text == "动物园九点开门。\n"


def test_a_word_document_is_read_with_its_headings_lists_and_tables(tmp_path: Path) -> None:
    written = docx.Document()
    written.core_properties.author = "python-docx"
    written.add_heading("The pool", 0)
    written.add_heading("Opening times", 1)
    written.add_paragraph("The pool opens at *seven*. ").add_run("Children").bold = True
    for item in ("Bring a towel", "Lockers cost one euro"):
        written.add_paragraph(item, style="List Bullet")
    table = written.add_table(2, 2)
    for cell, text in zip(table._cells, ("Day", "Closes", "Sunday", "17:00"), strict=True):
        cell.text = text
    written.add_paragraph("成人票四十元。")
    written.save(tmp_path / "pool.docx")
    [document] = corpus.load(tmp_path)
    assert document.text == (
        "# The pool\n\n# Opening times\n\nThe pool opens at *seven*. Children\n\n"
        "- Bring a towel\n- Lockers cost one euro\n\n"
        "| Day | Closes |\n| --- | --- |\n| Sunday | 17:00 |\n\n成人票四十元。\n"
    )
    assert not document.metadata  # the program that wrote it is not its author


LOCKED = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/P -4/O<00000000000000000000000000000000000000000000000000000000000000000>
/U<11111111111111111111111111111111111111111111111111111111111111111>>>endobj
trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]>>
%%EOF"""
BLANK = LOCKED.replace(b"/Encrypt 4 0 R", b"")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", LOCKED, "is locked by a password"),
        ("a.pdf", BLANK, r"holds no text\. If its pages are pictures"),
        ("a.html", b"<div>" * 2000 + b"deep", "nests too deep"),
        ("a.pdf", b"%PDF-1.7 and then nothing", "is no PDF that can be read"),
        ("a.pdf", b"", "is no PDF that can be read"),
        ("a.docx", b"no archive", "is no Word document"),
        ("a.html", b"<script>only()</script>", "holds no text"),
        ("a.html", b"", "holds no text"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_told(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DocumentError, match=says):
        corpus.load(tmp_path)


def test_an_archive_of_something_else_is_no_word_document(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("a.txt", "The zoo opens at nine.")
    with pytest.raises(DocumentError, match="is no Word document"):
        corpus.load(tmp_path)


def test_a_word_document_that_unpacks_without_end_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.conversion._MOST_UNPACKED", 1000)
    docx.Document().save(tmp_path / "a.docx")
    with pytest.raises(DocumentError, match="unpacks to more"):
        corpus.load(tmp_path)


def test_files_of_all_kinds_that_cannot_be_used_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"no")
    (tmp_path / "b.docx").write_bytes(b"no")
    (tmp_path / "c.txt").write_text("One.")
    with pytest.raises(DocumentError, match=r"2 files in .*: a.pdf is no PDF that can be read; b.docx is no Word"):
        corpus.load(tmp_path)
