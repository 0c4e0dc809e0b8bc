"""The text of files that are more than text, as Markdown: web pages, Word documents and PDF files."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from html import unescape
from pathlib import Path

import mammoth
from bs4 import BeautifulSoup, Tag
from markdownify import ATX, MarkdownConverter

from corpus.errors import DocumentError
from corpus.pdf import read_pdf

Read = tuple[str, dict[str, str]]  # a text, and what its file says of itself

_MOST_UNPACKED = 200_000_000  # bytes that a Word document may unpack to
_STYLES = "p[style-name='Title'] => h1:fresh"  # beside those that mammoth knows
_PROPERTY = re.compile(r"<dc:(title|creator)[^>]*>([^<]*)</dc:\1>")
_NO_TEXT = [
    "head",
    "script",
    "style",
    "template",
    "noscript",
    "nav",
    "aside",
    "form",
    "iframe",
    "svg",
    "button",
    "dialog",
]
_PLAIN = ["a", "img", "b", "strong", "i", "em", "u", "s", "del", "sub", "sup", "code"]  # whose marks are left out


def converted(file: Path) -> Read:
    """What a file of one of FORMATS holds, in Markdown, and what it says of itself: title, author, date, language.

    Of what stands beside the text (a title, an author) only what the text says, too, is known: programs write there
    what they like.

    Raises:
        DocumentError: it cannot be read, is no such file, is locked by a password, or holds no text.
    """
    try:
        text, beside = FORMATS[file.suffix.lower()](file)
    except OSError as error:
        raise DocumentError(f"{file} cannot be read: {error.strerror or error}.") from error
    except RecursionError as error:
        raise DocumentError(f"{file} nests too deep to be read.", "Save its text alone.") from error
    if not text.strip():
        raise DocumentError(f"{file} holds no text.", "If its pages are pictures, have their text recognised first.")
    known = {name: " ".join(said.split()) for name, said in beside.items()}
    return text, {name: said for name, said in known.items() if said and (name == "language" or said in text)}


def _read_web_page(file: Path) -> Read:
    page = BeautifulSoup(file.read_bytes(), "html5lib")
    said = {str(meta.get("name") or meta.get("property")).lower(): str(meta.get("content")) for meta in page("meta")}
    beside = {
        "title": page.title.get_text() if page.title else "",
        "author": said.get("author", ""),
        "date": said.get("date", ""),
        "language": str(page.html.get("lang") or "") if page.html else "",
    }
    for element in page(_NO_TEXT):
        element.decompose()
    text = page.find_all("main") or page.find_all("article")
    return _markdown(text[0] if len(text) == 1 else page), beside


def _read_word(file: Path) -> Read:
    try:
        with zipfile.ZipFile(file) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
            beside = _properties(parts) if unpacked <= _MOST_UNPACKED else {}
        if unpacked > _MOST_UNPACKED:
            raise DocumentError(f"{file} unpacks to more than {_MOST_UNPACKED // 10**6} MB.", "Split it.")
        with file.open("rb") as content:
            no_images = mammoth.images.img_element(lambda image: {})
            page = mammoth.convert_to_html(content, style_map=_STYLES, convert_image=no_images)
    except DocumentError:
        raise
    except Exception as error:  # in many ways do zipfile and mammoth say that a file is none
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise DocumentError(f"{file} is no Word document (.docx) that can be read.", "Save it anew as one.") from error
    return _markdown(BeautifulSoup(page.value, "html.parser")), beside


def _properties(parts: zipfile.ZipFile) -> dict[str, str]:
    """The title and author that a Word document is said to have."""
    name = "docProps/core.xml"
    core = parts.read(name).decode("utf-8", "replace") if name in parts.namelist() else ""
    said = {name: unescape(value) for name, value in _PROPERTY.findall(core)}
    return {"title": said.get("title", ""), "author": said.get("creator", "")}


def _markdown(page: Tag) -> str:
    converter = MarkdownConverter(
        heading_style=ATX,
        bullets="-",
        strip=_PLAIN,
        table_infer_header=True,
        escape_asterisks=False,
        escape_underscores=False,
        escape_misc=False,
    )
    lines = (line.rstrip() for line in converter.convert_soup(page).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


FORMATS: Mapping[str, Callable[[Path], Read]] = {
    ".pdf": read_pdf,
    ".docx": _read_word,
    ".html": _read_web_page,
    ".htm": _read_web_page,
}
