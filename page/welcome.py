"""The head of the page, and what it says before anything is asked."""

from __future__ import annotations

from page.answer import question_buttons
from page.html import escaped, in_each_language
from page.texts import LANGUAGES, language_name, text, themes

_MOON = (
    '<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"><path fill="currentColor" '
    'd="M12 3a9 9 0 1 0 9 9 7 7 0 0 1-9-9z"/></svg>'
)


def masthead_html(own: bool) -> str:
    """The page's name, its views and its switches.

    Args:
        own: whether a user's own documents are asked, not the article.
    """
    languages = "".join(
        f'<button type="button" class="language" lang="{language}" id="language-{language}">'
        f"{escaped(language_name(language))}</button>"
        for language in LANGUAGES
    )
    title = in_each_language("title own" if own else "title")
    return (
        f'<header class="bar"><h1>{title}</h1><div class="views" role="group">'
        f'<button type="button" class="view" id="view-chat">{in_each_language("conversation")}</button>'
        f'<button type="button" class="view" id="view-document">{in_each_language("document")}</button></div>'
        f'<div class="switches" role="group">{languages}'
        f'<button type="button" id="theme">{_MOON}<span class="unseen">{in_each_language("theme")}</span></button>'
        '</div></header><p id="status" role="status" hidden></p>'
    )


def welcome_html(own: bool) -> str:
    """What this is, and questions to start with by theme."""
    introduction = in_each_language("introduction own" if own else "introduction")
    if own:
        return f'<p class="introduction">{introduction}</p>'
    offers = "".join(_offers(language) for language in LANGUAGES)
    return f'<p class="introduction">{introduction}</p>{offers}'


def reading_html() -> str:
    """The place where the document is shown; the page's script fetches it."""
    return '<div id="page-document" aria-live="off"></div>'


def _offers(language: str) -> str:
    offered = "".join(
        f"<section><h3>{escaped(theme)}</h3>{question_buttons(questions)}</section>"
        for theme, questions in themes(language).items()
    )
    return (
        f'<div class="offers ui" lang="{language}"><h2>{escaped(text("start", language))}</h2>'
        f'<div class="themes">{offered}</div></div>'
    )
