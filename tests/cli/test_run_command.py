"""`cleaner run`: what it writes, says and returns."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Command = Callable[..., Result]

STATUS_STOPPED = 130


def program(*arguments: object, **how: object) -> subprocess.CompletedProcess[bytes]:
    """The command as a process of its own."""
    command = [sys.executable, "-m", "cleaner", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=60, **how)  # type: ignore[call-overload,no-any-return]


def test_a_folder_comes_out_clean_with_a_summary(cleaner: Command, scans: Path, out: Path) -> None:
    result = cleaner("run", scans, "-o", out)
    assert result.exit_code == 0, result.output
    assert "9 documents: 9 cleaned" in result.stdout
    assert "characters" in result.stdout
    assert "applied" in result.stdout
    assert str(out / "report.html") in result.stdout
    assert sorted(path.name for path in out.iterdir()) == ["clean", "edits.jsonl", "ledger.db", "report.html"]
    clean = {str(path.relative_to(out / "clean")) for path in (out / "clean").rglob("*") if path.is_file()}
    assert clean == {str(path.relative_to(scans)) for path in scans.rglob("*") if path.is_file()}
    assert (out / "clean" / "utf-8.txt").read_text(encoding="utf-8") == "山里有金子，\n也有银子。\n"
    assert (out / "clean" / "empty.txt").read_bytes() == b""
    for path in (out / "clean").rglob("*.txt"):
        raw = path.read_bytes()
        assert b"\r" not in raw
        assert raw.decode("utf-8").endswith("\n") or not raw
        assert not raw.endswith(b"\n\n")


def test_edits_have_the_keys_of_the_contract_and_point_into_the_source(
    cleaner: Command, scans: Path, out: Path
) -> None:
    cleaner("run", scans, "-o", out, "--only", "characters,garble")
    edits = [json.loads(line) for line in (out / "edits.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(e["document"], e["start"]) for e in edits] == sorted((e["document"], e["start"]) for e in edits)
    (edit,) = (e for e in edits if e["document"] == "utf-8.txt")
    assert {key: edit[key] for key in ("start", "end", "line", "before", "after", "pass", "band")} == {
        "start": 3, "end": 4, "line": 1, "before": "⾦", "after": "金", "pass": "characters", "band": "applied",
    }  # fmt: skip
    for edit in edits:
        assert edit["rule"].startswith(edit["pass"] + "/")
        assert 0 <= edit["confidence"] <= 1
        assert edit["id"]


def test_a_second_run_passes_over_what_is_done(cleaner: Command, scans: Path, out: Path) -> None:
    cleaner("run", scans, "-o", out)
    edits = (out / "edits.jsonl").read_bytes()
    again = cleaner("run", scans, "-o", out)
    assert again.exit_code == 0
    assert "9 unchanged since the last run" in again.stdout
    forced = cleaner("run", scans, "-o", out, "--force")
    assert "9 cleaned" in forced.stdout
    assert (out / "edits.jsonl").read_bytes() == edits


def test_quiet_says_nothing(cleaner: Command, scans: Path, out: Path) -> None:
    result = cleaner("run", scans, "-o", out, "--quiet")
    assert (result.exit_code, result.output) == (0, "")


def test_a_binary_file_fails_and_the_others_are_done(cleaner: Command, scans: Path, out: Path) -> None:
    (scans / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    result = cleaner("run", scans, "-o", out, "--quiet")
    assert result.exit_code == 3
    assert result.stderr.splitlines()[0] == "1 document failed:"
    assert "image.txt: a PNG image, not plain text" in result.stderr
    assert (out / "clean" / "utf-8.txt").exists()
    assert not (out / "clean" / "image.txt").exists()
    assert "utf-8.txt" in (out / "edits.jsonl").read_text(encoding="utf-8")


def test_other_files_are_counted(cleaner: Command, scans: Path, out: Path) -> None:
    (scans / "a.pdf").touch()
    (scans / "b.PDF").touch()
    assert "passed over: 2 .pdf" in cleaner("run", scans, "-o", out).stdout


def test_settings_and_options(cleaner: Command, scans: Path, tmp_path: Path) -> None:
    (tmp_path / "cleaner.toml").write_text('skip = ["characters"]\n')
    for number, (how, text) in enumerate(
        {
            ("--skip", "characters,terms"): "山里有⾦子",
            ("--settings", tmp_path / "cleaner.toml"): "山里有⾦子",
            ("--only", "characters"): "山里有金子",
            ("--only", "spaces, wraps"): "山里有⾦子",
            ("--convert", "s2t"): "山裏有金子",
        }.items()
    ):
        out = tmp_path / str(number)
        result = cleaner("run", scans / "utf-8.txt", "-o", out, *how)
        assert result.exit_code == 0, result.output
        assert (out / "clean" / "utf-8.txt").read_text(encoding="utf-8").startswith(text), how


def test_furniture_is_kept_when_asked(cleaner: Command, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(
        "山谷里的柚子熟了，农户们忙着采摘装箱。\n\n— 12 —\n\n合作社的仓库堆满了刚摘下来的果子。\n", encoding="utf-8"
    )
    for number, how in enumerate([(), ("--keep", "furniture")]):
        out = tmp_path / str(number)
        assert cleaner("run", page, "-o", out, *how).exit_code == 0
        assert ("12" in (out / "clean" / "page.txt").read_text(encoding="utf-8")) == bool(how)


def test_an_encoding_named_overrules(cleaner: Command, tmp_path: Path, out: Path) -> None:
    (tmp_path / "a.txt").write_bytes("山谷".encode("gb18030"))
    assert cleaner("run", tmp_path / "a.txt", "-o", out, "--encoding", "latin-1", "--only", "garble").exit_code == 0
    assert (out / "clean" / "a.txt").read_text(encoding="utf-8") == "山谷".encode("gb18030").decode("latin-1") + "\n"


def test_several_paths_keep_their_folders(cleaner: Command, scans: Path, tmp_path: Path, out: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "utf-8.txt").write_text("山谷\n", encoding="utf-8")
    assert cleaner("run", scans, tmp_path / "more", "-o", out).exit_code == 0
    assert (out / "clean" / "scans" / "gb" / "gb18030.txt").exists()
    assert (out / "clean" / "more" / "utf-8.txt").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["SCANS"], "-o OUT"),
        (["SCANS/nothing", "-o", "OUT"], "nothing at"),
        (["SCANS", "-o", "SCANS/out"], "inside the input folder"),
        (["SCANS", "-o", "SCANS/utf-8.txt"], "is a file"),
        (["SCANS", "-o", "."], "lies inside ."),
        (["SCANS", "-o", "other"], "not empty, and no run of cleaner wrote it"),
        (["SCANS", "SCANS/../other", "-o", "OUT", "--only", "spacing"], "did you mean 'spaces'"),
        (["SCANS", "-o", "OUT", "--encoding", "gbq"], "no text encoding named 'gbq'"),
        (["SCANS", "-o", "OUT", "--settings", "missing.toml"], "missing.toml: No such file"),
        (["SCANS", "-o", "OUT", "--lexicon", "missing.tsv"], "missing.tsv"),
        (["SCANS", "-o", "OUT", "--convert", "s2x"], "s2"),
        (["SCANS", "-o", "OUT", "--keep", "spaces"], "furniture"),
        (["SCANS", "-o", "OUT", "--jobs", "0"], "--jobs"),
        (["SCANS", "-o", "OUT", "--edits", "e.jsonl"], "--edits goes with -"),
        (["-", "-o", "OUT"], "leave out"),
        (["-", "SCANS"], "leave out"),
        (["SCANS/gb/..", "SCANS/../empty", "-o", "OUT", "--no-such-option"], "no-such-option"),
        (["SCANS/../empty", "-o", "OUT"], "no .txt or .md file"),
        ([], "PATH"),
    ],
)
def test_wrong_usage_is_explained(
    cleaner: Command, scans: Path, sources: dict[str, bytes], out: Path, arguments: list[str], says: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(scans.parent)
    (scans.parent / "empty").mkdir()
    (scans.parent / "other").mkdir()
    (scans.parent / "other" / "thesis.doc").write_text("mine", encoding="utf-8")
    result = cleaner("run", *(argument.replace("SCANS", "scans").replace("OUT", "out") for argument in arguments))
    assert result.exit_code == 2, result.output
    assert says in result.stderr
    assert not out.exists()
    assert {str(path.relative_to(scans)) for path in scans.rglob("*") if path.is_file()} == set(sources)


def test_names_that_clash_are_refused_before_any_work(cleaner: Command, tmp_path: Path, out: Path) -> None:
    for folder in ("1", "2"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text("山谷\n", encoding="utf-8")
    result = cleaner("run", tmp_path / "1" / "a.txt", tmp_path / "2" / "a.txt", "-o", out)
    assert result.exit_code == 2
    assert "clean/a.txt" in result.stderr
    assert not out.exists()


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(tmp_path: Path, out: Path) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    text = "山谷里的柚子熟了，农户们忙着采摘装箱，合作社的仓库里堆满了刚摘下来的果子。\n"
    for number in range(9):
        (scans / f"{number}.txt").write_text(text * 10_000, encoding="utf-8")
    command = [sys.executable, "-m", "cleaner", "run", str(scans), "-o", str(out), "--jobs", "2"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    deadline = time.monotonic() + 50
    while not list(out.glob("clean/*.txt")) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=40)
    assert process.returncode == STATUS_STOPPED, stderr
    assert b"of 9 documents are done and kept; run the same command again to go on" in stderr
    assert b"Traceback" not in stderr
    assert not stdout
    assert not list(out.rglob("*.part"))


def test_the_filter_cleans_standard_input_and_writes_nothing_else(tmp_path: Path) -> None:
    done = program("run", "-", input="山里有⾦子，\n也有银子。".encode(), cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "山里有金子，\n也有银子。".encode(), b"")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("source", "clean"),
    [
        ("山里有⾦子。\r\n也有银子。\r\n".encode(), "山里有金子。\r\n也有银子。\r\n".encode()),
        ("山里有⾦子".encode("utf-8-sig"), "山里有金子".encode()),
        ("山里有金子，银子也有不少。\n".encode("gb18030"), "山里有金子，银子也有不少。\n".encode()),
        ("山里\n".encode("utf-16"), "山里\n".encode()),
        ("山里有⾦子".encode() + b"\xff\n", "山里有金子\ufffd\n".encode()),
        (b"", b""),
    ],
)
def test_the_filter_keeps_line_ends_and_writes_utf_8(cleaner: Command, source: bytes, clean: bytes) -> None:
    result = cleaner("run", "-", "--only", "characters", input=source)
    assert result.exit_code == 0
    assert result.stdout_bytes == clean


def test_the_filter_writes_its_edits_to_a_file(cleaner: Command, tmp_path: Path) -> None:
    edits = tmp_path / "edits.jsonl"
    result = cleaner("run", "-", "--edits", edits, input="山里有⾦子".encode())
    assert result.stdout_bytes == "山里有金子".encode()
    (edit,) = map(json.loads, edits.read_text(encoding="utf-8").splitlines())
    assert (edit["document"], edit["start"], edit["before"], edit["after"]) == ("-", 3, "⾦", "金")


def test_the_filter_refuses_what_is_no_text(cleaner: Command) -> None:
    result = cleaner("run", "-", input=b"%PDF-1.7\n")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "standard input: a PDF document" in result.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m cleaner run - | head -c 3"
    done = subprocess.run(
        command, shell=True, input="山谷里的柚子熟了。\n".encode() * 5_000, capture_output=True, timeout=60
    )
    assert done.stdout == "山".encode()
    assert b"Traceback" not in done.stderr


def test_names_that_are_not_utf_8(tmp_path: Path, out: Path) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    name = "卷一".encode("gb18030") + b".txt"
    (scans / os.fsdecode(name)).write_bytes("山里有⾦子\n".encode())
    (scans / os.fsdecode(b"\xff.txt")).write_bytes(b"%PDF-1.7")
    done = program("run", scans, "-o", out)
    assert done.returncode == 3
    assert b"\\udcff.txt: a PDF document" in done.stderr
    assert os.listdir(os.fsencode(out / "clean")) == [name]
    assert program("restore", out, tmp_path / "dest").returncode == 0
    assert sorted(os.listdir(os.fsencode(tmp_path / "dest"))) == sorted(os.listdir(os.fsencode(scans)))


def test_help_and_version_are_quick_to_come(cleaner: Command) -> None:
    heavy = {"numpy", "rich", "rapidfuzz", "jinja2", "sqlite3", "cleaner.chain", "cleaner.settings"}
    loaded = "import sys; from cleaner.cli.main import main; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout.split()
    assert not heavy & set(modules)
    assert cleaner("--version").stdout.startswith("cleaner ")
    for command in ((), ("run",), ("check",), ("diff",), ("restore",), ("explain",)):
        assert cleaner(*command, "--help").exit_code == 0


def test_a_run_that_was_killed_goes_on(tmp_path: Path, out: Path) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    for number in range(400):
        (scans / f"{number:03}.txt").write_text("山里有⾦子\n", encoding="utf-8")
    command = [sys.executable, "-m", "cleaner", "run", str(scans), "-o", str(out), "--only", "characters"]
    process = subprocess.Popen(command)
    deadline = time.monotonic() + 50
    while not (out / "clean" / "300.txt").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert not (out / "edits.jsonl").exists()
    (out / "clean" / ".cleaner-0.part").touch()
    again = program("run", scans, "-o", out, "--only", "characters")
    assert again.returncode == 0, again.stderr
    assert b"unchanged since the last run" in again.stdout
    assert len((out / "edits.jsonl").read_bytes().splitlines()) == 400
    assert not list(out.rglob("*.part"))


def test_no_connection_is_opened(cleaner: Command, scans: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: asked.append(address))
    assert cleaner("run", scans, "-o", out, "--jobs", "1").exit_code == 0
    assert cleaner("check", scans).exit_code == 1
    assert asked == []
