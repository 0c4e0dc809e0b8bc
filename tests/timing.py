"""Processor time, for tests of how it grows."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def seconds(function: Callable[[str], object], text: str) -> float:
    """What this thread takes for it, in seconds; the collector does not look through what other tests have left."""
    gc.freeze()
    try:
        started = time.thread_time()
        function(text)
        return time.thread_time() - started
    finally:
        gc.unfreeze()
