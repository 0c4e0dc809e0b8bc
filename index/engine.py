"""Index: build, open, save, search, ask."""

from __future__ import annotations

import hashlib
import json
import operator
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.documents import Document
from index import segmentation, storage
from index.about import about_itself
from index.answer import Calibration, answer_language, compose, confidence, greeting, signals
from index.answer_kinds import answer_kinds
from index.centering import LanguageMeans, Means
from index.collection import Collection
from index.config import Settings
from index.conversation import (
    MAX_QUESTION,
    Reading,
    Turn,
    as_asked,
    checked_question,
    is_greeting,
    language_asked,
    readings,
    turns,
)
from index.dense import Dense
from index.dictionary import Glossary
from index.documents import Answer, Hit
from index.encoder import Encoder, Encoding, Kind
from index.errors import DocumentError, IndexFileError, QAError, QuestionError
from index.journal import note
from index.lexical import Lexical, Words
from index.model import load_model
from index.precedents import Precedents, questions_of
from index.rerank import EIGHT_BITS, TokenStore
from index.retriever import Evidence, Retriever
from index.samples import informative, question_means
from index.scope import parts
from index.script import as_matched, fold, is_chinese, language_of
from index.segmentation import Role
from index.soundness import check_collection, check_precedents, check_vectors
from index.steps import step, stepped
from index.suggestions import suggested
from index.trace import lap, tracing

_UNRELATED = 0.005  # confidence below which nothing at all fits a question
_SURE = 0.6  # confidence from which a question is taken with the one before it, where alone it has no answer
_MORE = 3.0  # standard deviations from which a sentence of the same passage is more of what was told
_TOLD = 50  # best sentences among which those that were told already are looked for
_SAMPLE = 10_000  # views of a language that are enough to tell what all of them share
_AT_ONCE = 4096  # views whose token vectors are held at once

Progress = Callable[[int, int], None]  # sentences encoded so far, of how many
Floats = NDArray[np.float32]


class Index:
    """Documents that can be searched and asked; made by `build` or `open`.

    Asking and searching are safe from many threads at once, also while documents are added or removed: each question is
    answered from the documents as they stood when it came.
    """

    def __init__(self, retriever: Retriever) -> None:
        """For `build` and `open`, which put the parts together."""
        self._retriever = retriever
        self._changing = Lock()

    @classmethod
    def build(
        cls, documents: Iterable[Document], path: Path | str | None = None, progress: Progress | None = None
    ) -> Index:
        """Index documents in memory and, when `path` is given, save them there.

        Args:
            documents: ids must differ.
            path: a folder, made if missing; an index that is there is replaced in one step.
            progress: called as sentences are encoded with (done, total), a sentence counting once in each language.

        Raises:
            DocumentError: a document cannot be used.
            IndexBusyError: another build is writing there.
            IndexFileError: the folder cannot be written.
        """
        folder = None if path is None else _place(path)
        with storage.locked(folder) if folder else nullcontext():
            encoder = shared_encoder()
            collection = Collection.of(_checked(documents))
            vectors, tokens, means = _encode(encoder, collection, progress=progress)
            retriever = _assemble(encoder, collection, Dense(vectors), tokens, means)
            index = cls(replace(retriever, precedents=_precedents(retriever, collection.documents)))
            if folder:
                index.write(folder)
        return index

    @classmethod
    def open(cls, path: Path | str) -> Index:
        """Open a saved index; nothing is written.

        Raises:
            IndexFileError: nothing is there, it is damaged, or another model or segmenter wrote it. The message says
                what to run.
        """
        folder = _place(path)
        return storage.opened(folder, lambda: cls._open(folder))

    @classmethod
    def _open(cls, folder: Path) -> Index:
        remedy = _rebuild_command(folder)
        manifest, data = storage.read(folder, remedy)
        encoder = shared_encoder()
        for key, value in _facts(encoder).items():
            if manifest.get(key) != value:
                raise IndexFileError(
                    f"The index at {folder} was built with {key} {manifest.get(key)!r}; now it is {value!r}.", remedy
                )
        try:
            return cls(_read(manifest, data, encoder))
        except IndexFileError as error:
            raise IndexFileError(error.message, remedy) from error
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, OSError, QAError) as error:
            said = " ".join(str(error).split())
            raise IndexFileError(f"The index at {folder} is incomplete ({said}).", remedy) from error

    @property
    def retriever(self) -> Retriever:
        """The parts that answer "where does it say that?", as they stand now."""
        return self._retriever

    @property
    def documents(self) -> dict[str, Document]:
        """Every document by its id."""
        return {document.id: document for document in self._retriever.collection.documents}

    @property
    def sentence_count(self) -> int:
        """How many sentences can be found and cited."""
        return len(self._retriever.collection.sentences)

    def search(self, question: str, k: int = 5) -> list[Hit]:
        """The `k` passages that fit best, each by its best sentence, best first.

        A passage is a section of a document, or a part of a long one; documents of one paragraph each are ranked
        themselves.

        Raises:
            QuestionError: the question cannot be taken, or `k` is no whole number from 1.
        """
        k = _checked_count(k)
        retriever = self._retriever
        question = checked_question(question)
        evidence = retriever.retrieve(as_asked(question), language_of(question))
        return _hits(retriever.collection, evidence.passages[:k], evidence.passage_scores[:k])

    def rank(self, question: str, history: Sequence[Turn] = (), k: int = 10) -> list[Hit]:
        """The `k` sentences that fit a question best, best first: what `ask` chooses from, whether it refuses or not.

        Raises:
            QuestionError: as in `ask`, and `k` as in `search`.
        """
        k = _checked_count(k)
        retriever, history = self._retriever, turns(history)
        reading, evidence = _taken(retriever, question, history)
        evidence = evidence or _evidence(retriever, reading, history)
        return _hits(retriever.collection, evidence.sentences[:k], evidence.scores[:k])

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer a question from the documents, or say that they do not say.

        Args:
            question: 1 to 2,000 characters, in any language.
            history: the turns before it, oldest first, as (question, answer) pairs of strings.

        Raises:
            QuestionError: the question is empty, too long, without words, or not a string; or the history is no list of
                such pairs.
        """
        return self._asked(question, history, "")[0]

    def ask_ranked(self, question: str, history: Sequence[Turn] = (), reader: str = "") -> tuple[Answer, list[Hit]]:
        """What `ask` answers, and the sentences that it was chosen from, best first; both of one retrieval.

        A sentence considered for several parts of the question has the score of the part that it fits best. Where a
        question about a document itself is answered from what is known of it, there are none.

        Args:
            reader: the language that whoever asks reads, if it is known: it decides on the script of the answer where
                every character of the question belongs to both.

        Raises:
            QuestionError: as in `ask`.
        """
        answer, found, collection = self._asked(question, history, reader)
        return answer, _ranked(collection, found)

    def _asked(
        self, question: str, history: Sequence[Turn], reader: str
    ) -> tuple[Answer, Sequence[Evidence], Collection]:
        """The answer, what was retrieved for it, and from what; a line in the journal is made of it."""
        retriever = self._retriever  # as it stands now, to the end
        started, answer, error = time.perf_counter(), None, ""
        before: tuple[Turn, ...] = ()
        with tracing() as trace:
            try:
                before = turns(history)
                answer, found = _answered(retriever, question, before, reader)
            except Exception as raised:
                error = type(raised).__name__
                raise
            finally:
                note(question, answer, error, len(before), time.perf_counter() - started, trace)
        return answer, found, retriever.collection

    def add(self, documents: Iterable[Document]) -> None:
        """Add documents; those already here are not encoded again.

        What a language shares stays as it was measured when its first documents came, so the scores of an index grown
        far beyond these differ a little from those of one built at once.

        Raises:
            DocumentError: a document cannot be used, or its id is taken.
        """
        with self._changing:
            old = self._retriever
            new = Collection.of(_checked(documents))
            collection = Collection.of((*old.collection.documents, *new.documents))
            vectors, tokens, means = _encode(old.encoder, new, old.means)
            dense = old.dense.followed_by(vectors)
            grown = _assemble(old.encoder, collection, dense, old.tokens.followed_by(tokens), means)
            added = _precedents(grown, new.documents)
            precedents = old.precedents.followed_by(added, len(old.collection.documents))
            self._retriever = replace(grown, precedents=precedents)

    def remove(self, ids: Iterable[str]) -> None:
        """Remove documents.

        Raises:
            DocumentError: there is no document of that id, or what is given is no list of ids.
        """
        if not isinstance(ids, Iterable):
            raise DocumentError(f"Documents are removed by a list of their ids, not by {ids!r}.")
        named = [ids] if isinstance(ids, str) else list(ids)
        with self._changing:
            old, known = self._retriever, self.documents
            for name in named:
                if not isinstance(name, str) or name not in known:
                    raise DocumentError(f"There is no document {name!r} in this index.")
            gone = set(named)
            collection = Collection.of(document for document in old.collection.documents if document.id not in gone)
            in_document = old.collection.sentences[old.collection.views[:, 0], 0]
            leaving = np.array([document.id in gone for document in old.collection.documents], bool)
            kept = np.flatnonzero(~leaving[in_document])
            dense, tokens = Dense(old.dense.vectors()[kept]), old.tokens.only(kept)
            left = np.flatnonzero(~leaving).tolist()
            precedents = old.precedents.renumbered({number: place for place, number in enumerate(left)})
            shrunk = _assemble(old.encoder, collection, dense, tokens, old.means)
            self._retriever = replace(shrunk, precedents=precedents)

    def save(self, path: Path | str) -> None:
        """Write the index to a folder, in one step.

        Raises:
            IndexBusyError: another build is writing there.
            IndexFileError: the folder cannot be written; an index that was there is left as it was.
        """
        folder = _place(path)
        with storage.locked(folder):
            self.write(folder)

    def write(self, folder: Path) -> None:
        """As `save`, by a caller that holds the folder's lock (`storage.locked`)."""
        retriever = self._retriever
        collection = retriever.collection
        means = retriever.means
        facts = {
            **_facts(retriever.encoder),
            "sentences": len(collection.sentences),
            "vectors": retriever.dense.kind,
            "languages": list(collection.languages),
            "renderings": list(collection.renderings),
            "mean_languages": list(means.vectors.means),
            "question_mean_languages": list(means.question_vectors.means),
            "documents": document_hashes(collection.documents),
        }

        def write_files(data: Path) -> None:
            with (data / "documents.jsonl").open("w", encoding="utf-8", errors="surrogatepass", newline="\n") as stream:
                for document in collection.documents:
                    stream.write(json.dumps(asdict(document), ensure_ascii=False) + "\n")
            arrays: tuple[NDArray[Any], ...] = (
                collection.sentences,
                collection.views,
                *(np.array([*getattr(means, name).means.values()], np.float32) for name in Means.names()),
                retriever.precedents.documents,
                retriever.precedents.vectors.astype(np.float16),
                retriever.precedents.weights,
            )
            kept = {**dict(zip(_ARRAYS, arrays, strict=True)), **_named(retriever.tokens.arrays())}
            for name, array in kept.items():
                np.save(data / f"{name}.npy", array, allow_pickle=False)
            (data / "glossary.json").write_text(json.dumps(retriever.glossary.as_json(), ensure_ascii=False), "utf-8")
            retriever.dense.save(data / "vectors.faiss")

        storage.write(folder, facts, write_files)


_MEANS = tuple(f"{name}_means" for name in Means.names())
_PRECEDENTS = ("precedent_documents", "precedent_vectors", "precedent_weights")
_ARRAYS = ("sentences", "views", *_MEANS, *_PRECEDENTS)
_TOKENS = "token_"  # starts the name of each of the token store's files
_FILES = (
    "documents.jsonl",
    "glossary.json",
    "vectors.faiss",
    *(f"{name}.npy" for name in (*_ARRAYS, *(_TOKENS + name for name in TokenStore.NAMES))),
)


def _named(tokens: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {_TOKENS + name: array for name, array in tokens.items()}


@cache
def _encoder(model: str, threads: int | None) -> Encoder:
    return Encoder(load_model(model), threads)


_loading = Lock()


def shared_encoder() -> Encoder:
    """The encoder that the settings name, loaded once for the whole process."""
    settings = Settings.from_environment()
    with _loading:
        return _encoder(settings.model, settings.threads)


def _rebuild_command(folder: Path) -> str:
    return f'Run: python -m index build DOCUMENTS --index "{folder}"'


def document_hashes(documents: Iterable[Document]) -> list[dict[str, str]]:
    """What a manifest records of documents: id, hash of the text, hash of everything."""
    return [_fingerprint(document) for document in documents]


def _place(path: Path | str) -> Path:
    """Where an index lies, or shall."""
    try:
        return Path(path)
    except TypeError as error:
        raise IndexFileError(f"An index lies in a folder named by a string or a Path, not by {path!r}.") from error


def _checked(documents: Iterable[Document]) -> list[Document]:
    if isinstance(documents, Document):
        raise DocumentError("Documents come in a list, even where there is one.", "Write: [document]")
    if not isinstance(documents, Iterable):
        raise DocumentError(f"Documents come in a list, not in a {type(documents).__name__}.")
    checked = list(documents)
    for document in checked:
        if not isinstance(document, Document):
            raise DocumentError(f"An index is built from Documents, not from {type(document).__name__}.")
    return checked


def _checked_count(k: int) -> int:
    """How many are wanted."""
    try:
        count = operator.index(k)
    except TypeError as error:
        raise QuestionError(f"k must be a whole number, not {k!r}.") from error
    if count < 1:
        raise QuestionError(f"k must be at least 1, not {count}.")
    return count


def understood(retriever: Retriever, question: str, history: Sequence[Turn]) -> Reading:
    """The way to take a question after the turns before it, within the limit.

    A question that may stand alone does, unless only together with the turn before it is answered: surely, or by the
    very sentence that fits it best alone. One that nothing at all fits is about something else.

    Raises:
        QuestionError: the question or the history cannot be taken.
    """
    return _taken(retriever, question, history)[0]


def _taken(retriever: Retriever, question: str, history: Sequence[Turn]) -> tuple[Reading, Evidence | None]:
    """What `understood` says, and what was found so, where that had to be looked up."""
    first, *others = (
        replace(reading, searched=reading.searched[-MAX_QUESTION:], asked=reading.asked[-MAX_QUESTION:])
        for reading in readings(checked_question(question), history)
    )
    if not others:
        return first, None
    calibration = Calibration.shipped()
    found = [_evidence(retriever, one, history) for one in (first, *others)]
    alone, joined = (
        confidence(signals(one.asked, evidence, retriever.collection), calibration)
        for one, evidence in zip((first, *others), found, strict=True)
    )
    agree = bool(np.array_equal(found[0].sentences[:1], found[1].sentences[:1]))
    enough = calibration.threshold if agree else _SURE
    chosen = int(_UNRELATED <= alone < calibration.threshold and joined >= enough)
    if chosen and others[0].instead:
        before = retriever.retrieve(as_asked(others[0].instead), language_of(others[0].instead))
        chosen = int(before.sentences[0] != found[1].sentences[0])
    return (first, *others)[chosen], found[chosen]


def _evidence(retriever: Retriever, reading: Reading, history: Sequence[Turn]) -> Evidence:
    """What is found for a question; where it asks what else there is, what was not told yet of the same matter."""
    language, searched = language_of(reading.searched), as_asked(reading.searched)
    evidence = retriever.retrieve(searched, language, kind_of=as_asked(reading.asked))
    if not reading.goes_on:
        return evidence
    answers = fold("\n".join(answer for _, answer in history))
    told = [
        number
        for number in evidence.sentences[:_TOLD].tolist()
        if retriever.collection.sentence(number).role is not Role.BODY
        or any(fold(text) in answers for text in retriever.collection.texts_of(number))
    ]
    if not told:
        return evidence
    rest = retriever.retrieve(searched, language, told, as_asked(reading.asked))
    passages = retriever.collection.passages
    same = len(rest.sentences) and passages[rest.sentences[0]] == passages[evidence.sentences[0]]
    return (
        rest
        if same and rest.scores[0] >= _MORE
        else replace(rest, sentences=rest.sentences[:0], scores=rest.scores[:0])
    )


def _related(answer: Answer, evidence: Evidence, collection: Collection) -> list[int]:
    """Sentences to go on from, best first: of an answer, those it leaves uncited, the first one's section leading."""
    ranked: list[int] = evidence.sentences.tolist()
    if not answer.answered:
        return ranked
    cited = {(citation.document, citation.start) for citation in answer.citations}
    section = collection.sections[ranked[0]]
    others = [
        n
        for n in ranked
        if n in collection.answering and (collection.document_of(n).id, collection.sentence(n).start) not in cited
    ]
    return sorted(others, key=lambda number: bool(collection.sections[number] != section))


def _answered(
    retriever: Retriever, question: str, history: Sequence[Turn], reader: str
) -> tuple[Answer, Sequence[Evidence]]:
    """The answer to a question, and what was retrieved for each of its parts."""
    asked = checked_question(question)
    language = answer_language(language_asked(asked, history, reader), retriever.collection)
    if is_greeting(asked):
        telling = sorted(retriever.collection.answering)
        ideas = suggested(telling[:: max(1, len(telling) // 3)], language, retriever.collection)  # spread over all
        return replace(greeting(question, language), understood=asked, suggestions=ideas), ()
    reading, evidence = _taken(retriever, asked, history)
    if answer := about_itself(question, reading.searched, language, retriever.collection):
        return replace(answer, understood=reading.whole), ()
    several = parts(reading.searched) if reading.searched in asked else ()
    if len(several) > 1:
        found = [(part, retriever.retrieve(as_asked(part), language_of(asked))) for part in several]
    else:
        found = [(reading.asked, evidence or _evidence(retriever, reading, history))]
    answer = compose(question, language, found, retriever.collection)
    lap("compose")
    related = _related(answer, found[0][1], retriever.collection)
    known = [question, reading.searched, *(before for before, _ in history)]
    suggestions = suggested(related, language, retriever.collection, known)
    lap("suggest")
    answer = replace(answer, understood=reading.whole, suggestions=suggestions)
    return answer, [each for _, each in found]


def _ranked(collection: Collection, found: Sequence[Evidence]) -> list[Hit]:
    """The sentences of several retrievals, each with its best score, best first."""
    best: dict[int, float] = {}
    for evidence in found:
        for number, score in zip(evidence.sentences.tolist(), evidence.scores.tolist(), strict=True):
            best[number] = max(score, best.get(number, score))
    order = sorted(best, key=lambda number: -best[number])
    return _hits(collection, np.array(order, np.int64), np.array([best[number] for number in order], np.float32))


def _hits(collection: Collection, numbers: NDArray[np.int64], scores: Floats) -> list[Hit]:
    sentences = map(collection.sentence, numbers.tolist())
    return [Hit(s.document, s.start, s.end, score) for s, score in zip(sentences, scores.tolist(), strict=True)]


def _texts(collection: Collection) -> list[str]:
    return [collection.view_text(view) for view in range(len(collection.views))]


def _encode(
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


def _precedents(retriever: Retriever, documents: Sequence[Document]) -> Precedents:
    """What is known of the questions of documents, numbered from 0."""
    known = {}
    for number, document in enumerate(stepped("Reading what was asked", documents, len(documents))):
        if questions := questions_of(document):
            texts, answered = zip(*questions, strict=True)
            known[number] = retriever.question_vectors([as_asked(text) for text in texts]), answered
    return Precedents.of(known, retriever.encoder.dimension)


def _sample(collection: Collection) -> list[int]:
    """Views that are no questions, ascending: of each language all, or as many as are enough, spread over it."""
    places = np.flatnonzero(~collection.is_question)
    primaries = collection.view_primaries[places]
    of_languages = [places[primaries == language] for language in range(len(collection.primary_languages))]
    spread = [views[:: max(1, -(-len(views) // _SAMPLE))] for views in of_languages]
    return sorted(np.concatenate([np.empty(0, np.int64), *spread]).tolist())


def _assemble(
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


def _chinese(collection: Collection) -> Iterator[str]:
    """The Chinese texts of documents, renderings included, questions not."""
    for view, language in enumerate(collection.view_languages):
        if is_chinese(language) and not collection.is_question[view]:
            yield collection.view_text(view)


def _read(manifest: Mapping[str, Any], data: Path, encoder: Encoder) -> Retriever:
    """The parts of a saved index, whose files are known to be whole.

    Raises:
        IndexFileError, KeyError, TypeError, ValueError, OSError: manifest and files don't belong together.
    """
    documents = _read_documents(data / "documents.jsonl")
    if document_hashes(documents) != manifest["documents"]:
        raise IndexFileError("The documents of the index are not those its manifest names.")
    if missing := set(_FILES) - manifest["files"].keys():
        raise IndexFileError(f"The manifest of the index does not name {', '.join(sorted(missing))}.")
    arrays = {
        name.removesuffix(".npy"): np.load(data / name, mmap_mode="r", allow_pickle=False)
        for name in _FILES
        if name.endswith(".npy")
    }
    collection = Collection(
        tuple(documents),
        tuple(manifest["languages"]),
        tuple(manifest["renderings"]),
        np.array(arrays["sentences"]),
        np.array(arrays["views"]),
    )
    check_collection(collection)
    means = Means(
        **{
            name: LanguageMeans(dict(zip(manifest[languages], np.array(arrays[f"{name}_means"]), strict=True)))
            for name, languages in zip(
                Means.names(), 2 * ["mean_languages"] + 2 * ["question_mean_languages"], strict=True
            )
        }
    )
    glossary = Glossary.from_json(json.loads((data / "glossary.json").read_text("utf-8")))
    dense = Dense.open(data / "vectors.faiss", encoder.dimension)
    tokens = TokenStore.of_arrays({name: arrays[_TOKENS + name] for name in TokenStore.NAMES})
    check_vectors(
        len(collection.views), encoder.dimension, len(dense), tokens, (getattr(means, name) for name in Means.names())
    )
    precedents = Precedents(*(np.array(arrays[name]) for name in _PRECEDENTS))
    check_precedents(len(documents), encoder.dimension, precedents)
    precedents = replace(precedents, vectors=precedents.vectors.astype(np.float32))
    # BM25 is sooner built than read, and opening leaves no lock behind.
    return replace(_assemble(encoder, collection, dense, tokens, means, glossary), precedents=precedents)


def _facts(encoder: Encoder) -> dict[str, Any]:
    """What must be the same when an index is opened as when it was built."""
    return {
        "model": encoder.model.name,
        "model_fingerprint": encoder.model.fingerprint,
        "dimension": encoder.dimension,
        "normalised": True,
        "segmenter": segmentation.VERSION,
    }


def _fingerprint(document: Document) -> dict[str, str]:
    text = document.text.encode("utf-8", "surrogatepass")
    everything = json.dumps(asdict(document), sort_keys=True).encode()
    return {
        "id": document.id,
        "sha256": hashlib.sha256(text).hexdigest(),
        "sha256_with_renderings": hashlib.sha256(everything).hexdigest(),
    }


def _read_documents(file: Path) -> list[Document]:
    with file.open(encoding="utf-8", errors="surrogatepass", newline="\n") as stream:
        return [Document(**json.loads(line)) for line in stream]
