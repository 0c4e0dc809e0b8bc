"""The packaged tokenizer: XLM-RoBERTa's unigram model, rebuilt from the weights file.

The `tokenizers` library keeps a vocabulary of 250,000 pieces in 250 MB and takes most of a second to read it. But a
text is cut into pieces that stand in it, and no others play a part: so each call gets a tokenizer of just those, which
takes a fraction of a millisecond to make for a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from index.packaged.charsmap import precompiled_charsmap
from index.packaged.weights import Vocabulary
from index.tokens import Window, windows_of

MASK = "<mask>"
_LONGEST = 16  # characters of the longest piece
_AT_ONCE = 50_000  # parts of words that are looked up at a time
_MANY = 5000  # characters of text from which it pays to know how long pieces get


def build_tokenizer(vocabulary: Vocabulary, normalizer: normalizers.Normalizer | None = None) -> Tokenizer:
    """The tokenizer whose ids, for a whole vocabulary, equal those of the model's official `tokenizer.json`."""
    scores = vocabulary.scores.astype(float).tolist()
    tokenizer = Tokenizer(models.Unigram(list(zip(vocabulary.pieces, scores, strict=True)), vocabulary.unk, False))
    tokenizer.normalizer = normalizer or build_normalizer(vocabulary)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    bos, eos, pad, unk = (
        vocabulary.pieces[i] for i in (vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk)
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}", special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)]
    )
    tokenizer.add_special_tokens([AddedToken(piece, normalized=False) for piece in (bos, pad, eos, unk, MASK)])
    return tokenizer


def build_normalizer(vocabulary: Vocabulary) -> normalizers.Normalizer:
    """What the tokenizer reads in the place of each character, and of several spaces."""
    charsmap = normalizers.Precompiled(precompiled_charsmap(vocabulary.normalisation))
    return normalizers.Sequence([charsmap, normalizers.Replace(Regex(" {2,}"), " ")])


class PackagedTokenizer:
    """Cuts texts as `build_tokenizer(vocabulary)` would."""

    def __init__(self, vocabulary: Vocabulary, max_tokens: int) -> None:
        self.vocabulary = vocabulary
        self._max_tokens = max_tokens
        marks = [vocabulary.pieces[i] for i in (vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk)]
        self._marks = re.compile("|".join(map(re.escape, [*marks, MASK])))
        # The least probable piece sets what an unknown character costs.
        self._always = {*vocabulary.pieces.ids([*marks, MASK]), int(vocabulary.scores.argmin())}
        self._normalizer = build_normalizer(vocabulary)
        self._words = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)

    def windows(self, texts: Sequence[str]) -> list[list[Window]]:
        ids = np.array(sorted(self._always.union(self._ids_in(texts))), np.int32)
        tokenizer = build_tokenizer(self.vocabulary.only(ids), self._normalizer)
        tokenizer.enable_truncation(self._max_tokens)
        return [windows_of(encoding, ids) for encoding in tokenizer.encode_batch(texts)]

    def _ids_in(self, texts: Iterable[str]) -> set[int]:
        """The id of every piece of the vocabulary that stands in a word of the texts."""
        words = {
            word
            for text in texts
            for part in self._marks.split(text)
            for word, _ in self._words.pre_tokenize_str(self._normalizer.normalize_str(part))
        }
        longest = self._longest if sum(map(len, words)) > _MANY else {}
        found: set[int] = set()
        parts: set[str] = set()
        for word in words:
            parts.update(
                word[start:end]
                for start, first in enumerate(word)
                for end in range(start + 1, min(start + longest.get(first, _LONGEST), len(word)) + 1)
            )
            if len(parts) > _AT_ONCE:
                found.update(self.vocabulary.pieces.ids(parts))
                parts = set()
        return found.union(self.vocabulary.pieces.ids(parts))

    @cached_property
    def _longest(self) -> dict[str, int]:
        """The length of the longest piece that starts with each character."""
        longest: dict[str, int] = {}
        for piece in self.vocabulary.pieces:
            if len(piece) > longest.get(piece[:1], 0):
                longest[piece[:1]] = len(piece)
        return longest
