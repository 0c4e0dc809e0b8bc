"""Answer sentence selection: what is known of each candidate beside the best, and which is chosen."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from index import Document, Index
from index.answer import beside_the_best
from index.selection import FEATURES, MARGIN, Matched, Selection, features

BRIDGE = Document(
    "bridge",
    "The bridge over the Lorne was opened in 1931. It cost 40,000 pounds. Its arches are of red stone.",
)
FERRY = Document("ferry", "The ferry stopped when the bridge was opened. Nobody missed it.")


def matched() -> Matched:
    tokens = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.3]], np.float32)
    nothing = np.zeros_like(tokens[:1])
    return Matched(
        np.array([7, 8, 4]),
        np.array([3.0, 2.5, 1.0], np.float32),
        tokens,
        np.concatenate([nothing, tokens[:2]]),
        np.concatenate([tokens[1:], nothing]),
        np.array([0.75, 0.25], np.float32),
        np.array([0.9, 0.8, 0.7], np.float32),
        np.array([9.0, 19.0, 4.0], np.float32),
    )


def test_a_candidate_is_told_beside_the_best() -> None:
    offers = np.array([[0, -2], [1, 9], [0, 0]], np.float32)
    of_all = features(matched(), offers, foreign=True, known=False)
    assert of_all.shape == (3, len(FEATURES))
    values = dict(zip(FEATURES, of_all[:2].T.tolist(), strict=True))
    assert values["score"] == pytest.approx([0, -0.5])
    assert values["match"] == pytest.approx([0, 0.75 * (0.2**2 - 0.9**2) + 0.25 * (0.8**2 - 0.1**2)])
    assert values["verbatim"] == pytest.approx([0, 0.75 * (0.2**4 - 0.9**4) + 0.25 * (0.8**4 - 0.1**4)])
    assert values["more"] == pytest.approx([0, 0.25 * (0.8**2 - 0.1**2)])
    assert values["less"] == pytest.approx([0, 0.75 * (0.9**2 - 0.2**2)])
    assert values["before"] == pytest.approx([0, 0.75 * 0.9**2 + 0.25 * 0.1**2])
    assert values["in context"][1] == pytest.approx(0.75 * (0.63**2 - 0.9**2) + 0.25 * (0.8**2 - 0.1**2))
    assert values["window"] == pytest.approx([0, 0.75 * (0.3**2 - 0.9**2)])
    assert values["length"] == pytest.approx([0, np.log(2)])
    assert values["unmet"] == [0, 1]
    assert values["unoffered"] == [-2, 5]
    assert values["unoffered more"] == [0, 7]
    assert values["foreign"] == [1, 1]
    assert values["known"] == [0, 0]


def test_the_candidate_with_the_highest_sum_of_units_is_chosen() -> None:
    values = np.zeros((3, len(FEATURES)))
    values[:, FEATURES.index("cosine")] = 0, 0.4, 0.2
    hidden = np.zeros((len(FEATURES), 2))
    hidden[FEATURES.index("cosine")] = 1, -1
    assert Selection(hidden, np.zeros(2), np.array([1.0, 0.5])).chosen(values) == 1
    assert Selection(hidden, np.zeros(2), np.array([0.5, 1.0])).chosen(values) == 0


def test_the_candidates_are_the_best_sentences_of_one_passage_with_what_stands_beside_them() -> None:
    retriever, question = Index.build([BRIDGE, FERRY]).retriever, "When was the bridge over the Lorne opened?"
    collection, evidence = retriever.collection, retriever.retrieve(question, "en")
    found = evidence.matched
    numbers = found.sentences.tolist()
    assert numbers[0] == evidence.sentences[0]
    assert {collection.passages[number] for number in numbers} == {collection.passages[numbers[0]]}
    scores = dict(zip(evidence.sentences.tolist(), evidence.scores.tolist(), strict=True))
    assert [scores[number] for number in numbers] == pytest.approx(found.scores.tolist())
    of_bridge = [number for number in scores if collection.document_of(number) is collection.document_of(numbers[0])]
    assert numbers == [number for number in of_bridge if scores[number] >= scores[numbers[0]] - MARGIN]
    assert len(scores) > len(numbers) > 1
    of = dict(zip(numbers, range(len(numbers)), strict=True))
    for first, second in pairwise(sorted(numbers)):
        if second == first + 1:
            assert np.array_equal(found.before[of[second]], found.tokens[of[first]])
            assert np.array_equal(found.behind[of[first]], found.tokens[of[second]])
    assert not found.before[of[0]].any()
    lengths = [int(length) for length in found.lengths]
    assert lengths[of[0]] == max(lengths)
    assert len(beside_the_best(question, evidence, collection)) == len(numbers)


@pytest.mark.parametrize(("margin", "count"), [(0.01, 1), (99.0, 3)])
def test_no_candidate_is_of_another_passage_or_far_behind_the_best(
    margin: float, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.retriever.MARGIN", margin)
    retriever = Index.build([BRIDGE, FERRY]).retriever
    evidence = retriever.retrieve("When was the bridge over the Lorne opened?", "en")
    assert len(evidence.sentences) == 5
    assert evidence.matched.sentences.tolist() == [n for n in evidence.sentences.tolist() if n < 3][:count]
