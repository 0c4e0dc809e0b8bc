"""The head of the page, and what it says before anything is asked."""

from __future__ import annotations

from index.conversation import MAX_QUESTION
from page.answer import question_buttons
from page.html import escaped, in_each_language
from page.texts import LANGUAGES, language_name, text, themes

_MOON = (
    '<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"><path fill="currentColor" '
    'd="M12 3a9 9 0 1 0 9 9 7 7 0 0 1-9-9z"/></svg>'
)
_PLUS = (
    '<svg viewBox="0 0 24 24" width="16" height="16" aria-hidden="true"><path fill="none" stroke="currentColor" '
    'stroke-width="2" stroke-linecap="round" d="M12 5v14M5 12h14"/></svg>'
)


def masthead_html(own: bool) -> str:
    """The page's name, its views and its switches.

    Args:
        own: whether a user's own documents are asked, not the article.
    """
    languages = "".join(_language(language) for language in LANGUAGES)
    return (
        f'<header class="bar"><h1>{in_each_language(_title(own))}</h1>'
        f'<div class="views" role="group" aria-labelledby="views-name">{_name("views")}'
        f'<button type="button" class="view" id="view-chat">{in_each_language("conversation")}</button>'
        f'<button type="button" class="view" id="view-document">{in_each_language("document")}</button></div>'
        f'<button type="button" id="fresh">{_PLUS}{in_each_language("new")}</button>'
        f'<div class="switches" role="group" aria-labelledby="languages-name">{_name("languages")}{languages}'
        f'<button type="button" id="theme">{_MOON}<span class="unseen">{in_each_language("theme")}</span></button>'
        '</div></header><p id="status" role="status" hidden></p>'
        '<p id="announcement" class="unseen" role="status" aria-live="polite" aria-atomic="true"></p>'
    )


def welcome_html(own: bool) -> str:
    """What this is, and questions to start with by theme."""
    introduction = in_each_language("introduction own" if own else "introduction")
    opening = (
        f'<p class="name" aria-hidden="true">{in_each_language(_title(own))}</p>'
        f'<p class="introduction">{introduction}</p>'
    )
    return opening if own else opening + "".join(_offers(language) for language in LANGUAGES)


def composing_html() -> str:
    """Above the text box: the questions that wait for the one before, and what is wrong with what is being written."""
    return f'<ol id="waiting"></ol><p id="notice" role="alert" data-most="{MAX_QUESTION}"></p>'


def reading_html() -> str:
    """The place where the document is shown, which the page's script fetches, and what can be done with a sentence."""
    return (
        '<p id="unread" role="alert"></p><div id="page-document" aria-live="off"></div>'
        '<div id="row-tools" class="tools" hidden>'
        f'<button type="button" class="ask-about">{in_each_language("ask about this")}</button>'
        f'<button type="button" class="anchor">{in_each_language("link to this")}</button></div>'
    )


def _title(own: bool) -> str:
    return "title own" if own else "title"


def _name(name: str) -> str:
    """What a group of buttons is called, for those who hear the page."""
    return f'<span class="unseen" id="{name}-name">{in_each_language(name)}</span>'


def _language(language: str) -> str:
    """The button of a language: what it calls itself, and on a phone its first character or two."""
    name = language_name(language)
    short = name[:2].upper() if name.isascii() else name[:1]
    return (
        f'<button type="button" class="language" lang="{language}" id="language-{language}">'
        f'<span class="whole">{escaped(name)}</span>'
        f'<span class="short" aria-hidden="true">{escaped(short)}</span></button>'
    )


def _offers(language: str) -> str:
    offered = "".join(
        f"<section><h3>{escaped(theme)}</h3>{question_buttons(questions)}</section>"
        for theme, questions in themes(language).items()
    )
    return (
        f'<div class="offers ui" lang="{language}"><h2>{escaped(text("start", language))}</h2>'
        f'<div class="themes">{offered}</div></div>'
    )
