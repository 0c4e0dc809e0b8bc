"""The chat page in a real browser."""

from __future__ import annotations

import os
import socket
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from index import Answer, Index
from index.documents import Citation
from page.render import answer_html, escaped
from page.texts import ARTICLE
from tests import chromium
from tests.serving import served_page

ANSWER = "#chat .answer"
SECONDS_30 = 30_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = chromium.find()
    if found is None:
        message = "no Chromium on this machine; run: python -m tests.chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        warnings.warn(message, stacklevel=1)
        pytest.skip(message)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(found), args=chromium.ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_page(tmp_path_factory.mktemp("page") / "log") as at:
        yield at


@pytest.fixture(params=[(1280, 800), (390, 844)], ids=["desktop", "phone"])
def tab(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page, open; closing checks that the console stayed clean and no request left this machine."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    opened = context.new_page()
    complaints: list[str] = []
    requests: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda request: requests.append(request.url))
    opened.goto(address)
    expect(opened.locator("#question textarea")).to_be_visible(timeout=SECONDS_30)
    yield opened
    context.close()
    assert not complaints
    assert not [url for url in requests if not url.startswith((address, "data:", "blob:"))]


def ask(tab: Page, question: str) -> None:
    tab.locator("#question textarea").fill(question)
    tab.locator("#question textarea").press("Enter")


@pytest.mark.slow
def test_the_model_question_is_answered_with_its_sources(tab: Page) -> None:
    ask(tab, "what does Nanguan plan for employment?")
    answer = tab.locator(ANSWER).last
    expect(answer).to_contain_text("employment-first strategy", timeout=SECONDS_30)
    expect(answer.locator(".marker").first).to_have_text("[1]")
    source = tab.locator("#chat .source").first
    expect(source).to_contain_text("落實就業優先戰略")
    expect(source).to_contain_text("English rendering by this project, not the publisher's")
    expect(tab.locator("#question textarea")).to_have_value("")
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.slow
def test_a_marker_leads_to_its_source(tab: Page) -> None:
    ask(tab, "what does Nanguan plan for employment?")
    marker = tab.locator(f"{ANSWER} .marker").last
    expect(marker).to_be_visible(timeout=SECONDS_30)
    marker.click()
    expect(tab.locator("#chat .source:target")).to_be_in_viewport()


@pytest.mark.slow
def test_chinese_is_answered_in_its_script_and_follow_ups_are_understood(tab: Page) -> None:
    ask(tab, "南关区对就业有什么计划?")
    expect(tab.locator(ANSWER).last).to_contain_text("落实就业优先战略", timeout=SECONDS_30)
    ask(tab, "那住房呢?")
    expect(tab.locator(ANSWER)).to_have_count(2, timeout=SECONDS_30)
    expect(tab.locator(ANSWER).last).to_contain_text("增强住房保障能力")


@pytest.mark.slow
def test_an_example_is_answered_when_clicked(tab: Page) -> None:
    tab.get_by_text("what does Nanguan plan for employment?").first.click()
    expect(tab.locator(ANSWER).last).to_contain_text("employment-first strategy", timeout=SECONDS_30)


@pytest.mark.slow
def test_what_is_no_question_gets_one_sentence_and_nothing_is_lost(tab: Page) -> None:
    ask(tab, "?!")
    expect(tab.locator(ANSWER).last).to_contain_text("holds no words", timeout=SECONDS_30)
    ask(tab, "what does Nanguan plan for employment?")
    expect(tab.locator(ANSWER).last).to_contain_text("employment-first strategy", timeout=SECONDS_30)


@pytest.mark.slow
def test_markup_in_a_question_is_only_text(tab: Page) -> None:
    attack = "<img src=x onerror=\"document.title='owned'\"> **employment** [a](http://example.org) plan?"
    ask(tab, attack)
    expect(tab.locator(ANSWER).last).to_be_visible(timeout=SECONDS_30)
    expect(tab.locator("#chat")).to_contain_text(attack)
    assert tab.title() != "owned"
    assert tab.locator("#chat img[src='x']").count() == 0


@pytest.mark.slow
def test_markup_in_a_document_is_only_text(browser: Browser, tmp_path: Path) -> None:
    attack = "Penguins are fed <b onclick=alert(1)>fish</b> & *squid* <script>document.title='owned'</script> at noon."
    (tmp_path / "zoo.txt").write_text(attack + "\nThe zoo opens at nine.", "utf-8")
    environment = {"NANGUAN_CORPUS": str(tmp_path), "NANGUAN_CACHE": str(tmp_path / "cache")}
    with served_page(tmp_path / "log", **environment) as address:
        tab = browser.new_page()
        tab.goto(address)
        expect(tab.locator("#masthead h1")).to_have_text("Ask your documents")
        ask(tab, "When are penguins fed fish and squid?")
        expect(tab.locator(ANSWER).last).to_contain_text(attack, timeout=SECONDS_30)
        assert tab.title() != "owned"
        tab.close()


@pytest.mark.slow
def test_a_setting_that_is_wrong_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="NANGUAN_PRT is unknown"), served_page(tmp_path / "log", NANGUAN_PRT="1"):
        pass


@pytest.mark.slow
def test_a_port_that_is_taken_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        says = f"port {port} of 127.0.0.1. Set NANGUAN_PORT"
        with pytest.raises(RuntimeError, match=says), served_page(tmp_path / "log", NANGUAN_PORT=port):
            pass


@pytest.mark.slow
def test_the_next_free_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        with suppress(OSError):  # somebody else's page may hold it already
            taken.bind(("127.0.0.1", 7860))
            taken.listen()
        with served_page(tmp_path / "log", NANGUAN_PORT="") as address:
            assert 7860 < int(address.rsplit(":", 1)[1]) < 7960


def test_every_question_that_the_page_offers_is_answered(nanguan: Index) -> None:
    assert [question for question in ARTICLE.examples if not nanguan.ask(question).answered] == []


HOSTILE = '<i>x</i> & "q" `c` *b* _u_ [l](u) $m$ <!-- \x1b[31m \u202e'


def test_nothing_of_a_document_reaches_html_or_markdown() -> None:
    citation = Citation("d", HOSTILE, HOSTILE, 0, 3, HOSTILE, HOSTILE, HOSTILE, 1.0)
    made = answer_html(Answer(HOSTILE, True, HOSTILE, "en", 0.9, (citation,), ""), 1)
    inside = made.replace("<div", "").replace("<p>", "")
    for raw in ("<i>", "<!--", "`c`", "*b*", "_u_", "[l]", "$m$", "\x1b", "\u202e"):
        assert raw not in inside
    assert escaped("就業 a-b") == "就業 a&#45;b"
