"""Folders of documents, and runs over them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner.batch.folder import OutFolder
from cleaner.batch.run import run
from cleaner.batch.summary import Summary
from cleaner.files.find import find
from cleaner.settings import Settings

ONE_PASS = Settings(only=("characters",))
"""What comes out of one pass is easy to foresee: ⾦, a radical, becomes 金."""

Runner = Callable[..., Summary]


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """Three documents, in a folder and one below it."""
    folder = tmp_path / "scans"
    (folder / "b").mkdir(parents=True)
    (folder / "a.txt").write_text("山里有⾦子，\n也有银子。\n", encoding="utf-8")
    (folder / "b" / "c.md").write_bytes("柚子的香气飘满了山谷，收成比去年好。\n".encode("gb18030"))
    (folder / "b" / "d.txt").write_bytes(b"")
    return folder


@pytest.fixture
def out(tmp_path: Path) -> OutFolder:
    """A folder to write to that is not there yet."""
    return OutFolder(tmp_path / "out")


@pytest.fixture
def cleaned(scans: Path, out: OutFolder) -> Runner:
    """Runs over the documents in one process, or as the keywords say."""

    def runner(**how: object) -> Summary:
        settings = how.pop("settings", ONE_PASS)
        jobs = how.pop("jobs", 1)
        return run(find([scans]).documents, out, settings, jobs=jobs, **how)  # type: ignore[arg-type]

    return runner
