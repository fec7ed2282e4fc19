"""Every file has its licence, and what of others is in the data is named with those who made it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

TOP = Path(__file__).resolve().parents[1]
DATA = sorted(path for path in (TOP / "dictionaries").glob("*/*") if path.suffix not in (".md", ".toml"))
OURS = "2026 the contributors to cleaner"


def entries() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((TOP / "REUSE.toml").read_text(encoding="utf-8"))["annotations"]
    return found


def test_reuse_finds_a_licence_for_every_file() -> None:
    pytest.importorskip("reuse")
    if not (TOP / ".git").exists():
        pytest.skip("without git reuse takes what was built here for part of the project")
    told = subprocess.run([sys.executable, "-m", "reuse", "lint", "--quiet"], cwd=TOP, capture_output=True, text=True)
    assert told.returncode == 0, "run `reuse lint`"


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.name)
def test_the_readme_of_its_folder_says_where_data_comes_from(path: Path) -> None:
    rows = (path.parent / "README.md").read_text(encoding="utf-8").splitlines()
    (row,) = [row for row in rows if row.startswith(f"| `{path.name}` |")]
    assert any(licence in row for licence in ("Apache-2.0", "MIT", "Unicode-3.0"))


@pytest.mark.parametrize("path", [path for path in DATA if path.suffix != ".npz"], ids=lambda path: path.name)
def test_data_of_which_something_is_by_others_is_in_the_notice(path: Path) -> None:
    name = path.relative_to(TOP).as_posix()
    holders = [one["SPDX-FileCopyrightText"] for one in entries() if name in one["path"]]
    notice = (TOP / "NOTICE").read_text(encoding="utf-8")
    by_others = any(holder != OURS for holder in holders)
    assert (name in notice) == by_others
    source = "".join(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#"))
    theirs = [word for word in ("jieba", "THUOCL", "jionlp", "cpca", "OpenCC", "Unihan", "Unicode 1") if word in source]
    assert not theirs or by_others, f"its header names {theirs}: REUSE.toml and NOTICE should, too"


def test_the_package_declares_every_licence() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    texts = {path.stem for path in (TOP / "LICENSES").iterdir()}
    assert set(project["license"].split(" AND ")) == texts
    used = {licence for one in entries() for licence in one["SPDX-License-Identifier"].split(" AND ")}
    assert used == texts
