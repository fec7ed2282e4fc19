"""The commands beside `run`, on a folder with tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cleaner.cli.main import app

Command = Callable[..., Result]
TABLE = '{"text": "山里有⾦子"}\n{"text": 5}\n'


@pytest.fixture
def cleaner() -> Command:
    """Runs `cleaner` with these arguments."""
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def out(tmp_path: Path, cleaner: Command) -> Path:
    """What a run made of a table and a document."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "rows.jsonl").write_text(TABLE, encoding="utf-8")
    (tmp_path / "in" / "page.txt").write_text("山里有⾦子", encoding="utf-8")
    result = cleaner("run", tmp_path / "in", "-o", tmp_path / "out", "--only", "characters", "--add-edits")
    assert result.exit_code == 3
    assert "2 documents: 2 cleaned" in result.stdout
    assert "rows.jsonl: 1 of 2 rows kept as they are: row 2: text holds a number, not text" in result.stderr
    return tmp_path / "out"


def test_restore_copies_the_source_if_it_is_the_same(tmp_path: Path, cleaner: Command, out: Path) -> None:
    assert cleaner("restore", out, tmp_path / "back").exit_code == 0
    assert (tmp_path / "back" / "rows.jsonl").read_text(encoding="utf-8") == TABLE
    (tmp_path / "in" / "rows.jsonl").write_text("{}", encoding="utf-8")
    changed = cleaner("restore", out, tmp_path / "again")
    assert changed.exit_code == 3
    assert "rows.jsonl has changed since it was cleaned" in changed.stderr
    assert [path.name for path in (tmp_path / "again").iterdir()] == ["page.txt"]
    (tmp_path / "in" / "rows.jsonl").unlink()
    assert "there is nothing at" in cleaner("restore", out, tmp_path / "more").stderr


def test_diff_and_apply_leave_tables_as_they_are(cleaner: Command, out: Path) -> None:
    clean = (out / "clean" / "rows.jsonl").read_bytes()
    shown = cleaner("diff", out).stdout
    assert shown.count("⾦") == 2
    assert "row 1" in shown
    assert cleaner("apply", out).exit_code == 0
    assert (out / "clean" / "rows.jsonl").read_bytes() == clean
    edits = [json.loads(line) for line in (out / "edits.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(e["document"], e.get("row")) for e in edits] == [("page.txt", None), ("rows.jsonl", 1)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_check_reads_the_rows_of_tables(tmp_path: Path, cleaner: Command, out: Path, jobs: int) -> None:
    checked = cleaner("check", tmp_path / "in", "--only", "characters", "--jobs", jobs)
    assert checked.exit_code == 3
    page, row = checked.stdout.splitlines()
    assert page.startswith(f"{tmp_path / 'in' / 'page.txt'}:1:4: “⾦” → “金”")
    assert row.startswith(f"{tmp_path / 'in' / 'rows.jsonl'}:1: “⾦” → “金”")
    assert "2 documents: 2 edits would be applied" in checked.stderr
    assert "rows.jsonl: 1 of 2 rows kept as they are: row 2: text holds a number, not text" in checked.stderr
    lines = [json.loads(line) for line in cleaner("check", tmp_path / "in", "--format", "jsonl").stdout.splitlines()]
    edits = [json.loads(line) for line in (out / "edits.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line for line in lines if line["pass"] == "characters"] == edits


def test_check_of_a_table_proposes_no_fix_and_says_what_cannot_be_read(tmp_path: Path, cleaner: Command) -> None:
    (tmp_path / "a.jsonl").write_text('{"body": "\\n⾦子"}\n', encoding="utf-8")
    (tmp_path / "b.parquet").write_text("no table")
    checked = cleaner("check", tmp_path, "--field", "body", "--only", "characters", "--format", "sarif")
    assert checked.exit_code == 3
    assert "b.parquet: damaged, or not what its name says" in checked.stderr
    (result,) = json.loads(checked.stdout)["runs"][0]["results"]
    assert "fixes" not in result
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 1
    assert cleaner("check", tmp_path / "a.jsonl").exit_code == 3


@pytest.mark.parametrize(("text", "told"), [(TABLE, True), ("", False), ("{", False), ('{"a":' * 9999, False)])
def test_a_filter_says_where_its_input_looks_like_jsonl(text: str, told: bool) -> None:
    result = CliRunner().invoke(app, ["run", "-"], input=text)
    assert result.exit_code == 0
    assert ("looks like JSONL" in result.stderr) is told


def test_status_and_explain_tell_of_rows(cleaner: Command, out: Path) -> None:
    assert "rows.jsonl: 1 of 2 rows kept as they are: row 2" in cleaner("status", out).stdout
    edits = [json.loads(line) for line in (out / "edits.jsonl").read_text(encoding="utf-8").splitlines()]
    assert "rows.jsonl, row 1:1 " in cleaner("explain", edits[1]["id"], "--in", out).stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--address", "auto"], "--address goes with --engine ray"),
        (["--engine", "ray", "--jobs", "2"], "--jobs goes with --engine local only"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    tmp_path: Path, cleaner: Command, options: list[str], said: str
) -> None:
    result = cleaner("run", tmp_path, "-o", tmp_path / "out", *options)
    assert result.exit_code == 2
    assert said in result.stderr
