"""Limits, login and policy as a reader meets them, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.fuzzing import toy_index
from tests.test_mcp_server import served
from tests.toy_page import toy_service

PASSWORD = "penguins at noon"  # pragma: allowlist secret
QUESTION = "what is planned for housing?"


@pytest.mark.slow
def test_a_refusal_is_said_on_the_page_in_its_language(browser: Browser) -> None:
    with served(toy_service(toy_index(), rate=2).app) as address:
        tab = browser.new_page(locale="en-GB")
        tab.goto(address)
        tab.locator("#language-zh-Hant").click()
        for _ in range(3):
            tab.locator("#question textarea").fill(QUESTION)
            with tab.expect_response("**/gradio_api/queue/join*"):
                tab.locator("#question textarea").press("Enter")
            expect(tab.locator("body")).not_to_have_class(re.compile("asking"), timeout=20_000)
        expect(tab.locator("body")).to_contain_text("您這邊的請求太多了", timeout=10_000)
        expect(tab.locator("#question textarea")).to_have_value(QUESTION)  # and nothing is lost
        answered = tab.locator("#chat [data-testid=bot]").count()
        expect(tab.locator("#chat [data-testid=user]")).to_have_count(
            answered
        )  # as the one refused is in the box again
        tab.close()


@pytest.mark.slow
def test_a_reader_logs_in_and_asks_and_scripts_that_are_put_in_do_not_run(browser: Browser) -> None:
    with served(toy_service(toy_index(), user="zoo", password=PASSWORD).app) as address:
        tab = browser.new_page()
        tab.goto(address)
        tab.get_by_label("username").fill("zoo")
        tab.get_by_label("password").fill("wrong one")
        tab.get_by_role("button", name="Login").click()
        expect(tab.locator("body")).to_contain_text("Incorrect")
        tab.get_by_label("username").fill("zoo")  # Gradio empties both
        tab.get_by_label("password").fill(PASSWORD)
        tab.get_by_role("button", name="Login").click()
        tab.locator("#question textarea").fill(QUESTION)
        tab.locator("#question textarea").press("Enter")
        expect(tab.locator("#chat .answer .said").first).to_be_visible(timeout=20_000)
        refused: list[str] = []
        tab.on("console", lambda message: refused.append(message.text))
        tab.evaluate("""() => {
            const place = document.createElement("div");
            place.innerHTML = '<img src="data:," onerror="window.owned = 1"><iframe src="http://127.0.0.1:9/"></iframe>';
            document.body.append(place);
            const script = document.createElement("script");
            script.textContent = "window.owned = 2";
            document.body.append(script);
            const far = document.createElement("img");
            far.src = "http://127.0.0.1:9/far.png";
            document.body.append(far);
        }""")
        tab.wait_for_timeout(500)
        assert tab.evaluate("window.owned") is None
        assert sum("Content Security Policy" in line for line in refused) >= 4
        tab.close()


@pytest.mark.slow
@pytest.mark.parametrize("by", ["asking", "reading"])
def test_what_was_asked_is_asked_anew_once_the_reader_has_logged_in_again(browser: Browser, by: str) -> None:
    tab = browser.new_page()
    asked = tab.locator("#chat [data-testid=user]")

    def log_in() -> None:
        tab.get_by_label("username").fill("zoo")
        tab.get_by_label("password").fill(PASSWORD)
        tab.get_by_role("button", name="Login").click()

    def ask(question: str) -> None:
        tab.locator("#question textarea").fill(question)
        tab.locator("#question textarea").press("Enter")

    with served(toy_service(toy_index(), user="zoo", password=PASSWORD).app) as address:
        tab.goto(address)
        log_in()
        ask(QUESTION)
        expect(tab.locator("#chat .actions")).to_have_count(1, timeout=20_000)
    again = toy_service(toy_index(), user="zoo", password=PASSWORD).app
    with served(again, int(address.rpartition(":")[2])):
        if by == "asking":
            ask("and for schools?")
        else:
            tab.locator("#question textarea").fill("and for schools?")
            tab.locator("#view-document").click()
        log_in()
        if by == "reading":
            expect(tab.locator(".document")).to_be_visible()
            tab.locator("#view-chat").click()
            tab.locator("#question textarea").press("Enter")
        expect(tab.locator("#chat .actions")).to_have_count(2, timeout=20_000)
        expect(asked).to_have_text([QUESTION, "and for schools?"])
        tab.close()
