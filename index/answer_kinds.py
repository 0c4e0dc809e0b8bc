"""The kind of answer a question asks for, told from its vector: a figure, a name, a place; or an account of something.

Patterns know the usual words ("how many", "多少钱"); people have countless others ("what would a flat set me back").
The encoder puts them near each other. A few heads each look for the tokens that tell (attention pooling, as in Lin et
al. 2017, "A structured self-attentive sentence embedding"), and a multinomial logistic regression over what they see
and over the question's vector names the kind. benchmarks/answer_kinds.py fits both on benchmarks/answer_kinds.tsv.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder

Floats = NDArray[np.float32]

DETAILS = (
    "number",
    "money",
    "share",  # a percentage, a rate, a score
    "date",
    "duration",
    "size",
    "person",  # by name
    "organisation",  # by name
    "place",
    "contact",
    "procedure",
    "reason",
    "comparison",
    "members",  # what a named list or group consists of
    "outcome",  # what came of it, what people think of it
    "meaning",  # of a term, of a name
    "penalty",
)
ACCOUNTS = ("statement", "yesno")  # what any sentence on the matter may give
KINDS = (*DETAILS, *ACCOUNTS)
_FILE = Path(__file__).with_name("answer_kinds.npz")


@dataclass(frozen=True)
class AnswerKinds:
    """A model of what questions ask for.

    Attributes:
        attention: float32 (dimension, heads); how much each head looks at a token.
        weights: float32 ((heads + 1) * dimension, len(KINDS)); of what each head sees, then of the question's vector.
        intercepts: float32 (len(KINDS),).
    """

    attention: Floats
    weights: Floats
    intercepts: Floats

    def log_odds(self, vector: Floats, tokens: Floats) -> Floats:
        """The log odds that each of DETAILS is asked for rather than an account, float32 (len(DETAILS),).

        Args:
            vector: of the question, without what all questions of its language share, float32 (dimension,).
            tokens: the same of its tokens, float32 (tokens, dimension).
        """
        looks = tokens @ self.attention
        looks = np.exp(looks - looks.max(axis=0, initial=0))
        seen = (looks / looks.sum(axis=0)).T @ tokens
        scores = np.concatenate([seen.ravel(), vector]) @ self.weights + self.intercepts
        account = np.logaddexp.reduce(scores[len(DETAILS) :])
        odds: Floats = (scores[: len(DETAILS)] - account).astype(np.float32)
        return odds


NOTHING_KNOWN = np.zeros(len(DETAILS), np.float32)


@cache
def answer_kinds(encoder: Encoder) -> AnswerKinds | None:
    """The one that ships with the project; None for an encoder other than the one whose vectors it was fitted on."""
    with np.load(_FILE, allow_pickle=False) as saved:
        if str(saved["model"]) != encoder.model.name:
            return None
        return AnswerKinds(*(saved[name].astype(np.float32) for name in ("attention", "weights", "intercepts")))
