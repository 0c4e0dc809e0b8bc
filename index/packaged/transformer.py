"""The packaged transformer as a sentence-transformers module: BERT with its embedding table left in 4 bits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from sentence_transformers.base.modules.input_module import InputModule
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from index.packaged.weights import Q4Matrix, WeightsFile

# This file's name for each linear layer -> transformers' name for it.
_LINEAR = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_LAYER_NORM = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


class Q4Embedding(nn.Module):
    """A lookup table kept in 4 bits; only the rows asked for are dequantised.

    In float32 the table would be 384 MB of the model's 470; so it is 54 MB.
    """

    scales: Tensor
    codes: Tensor

    def __init__(self, matrix: Q4Matrix) -> None:
        super().__init__()
        self.register_buffer("scales", torch.from_numpy(matrix.scales))
        self.register_buffer("codes", torch.from_numpy(matrix.codes))

    def forward(self, ids: Tensor) -> Tensor:
        """Ids of any shape -> float32 vectors of that shape plus (hidden,)."""
        matrix = Q4Matrix(self.scales[ids].flatten(0, -2).numpy(), self.codes[ids].flatten(0, -3).numpy())
        return torch.from_numpy(matrix.dequantise()).reshape(*ids.shape, -1)


class PackagedTransformer(InputModule):
    """Token ids -> token embeddings, float32 (batch, tokens, hidden)."""

    def __init__(self, weights: WeightsFile, tokenizer: Tokenizer) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.tokenizer = tokenizer
        self.max_seq_length = weights.shape.positions
        self.model = _build_bert(weights)

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Tensor]:
        """Texts -> padded `input_ids` and `attention_mask`, int64 (batch, tokens)."""
        encodings = self.tokenizer.encode_batch([f"{prompt or ''}{text}" for text in inputs])
        for encoding in encodings:
            encoding.truncate(self.max_seq_length)
        return {
            "input_ids": torch.tensor([encoding.ids for encoding in encodings]),
            "attention_mask": torch.tensor([encoding.attention_mask for encoding in encodings]),
        }

    def forward(self, features: dict[str, Tensor], **_: Any) -> dict[str, Tensor]:
        output = self.model(input_ids=features["input_ids"], attention_mask=features["attention_mask"])
        features["token_embeddings"] = output.last_hidden_state
        return features

    def get_embedding_dimension(self) -> int:
        return int(self.model.config.hidden_size)

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError("The packaged weights stay in their package.")


def _build_bert(weights: WeightsFile) -> BertModel:
    shape = weights.shape
    config = BertConfig(
        vocab_size=1,  # the table below takes its place
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.token_types,
        layer_norm_eps=shape.layer_norm_eps,
        pad_token_id=None,
    )
    with torch.device("meta"):
        model = BertModel(config, add_pooling_layer=False)
    model.embeddings.word_embeddings = Q4Embedding(  # type: ignore[assignment]
        weights.matrix("emb.word", shape.hidden)
    )
    model.load_state_dict(_state(weights), strict=False, assign=True)
    for name, buffer in model.embeddings.named_buffers(recurse=False):
        filled = (
            torch.arange(shape.positions)[None] if name == "position_ids" else torch.zeros_like(buffer, device="cpu")
        )
        setattr(model.embeddings, name, filled)
    left = [name for name, tensor in (*model.named_parameters(), *model.named_buffers()) if tensor.is_meta]
    if left:
        raise AssertionError(f"the weights file leaves these without a value: {left}")
    model.eval()  # type: ignore[no-untyped-call]
    model.requires_grad_(False)
    return model


def _state(weights: WeightsFile) -> dict[str, Tensor]:
    """The float32 parameters under transformers' names."""
    shape = weights.shape
    state = {
        "embeddings.position_embeddings.weight": weights.vector("emb.pos").reshape(-1, shape.hidden),
        "embeddings.token_type_embeddings.weight": weights.vector("emb.type").reshape(-1, shape.hidden),
        "embeddings.LayerNorm.weight": weights.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": weights.vector("emb.ln.b"),
    }
    for number in range(shape.layers):
        layer = f"encoder.layer.{number}"
        for short, name in _LINEAR.items():
            columns = shape.feed_forward if short == "fo" else shape.hidden
            state[f"{layer}.{name}.weight"] = weights.matrix(f"l{number}.{short}.w", columns).dequantise()
            state[f"{layer}.{name}.bias"] = weights.vector(f"l{number}.{short}.b")
        for short, name in _LAYER_NORM.items():
            state[f"{layer}.{name}.weight"] = weights.vector(f"l{number}.{short}.w")
            state[f"{layer}.{name}.bias"] = weights.vector(f"l{number}.{short}.b")
    return {name: torch.from_numpy(np.array(values)) for name, values in state.items()}
