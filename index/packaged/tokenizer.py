"""The packaged tokenizer: XLM-RoBERTa's unigram model, rebuilt from the weights file."""

from __future__ import annotations

from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from index.packaged.charsmap import precompiled_charsmap
from index.packaged.weights import Vocabulary

MASK = "<mask>"


def build_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """The tokenizer whose ids equal those of the model's official `tokenizer.json`."""
    scores = vocabulary.scores.astype(float).tolist()
    tokenizer = Tokenizer(models.Unigram(list(zip(vocabulary.pieces, scores, strict=True)), vocabulary.unk, False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Precompiled(precompiled_charsmap(vocabulary.normalisation)),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    bos, eos, pad, unk = (
        vocabulary.pieces[i] for i in (vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk)
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}", special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)]
    )
    tokenizer.add_special_tokens([AddedToken(piece, normalized=False) for piece in (bos, pad, eos, unk, MASK)])
    tokenizer.enable_padding(pad_id=vocabulary.pad, pad_token=pad)
    return tokenizer
