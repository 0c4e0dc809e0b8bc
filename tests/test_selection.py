"""Answer sentence selection: what is known of each candidate beside the best, and which is chosen."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from index import Document, Index
from index.answer import beside_the_best
from index.selection import FEATURES, MOST, Matched, Selection, features

BRIDGE = Document(
    "bridge",
    "The bridge over the Lorne was opened in 1931. It cost 40,000 pounds. Its arches are of red stone.\n\n"
    "The ferry stopped then. Nobody missed it.",
)


def matched() -> Matched:
    tokens = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.3]], np.float32)
    nothing = np.zeros_like(tokens[:1])
    return Matched(
        tokens,
        np.concatenate([nothing, tokens[:2]]),
        np.concatenate([tokens[1:], nothing]),
        np.array([0.75, 0.25], np.float32),
        np.array([0.9, 0.8, 0.7], np.float32),
        np.array([9.0, 19.0, 4.0], np.float32),
    )


def known(rows: list[int]) -> dict[str, list[float]]:
    offers = np.array([[0, -2], [1, 9], [0, 0]], np.float32)[rows]
    values = features(
        np.array([3.0, 2.5, 1.0], np.float32), matched(), np.array(rows), offers, foreign=True, known=False
    )
    assert values.shape == (len(rows), len(FEATURES))
    return dict(zip(FEATURES, values.T.tolist(), strict=True))


def test_a_candidate_is_told_beside_the_best() -> None:
    values = known([0, 1])
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
    retriever = Index.build([BRIDGE]).retriever
    collection, evidence = (
        retriever.collection,
        retriever.retrieve("How much did the bridge over the Lorne cost?", "en"),
    )
    rows, values = beside_the_best("How much did the bridge over the Lorne cost?", evidence, collection)
    numbers = evidence.sentences[rows].tolist()
    assert rows[0] == 0
    assert len(values) == len(rows) <= MOST
    assert {collection.passages[number] for number in numbers} == {collection.passages[numbers[0]]}
    of = dict(zip(evidence.sentences.tolist(), range(len(evidence.sentences)), strict=True))
    for first, second in pairwise(range(len(collection.sentences))):
        together = collection.passages[first] == collection.passages[second]
        found = evidence.matched
        assert np.array_equal(found.before[of[second]], found.tokens[of[first]] * together)
        assert np.array_equal(found.behind[of[first]], found.tokens[of[second]] * together)
    lengths = [int(evidence.matched.lengths[of[number]]) for number in range(len(collection.sentences))]
    assert lengths[2] > lengths[4]
