"""Questions about the document itself."""

from __future__ import annotations

import pytest

from corpus.documents import Document
from index import Index
from index.about import about_itself


@pytest.mark.parametrize(
    ("question", "language"),
    [("What is this document about?", "en"), ("這篇文章在講什麼?", "zh-Hant"), ("总结一下全文", "zh-Hans")],
)
def test_what_it_is_about_is_told_by_title_and_headings(nanguan: Index, question: str, language: str) -> None:
    answer = nanguan.ask(question)
    assert answer.answered
    assert answer.language == language
    assert len(answer.citations) == 7
    text = nanguan.documents["nanguan"].text
    assert all(text[c.start : c.end] == c.quote for c in answer.citations)
    assert [c.start for c in answer.citations] == sorted(c.start for c in answer.citations)


def test_who_wrote_it_comes_from_the_record_and_says_so(nanguan: Index) -> None:
    answer = nanguan.ask("Who wrote it?")
    [citation] = answer.citations
    assert "Theoretical Study Group" in answer.text
    assert citation.quote == "中共長春市南關區委理論學習中心組"
    assert "record" in citation.rendering_note
    assert "理論學習中心組" in nanguan.ask("作者是誰?").text
    assert "理论学习中心组" in nanguan.ask("作者是谁?").text


@pytest.mark.parametrize(
    "text", ["# Owls of the north\n\nThey hunt.\n", "Owls of the north\n\nThey hunt at night. They rest."]
)
def test_the_title_is_the_line_that_is_one(text: str) -> None:
    answer = Index.build([Document("owls.txt", text, title="owls")]).ask("What is the title of this document?")
    [citation] = answer.citations
    assert "Owls of the north" in answer.text
    assert text[citation.start : citation.end] == citation.quote
    assert "Owls of the north" in citation.quote


def test_where_no_line_is_the_title_it_is_what_the_document_is_called() -> None:
    document = Document("a", "They hunt at night. They rest by day.", title="On owls")
    assert "On owls" in Index.build([document]).ask("What is the title of this document?").text
    assert not Index.build([Document("a", document.text)]).ask("What is the title of this document?").answered


def test_a_document_without_content_is_about_nothing() -> None:
    answer = Index.build([Document("blank", " \n")]).ask("What is this document about?")
    assert (answer.answered, answer.citations) == (False, ())


def test_of_very_many_headings_some_are_told_from_beginning_to_end() -> None:
    law = "# The law\n\n" + "\n\n".join(f"## Article {number}\n\nIt is so." for number in range(500))
    citations = Index.build([Document("law", law)]).ask("What is this document about?").citations
    assert 20 <= len(citations) <= 40
    assert citations[0].quote == "# The law"
    assert int(citations[-1].quote.split()[-1]) > 470


def test_the_editor_is_cited_from_the_last_line(nanguan: Index) -> None:
    [citation] = nanguan.ask("编辑是哪位?").citations
    assert citation.quote.startswith("責任編輯")


@pytest.mark.parametrize("question", ["請問責任編輯叫什麼名字?", "Name of the editor in charge, pls"])
def test_the_editor_may_be_asked_for_in_other_words(nanguan: Index, question: str) -> None:
    assert "艾" in nanguan.ask(question).citations[0].quote


def test_the_author_of_another_work_is_not_that_of_the_document(nanguan: Index) -> None:
    assert about_itself("《西游记》作者是谁?", "《西游记》作者是谁?", "zh-Hans", nanguan.retriever.collection) is None


def test_what_the_record_does_not_know_is_refused_with_its_reason(nanguan: Index) -> None:
    answer = nanguan.ask("When was this published?")
    assert not answer.answered
    assert "October 2022" in answer.text
    assert not nanguan.ask("登在哪份報紙上?").answered


def test_without_a_record_the_text_is_asked() -> None:
    index = Index.build([Document("a", "Ann Smith wrote this note.\n\nThe zoo feeds the penguins at noon.")])
    assert index.rank("Who wrote this note?")[0].start == 0


def test_a_question_that_asks_two_things_is_answered_in_both(nanguan: Index) -> None:
    answer = nanguan.ask("Which metro lines are supported, and how are unpaid wages dealt with?")
    quotes = " ".join(citation.quote for citation in answer.citations)
    assert "地鐵6號線" in quotes
    assert "欠薪" in quotes
    half = nanguan.ask("Which metro lines are supported, and how many penguins does the zoo feed?")
    assert half.answered
    assert half.unanswered == ("how many penguins does the zoo feed?",)
    assert "penguins" in half.text


@pytest.mark.parametrize(
    ("question", "gold"),
    [("Tell me everything about housing", "增強住房保障能力"), ("everything about schools", "優化教育布局")],
)
def test_a_broad_question_about_one_line_is_answered_by_it_and_not_by_its_heading(
    nanguan: Index, question: str, gold: str
) -> None:
    answer = nanguan.ask(question)
    assert gold in answer.citations[0].quote
    assert not any(citation.is_heading for citation in answer.citations)


def test_a_broad_question_gets_its_section_in_order(nanguan: Index) -> None:
    answer = nanguan.ask("summarise the plans for people's livelihood")
    assert len(answer.citations) > 3
    assert len({citation.section for citation in answer.citations}) == 1
    assert [c.start for c in answer.citations] == sorted(c.start for c in answer.citations)
