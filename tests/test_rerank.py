"""Late interaction over packed token vectors."""

from __future__ import annotations

import numpy as np

from index.rerank import TokenStore


def rows(*lengths: int, dimension: int = 16) -> list[np.ndarray]:
    generator = np.random.default_rng(2)
    made = [generator.normal(size=(length, dimension)).astype(np.float32) for length in lengths]
    return [row / np.linalg.norm(row, axis=1, keepdims=True) for row in made]


def test_matches_equal_the_definition_up_to_eight_bits() -> None:
    documents, [query] = rows(5, 1, 9), rows(4)
    found = TokenStore.of(documents, 16).best_matches(query, np.array([2, 0]))
    expected = [(query @ documents[row].T).max(axis=1) for row in (2, 0)]
    assert np.allclose(found, expected, atol=0.02)


def test_a_row_without_tokens_matches_nothing() -> None:
    [query] = rows(3)
    found = TokenStore.of([np.empty((0, 16), np.float32), *rows(2)], 16).best_matches(query, np.array([0, 1]))
    assert found[0].tolist() == [0, 0, 0]
    assert np.any(found[1])


def test_rows_can_be_kept_and_joined() -> None:
    documents, [query] = rows(5, 1, 9, 2), rows(4)
    whole = TokenStore.of(documents, 16)
    kept = whole.only(np.array([1, 3]))
    joined = kept.followed_by(TokenStore.of(documents[:1], 16))
    everything = whole.best_matches(query, np.array([1, 3, 0]))
    assert np.allclose(joined.best_matches(query, np.arange(3)), everything)
