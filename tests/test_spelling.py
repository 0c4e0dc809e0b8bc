"""Mistyped words of a question, and characters of the same sound."""

from __future__ import annotations

import random
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import Document, Index
from index.dictionary import Glossary
from index.encoder import Encoder
from index.evaluation import read_cases
from index.homophones import heard
from index.spelling import Speller, slips


@pytest.fixture(scope="module")
def camp() -> Index:
    return Index.build(
        [
            Document("camp", "The kombucha costs four dollars. Mr Johnson runs the camp. Children sleep in tents."),
            Document("hut", "Ask at reception for the registration of a passenger. The hut is run by Tarnbrook."),
        ]
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("help for disalbed peoople", "help for disabled people"),
        ("jsut tell me whta is planned for houzing", "just tell me what is planned for housing"),
        ("What is said of the goverment's enviroment?", "What is said of the government's environment?"),
        ("how are young-poeple supported", "how are young-people supported"),
        ("What does Nangaun plan?", "What does Nanguan plan?"),
        ("propety management物業的責任", "property management物業的責任"),
        ("what is allowd, and actualy done?", "what is allowed, and actually done?"),
        ("Emplyoment?", "Employment?"),
        ("What Is The Goverment Plan", "What Is The Government Plan"),
        ("It is so. Goverment plans?", "It is so. Government plans?"),
        ("南关区的emplyoment政策", "南关区的employment政策"),
    ],
)
def test_mistyped_words_are_corrected(typed: str, meant: str, nanguan: Index) -> None:
    assert nanguan.retriever.corrected(typed) == meant


@pytest.mark.parametrize(
    "question",
    [
        "what does Nanguan plan for employment?",
        "Are recognised labour organisations subsidised in kilometres, theatres or instalments?",
        "doesnt it, wont it, and isn't it cheaper for the planners?",
        "Is the IELTS or the GDPR mentioned at https://exmaple.org/enviroment or by pepole@exmaple.org?",
        "Is Renmin Dajie near Hongshilazi?",
        "Who are Haas, Keping and Brandt?",
        "which hunan services are there in nanjing or wuxi",
        "what does malloc do, and how is perl used",
        "which acts are forgiven, overtaken or learnt?",
        "i cani sono ammessi nelle camerate?",
        "run it with --enviroment, `emplyoment` or printF",
        "Quels habitants venus d'ailleurs gouvernaient jadis le distrikt, et lesquels les aidaient?",
        "zzzz qqqq xkcd",
        "",
        "?",
    ],
)
def test_what_is_right_or_unknown_is_left(question: str, nanguan: Index) -> None:
    assert nanguan.retriever.corrected(question) == question


def test_words_of_the_documents_are_known_and_meant(camp: Index) -> None:
    assert camp.retriever.corrected("what does kombucha cost") == "what does kombucha cost"
    assert camp.retriever.corrected("what does kombcha cost") == "what does kombucha cost"
    assert camp.retriever.corrected("where is the regstration") == "where is the registration"


def test_a_name_never_becomes_another_one(camp: Index) -> None:
    assert camp.retriever.corrected("Who is Tarnborok?") == "Who is Tarnbrook?"
    for name in ("Johnston", "Tanbrook", "Tarnbrock"):
        assert camp.retriever.corrected(f"Who is {name}?") == f"Who is {name}?"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("就叶的计划", "就业的计划"),
        ("義務叫育怎樣均衡?", "義務教育怎樣均衡?"),  # in the script that it was asked in
        ("安全生产抓不抓责仁制", "安全生产抓不抓责任制"),
        ("廉祖房的管里严吗?", "廉租房的管理严吗?"),
    ],
)
def test_characters_of_the_same_sound_are_heard(typed: str, meant: str, nanguan: Index) -> None:
    assert nanguan.retriever.corrected(typed) == meant


@pytest.mark.parametrize(
    "question",
    [
        "行動計畫是什麼?",
        "社會保障分幾層?",
        "一主六双是什么",
        "牠們怎麼辦",
        "商廈裡有幾家公司?",
        "市级还是区级?",
        "长春",
    ],
)
def test_right_characters_are_left(question: str, nanguan: Index) -> None:
    assert nanguan.retriever.corrected(question) == question


def test_only_what_stands_in_the_documents_is_heard() -> None:
    def likelihoods(texts: list[str]) -> np.ndarray:
        return np.array([20.0 * ("就业" in text) for text in texts], np.float32)

    sounds = Glossary.of(["促进就业"]).sounds
    assert sounds["jiu ye"] == ("就业",)
    assert heard("就叶和交育", sounds, lambda pair: False, likelihoods) == "就业和交育"
    assert heard("就叶", sounds, lambda pair: pair == "就叶", likelihoods) == "就叶"
    assert heard("就叶", {}, lambda pair: False, likelihoods) == "就叶"


@pytest.mark.parametrize(("gain", "said"), [(8.5, "就叶"), (9.5, "就业")])
def test_what_is_heard_must_be_much_likelier(gain: float, said: str) -> None:
    def likelihoods(texts: list[str]) -> np.ndarray:
        return np.array([gain * ("就业" in text) for text in texts], np.float32)

    assert heard("就叶", {"jiu ye": ("就业",)}, lambda pair: False, likelihoods) == said


def test_the_golden_questions_are_left(nanguan: Index, golden: Path) -> None:
    questions = [case.question for case in read_cases(golden)]
    changed = [question for question in questions if nanguan.retriever.corrected(question) != question]
    assert len(changed) <= 0.01 * len(questions), changed


def test_an_answer_says_how_a_mistyped_question_was_understood(nanguan: Index) -> None:
    answer = nanguan.ask("what does nanguan plan for emplyoment?")
    assert answer.question == "what does nanguan plan for emplyoment?"
    assert answer.understood == "what does nanguan plan for employment?"
    assert answer.citations == nanguan.ask(answer.understood).citations


def test_a_mistyped_question_before_is_corrected_too(nanguan: Index) -> None:
    answer = nanguan.ask("when?", [("which metor lines are suported?", "...")])
    assert answer.understood == nanguan.ask("when?", [("which metro lines are supported?", "...")]).understood


def test_a_mistyped_greeting_is_one(nanguan: Index) -> None:
    assert nanguan.ask("thnaks").text == nanguan.ask("thanks").text


def test_search_finds_what_was_meant(nanguan: Index) -> None:
    assert nanguan.search("emplyoment of gradutes") == nanguan.search("employment of graduates")


def test_a_vocabulary_without_probabilities_corrects_nothing() -> None:
    def unknown(texts: list[str]) -> np.ndarray:
        return np.zeros(len(texts), np.float32)

    speller = Speller({"jiu ye": ("就业",)}, lambda word: False, lambda word: "", unknown)
    assert speller.corrected("disalbed peoople 就叶") == "disalbed peoople 就叶"


def test_a_slip_is_one_letter_too_few_too_many_another_or_two_swapped() -> None:
    found = set(slips("cat"))
    assert {"cta", "ct", "ca", "caat", "cart", "cut", "cats", "act"} <= found
    assert not {"cat", "at", "bat", "scat"} & found  # the first letter stays


def test_likelier_texts_have_higher_likelihoods(encoder: Encoder) -> None:
    right, wrong, chinese, mistaken = encoder.likelihoods(["people", "peoople", "就业", "就叶"]).tolist()
    assert 0 > right > wrong
    assert 0 > chinese > mistaken


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    st.text(st.sampled_from([*"abdeinort 'ABN?.，\u5c31\u53f6\u8ba1\u756b\u0301\ud800\uff41\u00e9\n7"]), max_size=60)
)
def test_anything_is_corrected_or_left(nanguan: Index, typed: str) -> None:
    corrected = nanguan.retriever.corrected(typed)
    assert len(corrected) <= len(typed) + 10
    assert [c for c in corrected if not c.isalpha()] == [c for c in typed if not c.isalpha()]


def test_whatever_is_typed_takes_little_time(nanguan: Index) -> None:
    chance = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    typed = ["".join(chance.choices(letters, k=length)) for length in (2000, 240, 24, 24, 24, 24, 12, 12, 12, 12)]
    for question in (typed[0], " ".join(typed), " ".join(typed[2:]), "就叶" * 1000):
        nanguan.retriever.corrected(question)
        started = time.perf_counter()
        nanguan.retriever.corrected(question)
        assert time.perf_counter() - started < 1
