"""What keeps a server's memory level: glibc's settings for giving memory back.

By itself glibc gives every thread a heap of its own, and from the first large block that is freed on, keeps ever larger
ones in these heaps, where they are cut up: a server of many threads grows for hours. Told to, it shares few heaps and
gives large blocks back to the system (mallopt(3)). Other systems' allocators do so unasked.
"""

from __future__ import annotations

import ctypes
import platform

_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1  # of malloc.h
_SETTINGS = {_ARENA_MAX: 1, _MMAP_THRESHOLD: 128 * 1024, _TRIM_THRESHOLD: 128 * 1024}  # heaps; bytes


def keep_level() -> bool:
    """Set it so for this process, before its threads start; whether that could be done."""
    if platform.libc_ver()[0] != "glibc":
        return False
    mallopt = ctypes.CDLL(None).mallopt
    return all(mallopt(setting, value) for setting, value in _SETTINGS.items())
