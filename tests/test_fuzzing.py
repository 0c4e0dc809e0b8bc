"""Any input whatever: a few hundred of each kind here, always the same; `make fuzz` tries 100,000."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.lexical import terms
from index.script import convert, fold, language_of
from page.html import escaped
from tests import fuzzing
from tests.timing import seconds

PIECES = st.one_of(
    st.sampled_from([piece for seed in fuzzing.SEEDS for piece in (seed, *seed.split())]), st.text(max_size=20)
)
TEXT = st.lists(PIECES, max_size=8).map("".join) | st.text(
    st.characters() | st.sampled_from("。!?.,;:“”\"'()■ \n\t\r#-*就業优先A1\x1e\ud800\u202e"), max_size=300
)
EXAMPLES = {"tokenizer": 100, "words": 60, "question": 60, "http": 120}


@pytest.mark.slow
@pytest.mark.parametrize("target", fuzzing.TEXTS)
def test_any_text(target: str) -> None:
    check = fuzzing.TEXTS[target]

    @settings(max_examples=EXAMPLES.get(target, 200), deadline=None, derandomize=True, database=None)
    @given(TEXT)
    def holds(text: str) -> None:
        check(text)

    for seed in fuzzing.SEEDS:
        holds = example(seed)(holds)
    holds()


KINDS = (b"\0", b"\x40", b"\x60", b"\x70", b"\xff")  # of the reader's files: .md, .html, .pdf, .docx, metadata.toml


@settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.differing_executors],
)
@given(
    st.binary(max_size=400)
    | st.builds(lambda kind, text: kind + text.encode("utf-8", "replace"), st.sampled_from(KINDS), TEXT)
)
@example(b"\xff" + fuzzing.METADATA.encode())
@example(KINDS[1] + b"<div>" * 2_000 + b"deep")
@example(KINDS[3] + fuzzing.WORD.encode())
def test_any_file(content: bytes) -> None:
    fuzzing.reader(content)


LINES = ["a", "一", "。", " ", '"', "A. ", "\u0301", "\ud800", "ア", "(", "fi", "<", "1,"]
LINEAR: list[Callable[[str], object]] = [fold, language_of, terms, escaped, lambda text: convert(text, "zh-Hans")]


@pytest.mark.slow
@pytest.mark.parametrize("character", LINES)
def test_time_is_linear_in_the_length_of_a_line(character: str) -> None:
    def taken(function: Callable[[str], object], length: int) -> float:
        return seconds(function, (character * length)[:length])

    for function in LINEAR:
        function(character)
        assert taken(function, 1_000_000) < 20 * max(taken(function, 100_000), 0.02)
