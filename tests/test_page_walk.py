"""The conversation, whatever its reader does in whatever order: walks over the page beside a list of what was asked."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from playwright.sync_api import Browser, Page, expect

from tests.fuzzing import toy_index
from tests.test_mcp_server import served
from tests.toy_page import toy_service

WALKS, STEPS = 3, 40
LATE = "requestAnimationFrame = (draw) => setTimeout(draw, 300)"  # a busy machine draws late
QUESTIONS = st.sampled_from(
    ["what is planned for housing?", "and for schools?", "那教育呢?", "?!", "a & <b>b</b> *c* ![d](e)?", "是什麼時候?"]
)
PLACES = st.integers(0, 9)  # of what is there, counted round


class Walk(RuleBasedStateMachine):
    """What the page holds is what was asked: one answer to each question, and the one that is edited in a box."""

    def __init__(self, tab: Page, address: str, late: bool) -> None:
        super().__init__()
        tab.goto(address)
        expect(tab.locator("#language-en[aria-pressed]")).to_be_visible(timeout=20_000)
        if late:
            tab.evaluate(LATE)
        self.tab = tab
        self.box = tab.locator("#question textarea")
        self.area = tab.locator("#chat .edit-textarea")
        self.asked: list[str] = []
        self.edited: int | None = None

    @rule(questions=st.lists(QUESTIONS, min_size=1, max_size=2))
    def ask(self, questions: list[str]) -> None:
        for question in questions:
            self.box.fill(question)
            self.box.press("Enter")
        self.asked += questions

    @precondition(lambda self: self.asked and self.edited is None)
    @rule(place=PLACES)
    def edit(self, place: int) -> None:
        self.edited = place % len(self.asked)
        self.tab.locator("[data-name=edit]").nth(self.edited).focus()
        self.tab.keyboard.press("Enter")
        expect(self.area).to_have_value(self.asked[self.edited])

    @precondition(lambda self: self.edited is not None)
    @rule(question=QUESTIONS)
    def submit(self, question: str) -> None:
        self.area.fill(question)
        self.area.press("Enter")
        self.asked[self.edited :] = [question]
        self.edited = None

    @precondition(lambda self: self.edited is not None)
    @rule(question=QUESTIONS)
    def cancel(self, question: str) -> None:
        self.area.fill(question)
        self.area.press("Escape")
        self.edited = None

    @precondition(lambda self: self.asked)
    @rule()
    def take_back(self) -> None:
        self.tab.locator("[data-name=undo]").click()
        taken = self.asked.pop()
        expect(self.box).to_have_value(taken)
        self.box.fill("")
        if self.edited == len(self.asked):
            self.edited = None

    @precondition(lambda self: self.asked)
    @rule()
    def ask_again(self) -> None:
        self.tab.locator("[data-name=retry]").click()

    @precondition(lambda self: self.asked)
    @rule(meanwhile=st.none() | QUESTIONS)
    def begin_anew(self, meanwhile: str | None) -> None:
        if meanwhile:
            self.box.fill(meanwhile)
            self.box.press("Enter")
        self.tab.locator("#fresh").click()
        self.asked, self.edited = [], None

    @rule(language=st.sampled_from(["en", "zh-Hant", "zh-Hans"]))
    def speak(self, language: str) -> None:
        self.tab.locator(f"#language-{language}").click()

    @rule(back=st.sampled_from(["#view-chat", "Escape", "back"]))
    def look_at_the_document(self, back: str) -> None:
        self.tab.locator("#view-document").click()
        expect(self.tab.locator(".document")).to_be_visible()
        if back == "back":
            self.tab.go_back()
        elif back == "Escape":
            self.tab.keyboard.press("Escape")
        else:
            self.tab.locator(back).click()
        expect(self.box).to_be_visible()

    @invariant()
    def holds(self) -> None:
        expect(self.tab.locator("body")).not_to_have_class(re.compile("asking"), timeout=20_000)
        shown = [question for place, question in enumerate(self.asked) if place != self.edited]
        expect(self.tab.locator("#chat [data-testid=user]")).to_have_text(shown)
        expect(self.tab.locator("#chat [data-testid=bot]")).to_have_count(len(self.asked))
        expect(self.tab.locator("[data-name=edit]")).to_have_count(len(shown))
        expect(self.area).to_have_count(0 if self.edited is None else 1)
        expect(self.tab.locator("#waiting li")).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize("late", [False, True])
def test_the_page_holds_what_was_asked_whatever_is_done(browser: Browser, late: bool) -> None:
    complaints: list[str] = []
    with served(toy_service(toy_index(), rate=1000).app) as address:
        tab = browser.new_page(reduced_motion="reduce")
        tab.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        run_state_machine_as_test(
            lambda: Walk(tab, address, late),  # type: ignore[arg-type]  # any factory will do
            settings=settings(
                max_examples=WALKS,
                stateful_step_count=STEPS,
                derandomize=True,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
        tab.close()
    assert not complaints
