"""The version: told from the tags when cleaner is installed, looked up when it is asked for."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata

import pytest

import cleaner


@pytest.fixture
def anew() -> Iterator[None]:
    """The version forgotten, before and after."""
    cleaner._version.cache_clear()
    yield
    cleaner._version.cache_clear()


def test_it_is_that_of_the_installed_package(anew: None) -> None:
    assert cleaner.__version__ == metadata.version("cleaner") != "0+unknown"


def test_it_is_unknown_where_nothing_was_installed(anew: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def none_of_that_name(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", none_of_that_name)
    assert cleaner.__version__ == "0+unknown"


def test_looking_it_up_costs_nothing_before_it_is_asked_for() -> None:
    code = "import sys, cleaner.cli.main; print('importlib.metadata' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"
