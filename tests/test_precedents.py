"""What is known of questions that were asked before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import corpus
from corpus.documents import MOST_ASKED
from index import Document, Index
from index.errors import DocumentError
from index.precedents import NO_PRECEDENTS, Precedents, questions_of

STABLE = "The stable has twelve stalls. Each is cleaned every morning. A groom brushes the horses after each ride."
ANSWERED = "How many stalls are there?\nWhen are the stalls cleaned?\nWho brushes the horses?\nHow many boxes has it?"
UNANSWERED = (
    "What does a riding lesson cost?\nHow much do you charge for a ride?\nIs there a discount?\nWhat is the fee?"
)
RIDING = Document("stable", STABLE, asked={"answered": ANSWERED, "unanswered": UNANSWERED})
PRICE, GROOM = "How much must I pay for a lesson?", "Which person brushes a horse?"


def axis(*places: float) -> np.ndarray:
    vectors = np.zeros((len(places), 4), np.float32)
    vectors[range(len(places)), [int(place) for place in places]] = 1
    return vectors


def test_a_question_leans_to_those_that_it_is_like() -> None:
    precedents = Precedents.of({3: (axis(0, 0, 1), [True, True, False])}, 4)
    assert precedents.leaning(3, axis(0)[0]) > 0.7
    assert precedents.leaning(3, axis(1)[0]) < -0.7
    assert abs(precedents.leaning(3, axis(2)[0])) < 0.1  # both sides weigh the same
    assert precedents.leaning(2, axis(0)[0]) == 0  # of another document nothing is known
    assert NO_PRECEDENTS.leaning(0, axis(0)[0]) == 0


def test_few_among_many_weigh_alike_where_they_are_alike() -> None:
    vectors = np.random.default_rng(3).normal(0.3, 1, (2000, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[1] = vectors[0]
    answered = [True, True, *[False] * 1998]
    weights = Precedents.of({0: (vectors, answered)}, 16).weights  # a system that is hard to solve in 32 bits
    assert weights[0] == pytest.approx(weights[1], rel=1e-4)


def test_of_the_questions_that_sentences_answer_there_are_no_more_than_there_is_room_for() -> None:
    lines = "\n".join(" | ".join(f"How is stall {row} swept at {hour}?" for hour in range(10)) for row in range(3000))
    text = "\n\n".join(f"Stall {row} is swept." for row in range(3000))
    found = questions_of(Document("stable", text, questions={"en": lines}, asked={"unanswered": UNANSWERED}))
    assert MOST_ASKED // 2 < len(found) <= MOST_ASKED
    assert sum(not answered for _, answered in found) == 4
    assert "2999" in found[-5][0]  # spread over the whole


def test_documents_come_and_go() -> None:
    first = Precedents.of({0: (axis(0, 1), [True, False]), 1: (axis(1, 0), [True, False])}, 4)
    both = first.followed_by(Precedents.of({0: (axis(2, 3), [True, False])}, 4), behind=2)
    assert both.documents.tolist() == [0, 0, 1, 1, 2, 2]
    left = both.renumbered({1: 0, 2: 1})
    for was, now, place in ((1, 0, 1), (2, 1, 2)):
        assert left.leaning(now, axis(place)[0]) == both.leaning(was, axis(place)[0]) > 0.5


@pytest.mark.parametrize("kind", ["answered", "unanswered"])
def test_one_kind_of_question_alone_tells_nothing(kind: str) -> None:
    assert questions_of(Document("a", STABLE, asked={kind: ANSWERED})) == []


def test_questions_that_sentences_answer_are_answered() -> None:
    document = Document("a", "One. Two.", questions={"en": "a? | b?\nc?"}, asked={"unanswered": "d?\n\n e? \n"})
    assert questions_of(document) == [("a?", True), ("b?", True), ("c?", True), ("d?", False), ("e?", False)]


def test_what_was_asked_of_a_document_tells_in_its_index(animals: list[Document], tmp_path: Path) -> None:
    def leanings(index: Index) -> list[float]:
        retriever, number = index.retriever, [*index.documents, "stable"].index("stable")
        return [retriever.precedents.leaning(number, vector) for vector in retriever.question_vectors([PRICE, GROOM])]

    built = Index.build([RIDING], tmp_path / "index")
    cost, groom = leanings(built)
    assert cost < -0.3 < 0.3 < groom
    assert built.retriever.retrieve(PRICE, "en").fit.leaning == pytest.approx(cost, abs=0.01)
    assert leanings(Index.open(tmp_path / "index")) == [cost, groom]
    built.add(animals)
    built.remove(["cat"])
    assert leanings(built) == pytest.approx([cost, groom])
    built.remove(["stable"])
    assert leanings(built) == [0, 0]
    built.add([RIDING])
    assert leanings(built) == pytest.approx([cost, groom])


def test_a_folder_brings_what_was_asked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STABLE)
    (tmp_path / "no.txt").write_text(UNANSWERED)
    (tmp_path / "metadata.toml").write_text('text = "a.txt"\n[asked]\nunanswered = "no.txt"\n')
    [document] = corpus.load(tmp_path)
    assert document.asked == {"unanswered": UNANSWERED}


def test_another_kind_of_asked_question_is_said() -> None:
    with pytest.raises(DocumentError, match="must be under 'answered' or 'unanswered', not 'maybe'"):
        Document("a", STABLE, asked={"maybe": ANSWERED})


def test_the_article_brings_both_kinds(article: Document) -> None:
    kinds = [answered for _, answered in questions_of(article)]
    assert min(kinds.count(True), kinds.count(False)) > 1000
