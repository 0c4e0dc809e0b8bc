"""A text as tokens, in the windows that a model can read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Window:
    """A run of tokens of one text, as many as the model can read at once.

    Attributes:
        ids: int32 (tokens,); in the model's vocabulary, the marks that the model wants around a text included.
        spans: int32 (tokens, 2); where each starts and ends in the text, in characters.
        is_text: bool (tokens,); whether each stands in the text, or is a mark.
    """

    ids: Ints
    spans: Ints
    is_text: NDArray[np.bool_]


class TextCutter(Protocol):
    """Whatever cuts texts into tokens; safe to share between threads."""

    def windows(self, texts: Sequence[str]) -> list[list[Window]]:
        """Each text in consecutive windows, one at least."""


class WholeVocabulary:
    """A tokenizer of the `tokenizers` library as it is."""

    def __init__(self, tokenizer: Tokenizer, max_tokens: int) -> None:
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_tokens)
        self._tokenizer = tokenizer

    def windows(self, texts: Sequence[str]) -> list[list[Window]]:
        return [windows_of(encoding) for encoding in self._tokenizer.encode_batch(texts)]


def windows_of(encoding: Encoding, ids: Ints | None = None) -> list[Window]:
    """The library's encoding and what overflowed it.

    Args:
        ids: the model's id for each of the tokenizer's, int32 (vocabulary,), where they differ.
    """
    found = []
    for part in (encoding, *encoding.overflowing):
        own = np.array(part.ids, np.int32)
        found.append(
            Window(
                own if ids is None else ids[own],
                np.array(part.offsets, np.int32).reshape(-1, 2),
                np.array(part.special_tokens_mask) == 0,
            )
        )
    return found
