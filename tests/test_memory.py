"""The settings that keep a server's memory level."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from page.memory import keep_level

# Twenty threads each use 20 MB, give it back, and keep 1 MB of small pieces that were made between.
PROGRAM = """
import re, sys, threading
from pathlib import Path
import numpy as np
from page.memory import keep_level
if sys.argv[1:]:
    assert keep_level()
kept, together = [], threading.Barrier(20)
def work():
    together.wait()
    blocks = [np.ones(size, np.uint8) for size in range(1_000_000, 1_020_000, 1000)]
    for place in range(len(blocks)):
        kept.append(np.ones(50_000, np.uint8))
        blocks[place] = None
    together.wait()
threads = [threading.Thread(target=work) for _ in range(20)]
for thread in threads: thread.start()
for thread in threads: thread.join()
for name in ("VmRSS", "VmSize"):
    print(int(re.search(name + r":\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another allocator")
def test_threads_share_a_heap_and_give_large_blocks_back() -> None:
    def megabytes(*arguments: str) -> list[int]:
        command = [sys.executable, "-c", PROGRAM, *arguments]
        return [
            int(line) for line in subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        ]

    (resident, reserved), (resident_level, reserved_level) = megabytes(), megabytes("level")
    assert resident_level < 0.5 * resident
    assert reserved_level < reserved - 400  # a heap is 64


def test_another_allocator_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    assert not keep_level()
