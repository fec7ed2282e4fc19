"""`cleaner run` over what OCR engines write, and all that follows from it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from cleaner.decisions.decision import about
from cleaner.ledger.ledger import Ledger

Command = Callable[..., Result]

FIXTURES = Path(__file__).parents[1] / "files" / "formats" / "fixtures"
BOMB = b'<?xml version="1.0"?><!DOCTYPE alto [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><alto>&b;</alto>'


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder with a page in several formats, and files that only look like it."""
    folder = tmp_path / "pages"
    (folder / "volume").mkdir(parents=True)
    for name in ("page.hocr", "alto-4.xml", "page.tsv", "rapidocr-3.json", "mineru.md"):
        shutil.copy(FIXTURES / name, folder / name)
    shutil.copy(FIXTURES / "page.hocr", folder / "volume" / "page.html")
    (folder / "index.html").write_text("<p>公司的<b>人</b>驻</p>", encoding="utf-8")
    (folder / "feed.xml").write_text("<rss><title>人驻</title></rss>", encoding="utf-8")
    (folder / "package.json").write_text('{"name": "x"}', encoding="utf-8")
    (folder / "table.tsv").write_text("a\tb\n", encoding="utf-8")
    return folder


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_text_is_written_unless_the_same_is_asked_for(cleaner: Command, pages: Path, out: Path) -> None:
    assert cleaner("run", pages, "-o", out).exit_code == 0
    clean = _bytes(out / "clean")
    assert sorted(clean) == [
        "alto-4.xml.txt", "index.html.txt", "mineru.md", "page.hocr.txt", "page.tsv.txt", "rapidocr-3.json.txt", "volume/page.html.txt"
    ]  # fmt: skip
    assert clean["alto-4.xml.txt"] == clean["page.hocr.txt"] == clean["rapidocr-3.json.txt"]
    assert "入驻" in clean["page.tsv.txt"].decode()


def test_the_same_format_holds_the_mended_text_and_restore_gives_the_original(
    cleaner: Command, pages: Path, out: Path, tmp_path: Path
) -> None:
    assert cleaner("run", pages, "-o", out, "--write", "same").exit_code == 0
    clean, originals = _bytes(out / "clean"), _bytes(pages)
    assert clean.keys() == originals.keys() - {"feed.xml", "package.json", "table.tsv"}
    for name, raw in clean.items():
        assert "入驻" in raw.decode().replace("<b>入</b>", "入")
        assert raw != originals[name]
    assert cleaner("restore", out, tmp_path / "back").exit_code == 0
    back = _bytes(tmp_path / "back")
    assert back == {name: originals[name] for name in back}
    assert back.keys() == clean.keys()


def test_an_edit_knows_its_place_on_the_page(cleaner: Command, pages: Path, out: Path) -> None:
    cleaner("run", pages, "-o", out)
    edits = [json.loads(line) for line in (out / "edits.jsonl").read_text(encoding="utf-8").splitlines()]
    places = {
        edit["document"]: (edit["page"], edit["line_id"], edit["box"])
        for edit in edits
        if "人" in edit["before"] and edit["document"] not in ("mineru.md", "index.html")
    }
    assert places["alto-4.xml"] == (1, "line_3", [130, 256, 190, 286])
    assert places["page.hocr"] == places["volume/page.html"] == (1, "line_1_4", [130, 256, 190, 286])
    assert places["rapidocr-3.json"] == (1, "3", [100, 256, 400, 286])
    assert not any("page" in edit for edit in edits if edit["document"] in ("mineru.md", "index.html"))


def test_the_report_and_the_diff_show_the_text(cleaner: Command, pages: Path, out: Path) -> None:
    cleaner("run", pages / "alto-4.xml", "-o", out, "--write", "same")
    assert "[-人-]{+入+}驻" in cleaner("diff", out).stdout
    assert "村口的老粮仓" in (out / "report.html").read_text(encoding="utf-8")


def test_apply_writes_the_same_format_again(cleaner: Command, pages: Path, out: Path) -> None:
    cleaner("run", pages / "page.hocr", "-o", out, "--write", "same")
    edits = [json.loads(line) for line in (out / "edits.jsonl").read_text(encoding="utf-8").splitlines()]
    misread = next(edit for edit in edits if edit["before"] == "人")
    with Ledger.deciding(out / "ledger.db") as ledger:
        ledger.add_decisions([about(misread, ledger.text("page.hocr"), "reject").as_line()])
    assert cleaner("apply", out).exit_code == 0
    clean = (out / "clean" / "page.hocr").read_text(encoding="utf-8")
    assert "人驻" in clean
    assert "，" in clean
    assert clean.startswith("<?xml")


def test_documents_that_do_harm_fail_alone_and_are_kept(
    cleaner: Command, pages: Path, out: Path, tmp_path: Path
) -> None:
    (pages / "bomb.xml").write_bytes(BOMB)
    (pages / "cut.xml").write_bytes((FIXTURES / "alto-2.xml").read_bytes()[:900])
    result = cleaner("run", pages, "-o", out)
    assert result.exit_code == 3
    assert "bomb.xml: ALTO that declares entities" in result.stderr
    assert "cut.xml: ALTO that is not well-formed" in result.stderr
    assert (out / "clean" / "page.hocr.txt").exists()
    cleaner("restore", out, tmp_path / "back")
    assert (tmp_path / "back" / "bomb.xml").read_bytes() == BOMB


def test_the_filter_takes_them_too(cleaner: Command) -> None:
    raw = (FIXTURES / "page.xml").read_bytes()
    text = cleaner("run", "-", input=raw).stdout
    assert text.startswith("山坳里的读书会\n")
    assert "入驻" in text
    same = cleaner("run", "-", "--write", "same", input=raw).stdout
    assert "<pc:Unicode>入驻</pc:Unicode>" in same
    assert len(same.splitlines()) == len(raw.decode().splitlines())
    assert cleaner("run", "-", input=BOMB).exit_code == 3


def test_a_patch_of_a_page_is_the_page_with_the_mended_text(cleaner: Command, pages: Path, out: Path) -> None:
    cleaner("run", pages, "-o", out, "--write", "same")
    patch = cleaner("diff", out, "index.html", "--format", "unified").stdout
    assert "-<p>公司的<b>人</b>驻</p>" in patch
    assert "+<p>公司的<b>入</b>驻</p>" in patch
