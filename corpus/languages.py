"""Codes of languages, as documents and questions are matched by them."""

from __future__ import annotations

import re

_CODE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*")
_SCRIPTS = {"hans": "Hans", "cn": "Hans", "sg": "Hans", "my": "Hans"} | dict.fromkeys(
    ("hant", "tw", "hk", "mo"), "Hant"
)


def language_code(code: str) -> str:
    """The language that a code of BCP 47, or of a locale, stands for: of Chinese its script too, of others no more.

    "zh_TW" and "zh-HK" are "zh-Hant", "zh-CN" and "zh-Hans-SG" "zh-Hans", "EN" and "en-US" "en".

    Raises:
        ValueError: it is no code.
    """
    parts = code.strip().lower().replace("_", "-")
    if not _CODE.fullmatch(parts):
        raise ValueError(code)
    language, *others = parts.split("-")
    scripts = [_SCRIPTS[part] for part in others if part in _SCRIPTS]  # the script comes before the region
    return f"zh-{scripts[0]}" if language == "zh" and scripts else language


def is_language(code: str) -> bool:
    """Whether `language_code` takes it."""
    try:
        language_code(code)
    except ValueError:
        return False
    return True
