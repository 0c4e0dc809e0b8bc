"""The article as it ships, and the reader."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import corpus
from corpus.documents import MOST_ASKED
from corpus.errors import DocumentError
from index import Document
from index.collection import Collection
from index.segmentation import Role, segment

SHA256 = "7e41508a58d75fdbab944ee73788c41a7e6b5d1d5c1caf807b416e8272295ba6"


def test_the_article_is_kept_byte_for_byte(article: Document) -> None:
    file = corpus.DEFAULT / "article.txt"
    assert hashlib.sha256(file.read_bytes()).hexdigest() == SHA256
    assert article.text.encode() == file.read_bytes()
    assert article.metadata["sha256"] == SHA256


def test_the_metadata_says_what_is_known_and_what_is_not(article: Document) -> None:
    assert article.language == "zh-Hant"
    assert article.title == article.text.splitlines()[0]
    for key in ("author", "publisher", "kind", "date", "source_file"):
        assert article.metadata[key], key
    assert "not stated" in article.metadata["date"]


def test_title_headings_body_end_mark_and_editor_line_are_told_apart(article: Document) -> None:
    pieces = segment(article.text, article.headings)
    by_role = {role: [article.text[p.start : p.end] for p in pieces if p.role is role] for role in Role}
    assert by_role[Role.TITLE] == ["中共長春市南關區委理論學習中心組"]
    assert [heading[-5:] for heading in by_role[Role.HEADING]] == [
        "堅實基礎。",
        "優勢動能。",
        "磅礴力量。",
        "根本方向。",
        "和諧環境。",
        "堅實保障。",
    ]
    assert by_role[Role.END_MARK] == ["■"]
    assert by_role[Role.CREDIT] == ["責任編輯/艾 ? ?杰"]
    assert len(by_role[Role.BODY]) == 40
    assert all(text.endswith("。") for text in by_role[Role.BODY])


def test_end_mark_and_editor_line_are_never_indexed(article: Document) -> None:
    collection = Collection.of([article])
    quotes = [collection.quote(number) for number in range(len(collection.sentences))]
    assert len(quotes) == 47
    assert not any("■" in quote or "責任編輯" in quote for quote in quotes)


def test_every_content_sentence_has_its_english_rendering(article: Document) -> None:
    collection = Collection.of([article])
    numbers = range(len(collection.sentences))
    renderings = [collection.rendering(number, "en") for number in numbers]
    assert all(renderings)
    for number, rendering in zip(numbers, renderings, strict=True):
        quote = collection.quote(number)
        # A rendering that slipped by a sentence would be far too long, far too short, or lack the figures.
        assert 1.5 < len(rendering) / len(quote) < 9, quote
        assert not re.search(r"[\u3400-\u9fff]", rendering)
        for figure in re.findall(r"\d+", quote):
            assert figure in rendering, (figure, rendering)


ALIGNED = {  # names and numbers of the original -> how the rendering calls them, in the same sentence
    "一主六雙": '"One Main, Six Doubles" (',
    "人民大街": "Renmin Street",
    "八一水庫": "Bayi Reservoir",
    "萬象城": "MixC",
    "銀河一英里": "Galaxy One Mile",
    "亞泰富苑": "Yatai Fuyuan",
    "鼎豐真": "Dingfengzhen",
    "南府德欣": "Nanfu Dexin",
    "華為": "Huawei",
    "雙創": '"double innovation" (',
    "專精特新": '"specialised, refined, distinctive and innovative" firms (',
    "一府一委兩院": "procuratorate",
    "四張清單": '"four lists" (',
    "紅石榴": '"Red Pomegranate" brand (',
    "雙擁": '"double support" work (',
    "就業優先戰略": "employment-first strategy",
    "三層保障": "three-tier protection",
    "紅石砬子山": "Hongshilazi Mountain",
    "雙減": '"double reduction" (',
    "三長": '"three chiefs" (',
    "楓橋經驗": '"Maple Bridge" (Fengqiao) experience',
    "兩個確立": '"Two Affirmations" (',
    "四個意識": '"Four Consciousnesses" (',
    "四個自信": '"Four Confidences" (',
    "兩個維護": '"Two Upholds" (',
    "兩個辦法": '"Two Measures"',
    "八項規定": "eight-point rules (",
    "“四風”": '"Four Malpractices" (',
}


@pytest.mark.parametrize(("original", "rendered"), ALIGNED.items())
def test_names_and_slogans_stand_in_the_rendering_of_their_own_sentence(
    article: Document, original: str, rendered: str
) -> None:
    collection = Collection.of([article])
    for number in range(len(collection.sentences)):
        if original in collection.quote(number):
            assert rendered in (collection.rendering(number, "en") or "")


def test_the_rendering_is_marked_as_the_projects_own(article: Document) -> None:
    assert "this project" in article.rendering_notes["en"]
    assert "not the publisher" in article.rendering_notes["en"]


def test_a_folder_of_files_is_read_in_the_order_of_their_names(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "b.md").write_text("# Two\r\n", "utf-8", newline="")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.txt").write_bytes("\ufeffone".encode())
    (tmp_path / "c.png").write_bytes(b"PNG")
    (tmp_path / ".hidden.txt").write_text("no")
    with caplog.at_level(logging.WARNING):
        documents = corpus.load(tmp_path)
    assert [(document.id, document.text) for document in documents] == [("b.md", "# Two\r\n"), ("deep/a.txt", "one")]
    assert "c.png" in caplog.text


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, "holds no document"),
        ({"a.txt": "就業優先".encode("big5")}, "is not UTF-8"),
        ({"metadata.toml": b"id ="}, "not valid TOML"),
        ({"metadata.toml": b'colour = "red"'}, "colour"),
        ({"metadata.toml": b'text = "../a.txt"'}, "must name a file in the same folder"),
        ({"metadata.toml": b'text = "a\\u0000b"'}, "must name a file in the same folder"),
        ({"metadata.toml": b'text = ""'}, "must name a file in the same folder"),
        ({"metadata.toml": b'text = "a.txt"'}, "cannot be read"),
        ({"metadata.toml": b'text = "a.txt"\nmetadata = "x"', "a.txt": b"x"}, "must be tables"),
        ({"metadata.toml": b'text = "a.txt"\nrenderings = {en = "x"}', "a.txt": b"x"}, "must be tables"),
        ({"metadata.toml": b'text = "a.txt"\nheadings = "guess"', "a.txt": b"x"}, 'must be "lines" or'),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(tmp_path: Path, files: dict[str, bytes], says: str) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DocumentError, match=re.escape(says)) as raised:
        corpus.load(tmp_path)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read_by_its_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    text = "就業優先。\r\nJobs first."
    mark = "\ufeff" if encoding.startswith("utf-16-") else ""
    (tmp_path / "a.txt").write_bytes((mark + text).encode(encoding))
    assert corpus.load(tmp_path)[0].text == corpus.load(tmp_path / "a.txt")[0].text == text


def test_all_files_that_cannot_be_used_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("One.", "utf-8")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "metadata.toml").write_bytes('id = "就業"'.encode("gb18030"))
    for name in ("a.txt", "b.md"):
        (tmp_path / name).write_bytes("就業優先".encode("big5"))
    with pytest.raises(
        DocumentError,
        match=r"3 files in .* cannot be used: a.txt is not UTF-8 \(byte 0\); b.md .*; deep/metadata.toml .*\. Mend",
    ):
        corpus.load(tmp_path)
    for number in range(7):
        (tmp_path / f"{number}.txt").write_bytes("就業優先".encode("big5"))
    with pytest.raises(DocumentError, match=r"10 files .*: 0.txt is .*; 4.txt is [^;]*; and 5 more\."):
        corpus.load(tmp_path)


def test_a_folder_that_may_not_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.txt").write_text("One.", "utf-8")
    listed = Path.iterdir

    def iterdir(folder: Path) -> Iterator[Path]:
        if folder.name == "closed":
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    with pytest.raises(DocumentError, match="closed cannot be read: Permission denied"):
        corpus.load(tmp_path)


def test_headings_that_mean_nothing_are_refused() -> None:
    with pytest.raises(DocumentError, match='must be "lines" or "first-sentence"'):
        Document("a", "One.", headings="first_sentence")  # type: ignore[arg-type]


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="There is no folder"):
        corpus.load(tmp_path / "nowhere")


def test_a_place_that_may_not_be_looked_at_is_said(tmp_path: Path, forbidden: Callable[[Path], None]) -> None:
    forbidden(tmp_path)
    with pytest.raises(DocumentError, match="cannot be read: Permission denied"):
        corpus.load(tmp_path / "docs")


def test_a_document_in_the_folder_one_stands_in_is_named_by_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "zoo").mkdir()
    (tmp_path / "zoo" / "text.txt").write_text("The zoo opens at nine.")
    (tmp_path / "zoo" / "metadata.toml").write_text('text = "text.txt"')
    monkeypatch.chdir(tmp_path / "zoo")
    assert [document.id for document in corpus.load(".")] == ["zoo"]


@pytest.mark.parametrize("line", ['notes = "ours"', 'note.en = "ours"', "note = 5"])
def test_a_key_of_a_rendering_that_means_nothing_is_said(tmp_path: Path, line: str) -> None:
    (tmp_path / "text.txt").write_text("一句。", "utf-8")
    (tmp_path / "en.txt").write_text("One.")
    rendering = f'text = "text.txt"\n[renderings.en]\nfile = "en.txt"\n{line}'
    (tmp_path / "metadata.toml").write_text(rendering)
    with pytest.raises(DocumentError, match="of a rendering means nothing here"):
        corpus.load(tmp_path)


def test_a_rendering_that_is_not_aligned_is_refused() -> None:
    document = Document("a", "一句。兩句。", renderings={"en": "One.\nTwo.\nThree."})
    with pytest.raises(DocumentError, match="3 lines for 2 sentences"):
        Collection.of([document])


def test_a_rendering_may_be_aligned_by_its_sentences() -> None:
    collection = Collection.of([Document("a", "一句。兩句。", renderings={"en": "One here. Two there."})])
    assert [collection.rendering(number, "en") for number in (0, 1)] == ["One here.", "Two there."]


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "", "text": "x"},
        {"id": 3, "text": "x"},
        {"id": "a", "text": None},
        {"id": "a", "text": "x", "title": 5},
        {"id": "a", "text": "x", "language": ["zh"]},
        {"id": "a", "text": "x", "metadata": {"date": 5}},
        {"id": "a", "text": "x", "renderings": "en"},
        {"id": "a", "text": "x", "language": ""},
        {"id": "a", "text": "x", "language": "English"},
        {"id": "a", "text": "x", "language": "中文"},
        {"id": "a", "text": "x", "renderings": {"English": "x"}},
        {"id": "a", "text": "x", "renderings": {"en": "x", "en-GB": "x"}},
        {"id": "a", "text": "x", "questions": {"en ?": "x"}},
    ],
)
def test_a_document_must_be_made_of_strings(wrong: dict[str, object]) -> None:
    with pytest.raises(DocumentError):
        Document(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        *((code, "zh-Hans") for code in ("zh-Hans", "zh-CN", "zh_CN", "ZH-cn", "zh-SG", "zh-Hans-CN", "zh-Hans-HK")),
        *((code, "zh-Hant") for code in ("zh-Hant", "zh-TW", "zh_tw", "zh-HK", "zh-MO", "zh-Hant-TW")),
        ("zh", "zh"),
        ("EN", "en"),
        ("en-US", "en"),
        ("pt_BR", "pt"),
        ("yue", "yue"),
    ],
)
def test_languages_are_kept_as_they_are_matched(written: str, kept: str) -> None:
    document = Document("a", "x", language=written, renderings={written: "x"}, questions={written: "x"})
    assert document.language == kept
    assert list(document.renderings) == list(document.questions) == [kept]


def test_a_note_alone_may_be_for_readers_of_one_language() -> None:
    document = Document("a", "一句。", rendering_notes={"EN.zh_TW": "我們譯的", "en": "ours"})
    assert document.rendering_notes == {"en.zh-Hant": "我們譯的", "en": "ours"}
    for name in ("renderings", "questions"):
        with pytest.raises(DocumentError, match="is no language code"):
            Document("a", "一句。", **{name: {"en.zh-Hant": "One."}})


def test_more_questions_than_a_build_has_memory_for_are_refused() -> None:
    questions = "Why?\n" * (MOST_ASKED // 2)
    Document("a", "One.", asked={"answered": questions, "unanswered": questions})
    with pytest.raises(DocumentError, match=r"brings 12,001 .* Leave the oldest out\."):
        Document("a", "One.", asked={"answered": questions + "Who?", "unanswered": questions})


def test_a_rendering_is_found_by_whatever_code_it_came_with() -> None:
    document = Document("a", "一句。", language="zh_TW", renderings={"EN": "One here."})
    collection = Collection.of([document])
    assert (collection.languages, collection.rendering(0, "en")) == (("zh-Hant",), "One here.")


def test_links_out_of_the_folder_are_passed_over_and_circles_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "secret.txt").write_text("A secret.")
    folder = tmp_path / "corpus"
    (folder / "inner").mkdir(parents=True)
    (folder / "zoo.txt").write_text("The zoo opens at nine.")
    (folder / "inner" / "circle").symlink_to(folder)
    (folder / "out").symlink_to(tmp_path)
    (folder / "secret.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "same.txt").symlink_to(folder / "zoo.txt")
    assert [document.id for document in corpus.load(folder)] == ["same.txt", "zoo.txt"]
    assert {"secret.txt", "out", "inner/circle"} <= set(caplog.messages[0].split(": ")[1].split(", "))
    (folder / "inner" / "metadata.toml").write_text('id = "x"\ntext = "secret.txt"')
    (folder / "inner" / "secret.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(DocumentError, match="must name a file in the same folder"):
        corpus.load(folder)
