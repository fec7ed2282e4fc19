"""Tables, and runs over them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner.batch.folder import OutFolder
from cleaner.batch.run import run
from cleaner.batch.summary import Summary
from cleaner.batch.tables.rows import TableSettings
from cleaner.files.find import find
from cleaner.settings import Settings

ONE_PASS = Settings(only=("characters",))
"""What comes out of one pass is easy to foresee: ⾦, a radical, becomes 金."""

Runner = Callable[..., Summary]


@pytest.fixture
def out(tmp_path: Path) -> OutFolder:
    """A folder to write to that is not there yet."""
    return OutFolder(tmp_path / "out")


@pytest.fixture
def cleaned(out: OutFolder) -> Runner:
    """Runs over the files given in one process, or as the keywords say; those of TableSettings are about rows."""

    def runner(*paths: Path, jobs: int = 1, force: bool = False, **rows: object) -> Summary:
        how = TableSettings(**rows)  # type: ignore[arg-type]
        return run(find(paths).documents, out, ONE_PASS, jobs=jobs, force=force, rows=how)

    return runner
