"""Which sentence of a passage comes first: by what it goes on from, and in an answer by the kind that it offers."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from index import Document, Index
from index.answer import beginning_of
from index.retriever import Fit, Ranking, _in_context

EDICT = Document(
    "edict",
    "The edict took from the Protestants whatever they had been granted and made them convert. Louis XIV pressed them "
    "harder and harder until he signed it in 1685. Many of them left for England.",
)
HALL = Document(
    "hall",
    "The parish decided in spring that its old hall should be rebuilt. The architect was Ada Finch, who had built the "
    "station. The work was paid for by a lottery.",
)
ZOO = Document("zoo", "The zoo is open to all. Penguins live there.")


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build([EDICT, ZOO])


def first(index: Index, question: str, **ranking: Any) -> str:
    retriever = replace(index.retriever, ranking=Ranking(**ranking))
    return retriever.collection.quote(int(retriever.retrieve(question, "en").sentences[0]))


def test_a_sentence_goes_on_from_the_one_before(index: Index) -> None:
    question = "Who pressed the Protestants until the edict was signed?"
    assert "1685" in first(index, question)
    assert "1685" not in first(index, question, before=0)


def test_an_answer_begins_with_the_sentence_that_answers_not_the_one_that_brings_it_up() -> None:
    index, question = Index.build([HALL, ZOO]), "Who was the architect of the old parish hall?"
    assert "should be rebuilt" in first(index, question)
    answer = index.ask(question)
    assert answer.answered
    assert "Ada Finch" in answer.citations[0].quote
    assert [c.quote for c in answer.citations[1:]] == [first(index, question)]
    hits = {(hit.document, hit.start): hit.score for hit in index.rank(question)}
    assert [c.score for c in answer.citations] == [hits[c.document, c.start] for c in answer.citations]


def test_no_other_document_comes_first_for_what_it_offers(index: Index) -> None:
    question = "When was the edict signed?"
    collection, evidence = index.retriever.collection, index.retriever.retrieve(question, "en")
    quotes = [collection.quote(number) for number in evidence.matched.sentences.tolist()]
    assert len(quotes) > 1
    assert not any("Penguins" in quote or "zoo" in quote for quote in quotes)
    assert "1685" in collection.quote(beginning_of(question, evidence, collection))


def test_a_passage_that_says_it_in_one_sentence_is_ahead_of_one_whose_words_are_scattered() -> None:
    scattered = Document("scattered", "The grey wolf owns a boat. A red fox crosses the river at night.")
    together = Document("together", "A grey fox crosses the river. The red wolf owns a boat at night.")
    retriever = Index.build([scattered, together, ZOO]).retriever
    by_words = replace(retriever, ranking=Ranking(passage_lexical_weight=50))  # as good as words alone
    evidence = by_words.retrieve("grey fox river", "en")
    assert retriever.collection.document_of(int(evidence.passages[0])).id == "together"
    assert evidence.passage_scores[0] > evidence.passage_scores[1] + 20  # both hold the words, and as many others


def test_what_goes_before_is_in_the_same_passage_and_language() -> None:
    """Two passages of two sentences, in two languages; the last sentence is in one alone."""
    found: Any = SimpleNamespace(
        languages=("en", "zh"),
        text_sentence=np.array([0, 0, 1, 1, 2, 2, 3]),
        text_language=np.array([0, 1, 0, 1, 0, 1, 1]),
        text_block=np.array([0, 1, 0, 1, 2, 3, 3]),
    )
    matches = np.array([[1, 0], [0.5, 0], [0.2, 0.6], [0.4, 0], [0, 0], [0, 1], [0, 0.9]], np.float32)
    expected = matches.copy()
    expected[2, 0] = 0.7
    assert np.allclose(_in_context(matches, found, 0.7), expected)
    nothing: Any = SimpleNamespace(languages=(), text_sentence=[], text_language=[], text_block=np.empty(0))
    nothing.text_sentence = nothing.text_language = np.empty(0, np.int64)
    assert _in_context(np.empty((0, 2), np.float32), nothing, 0.7).shape == (0, 2)


def test_a_sentence_is_matched_with_the_heading_line_it_stands_under() -> None:
    text = "# Pickled radish\n\nSalt it for two hours. It keeps for two weeks.\n\n# Pork\n\nIt keeps for three days.\n"
    index = Index.build([Document("recipes", text)])
    for question, quote in (("How long does pickled radish keep?", "two weeks"), ("How long does pork keep?", "three")):
        [best, *_] = index.rank(question)
        assert quote in text[best.start : best.end]


def test_what_is_asked_in_a_sentences_own_words_is_told_from_what_is_asked_in_others(index: Index) -> None:
    def fit(question: str) -> Fit:
        return index.retriever.retrieve(question, "en").fit

    own, others, elsewhere = "Penguins live there?", "Which flightless birds dwell in it?", "Zinc smelting in Peru?"
    assert fit(own).verbatim > 4 * fit(others).verbatim > 0
    assert fit(own).nowhere == 0
    assert fit(elsewhere).nowhere > 0.3
