"""Text -> one vector and token vectors, in one forward pass."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from index.model import Model
from index.threads import torch_threads
from index.together import Together
from index.tokens import Window

Kind = Literal["query", "passage"]
Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Tokens = NDArray[np.floating[Any]]

_BATCH_TOKENS = 1024  # tokens of one forward pass, padding included; it gets no faster with more
_SHORT = 64  # tokens up to which a forward pass takes no more threads than whoever asks for it has
_STEP = 8  # windows are padded to a multiple of so many tokens: PyTorch keeps memory for every shape a model ever met
_AT_ONCE = 16  # questions of one forward pass
_KEPT = 128  # questions whose encoding is kept: a reader's question is asked of an answer, of a document, and again
_NOTHING = np.empty(0, np.float32)


@dataclass(frozen=True)
class Encoding:
    """One text as the model reads it.

    Attributes:
        vector: float32 (dimension,), of length 1; the text's mean token vector, prompt included.
        tokens: (tokens, dimension); one vector for each token of the text itself, without prompt and marks; float32, or
            float16 where the model computes in bfloat16, which is coarser.
        ids: int32 (tokens,); the tokens' ids in the model's vocabulary.
        spans: int32 (tokens, 2); where each token starts and ends in the text, in characters.
    """

    vector: Floats
    tokens: Tokens
    ids: Ints
    spans: Ints


class Encoder:
    """Encodes queries and passages with one model; safe to share between threads."""

    def __init__(self, model: Model, threads: int | None = None) -> None:
        """Args: threads: of the processor, for long texts; None: as many as PyTorch takes."""
        self.model = model
        self.threads = threads or torch.get_num_threads()
        self._query = lru_cache(_KEPT)(Together(self._queries, _AT_ONCE))

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        return self.model.dimension

    def rarity(self, ids: Ints) -> Floats:
        """How much each token says, float32 (tokens,): minus its log-probability in the vocabulary, from 0.2 up.

        Function words and punctuation come near 0.2, rare names near 10. A vocabulary without probabilities
        (word pieces) gives 1 throughout.
        """
        if self.model.log_probabilities is None:
            return np.ones(len(ids), np.float32)
        rarity: Floats = np.clip(-self.model.log_probabilities[ids] - 4, 0, None) + np.float32(0.2)
        return rarity

    def likelihoods(self, texts: Sequence[str]) -> Floats:
        """The natural logarithm of each text's probability, cut into pieces as is likeliest, float32 (texts,).

        A vocabulary without probabilities gives 0 for every text.
        """
        probabilities = self.model.log_probabilities
        if probabilities is None:
            return np.zeros(len(texts), np.float32)
        of_texts = self.model.tokenizer.windows([text.encode("utf-8", "replace").decode() for text in texts])
        sums = [
            sum(float(probabilities[window.ids[window.is_text]].sum()) for window in windows) for windows in of_texts
        ]
        return np.array(sums, np.float32)

    def query(self, text: str) -> Encoding:
        """Encode one question, together with those that other threads bring meanwhile; the last ones are kept."""
        return self._query(text)

    def _queries(self, texts: Sequence[str]) -> list[Encoding]:
        return self.encode(texts, "query")

    def encode(self, texts: Sequence[str], kind: Kind, progress: Callable[[int], None] | None = None) -> list[Encoding]:
        """Encode texts in the order given.

        A text longer than the model's window is read in consecutive windows; its vector is their mean, weighted by
        their tokens, so no part of it is cut off.

        Args:
            texts: any strings; lone surrogates are read as question marks.
            kind: whether they ask or are searched; it chooses the prompt.
            progress: called after each forward pass with the number of windows it finished.
        """
        prompt = self.model.prompts[kind]
        texts = [prompt + text.encode("utf-8", "replace").decode() for text in texts]
        of_texts = self.model.tokenizer.windows(texts)
        windows = [window for of_text in of_texts for window in of_text]
        outputs: list[tuple[Floats, Tokens]] = [(_NOTHING, _NOTHING)] * len(windows)
        by_length = sorted(range(len(windows)), key=lambda place: len(windows[place].ids))
        batches = [*_batches(by_length, lambda place: len(windows[place].ids))]
        with closing(self._forwards([[windows[place] for place in batch] for batch in batches])) as forwards:
            for batch, found in zip(batches, forwards, strict=True):
                for place, (vector, tokens) in zip(batch, found, strict=True):
                    outputs[place] = vector, tokens[_is_content(windows[place], len(prompt))]
                if progress:
                    progress(len(batch))
        read = iter(zip(windows, outputs, strict=True))
        return [self._merge([next(read) for _ in of_text], len(prompt)) for of_text in of_texts]

    def _forwards(self, batches: Sequence[Sequence[Window]]) -> Generator[list[tuple[Floats, Tokens]], None, None]:
        """What `_forward` gives of each batch, in order.

        Where there are several, each thread takes a batch of its own: that is faster than all at one, which wait for
        each other after every operation.
        """
        if len(batches) == 1 or self.threads == 1:
            yield from map(self._forward, batches)
            return
        with ThreadPoolExecutor(self.threads, "encoder") as pool:
            under_way: deque[Future[list[tuple[Floats, Tokens]]]] = deque()
            for batch in batches:  # few at a time: whoever stops the process waits for them
                under_way.append(pool.submit(self._forward, batch, 1))
                if len(under_way) > self.threads:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()

    def _forward(self, windows: Sequence[Window], threads: int | None = None) -> list[tuple[Floats, Tokens]]:
        """The mean vector (dimension,) and the token vectors (tokens, dimension) of each window."""
        lengths = [len(window.ids) for window in windows]
        width = min(-(-max(lengths) // _STEP) * _STEP, self.model.max_tokens)
        ids = np.full((len(windows), width), self.model.pad, np.int64)
        for row, window in zip(ids, windows, strict=True):
            row[: len(window.ids)] = window.ids
        mask = (np.arange(ids.shape[1]) < np.array(lengths)[:, None]).astype(np.int64)
        number = threads or (torch.get_num_threads() if ids.size <= _SHORT else self.threads)
        with torch_threads(number), torch.inference_mode():
            output = self.model.transformer(
                {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
            )
        vectors = output["sentence_embedding"].float().numpy()
        half = self.model.dtype is torch.bfloat16
        tokens = output["token_embeddings"].to(torch.float16 if half else torch.float32).numpy()
        return [(vectors[row], tokens[row, :length]) for row, length in enumerate(lengths)]

    @staticmethod
    def _merge(parts: Sequence[tuple[Window, tuple[Floats, Tokens]]], prompt: int) -> Encoding:
        """One text's windows -> its Encoding; `prompt` characters at its start do not count."""
        vectors, kept, ids, spans, weights = [], [], [], [], []
        for window, (vector, tokens) in parts:
            content = _is_content(window, prompt)
            vectors.append(vector)
            weights.append(max(1, window.is_text.sum()))
            kept.append(tokens)
            ids.append(window.ids[content])
            spans.append(np.maximum(window.spans[content] - prompt, 0))
        vector = np.average(vectors, axis=0, weights=weights).astype(np.float32)
        vector /= max(float(np.linalg.norm(vector)), 1e-12)
        return Encoding(vector, np.concatenate(kept), np.concatenate(ids), np.concatenate(spans))


def _is_content(window: Window, prompt: int) -> NDArray[np.bool_]:
    """Whether each token stands in the text behind the prompt, bool (tokens,)."""
    return window.is_text & (window.spans[:, 1] > prompt)


def _batches(places: Sequence[int], length: Callable[[int], int]) -> Iterator[list[int]]:
    """Consecutive places, sorted by length, in groups whose padded size stays within `_BATCH_TOKENS`."""
    batch: list[int] = []
    for place in places:
        if batch and length(place) * (len(batch) + 1) > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch
