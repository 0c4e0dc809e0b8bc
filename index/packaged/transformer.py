"""The packaged transformer as a sentence-transformers module: BERT with its embedding table left in 4 bits.

Its forward pass is written out, for on a processor most of a short question's time goes to reading weights and to
starting operations: the weights are laid out once as oneDNN reads them, query, key and value are one product, and
GELU and the residual sums are done as the products are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from index.packaged.tokenizer import PackagedTokenizer
from index.packaged.weights import WeightsFile, dequantised
from index.sbert import InputModule


class Q4Embedding:
    """A lookup table left in the weights file, in 4 bits; only the rows asked for are read and dequantised.

    In float32 the table would be 384 MB of the model's 470.
    """

    def __init__(self, weights: WeightsFile, name: str) -> None:
        self._blocks = weights.blocks(name, weights.shape.hidden)

    def __call__(self, ids: Tensor) -> Tensor:
        """Ids of any shape -> float32 vectors of that shape plus (hidden,)."""
        rows = dequantised(self._blocks[ids.reshape(-1).numpy()])
        return torch.from_numpy(rows).reshape(*ids.shape, -1)


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

    def __call__(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """Args: x: (batch, tokens, hidden); bias: added to the attention's logits, (batch, 1, 1, tokens)."""
        batch, tokens, hidden = x.shape
        heads = self._inputs(x).view(batch, tokens, 3, self._heads, hidden // self._heads).permute(2, 0, 3, 1, 4)
        query, key, value = heads.unbind()
        found = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        x = self._attended_norm(self._attended.plus(found.transpose(1, 2).reshape(batch, tokens, hidden), x))
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
        ids, mask = features["input_ids"], features["attention_mask"]
        bias = None
        if not bool(mask.all()):
            bias = torch.zeros(mask.shape, dtype=self._dtype).masked_fill_(mask == 0, float("-inf"))[:, None, None]
        x = self._norm(self._words(ids) + self.positions[: ids.shape[1]]).to(self._dtype)
        for layer in self._layers:
            x = layer(x, bias)
        features["token_embeddings"] = x.float()
        return features

    def get_embedding_dimension(self) -> int:
        return self._hidden

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError("The packaged weights stay in their package.")
