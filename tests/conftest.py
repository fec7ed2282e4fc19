"""What holds for all tests: examples of hypothesis may take their time, on machines that are busy; golden files."""

from __future__ import annotations

from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

TOP = Path(__file__).resolve().parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the files of tests/golden anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compares a text with a golden file, or writes the file where --update-golden was given."""

    def compare(path: Path, got: str) -> None:
        if request.config.getoption("--update-golden"):
            path.write_text(got, encoding="utf-8", newline="\n")
            return
        want = path.read_text(encoding="utf-8") if path.exists() else ""
        if got != want:
            rows = unified_diff(want.splitlines(), got.splitlines(), "golden", "now", lineterm="", n=1)
            command = "pytest tests/test_golden.py --update-golden"
            pytest.fail(f"{path.relative_to(TOP)} is no longer what comes out. If all of this is right, run\n\n"
                        f"    {command}\n\n" + "\n".join(rows), pytrace=False)  # fmt: skip

    return compare
