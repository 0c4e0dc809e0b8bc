"""BM25 over the words of a text: CJK bigrams after script folding, stems of Latin words (tantivy)."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import Stemmer
import tantivy
from numpy.typing import NDArray

from index.script import fold

Floats = NDArray[np.float32]

_RUN = re.compile(
    r"[a-zà-öø-ɏ\u0370-\u1fff]+|[0-9]+(?:[.,][0-9]+)*|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]+"
)
_CJK_START = "\u3040"
_WRITER_BYTES = 15_000_000  # the least tantivy takes; one thread, so row numbers come back in order


def terms(text: str) -> list[str]:
    """The words by which a text is found: pairs of neighbouring CJK characters, stems of other words, numbers.

    Pairs need no dictionary and miss no word (Nie et al. 2000); a lone character stands for itself.
    """
    stemmer = Stemmer.Stemmer("english")  # not thread-safe, and cheap to make
    found: list[str] = []
    for run in _RUN.findall(fold(text)):
        if run[0] >= _CJK_START:
            found += [run[place : place + 2] for place in range(len(run) - 1)] or [run]
        else:
            found.append(stemmer.stemWord(run))
    return found


class Lexical:
    """An inverted index over the rows it was given."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._searcher = index.searcher()

    @classmethod
    def build(cls, texts: Iterable[str]) -> Lexical:
        """Index texts in memory, row 0 first."""
        index = tantivy.Index(_schema())
        writer = index.writer(_WRITER_BYTES, 1)
        for row, text in enumerate(texts):
            writer.add_document(tantivy.Document(terms=" ".join(terms(text)), row=row))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return cls(index)

    def search(self, text: str, k: int) -> tuple[NDArray[np.int64], Floats]:
        """The `k` rows that score best: row numbers int64 and BM25 scores float32, best first."""
        query = _query(self._index.schema, terms(text))
        if query is None:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        hits = self._searcher.search(query, limit=k, count=False).hits
        rows = [self._searcher.doc(address)["row"][0] for _, address in hits]
        return np.array(rows, np.int64), np.array([score for score, _ in hits], np.float32)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
    builder.add_unsigned_field("row", stored=True)
    return builder.build()


def _query(schema: tantivy.Schema, words: list[str]) -> tantivy.Query | None:
    if not words:
        return None
    return tantivy.Query.boolean_query(
        [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "terms", word)) for word in dict.fromkeys(words)]
    )
