"""`cleaner run --learn` and `--learned`: what they say, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.test_learning import PAGES

Command = Callable[..., Result]


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number, page in enumerate(PAGES):
        (folder / f"{number}.txt").write_text(page, encoding="utf-8")
    return folder


def test_the_summary_says_what_was_learned(cleaner: Command, pages: Path, out: Path) -> None:
    result = cleaner("run", pages, "-o", out, "--learn")
    assert f"learned from 5 documents: 1 term (see {out / 'learned.tsv'})" in result.stdout
    assert f"{out / 'learned.tsv'} (1 term)" in cleaner("run", pages, "-o", out, "--learn").stdout
    (out / "learned.tsv").write_text("term\t青埠镇\t9\tkeep\n", encoding="utf-8")
    result = cleaner("run", pages, "-o", out, "--learn", "--force")
    assert "learned from 5 documents: 2 terms" in result.stdout
    assert f"it is kept as {out / 'edited/learned.tsv'}" in result.stdout


def test_a_fault_in_the_file_is_told_before_any_work(cleaner: Command, pages: Path, out: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.tsv"
    file.write_text("term\t漱石湾\nname\t榆柳坪\n", encoding="utf-8")
    for arguments in (("run", pages, "-o", out), ("check", pages)):
        result = cleaner(*arguments, "--learned", file)
        assert result.exit_code == 2
        assert f"{file}, line 2: 'name' in the column kind" in result.stderr
    assert not out.exists()


def test_learning_needs_documents_and_is_asked_for_once(cleaner: Command, pages: Path, out: Path) -> None:
    assert "--learn goes with documents" in cleaner("run", "-", "--learn", input=b"").stderr
    result = cleaner("run", pages, "-o", out, "--learn", "--learned", pages / "0.txt")
    assert result.exit_code == 2
    assert "leave one of them out" in result.stderr


def test_what_was_learned_serves_the_filter(cleaner: Command, tmp_path: Path) -> None:
    file = tmp_path / "learned.tsv"
    file.write_text("term\t漱石湾\n", encoding="utf-8")
    text = "傍晚，一行人离开嗽石湾，沿着新修的公路下山。"
    result = cleaner("run", "-", "--learned", file, input=text.encode())
    assert result.stdout == text.replace("嗽", "漱")
