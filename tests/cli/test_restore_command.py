"""`cleaner restore`: the original bytes, from the ledger alone."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Command = Callable[..., Result]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def dest(tmp_path: Path) -> Path:
    return tmp_path / "originals"


def test_every_file_comes_back_byte_for_byte(cleaner: Command, scans: Path, out: Path, dest: Path) -> None:
    (scans / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert cleaner("run", scans, "-o", out).exit_code == 3
    originals = contents(scans)
    shutil.rmtree(scans)
    shutil.rmtree(out / "clean")
    (out / "edits.jsonl").unlink()
    result = cleaner("restore", out, dest)
    assert result.exit_code == 0
    assert contents(dest) == originals
    assert "10 of 10 documents restored" in result.stdout


def test_files_that_are_there_are_not_written_over(cleaner: Command, scans: Path, out: Path, dest: Path) -> None:
    cleaner("run", scans, "-o", out)
    dest.mkdir()
    (dest / "crlf.txt").write_text("mine")
    result = cleaner("restore", out, dest)
    assert result.exit_code == 2
    assert "already has crlf.txt" in result.stderr
    assert contents(dest) == {"crlf.txt": b"mine"}
    assert cleaner("restore", out, dest, "--force").exit_code == 0
    assert contents(dest) == contents(scans)


def test_a_document_without_a_copy_is_told(
    cleaner: Command, scans: Path, out: Path, dest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cleaner.batch.run.largest", lambda jobs: 30)
    large = {name for name, raw in contents(scans).items() if len(raw) > 30}
    assert cleaner("run", scans, "-o", out).exit_code == 3
    result = cleaner("restore", out, dest)
    assert result.exit_code == 3
    assert "broken.txt: the ledger holds no copy of 'broken.txt' (0 MB is too large" in result.stderr
    assert set(contents(dest)) == set(contents(scans)) - large


def test_a_damaged_copy_is_told_and_not_written(cleaner: Command, scans: Path, out: Path, dest: Path) -> None:
    cleaner("run", scans, "-o", out)
    with sqlite3.connect(out / "ledger.db") as ledger:
        ledger.execute("UPDATE documents SET sha256 = 'x' WHERE name = 'crlf.txt'")
    result = cleaner("restore", out, dest)
    assert result.exit_code == 3
    assert "crlf.txt: the ledger's copy is damaged" in result.stderr
    assert set(contents(scans)) - set(contents(dest)) == {"crlf.txt"}


@pytest.mark.parametrize("name", ["../escaped.txt", "/tmp/escaped.txt", "a/../../escaped.txt"])
def test_no_name_leads_out_of_the_folder(cleaner: Command, scans: Path, out: Path, dest: Path, name: str) -> None:
    cleaner("run", scans, "-o", out)
    with sqlite3.connect(out / "ledger.db") as ledger:
        ledger.execute("UPDATE documents SET name = ? WHERE name = 'crlf.txt'", (name,))
    result = cleaner("restore", out, dest)
    assert result.exit_code == 3
    assert "leads out of the folder" in result.stderr
    assert not (dest.parent / "escaped.txt").exists()


def test_a_folder_without_a_ledger_is_refused(cleaner: Command, scans: Path, dest: Path) -> None:
    result = cleaner("restore", scans, dest)
    assert result.exit_code == 2
    assert "there is no ledger" in result.stderr
    assert not dest.exists()
