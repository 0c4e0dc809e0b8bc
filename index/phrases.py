"""What the engine itself says, in each language it speaks."""

from __future__ import annotations

LANGUAGES = ("en", "zh-Hant", "zh-Hans")

_PHRASES = {
    "refusal": {
        "en": "The document does not say.",
        "zh-Hant": "文件沒有提到這一點。",
        "zh-Hans": "文件没有提到这一点。",
    },
    "refusal of several": {
        "en": "The documents do not say.",
        "zh-Hant": "這些文件都沒有提到這一點。",
        "zh-Hans": "这些文件都没有提到这一点。",
    },
    "greeting": {
        "en": "Ask a question about the document: the answer is its own sentences, each with its place.",
        "zh-Hant": "請就文件提問：回答是文件裡的原句，句句註明出處。",
        "zh-Hans": "请就文件提问：回答是文件里的原句，句句注明出处。",
    },
    "left out": {
        "en": "Not said:",
        "zh-Hant": "沒有提到：",
        "zh-Hans": "没有提到：",
    },
    "known": {
        "en": "from what is known of the document (its record), not from its text",
        "zh-Hant": "出自文件的著錄資料，不是正文",
        "zh-Hans": "出自文件的著录资料，不是正文",
    },
    "sources": {"en": "Sources", "zh-Hant": "出處", "zh-Hans": "出处"},
    "converted": {
        "en": "converted by this project between Traditional and Simplified characters",
        "zh-Hant": "繁體字形由本專案轉換，原文見引文",
        "zh-Hans": "简体字形由本项目转换，原文见引文",
    },
    "rendered": {
        "en": "rendering supplied with the document",
        "zh-Hant": "譯文隨文件提供",
        "zh-Hans": "译文随文件提供",
    },
    "unrendered": {
        "en": "quoted in the document's own language; it brings no rendering in yours",
        "zh-Hant": "以文件原文引用；文件未附您的語言的譯文",
        "zh-Hans": "以文件原文引用；文件未附您的语言的译文",
    },
    "lead": {
        "en": "{topic}, the document says under “{section}”:",
        "zh-Hant": "{topic}，文件在「{section}」一節說：",
        "zh-Hans": "{topic}，文件在“{section}”一节说：",
    },
    "lead without section": {
        "en": "{topic}, the document says:",
        "zh-Hant": "{topic}，文件說：",
        "zh-Hans": "{topic}，文件说：",
    },
    "lead without topic": {
        "en": "The document says under “{section}”:",
        "zh-Hant": "文件在「{section}」一節說：",
        "zh-Hans": "文件在“{section}”一节说：",
    },
    "lead alone": {
        "en": "The document says:",
        "zh-Hant": "文件這樣說：",
        "zh-Hans": "文件这样说：",
    },
    "on topic": {
        "en": "On {topic}",
        "zh-Hant": "關於{topic}",
        "zh-Hans": "关于{topic}",
    },
    "about itself": {
        "en": "On the document itself:",
        "zh-Hant": "關於文件本身：",
        "zh-Hans": "关于文件本身：",
    },
}


def phrase(name: str, language: str) -> str:
    """A phrase in `language`, or in English where the engine does not speak it."""
    return _PHRASES[name].get(language, _PHRASES[name]["en"])
