"""Runs: what they write, what they pass over, and what a fault in one document leaves of the others."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner.batch import run as batch_run
from cleaner.batch import work, writer
from cleaner.batch.due import signature
from cleaner.batch.folder import OutFolder, UnusableFolder
from cleaner.batch.run import Interrupted, run
from cleaner.batch.summary import Step, Summary
from cleaner.batch.workers import DIED
from cleaner.chain import Cleaner
from cleaner.files.find import find
from cleaner.ledger.ledger import Ledger
from cleaner.settings import Settings
from cleaner.text.cleaned import Cleaned

ONE_PASS = Settings(only=("characters",))
Runner = Callable[..., Summary]


def clean_files(out: OutFolder) -> dict[str, bytes]:
    return {str(path.relative_to(out.clean)): path.read_bytes() for path in out.clean.rglob("*") if path.is_file()}


def counts(summary: Summary) -> tuple[int, int, int]:
    return summary.cleaned, summary.unchanged, len(summary.failures)


def test_a_run_writes_clean_files_edits_report_and_ledger(cleaned: Runner, out: OutFolder) -> None:
    summary = cleaned()
    assert clean_files(out) == {
        "a.txt": "山里有金子，\n也有银子。\n".encode(),
        "b/c.md": "柚子的香气飘满了山谷，收成比去年好。\n".encode(),
        "b/d.txt": b"",
    }
    (line,) = out.edits.read_text(encoding="utf-8").splitlines()
    edit = json.loads(line)
    assert (edit["document"], edit["start"], edit["end"], edit["line"]) == ("a.txt", 3, 4, 1)
    assert (edit["before"], edit["after"], edit["pass"], edit["band"]) == ("⾦", "金", "characters", "applied")
    assert "山里有" in out.report.read_text(encoding="utf-8")
    assert sorted(os.listdir(out.top)) == ["clean", "edits.jsonl", "ledger.db", "report.html"]
    assert counts(summary) == (3, 0, 0)
    assert summary.edits == {("characters", "applied"): 1}
    assert summary.characters == 13 + 19


def test_the_ledger_holds_every_document_with_its_bytes(cleaned: Runner, scans: Path, out: OutFolder) -> None:
    cleaned()
    with Ledger.open(out.ledger) as ledger:
        documents = {document.name: document for document in ledger.documents()}
        assert list(documents) == ["a.txt", "b/c.md", "b/d.txt"]
        for name in documents:
            assert ledger.source(name) == (scans / name).read_bytes()
        assert ledger.text("b/c.md") == "柚子的香气飘满了山谷，收成比去年好。\n"
    assert documents["b/c.md"].encoding == "gb18030"
    assert (documents["a.txt"].applied, documents["a.txt"].characters) == (1, 13)


def test_what_has_not_changed_is_passed_over(cleaned: Runner, scans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cleaned()
    (scans / "a.txt").write_text("山里有⽊头。\n", encoding="utf-8")
    asked: list[str] = []
    clean = Cleaner.clean

    def noting(self: Cleaner, text: str, **more: object) -> Cleaned:
        asked.append(text)
        return clean(self, text)

    monkeypatch.setattr(Cleaner, "clean", noting)
    assert counts(cleaned()) == (1, 2, 0)
    assert asked == ["山里有⽊头。\n"]


@pytest.mark.parametrize("how", [{"force": True}, {"settings": Settings(skip=("terms",))}, {"encoding": "utf-8"}])
def test_all_is_cleaned_again_when_forced_or_otherwise_set(cleaned: Runner, how: dict[str, object]) -> None:
    cleaned()
    assert counts(cleaned(**how)) == (3, 0, 0)


def test_a_document_whose_clean_file_is_gone_is_cleaned_again(cleaned: Runner, out: OutFolder) -> None:
    cleaned()
    (out.clean / "a.txt").unlink()
    assert counts(cleaned()) == (1, 2, 0)
    assert (out.clean / "a.txt").is_file()


def test_a_clean_file_that_was_edited_is_never_lost(cleaned: Runner, scans: Path, out: OutFolder) -> None:
    cleaned()
    for number in (1, 2):
        (out.clean / "a.txt").write_text(f"edited {number}\n")
        assert counts(cleaned()) == (0, 3, 0)
        assert (out.clean / "a.txt").read_text() == f"edited {number}\n"
        (scans / "a.txt").write_text(f"新的第{number}稿\n", encoding="utf-8")
        cleaned()
        assert (out.clean / "a.txt").read_text(encoding="utf-8") == f"新的第{number}稿\n"
    assert (out.edited / "a.txt").read_text() == "edited 1\n"
    assert (out.edited / "a.txt.2").read_text() == "edited 2\n"


def test_the_same_input_gives_the_same_files(cleaned: Runner, out: OutFolder) -> None:
    cleaned(settings=Settings())
    first = out.edits.read_bytes(), out.report.read_bytes(), clean_files(out)
    cleaned(settings=Settings(), force=True)
    assert (out.edits.read_bytes(), out.report.read_bytes(), clean_files(out)) == first


def test_the_result_does_not_depend_on_the_number_of_processes(scans: Path, tmp_path: Path) -> None:
    for number in range(12):
        (scans / f"{number}.txt").write_text("⾦" * number + "，山谷里的柚子熟了。\n", encoding="utf-8")
    results = []
    for jobs in (1, 3):
        folder = OutFolder(tmp_path / str(jobs))
        summary = run(find([scans]).documents, folder, Settings(), jobs=jobs)
        assert counts(summary) == (15, 0, 0)
        results.append((folder.edits.read_bytes(), clean_files(folder)))
    assert results[0] == results[1]


def test_documents_that_fail_do_not_stop_the_others(cleaned: Runner, scans: Path, out: OutFolder) -> None:
    (scans / "b" / "a.txt").write_bytes(b"%PDF-1.4\n\xe2\xe3")
    summary = cleaned()
    assert counts(summary) == (3, 0, 1)
    assert summary.failures[0][0] == "b/a.txt"
    assert "PDF document" in summary.failures[0][1]
    assert "b/a.txt" not in clean_files(out)
    with Ledger.open(out.ledger) as ledger:
        assert ledger.source("b/a.txt") == b"%PDF-1.4\n\xe2\xe3"
        failed = ledger.document("b/a.txt")
        assert failed is not None
        assert (failed.state, failed.clean) == ("failed", None)
    assert counts(cleaned()) == (0, 3, 1)


def test_a_document_that_fails_now_leaves_no_clean_file_of_before(cleaned: Runner, scans: Path, out: OutFolder) -> None:
    cleaned()
    (scans / "a.txt").write_bytes(b"%PDF-1.4\n")
    cleaned()
    assert "a.txt" not in clean_files(out)
    assert not out.edits.read_bytes()


def test_an_error_in_a_pass_fails_its_document_only(
    cleaned: Runner, out: OutFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean = Cleaner.clean

    def faulty(self: Cleaner, text: str, **more: object) -> Cleaned:
        if "银" in text:
            raise IndexError("out of range")
        return clean(self, text)

    monkeypatch.setattr(Cleaner, "clean", faulty)
    summary = cleaned()
    assert counts(summary) == (2, 0, 1)
    assert "report it: IndexError: out of range (test_batch_run.py, line" in summary.failures[0][1]
    with Ledger.open(out.ledger) as ledger:
        assert ledger.source("a.txt").startswith("山里".encode())


@pytest.mark.parametrize("at_once", [False, True])
def test_a_run_that_is_stopped_keeps_what_is_done_and_goes_on(cleaned: Runner, out: OutFolder, at_once: bool) -> None:
    done: list[str] = []

    def note(step: Step) -> None:
        done.append(step.name)
        if at_once and step.name == "b/c.md":
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as stopped:
        cleaned(progress=note, stop=lambda: len(done) == 2)
    assert (stopped.value.done, stopped.value.total) == (2, 3)
    assert set(clean_files(out)) == {"a.txt", "b/c.md"}
    with Ledger.open(out.ledger) as ledger:
        assert [document.name for document in ledger.documents()] == ["a.txt", "b/c.md"]
    assert out.edits.exists() != at_once  # what is done can be read, unless there was no time for that
    assert counts(cleaned()) == (1, 2, 0)
    assert out.edits.exists()


def test_a_document_is_in_the_ledger_only_when_its_clean_file_is_there(
    cleaned: Runner, out: OutFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(writer, "write", full)
    with pytest.raises(OSError, match="No space"):
        cleaned()
    with Ledger.open(out.ledger) as ledger:
        assert list(ledger.documents()) == []


def test_documents_of_earlier_runs_stay(cleaned: Runner, scans: Path, out: OutFolder) -> None:
    cleaned()
    (scans / "a.txt").unlink()
    summary = cleaned()
    assert counts(summary) == (0, 2, 0)
    assert summary.of_earlier_runs == 1
    assert "a.txt" in clean_files(out)
    assert "⾦" in out.edits.read_text(encoding="utf-8")


def test_another_document_of_the_same_name_is_refused_unless_forced(
    cleaned: Runner, scans: Path, tmp_path: Path, out: OutFolder
) -> None:
    cleaned()
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.txt").write_text("别的\n", encoding="utf-8")
    documents = find([other]).documents
    with pytest.raises(UnusableFolder, match="another document named"):
        run(documents, out, ONE_PASS)
    assert (out.clean / "a.txt").read_text(encoding="utf-8").startswith("山里")
    run(documents, out, ONE_PASS, force=True)
    assert (out.clean / "a.txt").read_text(encoding="utf-8") == "别的\n"


def test_a_folder_that_was_moved_is_the_same_collection(
    cleaned: Runner, scans: Path, tmp_path: Path, out: OutFolder
) -> None:
    cleaned()
    moved = scans.rename(tmp_path / "moved")
    assert counts(run(find([moved]).documents, out, ONE_PASS)) == (0, 3, 0)


def test_undecodable_bytes_are_told_from_the_replacement_character(
    cleaned: Runner, scans: Path, out: OutFolder
) -> None:
    (scans / "a.txt").write_bytes("山里\ufffd有⾦子，".encode() + b"\xff\n")
    cleaned(settings=Settings(only=("characters",)))
    assert (out.clean / "a.txt").read_text(encoding="utf-8").startswith("山里\ufffd有金子，\ufffd")
    with Ledger.open(out.ledger) as ledger:
        assert ledger.text("a.txt") == "山里\ufffd有⾦子，\udcff\n"
    for line in out.edits.read_bytes().splitlines():
        json.loads(line.decode("utf-8"))  # strict: no lone surrogate was written as such


def test_a_guessed_encoding_is_remarked(cleaned: Runner, scans: Path) -> None:
    (scans / "a.txt").write_bytes("これは試験のために書いた文章で、特に意味はありません。".encode("shift_jis"))
    ((name, remark),) = cleaned().remarks
    assert name == "a.txt"
    assert "taken to be cp932" in remark


def test_signatures_tell_settings_apart(tmp_path: Path) -> None:
    lexicon = tmp_path / "l.tsv"
    lexicon.write_text("甲\n", encoding="utf-8")
    one = Settings(lexicons=(lexicon,))
    first = signature(one, None)
    assert first == signature(one, None)
    assert first != signature(one, "gb18030")
    assert first != signature(Settings(), None)
    lexicon.write_text("乙\n", encoding="utf-8")
    assert first != signature(one, None)


def test_a_process_that_dies_fails_its_document(scans: Path) -> None:
    task = work.Task("a.txt", scans / "a.txt", "a.txt", ONE_PASS)
    document = batch_run.died(task, DIED).document
    assert document is not None
    assert (document.state, document.has_source) == ("failed", True)
    assert "memory" in document.message
