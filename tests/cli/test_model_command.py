"""`cleaner model`, as a person would run it, and runs with the model that it makes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cleaner import Cleaner
from cleaner.cli.main import app
from cleaner.knowledge import resources
from cleaner.settings import Settings
from cleaner.text.edits import apply
from tests.own_model import corpus

Command = Callable[..., Result]

SCANS = Path(__file__).parents[2] / "samples" / "scans"


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough text, in two files of two encodings."""
    folder = tmp_path_factory.mktemp("corpus")
    text = corpus(1_200_000)
    (folder / "a.txt").write_text(text[:700_000], encoding="utf-8")
    (folder / "b.md").write_bytes(text[700_000:].encode("gb18030"))
    return folder


@pytest.fixture(scope="module")
def mine(texts: Path) -> Path:
    """A model as the command makes it."""
    path = texts / "mine.npz"
    result = CliRunner().invoke(app, ["model", "build", str(texts), "-o", str(path)])
    assert result.exit_code == 0, result.stderr
    (texts / "said.log").write_text(result.stdout, encoding="utf-8")
    return path


def test_what_was_counted_is_told(mine: Path) -> None:
    said = (mine.parent / "said.log").read_text(encoding="utf-8").split("\n")
    assert "characters in 2 documents: 1," in said[0]
    assert said[1].startswith("n-grams kept: ")
    assert said[2].startswith("perplexity ")
    assert "that of the shipped model" in said[2]
    assert said[3] == f"{mine.stat().st_size:,} bytes written to {mine}"


def test_too_little_text_and_files_that_are_there_are_refused(cleaner: Command, tmp_path: Path, mine: Path) -> None:
    few = cleaner("model", "build", SCANS, "-o", tmp_path / "few.npz")
    assert few.exit_code == 2
    assert "1,000,000 are needed" in few.stderr
    assert not (tmp_path / "few.npz").exists()
    again = cleaner("model", "build", SCANS, "-o", mine)
    assert again.exit_code == 2
    assert "give --force to write over it" in again.stderr


@pytest.mark.parametrize("path", sorted(SCANS.glob("*.txt")), ids=lambda path: path.stem)
def test_the_laws_hold_with_it(mine: Path, path: Path) -> None:
    own = Cleaner(Settings(model=mine))
    text = path.read_text(encoding="utf-8")
    cleaned = own.clean(text)
    assert apply(text, cleaned.edits) == cleaned.text
    assert own.clean(cleaned.text).text == cleaned.text


def test_another_model_has_documents_cleaned_again(cleaner: Command, mine: Path, tmp_path: Path) -> None:
    model = tmp_path / "m.npz"
    model.write_bytes(mine.read_bytes())
    again = ("run", SCANS, "-o", tmp_path / "out", "--model", model)
    assert cleaner(*again).exit_code == 0
    assert "unchanged" in cleaner(*again).stdout
    model.write_bytes(resources.path("model/characters.npz").read_bytes())
    assert "other settings" in cleaner(*again).stdout


def test_a_run_with_it_asks_it(cleaner: Command, mine: Path, tmp_path: Path) -> None:
    """What the shipped model mends, this one cannot: it does not know 入驻."""
    page = tmp_path / "page.txt"
    page.write_text("柚香谷公司的人驻，让村里热闹起来。\n", encoding="utf-8")
    shipped, own = (
        [json.loads(line) for line in cleaner("check", page, "--format", "jsonl", *more).stdout.splitlines()]
        for more in ((), ("--model", mine))
    )
    assert any(edit["after"] == "入" for edit in shipped)
    assert shipped != own


@pytest.mark.parametrize("command", ["run", "check", "settings"])
def test_what_is_no_model_is_told(cleaner: Command, command: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.npz"
    for says in ("No such file", "not a language model"):
        paths = () if command == "settings" else (SCANS, *(("-o", tmp_path / "out") if command == "run" else ()))
        result = cleaner(command, *paths, "--model", wrong)
        assert result.exit_code == 2
        assert says in result.stderr
        wrong.write_text("柚子", encoding="utf-8")
