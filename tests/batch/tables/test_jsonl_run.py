"""JSONL in, JSONL out: rows cleaned, everything else as it was."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner.batch.folder import OutFolder
from cleaner.batch.summary import Summary
from cleaner.batch.tables import edits, jsonl, unfinished
from cleaner.batch.tables.rows import Piece, PieceCleaned, TableSettings
from cleaner.ledger.ledger import Ledger

Runner = Callable[..., Summary]


def lines(number: int) -> bytes:
    """So many lines of JSONL; each third has something to mend."""
    rows = ({"id": n, "text": f"第{n}座山里有{'⾦' if n % 3 == 0 else '金'}子"} for n in range(1, number + 1))
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def content(path: Path) -> bytes:
    """What a file holds, unpacked."""
    if path.suffix == ".zst":
        zstandard = pytest.importorskip("zstandard")
        with path.open("rb") as stream:
            return bytes(zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True).read())
    raw = path.read_bytes()
    return gzip.decompress(raw) if path.suffix == ".gz" else raw


def packed(raw: bytes, suffix: str) -> bytes:
    """A file's bytes, in two members or frames."""
    half = len(raw) // 2
    if suffix == ".gz":
        return gzip.compress(raw[:half]) + gzip.compress(raw[half:])
    if suffix == ".zst":
        compress = pytest.importorskip("zstandard").ZstdCompressor().compress
        return bytes(compress(raw[:half]) + compress(raw[half:]))
    return raw


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_rows_are_cleaned_and_their_edits_told(
    tmp_path: Path, out: OutFolder, cleaned: Runner, monkeypatch: pytest.MonkeyPatch, suffix: str, jobs: int
) -> None:
    monkeypatch.setattr(jsonl, "SIZE", 100)  # many pieces
    source = tmp_path / f"rows.jsonl{suffix}"
    source.write_bytes(packed(lines(50), suffix))
    summary = cleaned(source, jobs=jobs)
    assert (summary.cleaned, summary.failures) == (1, [])
    assert content(out.clean / source.name) == lines(50).replace("⾦".encode(), "金".encode())
    edits = [json.loads(line) for line in out.edits.read_text(encoding="utf-8").splitlines()]
    assert [(e["document"], e["row"], e["before"], e["after"]) for e in edits] == [
        (source.name, row, "⾦", "金") for row in range(3, 51, 3)
    ]
    assert summary.edits == {("characters", "applied"): 16}
    assert not out.unfinished.exists()


def test_lines_without_a_text_are_kept_and_told_again_and_again(
    tmp_path: Path, out: OutFolder, cleaned: Runner
) -> None:
    source = tmp_path / "rows.jsonl"
    broken = [b'{"text": "\xe2\xbe\xa6"}\n', b"\n", b"{broken\n", b'{"title": 1}\n', b'{"text": 5}\r\n', b'{"text":"\xff"}\n',
              b'{"text": null}\n', b'{"text":"\xe2\xbe\xa6"}']  # fmt: skip
    source.write_bytes(b"".join(broken))
    summary = cleaned(source)
    ((name, told),) = summary.incomplete
    assert name == "rows.jsonl"
    assert told.startswith("4 of 8 rows kept as they are: row 3: not JSON")
    assert "row 4: no field text (there are: title)" in told
    assert "row 5: text holds a number, not text" in told
    assert "row 6: not UTF-8" in told
    clean = (out.clean / "rows.jsonl").read_bytes()
    assert clean == source.read_bytes().replace("⾦".encode(), "金".encode())
    again = cleaned(source)
    assert (again.unchanged, again.incomplete) == (1, summary.incomplete)


def test_a_table_without_the_field_fails_at_once(tmp_path: Path, out: OutFolder, cleaned: Runner) -> None:
    (tmp_path / "rows.jsonl").write_bytes(lines(20))
    summary = cleaned(tmp_path / "rows.jsonl", column="txet")
    assert summary.failures == [
        ("rows.jsonl", "none of its first 20 rows has a text to clean; row 1: no field txet (there are: id, text); "
         "did you mean text?")
    ]  # fmt: skip
    assert not (out.clean / "rows.jsonl").exists()


def test_edits_and_quality_are_added_when_asked_for(tmp_path: Path, out: OutFolder, cleaned: Runner) -> None:
    (tmp_path / "rows.jsonl").write_bytes(lines(3))
    cleaned(tmp_path / "rows.jsonl", edits=True, quality=True)
    rows = [json.loads(line) for line in (out.clean / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [list(row) for row in rows] == [["id", "text", "edits", "quality"]] * 3
    assert [len(row["edits"]) for row in rows] == [0, 0, 1]
    assert "document" not in rows[2]["edits"][0]
    assert all(0 <= row["quality"] <= 1 for row in rows)


def test_a_run_that_was_stopped_goes_on_in_the_middle(
    tmp_path: Path, out: OutFolder, cleaned: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl, "SIZE", 100)
    monkeypatch.setattr(unfinished, "EVERY", 0)
    source = tmp_path / "rows.jsonl"
    source.write_bytes(lines(60))
    taken: list[int] = []

    def add(self: unfinished.Unfinished, done: PieceCleaned, add=unfinished.Unfinished.add) -> None:  # type: ignore[no-untyped-def]
        taken.append(done.piece.first_row)
        if len(taken) == 6:
            self.clean.write_bytes(self.clean.read_bytes() + b"half a li")  # what a power cut leaves behind
            raise OSError("no space left")
        add(self, done)

    monkeypatch.setattr(unfinished.Unfinished, "add", add)
    with pytest.raises(OSError, match="no space"):
        cleaned(source)
    assert not out.clean.exists()
    cleaned(source)
    assert taken[6] == taken[5]
    assert sorted(set(taken)) == taken[:5] + taken[6:]
    assert (out.clean / "rows.jsonl").read_bytes() == lines(60).replace("⾦".encode(), "金".encode())
    assert out.edits.read_bytes().count(b"\n") == 20


def test_what_was_begun_with_other_settings_is_begun_anew(
    tmp_path: Path, out: OutFolder, cleaned: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "rows.jsonl"
    source.write_bytes(lines(5))
    cleaned(source)
    assert cleaned(source).unchanged == 1
    assert cleaned(source, edits=True).cleaned == 1
    source.write_bytes(lines(6))
    assert cleaned(source, edits=True).cleaned == 1
    assert cleaned(source, edits=True, force=True).cleaned == 1


def test_a_line_that_is_too_long_is_passed_through(tmp_path: Path) -> None:
    long = b'{"text": "' + b"a" * 700_000 + b'"}\n'
    (tmp_path / "rows.jsonl").write_bytes(lines(2) + long + lines(2))
    with (tmp_path / "rows.jsonl").open("rb") as stream:
        found = list(
            jsonl.pieces(stream, Piece(0, "rows.jsonl", "jsonl", TableSettings(), b"", 0, jsonl.BEGIN), most=300_000)
        )
    done = [jsonl.cleaned(piece) for piece in found]
    assert [d.piece.first_row for d in done] == [1, 3, 3, 4]
    assert sum(d.tally.rows for d in done) == 5
    assert [p for d in done for p in d.tally.problems] == [(3, "too long to be cleaned with the memory there is")]
    assert b"".join(d.content for d in done).count(long) == 1


def test_a_damaged_file_fails_and_the_others_are_done(tmp_path: Path, out: OutFolder, cleaned: Runner) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines(50))[:200])
    (tmp_path / "b.jsonl").write_bytes(lines(3))
    (tmp_path / "c.jsonl").write_bytes(b"")
    summary = cleaned(tmp_path)
    assert summary.cleaned == 2
    ((name, told),) = summary.failures
    assert name == "a.jsonl.gz"
    assert told.startswith("damaged")
    assert (out.clean / "c.jsonl").read_bytes() == b""


def test_the_report_shows_some_edits_and_counts_all(
    tmp_path: Path, out: OutFolder, cleaned: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edits, "MOST_SHOWN", 4)
    (tmp_path / "rows.jsonl").write_bytes(lines(60))
    (tmp_path / "z.txt").write_text("⾦", encoding="utf-8")
    summary = cleaned(tmp_path)
    assert summary.edits.total() == 21
    with Ledger.open(out.ledger) as ledger:
        assert len(list(ledger.lines("rows.jsonl"))) == 4
        assert sum(number for _, _, number in ledger.confidences()) == 21
    assert out.edits.read_bytes().count(b"\n") == 21
    assert '"leftOut": 16' in out.report.read_text(encoding="utf-8")
