"""The pieces of a vocabulary, found by their text: 250,000 of them in 8 MB, where strings in a dictionary take 45."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import compress, pairwise

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]


class Pieces:
    """Pieces in the order of their ids, kept as one run of bytes."""

    def __init__(self, blob: bytes, offsets: NDArray[np.uint32]) -> None:
        """Args: blob: the pieces in UTF-8, each after the other; offsets: uint32 (pieces + 1,), where each starts."""
        self._blob, self._offsets = blob, offsets

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, number: int) -> str:
        return self._bytes(number).decode()

    def __iter__(self) -> Iterator[str]:
        return (self._blob[start:end].decode() for start, end in pairwise(self._offsets.tolist()))

    def only(self, ids: Ints) -> Pieces:
        """The pieces of some ids, numbered anew in the order given."""
        kept = [self._bytes(number) for number in ids.tolist()]
        return Pieces(b"".join(kept), np.cumsum([0, *map(len, kept)], dtype=np.uint32))

    def ids(self, texts: Collection[str]) -> Iterator[int]:
        """The ids of those of some texts that are pieces."""
        known, _ = self._hashed
        hashes = np.fromiter(map(hash, texts), np.int64, len(texts))
        places = np.searchsorted(known, hashes).clip(max=len(self) - 1)
        alike = known[places] == hashes
        for text, place in zip(compress(texts, alike), places[alike].tolist(), strict=True):
            if (number := self._id(text, place)) is not None:
                yield number

    def _id(self, text: str, place: int) -> int | None:
        """The id of a piece, or None: `place` is of the first piece that has the text's hash."""
        known, ids = self._hashed
        while place < len(self) and known[place] == hash(text):
            if self[number := int(ids[place])] == text:
                return number
            place += 1  # another text has this hash
        return None

    @cached_property
    def _hashed(self) -> tuple[NDArray[np.int64], Ints]:
        """The pieces' hashes, ascending, and whose each is."""
        hashes = np.fromiter(map(hash, self), np.int64, len(self))
        order = np.argsort(hashes, kind="stable").astype(np.int32)
        return hashes[order], order

    def _bytes(self, number: int) -> bytes:
        return self._blob[self._offsets[number] : self._offsets[number + 1]]
