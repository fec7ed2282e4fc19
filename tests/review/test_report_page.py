"""The report in a browser, opened as a file: walked, filtered, decided, saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cleaner.batch.apply import apply
from cleaner.batch.folder import OutFolder
from cleaner.batch.run import run
from cleaner.decisions import exchange
from cleaner.files.find import find
from cleaner.ledger.ledger import Ledger
from cleaner.settings import Settings
from tests.review.browser import found, opened, selected, until, verdicts

if TYPE_CHECKING:
    from playwright.sync_api import Page

MARKUP = "公司的人驻,</script><script>window.harmed = 1</script><img src=x onerror='window.harmed = 1'>办好了.\n"


@pytest.fixture
def report(out: OutFolder, page: Page) -> Page:
    return opened(page, out.report.as_uri())


def test_filters(report: Page, out: OutFolder) -> None:
    with Ledger.open(out.ledger) as ledger:
        edits = list(ledger.edits())
    assert found(report) == len(edits)
    report.locator("select[name=pass]").select_option("misreads")
    assert found(report) == sum(edit["pass"] == "misreads" for edit in edits)
    assert report.locator("details.document").count() == 2
    report.locator("select[name=pass]").select_option("")
    report.locator("select[name=rule]").select_option("punctuation/full-width")
    assert found(report) == sum(edit["rule"] == "punctuation/full-width" for edit in edits)
    report.locator("select[name=rule]").select_option("")
    report.locator("input[name=below]").fill("0.98")
    assert found(report) == sum(edit["confidence"] < 0.98 for edit in edits)
    report.locator("input[name=below]").fill("")
    report.locator("input[value=applied]").uncheck()
    assert found(report) == 0
    assert "No edit is like this" in report.locator("#documents").inner_text()
    report.locator("input[value=applied]").check()
    report.locator("input[name=text]").fill("书店的入驻")
    assert found(report) == 1
    assert report.locator(".note .what").all_inner_texts() == ["人→入"]


def test_the_keyboard_walks_decides_and_undoes(report: Page) -> None:
    report.keyboard.press("j")
    first = selected(report)
    report.keyboard.press("j")
    report.keyboard.press("k")
    assert selected(report) == first == "人→入"
    report.keyboard.press("o")
    assert "misreads/look-alike" in report.locator(".note.current .about").inner_text()
    report.keyboard.press("o")
    assert report.locator(".about").count() == 0
    report.keyboard.press("r")
    report.wait_for_selector(".note.current .verdict.reject")
    report.keyboard.press("a")
    report.wait_for_selector(".note.current .verdict.accept")
    report.keyboard.press("u")
    report.wait_for_selector(".note.current .verdict.reject")
    report.keyboard.press("u")
    report.wait_for_timeout(100)
    assert verdicts(report) == []
    report.keyboard.press("R")
    report.wait_for_timeout(100)
    assert verdicts(report) == ["never with its series"] * 3
    assert "3 of" in report.locator("#done").inner_text()
    report.keyboard.press("n")
    assert selected(report) == ",→，"
    report.keyboard.press("?")
    assert "next undecided edit" in report.locator("#help").inner_text()
    report.keyboard.press("Escape")
    report.keyboard.press("v")
    assert report.locator(".text.before").count() == report.locator(".text.after").count() > 0
    report.keyboard.press("/")
    assert report.evaluate("document.activeElement.name") == "text"
    report.keyboard.type("j")
    assert report.locator("input[name=text]").input_value() == "j"


def test_enter_goes_from_the_search_to_its_first_match(report: Page) -> None:
    report.keyboard.press("/")
    report.keyboard.type("书店的入驻")
    report.keyboard.press("Enter")
    report.keyboard.press("r")  # at once: before any pause after typing is over
    assert found(report) == 1
    assert report.locator("input[name=text]").input_value() == "书店的入驻"
    assert verdicts(report) == ["rejected"]
    assert report.evaluate("document.activeElement.matches('.note.current')")
    report.keyboard.press("j")
    assert report.locator("input[name=text]").input_value() == "书店的入驻"
    report.keyboard.press("/")
    report.keyboard.type("nowhere")
    report.keyboard.press("Enter")
    report.keyboard.press("a")  # nothing is shown, so nothing is decided
    assert found(report) == 0
    assert "1 of" in report.locator("#done").inner_text()


def test_escape_clears_the_search_and_goes_back(report: Page) -> None:
    total = found(report)
    report.keyboard.press("j")
    report.keyboard.press("j")
    before = report.locator(".note.current").get_attribute("id")
    report.keyboard.press("/")
    report.keyboard.type("十家公司入驻")
    assert found(report) == 1
    report.keyboard.press("Escape")
    report.keyboard.press("k")
    report.keyboard.press("j")
    assert found(report) == total
    assert report.locator("input[name=text]").input_value() == ""
    assert report.locator(".note.current").get_attribute("id") == before


def test_text_is_typed_and_commented(report: Page) -> None:
    report.keyboard.press("j")
    report.keyboard.press("e")
    report.locator("#ask input").fill("八")
    report.keyboard.press("Enter")
    report.wait_for_selector(".note.current .verdict.replace")
    assert verdicts(report) == ["replaced: 八"]
    report.keyboard.press("c")
    report.locator("#ask input").fill("原文如此")
    report.keyboard.press("Enter")
    report.wait_for_timeout(100)
    assert verdicts(report) == ["replaced: 八"]
    assert "原文如此" in report.locator(".note.current .remark").inner_text()
    assert report.locator(".remark:visible").count() == 1
    report.keyboard.press("e")
    report.locator("#ask input").fill("九")
    report.keyboard.press("Escape")
    assert verdicts(report) == ["replaced: 八"]


def test_series_are_decided_at_once_and_exceptions_one_by_one(report: Page) -> None:
    series = report.locator(".series .one", has_text="人驻")
    assert "×3" in series.inner_text()
    series.locator(".opener").click()
    assert series.locator(".keywords li").count() == 3
    series.get_by_role("button", name="Never").click()
    report.wait_for_selector(".series .one .verdict.never")
    series.locator(".keywords li").first.get_by_role("button", name="accept (a)").click()
    report.wait_for_timeout(100)
    assert sorted(verdicts(report)) == ["accepted", "never with its series", "never with its series"]
    assert "人驻→入驻" in report.locator("#standing li").inner_text()
    report.get_by_role("button", name="Take back").click()
    report.wait_for_timeout(100)
    assert verdicts(report) == ["accepted"]
    assert report.locator("#standing").is_hidden()


def test_a_link_opens_its_edit(report: Page, out: OutFolder) -> None:
    report.keyboard.press("j")
    anchor = report.locator(".note.current").get_attribute("id")
    report.goto("about:blank")
    opened(report, f"{out.report.as_uri()}#{anchor}")
    assert report.locator(".note.current .about").is_visible()


def test_the_text_shows_a_decision_at_once(report: Page) -> None:
    report.keyboard.press("j")
    text = report.locator("article.passage").first.locator(".texts")
    assert text.locator("ins.applied").first.inner_text() == "入"
    report.keyboard.press("r")
    text.locator("ins.rejected.current").wait_for()
    assert "line-through" in text.locator("ins.rejected").evaluate("(n) => getComputedStyle(n).textDecoration")
    report.keyboard.press("u")
    text.locator("ins.rejected").wait_for(state="detached")
    assert text.locator("ins.applied.current").inner_text() == "入"


def test_a_replacement_that_deletes_text_is_asked_about(report: Page) -> None:
    report.keyboard.press("j")
    empty_it(report)
    assert "delete 人?" in report.locator("#sure").inner_text()
    report.keyboard.press("Enter")  # twice by the way: nothing is deleted
    assert report.locator("#sure").is_hidden()
    assert verdicts(report) == []
    empty_it(report)
    report.get_by_role("button", name="Delete").click()
    report.wait_for_selector(".note.current .verdict.replace")
    assert verdicts(report) == ["replaced: nothing"]


def empty_it(page: Page) -> None:
    """Types nothing as what stands at the current edit."""
    page.keyboard.press("e")
    page.locator("#ask input").fill("")
    page.keyboard.press("Enter")
    page.locator("#sure[open]").wait_for()


def test_a_key_goes_to_the_series(report: Page) -> None:
    report.keyboard.press("j")
    report.keyboard.press("s")
    assert report.evaluate("document.activeElement.matches('#series .opener')")
    report.keyboard.press("?")
    assert "the same change, again and again" in report.locator("#help").inner_text()


def test_the_address_follows_the_walk(report: Page) -> None:
    for key in "jjj":
        report.keyboard.press(key)
    anchor = report.locator(".note.current").get_attribute("id")
    until(lambda: report.evaluate("location.hash") == f"#{anchor}")
    report.reload()
    assert report.locator(".note.current").get_attribute("id") == anchor
    assert report.locator(".about").count() == 0


def test_decisions_of_a_file_are_saved_and_imported(report: Page, out: OutFolder, tmp_path: Path) -> None:
    report.locator("#who").fill("王")
    report.locator("h1").click()
    report.keyboard.press("j")
    report.keyboard.press("r")
    report.wait_for_selector(".verdict.reject")
    assert "1 not saved" in report.locator("#status").inner_text()
    with report.expect_download() as download:
        report.locator("#save").click()
    download.value.save_as(tmp_path / "decisions.jsonl")
    (decision,) = exchange.read(tmp_path / "decisions.jsonl")
    assert (decision.verdict, decision.before, decision.who) == ("reject", "人", "王")
    with Ledger.deciding(out.ledger) as ledger:
        assert exchange.take_in(ledger, [decision]).added == 1
    assert apply(out).unplaced == []
    assert "公司的人驻" in (out.clean / "a.txt").read_text(encoding="utf-8")


def test_decisions_of_a_file_outlive_the_page(report: Page) -> None:
    report.keyboard.press("j")
    report.keyboard.press("r")
    report.wait_for_selector(".verdict.reject")
    report.on("dialog", lambda dialog: dialog.accept())
    report.reload()
    report.wait_for_selector("html[data-ready]")
    assert verdicts(report) == ["rejected"]


def test_reports_of_two_runs_keep_their_decisions_apart(report: Page, scans: Path, tmp_path: Path) -> None:
    report.keyboard.press("j")
    report.keyboard.press("r")
    report.wait_for_selector(".verdict.reject")
    other = OutFolder(tmp_path / "other")
    run(find([scans]).documents, other, Settings())
    second = opened(report.context.new_page(), other.report.as_uri())
    assert verdicts(second) == []
    second.close()


def test_a_name_that_is_typed_last_signs_what_was_decided(report: Page, tmp_path: Path) -> None:
    report.keyboard.press("j")
    report.keyboard.press("r")
    report.locator("#who").fill("王")
    with report.expect_download() as download:
        report.locator("#save").click()
    download.value.save_as(tmp_path / "decisions.jsonl")
    (decision,) = exchange.read(tmp_path / "decisions.jsonl")
    assert decision.who == "王"


def test_a_scan_that_holds_markup_does_no_harm(
    scans: Path, cleaned: Callable[[], Any], tmp_path: Path, page: Page
) -> None:
    (scans / "d.txt").write_text(MARKUP, encoding="utf-8")
    cleaned()
    opened(page, (tmp_path / "out" / "report.html").as_uri())
    assert page.evaluate("window.harmed") is None
    assert page.locator("#documents img").count() == 0
    assert "window.harmed = 1" in page.locator("#documents").inner_text()


def test_what_was_removed_from_the_page_is_listed(
    scans: Path, cleaned: Callable[[], Any], tmp_path: Path, page: Page
) -> None:
    (scans / "d.txt").write_text(
        "镇上的书店重新开了门，屋里摆着一张旧书桌。\n\n— 12 —\n\n渐江来的客人坐在窗边。\n", encoding="utf-8"
    )
    cleaned()
    opened(page, (tmp_path / "out" / "report.html").as_uri())
    page.get_by_text("Removed from the page: 1 piece").click()
    assert "line 3: —␣12␣—" in page.locator(".removed li").inner_text()
    page.locator(".removed .reference").click()
    assert page.locator(".note.current .about").is_visible()


def test_only_what_is_near_the_window_is_drawn(tmp_path: Path, page: Page) -> None:
    folder = tmp_path / "long"
    folder.mkdir()
    (folder / "long.txt").write_text(
        "".join(f"第{n}天,他说好.\n\n{'天气晴朗，' * 39}天气晴朗。\n\n" for n in range(1500)), encoding="utf-8"
    )
    out = OutFolder(tmp_path / "out")
    run(find([folder]).documents, out, Settings(only=("punctuation",)))
    opened(page, out.report.as_uri())
    total = found(page)
    assert total >= 1500
    assert 0 < page.locator(".note").count() < 500
    page.evaluate("document.querySelector('footer').scrollIntoView()")
    page.wait_for_function("[...document.querySelectorAll('.note')].some((n) => n.innerText.includes('.'))")
    page.wait_for_timeout(300)
    assert 0 < page.locator(".note").count() < 500
    assert "第1499天" in page.locator("#documents").inner_text()
