"""`cleaner diff`: the edits of a run, as a person reads them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
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

    def edited(self: Cleaner, text: str, **more: object) -> Cleaned:
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
    only = cleaner("diff", done, "a.txt", "--pass", "wraps").stdout
    assert "wraps/caption" in only
    assert "radical" not in only
    assert "b.txt  0 applied" in cleaner("diff", done, "b.txt").stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["a.tx"], "did you mean 'a.txt'"),
        (["--band", "maybe"], "no band named 'maybe'"),
        (["--pass", "spacing"], "no pass named 'spacing'"),
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


@pytest.fixture
def cleaned(cleaner: Command, scans: Path, out: Path) -> Path:
    """A run over documents in many encodings."""
    (scans / "name with spaces, 第一页.txt").write_text("山里有⾦子。\n" * 3 + "没有换行的末行,好", encoding="utf-8")
    (scans / 'odd "name".txt').write_text("公司的人驻,\n都办好了.\n", encoding="utf-8")
    (scans / "utf-16.txt").write_text("柚子的香气飘满了⾕地。\n", encoding="utf-16")
    assert cleaner("run", scans, "-o", out).exit_code == 0
    return out


@pytest.mark.parametrize("tool", [["patch", "-p1", "--binary"], ["git", "apply", "-p1"]])
def test_a_patch_makes_the_clean_files_of_the_sources(
    cleaner: Command, cleaned: Path, scans: Path, tool: list[str]
) -> None:
    if shutil.which(tool[0]) is None:
        pytest.skip(f"{tool[0]} is not installed")
    result = cleaner("diff", cleaned, "--format", "unified")
    assert result.exit_code == 0
    assert "utf-16.txt: in utf-16" in result.stderr
    done = subprocess.run(tool, cwd=scans, input=result.stdout_bytes, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    changed = {
        name for name in _names(scans) if b"/" + name.encode() + b"\n" in result.stdout_bytes.replace(b"\t\n", b"\n")
    }
    assert {"utf-8.txt", "crlf.txt", "name with spaces, 第一页.txt"} <= changed
    for name in (*changed, 'odd "name".txt'):
        assert (scans / name).read_bytes() == (cleaned / "clean" / name).read_bytes(), name


def _names(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]


def test_a_patch_of_some_edits_has_no_others(cleaner: Command, cleaned: Path, scans: Path) -> None:
    result = cleaner("diff", cleaned, 'odd "name".txt', "--format", "unified", "--pass", "misreads")
    assert result.stdout == (
        '--- "a/odd \\"name\\".txt"\n+++ "b/odd \\"name\\".txt"\n@@ -1,2 +1,2 @@\n-公司的人驻,\n+公司的入驻,\n 都办好了.\n'
    )


def test_series_count_equal_changes(cleaner: Command, cleaned: Path) -> None:
    lines = cleaner("diff", cleaned, "--series", "--pass", "characters").stdout.splitlines()
    assert "      4 ×  ⾦ → 金  ✓ 4 applied  characters/radical" in lines
    assert all(" applied  characters/" in line for line in lines)


def test_documents_can_be_chosen_by_pattern(cleaner: Command, cleaned: Path) -> None:
    shown = cleaner("diff", cleaned, "--document", "odd*", "--document", "utf-8.*").stdout
    assert "odd" in shown
    assert "utf-8.txt" in shown
    assert "name with spaces" not in shown
    assert "named like x*" in cleaner("diff", cleaned, "--document", "x*").stderr


def test_colour_when_asked_or_on_a_terminal(cleaner: Command, cleaned: Path) -> None:
    assert "\x1b[" in cleaner("diff", cleaned, "--colour", "always").stdout
    assert "\x1b[" not in cleaner("diff", cleaned).stdout
    assert "\x1b[" not in cleaner("diff", cleaned, "--colour", "never").stdout


def test_a_terminal_gets_a_pager(cleaned: Path, tmp_path: Path) -> None:
    pty = pytest.importorskip("pty", reason="terminals are simulated with pty, which Windows lacks")
    pages = tmp_path / "paged"
    master, slave = pty.openpty()
    environment = {**os.environ, "PAGER": f"tee {pages} >/dev/null;:", "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "cleaner", "diff", str(cleaned)]
    subprocess.run(command, stdin=slave, stdout=slave, stderr=slave, env=environment, check=True, timeout=60)
    os.close(slave)
    os.close(master)
    assert "characters/radical" in pages.read_text(encoding="utf-8")
    assert "\x1b[" in pages.read_text(encoding="utf-8")
