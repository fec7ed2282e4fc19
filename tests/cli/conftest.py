"""The command, run in this process as a person would run it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cleaner.cli.main import app

Command = Callable[..., Result]


@pytest.fixture
def cleaner() -> Command:
    """Runs `cleaner` with these arguments; the result has exit_code, stdout and stderr."""

    def command(*arguments: object, input: bytes | None = None) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=input)

    return command


@pytest.fixture
def sources() -> dict[str, bytes]:
    """Documents whose bytes must come back, whatever their encoding and line ends."""
    return {
        "utf-8.txt": "山里有⾦子，\n也有银子。\n".encode(),
        "gb/gb18030.txt": "柚子的香气飘满了山谷，收成比去年好了不少。\n".encode("gb18030"),
        "big5.md": "柚子的香氣飄滿了山谷，收成比去年好了不少。\n".encode("big5"),
        "utf-16.txt": "柚子的香气飘满了山谷。\n".encode("utf-16"),
        "bom.txt": "山谷\n".encode("utf-8-sig"),
        "crlf.txt": "山谷里\r\n\r\n有人家。\r\n".encode(),
        "broken.txt": "山谷里的柚子熟了".encode() + b"\xff\xe4\n" + "收成比去年好了不少。".encode(),
        "empty.txt": b"",
        "no-end.txt": "山谷里的柚子熟了".encode(),
    }


@pytest.fixture
def scans(tmp_path: Path, sources: dict[str, bytes]) -> Path:
    """A folder with those documents."""
    folder = tmp_path / "scans"
    for name, raw in sources.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where to write to; not there yet."""
    return tmp_path / "out"
