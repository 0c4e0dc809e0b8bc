"""Ranks passages by what a user would pick instead: LangChain and txtai. `benchmarks/retrieval.py` runs it.

    .venv-peers/bin/python benchmarks/peers.py MODEL_FOLDER < TASK > RANKINGS

TASK is JSON: {"passages": [...], "questions": [...], "k": 5}; RANKINGS is JSON: method -> for each question the places
of its first k passages. Each peer is set up as its own documentation does, with the model's prompts.
"""

from __future__ import annotations

import json
import os
import sys

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import jieba
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings
from txtai import Embeddings

LANGCHAIN, ENSEMBLE, TXTAI = "LangChain + FAISS", "LangChain ensemble with BM25 (jieba)", "txtai hybrid"


def main() -> None:
    task = json.load(sys.stdin)
    passages, questions, k = task["passages"], task["questions"], task["k"]
    places = [{"place": place} for place in range(len(passages))]
    embeddings = HuggingFaceEmbeddings(
        model_name=sys.argv[1],
        encode_kwargs={"prompt_name": "passage", "normalize_embeddings": True},
        query_encode_kwargs={"prompt_name": "query", "normalize_embeddings": True},
    )
    store = FAISS.from_texts(passages, embeddings, metadatas=places)
    words = BM25Retriever.from_texts(passages, metadatas=places, preprocess_func=jieba.lcut)
    words.k = k
    ensemble = EnsembleRetriever(
        retrievers=[words, store.as_retriever(search_kwargs={"k": k})], weights=[0.5, 0.5], id_key="place"
    )
    hybrid = Embeddings(path=sys.argv[1], hybrid=True, instructions={"query": "query: ", "data": "passage: "})
    hybrid.index(passages)
    rankings = {
        LANGCHAIN: [_places(store.similarity_search(question, k=k)) for question in questions],
        ENSEMBLE: [_places(ensemble.invoke(question))[:k] for question in questions],
        TXTAI: [[place for place, _ in hybrid.search(question, k)] for question in questions],
    }
    json.dump(rankings, sys.stdout)


def _places(found: list) -> list[int]:
    return [document.metadata["place"] for document in found]


if __name__ == "__main__":
    main()
