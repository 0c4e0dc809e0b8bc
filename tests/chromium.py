"""A Chromium for the browser tests: one found on the machine, else Debian's, else Playwright's own.

python -m tests.chromium    finds one or installs one, and says which
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Chromium is quiet with these: without them it looks up hosts of its own at every start.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> Path | None:
    """The browser to use, or None where there is none yet."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


def install() -> Path | None:
    """Install Debian's when root on a machine that has apt, else Playwright's own."""
    attempts = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        debian = "apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk"
        attempts.insert(0, ["sh", "-c", debian])
    for attempt in attempts:
        done = subprocess.run(
            attempt,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
        if done.returncode == 0 and (found := find()):
            return found
        sys.stderr.write(f"{' '.join(attempt)} failed:\n{done.stderr[-500:]}\n")
    return None


def main() -> None:
    browser = find() or install()
    if browser is None:
        sys.exit("No Chromium could be had; the browser tests will be skipped, or fail in continuous integration.")
    sys.stdout.write(f"Browser tests run in {browser}\n")


if __name__ == "__main__":
    main()
