"""What the page says before anything is asked: of the article, or of documents put in its place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Texts:
    """The head of the page, and questions to start with.

    Attributes:
        title: the page's name.
        introduction: what can be asked, in two lines.
        examples: questions that the documents answer, in the languages the page speaks.
    """

    title: str
    introduction: str
    examples: tuple[str, ...]


ARTICLE = Texts(
    title="Ask Nanguan",
    introduction=(
        "Ask what the leadership of Nanguan District, Changchun, plans: in English, 繁體 or 简体. Each answer is made "
        "of the article's own sentences, quoted and cited; where the article does not say, you are told so."
    ),
    examples=(
        "what does Nanguan plan for employment?",
        "What happens to people whose new homes were not handed over?",
        "南關區打算怎樣發展旅遊?",
        "學生的課業負擔會減輕嗎?",
        "南关区如何吸引科技人才?",
        "小区物业的问题怎么解决?",
    ),
)
OWN_DOCUMENTS = Texts(
    title="Ask your documents",
    introduction=(
        "Ask in English, 繁體 or 简体. Each answer is made of the documents' own sentences, quoted and cited; where "
        "they do not say, you are told so."
    ),
    examples=(),
)
