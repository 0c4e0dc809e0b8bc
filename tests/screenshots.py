"""Takes the README's screenshots: python -m tests.screenshots"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests import chromium
from tests.serving import ROOT, served_page, wait_until_ready

QUESTIONS = {"desktop": "what does Nanguan plan for employment?", "phone": "南關區怎樣促進就業?"}
PICTURES = {"desktop": (1440, 860, "light"), "phone": (390, 844, "dark")}


def main() -> None:
    browser_file = chromium.find() or chromium.install()
    if browser_file is None:
        sys.exit("No Chromium could be had.")
    folder = ROOT / "docs"
    folder.mkdir(exist_ok=True)
    log = Path(tempfile.mkdtemp()) / "log"
    with served_page(log) as address, sync_playwright() as playwright:
        wait_until_ready(address)
        browser = playwright.chromium.launch(executable_path=str(browser_file), args=chromium.ARGUMENTS)
        for name, (width, height, scheme) in PICTURES.items():
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                device_scale_factor=1.5,
                locale="en-GB" if name == "desktop" else "zh-TW",
            )
            tab = context.new_page()
            tab.goto(address)
            tab.locator("#question textarea").fill(QUESTIONS[name])
            tab.locator("#question textarea").press("Enter")
            expect(tab.locator("#chat .answer .actions")).to_be_visible(timeout=30_000)
            if name == "desktop":
                expect(tab.locator(".row.cited")).to_be_in_viewport()
            tab.wait_for_timeout(800)
            tab.screenshot(path=folder / f"{name}.png")
            sys.stdout.write(f"wrote docs/{name}.png\n")
        browser.close()


if __name__ == "__main__":
    main()
