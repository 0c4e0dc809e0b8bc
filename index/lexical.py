"""BM25 over the words of a text: CJK bigrams after script folding, stems of Latin words (tantivy)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import Stemmer
import tantivy
from numpy.typing import NDArray

from index.script import HAN, fold

Floats = NDArray[np.float32]

_RUN = re.compile(
    r"[a-zà-öø-ɏ\u0370-\u1fff]+|[0-9]+(?:[.,][0-9]+)*|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]+"
)
_CJK_START = "\u3040"


class Alternative(NamedTuple):
    """One way to say a word: a Chinese word, which must stand as it is, or English stems with spaces between."""

    weight: float
    text: str


Clause = list[Alternative]  # ways to say one word of a question, of which the best counts; none where none is known
_WRITER_BYTES = 15_000_000  # the least tantivy takes, for one thread


class Words(NamedTuple):
    """A text as it is indexed: its terms and its Chinese characters, each with spaces between."""

    terms: str
    characters: str

    @classmethod
    def of(cls, text: str) -> Words:
        folded = fold(text)
        return cls(" ".join(_terms(folded)), " ".join(HAN.findall(folded)))

    @classmethod
    def joined(cls, several: Iterable[Words]) -> Words:
        """Of several texts, one behind the other."""
        return cls(*map(" ".join, zip(*several, strict=True)))


def terms(text: str) -> list[str]:
    """The words by which a text is found: pairs of neighbouring CJK characters, stems of other words, numbers.

    Pairs need no dictionary and miss no word (Nie et al. 2000); a lone character stands for itself.
    """
    return _terms(fold(text))


def _terms(folded: str) -> list[str]:
    stemmer = Stemmer.Stemmer("english")  # not thread-safe, and cheap to make
    found: list[str] = []
    for run in _RUN.findall(folded):
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
    def of(cls, rows: Iterable[Words]) -> Lexical:
        """Index texts in memory, row 0 first."""
        index = tantivy.Index(_schema())
        writer = index.writer(_WRITER_BYTES, 1)
        for row, words in enumerate(rows):
            writer.add_document(tantivy.Document(terms=words.terms, characters=words.characters, row=row))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return cls(index)

    def search(self, text: str, k: int, translations: Sequence[Clause] = ()) -> tuple[NDArray[np.int64], Floats]:
        """The `k` rows that score best: row numbers int64 and BM25 scores float32, best first.

        A row scores for each word of the text that stands in it, and for each clause by its best alternative there.
        """
        queries = [self._term(word) for word in dict.fromkeys(terms(text))]
        queries += [
            tantivy.Query.disjunction_max_query([self._alternative(way) for way in clause])
            for clause in translations
            if clause
        ]
        if not queries:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])
        hits = self._searcher.search(query, limit=k, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return np.array(rows, np.int64), np.array([score for score, _ in hits], np.float32)

    def holds(self, term: str) -> bool:
        """Whether a word, as `terms` gives it, or a single Chinese character stands in any row."""
        field = "characters" if len(term) == 1 and term >= _CJK_START else "terms"
        return bool(self._searcher.doc_freq(field, term))

    def _term(self, word: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._index.schema, "terms", word)

    def _alternative(self, way: Alternative) -> tantivy.Query:
        schema = self._index.schema
        if way.text >= _CJK_START:
            pairs: list[str | tuple[int, str]] = [*terms(way.text)]
            if len(way.text) == 1:
                query = tantivy.Query.term_query(schema, "characters", way.text)
            else:
                query = self._term(way.text) if len(pairs) == 1 else tantivy.Query.phrase_query(schema, "terms", pairs)
            return tantivy.Query.boost_query(query, way.weight)
        words = way.text.split()
        every = tantivy.Query.boolean_query([(tantivy.Occur.Should, self._term(word)) for word in words])
        return tantivy.Query.boost_query(every, way.weight / len(words))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("characters", tokenizer_name="whitespace", index_option="freq")
    builder.add_integer_field("row", fast=True)
    return builder.build()
