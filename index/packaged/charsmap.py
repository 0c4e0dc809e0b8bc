"""SentencePiece's precompiled normalisation map (nmt_nfkc), rebuilt from the packaged per-character map.

The `tokenizers` library runs the map as a double-array trie (https://github.com/s-yata/darts-clone): one 32-bit unit
per node, children at `base ^ byte`. The packaged file lists single characters only; the sequences that Unicode
composes (a letter followed by a combining mark) are added here, for the normaliser looks up whole graphemes.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import product

_MAX_GRAPHEME = 5  # bytes; the normaliser looks up longer graphemes character by character
_THREE_BYTES = [*range(0xD800), *range(0xE000, 0x10000)]  # four bytes and a mark would be longer than that
_BLOCK = 256  # units: one for each byte that may follow
_LEAF = 1 << 31  # marks a unit that holds a value
_HAS_LEAF = 1 << 8  # marks a unit one of whose children is a leaf
_OFFSET = 10  # where a unit keeps its distance to its children


def precompiled_charsmap(characters: Mapping[int, str]) -> bytes:
    """The map in the binary form that `tokenizers.normalizers.Precompiled` takes.

    Args:
        characters: code point -> replacement, for single characters.
    """
    replacements = {chr(code_point).encode(): text for code_point, text in characters.items()}
    replacements.update(_composed_sequences())
    blob = bytearray()
    places: dict[str, int] = {}
    for text in replacements.values():
        if text not in places:
            places[text] = len(blob)
            blob += text.encode() + b"\0"
    trie = _double_array({key: places[text] for key, text in replacements.items()})
    return struct.pack(f"<I{len(trie)}I", 4 * len(trie), *trie) + bytes(blob)


def _composed_sequences() -> Iterator[tuple[bytes, str]]:
    """Every short sequence of a letter and its marks that NFKC composes, with the one character it becomes."""
    alternatives: dict[str, list[str]] = {}
    decomposed: list[str] = []
    for character in map(chr, _THREE_BYTES):
        if len(letter := unicodedata.normalize("NFKD", character)) == 1:
            alternatives.setdefault(letter, []).append(character)
        if len(letters := unicodedata.normalize("NFD", character)) > 1 and _fits(letters):
            decomposed.append(letters)
    for letters in decomposed:
        for spelling in map("".join, product(*(alternatives.get(letter, letter) for letter in letters))):
            if _fits(spelling) and len(composed := unicodedata.normalize("NFKC", spelling)) == 1:
                yield spelling.encode(), composed


def _fits(sequence: str) -> bool:
    return len(sequence.encode()) <= _MAX_GRAPHEME


def _double_array(values: Mapping[bytes, int]) -> list[int]:
    """Units of the double-array trie that maps each key to its value.

    Inner nodes take a block of their own, so no two read each other's children; the units they leave free hold the
    values. That is larger than the densest packing, and built in one pass.
    """
    children: dict[bytes, set[int]] = {b"": set()}  # prefix -> the bytes that follow it
    for key in values:
        for length, byte in enumerate(key):
            children.setdefault(key[:length], set()).add(byte)
    blocks = {prefix: number * _BLOCK for number, prefix in enumerate(children, start=1)}
    units = [0] * (_BLOCK * (len(blocks) + 1))
    node = {b"": 0}
    for prefix, following in children.items():
        for byte in following:
            node[prefix + bytes([byte])] = blocks[prefix] ^ byte
    taken = {*node.values(), *blocks.values()}
    free = (place for place in range(_BLOCK, len(units)) if place not in taken)
    for key, place in node.items():
        leaf = blocks.get(key) or (next(free) if key in values else 0)
        units[place] = (leaf ^ place) << _OFFSET | (key[-1] if key else 0)
        if key in values:
            units[place] |= _HAS_LEAF
            units[leaf] = values[key] | _LEAF
    return units
