"""Answer sentence selection: which of a passage's sentences answers the question (the task of Yu et al. 2014).

The sentence that matches a question best is often the one that brings its subject up, and the next tells what was
asked. What is known of each candidate beside the best goes through one small hidden layer, which
`benchmarks/selection.py` fits; one candidate is chosen over another by what comes out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

FEATURES = (
    # beside those of the sentence that fits best
    "score",
    "match",  # the question's tokens' squared cosines, weighted by what they tell
    "verbatim",  # the same to the fourth power
    "in context",  # the match, with a share of what the sentence before matches
    "before",  # the match of the sentence before alone
    "window",  # the match together with the sentence behind
    "length",  # log tokens
    "cosine",  # of the vectors
    "unoffered more",
    # as they are
    "more",  # what it matches that the best does not
    "less",  # and what the best matches that it does not
    "unmet",  # whether it plainly does not offer the kind of answer asked for
    "unoffered",  # how likely it is that it does not (log odds)
    "best's match",
    "best's length",
    "foreign",  # whether the best has no text in the question's language
    "known",  # whether the best is known to answer some questions
)
MOST, MARGIN = 10, 4.0  # so many sentences that fit best, and so near the best (standard deviations), may be chosen
_BEFORE = 0.7  # the share of what the sentence before matches, as the ranking has it when the layer is fitted
_UNOFFERED = (-4.0, 5.0)  # log odds: more say no more
_FILE = Path(__file__).with_name("selection.json")


@dataclass(frozen=True)
class Matched:
    """How the candidates match a question, each by its best language; a row for each, the one that fits best first.

    Attributes:
        sentences: their numbers, int64 (candidates,).
        scores: as Evidence has them, float32 (candidates,).
        tokens: the best cosine of each of the question's tokens in it, float32 (candidates, tokens).
        before, behind: in the sentence before and the one behind, 0 where the passage has none.
        weights: what the tokens tell, as shares of 1, float32 (tokens,).
        cosines: of its vector with the question's, float32 (candidates,).
        lengths: its tokens, float32 (candidates,).
    """

    sentences: NDArray[np.int64]
    scores: Floats
    tokens: Floats
    before: Floats
    behind: Floats
    weights: Floats
    cosines: Floats
    lengths: Floats


def features(matched: Matched, offers: Floats, foreign: bool, known: bool) -> NDArray[np.float64]:
    """What is known of the candidates.

    Args:
        offers: `unmet` and `unoffered` of each candidate, float32 (candidates, 2).
        foreign, known: of the best, see FEATURES.

    Returns:
        float64 (candidates, len(FEATURES)).
    """
    met, before, behind = (cosines**2 for cosines in (matched.tokens, matched.before, matched.behind))
    context, window = np.maximum(met, _BEFORE**2 * before), np.maximum(met, behind)
    length, unoffered = np.log1p(matched.lengths), offers[:, 1].clip(*_UNOFFERED)
    of_each = [
        matched.scores,
        *(each @ matched.weights for each in (met, met**2, context, before, window)),
        length,
        matched.cosines,
        unoffered,
    ]
    as_they_are = [
        np.maximum(met - met[0], 0) @ matched.weights,
        np.maximum(met[0] - met, 0) @ matched.weights,
        offers[:, 0],
        unoffered,
        *(np.full(len(met), value) for value in (met[0] @ matched.weights, length[0], foreign, known)),
    ]
    return np.stack([*(each - each[0] for each in of_each), *as_they_are], axis=1).astype(np.float64)


@dataclass(frozen=True)
class Selection:
    """A layer of tanh units over FEATURES, and their sum.

    Attributes:
        hidden: float64 (len(FEATURES), units).
        intercepts: float64 (units,).
        output: float64 (units,).
    """

    hidden: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    output: NDArray[np.float64]

    @classmethod
    @cache
    def shipped(cls) -> Selection:
        """The one that this version comes with."""
        values = json.loads(_FILE.read_text("utf-8"))
        return cls(*(np.array(values[name], np.float64) for name in ("hidden", "intercepts", "output")))

    def chosen(self, values: NDArray[np.float64]) -> int:
        """The row of `features` that answers most likely."""
        return int(np.argmax(np.tanh(values @ self.hidden + self.intercepts) @ self.output))
