"""What must hold for any input whatever, a function for each part that takes input.

tests/test_fuzzing.py tries them on a few hundred inputs each; `make fuzz` on 100,000 each, guided by coverage:

    python -m tests.fuzzing TARGET [RUNS] [SEED]
"""

from __future__ import annotations

import io
import json
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

RUNS = 100_000


def segmentation(text: str) -> None:
    """Segments stand in order, lose nothing but white space, and number their sections upward."""
    from index.segmentation import segment

    for headings in ("lines", "first-sentence"):
        pieces = segment(text, headings)  # type: ignore[arg-type]
        covered = 0
        for before, after in pairwise(pieces):
            assert before.end <= after.start
            assert before.section <= after.section
        for piece in pieces:
            assert 0 <= piece.start < piece.end <= len(text)
            assert text[piece.start : piece.end].strip()
            covered += sum(not character.isspace() for character in text[piece.start : piece.end])
        assert covered == sum(not character.isspace() for character in text)


def script(text: str) -> None:
    """Folding keeps every character's place, and twice is once; a language can be told; conversion takes anything."""
    from index.script import convert, fold, language_of

    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded
    assert all(fold(a) == b for a, b in zip(text, folded, strict=True))
    assert language_of(text)
    for language in ("zh-Hans", "zh-Hant"):
        convert(text, language).encode()


def tokenizer(text: str) -> None:
    """Each token is a span of the text; together they stand in order and hold every letter."""
    from index.encoder import Encoder
    from index.shared import shared_encoder
    from index.tokens import Window

    class Silent(Encoder):
        """The encoder, without the pass through the model."""

        def _forward(self, windows: Sequence[Window]) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
            return [(np.ones(4, np.float32), np.ones((len(window.ids), 4), np.float32)) for window in windows]

    for kind in ("query", "passage"):
        [encoding] = Silent(shared_encoder().model).encode([text], kind)  # type: ignore[arg-type]
        assert len(encoding.ids) == len(encoding.spans) == len(encoding.tokens)
        starts, ends = encoding.spans.T
        assert np.all((starts >= 0) & (starts <= ends) & (ends <= len(text)))
        assert np.all(np.diff(starts) >= 0)
        held = np.zeros(len(text) + 1, bool)
        for start, end in encoding.spans.tolist():
            held[start:end] = True
        assert all(held[place] for place, character in enumerate(text) if character.isalnum() and character.isascii())


def words(text: str) -> None:
    """What BM25 and the dictionary make of a text."""
    from index.dictionary import dictionary
    from index.lexical import terms
    from index.script import fold

    assert all(term and not any(character.isspace() for character in term) for term in terms(text))
    assert all(word in fold(text) for word in dictionary().words_in(fold(text)))


def question(text: str) -> None:
    """Any question, after any turns, is answered from the article to the character, or refused in one sentence."""
    from index.errors import QuestionError
    from page.answer import answer_html
    from page.answers import Given

    index = toy_index()
    asked, *turns = text.split("\x1e")
    history = list(zip(turns[::2], turns[1::2], strict=False))
    try:
        answer = index.ask(asked, history)
    except QuestionError as error:
        assert "\n" not in str(error)
        return
    for citation in (*answer.citations, *answer.nearby):
        document = index.documents[citation.document]
        assert document.text[citation.start : citation.end] == citation.quote
    json.dumps(answer.to_dict())
    assert_inert(answer_html(Given("key", answer, ()), 1, {}))


def document(text: str) -> None:
    """Any text is indexed, cited to the character, and shown as text alone."""
    from index.collection import Collection
    from index.documents import Document
    from page.document import document_html

    found = Document(text.partition("\n")[0] or "d", text, title=text[:9])
    collection = Collection.of([found])
    for number in range(len(collection.sentences)):
        sentence = collection.sentence(number)
        assert collection.quote(number) == text[sentence.start : sentence.end]
    assert_inert(document_html(collection, 0))


def reader(content: bytes) -> None:
    """Any file is read as a document, or refused in one sentence; the first byte decides of which kind it is."""
    import corpus
    from corpus.errors import QAError

    kind, content = content[:1], content[1:]
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        if kind < b"\x40":
            (folder / "any.md").write_bytes(content)
        elif kind < b"\x60":
            (folder / "any.html").write_bytes(content)
        elif kind < b"\x70":
            (folder / "any.pdf").write_bytes(content)
        elif kind < b"\x80":
            (folder / "any.docx").write_bytes(word_document(content))
        else:
            (folder / "metadata.toml").write_bytes(content)
            (folder / "text.txt").write_text("A sentence. And another.", "utf-8")
        try:
            [read] = corpus.load(folder)
        except QAError as error:
            assert len(str(error).splitlines()) == 1
            return
        assert isinstance(read.text, str)
        if kind < b"\x40" and not content.startswith((b"\xff\xfe", b"\xfe\xff")):  # which mark UTF-16
            assert read.text.encode() == content.removeprefix(b"\xef\xbb\xbf")
    finally:
        shutil.rmtree(folder)


def word_document(body: bytes) -> bytes:
    """A Word document with that in place of its body's XML."""
    of = "http://schemas.openxmlformats.org"
    kinds = f'<Default Extension="rels" ContentType="{of.replace("http://schemas.", "application/vnd.")}"/>'
    body_is = f"{of}/officeDocument/2006/relationships/officeDocument"
    main = f'<Relationship Id="r1" Type="{body_is}" Target="word/document.xml"/>'
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{of}/package/2006/content-types">{kinds}</Types>')
        archive.writestr(
            "_rels/.rels", f'<Relationships xmlns="{of}/package/2006/relationships">{main}</Relationships>'
        )
        archive.writestr("word/document.xml", body)
    return written.getvalue()


def http(text: str) -> None:
    """No request is answered with an error of the server's own; the first character decides which of them it is."""
    first, _, rest = text[1:].partition("\x1e")
    path, _, query = first.partition("?")
    path, query, rest = (part.encode("utf-8", "replace").decode() for part in (path, query, rest))
    accepts = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
    requests: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("GET", f"/{quote(path)}", {"params": {"q": rest}}),
        ("GET", "/relevance", {"params": {"q": rest, "document": query}}),
        ("GET", f"/document/{quote(rest)}", {}),
        ("POST", "/gradio_api/call/ask", {"content": rest.encode()}),
        ("POST", "/gradio_api/call/ask", {"json": {"data": [rest, [[query, ""]]]}}),
        ("POST", "/mcp", {"content": rest.encode(), "headers": accepts}),
    )
    method, to, more = requests[ord(text[:1] or "0") % len(requests)]
    answer = toy_client().request(method, to, **more)
    assert answer.status_code < 500, (method, to, more, answer.status_code, answer.text[:500])


def assert_inert(html: str) -> None:
    """Every tag and attribute is one that the page makes; nothing runs, nothing is fetched, nothing turns around."""
    from html.parser import HTMLParser

    known = {*"div p span a section h2 h3 h4 blockquote button ul li ol article nav details summary em strong".split()}
    known |= {
        *"label select option table tr td th figure figcaption header footer time mark br small cite q b i".split()
    }

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            assert tag in known, tag
            for name, value in attributes:
                assert not name.startswith("on"), name
                assert name != "src", name
                assert name != "href" or (value or "")[:1] in ("#", "?"), value

    Reader(convert_charrefs=False).feed(html)
    assert not set(html) & set("\x1b\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x07\x08\x00")


@cache
def toy_index() -> Any:
    """The article, indexed by words alone."""
    import corpus

    return indexed_by_words(corpus.load(corpus.DEFAULT))


def indexed_by_words(documents: Any) -> Any:
    """An index that needs no model."""
    import index.engine
    from tests.toy import ToyEncoder

    real = index.engine.shared_encoder
    toy = ToyEncoder()
    index.engine.shared_encoder = lambda: toy  # type: ignore[assignment, return-value]
    try:
        return index.engine.Index.build(documents)
    finally:
        index.engine.shared_encoder = real


@cache
def toy_client() -> Any:
    """A client of the whole application, over the article indexed by words alone; nothing is served."""
    from starlette.testclient import TestClient

    from tests.toy_page import toy_service

    client = TestClient(
        toy_service(toy_index(), rate=1_000_000).app, base_url="http://127.0.0.1", raise_server_exceptions=False
    )
    client.__enter__()  # runs the application's lifespan until the process ends
    return client


TEXTS: dict[str, Callable[[str], None]] = {
    each.__name__: each for each in (segmentation, script, tokenizer, words, question, document, http)
}
BYTES: dict[str, Callable[[bytes], None]] = {reader.__name__: reader}
WORD = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    "<w:p><w:r><w:t>One. 二。</w:t></w:r></w:p></w:body></w:document>"
)
METADATA = 'id = "x"\ntext = "text.txt"\n[renderings.en]\nfile = "text.txt"\n[questions]\nen = "text.txt"'
# What has meant something to some part: the fuzzer begins with these, and hypothesis puts them in.
SEEDS = (
    "第一句。第二句!他說:“好的。”■\n責任編輯/艾杰",
    "# Report\n\nDr. Li came at 3.5 p.m. He left.\n\n- one\n- two; three, four",
    "what does Nanguan plan for employment?\x1ewhat is planned?\x1eHousing.\x1eand 那教育呢?",
    "就業\u202e優先\x1b[31m <img src=x onerror=alert(1)> ![a](http://x) | `b` **c** $d$",
    "A. A. A. \ud800😀 ﷺ ﬁ İ ß ア 가 \u2028 \x85 \u3000 \ufeff\u200b",
    *(
        f'{kind}document/0?q=x\x1e{{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {{"name": "ask"}}}}'
        for kind in range(6)
    ),
    METADATA,
    WORD,
    "<h1>One</h1><table><tr><td>a<td>b</table><ul><li>c",
    "which ones?\x1eHousing\ud800\x1e",
    "",
)


def main(target: str, runs: int = RUNS, seed: int = 1) -> None:
    """Fuzz one target with atheris: coverage of this project's own code decides which inputs are kept."""
    import atheris

    with atheris.instrument_imports(include=["index", "corpus", "page"]):
        import index.engine  # noqa: F401
        import page.answer
        import page.document  # noqa: F401
        from page.memory import keep_level
    check: Callable[[Any], None] = TEXTS.get(target) or BYTES[target]
    keep_level()  # as the server does: what libFuzzer keeps in between scatters the heap, by 40 KB a question

    def one(content: bytes) -> None:
        check(content if target in BYTES else content.decode("utf-8", "surrogateescape"))

    with tempfile.TemporaryDirectory(prefix="fuzz-seeds-") as seeds:
        for number, text in enumerate(SEEDS):
            content = text.encode("utf-8", "surrogatepass")
            for kind in (b"\x00", b"\xff") if target in BYTES else (b"",):
                (Path(seeds) / f"{number}{kind.hex()}").write_bytes(kind + content)
        options = [f"-runs={runs}", f"-seed={seed}", "-max_len=3000", "-timeout=20", "-rss_limit_mb=4096"]
        options.append(f"-artifact_prefix={tempfile.gettempdir()}/")  # where an input that breaks something is kept
        atheris.Setup([sys.argv[0], *options, seeds], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
