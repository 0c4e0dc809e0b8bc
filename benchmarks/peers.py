"""What a user would pick instead: LangChain and txtai, set up as their documentation does, with the model's prompts.

    .venv-peers/bin/python benchmarks/peers.py MODEL_FOLDER < TASK > RANKINGS
    .venv-peers/bin/python benchmarks/peers.py MODEL_FOLDER NAME

The first ranks passages, for benchmarks/retrieval.py. TASK is JSON: {"passages": [...], "questions": [...], "k": 5};
RANKINGS is JSON: method -> for each question the places of its first k passages. The second is one side of
benchmarks/speed.py; NAME is one of PEERS.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.worker import serve

K = 5


class LangChain:
    """LangChain over FAISS: dense search alone."""

    def __init__(self, model: str) -> None:
        from langchain_huggingface import HuggingFaceEmbeddings

        self._embeddings = HuggingFaceEmbeddings(
            model_name=model,
            encode_kwargs={"prompt_name": "passage", "normalize_embeddings": True},
            query_encode_kwargs={"prompt_name": "query", "normalize_embeddings": True},
        )

    def index(self, passages: list[str]) -> None:
        from langchain_community.vectorstores import FAISS

        self._places = [{"place": place} for place in range(len(passages))]
        self._store = FAISS.from_texts(passages, self._embeddings, metadatas=self._places)

    def ask(self, question: str, k: int = K) -> list[int]:
        return [document.metadata["place"] for document in self._store.similarity_search(question, k=k)]


class Ensemble(LangChain):
    """LangChain's ensemble of dense search with BM25 over jieba's words, by reciprocal ranks."""

    def index(self, passages: list[str]) -> None:
        import jieba
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_community.retrievers import BM25Retriever

        super().index(passages)
        words = BM25Retriever.from_texts(passages, metadatas=self._places, preprocess_func=jieba.lcut)
        words.k = K
        dense = self._store.as_retriever(search_kwargs={"k": K})
        self._ensemble = EnsembleRetriever(retrievers=[words, dense], weights=[0.5, 0.5], id_key="place")

    def ask(self, question: str, k: int = K) -> list[int]:
        return [document.metadata["place"] for document in self._ensemble.invoke(question)][:k]


class Txtai:
    """txtai's hybrid index."""

    def __init__(self, model: str) -> None:
        from txtai import Embeddings

        self._index = Embeddings(path=model, hybrid=True, instructions={"query": "query: ", "data": "passage: "})

    def index(self, passages: list[str]) -> None:
        self._index.index(passages)

    def ask(self, question: str, k: int = K) -> list[int]:
        return [place for place, _ in self._index.search(question, k)]


PEERS = {
    "LangChain + FAISS": LangChain,
    "LangChain ensemble with BM25 (jieba)": Ensemble,
    "txtai hybrid": Txtai,
}


def main() -> None:
    model, *names = sys.argv[1:]
    if names:
        serve(PEERS[names[0]](model))
        return
    task = json.load(sys.stdin)
    rankings = {}
    for name, peer in PEERS.items():
        side = peer(model)
        side.index(task["passages"])
        rankings[name] = [side.ask(question, task["k"]) for question in task["questions"]]
    json.dump(rankings, sys.stdout)


if __name__ == "__main__":
    main()
