"""The views that a question considers, and how they group into texts, sentences, blocks and passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.collection import Collection

Numbers = NDArray[np.int64]

_PASSAGES = 50  # that are looked at closely: with a hundred hardly more was found, and it took longer


@dataclass(frozen=True)
class Candidates:
    """The views considered, ascending, and how they group.

    A text is a sentence in one language, by whatever views; a block is a passage in one language. Texts, blocks,
    sentences and passages are numbered here from 0, in the order of `sentences` and `passages`.
    """

    views: Numbers
    sentences: Numbers
    passages: Numbers
    languages: tuple[str, ...]
    text_of: Numbers
    text_sentence: Numbers
    text_language: Numbers
    text_block: Numbers
    block_passage: Numbers
    block_language: Numbers

    @classmethod
    def of(cls, found: Sequence[Numbers], collection: Collection) -> Candidates:
        """The views found, and every other view of every sentence of their passages.

        Args:
            found: by each way of looking, best first; where they stand in more than `_PASSAGES` passages, those come in
                that are found first.
        """
        in_turn = [row for rank in zip_longest(*(rows.tolist() for rows in found)) for row in rank if row is not None]
        in_passages = collection.passages[collection.views[in_turn, 0]]
        passages_found = np.sort(np.array(list(dict.fromkeys(in_passages.tolist()))[:_PASSAGES], np.int64))
        views = _places(collection.sentence_numbers, _places(collection.passages, passages_found))
        sentences, sentence = np.unique(collection.views[views, 0], return_inverse=True)
        passages, passage = np.unique(collection.passages[sentences], return_inverse=True)
        present, language = np.unique(collection.view_primaries[views], return_inverse=True)
        languages = tuple(collection.primary_languages[place] for place in present.tolist())
        count = max(1, len(languages))
        texts, text_of = np.unique(sentence * count + language, return_inverse=True)
        blocks, text_block = np.unique(passage[texts // count] * count + texts % count, return_inverse=True)
        return cls(
            views,
            sentences.astype(np.int64),
            passages.astype(np.int64),
            languages,
            text_of,
            texts // count,
            texts % count,
            text_block,
            blocks // count,
            blocks % count,
        )


def _places(sorted_keys: NDArray[np.int32], wanted: NDArray[Any]) -> Numbers:
    """Places in `sorted_keys` that hold one of the wanted keys, ascending."""
    wanted = wanted.astype(sorted_keys.dtype)  # of another type, NumPy would convert every key
    starts = np.searchsorted(sorted_keys, wanted, "left")
    lengths = np.searchsorted(sorted_keys, wanted, "right") - starts
    offsets = np.cumsum(lengths) - lengths
    places: Numbers = np.repeat(starts - offsets, lengths) + np.arange(lengths.sum())
    return places.astype(np.int64)
