"""The kind of answer a question asks for, told from its vector."""

from __future__ import annotations

import numpy as np
import pytest

from index import Index
from index.answer_kinds import DETAILS, NOTHING_KNOWN, answer_kinds
from index.encoder import Encoder
from index.script import language_of
from tests.toy import ToyEncoder


@pytest.mark.parametrize(
    ("question", "detail"),
    [
        ("roughly what am I looking at for a two-room flat, in cash?", "money"),
        ("pin down the exact spot of the new clinic for me", "place"),
        ("whoever runs that office now - what is she called?", "person"),
        ("新图书馆啥时候能让人进去看书", "date"),
        ("修這條隧道花掉納稅人多少血汗錢", "money"),
        ("幾十項措施,請逐項列名稱", "members"),
    ],
)
def test_a_detail_is_told_from_an_account(nanguan: Index, question: str, detail: str) -> None:
    asked_for = nanguan.retriever.retrieve(question, language_of(question)).asked_for
    assert asked_for.shape == (len(DETAILS),)
    assert asked_for.dtype == np.float32
    assert DETAILS[int(asked_for.argmax())] == detail
    assert asked_for.max() > 0


@pytest.mark.parametrize(
    "question", ["how will the old harbour be brought back to life", "圖書館", "怎样让老街区更热闹"]
)
def test_what_any_sentence_may_answer_asks_for_no_detail(nanguan: Index, question: str) -> None:
    asked_for = nanguan.retriever.retrieve(question, language_of(question)).asked_for
    assert asked_for.max() < 0


def test_what_a_follow_up_asks_for_is_told_from_its_own_words(nanguan: Index) -> None:
    retriever = nanguan.retriever
    whole, own = "What is done about housing? How many flats?", "How many flats?"
    alone = retriever.retrieve(own, "en").asked_for
    np.testing.assert_array_equal(retriever.retrieve(whole, "en", kind_of=own).asked_for, alone)
    assert not np.array_equal(retriever.retrieve(whole, "en").asked_for, alone)


def test_a_question_without_tokens_asks_for_something_all_the_same(encoder: Encoder) -> None:
    kinds = answer_kinds(encoder)
    assert kinds
    none = kinds.log_odds(np.zeros(encoder.dimension, np.float32), np.empty((0, encoder.dimension), np.float32))
    assert np.isfinite(none).all()


def test_heads_see_an_average_of_the_tokens_however_many_there_are(encoder: Encoder) -> None:
    kinds = answer_kinds(encoder)
    assert kinds
    vector, tokens = np.eye(2, encoder.dimension, dtype=np.float32)
    once, twice = (kinds.log_odds(vector, np.tile(tokens, (times, 1))) for times in (1, 2))
    np.testing.assert_allclose(once, twice, atol=1e-5)


def test_of_another_encoder_nothing_is_known() -> None:
    assert answer_kinds(ToyEncoder()) is None  # type: ignore[arg-type]
    assert not NOTHING_KNOWN.any()
