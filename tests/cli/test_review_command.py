"""`cleaner review`: what it says where it cannot serve. What it serves is tested in tests/review."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Command = Callable[..., Result]


@pytest.mark.parametrize("missing", ["uvicorn", "starlette.applications"])
def test_without_the_extra_it_says_what_to_install(
    cleaner: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.delitem(sys.modules, "cleaner.review.server", raising=False)
    result = cleaner("review", tmp_path, "--no-browser")
    assert result.exit_code == 2
    assert "pip install 'cleaner[review]'" in result.stderr


def test_a_folder_that_no_run_wrote(cleaner: Command, tmp_path: Path) -> None:
    result = cleaner("review", tmp_path, "--no-browser")
    assert result.exit_code == 2
    assert "there is no ledger" in result.stderr


def test_a_port_that_is_taken(cleaner: Command, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = cleaner("review", tmp_path, "--no-browser", "--port", taken.getsockname()[1])
    assert result.exit_code == 2
    assert "is taken; give another" in result.stderr


def test_images_that_are_not_there(cleaner: Command, tmp_path: Path) -> None:
    result = cleaner("review", tmp_path, "--no-browser", "--image-root", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "nowhere is no folder" in result.stderr
