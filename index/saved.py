"""The parts of an index as files: what is written of them, and how they are read back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.documents import Document
from index import segmentation
from index.building import assemble
from index.centering import LanguageMeans, Means
from index.collection import Collection
from index.dense import Dense
from index.dictionary import Glossary
from index.encoder import Encoder
from index.errors import IndexFileError
from index.precedents import Precedents
from index.rerank import TokenStore
from index.retriever import Retriever
from index.soundness import check_collection, check_precedents, check_vectors

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


def facts(retriever: Retriever) -> dict[str, Any]:
    """What a manifest says of the parts of an index."""
    collection, means = retriever.collection, retriever.means
    return {
        **required(retriever.encoder),
        "sentences": len(collection.sentences),
        "vectors": retriever.dense.kind,
        "languages": list(collection.languages),
        "renderings": list(collection.renderings),
        "mean_languages": list(means.vectors.means),
        "question_mean_languages": list(means.question_vectors.means),
        "documents": document_hashes(collection.documents),
    }


def required(encoder: Encoder) -> dict[str, Any]:
    """What must be the same when an index is opened as when it was built."""
    return {
        "model": encoder.model.name,
        "model_fingerprint": encoder.model.fingerprint,
        "dimension": encoder.dimension,
        "normalised": True,
        "segmenter": segmentation.VERSION,
    }


def write_files(retriever: Retriever, data: Path) -> None:
    """Write every part of an index into an empty folder.

    Raises:
        OSError, RuntimeError: the folder cannot be written.
    """
    collection = retriever.collection
    with (data / "documents.jsonl").open("w", encoding="utf-8", errors="surrogatepass", newline="\n") as stream:
        for document in collection.documents:
            stream.write(json.dumps(asdict(document), ensure_ascii=False) + "\n")
    arrays: tuple[NDArray[Any], ...] = (
        collection.sentences,
        collection.views,
        *(np.array([*getattr(retriever.means, name).means.values()], np.float32) for name in Means.names()),
        retriever.precedents.documents,
        retriever.precedents.vectors.astype(np.float16),
        retriever.precedents.weights,
    )
    tokens = {_TOKENS + name: array for name, array in retriever.tokens.arrays().items()}
    for name, array in {**dict(zip(_ARRAYS, arrays, strict=True)), **tokens}.items():
        np.save(data / f"{name}.npy", array, allow_pickle=False)
    (data / "glossary.json").write_text(json.dumps(retriever.glossary.as_json(), ensure_ascii=False), "utf-8")
    retriever.dense.save(data / "vectors.faiss")


def read(manifest: Mapping[str, Any], data: Path, encoder: Encoder) -> Retriever:
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
    return replace(assemble(encoder, collection, dense, tokens, means, glossary), precedents=precedents)


def document_hashes(documents: Iterable[Document]) -> list[dict[str, str]]:
    """What a manifest records of documents: id, hash of the text, hash of everything."""
    return [_fingerprint(document) for document in documents]


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
