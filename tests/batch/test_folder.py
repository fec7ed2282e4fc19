"""Folders that a run must not write to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner.batch.folder import OutFolder, UnusableFolder
from cleaner.batch.summary import Summary
from cleaner.ledger.ledger import LedgerError

Runner = Callable[..., Summary]


def test_a_folder_that_is_new_or_empty_or_ours_will_do(scans: Path, out: OutFolder, cleaned: Runner) -> None:
    out.check([scans])
    out.top.mkdir()
    out.check([scans])
    cleaned()
    out.check([scans])


def test_a_folder_inside_the_input_is_refused(scans: Path) -> None:
    for inside in (scans, scans / "b" / "out"):
        with pytest.raises(UnusableFolder, match="inside the input folder"):
            OutFolder(inside).check([scans])


def test_a_folder_inside_the_input_by_way_of_a_link_is_refused(scans: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(scans / "b")
    with pytest.raises(UnusableFolder, match="inside the input folder"):
        OutFolder(tmp_path / "link" / "out").check([scans])


def test_input_inside_the_folder_is_refused(cleaned: Runner, out: OutFolder) -> None:
    cleaned()
    for source in (out.clean, out.clean / "a.txt"):
        with pytest.raises(UnusableFolder, match="lies inside"):
            out.check([source])


def test_a_folder_with_other_things_in_it_is_refused(scans: Path, out: OutFolder) -> None:
    out.top.mkdir()
    (out.top / "thesis.doc").write_text("mine", encoding="utf-8")
    with pytest.raises(UnusableFolder, match="not empty, and no run of cleaner wrote it"):
        out.check([scans])


def test_a_ledger_of_something_else_is_refused(scans: Path, out: OutFolder) -> None:
    out.top.mkdir()
    out.ledger.write_text("accounts of 1998\n" * 100)
    with pytest.raises(LedgerError, match="not a ledger of cleaner"):
        out.check([scans])


def test_a_file_is_refused(scans: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnusableFolder, match="is a file"):
        OutFolder(tmp_path / "file").check([scans])


def test_an_empty_file_in_out_is_nothing_to_lose(tmp_path: Path) -> None:
    top = tmp_path / "out"
    top.mkdir()
    (top / "run.log").touch()
    OutFolder(top).check([tmp_path / "scans"])
    (top / "run.log").write_text("something", encoding="utf-8")
    with pytest.raises(UnusableFolder, match="is not empty"):
        OutFolder(top).check([tmp_path / "scans"])
