"""The recipes of the manual, run where their packages are installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
MANUAL = (TOP / "docs" / "recipes.md").read_text(encoding="utf-8")
NEEDS = {"datatrove": "datatrove", "LangChain": "langchain_core", "LlamaIndex": "llama_index.core"}


def block(title: str, language: str) -> str:
    """The first block of code under a title."""
    found = re.search(rf"^## {re.escape(title)}\n.*?^```{language}\n(.*?)^```", MANUAL, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


@pytest.mark.parametrize(("title", "module"), NEEDS.items())
def test_python(title: str, module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip(module)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    exec(compile(block(title, "python"), title, "exec"), {"__name__": "recipe"})


def test_make(tmp_path: Path) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    if not (shutil.which("make") and shutil.which("cleaner", path=path)):
        pytest.skip("make or the command cleaner is not installed")
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "a.txt").write_text("公司的人驻,很好。\n", encoding="utf-8")
    (tmp_path / "Makefile").write_text(block("Make", "make"), encoding="utf-8")
    subprocess.run(["make", "clean"], cwd=tmp_path, check=True, capture_output=True, env={**os.environ, "PATH": path})
    assert (tmp_path / "out" / "clean" / "a.txt").read_text(encoding="utf-8") == "公司的入驻，很好。\n"


def test_pre_commit() -> None:
    clientlib = pytest.importorskip("pre_commit.clientlib")
    hook = clientlib.load_manifest(str(TOP / ".pre-commit-hooks.yaml"))[0]
    assert (hook["id"], hook["entry"]) == ("cleaner", "cleaner check")
