"""The ledger: what is written comes back, and only whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cleaner.ledger.ledger import Document, Ledger, LedgerError, Row, compressed
from cleaner.ledger.schema import SCHEMA_VERSION
from cleaner.text.records import as_line

DOCUMENT = Document(
    name="卷一/a.txt", path="scans/卷一/a.txt", clean="卷一/a.txt", clean_sha256="c", sha256="s", size=3, encoding="utf-8",
    bom=False, certain=True, state="done", message="", at="2026-03-01T08:30:00+00:00", settings="x", version="0.1.0",
    has_source=True, characters=1, applied=1,
)  # fmt: skip


def edit(start: int, band: str = "applied") -> Row:
    record = as_line({"start": start, "band": band})
    return Row("id", start, start + 1, 1, "spaces", "spaces/x", band, 0.9, record)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


def test_documents_edits_and_sources_come_back(path: Path) -> None:
    with Ledger.begin(path) as ledger:
        ledger.put(DOCUMENT, compressed("山".encode()), [edit(3), edit(7, "suggested")])
        ledger.put(replace(DOCUMENT, name="a.txt", has_source=False), None, [edit(1)])
    with Ledger.open(path) as ledger:
        assert list(ledger.documents()) == [replace(DOCUMENT, name="a.txt", has_source=False), DOCUMENT]
        assert ledger.document("卷一/a.txt") == DOCUMENT
        assert ledger.document("b.txt") is None
        assert [record["start"] for record in ledger.edits()] == [1, 3, 7]
        assert [record["start"] for record in ledger.edits("卷一/a.txt")] == [3, 7]
        assert ledger.counts() == {("spaces", "applied"): 2, ("spaces", "suggested"): 1}
        assert ledger.source("卷一/a.txt") == "山".encode()
        assert ledger.text("卷一/a.txt") == "山"
        with pytest.raises(LedgerError, match="holds no copy"):
            ledger.source("a.txt")
        with pytest.raises(LedgerError, match="no document named"):
            ledger.source("b.txt")


def test_a_document_takes_the_place_of_the_one_before(path: Path) -> None:
    with Ledger.begin(path) as ledger:
        ledger.put(DOCUMENT, None, [edit(3), edit(7)])
        ledger.put(replace(DOCUMENT, sha256="t"), None, [edit(5)])
        assert [document.sha256 for document in ledger.documents()] == ["t"]
        assert [record["start"] for record in ledger.edits()] == [5]


def test_a_document_is_written_whole_or_not_at_all(path: Path) -> None:
    def stopped() -> Iterator[Row]:
        yield edit(9)
        raise KeyboardInterrupt

    with Ledger.begin(path) as ledger:
        ledger.put(DOCUMENT, None, [edit(3)])
        with pytest.raises(KeyboardInterrupt):
            ledger.put(replace(DOCUMENT, sha256="t"), None, stopped())
    with Ledger.open(path) as ledger:
        assert [document.sha256 for document in ledger.documents()] == ["s"]
        assert [record["start"] for record in ledger.edits()] == [3]


def test_names_that_are_not_utf_8_and_odd_messages(path: Path) -> None:
    odd = replace(
        DOCUMENT, name="\udcbe\udcfb.txt", path="/x/\udcbe\udcfb.txt", clean="\udcbe\udcfb.txt", message="\udcff"
    )
    with Ledger.begin(path) as ledger:
        ledger.put(odd, compressed(b"x"), [])
    with Ledger.open(path) as ledger:
        assert list(ledger.documents()) == [replace(odd, message="\\udcff")]
        assert ledger.source(odd.name) == b"x"


def test_one_run_at_a_time(path: Path) -> None:
    with Ledger.begin(path) as ledger:
        ledger.put(DOCUMENT, None, [])
        for opened in (Ledger.begin, Ledger.open):
            with pytest.raises(LedgerError, match="another run is writing"):
                opened(path)


def test_a_finished_ledger_is_one_file_readable_from_a_read_only_folder(path: Path) -> None:
    with Ledger.begin(path) as ledger:
        ledger.put(DOCUMENT, None, [])
    assert [file.name for file in path.parent.iterdir()] == ["ledger.db"]
    assert sqlite3.connect(path).execute("PRAGMA journal_mode").fetchone() == ("delete",)


@pytest.mark.parametrize(("version", "says"), [(SCHEMA_VERSION + 1, "a newer version"), (0, "an older version")])
def test_a_ledger_of_another_schema_is_refused(path: Path, version: int, says: str) -> None:
    Ledger.begin(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    for opened in (Ledger.begin, Ledger.open):
        with pytest.raises(LedgerError, match=says):
            opened(path)


def test_other_databases_are_refused(path: Path) -> None:
    with pytest.raises(LedgerError, match="no ledger at"):
        Ledger.open(path)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(LedgerError, match="not a ledger of cleaner"):
        Ledger.begin(path)
    path.write_bytes(b"not SQLite at all" * 99)
    with pytest.raises(LedgerError, match="not a ledger of cleaner"):
        Ledger.open(path)
