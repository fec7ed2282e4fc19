"""A browser for tests: Chromium as the system has it, driven by Playwright."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser; the test is skipped, with the reason, where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (pip install '.[test]')")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])  # root has no sandbox
        yield browser
        browser.close()


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_selector("html[data-ready]")
    return page


def found(page: Page) -> int:
    """How many edits the filter lets through."""
    page.wait_for_timeout(200)  # it waits for the typing to end
    return int(page.locator("output[name=found]").inner_text().split()[0].replace(",", ""))


def verdicts(page: Page) -> list[str]:
    return [text for text in page.locator(".note .verdict").all_inner_texts() if text]


def selected(page: Page) -> str:
    return page.locator(".note.current .what").inner_text()


def until(holds: Callable[[], bool]) -> None:
    """Waits for it; what waits inside the page is stopped by the page's Content-Security-Policy."""
    for _ in range(100):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to pass in ten seconds")
