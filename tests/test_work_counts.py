"""What an answer, an opening and a change cost, counted: times differ from machine to machine, work does not."""

from __future__ import annotations

import builtins
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from index import Document, Index, building, engine, rerank
from index.collection import Collection
from index.encoder import Encoder


class Counted:
    """The forward passes of an encoder: for each, how many texts it read and how many tokens, padding included."""

    def __init__(self) -> None:
        self.passes: list[tuple[int, int]] = []

    @property
    def texts(self) -> int:
        return sum(texts for texts, _ in self.passes)


@pytest.fixture
def counted(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counted]:
    counts = Counted()
    transformer = encoder.model.transformer
    forward = type(transformer).forward

    def counting(self: object, features: dict, **kwargs: object) -> object:
        counts.passes.append(tuple(features["input_ids"].shape))
        return forward(self, features, **kwargs)

    encoder._query.cache_clear()
    monkeypatch.setattr(type(transformer), "forward", counting)
    yield counts
    encoder._query.cache_clear()


def test_a_question_is_one_forward_pass_of_its_own_tokens(nanguan: Index, encoder: Encoder, counted: Counted) -> None:
    question = "what is planned for people out of work?"
    nanguan.ask(question)
    [[window]] = encoder.model.tokenizer.windows([encoder.model.prompts["query"] + question])
    assert counted.passes == [(1, len(window.ids) + -len(window.ids) % 8)]  # padded to a multiple of eight
    nanguan.ask(question)
    nanguan.search(question)
    assert len(counted.passes) == 1  # what was encoded a moment ago is not encoded again


def test_only_who_wants_the_whole_ranking_has_it_listed(nanguan: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[int] = []
    monkeypatch.setattr(engine, "_ranked", lambda collection, found: listed.append(len(found)) or [])
    nanguan.ask("what is planned for housing?")
    assert listed == []
    nanguan.ask_ranked("what is planned for housing?")
    assert listed == [1]


def test_a_question_looks_at_a_bounded_part_of_a_large_collection(counted: Counted) -> None:
    index = Index.build([Document(f"{number}", f"Shed number {number} holds oats.") for number in range(400)])
    counted.passes.clear()
    evidence = index.retriever.retrieve("Which shed holds oats?", "en")
    assert len(evidence.passages) <= 50
    assert len(counted.passes) == 1


def test_questions_that_come_together_share_forward_passes(nanguan: Index, counted: Counted) -> None:
    questions = [f"What is planned for metro line {number}?" for number in range(1, 13)]
    together = Barrier(len(questions))

    def ask(question: str) -> bool:
        together.wait(10)
        return bool(nanguan.search(question))

    with ThreadPoolExecutor(len(questions)) as pool:
        assert all(pool.map(ask, questions))
    assert counted.texts == len(questions)
    assert len(counted.passes) < len(questions)


def test_opening_encodes_nothing(animals: list[Document], tmp_path: Path, counted: Counted) -> None:
    Index.build(animals, tmp_path / "index")
    built = len(counted.passes)
    assert built > 0
    Index.open(tmp_path / "index")
    assert len(counted.passes) == built


def test_what_is_there_is_not_encoded_again_when_documents_come_and_go(
    animals: list[Document], encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = Index.build(animals)
    encoded: list[str] = []
    encode = Encoder.encode

    def noting(self: Encoder, texts: list[str], kind: str, progress: object = None) -> object:
        encoded.extend(texts)
        return encode(self, texts, kind, progress)  # type: ignore[arg-type]

    monkeypatch.setattr(Encoder, "encode", noting)
    index.add([Document("cow", "Cows graze in the meadow.")])
    assert encoded == ["Cows graze in the meadow."]
    index.remove(["dog"])
    assert encoded == ["Cows graze in the meadow."]


def test_a_large_collection_is_encoded_once_and_few_texts_at_a_time(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [
        Document(f"{n}", f"Shed {n} holds {what}.", questions={"en": f"Where is {what} number {n}?"})
        for n, what in enumerate(["oats", "a red tractor", "honey", "old boats", "chairs"] * 20)
    ]
    whole = Index.build(documents)
    monkeypatch.setattr(building, "_SAMPLE", 60)
    monkeypatch.setattr(building, "_AT_ONCE", 8)
    monkeypatch.setattr(rerank, "_MANY", 100)
    encoded: list[list[str]] = []
    encode = Encoder.encode

    def noting(self: Encoder, texts: list[str], kind: str, progress: object = None) -> object:
        encoded.append(list(texts))
        return encode(self, texts, kind, progress)  # type: ignore[arg-type]

    monkeypatch.setattr(Encoder, "encode", noting)
    told: list[tuple[int, int]] = []
    index = Index.build(documents, progress=lambda *each: told.append(each))
    assert max(map(len, encoded)) <= 60
    assert sorted(text for texts in encoded for text in texts) == sorted(
        text for document in documents for text in (document.text, document.questions["en"])
    )
    assert told[-1] == (200, 200)
    tokens = index.retriever.tokens
    assert len(tokens.codebook)
    assert len(tokens.ends) == 200
    for number in (7, 33, 58):
        question = f"What does shed {number} hold?"
        assert index.search(question, 1)[0].document == whole.search(question, 1)[0].document == f"{number}"


def test_no_file_is_opened_while_a_question_is_answered(
    animals: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Index.build(animals, tmp_path / "index")
    index = Index.open(tmp_path / "index")
    questions = ("what does the cat do?", "誰在樹上唱歌?")
    for question in questions:
        index.ask(question)  # the dictionary and the tables of characters are read once
    opened: list[object] = []
    original = io.open

    def noting(file: object, *arguments: object, **keywords: object) -> object:
        opened.append(file)
        return original(file, *arguments, **keywords)  # type: ignore[call-overload]

    monkeypatch.setattr(builtins, "open", noting)
    monkeypatch.setattr(io, "open", noting)
    for question in questions:
        assert index.ask(question[:-1] + " ?")
    assert opened == []


def test_a_question_looks_at_a_bounded_part_of_a_long_text_without_headings() -> None:
    index = Index.build([Document("long", " ".join(f"Shed number {number} holds oats." for number in range(2000)))])
    assert len(index.retriever.retrieve("Which shed holds oats?", "en").sentences) <= 50 * 32


@pytest.mark.parametrize("above", ["# Log\n\n## The sheds\n\n", "| The sheds |\n|---|\n"])
def test_a_question_that_finds_what_announces_much_reads_a_bounded_part_of_it(
    above: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "\n".join(f"| Number {number} holds oats. |" for number in range(800))
    index = Index.build([Document("log", above + rows)])
    index.ask("the sheds")  # what is kept of an index is made at its first question
    read: list[int] = []
    texts_of, sentence = Collection.texts_of, Collection.sentence
    monkeypatch.setattr(Collection, "texts_of", lambda *of: read.append(1) or texts_of(*of))
    monkeypatch.setattr(Collection, "sentence", lambda *of: read.append(1) or sentence(*of))
    assert index.ask("the sheds").question
    assert len(read) < 500
