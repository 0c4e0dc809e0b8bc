"""This project's own version."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parents[1] / "pyproject.toml"


@cache
def project_version() -> str:
    """What pyproject.toml says; "" where that is not beside the package."""
    if not _FILE.is_file():
        return ""
    return str(tomllib.loads(_FILE.read_text("utf-8")).get("project", {}).get("version", ""))
