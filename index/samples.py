"""What questions on anything have in common, measured on the sample questions that ship with the project."""

from __future__ import annotations

import math
from collections import Counter
from functools import cache
from pathlib import Path

from index.centering import LanguageMeans
from index.encoder import Encoder
from index.script import as_matched

_FOLDER = Path(__file__).with_name("questions")  # a file for each language, a question a line


@cache
def question_means(encoder: Encoder) -> tuple[LanguageMeans, LanguageMeans]:
    """What the questions of each language share: of their vectors, of their tokens."""
    samples = [(text, language) for language, texts in _samples().items() for text in texts]
    languages = [language for _, language in samples]
    encodings = encoder.encode([text for text, _ in samples], "query")
    return (
        LanguageMeans.of([encoding.vector[None] for encoding in encodings], languages, prior=0),
        LanguageMeans.of([encoding.tokens for encoding in encodings], languages, prior=0),
    )


@cache
def informative(encoder: Encoder) -> dict[int, float]:
    """How much each token that several questions hold tells, from 0, where all of a language hold it, to 1.

    It is 1 less the logarithmic share of them: inverse document frequency (Spärck Jones 1972), scaled.
    """
    counts: Counter[int] = Counter()
    for texts in _samples().values():
        for windows in encoder.model.tokenizer.windows(texts):
            counts.update({token for window in windows for token in window.ids.tolist()})
    mean = sum(map(len, _samples().values())) / len(_samples())
    return {token: max(0.0, 1 - math.log1p(count) / math.log1p(mean)) for token, count in counts.items() if count > 1}


@cache
def _samples() -> dict[str, list[str]]:
    """Language -> its questions, as they are matched."""
    return {
        file.stem: [as_matched(line, file.stem) for line in file.read_text("utf-8").splitlines()]
        for file in sorted(_FOLDER.glob("*.txt"))
    }
