"""How soon the chat page answers in a real browser: from pressing Enter until an answer's first characters are painted.

    python benchmarks/page_speed.py [--rounds N]

Serves the page as `python app.py` does, warms it with a few questions, then asks others, each new to it, and prints
the median and the 95th percentile, in milliseconds, until the question has been sent, the server's first word has come,
the answer's first characters are painted, and the whole answer is there. Run it on an idle machine.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, expect, sync_playwright

from index.evaluation import read_cases
from tests import chromium
from tests.serving import served_page, wait_until_ready

CASES = Path(__file__).with_name("nanguan_fit.jsonl")
WARMING = 3  # questions that are not counted
TURNS = 6  # questions of one conversation, as people have them
# Marks, on the page's own clock, when Enter is pressed, when the answer to it is painted, and when it is whole.
STOPWATCH = """
(() => {
  const marks = window.marks = {};
  const answers = () => document.querySelectorAll("#chat .answer .lead").length;
  const painted = (name) => requestAnimationFrame(() => setTimeout(() => { marks[name] ??= performance.now(); }));
  let before = 0;
  addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    performance.clearResourceTimings();
    for (const name of Object.keys(marks)) delete marks[name];
    before = answers();
    marks.pressed = event.timeStamp;
    marks.asking = true;
  }, true);
  new MutationObserver(() => {
    if (!marks.asking || answers() <= before) return;
    painted("first");
    if (document.querySelectorAll("#chat .answer .actions").length > before) {
      painted("whole");
      marks.asking = false;
    }
  }).observe(document, { childList: true, subtree: true });
})();
"""
READING = """
() => {
  const entries = performance.getEntriesByType("resource");
  const one = (part) => entries.find((entry) => entry.name.includes(part));
  const since = (time) => time === undefined ? null : time - marks.pressed;
  return {
    sent: since(one("queue/join")?.responseEnd),
    heard: since(one("queue/data")?.responseStart),
    first: since(marks.first),
    whole: since(marks.whole),
  };
}
"""
NAMES = {
    "sent": "the question is taken",
    "heard": "the server's first word",
    "first": "first characters painted",
    "whole": "whole answer painted",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=60, help="questions that are counted")
    arguments = parser.parse_args()
    file = chromium.find() or sys.exit("No Chromium on this machine; run: python -m tests.chromium")
    alone = [case.question for case in read_cases(CASES) if case.kind == "answerable" and not case.history]
    step = max(1, len(alone) // (arguments.rounds + WARMING))
    questions = alone[::step][: arguments.rounds + WARMING]
    with served_page(Path(tempfile.mkdtemp()) / "log") as address, sync_playwright() as playwright:
        wait_until_ready(address)
        browser = playwright.chromium.launch(executable_path=str(file), args=chromium.ARGUMENTS)
        readings = measured(browser.new_page(viewport={"width": 1280, "height": 800}), address, questions)[WARMING:]
        browser.close()
    print(f"{len(readings)} questions, milliseconds from Enter     p50    p95")
    for name, said in NAMES.items():
        times = [reading[name] for reading in readings if reading.get(name) is not None]
        if times:
            print(f"{said:40} {statistics.median(times):7.0f}{statistics.quantiles(times, n=20)[-1]:7.0f}")


def measured(tab: Page, address: str, questions: list[str]) -> list[dict[str, float]]:
    """What the stopwatch read for each question."""
    tab.add_init_script(STOPWATCH)
    readings = []
    for place, question in enumerate(questions):
        if place % TURNS == 0:
            tab.goto(address)
            expect(tab.locator("#language-en[aria-pressed]")).to_be_visible(timeout=60_000)
            expect(tab.locator("#status")).to_be_hidden(timeout=60_000)
        tab.locator("#question textarea").fill(question)
        tab.wait_for_timeout(250)  # people pause before they press Enter
        tab.locator("#question textarea").press("Enter")
        tab.wait_for_function("() => marks.whole", timeout=60_000)
        readings.append(tab.evaluate(READING))
    return readings


if __name__ == "__main__":
    main()
