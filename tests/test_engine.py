"""Index: search, ask, add, remove, and whatever people type."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index import Answer, Document, Index, QAError
from index.announcing import announced
from index.asked_for import unmet
from index.citing import cite
from index.collection import Collection
from index.decision import SIGNALS, signals
from index.errors import DocumentError, IndexFileError, QuestionError
from index.sections import sections
from index.segmentation import Role, segment

MODEL_QUESTIONS = [
    ("what does Nanguan plan for employment?", "en"),
    ("南關區怎樣促進就業?", "zh-Hant"),
    ("南关区对就业有什么计划?", "zh-Hans"),
]


def assert_exact(index: Index, answer: Answer) -> None:
    """Every citation is a slice of its document, and of content."""
    for citation in answer.citations:
        document = index.documents[citation.document]
        assert document.text[citation.start : citation.end] == citation.quote
        roles = {(piece.start, piece.end): piece.role for piece in segment(document.text, document.headings)}
        assert roles[citation.start, citation.end].is_content


@pytest.mark.parametrize(("question", "language"), MODEL_QUESTIONS)
def test_the_model_question_is_answered_in_its_language(nanguan: Index, question: str, language: str) -> None:
    answer = nanguan.ask(question)
    assert answer.answered
    assert answer.language == language
    first = answer.citations[0]
    assert "就業優先戰略" in first.quote
    assert first.section == "不斷增進民生福祉,為振興突破明確根本方向。"
    expected = {"en": "employment-first strategy", "zh-Hant": "就業優先戰略", "zh-Hans": "就业优先战略"}[language]
    assert expected in first.rendering
    assert expected in answer.text
    assert f"{first.rendering} [1]" in answer.text
    assert first.quote in str(answer)
    assert 0 <= answer.confidence <= 1
    assert_exact(nanguan, answer)


def test_a_rendering_says_whose_it_is(nanguan: Index) -> None:
    in_english = nanguan.ask(MODEL_QUESTIONS[0][0])
    assert "by this project, not the publisher's" in in_english.citations[0].rendering_note
    assert "by this project, not the publisher's" in str(in_english)
    assert nanguan.ask(MODEL_QUESTIONS[1][0]).citations[0].rendering_note == ""
    assert "转换" in nanguan.ask(MODEL_QUESTIONS[2][0]).citations[0].rendering_note


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("How do I bake sourdough bread at home?", "en"),
        ("Who won the football world cup in 2018?", "en"),
        ("東京鐵塔有多高?", "zh-Hant"),
        ("明天会下雨吗?", "zh-Hans"),
        ("what is the phone number of the district office?", "en"),
    ],
)
def test_what_the_document_does_not_say_is_refused(nanguan: Index, question: str, language: str) -> None:
    answer = nanguan.ask(question)
    assert not answer.answered
    assert answer.citations == ()
    assert answer.language == language
    assert answer.text == str(answer) != ""
    assert answer.confidence < 0.5


@pytest.mark.parametrize("question", ["南關區怎樣促進就業", "有哪些老字號", "what does Nanguan plan for employment"])
def test_a_question_is_answered_alike_whatever_mark_ends_it(nanguan: Index, question: str) -> None:
    bare, *marked = (nanguan.ask(question + mark) for mark in ("", "?", "？", " ？"))
    for answer in marked:
        assert (answer.text, answer.confidence) == (bare.text, bare.confidence)
    assert nanguan.search(question) == nanguan.search(question + "？")


WHATEVER = """
😀😀|?!。,||   |\x00\x07\x1b[31m|\u200b|あ|что планируют?|ما هي الخطة؟|한국어 질문입니다|plan 就業 よ?|\ud800
employment \ud83d jobs|<script>alert(1)</script>|'; DROP TABLE--|就業\u202e業就|%s %d {0}|row:1 AND (|١٢٣|Ⅷ|𝓮𝓶𝓹𝓵𝓸𝔂
""".strip()


@pytest.mark.parametrize("question", [*re.split(r"[|\n]", WHATEVER), "a" * 2000, "就" * 2000, "\n", "\t\n"])
def test_whatever_is_typed_gets_an_answer_a_refusal_or_one_sentence(nanguan: Index, question: str) -> None:
    try:
        answer = nanguan.ask(question)
    except QAError as error:
        assert "\n" not in str(error)
        return
    assert answer.answered == bool(answer.citations)
    assert answer.text
    assert_exact(nanguan, answer)


@pytest.mark.parametrize("question", ["", "  \n ", "?", "😀", "\x00", "x" * 2001, None, 3, b"jobs", ["jobs"]])
def test_what_is_no_question_is_said_in_one_sentence(nanguan: Index, question: object) -> None:
    for method in (nanguan.ask, nanguan.search, nanguan.rank):
        with pytest.raises(QuestionError):
            method(question)  # type: ignore[operator]


def test_search_ranks_documents_of_one_paragraph(animals: list[Document]) -> None:
    index = Index.build(animals)
    for question, best in (
        ("what does the cat do?", "cat"),
        ("狗怎麼對待陌生人?", "dog"),
        ("What do birds sing?", "bird"),
    ):
        hits = index.search(question)
        assert hits[0].document == best
        assert sorted(hit.document for hit in hits) == ["bird", "cat", "dog"]
        assert hits[0].score >= hits[1].score >= hits[2].score
    assert len(index.search("cat", k=1)) == 1
    with pytest.raises(QuestionError):
        index.search("cat", k=0)


def test_documents_in_another_language_are_found_and_quoted_as_they_are(animals: list[Document]) -> None:
    index = Index.build([*animals, Document("fish", "金魚在水族箱裡游泳。")])
    [hit, *_] = index.search("what swims in the aquarium?")
    assert hit.document == "fish"
    assert index.documents["fish"].text[hit.start : hit.end] == "金魚在水族箱裡游泳。"


def test_documents_can_be_added_and_removed(animals: list[Document]) -> None:
    index = Index.build(animals[:1])
    index.add(animals[1:])
    assert index.search("what does the dog bury?")[0].document == "dog"
    for question in ("誰在樹上唱歌?", "Which animal purrs?"):
        assert index.search(question)[0].document == Index.build(animals).search(question)[0].document
    index.remove(["dog"])
    assert sorted(index.documents) == ["bird", "cat"]
    assert "dog" not in [hit.document for hit in index.search("what does the dog bury?")]
    index.remove("cat")
    index.remove(["bird"])
    assert index.search("anything at all") == []
    assert not index.ask("anything at all").answered


def test_an_index_of_nothing_refuses_and_can_grow(animals: list[Document]) -> None:
    index = Index.build([])
    assert index.search("cat") == []
    assert not index.ask("cat").answered
    index.add(animals)
    assert index.search("what does the cat do?")[0].document == "cat"


def test_bad_documents_are_said_and_change_nothing(animals: list[Document]) -> None:
    index = Index.build(animals)
    with pytest.raises(DocumentError, match="Two documents have the id 'cat'"):
        index.add([animals[0]])
    with pytest.raises(DocumentError, match="There is no document 'cow'"):
        index.remove(["cat", "cow"])
    with pytest.raises(DocumentError, match="There is no document 5"):
        index.remove(["cat", 5])  # type: ignore[list-item]
    with pytest.raises(DocumentError, match="by a list of their ids, not by None"):
        index.remove(None)  # type: ignore[arg-type]
    with pytest.raises(DocumentError, match="not from str"):
        index.add(["text"])  # type: ignore[list-item]
    assert len(index.documents) == 3


@pytest.mark.parametrize("documents", [Document("zoo", "It opens at nine."), None, 5, "text", {"zoo": "text"}])
def test_what_is_no_list_of_documents_is_said(animals: list[Document], documents: object) -> None:
    index = Index.build(animals[:1])
    for method in (Index.build, index.add):
        with pytest.raises(DocumentError):
            method(documents)  # type: ignore[operator]


@pytest.mark.parametrize("path", [None, 5, ["index"]])
def test_what_is_no_place_for_an_index_is_said(animals: list[Document], path: object) -> None:
    index = Index.build(animals[:1])
    for method in (Index.open, index.save):
        with pytest.raises(IndexFileError, match="named by a string or a Path"):
            method(path)  # type: ignore[operator]


@pytest.mark.parametrize("k", ["3", 2.5, None, 0, -1])
def test_what_counts_no_hits_is_said(nanguan: Index, k: object) -> None:
    for method in (nanguan.search, nanguan.rank):
        with pytest.raises(QuestionError, match="k must be"):
            method("jobs", k=k)  # type: ignore[operator]
    assert len(nanguan.search("jobs", k=np.int64(2))) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize("history", [5, "abc", {("a", "b")}, {"a": "b"}, ["abc"], [("a",)], [5]])
def test_what_is_no_history_is_said(nanguan: Index, history: object) -> None:
    for method in (nanguan.ask, nanguan.rank):
        with pytest.raises(QuestionError, match="pair"):
            method("and for housing?", history=history)  # type: ignore[operator]


def test_a_history_may_be_made_as_it_is_read(nanguan: Index) -> None:
    turns = [("what does Nanguan plan for employment?", "It plans much.")]
    told = nanguan.ask("and for housing?", turns)
    assert nanguan.ask("and for housing?", (turn for turn in turns)) == told  # type: ignore[arg-type]
    assert nanguan.ask("and for housing?", None) == nanguan.ask("and for housing?")  # type: ignore[arg-type]


def test_documents_without_content_are_kept_and_never_cited() -> None:
    index = Index.build(
        [Document("empty", ""), Document("blank", " \n "), Document("mark", "■"), Document("a", "Cats purr.")]
    )
    assert [hit.document for hit in index.search("who purrs?")] == ["a"]
    assert len(index.documents) == 4


def test_a_long_document_in_one_line_is_found_to_its_end() -> None:
    text = ",".join(f"第{number}項是普通內容" for number in range(400)) + ",最後一項是紫色的大象在跳舞"
    index = Index.build([Document("long", text)])
    hit = index.search("紫色大象在做什麼?")[0]
    assert "紫色的大象" in text[hit.start : hit.end]
    assert hit.end - hit.start <= 600


def test_headings_in_markdown_are_named_without_their_marks_and_quoted_with_them() -> None:
    text = "# Zoo\n\n## Opening hours\n\nThe zoo opens at nine.\n\n## Fees\n\nA ticket is five yuan.\n"
    index = Index.build([Document("zoo", text)])
    answer = index.ask("When does the zoo open?")
    assert answer.citations[0].section == answer.citations[0].section_rendering == "Opening hours"
    assert "> Opening hours" in answer.sources
    heading = next(hit for hit in index.rank("Opening hours", k=9) if text[hit.start : hit.end] == "## Opening hours")
    collection = index.retriever.collection
    row = [collection.sentence(row).start for row in range(len(collection.sentences))].index(heading.start)
    assert cite(collection, row, heading.score, "en").is_heading
    assert [section.heading for section in sections(collection, "zoo", "en")] == ["", "Opening hours", "Fees"]


LIBRARY = """Library guide

Opening hours
Weekdays from 9 am to 8 pm
Saturday from 10 am to 6 pm
Sunday closed

Rooms

Steps to reserve a room:
1. Log in. You need a card.
2. Choose a room and a time.

| room | price |
| Oak | 30 yuan |

Whoever comes late loses it.
"""


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("What are the opening hours?", ["Weekdays from 9", "Saturday from 10", "Sunday closed"]),
        (
            "What are the steps to reserve a room?",
            ["Steps to", "1. Log in.", "You need a card.", "2. Choose"],
        ),
        ("Do I need a card to log in?", ["You need a card."]),
    ],
)
def test_what_only_announces_is_cited_with_what_it_announces(question: str, cited: list[str]) -> None:
    answer = Index.build([Document("library", LIBRARY)]).ask(question)
    assert [c.quote[: len(start)] for c, start in zip(answer.citations, cited, strict=True)] == cited


@pytest.mark.parametrize(
    ("text", "first", "told"),
    [
        ("T\n\nOpening hours. Bring a card\nIt opens at nine.\n\nFees\n\nNone.", "Opening", ["It opens"]),
        ("T\n\nRooms:\n| Oak | 30 |\n| Pine | 50 |\n\nBook now.", "Rooms:", ["Rooms:", "| Oak", "| Pine"]),
        ("T\n\nWe sell:\napples\npears\n\nplums\n\nCome in.", "We sell:", ["We sell:", "apples", "pears"]),
        ("T\n\nDo so:\n\n1. Register.\n\n2. Pay.\n\nThat is all.", "Do so:", ["Do so:", "1. Reg", "2. Pay"]),
        ("T\n\nNote this:\nIt is a long story that is told here in a whole sentence of its own.", "Note", []),
        ("T\n\n1. Register.\n2. Pay.\n\nThat is all.", "1. Reg", []),
        ("Q: Why?\nA: So. It is.\nAnd it was.\n\nQ: When?\nA: Now.", "Q: Why", ["A: So", "It is", "And it was"]),
        ("問：為何？\n問：何時？\n\n答：現在。\n\n完。", "問：何時", ["答：現在"]),
        ("問：為何？\n問：何時？\n\n答：現在。\n\n完。", "問：為何", []),
        ("It blew. Where was he?\n\nNobody knew.", "Where", []),
        ("It blew.\n\nWhere was he? Nobody knew.\nHe slept.", "Where", []),
        ("“Shall we go?”\n“No,” he said.", "“Shall", []),
        ("It blew.\n\nWhere was he?", "Where", []),
    ],
)
def test_what_a_sentence_announces(text: str, first: str, told: list[str]) -> None:
    collection = Collection.of([Document("d", text)])
    quotes = [collection.quote(row) for row in range(len(collection.sentences))]
    row = next(row for row, quote in enumerate(quotes) if quote.startswith(first))
    found = [quotes[row] for row in sorted(announced(row, collection))]
    assert [quote[: len(start)] for quote, start in zip(found, told, strict=True)] == told


def test_a_question_of_the_document_is_answered_by_what_stands_under_it_and_told_behind_it() -> None:
    text = 'Q: How do I reset my password?\nA: Click "Forgot password".\n\nQ: How do I cancel?\nA: Write to us.\n'
    answer = Index.build([Document("help", text)]).ask("How can I reset my password?")
    assert [citation.quote for citation in answer.citations] == [
        'A: Click "Forgot password".',
        "Q: How do I reset my password?",
    ]


def test_of_lines_with_labels_the_one_that_answers_is_cited() -> None:
    text = "# Contacts\n\nPlumber: Joe Marsh, 555-0100\n\nElectrician: Ann Lee, 555-0101\n\nDoctor: Dr. Wu, 555-0102"
    first = Index.build([Document("contacts", text)]).ask("Who is the electrician?").citations[0]
    assert (first.quote, first.section) == ("Electrician: Ann Lee, 555-0101", "")


def test_a_heading_that_is_the_first_sentence_of_its_paragraph_says_something_itself() -> None:
    document = Document("d", "T\n\nIt plans for work. It plans for homes.\n\nIt ends.", headings="first-sentence")
    collection = Collection.of([document])
    assert collection.sentence(1).role is Role.HEADING
    assert announced(1, collection) == set()


def test_a_heading_offers_what_the_lines_under_it_do() -> None:
    retriever = Index.build([Document("library", LIBRARY)]).retriever
    question, signal = "At what time are the opening hours?", SIGNALS.index("unmet")
    evidence = retriever.retrieve(question, "en")
    best = int(evidence.sentences[0])
    assert retriever.collection.quote(best) == "Opening hours"
    assert unmet(question, retriever.collection.texts_of(best))
    assert not signals(question, evidence, retriever.collection)[0, 1 + signal]


def test_of_a_long_section_that_is_asked_for_by_its_heading_the_best_few_are_cited() -> None:
    rules = "".join(f"Rule {number} forbids {number} things in the garden.\n" for number in range(2, 40))
    answer = Index.build([Document("rules", f"House\n\nGarden rules\n\n{rules}\nThe end.")]).ask(
        "What are the garden rules?"
    )
    assert 1 <= len(answer.citations) <= 3
    assert all(citation.quote.startswith("Rule") for citation in answer.citations)


def test_a_document_with_a_lone_surrogate_is_quoted_and_converted() -> None:
    index = Index.build([Document("odd", "企鵝在中午\ud800吃魚。")])
    answer = index.ask("企鹅什么时候吃鱼?")
    for citation in answer.citations:
        assert citation.quote == "企鵝在中午\ud800吃魚。"
    assert index.search("企鹅吃鱼")[0].document == "odd"


def test_many_threads_get_the_same_answers(nanguan: Index) -> None:
    questions = [question for question, _ in MODEL_QUESTIONS] * 4
    alone = [nanguan.ask(question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(nanguan.ask, questions)) == alone


def test_a_question_is_encoded_once(nanguan: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    encoder = nanguan._retriever.encoder
    forward = encoder._forward
    monkeypatch.setattr(encoder, "_forward", lambda windows: calls.append(len(windows)) or forward(windows))
    encoder._query.cache_clear()
    nanguan.ask("what does Nanguan plan for employment?", [("who wrote this?", "...")])
    assert calls == [1]


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("what does Nanguan plan for employment?", 0),
        ("Does Shenzhen pay for taxis?", 1),
        ("Are Shenzhen, Chengdu and Hangzhou larger?", 2),
        ("深圳、成都和杭州哪个大", 2),
    ],
)
def test_names_that_stand_nowhere_tell_the_refusal_and_more_than_two_no_more(
    nanguan: Index, question: str, count: int
) -> None:
    retriever = nanguan.retriever
    values = signals(question, retriever.retrieve(question, "en"), retriever.collection)
    assert values[0][1 + SIGNALS.index("strangers")] == count


@pytest.mark.parametrize(
    ("question", "one", "several"),
    [
        ("Who won the World Cup in 1998?", "The document does not say.", "The documents do not say."),
        ("誰贏了1998年世界盃?", "文件沒有提到這一點。", "這些文件都沒有提到這一點。"),
        ("谁赢了1998年世界杯?", "文件没有提到这一点。", "这些文件都没有提到这一点。"),
    ],
)
def test_a_refusal_speaks_of_the_one_document_or_of_all(question: str, one: str, several: str) -> None:
    index = Index.build([Document("zoo", "The zoo opens at ten.")])
    assert index.ask(question).text == one
    index.add([Document("pool", "The pool is closed on Mondays.")])
    assert index.ask(question).text == several
