"""Answers kept: what has been found is not looked for again."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from index import Document, Index
from index.encoder import Encoder
from index.retriever import Retriever
from page.answers import Answers, key_of
from page.server import _relevance
from page.warming import Warming

QUESTION = "what does Nanguan plan for employment?"


@pytest.fixture
def retrievals(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was looked for, in order."""
    looked_for: list[str] = []
    retrieve = Retriever.retrieve

    def counted(self, question, language, without=(), kind_of=""):
        looked_for.append(question)
        return retrieve(self, question, language, without, kind_of)

    monkeypatch.setattr(Retriever, "retrieve", counted)
    return looked_for


@pytest.fixture
def warming(article: Document, nanguan: Index, monkeypatch: pytest.MonkeyPatch) -> Warming:
    warming = Warming([article])
    monkeypatch.setattr(warming, "index", lambda: nanguan)
    return warming


def test_an_answer_and_its_ribbon_cost_one_retrieval(warming: Warming, retrievals: list[str]) -> None:
    answers = Answers(warming.index)
    given = answers.ask(QUESTION)
    shown = _relevance(warming, answers, QUESTION, given.key, "nanguan")
    assert answers.ask(QUESTION) is given
    assert retrievals == [QUESTION]
    best = max(shown["fits"], key=lambda fit: fit[1])
    assert best[0] == given.answer.citations[0].start
    assert shown["document"] == 0


def test_questions_that_wait_are_read_together(warming: Warming, monkeypatch: pytest.MonkeyPatch) -> None:
    asking, batches, read_on = [], [], Event()
    query, encode = Encoder.query, Encoder.encode

    def asked(self, text):
        asking.append(text)
        return query(self, text)

    def encoded(self, texts, kind, progress=None):
        batches.append(len(texts))
        read_on.wait(30)
        return encode(self, texts, kind, progress)

    monkeypatch.setattr(Encoder, "query", asked)
    monkeypatch.setattr(Encoder, "encode", encoded)
    answers = Answers(warming.index)
    with ThreadPoolExecutor(8) as readers:
        given = [readers.submit(answers.ask, f"How long is metro line number {number}?") for number in range(8)]
        deadline = time.monotonic() + 20
        while len(asking) < 8 and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.2)  # the last to ask is not waiting yet
        read_on.set()
        assert all(each.result() for each in given)
    assert batches[:2] == [1, 7]


def test_a_follow_up_of_few_words_is_looked_for_alone_and_with_the_question_before(
    warming: Warming, retrievals: list[str]
) -> None:
    Answers(warming.index).ask("with which models?", [("How are new shopping areas developed?", "...")])
    assert len(retrievals) == 2


def test_the_ribbon_of_an_answer_long_forgotten_is_found_anew(warming: Warming, retrievals: list[str]) -> None:
    answers = Answers(warming.index)
    assert _relevance(warming, answers, QUESTION, "forgotten", None)["document"] == 0
    assert retrievals == [QUESTION]


def test_what_answers_two_questions_is_shown_for_both(warming: Warming) -> None:
    answers = Answers(warming.index)
    given = answers.ask("Who helps the disabled? Which metro lines are being built?")
    assert len(given.answer.citations) >= 2
    fits = dict(_relevance(warming, answers, "", given.key, "nanguan")["fits"])
    assert all(fits[citation.start] > 0.7 for citation in given.answer.citations[:2])


def test_only_the_latest_are_kept_and_none_of_an_index_that_was_replaced(nanguan: Index) -> None:
    index = nanguan
    answers = Answers(lambda: index, most=2)
    keys = [answers.ask(question).key for question in ("jobs?", "homes?", "schools?")]
    assert [answers.given(key) is not None for key in keys] == [False, True, True]
    index = Index.build([Document("zoo", "The zoo opens at nine.")])
    assert answers.given(keys[2]) is None


def test_the_same_words_after_other_turns_are_another_question() -> None:
    alone, after = key_of("and then?", []), key_of("and then?", [("jobs?", "Yes.")])
    assert alone != after
    assert after == key_of("and then?", [["jobs?", "Yes."]])
    assert key_of("食品安全", [], "zh-Hant") != key_of("食品安全", [], "zh-Hans")


def test_a_question_in_both_scripts_is_answered_in_its_readers(nanguan: Index) -> None:
    answers = Answers(lambda: nanguan)
    assert [answers.ask("食品安全", (), reader).answer.language for reader in ("zh-Hans", "zh-Hant", "")] == [
        "zh-Hans",
        "zh-Hant",
        "zh-Hant",
    ]
