"""The packaged transformer as a sentence-transformers module: BERT with its embedding table left in 4 bits.

Its forward pass is written out, for on a processor most of a short question's time goes to reading weights and to
starting operations: the weights are laid out once as oneDNN reads them, query, key and value are one product, and
GELU and the residual sums are done as the products are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from index.packaged.tokenizer import PackagedTokenizer
from index.packaged.weights import WeightsFile, dequantised
from index.sbert import InputModule


class Q4Embedding:
    """A lookup table left in the weights file, in 4 bits; only the rows asked for are read and dequantised.

    In float32 the table would be 384 MB of the model's 470. Of the file, no more stays in memory than some hundred rows
    and what the system reads with each.
    """

    def __init__(self, weights: WeightsFile, name: str) -> None:
        self._weights = weights
        self._blocks = weights.blocks(name, weights.shape.hidden)
        self._held = 0

    def __call__(self, ids: Tensor) -> Tensor:
        """Ids (tokens,) -> float32 vectors (tokens, hidden)."""
        rows = torch.from_numpy(dequantised(self._blocks[ids.numpy()]))
        self._held += len(rows)
        if self._held > _HELD:
            self._weights.release()
            self._held = 0
        return rows


_HELD = 256  # rows read until the memory that they are in is given back


class Linear:
    """x W' + b, with what follows it: the weights as oneDNN wants them where PyTorch has it."""

    def __init__(self, weight: Tensor, bias: Tensor, dtype: torch.dtype) -> None:
        self._packed = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
        self._weight, self._bias = weight.to(dtype), bias.to(dtype)
        if self._packed:
            self._weight = torch.ops.mkldnn._reorder_linear_weight(self._weight, _FEW)
            self._product = torch.ops.mkldnn._linear_pointwise.default
            self._sum = torch.ops.mkldnn._linear_pointwise.binary

    def __call__(self, x: Tensor) -> Tensor:
        if not self._packed:
            return functional.linear(x, self._weight, self._bias)
        product: Tensor = self._product(x, self._weight, self._bias, "none", [], "")
        return product

    def then_gelu(self, x: Tensor) -> Tensor:
        if not self._packed:
            return functional.gelu(self(x))
        product: Tensor = self._product(x, self._weight, self._bias, "gelu", [], "none")
        return product

    def plus(self, x: Tensor, residual: Tensor) -> Tensor:
        if not self._packed:
            return torch.add(residual, self(x))
        total: Tensor = self._sum(x, residual, self._weight, self._bias, "add")
        return total


_FEW = 16  # tokens that the layout of the weights is chosen for: a question; it does as well for many


_STEP = 8  # tokens of a forward pass are made a multiple of: oneDNN keeps memory for every shape it ever met

Run = tuple[int, int, int]  # texts of one length that follow each other: first token, number of texts, tokens of each


def _runs(lengths: Sequence[int]) -> list[Run]:
    """Texts of these lengths, one after another, as runs."""
    runs, start = [], 0
    for length, texts in groupby(lengths):
        runs.append((start, number := len(list(texts)), length))
        start += number * length
    return runs


class Norm:
    """LayerNorm."""

    def __init__(self, weights: WeightsFile, name: str, dtype: torch.dtype) -> None:
        self._shape, self._epsilon = (weights.shape.hidden,), weights.shape.layer_norm_eps
        self._weight, self._bias = (torch.from_numpy(weights.vector(f"{name}.{part}")).to(dtype) for part in "wb")

    def __call__(self, x: Tensor) -> Tensor:
        return torch.layer_norm(x, self._shape, self._weight, self._bias, self._epsilon)


class Layer:
    """One layer: attention, then two linear maps; each with a residual sum and LayerNorm after it."""

    def __init__(self, weights: WeightsFile, number: int, dtype: torch.dtype) -> None:
        shape = weights.shape
        self._heads = shape.heads

        def part(short: str) -> tuple[Tensor, Tensor]:
            columns = shape.feed_forward if short == "fo" else shape.hidden
            matrix = torch.from_numpy(weights.matrix(f"l{number}.{short}.w", columns))
            return matrix, torch.from_numpy(weights.vector(f"l{number}.{short}.b"))

        matrices, biases = zip(*(part(short) for short in "qkv"), strict=True)
        self._inputs = Linear(torch.cat(matrices), torch.cat(biases), dtype)
        self._attended = Linear(*part("ao"), dtype)
        self._widened = Linear(*part("fi"), dtype)
        self._narrowed = Linear(*part("fo"), dtype)
        self._attended_norm = Norm(weights, f"l{number}.aln", dtype)
        self._narrowed_norm = Norm(weights, f"l{number}.oln", dtype)

    def __call__(self, x: Tensor, runs: Sequence[Run]) -> Tensor:
        """Args: x: (tokens, hidden), text after text; runs: where the texts stand in it."""
        hidden = x.shape[1]
        inputs = self._inputs(x)
        attended = torch.zeros_like(x)
        for start, texts, length in runs:
            end = start + texts * length
            heads = inputs[start:end].view(texts, length, 3, self._heads, hidden // self._heads)
            query, key, value = heads.permute(2, 0, 3, 1, 4).unbind()
            found = functional.scaled_dot_product_attention(query, key, value)
            attended[start:end] = found.transpose(1, 2).reshape(texts * length, hidden)
        x = self._attended_norm(self._attended.plus(attended, x))
        return self._narrowed_norm(self._narrowed.plus(self._widened.then_gelu(x), x))


class PackagedTransformer(InputModule):
    """Token ids -> token embeddings, float32 (batch, tokens, hidden)."""

    def __init__(self, weights: WeightsFile, tokenizer: PackagedTokenizer, dtype: torch.dtype) -> None:
        """Args: dtype: of weights and activations within the layers."""
        super().__init__()  # type: ignore[no-untyped-call]
        shape = weights.shape
        self._cutter = tokenizer
        self.max_seq_length = shape.positions
        self._hidden, self._dtype = shape.hidden, dtype
        self._words = Q4Embedding(weights, "emb.word")
        # No text has a second part, so every token is of type 0.
        positions = weights.vector("emb.pos").reshape(-1, shape.hidden) + weights.vector("emb.type")[: shape.hidden]
        self.register_buffer("positions", torch.from_numpy(positions))
        self._norm = Norm(weights, "emb.ln", torch.float32)
        self._layers = [Layer(weights, number, dtype) for number in range(shape.layers)]

    positions: Tensor

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Tensor]:
        """Texts -> padded `input_ids` and `attention_mask`, int64 (batch, tokens); of long ones, what can be read."""
        firsts = [first for first, *_ in self._cutter.windows([f"{prompt or ''}{text}" for text in inputs])]
        rows = [torch.from_numpy(first.ids).long() for first in firsts]
        ids = nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=self._cutter.vocabulary.pad)
        lengths = torch.tensor([len(row) for row in rows])
        return {"input_ids": ids, "attention_mask": (torch.arange(ids.shape[1]) < lengths[:, None]).long()}

    def forward(self, features: dict[str, Tensor], **_: Any) -> dict[str, Tensor]:
        ids, mask = features["input_ids"], features["attention_mask"].bool()
        lengths = mask.sum(1).tolist()
        count = sum(lengths)
        x = self._norm(self._words(ids[mask]) + self.positions[: ids.shape[1]].expand(*ids.shape, -1)[mask])
        x = functional.pad(x, (0, 0, 0, -count % _STEP)).to(self._dtype)
        runs = _runs(lengths)
        for layer in self._layers:
            x = layer(x, runs)
        embeddings = torch.zeros(*ids.shape, self._hidden)
        embeddings[mask] = x[:count].float()
        features["token_embeddings"] = embeddings
        return features

    def get_embedding_dimension(self) -> int:
        return self._hidden

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError("The packaged weights stay in their package.")
