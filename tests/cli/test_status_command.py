"""`cleaner status`, and the log of a run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

Command = Callable[..., Result]


def test_what_a_folder_holds_is_told(cleaner: Command, scans: Path, out: Path) -> None:
    (scans / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    cleaner("run", scans, "-o", out, "--only", "characters", "-q")
    told = cleaner("status", out)
    assert told.exit_code == 0
    assert "10 documents: 9 done, 1 failed" in told.stdout
    assert "image.txt: a PNG image" in told.stdout
    assert "9 cleaned by version" in told.stdout
    assert "only = ['characters']" in told.stdout
    assert cleaner("status", out, "--failed").stdout.startswith("image.txt: a PNG image")
    values = json.loads(cleaner("status", out, "--json").stdout)
    assert (values["running"], values["done"], values["failed"], values["pending"]) == (False, 9, 1, 0)


def test_a_folder_that_no_run_wrote_has_no_state(cleaner: Command, tmp_path: Path) -> None:
    told = cleaner("status", tmp_path)
    assert told.exit_code == 2
    assert "there is no ledger" in told.stderr


def test_the_log_has_a_line_for_each_document_and_goes_on(
    cleaner: Command, scans: Path, out: Path, tmp_path: Path
) -> None:
    log = tmp_path / "logs" / "run.jsonl"
    (scans / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    for _ in range(2):
        cleaner("run", scans, "-o", out, "--only", "characters", "--log", log, "--timeout", "60")
    lines = [json.loads(line) for line in log.read_text(encoding="ascii").splitlines()]
    assert [line["event"] for line in lines if not line["event"].startswith("document")] == [
        "run started",
        "run ended",
    ] * 2
    assert (lines[0]["documents"], lines[0]["settings"]["only"], lines[0]["timeout"]) == (10, ["characters"], 60)
    done = [line for line in lines if line["event"] == "document done"]
    assert len(done) == 9
    assert all(line["seconds"] >= 0 and line["characters"] >= 0 for line in done)
    failed = [line for line in lines if line["event"] == "document failed"]
    assert [line["document"] for line in failed] == ["image.txt"] * 2
    assert {key: lines[-1][key] for key in ("cleaned", "unchanged", "failed")} == {
        "cleaned": 0, "unchanged": 9, "failed": 1,
    }  # fmt: skip


def test_patterns_and_sources_on_the_command_line(cleaner: Command, scans: Path, out: Path, tmp_path: Path) -> None:
    told = cleaner(
        "run", scans, "-o", out, "--only", "characters", "--include", "*.txt", "--exclude", "gb/", "--no-sources"
    )
    assert told.exit_code == 0
    assert "7 documents: 7 cleaned" in told.stdout
    restored = cleaner("restore", out, tmp_path / "dest")
    assert "7 of them are not in the ledger" in restored.stdout
    assert (tmp_path / "dest" / "broken.txt").read_bytes() == (scans / "broken.txt").read_bytes()
    (scans / "broken.txt").write_text("changed", encoding="utf-8")
    assert "has changed since" in cleaner("restore", out, tmp_path / "again").stderr


def test_settings_that_changed_are_told(cleaner: Command, scans: Path, out: Path) -> None:
    cleaner("run", scans, "-o", out, "--only", "characters", "-q")
    again = cleaner("run", scans, "-o", out, "--only", "characters,spaces")
    assert "cleaned again: 9 (other settings)" in again.stdout
