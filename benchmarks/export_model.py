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
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from index.model import PACKAGED, load_model


def export(folder: Path) -> None:
    """Write the transformer, its tokenizer, mean pooling and normalisation, with the prompts they were trained with."""
    packaged = load_model(PACKAGED)
    inner = packaged.transformer[0].model
    vocabulary = len(packaged.log_probabilities)
    table = inner.embeddings.word_embeddings(torch.arange(vocabulary))
    config = BertConfig(**{**inner.config.to_dict(), "vocab_size": vocabulary, "pad_token_id": packaged.pad})
    model = BertModel(config, add_pooling_layer=False)
    state = {name: tensor for name, tensor in inner.state_dict().items() if "word_embeddings" not in name}
    model.load_state_dict({**state, "embeddings.word_embeddings.weight": table}, strict=False)
    transformer = folder / "transformer"
    model.save_pretrained(transformer)
    tokenizer = packaged.tokenizer
    tokenizer.no_truncation()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        mask_token="<mask>",
        model_max_length=packaged.max_tokens,
        model_input_names=["input_ids", "attention_mask"],
    ).save_pretrained(transformer)
    modules = [Transformer(str(transformer)), Pooling(packaged.dimension, "mean"), Normalize()]
    SentenceTransformer(modules=modules, prompts=packaged.prompts, device="cpu").save(str(folder))


if __name__ == "__main__":
    export(Path(sys.argv[1]))
