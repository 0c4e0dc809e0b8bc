"""Documents -> the parts of an index: every view is encoded, what is quickly made of the texts is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.documents import Document
from index.answer_kinds import answer_kinds
from index.centering import LanguageMeans, Means
from index.collection import Collection
from index.conversation import as_asked
from index.dense import Dense
from index.dictionary import Glossary
from index.encoder import Encoder, Encoding, Kind
from index.lexical import Lexical, Words
from index.precedents import Precedents, questions_of
from index.rerank import EIGHT_BITS, TokenStore
from index.retriever import Retriever
from index.samples import informative, question_means
from index.script import as_matched, fold, is_chinese
from index.spread import spread
from index.steps import step, stepped

_SAMPLE = 10_000  # views of a language that are enough to tell what all of them share
_AT_ONCE = 4096  # views whose token vectors are held at once
Progress = Callable[[int, int], None]  # sentences encoded so far, of how many
Floats = NDArray[np.float32]


def encode(
    encoder: Encoder, collection: Collection, known: Means | None = None, progress: Progress | None = None
) -> tuple[Floats, TokenStore, Means]:
    """The centred vectors and tokens of every view, and the means: the known ones, and those of new languages.

    Token vectors are large, so only those of a sample and of one batch of views are held before they are packed. The
    sample is every statement, where there are few.
    """
    languages, asks = collection.view_languages, collection.is_question.tolist()
    texts = [as_matched(*pair) for pair in zip(_texts(collection), languages, strict=True)]
    done = 0

    def count(windows: int) -> None:
        nonlocal done
        done = min(done + windows, len(texts))
        step("Encoding sentences", done, len(texts))
        if progress:
            progress(done, len(texts))

    def encoded(views: Sequence[int], kind: Kind) -> dict[int, Encoding]:
        return dict(zip(views, encoder.encode([texts[view] for view in views], kind, count), strict=True))

    sample = _sample(collection)
    waiting = encoded(sample, "passage")
    of_sample = [languages[view] for view in sample]
    vectors = LanguageMeans.of([waiting[view].vector[None] for view in sample], of_sample, prior=10)
    tokens = LanguageMeans.of([waiting[view].tokens for view in sample], of_sample, prior=100)
    if known:
        vectors, tokens = vectors.updated(known.vectors), tokens.updated(known.tokens)
    means = Means(vectors, tokens, *question_means(encoder))
    centred = np.empty((len(texts), encoder.dimension), np.float32)

    def centred_tokens(view: int, encoding: Encoding) -> Floats:
        return (means.question_tokens if asks[view] else means.tokens).centred(encoding.tokens, languages[view])

    def rows() -> Iterator[Floats]:
        for start in range(0, len(texts), _AT_ONCE):
            batch = range(start, min(start + _AT_ONCE, len(texts)))
            waiting.update(encoded([view for view in batch if asks[view]], "query"))
            waiting.update(encoded([view for view in batch if view not in waiting], "passage"))
            for view in batch:
                encoding = waiting.pop(view)
                of_kind = means.question_vectors if asks[view] else means.vectors
                centred[view] = of_kind.centred(encoding.vector, languages[view])
                yield centred_tokens(view, encoding)

    codebook = EIGHT_BITS
    if len(sample) + sum(asks) < len(texts):
        codebook = TokenStore.of((centred_tokens(*pair) for pair in waiting.items()), encoder.dimension).codebook
    packed = TokenStore.of(rows(), encoder.dimension, codebook)
    return centred, packed, means


def _sample(collection: Collection) -> list[int]:
    """Views that are no questions, ascending: of each language all, or as many as are enough, spread over it."""
    places = np.flatnonzero(~collection.is_question)
    primaries = collection.view_primaries[places]
    of_languages = [places[primaries == language] for language in range(len(collection.primary_languages))]
    chosen = [views[spread(len(views), _SAMPLE)] for views in of_languages]
    return sorted(np.concatenate([np.empty(0, np.int64), *chosen]).tolist())


def precedents_of(retriever: Retriever, documents: Sequence[Document]) -> Precedents:
    """What is known of the questions of documents, numbered from 0."""
    known = {}
    for number, document in enumerate(stepped("Reading what was asked", documents, len(documents))):
        if questions := questions_of(document):
            texts, answered = zip(*questions, strict=True)
            known[number] = retriever.question_vectors([as_asked(text) for text in texts]), answered
    return Precedents.of(known, retriever.encoder.dimension)


def assemble(
    encoder: Encoder,
    collection: Collection,
    dense: Dense,
    tokens: TokenStore,
    means: Means,
    glossary: Glossary | None = None,
) -> Retriever:
    """The parts of an index; what is quickly made of the texts is made here."""
    if glossary is None:
        glossary = Glossary.of(fold(text) for text in _chinese(collection))
    words = [Words.of(text) for text in stepped("Reading words", _texts(collection), len(collection.views))]
    blocks = (Words.joined(words[view] for view in views) for views in collection.block_views())
    return Retriever(
        encoder,
        collection,
        dense,
        Lexical.of(stepped("Indexing words", words, len(words))),
        Lexical.of(stepped("Indexing the words of passages", blocks, len(collection.blocks))),
        tokens,
        means,
        glossary,
        informative(encoder),
        answer_kinds(encoder),
    )


def _texts(collection: Collection) -> list[str]:
    return [collection.view_text(view) for view in range(len(collection.views))]


def _chinese(collection: Collection) -> Iterator[str]:
    """The Chinese texts of documents, renderings included, questions not."""
    for view, language in enumerate(collection.view_languages):
        if is_chinese(language) and not collection.is_question[view]:
            yield collection.view_text(view)
