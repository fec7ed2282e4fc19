"""Runs that go on: what is passed over, what is done again and why, and what a kill at any moment leaves."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner.batch import due, work
from cleaner.batch.folder import OutFolder
from cleaner.batch.run import Interrupted, run
from cleaner.batch.status import Now, Status, status
from cleaner.batch.summary import Summary
from cleaner.files.find import find
from cleaner.ledger.ledger import Ledger, LedgerError
from cleaner.settings import Settings

Runner = Callable[..., Summary]

LONG_AGO = 1_700_000_000


def counts(summary: Summary) -> tuple[int, int, int]:
    return summary.cleaned, summary.unchanged, summary.failed


@pytest.fixture
def settled(scans: Path) -> Path:
    """The documents, written long enough ago that their times can be trusted."""
    for path in scans.rglob("*.*"):
        os.utime(path, (LONG_AGO, LONG_AGO))
    return scans


def test_what_size_and_time_say_is_unchanged_is_not_read(
    cleaned: Runner, settled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleaned()
    monkeypatch.setattr("cleaner.batch.run.outcome", lambda task: pytest.fail(f"{task.name} was read"))
    assert counts(cleaned()) == (0, 3, 0)


def test_a_file_that_was_only_touched_is_unchanged_and_remembered(
    cleaned: Runner, settled: Path, out: OutFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleaned()
    os.utime(settled / "a.txt", (LONG_AGO + 9, LONG_AGO + 9))
    assert counts(cleaned()) == (0, 3, 0)
    with Ledger.open(out.ledger) as ledger:
        document = ledger.document("a.txt")
    assert document is not None
    assert document.modified == (LONG_AGO + 9) * 10**9


def test_a_file_written_just_now_is_read_again(cleaned: Runner, scans: Path, out: OutFolder) -> None:
    cleaned()
    path = scans / "a.txt"
    before = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("⾦", "⽊"), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # the same size at the same time
    assert counts(cleaned()) == (1, 2, 0)
    assert "木" in (out.clean / "a.txt").read_text(encoding="utf-8")


def test_the_summary_says_why_documents_were_cleaned_again(cleaned: Runner, settled: Path, out: OutFolder) -> None:
    assert cleaned().why == {due.NEW: 3}
    (settled / "a.txt").write_text("山里有⽊头。\n", encoding="utf-8")
    (out.clean / "b" / "c.md").unlink()
    assert cleaned().why == {due.CHANGED: 1, due.GONE: 1}
    assert cleaned(settings=Settings(skip=("terms",))).why == {due.SETTINGS: 3}
    assert cleaned(settings=Settings(skip=("terms",)), force=True).why == {due.FORCED: 3}


def test_a_finished_run_writes_no_report_again(cleaned: Runner, settled: Path, out: OutFolder) -> None:
    first = cleaned()
    written = out.report.stat().st_mtime_ns, out.edits.stat().st_mtime_ns
    again = cleaned()
    assert (out.report.stat().st_mtime_ns, out.edits.stat().st_mtime_ns) == written
    assert (again.characters, again.edits) == (first.characters, first.edits)
    out.edits.unlink()
    cleaned()
    assert out.edits.exists()


def test_a_ledger_of_the_first_version_is_taken_on(cleaned: Runner, settled: Path, out: OutFolder) -> None:
    import sqlite3

    cleaned()
    with sqlite3.connect(out.ledger) as connection:
        for table in ("files", "runs", "facts"):
            connection.execute(f"DROP TABLE {table}")
    with Ledger.open(out.ledger) as ledger:
        assert [document.modified for document in ledger.documents()] == [None] * 3
    assert isinstance(status(out), Status)
    assert counts(cleaned()) == (0, 3, 0)
    with Ledger.open(out.ledger) as ledger:
        assert [document.modified for document in ledger.documents()] == [LONG_AGO * 10**9] * 3


def test_a_second_run_into_the_same_folder_is_refused(cleaned: Runner, out: OutFolder) -> None:
    def second(step: object) -> None:
        with pytest.raises(LedgerError, match="another run is writing"):
            cleaned()
        now = status(out)
        assert isinstance(now, Now)
        assert (now.pid, now.documents) == (os.getpid(), 3)

    cleaned(progress=second)
    assert not out.running.exists()


def test_the_state_of_a_folder(cleaned: Runner, scans: Path, out: OutFolder) -> None:
    (scans / "b" / "e.txt").write_bytes(b"%PDF-1.4\n")
    with pytest.raises(Interrupted):
        cleaned(stop=iter([False, False, True]).__next__)
    found = status(out)
    assert isinstance(found, Status)
    assert (found.done, found.failed, found.pending) == (2, 0, 2)
    assert found.last is not None
    assert found.last.state == "stopped"
    cleaned()
    found = status(out)
    assert isinstance(found, Status)
    assert (found.done, found.failed, found.pending, found.characters) == (3, 1, 0, 13 + 19)
    assert [part.settings for part in found.mixture] == [{"only": ["characters"]}]


def test_without_sources_the_originals_come_from_where_they_are(cleaned: Runner, scans: Path, out: OutFolder) -> None:
    cleaned(sources=False)
    with Ledger.open(out.ledger) as ledger:
        assert not any(document.has_source for document in ledger.documents())
        assert ledger.source("a.txt") == (scans / "a.txt").read_bytes()
        (scans / "a.txt").write_text("changed", encoding="utf-8")
        with pytest.raises(LedgerError, match="has changed since"):
            ledger.source("a.txt")
        (scans / "a.txt").unlink()
        with pytest.raises(LedgerError, match="No such file"):
            ledger.source("a.txt")


def test_members_of_archives_are_cleaned_in_place(tmp_path: Path, out: OutFolder) -> None:
    path = tmp_path / "scans.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a.txt", "b/c.txt"):
            archive.writestr(name, "山里有⾦子\n")
    os.utime(path, (LONG_AGO, LONG_AGO))
    run(find([path]).documents, out, Settings(only=("characters",)))
    assert (out.clean / "scans.zip" / "b" / "c.txt").read_text(encoding="utf-8") == "山里有金子\n"
    with Ledger.open(out.ledger) as ledger:
        assert ledger.source("scans.zip/b/c.txt") == "山里有⾦子\n".encode()
        assert not any(document.has_source for document in ledger.documents())
    assert counts(run(find([path]).documents, out, Settings(only=("characters",)))) == (0, 2, 0)


def slow(task: work.Task) -> work.Outcome:
    """An outcome that takes long, or ends its process, as the document asks."""
    text = task.path.read_text(encoding="utf-8")
    if "slow" in text:
        time.sleep(60)
    if "deadly" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    return work.outcome(task)


def test_documents_that_take_too_long_or_kill_their_process_fail_alone(
    cleaned: Runner, scans: Path, out: OutFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (scans / "0.txt").write_text("slow", encoding="utf-8")
    (scans / "b" / "1.txt").write_text("deadly", encoding="utf-8")
    monkeypatch.setattr("cleaner.batch.run.outcome", slow)
    (scans / "b" / "c.md").write_text("UTF-8 like the others", encoding="utf-8")
    summary = cleaned(jobs=2, timeout=1.5)
    assert counts(summary) == (3, 0, 2)
    told = dict(summary.failures)
    assert "not done within 1.5 seconds" in told["0.txt"]
    assert "died" in told["b/1.txt"]
    with Ledger.open(out.ledger) as ledger:
        assert ledger.source("0.txt") == b"slow"


def test_names_of_all_kinds(tmp_path: Path, out: OutFolder) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    names = [
        "new\nline.txt",
        "📄页.txt",
        os.fsdecode("卷一".encode("gb18030")) + ".txt",
        " .txt",
        "-o.txt",
        "a'b\"c;$(x).txt",
    ]
    for name in names:
        (folder / name).write_text("山里有⾦子\n", encoding="utf-8")
    (folder / "loop").symlink_to(folder)
    (folder / "self.txt").symlink_to("self.txt")
    os.mkfifo(folder / "pipe.txt")
    findings = find([folder])
    assert findings.others == {"links to folders": 1, "pipes, devices, broken links": 2}
    assert counts(run(findings.documents, out, Settings(only=("characters",)))) == (6, 0, 0)
    assert sorted(os.listdir(out.clean)) == sorted(names)
    assert {json.loads(line)["document"] for line in out.edits.read_text("utf-8").splitlines()} >= {
        "new\nline.txt",
        "-o.txt",
    }


def test_a_name_too_long_for_a_clean_file_fails_its_document(tmp_path: Path, out: OutFolder) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("页" * 90 + ".txt", "x")
        archive.writestr("b.txt", "y")
    summary = run(find([tmp_path / "a.zip"]).documents, out, Settings(only=("characters",)))
    assert counts(summary) == (1, 0, 1)
    assert "File name too long" in summary.failures[0][1]


def test_files_that_vanish_or_cannot_be_read_fail_alone(cleaned: Runner, scans: Path, out: OutFolder) -> None:
    documents = find([scans]).documents
    (scans / "a.txt").unlink()
    closed = scans / "b" / "c.md"
    closed.unlink()
    closed.mkdir()
    summary = run(documents, out, Settings(only=("characters",)))
    assert counts(summary) == (1, 0, 2)
    assert [message.partition(";")[0] for _, message in summary.failures] == [
        "cannot be read: No such file or directory", "not a file but a folder",
    ]  # fmt: skip


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="only root can mount a small disk")
def test_a_full_disk_stops_the_run_and_it_goes_on_once_there_is_room(tmp_path: Path) -> None:
    scans, disk = tmp_path / "scans", tmp_path / "disk"
    scans.mkdir()
    disk.mkdir()
    for number in range(40):
        (scans / f"{number:02}.txt").write_text(f"山里有⾦子{number}\n" * 200, encoding="utf-8")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a tmpfs cannot be mounted here")
    try:
        out = OutFolder(disk / "out")
        with pytest.raises((OSError, LedgerError), match=r"No space left|full"):
            run(find([scans]).documents, out, Settings(only=("characters",)), sources=False)
        subprocess.run(["mount", "-o", "remount,size=50m", disk], check=True)
        done = run(find([scans]).documents, out, Settings(only=("characters",)), sources=False)
        assert done.cleaned + done.unchanged == 40
        assert len(out.edits.read_bytes().splitlines()) == 40 * 200
        assert not list(out.top.rglob(".cleaner-*"))
    finally:
        subprocess.run(["umount", disk], check=True)


def program(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "cleaner", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=120, check=False)


def test_a_run_killed_at_any_moment_comes_out_the_same(tmp_path: Path) -> None:
    from kills import compare, documents, killed_and_resumed

    scans = documents(tmp_path / "scans", 300)
    undisturbed = tmp_path / "undisturbed"
    start = time.monotonic()
    assert program("run", scans, "-o", undisturbed, "--jobs", "2", "-q", "--only", "characters").returncode == 0
    took = time.monotonic() - start
    out = tmp_path / "out"
    killed_and_resumed(scans, out, random.Random(7), kills=3, longest=took, options=("--only", "characters"))
    assert not compare(undisturbed, out, scans, tmp_path / "restored")


def test_a_ledger_that_a_kill_left_without_tables_is_made_anew(cleaned: Runner, scans: Path, out: OutFolder) -> None:
    out.top.mkdir()
    connection = sqlite3.connect(out.ledger)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    out.check([scans])
    assert cleaned().cleaned == 3


def test_a_file_of_somebody_else_is_no_ledger(scans: Path, out: OutFolder) -> None:
    out.top.mkdir()
    connection = sqlite3.connect(out.ledger)
    connection.execute("CREATE TABLE notes (text TEXT)")
    connection.close()
    with pytest.raises(LedgerError, match="not a ledger"):
        out.check([scans])
