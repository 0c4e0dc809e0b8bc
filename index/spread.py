"""Some of many, spread over all of them."""

from __future__ import annotations

import math


def spread(count: int, most: float) -> slice:
    """What takes, of so many in a row, at most so many at even distances; all, if they are few."""
    return slice(None, None, max(1, math.ceil(count / most)))
