"""Questions to go on with."""

from __future__ import annotations

import re

from index import Document, Index
from index.suggestions import suggested


def test_every_suggestion_is_answered_by_the_sentence_it_is_suggested_for(nanguan: Index) -> None:
    collection = nanguan.retriever.collection
    unanswered = []
    for number in range(0, len(collection.sentences), 4):
        for language in ("en", "zh-Hant", "zh-Hans"):
            for question in suggested([number], language, collection):
                quotes = [citation.quote for citation in nanguan.ask(question).citations]
                unanswered += [] if collection.quote(number) in quotes else [question]
    assert unanswered == []


def test_an_answer_suggests_what_was_not_asked_yet(nanguan: Index) -> None:
    answer = nanguan.ask("what does Nanguan plan for employment?")
    assert len(answer.suggestions) == 3
    again = nanguan.ask(answer.suggestions[0], [("what does Nanguan plan for employment?", answer.text)])
    assert answer.suggestions[0] not in again.suggestions


def test_a_refusal_shows_what_is_near_and_suggests_what_is_answered(nanguan: Index) -> None:
    answer = nanguan.ask("南关区的人口是多少?")
    assert not answer.answered
    assert not answer.citations
    assert len(answer.nearby) == 3
    assert "人口" in answer.nearby[0].quote
    assert all("區" not in question for question in answer.suggestions)
    assert [nanguan.ask(question).answered for question in answer.suggestions] == [True] * 3


def test_what_several_sentences_answer_is_suggested_once_and_others_follow() -> None:
    text = "Ash is felled.\n\nBirch is felled.\n\nCedar is felled.\n\nElm is felled.\n\nFir is felled."
    questions = "What falls?\nWhat falls?\nWhat falls?\nDoes elm fall?\nDoes fir fall?"
    collection = Index.build([Document("trees", text, questions={"en": questions})]).retriever.collection
    assert suggested(range(5), "en", collection) == ("What falls?", "Does elm fall?", "Does fir fall?")


def test_keywords_are_suggested_only_where_nothing_else_is_known(nanguan: Index) -> None:
    collection = nanguan.retriever.collection
    spaced = re.compile(r"[\u3400-\u9fff] [\u3400-\u9fff]")
    shown = 0
    for number in range(len(collection.sentences)):
        known = [each for each in collection.questions_of(number, "zh-Hant") if re.search("怎麼|什麼|哪", each)]
        if any(not spaced.search(question) for question in known):
            suggestions = suggested([number], "zh-Hant", collection)
            assert [question for question in suggestions if spaced.search(question)] == []
            shown += len(suggestions)
    assert shown > 20


def test_documents_without_questions_suggest_none() -> None:
    index = Index.build([Document("zoo", "The zoo opens at nine. Penguins are fed at noon.")])
    assert index.ask("When are penguins fed?").suggestions == ()
