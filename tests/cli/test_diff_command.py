"""`cleaner diff`: the edits of a run, as a person reads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from cleaner.chain import Cleaner
from cleaner.text.cleaned import Cleaned
from cleaner.text.edits import Band, Edit

Command = Callable[..., Result]


@pytest.fixture
def done(cleaner: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run over two pages, of which one has an edit of every kind, and a file that failed."""
    scans = tmp_path / "scans"
    scans.mkdir()
    (scans / "a.txt").write_text("图注\n山里有 ⾦子，也有\r\n银子。\x07\n", encoding="utf-8")
    (scans / "b.txt").write_text("山谷\n", encoding="utf-8")
    (scans / "c.txt").write_bytes(b"%PDF-1.7")

    def edited(self: Cleaner, text: str) -> Cleaned:
        if text == "山谷\n":
            return Cleaned(text, text)
        applied = (
            Edit(start=0, end=2, before="图注", after="图注", rule="wraps/caption", band=Band.APPLIED, confidence=0.9,
                 line=1, kind="move", to=len(text)),
            Edit(start=6, end=8, before=" ⾦", after="金", rule="characters/radical", band=Band.APPLIED, confidence=0.999,
                 line=2),
        )  # fmt: skip
        suggested = Edit(start=11, end=12, before="有", after="友", rule="misreads/look-alike", band=Band.SUGGESTED,
                         confidence=0.41, line=2)  # fmt: skip
        flag = Edit(start=14, end=16, before="银子", after=None, rule="garble/loop", band=Band.FLAGGED, confidence=1.0,
                    line=3)  # fmt: skip
        return Cleaned(text, text, applied, (suggested,), (flag,))

    with monkeypatch.context() as patched:
        patched.setattr(Cleaner, "clean", edited)
        assert cleaner("run", scans, "-o", tmp_path / "out").exit_code == 3
    return tmp_path / "out"


def test_every_edit_stands_in_its_context(cleaner: Command, done: Path) -> None:
    result = cleaner("diff", done)
    assert result.exit_code == 0
    lines = [line.strip() for line in result.stdout.splitlines()]
    assert "a.txt  2 applied, 1 suggested, 1 flagged" in lines
    assert [line for line in lines if line.startswith(("1 ", "2 ", "3 "))] == [
        "1  ✓ applied    0.90  wraps/caption",
        "2  ✓ applied    1.00  characters/radical",
        "2  ? suggested  0.41  misreads/look-alike",
        "3  ! flagged    1.00  garble/loop",
    ]
    assert "[=图注=] moves to line 4" in lines
    assert "山里有[-␣⾦-]{+金+}子，也有" in lines
    assert "山里有 ⾦子，也[-有-]{+友+}" in lines
    assert "[!银子!]。U+0007" in lines
    assert any(line.startswith("c.txt  failed: a PDF document") for line in lines)
    assert "b.txt" not in result.stdout


def test_bands_passes_and_documents_can_be_chosen(cleaner: Command, done: Path) -> None:
    assert "✓" not in cleaner("diff", done, "--band", "suggested,flagged").stdout
    only = cleaner("diff", done, "a.txt", "--only", "wraps").stdout
    assert "wraps/caption" in only
    assert "radical" not in only
    assert "b.txt  0 applied" in cleaner("diff", done, "b.txt").stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["a.tx"], "did you mean 'a.txt'"),
        (["--band", "maybe"], "no band named 'maybe'"),
        (["--only", "spacing"], "no pass named 'spacing'"),
    ],
)
def test_wrong_usage(cleaner: Command, done: Path, arguments: list[str], says: str) -> None:
    result = cleaner("diff", done, *arguments)
    assert result.exit_code == 2
    assert says in result.stderr


def test_a_folder_that_no_run_wrote(cleaner: Command, tmp_path: Path) -> None:
    result = cleaner("diff", tmp_path)
    assert result.exit_code == 2
    assert "there is no ledger" in result.stderr
