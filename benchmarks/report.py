"""How long a report with 50,000 edits takes to be written, to open in a browser, to filter, and to scroll.

    python benchmarks/report.py [--edits 50000] [--text FILE]

The text is that of the samples, or of FILE, cleaned over and over until there are so many edits. Needs Playwright and a
Chromium (`pip install '.[test]'`, `apt-get install chromium`). Times are seconds.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from cleaner.batch.folder import OutFolder
from cleaner.batch.run import run
from cleaner.files.find import find
from cleaner.settings import Settings

SAMPLES = sorted((Path(__file__).parents[1] / "samples" / "scans").glob("*.txt"))

SCROLL = """async () => {
    // Twenty windows down, one a frame, as a person who flings the page; how long the frames took.
    const frames = [];
    let last = performance.now();
    for (let n = 0; n < 60; n++) {
        scrollBy(0, innerHeight / 3);
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        frames.push(now - last);
        last = now;
    }
    return frames.sort((a, b) => a - b);
}"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--edits", type=int, default=50_000)
    arguments.add_argument("--text", type=Path, action="append")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = collection(Path(folder), given.text or SAMPLES, given.edits)
        size = out.report.stat().st_size
        print(f"report.html               {size / 1e6:7.1f} MB")
        with sync_playwright() as playwright:
            chromium = shutil.which("chromium") or shutil.which("chromium-browser")
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            measure(browser.new_page(viewport={"width": 1280, "height": 900}), out.report)
            browser.close()


def collection(folder: Path, texts: list[Path], edits: int) -> OutFolder:
    """A run over copies of the texts that has so many edits at least."""
    scans, out = folder / "scans", OutFolder(folder / "out")
    scans.mkdir()
    number, copies = 0, 1
    while number < edits:
        for copy in range(copies):
            for path in texts:
                shutil.copy(path, scans / f"{path.stem}-{copy:04}.txt")
        start = time.perf_counter()
        number = run(find([scans]).documents, out, Settings(), jobs=1).edits.total()
        took = time.perf_counter() - start
        copies = max(copies + 1, copies * edits // max(number, 1) + 1)
    print(f"edits                     {number:7,}")
    print(f"last run, with its report {took:7.2f} s")
    return out


def measure(page: Page, report: Path) -> None:
    start = time.perf_counter()
    page.goto(report.as_uri())
    page.wait_for_selector("html[data-ready] .document")
    print(f"opened, ready to use      {time.perf_counter() - start:7.2f} s")
    timing = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd / 1000")
    print(f"  of which until loaded   {timing:7.2f} s")
    page.evaluate("document.getElementById('documents').scrollIntoView()")
    frames = page.evaluate(SCROLL)
    print(
        f"a frame while scrolling   {frames[len(frames) // 2] / 1000:7.3f} s (median), {frames[-1] / 1000:.3f} s (slowest)"
    )
    for what, act in (
        ("filter by text", lambda: page.locator("input[name=text]").fill("会议")),
        (
            "one edit decided",
            lambda: page.keyboard.press("Escape") or page.keyboard.press("j") or page.keyboard.press("a"),
        ),
    ):
        before = page.locator("output[name=found]").inner_text() + page.locator("#done").inner_text()
        start = time.perf_counter()
        act()
        page.wait_for_function(
            "(before) => document.querySelector('output[name=found]').innerText + document.getElementById('done').innerText !== before",
            arg=before,
        )
        print(f"{what:25} {time.perf_counter() - start:7.2f} s")
    print(f"memory of the page        {page.evaluate('performance.memory.usedJSHeapSize') / 1e6:7.1f} MB")


if __name__ == "__main__":
    main()
