"""The chat page in a real browser."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from index import Answer, Document, Index, feedback
from index.documents import Citation
from index.ports import listening
from page.answer import answer_html
from page.answers import Given
from page.html import escaped
from tests.fuzzing import indexed_by_words, toy_index
from tests.serving import served_page
from tests.test_mcp_server import served
from tests.toy_page import toy_service

ANSWER = "#chat .answer"
SECONDS_30 = 30_000
BOOT = Path(__file__).parents[1] / "page" / "assets" / "boot.js"


@dataclass(frozen=True)
class Screen:
    """A reader's window: size, light or dark, and what the browser says of its language."""

    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"
    locale: str = "en-GB"


DESKTOP, PHONE, WIDE = Screen(1280, 800), Screen(390, 844, "dark"), Screen(1800, 1000)
Opens = Callable[..., Page]


class Windows:
    """The reader's windows: one for each screen, kept from test to test, and others that are closed after a test."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._address = address
        self._kept: dict[Screen, Page] = {}
        self._passing: list[BrowserContext | Page] = []
        self.complaints: list[str] = []
        self.requests: list[str] = []

    def open(self, screen: Screen = DESKTOP, path: str = "/", context: BrowserContext | None = None) -> Page:
        """A window in which nothing has been asked: one of its own where it opens by a link or beside another."""
        if path == "/" and context is None:
            if screen in self._kept:
                return begun_anew(self._kept[screen])
            self._kept[screen] = self._window(self._context(screen), path)
            return self._kept[screen]
        if context is None:
            context = self._context(screen)
            self._passing.append(context)
            return self._window(context, path)
        # Closed even where its context is kept: the window behind it is as good as asleep.
        beside = self._window(context, path)
        self._passing.append(beside)
        return beside

    def alone(self, screen: Screen = DESKTOP) -> Page:
        """A window that keeps nothing for later tests: for those that change what is remembered."""
        context = self._context(screen)
        self._passing.append(context)
        return self._window(context, "/")

    def close(self) -> None:
        """Close what no later test needs; says what went wrong in any window."""
        for window in reversed(self._passing):
            window.close()
        complaints, requests = self.complaints[:], self.requests[:]
        for past in (self._passing, self.complaints, self.requests):
            past.clear()
        assert not complaints
        assert not [url for url in requests if not url.startswith((self._address, "data:", "blob:"))]

    def close_all(self) -> None:
        for tab in self._kept.values():
            tab.context.close()

    def _context(self, screen: Screen) -> BrowserContext:
        return self._browser.new_context(
            viewport={"width": screen.width, "height": screen.height},
            color_scheme=screen.scheme,
            locale=screen.locale,
            permissions=["clipboard-read", "clipboard-write"],
            reduced_motion="reduce",
        )

    def _window(self, context: BrowserContext, path: str) -> Page:
        tab = context.new_page()
        tab.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        tab.on("request", lambda request: self.requests.append(request.url))
        tab.goto(self._address + path)
        expect(tab.locator("#language-en[aria-pressed]")).to_be_visible(timeout=SECONDS_30)
        expect(tab.locator("#status")).to_be_hidden(timeout=SECONDS_30)
        return tab


def begun_anew(tab: Page) -> Page:
    """A window as it was before the first question."""
    if tab.locator("#chat .user-row").count():
        tab.locator("#fresh").click()
    elif tab.locator("#view-chat").is_visible():
        tab.locator("#view-chat").click()
    expect(tab.locator("#welcome")).to_be_visible()
    tab.locator("#question textarea").fill("")
    tab.mouse.move(0, 0)
    return tab


@pytest.fixture(scope="session")
def windows(browser: Browser, address: str) -> Iterator[Windows]:
    windows = Windows(browser, address)
    yield windows
    windows.close_all()


@pytest.fixture
def opened(windows: Windows) -> Iterator[Opens]:
    """Opens the page; the end checks that the console stayed clean and no request left this machine."""
    yield windows.open
    windows.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def tab(opened: Opens, request: pytest.FixtureRequest) -> Page:
    """The page, open."""
    return opened(request.param)


def ask(tab: Page, question: str) -> Locator:
    """Ask, and wait for the whole answer."""
    before = tab.locator("#chat [data-testid=bot]").count()
    tab.locator("#question textarea").fill(question)
    tab.locator("#question textarea").press("Enter")
    expect(tab.locator("#chat [data-testid=bot]")).to_have_count(before + 1, timeout=SECONDS_30)
    answer = tab.locator(ANSWER).last
    expect(answer.locator(".actions").or_(tab.locator("#chat .notice")).last).to_be_visible(timeout=SECONDS_30)
    expect(tab.locator("body")).not_to_have_class(re.compile("asking"))  # until then its buttons are hidden
    # The last that is done for an answer: its buttons are named, a frame after they are drawn.
    expect(tab.locator("[data-name=edit]")).to_have_count(tab.locator("#chat [data-testid=user]").count())
    return answer


MODEL_QUESTION = "what does Nanguan plan for employment?"


@pytest.mark.slow
def test_the_model_question_is_answered_with_its_sources(tab: Page) -> None:
    answer = ask(tab, MODEL_QUESTION)
    expect(answer.locator(".lead")).to_contain_text("On employment, the document says under")
    expect(answer.locator("li")).to_contain_text(["employment-first strategy"])
    expect(answer.locator(".marker").first).to_have_text("[1]")
    assert str(answer.locator("li").last.text_content()).endswith("\u00a0[1]")  # never alone on a line
    source = answer.locator(".source").first
    expect(source).to_contain_text("落實就業優先戰略")
    expect(answer.locator(".sources")).to_contain_text("English rendering by this project, not the publisher's")
    expect(answer.locator(".confidence")).not_to_contain_text(re.compile(r"\d"))
    expect(tab.locator("#question textarea")).to_have_value("")
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    expect(tab.locator("#chat [data-testid=user]").last).to_be_in_viewport()


@pytest.mark.slow
def test_a_marker_leads_to_its_source_even_many_turns_later(tab: Page) -> None:
    ask(tab, MODEL_QUESTION)
    for question in ("what does Nanguan plan for tourism?", "Which metro lines are being built?"):
        ask(tab, question)
    tab.locator(f"{ANSWER} .marker").first.click()
    lit = tab.locator("#chat .source.lit")
    expect(lit).to_have_count(1)
    expect(lit).to_be_in_viewport()
    expect(lit.locator("blockquote")).to_contain_text("落實就業優先戰略")
    assert lit.evaluate("element => getComputedStyle(element.querySelector('blockquote')).backgroundColor") != (
        "rgba(0, 0, 0, 0)"
    )


@pytest.mark.slow
def test_a_source_leads_to_its_place_in_the_document_and_the_ribbon_shows_it(tab: Page) -> None:
    ask(tab, MODEL_QUESTION).locator(".show").first.click()
    lit = tab.locator(".row.lit")
    expect(lit).to_be_in_viewport(timeout=SECONDS_30)
    expect(lit.locator(".original")).to_contain_text("落實就業優先戰略")
    expect(lit.locator(".rendering")).to_contain_text("employment-first strategy")
    expect(tab.locator(".ribbon-title")).to_contain_text(MODEL_QUESTION)
    cited = tab.locator(".cell.cited")
    expect(cited).to_have_count(1)
    fits = tab.locator(".cell").evaluate_all("cells => cells.map(cell => Number(cell.style.getPropertyValue('--fit')))")
    place = tab.locator(".cell").evaluate_all("cells => cells.findIndex(cell => cell.classList.contains('cited'))")
    assert fits[place] == max(fits) == 1
    tab.locator(".cell").first.click()
    expect(tab.locator(".row.lit")).to_contain_text("中共長春市南關區委理論學習中心組")
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.slow
def test_back_leads_from_the_document_to_the_conversation_and_forward_to_the_document(opened: Opens) -> None:
    tab = opened(PHONE)
    ask(tab, MODEL_QUESTION)
    ask(tab, "Which metro lines are being built?")
    scroller = tab.locator("#chat .bubble-wrap")
    show = tab.locator(".show").first
    show.scroll_into_view_if_needed()
    was = scroller.evaluate("element => element.scrollTop")
    entries = tab.evaluate("history.length")
    show.click()
    lit = tab.locator(".row.lit", has_text="落實就業優先戰略")
    expect(lit).to_be_in_viewport(timeout=SECONDS_30)
    tab.go_back()
    expect(tab.locator(ANSWER)).to_have_count(2)
    expect(show).to_be_in_viewport()
    expect(show).to_be_focused()
    assert scroller.evaluate("element => element.scrollTop") == was
    tab.go_forward()
    expect(lit).to_be_in_viewport()
    tab.locator("#view-chat").click()  # leads back too: however often one looks, one Back leaves the document
    expect(show).to_be_in_viewport()
    tab.locator("#view-document").click()
    expect(lit).to_be_in_viewport()
    tab.keyboard.press("Escape")
    expect(show).to_be_in_viewport()
    assert tab.evaluate("history.length") == entries + 1
    tab.locator("#view-document").click()
    tab.locator(".lit .ask-about").click()
    expect(tab.locator(ANSWER)).to_have_count(3, timeout=SECONDS_30)
    tab.go_back()
    expect(lit).to_be_in_viewport()  # where the sentence was asked about


@pytest.mark.slow
def test_the_keyboard_acts_on_every_sentence_wherever_the_mouse_rests(opened: Opens) -> None:
    tab = opened()
    tab.locator("#view-document").click()
    rows = tab.locator(".lines .row:not(.credit)")
    expect(rows.last).to_be_attached()
    tab.mouse.move(640, 500)
    tab.locator(".cell").first.focus()
    offered = 0
    for _ in range(3 * 12 + 12):
        tab.keyboard.press("Tab")
        tab.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        offered += tab.evaluate("document.activeElement.matches('.row:focus-within .ask-about')")
    assert offered >= 12
    tab.mouse.move(640, 300)  # as of a hand that brushes it
    tab.mouse.move(640, 320)
    assert tab.evaluate("document.activeElement.closest('.row').contains(document.getElementById('row-tools'))")
    tab.mouse.click(2, 400)
    under = rows.nth(2)
    under.hover()
    expect(under.locator(".ask-about")).to_be_visible()


@pytest.mark.slow
def test_a_new_conversation_leaves_nothing_of_the_old_one_in_the_document(opened: Opens) -> None:
    tab = opened()
    ask(tab, MODEL_QUESTION).locator(".show").first.click()
    expect(tab.locator(".row.lit.cited")).to_be_in_viewport(timeout=SECONDS_30)
    expect(tab.locator(".ribbon-title")).to_have_text(re.compile("^Fit to: what does"), use_inner_text=True)
    tab.locator("#fresh").click()
    expect(tab.locator("#welcome")).to_be_visible()
    tab.locator("#view-document").click()
    expect(tab.locator(".ribbon-title")).to_have_text(re.compile("^Ask a question, and"), use_inner_text=True)
    expect(tab.locator("#page-document :is(.cited, .lit)")).to_have_count(0)
    assert tab.locator(".cell[style*='--fit']").count() == 0


@pytest.mark.slow
def test_a_sentence_that_the_address_names_is_opened_there_and_over_the_conversation(opened: Opens) -> None:
    tab = opened(path="/#s333")
    expect(tab.locator(".row.lit#s333")).to_be_in_viewport(timeout=SECONDS_30)
    tab.locator("#view-chat").click()
    ask(tab, MODEL_QUESTION)
    tab.evaluate("location.hash = '#s1485'")
    expect(tab.locator(".row.lit#s1485")).to_be_in_viewport()
    tab.go_back()
    expect(tab.locator(ANSWER)).to_be_visible()
    tab.go_back()
    expect(tab.locator("#reading")).to_be_visible()
    expect(tab.locator(".row.lit#s333")).to_be_in_viewport()


def first_held(tab: Page, pattern: str) -> list[Route]:
    """The first request of that pattern, once it is sent: it goes no further until it is continued."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    tab.route(pattern, hold)
    return held


@pytest.mark.slow
def test_a_new_conversation_holds_none_of_the_old_turns_and_loses_none_of_its_own(opened: Opens) -> None:
    tab = opened()
    ask(tab, MODEL_QUESTION)
    told: list[str] = []  # nothing tells the server of it, so nothing can come after the answer
    tab.on("request", lambda request: told.append(request.url) if "run/predict" in request.url else None)
    tab.locator("#fresh").click()
    expect(tab.locator("#welcome")).to_be_visible()
    expect(ask(tab, "and for housing?")).to_contain_text("housing")
    expect(tab.locator("#chat [data-testid=bot]")).to_have_count(1)
    expect(ask(tab, "and for schools?")).to_contain_text("school")
    assert told == []
    expect(tab.locator("#chat [data-testid=user]")).to_have_text(["and for housing?", "and for schools?"])


@pytest.mark.slow
def test_a_sentence_of_the_document_can_be_asked_about_and_linked_to(opened: Opens) -> None:
    tab = opened()
    tab.locator("#view-document").click()
    row = tab.locator(".lines .row", has_text="落實就業優先戰略")
    row.hover()
    row.locator(".anchor").click()
    expect(row.locator(".anchor")).to_contain_text("Link copied")
    link = tab.evaluate("navigator.clipboard.readText()")
    row.locator(".ask-about").click()
    expect(tab.locator(f"{ANSWER} .source").first).to_contain_text("落實就業優先戰略", timeout=SECONDS_30)
    other = opened(path=link[link.index("/#") :], context=tab.context)
    expect(other.locator(".row.lit .original")).to_contain_text("落實就業優先戰略", timeout=SECONDS_30)


@pytest.mark.slow
def test_chinese_is_answered_in_its_script_and_follow_ups_are_understood(opened: Opens) -> None:
    tab = opened()
    expect(ask(tab, "南关区对就业有什么计划?")).to_contain_text("落实就业优先战略")
    expect(ask(tab, "那住房呢?")).to_contain_text("增强住房保障能力")


@pytest.mark.slow
def test_a_refusal_shows_what_is_near_and_offers_what_is_answered(opened: Opens) -> None:
    tab = opened(PHONE)
    refused = ask(tab, "what is the population of Nanguan?")
    expect(refused).to_have_class("answer refusal")
    expect(refused).to_contain_text("The document does not say.")
    expect(refused).to_contain_text("not an answer")
    expect(refused.locator(".near")).to_have_count(3)
    expect(refused.locator(".nearby .note")).to_have_text("English rendering by this project, not the publisher's")
    expect(tab.locator("[data-name=dislike]")).to_be_visible()
    expect(tab.get_by_role("button", name="Wrong source")).to_be_hidden()  # it cites none
    near = refused.locator(".near p").first
    folded = near.evaluate("element => element.clientHeight")
    refused.locator(".near .show").first.click()  # nothing unfolds from under the pointer
    expect(tab.locator(".row.lit")).to_be_in_viewport(timeout=SECONDS_30)
    tab.keyboard.press("Escape")
    refused.locator(".near .show").last.focus()
    refused.locator(".near .show").first.focus()
    assert near.evaluate("element => element.clientHeight") > folded  # the keyboard unfolds it too
    refused.locator(".ask-this").first.click()
    expect(tab.locator(ANSWER)).to_have_count(2, timeout=SECONDS_30)
    expect(tab.locator(ANSWER).last).not_to_have_class("answer refusal")


@pytest.mark.slow
def test_a_question_that_is_offered_is_answered_when_clicked(opened: Opens) -> None:
    tab = opened()
    tab.get_by_role("button", name="What does Nanguan plan for employment?").click()
    expect(tab.locator(ANSWER).last).to_contain_text("employment-first strategy", timeout=SECONDS_30)
    expect(tab.locator("#welcome")).to_be_hidden()


@pytest.mark.slow
def test_turns_can_be_asked_again_edited_undone_and_cleared(opened: Opens) -> None:
    tab = opened()
    ask(tab, MODEL_QUESTION)
    ask(tab, "and for housing?")
    tab.get_by_role("button", name="Ask again").last.click()
    expect(tab.locator(ANSWER).last).to_contain_text("housing", timeout=SECONDS_30)
    expect(tab.locator(ANSWER)).to_have_count(2)
    tab.get_by_role("button", name="Edit the question").last.click()
    expect(tab.locator("#chat textarea")).to_have_value("and for housing?")  # filled before it is there, it is added to
    tab.locator("#chat textarea").fill("and for tourism?")
    tab.locator("[data-name=submit]").click()
    expect(tab.locator(ANSWER).last).to_contain_text("Bayi Park", timeout=SECONDS_30)
    tab.locator("#question textarea").fill("And what else")
    tab.get_by_role("button", name="Take back").last.click()
    expect(tab.locator(ANSWER)).to_have_count(1)
    expect(tab.locator("#question textarea")).to_have_value("and for tourism?\nAnd what else")
    tab.get_by_role("button", name="New conversation").click()
    expect(tab.locator(ANSWER)).to_have_count(0)
    expect(tab.locator("#welcome")).to_be_visible()
    expect(ask(tab, "and for housing?")).to_be_visible()


@pytest.mark.slow
def test_a_question_is_edited_as_it_was_written_by_the_keyboard_too(tab: Page) -> None:
    written = "What's planned for <b>housing</b> & schools - ![x](y) **now**?"
    asked = tab.locator("#chat [data-testid=user]")
    edit, area = tab.locator("[data-name=edit]"), tab.locator("#chat .edit-textarea")
    ask(tab, MODEL_QUESTION)
    ask(tab, written)
    for _ in range(2):
        expect(edit).to_have_count(2)
        edit.last.focus()
        tab.keyboard.press("Enter")
        expect(area).to_have_value(written)
        expect(area).to_be_focused()
        tab.mouse.move(0, 0)
        for button in ("submit", "cancel"):
            expect(tab.locator(f"[data-name={button}]")).to_be_visible()
            assert (
                tab.locator(f"[data-name={button}]").evaluate(
                    "button => getComputedStyle(button.closest('.message-buttons')).opacity"
                )
                == "1"
            )
        assert area.evaluate("area => area.clientWidth / area.closest('.message').clientWidth") > 0.9
        with tab.expect_response("**/gradio_api/queue/join*"):
            tab.keyboard.press("Enter")
        expect(tab.locator(f"{ANSWER} .actions")).to_have_count(2, timeout=SECONDS_30)
        expect(tab.locator("body")).not_to_have_class(re.compile("asking"))
        expect(asked).to_have_text([MODEL_QUESTION, written])
        assert tab.locator("#chat [data-testid=user] :is(b, img, a, strong)").count() == 0
    if tab.evaluate("matchMedia('(hover: hover)').matches"):
        expect(tab.locator("#question textarea")).to_be_focused()
    edit.first.focus()
    tab.keyboard.press("Enter")
    area.press("Shift+Enter")
    expect(area).to_have_value(f"{MODEL_QUESTION}\n")
    area.press("Escape")
    expect(area).to_have_count(0)
    expect(edit.first).to_be_focused()
    tab.keyboard.press("Enter")
    area.fill(" ")
    area.press("Enter")
    expect(area).to_have_count(0)
    expect(asked).to_have_text([MODEL_QUESTION, written])
    tab.locator("[data-name=undo]").click()
    expect(tab.locator("#question textarea")).to_have_value(written)


@pytest.mark.slow
def test_what_is_written_or_asked_while_an_answer_is_under_way_is_kept(opened: Opens) -> None:
    tab = opened()
    box, asked = tab.locator("#question textarea"), tab.locator("#chat [data-testid=user]")
    held = first_held(tab, "**/gradio_api/queue/join*")
    box.fill(MODEL_QUESTION)
    tab.keyboard.press("Enter")
    tab.keyboard.type("and for housing?")
    expect(asked).to_have_text([MODEL_QUESTION])  # at once, whatever the server does
    expect(box).to_have_value("and for housing?")
    tab.keyboard.press("Enter")
    tab.locator("#send").click()  # of nothing
    expect(tab.locator("#waiting li")).to_have_text(["and for housing?"])
    tab.keyboard.type("a draft")
    tab.wait_for_timeout(300)
    assert len(held) == 1
    held[0].continue_()
    expect(tab.locator(f"{ANSWER} .actions")).to_have_count(2, timeout=SECONDS_30)
    expect(asked).to_have_text([MODEL_QUESTION, "and for housing?"])
    expect(tab.locator("#waiting li")).to_have_count(0)
    expect(box).to_have_value("a draft")
    offered = tab.locator(".ask-this:visible").last
    again = str(offered.text_content())
    offered.dblclick()
    expect(tab.locator(f"{ANSWER} .actions")).to_have_count(3, timeout=SECONDS_30)
    tab.wait_for_timeout(300)
    expect(asked).to_have_text([MODEL_QUESTION, "and for housing?", again])
    expect(box).to_have_value("a draft")


@pytest.mark.slow
def test_an_edit_waits_for_the_answer_under_way(opened: Opens) -> None:
    tab = opened()
    box, asked = tab.locator("#question textarea"), tab.locator("#chat [data-testid=user]")
    area = tab.locator("#chat .edit-textarea")
    ask(tab, MODEL_QUESTION)
    tab.locator("[data-name=edit]").first.focus()
    tab.keyboard.press("Enter")
    area.fill("what is planned for schools?")
    held = first_held(tab, "**/gradio_api/queue/join*")
    with tab.expect_request("**/gradio_api/queue/join*"):
        box.fill("and for housing?")
        box.press("Enter")
    area.press("Enter")
    tab.wait_for_timeout(300)
    expect(area).to_have_value("what is planned for schools?")
    expect(asked).to_have_text(["and for housing?"])  # and the one that is being edited
    held[0].continue_()
    expect(asked).to_have_text(["what is planned for schools?"], timeout=SECONDS_30)
    expect(tab.locator(f"{ANSWER} .actions")).to_have_count(1, timeout=SECONDS_30)
    expect(tab.locator(ANSWER)).to_contain_text("school")
    expect(ask(tab, "and for housing?")).to_contain_text("housing")
    tab.locator("[data-name=edit]").first.focus()
    tab.keyboard.press("Enter")
    held = first_held(tab, "**/gradio_api/queue/join*")
    with tab.expect_request("**/gradio_api/queue/join*"):
        for question in ("what is planned for parks?", "and for the metro?"):
            box.fill(question)
            box.press("Enter")
    area.press("Enter")
    area.fill(" ")  # what is blank by then is no edit, and holds nothing up
    held[0].continue_()
    expect(tab.locator(f"{ANSWER} .actions")).to_have_count(4, timeout=SECONDS_30)


@pytest.mark.slow
@pytest.mark.parametrize("edited", [0, 1])
def test_an_edit_that_is_refused_changes_nothing_and_is_not_lost(windows: Windows, opened: Opens, edited: int) -> None:
    tab = windows.alone()
    asked = [MODEL_QUESTION, "what's planned for <b>housing</b>?"]
    for question in asked:
        ask(tab, question)
    tab.locator("#question textarea").fill("a draft")
    refused = {"status": 429, "json": {"detail": "Too many requests came from your side."}}
    tab.route("**/gradio_api/queue/join*", lambda route: route.fulfill(**refused), times=1)
    tab.evaluate("requestAnimationFrame = (draw) => setTimeout(draw, 1000)")  # a busy machine draws late
    tab.locator("[data-name=edit]").nth(edited).focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#chat textarea")).to_be_focused()
    tab.locator("#chat textarea").fill("what is planned for schools?")
    tab.keyboard.press("Enter")
    expect(tab.locator("body")).to_contain_text("Too many requests")
    expect(tab.locator("#question textarea")).to_have_value("what is planned for schools?\na draft")
    expect(tab.locator("#chat [data-testid=user]")).to_have_text(asked)
    expect(tab.locator(f"{ANSWER} .actions")).to_have_count(2)
    windows.complaints.clear()  # the browser's, of the refusal


@pytest.mark.slow
@pytest.mark.parametrize("away, turns", [("#fresh", 0), ("[data-name=undo]", 1)])
def test_an_edit_goes_with_its_turn(opened: Opens, away: str, turns: int) -> None:
    tab = opened()
    asked = [MODEL_QUESTION, "and for housing?"]
    for question in asked:
        ask(tab, question)
    tab.locator("[data-name=edit]").last.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#chat .edit-textarea")).to_have_value("and for housing?")
    tab.locator(away).click()
    expect(tab.locator(ANSWER)).to_have_count(turns)
    for question in asked:
        ask(tab, question)
    expect(tab.locator("#chat [data-testid=user]")).to_have_text([*asked[:turns], *asked])


@pytest.mark.slow
def test_a_new_conversation_begins_while_an_answer_is_under_way(windows: Windows, opened: Opens) -> None:
    tab = windows.alone()
    box = tab.locator("#question textarea")
    held = first_held(tab, "**/gradio_api/queue/join*")
    with tab.expect_request("**/gradio_api/queue/join*"):
        for question in (MODEL_QUESTION, "and for housing?"):
            box.fill(question)
            box.press("Enter")
    tab.locator("#fresh").click()
    expect(tab.locator("#welcome")).to_be_visible()
    held[0].continue_()
    expect(ask(tab, "and for schools?")).to_be_visible()
    tab.wait_for_timeout(300)
    expect(tab.locator("#chat [data-testid=user]")).to_have_text(["and for schools?"])
    expect(box).to_have_value("")


@pytest.mark.slow
def test_a_question_that_is_too_long_is_neither_cut_nor_lost(opened: Opens) -> None:
    tab = opened()
    box = tab.locator("#question textarea")
    box.fill("employment " * 200)
    box.press("Enter")
    expect(tab.locator("#notice")).to_contain_text("at most 2000 characters are taken")
    expect(box).to_have_value("employment " * 200)
    expect(tab.locator("#chat [data-testid=user]")).to_have_count(0)
    box.fill("employment")
    expect(tab.locator("#notice")).to_be_empty()
    expect(ask(tab, MODEL_QUESTION)).to_be_visible()


@pytest.mark.slow
def test_a_conversation_goes_on_where_the_server_was_lost_and_started_again(browser: Browser) -> None:
    questions = ["what is planned for housing?", "what is planned for employment?", "it's <about> what?"]
    tab = browser.new_page(locale="zh-HK")
    box, asked = tab.locator("#question textarea"), tab.locator("#chat [data-testid=user]")
    with served(toy_service(toy_index()).app) as address:
        tab.goto(address)
        expect(tab.locator("#status")).to_be_hidden(timeout=SECONDS_30)
        for question in questions[:2]:
            ask(tab, question)
    box.fill(questions[2])
    box.press("Enter")
    expect(tab.locator("#status")).to_contain_text("伺服器沒有回應", timeout=SECONDS_30)
    expect(tab.get_by_text("Connection to the server was lost")).to_be_hidden()
    expect(asked).to_have_text(questions)
    box.fill("草稿")
    with served(toy_service(toy_index()).app, int(address.rpartition(":")[2])):
        expect(tab.locator("body.gone")).to_have_count(0, timeout=SECONDS_30)  # Gradio opens the page anew
        expect(tab.locator(f"{ANSWER} .actions")).to_have_count(3, timeout=SECONDS_30)
        expect(asked).to_have_text(questions)
        expect(box).to_have_value("草稿")
        tab.close()


@pytest.mark.parametrize(
    ("linked", "asked"),
    [(0, ["food safety?", "and housing?"]), (1, ["what is planned\n for parks?"])],
    ids=["same", "other"],
)
def test_what_was_lost_gives_way_to_another_link(opened: Opens, linked: int, asked: list[str]) -> None:
    lost = {"questions": ["food safety?", "and housing?"], "draft": ""}
    context = opened().context
    tab = opened(context=context)
    tab.evaluate("lost => sessionStorage.setItem('nanguan-lost', JSON.stringify(lost))", lost)
    tab.goto(tab.url + "?q=" + quote(asked[0]))
    expect(tab.locator(f"{ANSWER} .actions")).to_have_count(len(asked), timeout=SECONDS_30)
    expect(tab.locator("#chat [data-testid=user]")).to_have_text(asked)
    assert ("q=" in tab.url) == bool(linked)  # as long as it is all that was asked


FORGOTTEN = ["what is planned for housing?", "what is planned for employment?"]


@pytest.fixture
def forgotten(browser: Browser) -> Iterator[Page]:
    """A page of two turns whose server was started again meanwhile, unnoticed."""
    tab = browser.new_page(locale="en-GB")
    with served(toy_service(toy_index()).app) as address:
        tab.goto(address)
        expect(tab.locator("#status")).to_be_hidden(timeout=SECONDS_30)
        for question in FORGOTTEN:
            ask(tab, question)
    with served(toy_service(toy_index()).app, int(address.rpartition(":")[2])):
        yield tab
        tab.close()


@pytest.mark.slow
@pytest.mark.parametrize("act", ["ask", "again", "edit", "edit the first", "take back"])
def test_a_conversation_that_the_server_has_forgotten_goes_on(forgotten: Page, act: str) -> None:
    tab, first, second = forgotten, *FORGOTTEN
    box, asked = tab.locator("#question textarea"), tab.locator("#chat [data-testid=user]")
    expected = {
        "ask": [first, second, "and for schools?"],
        "again": [first, second],
        "edit": [first, "and for schools?"],
        "edit the first": ["and for schools?"],
        "take back": [first],
    }[act]
    box.fill("and for schools?" if act == "ask" else "a draft")
    tab.evaluate("window.before = true")
    if act == "ask":
        box.press("Enter")
    elif act.startswith("edit"):
        tab.locator("[data-name=edit]").nth(0 if act == "edit the first" else 1).click()
        tab.locator("#chat .edit-textarea").fill("and for schools?")
        tab.locator("#chat .edit-textarea").press("Enter")
    else:
        tab.locator(f"[data-name={'retry' if act == 'again' else 'undo'}]").click()
    expect(asked).to_have_text(expected, timeout=SECONDS_30)
    expect(tab.locator(f"{ANSWER} .actions")).to_have_count(len(expected), timeout=SECONDS_30)
    expect(tab.locator("body")).not_to_have_class(re.compile("asking"))
    expect(asked).to_have_text(expected)
    expect(box).to_have_value({"ask": "", "take back": f"{second}\na draft"}.get(act, "a draft"))
    assert tab.evaluate("window.before") is (True if act == "edit the first" else None)  # which has no turns before it


@pytest.mark.slow
def test_what_a_server_forgets_over_and_over_is_not_asked_for_ever(browser: Browser) -> None:
    service, loads = toy_service(toy_index()), []
    tab = browser.new_page(locale="en-GB")
    tab.on("load", lambda page: loads.append(page.url))

    def forget(route: Route) -> None:
        service.gradio.state_holder.session_data.clear()
        route.continue_()

    tab.route("**/gradio_api/queue/join*", forget)
    with served(service.app) as address:
        tab.goto(address)
        expect(tab.locator("#status")).to_be_hidden(timeout=SECONDS_30)
        ask(tab, FORGOTTEN[0])
        tab.locator("#question textarea").fill(FORGOTTEN[1])
        tab.locator("#question textarea").press("Enter")
        expect(tab.locator("body")).to_contain_text("no longer knows what was asked before", timeout=SECONDS_30)
        expect(tab.locator("#question textarea")).to_have_value(FORGOTTEN[1])  # and nothing is lost
        expect(tab.locator("#chat [data-testid=user]")).to_have_text(FORGOTTEN[:1])
        expect(tab.locator(f"{ANSWER} .actions")).to_have_count(1)
        assert len(loads) == 2
        tab.close()


@pytest.mark.slow
def test_an_answer_is_copied_as_text_and_its_link_opens_it_again(opened: Opens) -> None:
    tab = opened()
    answer = ask(tab, MODEL_QUESTION)
    answer.locator(".copy").click()
    expect(answer.locator(".copy")).to_have_text("Copied", use_inner_text=True)
    answer.locator(".copy").click()
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(MODEL_QUESTION)
    assert "carries out the employment-first strategy" in copied
    assert "[1] 兜牢民生底線,落實就業優先戰略" in copied
    assert "<" not in copied
    expect(answer.locator(".copy")).to_have_text("Copy", use_inner_text=True)  # as before, though it was clicked twice
    answer.locator(".permalink").click()
    expect(answer.locator(".permalink")).to_have_text("Link copied", use_inner_text=True)
    link = tab.evaluate("navigator.clipboard.readText()")
    other = opened(path=link[link.index("/?") :], context=tab.context)
    expect(other.locator(ANSWER).last).to_contain_text("employment-first strategy", timeout=SECONDS_30)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("en-US", "en"),
        ("de-DE", "en"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-TW", "zh-Hant"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh-Hans-MO", "zh-Hans"),
        ("zh-Hant-CN", "zh-Hant"),
        ("zh", "zh-Hans"),
    ],
)
def test_the_page_speaks_the_browsers_language(browser: Browser, locale: str, language: str) -> None:
    context = browser.new_context(locale=locale)
    tab = context.new_page()
    tab.add_script_tag(path=BOOT)
    assert tab.evaluate("document.documentElement.lang") == language
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 480, 481])
def test_nothing_lies_over_what_can_be_done_with_an_answer(width: int, windows: Windows) -> None:
    tab = windows.alone(Screen(width, 844))
    answer = ask(tab, "what does Nanguan plan for employment?")
    expect(tab.locator("[data-name=retry]")).to_be_visible()
    boxes = [
        box
        for place in (answer.locator(".actions > *"), tab.locator(".message-buttons-left button"))
        for each in place.all()
        if each.is_visible() and (box := each.bounding_box())
    ]
    assert len(boxes) >= 6
    for one, other in itertools.combinations(boxes, 2):
        beside = one["x"] + one["width"] <= other["x"] + 0.5 or other["x"] + other["width"] <= one["x"] + 0.5
        above = one["y"] + one["height"] <= other["y"] + 0.5 or other["y"] + other["height"] <= one["y"] + 0.5
        assert beside or above, (one, other)
    windows.close()


CHINESE = re.compile(r"^[\u3400-\u9fff\uff0c\u3000-\u303f、]+$")


@pytest.mark.slow
def test_every_label_is_in_the_language_of_the_page(opened: Opens) -> None:
    tab = opened(Screen(390, 844, "dark", "zh-HK"))
    expect(tab.get_by_role("heading", level=1)).to_have_text("問問南關", use_inner_text=True)
    expect(tab.locator("#send")).to_have_text("提問")
    expect(tab.locator("#question textarea")).to_have_attribute("aria-label", "您的問題")
    assert tab.title() == "問問南關"
    ask(tab, "南關區怎樣促進就業?")
    for name in ("like", "dislike"):
        tab.locator(f"[data-name={name}]").click()
        expect(tab.locator(f"[data-name={name}]")).to_have_attribute("aria-pressed", "true")
    labels = tab.locator("#chat").evaluate(
        """chat => [...chat.querySelectorAll("[aria-label], [title], button")]
            .filter(each => each.checkVisibility() && !each.matches(".ask-this"))
            .flatMap(each => [each.ariaLabel, each.title, each.matches("button") ? each.innerText.trim() : ""])
            .filter(Boolean)"""
    )
    assert {"修改問題", "再問一次", "收回", "答得好", "答得不好", "出處有誤"} <= set(labels)
    ours = [label for label in labels if not label.startswith("中共長春市")]
    assert [label for label in ours if not CHINESE.match(label)] == []
    expect(ask(tab, "?!")).to_contain_text("問題裡沒有文字")
    expect(tab.locator(".message-buttons-left [data-name=retry]")).to_be_visible()
    expect(tab.locator(".message-buttons-left").last.locator("[data-name=like]")).to_be_hidden()  # it is no answer


@pytest.mark.slow
def test_controls_of_an_answer_speak_the_language_of_the_page_whatever_the_answer_speaks(windows: Windows) -> None:
    tab = windows.alone(Screen(1280, 800, locale="zh-TW"))
    answer = ask(tab, MODEL_QUESTION)
    controls = answer.locator(".show, .actions > *")
    expect(answer.locator(".lead")).to_contain_text("On employment")
    expect(controls).to_have_text(["在文件中查看", "複製", "本答案的連結"], use_inner_text=True)
    answer.locator(".copy").click()
    expect(answer.locator(".copy")).to_have_text("已複製", use_inner_text=True)
    tab.locator("#language-en").click()
    expect(controls).to_have_text(["Show in the document", "Copy", "Link to this answer"], use_inner_text=True)
    windows.close()


@pytest.mark.slow
def test_two_tabs_are_answered_each_in_its_own_language(windows: Windows, opened: Opens) -> None:
    tab = windows.alone()
    expect(ask(tab, "?!")).to_contain_text("holds no words")
    other = opened(path="/?lang=zh-Hant", context=tab.context)
    expect(ask(other, "食品安全")).to_contain_text("嚴格落實安全生產責任制")  # whose characters belong to both scripts
    tab.locator("[data-name=retry]").click()
    expect(tab.locator("body")).not_to_have_class(re.compile("asking"))
    expect(tab.locator(ANSWER)).to_contain_text("holds no words")
    expect(ask(tab, "?!")).to_contain_text("holds no words")
    third = opened(path="/?lang=zh-Hans", context=tab.context)
    expect(third.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(ask(other, "食品安全")).to_contain_text("嚴格落實安全生產責任制")
    expect(ask(third, "食品安全")).to_contain_text("严格落实安全生产责任制")


@pytest.mark.slow
def test_the_language_and_the_theme_are_switched_and_remembered(windows: Windows, opened: Opens) -> None:
    tab = windows.alone()
    ask(tab, MODEL_QUESTION)
    expect(tab.locator("[data-name=like]")).to_have_attribute("title", "Good answer")
    tab.locator("#language-zh-Hant").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("問問南關", use_inner_text=True)
    expect(tab.locator("[data-name=like]")).to_have_attribute("title", "答得好")
    expect(tab.locator(ANSWER)).to_have_count(1)
    tab.locator("#theme").click()
    expect(tab.locator("body")).to_have_class(re.compile(r"\bdark\b"))
    again = opened(context=tab.context)
    expect(again.locator("html")).to_have_attribute("lang", "zh-Hant")
    expect(again.locator("body")).to_have_class(re.compile(r"\bdark\b"))
    expect(again.locator("#question textarea")).to_have_attribute("placeholder", re.compile("用繁體"))


@pytest.mark.slow
def test_the_original_its_rendering_or_both_are_shown_as_the_reader_likes(windows: Windows, opened: Opens) -> None:
    tab = windows.alone(PHONE)
    tab.locator("#view-document").click()
    row = tab.locator(".lines .row", has_text="落實就業優先戰略")
    expect(row.locator(".rendering")).to_be_visible()
    expect(row.locator(".original")).to_be_hidden()
    tab.get_by_role("button", name="Side by side").click()
    expect(row.locator(".original")).to_be_visible()
    tab.get_by_role("button", name="Original").click()
    expect(row.locator(".rendering")).to_be_hidden()
    again = opened(context=tab.context)
    again.locator("#view-document").click()
    expect(again.get_by_role("button", name="Original")).to_have_attribute("aria-pressed", "true")


@pytest.mark.slow
def test_what_a_reader_says_of_an_answer_is_kept_with_all_it_rests_on(opened: Opens, article: Document) -> None:
    tab = opened()
    ask(tab, MODEL_QUESTION)
    ask(tab, "what is the population of Nanguan?")
    answer = tab.locator(ANSWER).first
    before = len(feedback.rows())
    first = tab.locator(".message-buttons-left").first
    wanted = ["like", "dislike", "wrong source"]
    for verdict in wanted[:2]:
        first.locator(f"[data-name='{verdict}']").click()
        expect(first.locator(f"[data-name='{verdict}']")).to_have_attribute("aria-pressed", "true")
    first.get_by_role("button", name="Wrong source").click()
    kept_after(before, 3)
    refused = tab.locator(".message-buttons-left").last
    refused.locator("[data-name=like]").click()
    rows = kept_after(before, 4)
    assert [row.verdict for row in rows] == [*wanted, "like"]
    for row in rows[:3]:
        assert row.question == MODEL_QUESTION
        assert row.answered
        assert [cited.quote for cited in row.citations] == answer.locator("blockquote").all_text_contents()
        assert all(article.text[cited.start : cited.end] == cited.quote for cited in row.citations)
        assert "employment-first strategy" in row.answer
        assert row.versions.documents == {"nanguan": hashlib.sha256(article.text.encode()).hexdigest()}
        assert row.versions.model == "multilingual-e5-small"
    assert rows[3].question == "what is the population of Nanguan?"
    assert not rows[3].answered
    assert rows[3].citations == ()


@pytest.mark.slow
def test_a_verdict_that_is_given_while_the_one_before_is_being_kept_is_kept_too(opened: Opens) -> None:
    tab = opened()
    ask(tab, MODEL_QUESTION)
    before = len(feedback.rows())
    held = first_held(tab, "**/gradio_api/run/**")
    buttons = tab.locator(".message-buttons-left").first
    with tab.expect_request("**/gradio_api/run/**"):
        buttons.locator("[data-name='like']").click()
    buttons.locator("[data-name='dislike']").click()
    assert [row.verdict for row in kept_after(before, 1)] == ["dislike"]
    held[0].continue_()
    assert sorted(row.verdict for row in kept_after(before, 2)) == ["dislike", "like"]


def kept_after(before: int, count: int) -> list[feedback.Feedback]:
    """The verdicts kept since there were `before`, once there are `count`; a little later still no more."""
    deadline = time.monotonic() + 10
    while len(feedback.rows()) < before + count and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)
    return feedback.rows()[before:]


@pytest.mark.slow
def test_a_new_answer_is_told_once_and_whole_to_those_who_hear_the_page(opened: Opens) -> None:
    tab = opened()
    region = tab.locator("#announcement")
    expect(region).to_have_attribute("aria-live", "polite")
    expect(tab.locator("#chat [role=log]").or_(tab.locator("#welcome")).first).to_be_attached()
    listened(tab)
    ask(tab, "What are the plans for the metro?")  # of several sentences, which come one after the other
    expect(region).to_contain_text("Answer: On the metro, the document says")
    expect(region).to_contain_text("Sources: 2")
    expect(tab.locator("#chat [role=log]")).to_have_attribute("aria-live", "off")
    [told] = heard(tab)
    assert "Metro Lines 6 and 7" in told
    assert "[1]" not in told


def listened(tab: Page) -> None:
    """Write down what those who hear the page are told of answers."""
    tab.evaluate(
        """() => {
            const region = document.getElementById("announcement");
            window.told = [];
            window.telling?.disconnect();
            window.telling = new MutationObserver(() => told.push(region.innerText));
            telling.observe(region, { childList: true, characterData: true, subtree: true });
        }"""
    )


def heard(tab: Page, least: int = 1) -> list[str]:
    """What they were told since they were asked last, once nothing is under way: so many pieces at the least."""
    expect(tab.locator("body")).not_to_have_class(re.compile("asking"))
    tab.wait_for_function("least => told.length >= least", arg=least)
    tab.wait_for_timeout(300)
    told: list[str] = tab.evaluate("() => told.splice(0)")
    return told


@pytest.mark.slow
def test_errors_and_answers_asked_again_are_heard_and_what_is_shown_again_is_not(opened: Opens) -> None:
    tab = opened()
    box = tab.locator("#question textarea")
    ask(tab, MODEL_QUESTION)
    expect(tab.locator("#announcement")).to_contain_text("Answer: On employment")
    listened(tab)
    for _ in range(2):  # the second is word for word as the first
        ask(tab, "?!")
        [told] = heard(tab)
        assert told.startswith("The question holds no words.")
    for left in ("?!", MODEL_QUESTION):
        tab.locator("[data-name=undo]").focus()
        tab.keyboard.press("Enter")
        expect(tab.locator("#chat [data-testid=user]").last).to_have_text(left)
        expect(box).to_be_focused()
    assert heard(tab, least=0) == []
    tab.locator("[data-name=retry]").focus()
    with tab.expect_response("**/gradio_api/queue/join*"):
        tab.keyboard.press("Enter")
    expect(box).to_be_focused()
    [told] = heard(tab)
    assert told.startswith("Answer: On employment")


@pytest.mark.slow
def test_a_link_with_a_question_is_opened_answered(opened: Opens) -> None:
    tab = opened(path="/?q=" + quote("南關區怎樣促進就業?") + "&lang=zh-Hant")
    expect(tab.locator(ANSWER).last).to_contain_text("落實就業優先戰略", timeout=SECONDS_30)
    expect(tab.locator("html")).to_have_attribute("lang", "zh-Hant")
    either = opened(path="/?q=" + quote("食品安全") + "&lang=zh-CN")  # whose characters belong to both scripts
    expect(either.locator(ANSWER).last).to_contain_text("严格落实安全生产责任制", timeout=SECONDS_30)


@pytest.mark.slow
def test_what_the_address_asked_for_does_not_come_back_once_the_reader_has_gone_on(opened: Opens) -> None:
    tab = opened(path="/?q=" + quote("南關區怎樣促進就業?") + "&lang=zh-Hant")
    expect(tab.locator(f"{ANSWER} .actions")).to_be_visible(timeout=SECONDS_30)
    tab.locator("#language-en").click()
    tab.locator("[data-name=edit]").click()
    tab.locator("#chat .edit-textarea").press("Escape")
    expect(tab.locator("#chat .edit-textarea")).to_have_count(0)
    tab.reload()
    expect(tab.locator(f"{ANSWER} .actions")).to_be_visible(timeout=SECONDS_30)  # the question is still all there is
    expect(tab.locator("html")).to_have_attribute("lang", "en")
    tab.locator("#fresh").click()
    expect(tab.locator("#welcome")).to_be_visible()
    ask(tab, MODEL_QUESTION)
    assert re.search(r":\d+/$", tab.url)
    tab.locator("#view-document").click()
    row = tab.locator(".lines .row", has_text="落實就業優先戰略")
    row.hover()
    row.locator(".anchor").click()
    expect(row.locator(".anchor")).to_contain_text("Link copied")
    assert re.search(r":\d+/#s\d+$", tab.evaluate("navigator.clipboard.readText()"))
    tab.locator("#view-chat").click()
    tab.reload()
    expect(tab.locator("#language-en[aria-pressed=true]")).to_be_visible(timeout=SECONDS_30)
    expect(tab.locator("#status")).to_be_hidden(timeout=SECONDS_30)
    expect(tab.locator("#reading")).to_be_hidden()
    assert tab.locator("#chat [data-testid=user]", has_text="就業").count() == 0


@pytest.mark.slow
def test_a_wide_window_shows_conversation_and_document_side_by_side(opened: Opens) -> None:
    tab = opened(WIDE)
    ask(tab, MODEL_QUESTION)
    expect(tab.locator(".row.cited .original")).to_contain_text("落實就業優先戰略", timeout=SECONDS_30)
    expect(tab.locator(".row.cited")).to_be_in_viewport()  # the document goes along with the conversation
    expect(tab.locator("#question textarea")).to_be_focused()
    tab.locator(".show").first.click()
    expect(tab.locator(".row.lit")).to_be_in_viewport()
    expect(tab.locator(ANSWER)).to_be_visible()


def printed(tab: Page) -> tuple[list[str], int]:
    """What stands on paper, piece by piece, if none is clipped or faint; and the number of pages of A4."""
    tab.emulate_media(media="print")
    try:
        expect(
            tab.locator("#masthead, #composer, .ribbon, .show, .message-buttons").filter(visible=True)
        ).to_have_count(0)
        pieces = tab.locator("[data-testid=user], .lead, .said, blockquote, .near p, .lines :is(p, h2, h3), .marker")
        shown: list[dict[str, str]] = pieces.filter(visible=True).evaluate_all(
            """pieces => pieces.map((piece) => {
                const { left, right, bottom } = piece.getBoundingClientRect();
                const { scrollHeight, clientWidth } = document.documentElement;
                const whole = left >= -1 && right <= clientWidth + 1 && bottom + scrollY <= scrollHeight + 1
                    && piece.scrollHeight <= Math.ceil(piece.getBoundingClientRect().height) + 1;
                return { text: piece.innerText, whole: String(whole), colour: getComputedStyle(piece).color };
            })"""
        )
        assert [piece for piece in shown if piece["whole"] != "true" or piece["colour"] != "rgb(0, 0, 0)"] == []
        pages = len(re.findall(rb"/Type /Page\b", tab.pdf(format="A4")))
    finally:
        tab.emulate_media(media="null")
    return [piece["text"] for piece in shown], pages


@pytest.mark.slow
def test_paper_holds_the_whole_conversation_or_the_whole_document(tab: Page) -> None:
    ask(tab, MODEL_QUESTION)
    ask(tab, "what is the population of Nanguan?")
    ask(tab, "南關區怎樣促進就業?")
    pieces, pages = printed(tab)
    assert [piece for piece in pieces if piece.endswith("?")] == [
        MODEL_QUESTION,
        "what is the population of Nanguan?",
        "南關區怎樣促進就業?",
    ]
    assert sum(piece.startswith("兜牢民生底線,落實就業優先戰略") for piece in pieces) > 1
    assert pieces.count("[1]") == 2
    assert pages > 1
    tab.locator(".show").first.click()
    expect(tab.locator(".row.lit")).to_be_in_viewport(timeout=SECONDS_30)
    pieces, pages = printed(tab)
    assert len(pieces) >= tab.locator(".lines .row").count()
    assert not any(piece.endswith("?") for piece in pieces)
    assert pages > 2


@pytest.mark.slow
@pytest.mark.parametrize("screen", [DESKTOP, Screen(360, 640, "dark", "zh-TW"), Screen(2560, 1300)])
def test_nothing_serious_is_in_the_way_of_any_reader(opened: Opens, screen: Screen) -> None:
    tab = opened(screen)

    def findings(state: str) -> list[str]:
        found = Axe().run(tab).response["violations"]
        return [f"{state}: {each['id']}" for each in found if each["impact"] in ("serious", "critical")]

    found = findings("first look")
    ask(tab, MODEL_QUESTION)
    ask(tab, "what is the population of Nanguan?")
    found += findings("answers")
    tab.locator(".show").first.click()
    expect(tab.locator(".row.lit")).to_be_in_viewport(timeout=SECONDS_30)
    found += findings("document")
    assert found == []
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.slow
def test_a_finger_and_a_narrow_screen_reach_every_control(browser: Browser, address: str) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 700}, locale="en-GB", has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    tab = context.new_page()
    tab.goto(address)
    expect(tab.locator("#language-en[aria-pressed]")).to_be_visible(timeout=SECONDS_30)

    def heights(selector: str) -> list[float]:
        buttons = tab.locator(selector).filter(visible=True)
        return buttons.evaluate_all("all => all.map(each => Math.round(each.getBoundingClientRect().height))")

    answer = ask(tab, MODEL_QUESTION)
    reached = heights(".bar button, .answer .show, .answer .actions > *, .answer .ask-this, .message-buttons button")
    tab.set_viewport_size({"width": 320, "height": 640})
    theme = tab.locator("#theme").bounding_box()
    assert theme
    assert theme["x"] + theme["width"] <= 320
    tab.set_viewport_size({"width": 360, "height": 700})
    answer.locator(".show").first.tap()
    expect(tab.locator(".row.lit")).to_be_in_viewport(timeout=SECONDS_30)
    reached += heights(".tools button, .side, .contents summary, .contents a")
    assert min(reached) >= 40
    for width in (320, 360):
        tab.set_viewport_size({"width": width, "height": 700})
        contents, columns = (tab.locator(each).bounding_box() for each in (".contents summary", ".sides"))
        assert contents
        assert columns
        assert contents["height"] < 45  # its triangle stands beside the word
        apart = columns["y"] + columns["height"] <= contents["y"] or columns["x"] >= contents["x"] + contents["width"]
        assert apart
    sides = tab.locator(".ribbon").evaluate(
        "ribbon => [ribbon, ...document.querySelectorAll('.lines .row')]"
        ".map(each => each.getBoundingClientRect()).map(({ left, right }) => [left, right])"
    )
    assert min(left for left, _ in sides) == sides[0][0]  # nothing shows beside the ribbon
    assert max(right for _, right in sides) == sides[0][1]
    tab.emulate_media(forced_colors="active")
    drawn = tab.locator(".cell").evaluate_all("cells => cells.map(each => getComputedStyle(each).backgroundColor)")
    assert len(set(drawn)) > 2  # they still tell how well each fits
    context.close()


@pytest.mark.slow
def test_the_keyboard_is_enough(opened: Opens) -> None:
    tab = opened(path="/?lang=en")
    box = tab.locator("#question textarea")
    expect(box).to_be_focused()
    tab.keyboard.type(MODEL_QUESTION)
    tab.keyboard.press("Enter")
    expect(tab.locator(f"{ANSWER} .actions")).to_be_visible(timeout=SECONDS_30)
    expect(box).to_be_focused()  # the next question can be typed at once
    order = [
        "#theme",
        "[data-name=edit]",
        ".marker",
        ".show",
        ".ask-this",
        ".copy",
        ".permalink",
        "[data-name=like]",
        "textarea",
    ]
    assert tabbed_through(tab, "#theme", len(order) + 12, order) == order
    tab.locator(".marker").first.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator(".source.lit")).to_be_focused()
    tab.keyboard.press("Tab")
    expect(tab.locator(".show").first).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator(".row.lit")).to_be_focused(timeout=SECONDS_30)
    tab.keyboard.press("Tab")
    expect(tab.locator(".row.lit .ask-about")).to_be_focused()
    tab.locator(".cell[tabindex='0']").focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Enter")
    expect(tab.locator(".row.lit .original")).to_contain_text("長春市南關區堅持以")
    tab.keyboard.press("Escape")
    expect(tab.locator(".show").first).to_be_focused()  # back where the document was opened from


def tabbed_through(tab: Page, start: str, steps: int, watched: list[str]) -> list[str]:
    """Which of some elements Tab reaches from one of them, in the order it does."""
    tab.locator(start).focus()
    reached = []
    for _ in range(steps):
        found = tab.evaluate("watched => watched.find(each => document.activeElement.matches(each))", watched)
        if found and found not in reached:
            reached.append(found)
        tab.keyboard.press("Tab")
    return reached


@pytest.mark.slow
def test_what_is_no_question_gets_one_sentence_and_nothing_is_lost(opened: Opens) -> None:
    tab = opened()
    expect(ask(tab, "?!")).to_contain_text("holds no words")
    expect(ask(tab, MODEL_QUESTION)).to_contain_text("employment-first strategy")


@pytest.mark.slow
def test_markup_in_a_question_is_only_text(opened: Opens) -> None:
    tab = opened()
    attack = "<img src=x onerror=\"document.title='owned'\"> **employment** [a](http://example.org) plan?"
    ask(tab, attack)
    expect(tab.locator("#chat [data-testid=user]")).to_contain_text(attack)
    assert tab.title() != "owned"
    assert tab.locator("#chat img[src='x']").count() == 0


@pytest.mark.slow
def test_the_page_is_there_before_the_model_is_and_markup_in_a_document_is_only_text(
    browser: Browser, tmp_path: Path
) -> None:
    attack = "Penguins are fed <b onclick=alert(1)>fish</b> & *squid* <script>document.title='owned'</script> at noon."
    filling = "\n".join(f"On day {day} of the year the keeper of hall {day % 7} swept the floor." for day in range(600))
    (tmp_path / "zoo.txt").write_text(f"{attack}\nThe zoo opens at nine.\n{filling}", "utf-8")
    (tmp_path / "farm.txt").write_text("The farm opens at six.", "utf-8")
    environment = {"NANGUAN_CORPUS": str(tmp_path), "NANGUAN_CACHE": str(tmp_path / "cache")}
    with served_page(tmp_path / "log", **environment) as address:
        tab = browser.new_page(
            viewport={"width": 1280, "height": 800}, permissions=["clipboard-read", "clipboard-write"]
        )
        tab.goto(address)
        expect(tab.locator("#question textarea")).to_be_visible(timeout=SECONDS_30)
        with urllib.request.urlopen(f"{address}/healthz") as answer:
            assert json.load(answer)["status"] == "warming"
        expect(tab.locator("#status")).to_be_visible()
        expect(tab.get_by_role("heading", level=1)).to_have_text("Ask your documents", use_inner_text=True)
        tab.locator("#view-document").click()
        expect(tab.locator("#choose option")).to_have_count(2)
        tab.locator("#choose").select_option(label="farm")
        expect(tab.locator(".lines")).to_contain_text("The farm opens at six.")
        tab.locator("#choose").select_option(label="zoo")
        row = tab.locator(".lines .row", has_text="The zoo opens at nine.")
        row.hover()
        row.locator(".anchor").click()
        expect(row.locator(".anchor")).to_contain_text("Link copied")
        link = tab.evaluate("navigator.clipboard.readText()")
        tab.locator("#view-chat").click()
        tab.locator("#question textarea").fill("When are penguins fed fish and squid?")
        tab.locator("#question textarea").press("Enter")
        expect(tab.locator(ANSWER)).to_contain_text("still loading", timeout=SECONDS_30)
        expect(tab.locator(ANSWER)).to_contain_text(attack, timeout=4 * SECONDS_30)
        expect(tab.locator("#status")).to_be_hidden()
        expect(tab.locator(f"{ANSWER} .place")).to_contain_text("zoo")  # of several documents a source names its own
        tab.locator(f"{ANSWER} .show").click()
        expect(tab.locator(".row.cited .original")).to_have_text(attack, timeout=SECONDS_30)
        assert tab.title() == "Ask your documents"
        tab.goto("about:blank")
        tab.goto(link)  # which names the document, for sentences of several begin at the same place
        expect(tab.locator(".row.lit .original")).to_have_text("The zoo opens at nine.", timeout=SECONDS_30)
        tab.close()


def zoo_and_farm() -> Index:
    """Two documents that both say something of opening and of penguins."""
    zoo = ["The zoo", *(f"Hall {hall} of the zoo holds animals of one continent." for hall in range(9))]
    farm = ["The farm", *(f"Field {field} of the farm lies fallow every third year." for field in range(9))]
    zoo.insert(4, "The zoo opens at nine for visitors.")
    farm.insert(7, "The farm opens at six for visitors.")
    texts = {"zoo": zoo, "farm": farm}
    index: Index = indexed_by_words([Document(name, "\n".join(lines)) for name, lines in texts.items()])
    return index


@pytest.fixture(scope="module")
def zoo(browser: Browser) -> Iterator[str]:
    """Where two documents are asked."""
    with served(toy_service(zoo_and_farm(), rate=1000).app) as address:
        yield address


@pytest.fixture
def zoo_tab(browser: Browser, zoo: str) -> Iterator[Page]:
    tab = browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-GB", reduced_motion="reduce")
    tab.goto(zoo)
    expect(tab.locator("#status")).to_be_hidden(timeout=SECONDS_30)
    yield tab
    tab.close()


@pytest.mark.slow
def test_the_ribbon_of_each_document_shows_how_it_fits(zoo_tab: Page) -> None:
    tab = zoo_tab
    ask(tab, "When does the zoo open for visitors?")
    relevance: list[str] = []
    tab.on("request", lambda request: relevance.append(request.url) if "relevance" in request.url else None)

    def best() -> str:
        """The sentence that fits best, of the document that is shown."""
        expect(tab.locator(".cell[style*='--fit: 1']")).to_have_count(1)
        link = tab.locator(".cell[style*='--fit: 1']").get_attribute("href")
        return str(tab.locator(f".row#s{str(link).rpartition('s')[2]}").text_content())

    tab.locator("#view-document").click()
    choose = tab.locator("#choose")
    for _ in range(2):
        choose.select_option("0")
        expect(tab.locator("#document-0")).to_be_visible()
        assert "zoo opens at nine" in best()
        expect(tab.locator(".ribbon-title .fit")).to_contain_text("When does the zoo open")
        choose.select_option("1")
        expect(tab.locator("#document-1")).to_be_visible()
        cells = tab.locator(".cell")
        expect(cells.nth(7)).to_have_attribute("style", re.compile(r"--fit: 0?\.[1-9]"))
        expect(tab.locator(".ribbon-title .fit")).to_contain_text("When does the zoo open")
    assert len([url for url in relevance if "document=farm" in url]) == 1  # fetched once


@pytest.mark.slow
def test_copying_works_where_the_browser_keeps_its_clipboard_to_secure_pages(zoo_tab: Page) -> None:
    tab = zoo_tab
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answer = ask(tab, "When does the farm open for visitors?")
    tab.evaluate("delete Navigator.prototype.clipboard")
    box = tab.locator("#question textarea")
    for button, said, copied in ((".copy", "Copied", "When does the farm"), (".permalink", "Link copied", "http://")):
        answer.locator(button).focus()
        tab.keyboard.press("Enter")
        expect(answer.locator(button)).to_have_text(said, use_inner_text=True)
        expect(answer.locator(button)).to_be_focused()
        box.fill("")
        box.press("Control+v")
        expect(box).to_have_value(re.compile(f"^{copied}"))
    assert tab.locator("textarea").count() == 1


@pytest.mark.slow
@pytest.mark.parametrize("has_touch", [False, True])
def test_what_can_be_done_with_the_last_sentence_of_a_part_is_seen(browser: Browser, has_touch: bool) -> None:
    diary = Document("diary", "\n".join(f"On day {day} the keeper swept hall {day % 7}." for day in range(200)))
    with served(toy_service(indexed_by_words([diary])).app) as address:
        tab = browser.new_page(viewport={"width": 800, "height": 800}, has_touch=has_touch, is_mobile=has_touch)
        tab.goto(address)
        tab.locator("#view-document").click()
        parts = tab.locator(".part")
        expect(parts).to_have_count(5)
        tab.keyboard.press("Shift")  # the keyboard's rows are offered their tools
        for part in (parts.first, parts.last):
            row = part.locator(".row").last
            row.scroll_into_view_if_needed()
            row.focus()
            tools = row.locator(".tools")
            expect(tools).to_be_visible()
            shown, within = tools.bounding_box(), part.bounding_box()
            assert shown
            assert within
            assert shown["y"] + shown["height"] <= within["y"] + within["height"] + 0.5
        tab.close()


@pytest.mark.slow
def test_the_ribbon_is_named_by_a_question_as_it_was_asked(zoo_tab: Page) -> None:
    tab = zoo_tab
    question = "Does the zoo open for $$9, $& or $1?"
    ask(tab, question)
    tab.locator("#view-document").click()
    expect(tab.locator(".ribbon-title .fit")).to_have_text(f"Fit to: {question}")


@pytest.mark.slow
def test_a_document_that_cannot_be_fetched_is_said_to_be_so(browser: Browser, zoo: str) -> None:
    tab = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-TW")
    tab.goto(zoo)
    expect(tab.locator("#status")).to_be_hidden(timeout=SECONDS_30)
    tab.route("**/document/*", lambda route: route.abort())
    tab.locator("#view-document").click()
    expect(tab.locator("#unread")).to_contain_text("無法取得文件")
    tab.locator("#view-chat").click()
    tab.unroute("**/document/*")
    tab.locator("#view-document").click()
    expect(tab.locator("#document-0")).to_be_visible()
    expect(tab.locator("#unread")).to_be_hidden()
    tab.route("**/document/*", lambda route: route.abort())
    tab.locator("#choose").select_option("1")
    expect(tab.locator("#unread")).to_contain_text("無法取得文件")
    expect(tab.locator("#choose")).to_have_value("0")  # which is still shown
    tab.locator("#view-chat").click()
    show = ask(tab, "When does the farm open for visitors?").locator(".show").first
    show.evaluate("link => { link.hash = '#d1s0'; }")  # a sentence of the other document begins there, too
    show.click()
    expect(tab.locator("#unread")).to_contain_text("無法取得文件")
    expect(tab.locator(".row.lit")).to_have_count(0)
    tab.close()


@pytest.mark.slow
def test_a_link_to_a_document_that_is_not_there_leads_into_no_other(zoo_tab: Page, zoo: str) -> None:
    zoo_tab.goto("about:blank")
    zoo_tab.goto(f"{zoo}/#d9s0")
    expect(zoo_tab.locator("#unread")).to_have_text("There is no such document here.")
    expect(zoo_tab.locator(".row.lit")).to_have_count(0)


@pytest.mark.slow
def test_what_cannot_be_kept_to_be_asked_anew_is_not_lost(zoo_tab: Page) -> None:
    ask(zoo_tab, "When does the zoo open for visitors?")
    zoo_tab.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    zoo_tab.evaluate("window.here = true")
    zoo_tab.evaluate("""() => {
        const show = conversation.show;  // a page that shows more turns than the server knows
        conversation.show = (chat) => { const given = show(chat); given[1] += 1; return given; };
    }""")
    zoo_tab.locator("#question textarea").fill("and the farm?")
    zoo_tab.locator("#send").click()
    expect(zoo_tab.locator("#question textarea")).to_have_value("and the farm?", timeout=SECONDS_30)
    expect(zoo_tab.locator(ANSWER)).to_have_count(1)
    assert zoo_tab.evaluate("window.here")


@pytest.mark.slow
def test_a_link_that_is_opened_beside_leads_to_its_own_document(zoo_tab: Page) -> None:
    tab = zoo_tab
    show = ask(tab, "When does the farm open for visitors?").locator(".show").first
    links = [show.get_attribute("href")]
    show.click()
    lit = tab.locator("#document-1 .row.lit .original")
    expect(lit).to_have_text("The farm opens at six for visitors.")
    tab.locator(".cell").first.click()
    expect(lit).to_have_text("The farm")
    best = tab.locator(".cell[style*='--fit: 1']")
    best.click()
    expect(lit).to_have_text("The farm opens at six for visitors.")
    links.append(best.get_attribute("href"))
    for link in links:
        with tab.context.expect_page() as opened:
            tab.evaluate("link => open(link)", link)
        expect(opened.value.locator("#document-1 .row.lit .original")).to_have_text(
            "The farm opens at six for visitors."
        )
        opened.value.close()


@pytest.mark.slow
def test_the_keyboard_stays_in_the_list_of_documents(zoo_tab: Page) -> None:
    tab = zoo_tab
    tab.locator("#view-document").click()
    tab.locator("#choose").focus()
    for key, number in (("ArrowDown", 1), ("ArrowUp", 0)):
        tab.keyboard.press(key)
        expect(tab.locator(f"#document-{number}")).to_be_visible()
        expect(tab.locator("#choose")).to_be_focused()


@pytest.fixture
def unserved(monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """What `python app.py` says instead of serving."""

    def said() -> str:
        import app

        with pytest.raises(SystemExit) as end:
            app.main()
        return str(end.value)

    return said


def test_a_setting_that_is_wrong_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, unserved: Callable[[], str]
) -> None:
    monkeypatch.setenv("NANGUAN_PRT", "1")
    assert re.match(r"The setting NANGUAN_PRT is unknown\. .*NANGUAN_PORT.*$", unserved())


def test_a_port_that_is_taken_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch, unserved: Callable[[], str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("NANGUAN_PORT", str(port))
        assert f"port {port} of 127.0.0.1 (Address already in use). Set NANGUAN_PORT" in unserved()


def test_the_next_free_port_is_taken() -> None:
    with socket.socket() as taken:
        with suppress(OSError):  # somebody else's page may hold it already
            taken.bind(("127.0.0.1", 7860))
            taken.listen()
        with listening("127.0.0.1", None) as found:
            assert 7860 < found.getsockname()[1] < 7960


HOSTILE = '<i>x</i> & "q" `c` *b* _u_ [l](u) $m$ <!-- \x1b[31m \u202e'


def test_nothing_of_a_document_reaches_html_or_markdown() -> None:
    citation = Citation("d", HOSTILE, HOSTILE, 0, 3, HOSTILE, HOSTILE, HOSTILE, 1.0)
    given = Given("key", Answer(HOSTILE, True, HOSTILE, "en", 0.9, (citation,), ""), ())
    made = answer_html(given, 1, {"d": 0, "e": 1})
    inside = made.replace("<div", "").replace("<p>", "")
    for raw in ("<i>", "<!--", "`c`", "*b*", "_u_", "[l", "$m$", "\x1b", "\u202e"):
        assert raw not in inside
    assert escaped("就業 a-b") == "就業 a&#45;b"
