"""Values by group: standardised, averaged, the greatest of each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_SMALL_GROUP = 4  # values; so many make a group half known
_ALIKE = 1e-6


def standardised(values: Floats, groups: NDArray[Any]) -> Floats:
    """Values in standard deviations above their mean, within each group, numbered from 0; 0 where all are alike.

    The mean and variance of a group are drawn towards those of all values as if `_SMALL_GROUP` more were in it, so that
    the one document in a language can be compared with the many in another.
    """
    spread = values.std() if len(values) else 0.0
    if spread < _ALIKE:
        return np.zeros_like(values)
    standardised: Floats = (values - values.mean()) / spread
    present = np.flatnonzero(np.bincount(groups))
    for group in present if len(present) > 1 else ():  # one alone has mean 0 and variance 1 already
        of_group = groups == group
        share = of_group.sum() / (of_group.sum() + _SMALL_GROUP)
        inside = standardised[of_group]
        variance = share * inside.var() + (1 - share)
        if variance > _ALIKE:
            standardised[of_group] = (inside - share * inside.mean()) / np.sqrt(variance)
    return standardised


def mean_by(groups: NDArray[Any], values: Floats, weights: Floats) -> Floats:
    """The weighted mean of each group, numbered from 0, float32 (groups,)."""
    total = np.maximum(np.bincount(groups, weights), _ALIKE)
    return (np.bincount(groups, values * weights) / total).astype(np.float32)


def max_by(groups: NDArray[Any], values: Floats) -> Floats:
    """The greatest of each group's values, column by column; groups are numbered from 0, none empty."""
    if not len(groups):
        return np.zeros((0, *values.shape[1:]), np.float32)
    order = np.argsort(groups, kind="stable")
    first = np.flatnonzero(np.diff(groups[order], prepend=-1))
    greatest: Floats = np.maximum.reduceat(values[order], first, axis=0)
    return greatest
