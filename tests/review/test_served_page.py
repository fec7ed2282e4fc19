"""The review in a browser: decided, killed, started again, applied."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from cleaner.batch.folder import OutFolder
from cleaner.decisions.decision import about
from cleaner.ledger.ledger import Ledger
from tests.review.browser import found, opened, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


class Serving:
    """`cleaner review` as a process of its own, which can be killed and started again."""

    def __init__(self, out: OutFolder) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._out = out
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> str:
        """Starts it; gives its address."""
        command = [sys.executable, "-m", "cleaner", "review", str(self._out.top), "--no-browser", "--as", "林"]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self._process = subprocess.Popen(
            [*command, "--port", str(self.port)], stdout=subprocess.PIPE, text=True, env=environment
        )
        assert self._process.stdout
        address = self._process.stdout.readline().split()[2]
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.1)
        return address

    def interrupt(self) -> str:
        """Ends it by Ctrl-C; gives what it says."""
        assert self._process
        self._process.send_signal(signal.SIGINT)
        told, _ = self._process.communicate(timeout=20)
        assert self._process.returncode == 0
        self._process = None
        return told

    def kill(self) -> None:
        """Ends it as a power cut would."""
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            if self._process.stdout:
                self._process.stdout.close()
            self._process = None


@pytest.fixture
def serving(out: OutFolder) -> Iterator[Serving]:
    made = Serving(out)
    yield made
    made.kill()


def kept(out: OutFolder) -> list[str]:
    with Ledger.open(out.ledger) as ledger:
        return [json.loads(line)["verdict"] for line in ledger.decisions()]


def test_a_review_from_the_first_key_to_the_clean_files(serving: Serving, out: OutFolder, page: Page) -> None:
    first = opened(page, serving.start())
    first.keyboard.press("j")
    first.keyboard.press("r")
    until(lambda: kept(out) == ["reject"])
    first.reload()
    first.wait_for_selector(".verdict.reject")

    second = page.context.new_page()  # another tab decides too, and both see it
    opened(second, first.url)
    second.keyboard.press("j")
    second.keyboard.press("j")
    second.keyboard.press("a")
    until(lambda: kept(out) == ["reject", "accept"])
    first.wait_for_selector(".verdict.accept")
    second.close()

    second = opened(page.context.new_page(), first.url)
    serving.kill()  # what is decided while the server is gone waits in the pages
    second.keyboard.press("j")
    second.keyboard.press("r")
    second.wait_for_selector("#status.problem")
    first.keyboard.press("j")
    first.keyboard.press("j")
    first.keyboard.press("j")
    first.keyboard.press("r")
    first.wait_for_selector("#status.problem")
    assert "1 not saved yet" in first.locator("#status").inner_text()
    assert kept(out) == ["reject", "accept"]
    for tab in (first, second):
        tab.on("dialog", lambda dialog: dialog.accept())  # "leave the page?"
        tab.goto("about:blank")
    second.close()
    opened(first, serving.start())
    until(lambda: kept(out) == ["reject", "accept", "reject", "reject"])
    until(lambda: first.locator("#status").inner_text() == "all saved")

    before = (out.clean / "a.txt").read_text(encoding="utf-8")
    first.locator("#apply").click()
    first.wait_for_selector(".badge.rejected >> nth=1")
    after = (out.clean / "a.txt").read_text(encoding="utf-8")
    assert before.startswith("随着文创公司的入驻，村里热闹起来。")
    assert after.startswith("随着文创公司的人驻，村里热闹起来。\n\n随着书店的人驻，")
    assert (out.clean / "b.md").read_text(encoding="utf-8").startswith("新区迎来十家公司入驻，")
    assert [name for name in os.listdir(out.top) if name.startswith("ledger")] == ["ledger.db"]


def test_what_applying_did_is_told_and_the_place_is_kept(serving: Serving, out: OutFolder, page: Page) -> None:
    opened(page, serving.start())
    page.keyboard.press("/")
    page.keyboard.type("人")
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.locator("select[name=pass]").select_option("misreads")
    place = page.locator(".note.current").get_attribute("id")
    page.keyboard.press("p")
    page.keyboard.press("Escape")
    assert page.locator("#told").is_hidden()
    page.keyboard.press("p")
    page.keyboard.press("Enter")
    page.locator("#told li").first.wait_for()
    assert page.locator("#told li").all_inner_texts() == ["1 written again, 2 without new decisions"]
    page.wait_for_selector(".badge.rejected >> nth=1")
    assert page.locator("input[name=text]").input_value() == "人"
    assert page.locator("select[name=pass]").input_value() == "misreads"
    assert page.locator("input[name=band]:checked").count() == 2
    assert found(page) == 3
    assert page.locator(".note.current").get_attribute("id") == place
    page.reload()  # it stays until it was read
    assert page.locator("#told").is_visible()
    page.get_by_role("button", name="Dismiss").click()
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.locator("#told").is_hidden()


def test_a_tab_of_a_review_that_was_started_again_says_so(serving: Serving, out: OutFolder, browser: Browser) -> None:
    context = browser.new_context()
    old = opened(context.new_page(), serving.start())
    serving.kill()
    address = serving.start()
    old.keyboard.press("j")
    old.keyboard.press("r")
    old.wait_for_selector("#status.problem")
    told = old.locator("#status").inner_text()
    assert told.startswith("1 not saved yet: the review was restarted or ended; open the address that")
    opened(context.new_page(), address)
    until(lambda: kept(out) == ["reject"])
    until(lambda: old.locator("#status").inner_text().startswith("the review was restarted"))
    context.close()


def test_what_a_closed_tab_left_is_sent_and_a_broken_decision_holds_up_nothing(
    serving: Serving, out: OutFolder, browser: Browser
) -> None:
    page = opened(browser.new_page(), serving.start())
    with Ledger.open(out.ledger) as ledger:
        edits = list(ledger.edits("a.txt"))[:2]
        good = [json.loads(about(edit, ledger.text("a.txt"), "reject").as_line()) for edit in edits]
    left = [good[0], {"verdict": "maybe", "at": "2026-01-01"}, good[1]]
    name = json.loads(page.locator("#data").inner_text())["run"]
    page.evaluate(
        "([key, left]) => localStorage.setItem(key, JSON.stringify(left))", [f"cleaner:{name}:waiting:x", left]
    )
    page.reload()
    until(lambda: kept(out) == ["reject", "reject"])
    until(lambda: page.locator("#status").inner_text() == "all saved")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('waiting'))") == []
    page.close()


def test_a_narrow_window_does_not_scroll_sideways(serving: Serving, page: Page) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    opened(page, serving.start())
    page.locator(".series .opener").first.click()
    for key in "jRjrjo":
        page.keyboard.press(key)
    page.locator("#standing li").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    page.locator("#apply").click()
    page.locator("#told li").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    assert (
        page.evaluate(
            "new Set([...document.querySelectorAll('.histogram .column')].map((n) => n.getBoundingClientRect().bottom)).size"
        )
        == 1
    )
    assert page.evaluate("[...document.querySelectorAll('.wide')].every((n) => n.getBoundingClientRect().right <= 400)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_fault_of_accessibility(browser: Browser, serving: Serving, out: OutFolder, scheme: Any) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed (pip install '.[test]')"
    )
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900}, bypass_csp=True)
    for address in (out.report.as_uri(), serving.start()):
        page = opened(context.new_page(), address)
        page.locator(".series .opener").first.click()
        for key in "jojrja?":
            page.keyboard.press(key)
        assert serious_faults(axe.Axe(), page) == []
        page.keyboard.press("Escape")
        assert serious_faults(axe.Axe(), page) == []
    context.close()


def serious_faults(axe: Any, page: Page) -> list[tuple[str, str]]:
    """What axe-core finds that keeps people out, and where."""
    return [
        (violation["id"], node["html"])
        for violation in axe.run(page).response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def test_the_end_of_a_review_is_told(serving: Serving) -> None:
    serving.start()
    assert "every decision is kept" in serving.interrupt()
