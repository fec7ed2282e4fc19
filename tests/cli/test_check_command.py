"""`cleaner check`: findings, and nothing written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from cleaner.chain import Cleaner
from cleaner.text.cleaned import Cleaned
from cleaner.text.edits import Band, Edit

Command = Callable[..., Result]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.txt"
    file.write_text("也有银子。\n山里有⾦子。\n", encoding="utf-8")
    return file


def test_findings_give_status_1_and_a_line_each(cleaner: Command, page: Path) -> None:
    result = cleaner("check", page)
    assert result.exit_code == 1
    assert result.stdout == f"{page}:2:4: “⾦” → “金”  characters/radical (1.00)\n"
    assert "1 document: 1 edit would be applied, 0 suggested, 0 places flagged" in result.stderr
    assert [path.name for path in page.parent.iterdir()] == ["page.txt"]


def test_jsonl_is_what_a_run_writes(cleaner: Command, page: Path, tmp_path: Path) -> None:
    result = cleaner("check", page, "--format", "jsonl", "--jobs", "2")
    assert result.exit_code == 1
    cleaner("run", page, "-o", tmp_path / "out")
    assert result.stdout_bytes == (tmp_path / "out" / "edits.jsonl").read_bytes()


def test_clean_text_gives_status_0(cleaner: Command, page: Path) -> None:
    page.write_text("山里有金子。\n", encoding="utf-8")
    result = cleaner("check", page)
    assert (result.exit_code, result.stdout) == (0, "")


def test_quiet_says_nothing(cleaner: Command, page: Path) -> None:
    result = cleaner("check", page, "--quiet")
    assert (result.exit_code, result.output) == (1, "")


def test_suggestions_and_flags_are_shown_and_are_no_findings(
    cleaner: Command, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def proposing(self: Cleaner, text: str, **more: object) -> Cleaned:
        return Cleaned(
            text, text,
            suggestions=(Edit(start=0, end=1, before="也", after="地", rule="misreads/look-alike", band=Band.SUGGESTED,
                              confidence=0.5, line=1),),
            flags=(Edit(start=6, end=8, before="山里", after=None, rule="garble/loop", band=Band.FLAGGED, confidence=1.0,
                        line=2),),
        )  # fmt: skip

    monkeypatch.setattr(Cleaner, "clean", proposing)
    result = cleaner("check", page)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"{page}:1:1: suggested: “也” → “地”  misreads/look-alike (0.50)",
        f"{page}:2:1: flagged: “山里”  garble/loop (1.00)",
    ]


def test_failures_outrank_findings(cleaner: Command, page: Path) -> None:
    (page.parent / "b.txt").write_bytes(b"%PDF-1.7")
    result = cleaner("check", page.parent)
    assert result.exit_code == 3
    assert "page.txt:2:4" in result.stdout
    assert "b.txt: a PDF document" in result.stderr


@pytest.mark.parametrize("how", [("--format", "xml"), ("--encoding", "gbq"), ("--only", "spacing"), ("missing",)])
def test_wrong_usage(cleaner: Command, page: Path, how: tuple[str, ...]) -> None:
    assert cleaner("check", page, *how).exit_code == 2


def test_nothing_is_written_into_the_input(cleaner: Command, scans: Path) -> None:
    before = {path: path.read_bytes() for path in scans.rglob("*") if path.is_file()}
    findings = cleaner("check", scans, "--format", "jsonl")
    assert findings.exit_code == 1
    assert all(json.loads(line) for line in findings.stdout.splitlines())
    assert {path: path.read_bytes() for path in scans.rglob("*") if path.is_file()} == before


def test_odd_names_and_links_do_no_harm(cleaner: Command, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in (b"a\nb.txt", b"\xff.txt"):
        (tmp_path / "in" / os.fsdecode(name)).write_text("山里有⾦子", encoding="utf-8")
    assert "a\\nb.txt:1:4: " in cleaner("check", tmp_path / "in").stdout
    assert "%0Ab.txt" in cleaner("check", tmp_path / "in", "--format", "sarif").stdout
    assert "%FF.txt" in cleaner("check", tmp_path / "in", "--format", "sarif").stdout
    (tmp_path / "loop").symlink_to("loop")
    assert cleaner("run", tmp_path / "loop", "-o", tmp_path / "out").exit_code == 3
