"""Late interaction over packed token vectors."""

from __future__ import annotations

import numpy as np
import pytest

from index import rerank
from index.errors import IndexFileError
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


def test_rows_of_many_tokens_are_looked_at_in_turn_and_match_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    documents, [query] = rows(5, 1, 9, 40, 2, 3), rows(4)
    store, asked = TokenStore.of(documents, 16), np.array([2, 0, 3, 5, 1])
    at_once = store.best_matches(query, asked)
    looked_at: list[int] = []
    multiplied = rerank._multiplied
    monkeypatch.setattr(rerank, "_PRODUCTS", 48)  # twelve tokens
    monkeypatch.setattr(rerank, "_multiplied", lambda codes, of: looked_at.append(len(codes)) or multiplied(codes, of))
    assert store.best_matches(query, asked).tolist() == at_once.tolist()
    assert looked_at == [9, 5, 40 + 3 + 1]  # a row is never cut


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


def test_many_tokens_are_kept_in_few_bytes_and_still_tell_what_matches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rerank, "_MANY", 1000)
    generator = np.random.default_rng(4)
    topics = [row[0] for row in rows(*[1] * 40, dimension=64)]
    documents = [
        topic + 0.3 * noise for topic in topics for noise in rows(*generator.integers(2, 20, 10).tolist(), dimension=64)
    ]
    documents = [row / np.linalg.norm(row, axis=1, keepdims=True) for row in documents]
    store = TokenStore.of(documents, 64)
    assert store.codes.dtype == np.uint8
    assert store.codes.shape == (sum(map(len, documents)), 8)
    query = np.stack(topics[:3])
    exact = np.stack([(query @ row.T).max(axis=1) for row in documents])
    found = store.best_matches(query, np.arange(len(documents)))
    assert np.corrcoef(found.ravel(), exact.ravel())[0, 1] > 0.95
    assert abs(float((found - exact)[exact > 0.8].mean())) < 0.05  # right on average
    again = TokenStore.of_arrays(store.arrays())
    assert np.array_equal(again.best_matches(query, np.array([5, 2])), found[[5, 2]])


def test_few_rows_join_many_in_the_form_of_the_many(monkeypatch: pytest.MonkeyPatch) -> None:
    documents, few = rows(*[10] * 100), rows(3, 4)
    eight = TokenStore.of(few, 16)
    monkeypatch.setattr(rerank, "_MANY", 1000)
    many = TokenStore.of(documents, 16)
    [query] = rows(2)
    for joined, places in ((many.followed_by(eight), [100, 101]), (eight.followed_by(many), [0, 1])):
        assert joined.codes.dtype == np.uint8
        assert len(joined.ends) == 102
        found = joined.best_matches(query, np.array(places))
        assert np.allclose(found, eight.best_matches(query, np.arange(2)), atol=0.3)


@pytest.mark.parametrize("damage", ["codes", "scales", "ends", "codebook"])
def test_what_does_not_fit_is_no_store(damage: str) -> None:
    arrays = TokenStore.of(rows(3, 4), 16).arrays()
    TokenStore.of_arrays(arrays)
    with pytest.raises(IndexFileError, match="do not fit"):
        TokenStore.of_arrays({**arrays, damage: np.ones((5, 256, 2), np.float32)})


def test_a_store_made_by_a_codebook_is_the_one_that_is_packed_by_it_later(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = rows(*[8] * 200, dimension=64)
    plain = TokenStore.of(documents, 64)
    monkeypatch.setattr(rerank, "_MANY", 1000)
    many = TokenStore.of(documents, 64)
    made = TokenStore.of(documents, 64, many.codebook)
    later = many.only(np.arange(0)).followed_by(plain)
    assert np.mean(made.codes == later.codes) > 0.98  # eight bits lie between, and move a few to another entry
    assert np.allclose(made.scales, later.scales, rtol=0.05)


def test_products_with_what_is_kept_in_few_bytes_are_right_on_average(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = rows(*[1] * 2000, dimension=64)
    monkeypatch.setattr(rerank, "_MANY", 1000)
    store = TokenStore.of(documents, 64)
    with_themselves = [float(store.best_matches(documents[row], np.array([row]))[0, 0]) for row in range(0, 2000, 20)]
    assert np.mean(with_themselves) == pytest.approx(1, abs=0.02)
