"""A collection that was cleaned, and decisions about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cleaner.batch.folder import OutFolder
from cleaner.batch.run import run
from cleaner.batch.summary import Summary
from cleaner.decisions.decision import Decision, Verdict, about
from cleaner.files.find import find
from cleaner.ledger.ledger import Ledger
from cleaner.settings import Settings
from tests.review.browser import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


PAGES = {
    "a.txt": "随着文创公司的人驻,村里热闹起来。\n\n随着书店的人驻,孩子们有了去处。\n他说\"好\"。\n",
    "b.md": "新区迎来十家公司人驻,大家都很高兴。\n",
    "c.txt": "这一页没有什么要改的。\n",
}  # fmt: skip

Decide = Callable[..., Decision]


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    folder.mkdir()
    for name, text in PAGES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def cleaned(scans: Path, tmp_path: Path) -> Callable[[], Summary]:
    """Runs the chain over the pages into OUT, as often as it is called."""
    return lambda: run(find([scans]).documents, OutFolder(tmp_path / "out"), Settings())


@pytest.fixture
def out(tmp_path: Path, cleaned: Callable[[], Summary]) -> OutFolder:
    """The folder of a run over the pages."""
    cleaned()
    return OutFolder(tmp_path / "out")


@pytest.fixture
def decide(out: OutFolder) -> Decide:
    """Takes a decision about the nth edit of a document that makes this change, and gives it."""

    def taken(document: str, before: str, verdict: Verdict, nth: int = 0, **more: Any) -> Decision:
        with Ledger.deciding(out.ledger) as ledger:
            edit = [e for e in ledger.edits(document) if e["before"] == before][nth]
            decision = about(edit, ledger.text(document), verdict, **{"who": "林", **more})
            ledger.add_decisions([decision.as_line()])
        return decision

    return taken


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that may not fail: errors of its script, refused resources and requests to elsewhere end the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    found = context.new_page()
    faults: list[str] = []
    found.on("pageerror", lambda error: faults.append(str(error)))
    found.on(
        "response", lambda answer: faults.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
    )
    found.on("request", lambda request: None if _is_local(request.url) else faults.append(request.url))
    yield found
    context.close()
    assert faults == []


def _is_local(url: str) -> bool:
    return url.startswith(("file:", "blob:", "http://127.0.0.1:"))
