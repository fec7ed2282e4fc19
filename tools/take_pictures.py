"""The pictures of the manual: the report and the review of the samples, as Chromium shows them.

    python tools/take_pictures.py [--output docs/images]

Needs the extras `review`, `test` (Playwright) and `tools` (Pillow) and a Chromium with Chinese fonts (Debian: chromium, fonts-noto-cjk). The review shows
some edits decided.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "scans"
SIZE = {"width": 1240, "height": 760}

KEYS = "jajajrjjj"
"""What is pressed in the review: on to an edit, accepted; the next, accepted; the next, rejected; and three further."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--output", type=Path, default=Path("docs/images"))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        out = Path(folder) / "out"
        subprocess.run([sys.executable, "-m", "cleaner", "run", SAMPLES, "-o", out, "--quiet"], check=True)
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        picture(browser, (out / "report.html").as_uri(), "light", args.output / "report-light.png")
        with served(out) as address:
            for scheme in ("light", "dark"):
                picture(browser, address, scheme, args.output / f"review-{scheme}.png", keys=KEYS)


@contextmanager
def served(out: Path) -> Iterator[str]:
    """The address of a review, while it runs."""
    command = [sys.executable, "-m", "cleaner", "review", str(out), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().split()[2]
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate()


def picture(browser: Browser, address: str, scheme: str, path: Path, keys: str = "") -> None:
    """Writes what a page looks like, in light or dark colours, once some keys were pressed on it."""
    context = browser.new_context(viewport=SIZE, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(300)
    page.wait_for_timeout(500)
    Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(128).save(path, optimize=True)
    context.close()


if __name__ == "__main__":
    main()
