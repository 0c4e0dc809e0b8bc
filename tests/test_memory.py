"""The settings that keep a server's memory level."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from page.memory import keep_level

# Twenty threads each use a heap; then one, which has given back a large block, uses 100 MB, gives them back, and keeps
# 5 MB of small pieces that were made between.
PROGRAM = """
import re, sys, threading
from pathlib import Path
import numpy as np
from page.memory import keep_level
if sys.argv[1:]:
    assert keep_level()
together = threading.Barrier(20)
def work():
    together.wait()
    block = np.ones(50_000, np.uint8)
    together.wait()
threads = [threading.Thread(target=work) for _ in range(20)]
for thread in threads: thread.start()
for thread in threads: thread.join()
np.ones(20_000_000, np.uint8)
kept, blocks = [], []
for _ in range(100):
    blocks.append(np.ones(1_000_000, np.uint8))
    kept.append(np.ones(50_000, np.uint8))
blocks.clear()
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
    assert resident_level < resident - 50
    assert reserved_level < reserved - 400  # a heap is 64


def test_another_allocator_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    assert not keep_level()
