"""Tables in, tables out: JSONL and Parquet files cleaned row by row into the folder of a run.

The pieces of all tables go through the same processes, in order; one writer puts together what comes back. A run that was
stopped goes on in the middle of a table. Sources are kept by path and hash, not in the ledger.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path

from cleaner import __version__
from cleaner.batch.due import CHANGED, FORCED, DecisionsTaken, as_json, why_again
from cleaner.batch.folder import OutFolder
from cleaner.batch.running import Running
from cleaner.batch.summary import Step, Summary, told
from cleaner.batch.tables import edits, formats, jsonl, parquet
from cleaner.batch.tables.rows import Piece, PieceCleaned, TableSettings
from cleaner.batch.tables.unfinished import Unfinished
from cleaner.batch.tasks import How
from cleaner.batch.work import MOST_GRAIN, Task, mark_of, together
from cleaner.batch.workers import in_order, jobs_for
from cleaner.files.found import Found
from cleaner.files.read import largest
from cleaner.files.write import replacing
from cleaner.ledger import runs
from cleaner.ledger.ledger import Document, Ledger

MOST_PIECES = 1024
"""Pieces that are counted to tell how many processes are worth starting."""


def run_tables(
    tables: Sequence[Found],
    settings: TableSettings,
    signature: str,
    ledger: Ledger,
    out: OutFolder,
    summary: Summary,
    running: Running,
    how: How,
    *,
    force: bool = False,
) -> bool:
    """Cleans the tables, and keeps what comes out; says whether a person wanted it to end at once.

    `signature` is that of the settings of the run. The result does not depend on the number of processes. Raises OSError
    where the folder cannot be written.
    """
    jobs = how.jobs or jobs_for(size for found in tables for size in _piece_sizes(found))
    work = _Work(tables, settings, signature, ledger, out, summary, running, how, force, largest(jobs))
    try:
        with closing(in_order(work.pieces(), formats.cleaned, formats.died, jobs, how.timeout)) as results:
            for result in results:
                work.take(result)
    except KeyboardInterrupt:
        return True
    finally:
        work.close()
    return False


def _piece_sizes(found: Found) -> list[int]:
    return [jsonl.SIZE] * min(found.size // jsonl.SIZE, MOST_PIECES) + [found.size % jsonl.SIZE]


@dataclass
class _Table:
    """A table in work: its file as it was when it was hashed, what is done of it, and the bytes of it that were told of."""

    found: Found
    sha256: str
    status: tuple[int, int]
    unfinished: Unfinished
    why: str
    told: int = 0


class _Work:
    """The tables of a run, on the way from one state to the next."""

    def __init__(
        self, tables: Sequence[Found], settings: TableSettings, signature: str, ledger: Ledger, out: OutFolder,
        summary: Summary, running: Running, how: How, force: bool, most: int,
    ) -> None:  # fmt: skip
        everywhere = tuple(DecisionsTaken(ledger).everywhere)
        self._settings = replace(settings, decisions=everywhere)
        self._task = Task("", Path(), "", settings.settings, signature=f"{signature}-{_mark(settings)}")
        self._signature = together(self._task.signature, mark_of(everywhere))
        ledger.put_settings(self._task.signature, _as_json(settings))
        self._tables, self._ledger, self._out, self._summary = tables, ledger, out, summary
        self._running, self._how, self._force, self._most = running, how, force, most
        self._begun: dict[int, _Table] = {}
        self._settled: set[int] = set()

    def pieces(self) -> Iterator[Piece]:
        """The pieces of all tables, in order, until it is to stop. One for a table that cannot be read says why."""
        for number, found in enumerate(self._tables):
            if self._how.stop():
                return
            try:
                with found.path.open("rb") as stream:
                    yield from self._pieces(number, found, stream)
            except OSError as error:
                why = f"cannot be read: {error.strerror or error}"
                yield Piece(number, found.name, "", self._settings, b"", 0, {}, last=True, failure=why)

    def _pieces(self, number: int, found: Found, stream: BufferedReader) -> Iterator[Piece]:
        status = _status(found.path)
        sha256, why = self._due(found, stream)
        if not why:
            self._pass_over(number, found)
            return
        format_ = formats.FORMATS[found.table or ""]
        folder = self._out.unfinished / hashlib.sha256(os.fsencode(found.name)).hexdigest()[:16]
        unfinished = Unfinished(folder, f"{sha256} {self._signature} {__version__}", format_.BEGIN)
        table = self._begun[number] = _Table(found, sha256, status, unfinished, why)
        start = Piece(number, found.name, found.table or "", self._settings, b"", 0, unfinished.after)
        stream.seek(0)
        try:
            for piece in format_.pieces(stream, start, self._most):
                yield replace(piece, read=min(stream.tell(), table.status[0]))
                if number in self._settled or self._how.stop():
                    return
        except formats.unreadable() as error:
            yield replace(start, last=True, failure=formats.in_words(error))

    def _due(self, found: Found, stream: BufferedReader) -> tuple[str, str]:
        """The hash of a table, and why it is to be cleaned: nothing where an earlier run made of it what this one would."""
        known = self._ledger.known(found.name)
        clean = str(self._out.clean / found.clean)
        why = FORCED if self._force else why_again(known, self._task, clean)
        if not why and known and known.settings == self._signature and self._out.rows(found.name).is_file():
            if (known.size, known.modified, known.path) == (found.size, found.modified, str(found.path)):
                return known.sha256 or "", ""
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            return sha256, "" if sha256 == known.sha256 else CHANGED
        return hashlib.file_digest(stream, "sha256").hexdigest(), why or CHANGED

    def _pass_over(self, number: int, found: Found) -> None:
        """Counts a table that is as it was, with what could not be done in it."""
        self._summary.unchanged += 1
        earlier = self._ledger.document(found.name)
        if earlier and earlier.message:
            told(self._summary.incomplete, (found.name, earlier.message))
        self._settled.add(number)
        self._how.progress(Step(found.name, found.size, "unchanged"))

    def take(self, result: PieceCleaned) -> None:
        """Keeps a piece that is done, and with its last one the table."""
        piece = result.piece
        if piece.table in self._settled:
            return
        table = self._begun.get(piece.table)
        if piece.failure or table is None:
            self._fail(piece.table, piece.failure)
        elif why := formats.hopeless(result):
            self._fail(piece.table, why)
        else:
            table.unfinished.add(result)
            part, table.told = piece.read - table.told, max(table.told, piece.read)
            if piece.last:
                self._finish(piece.table, table)
            else:
                self._how.progress(Step(piece.document, max(part, 0), "part", characters=result.tally.characters))
        self._running.show()

    def close(self) -> None:
        """Makes what is done of unfinished tables safe, for the next run to go on from."""
        for table in self._begun.values():
            try:
                table.unfinished.keep()
            finally:
                table.unfinished.close()
        with suppress(OSError):  # it is not there, or not empty
            self._out.unfinished.rmdir()

    def _finish(self, number: int, table: _Table) -> None:
        """Puts the clean file and the edits in their places, then the table into the ledger: what is there is whole."""
        found, unfinished, out = table.found, table.unfinished, self._out
        unfinished.keep()
        if _status(found.path) != table.status:
            self._fail(number, "it was changed while it was read; run again")
            return
        clean = _clean_file(table, self._settings)
        with clean.open("rb") as stream:
            clean_sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        known = self._ledger.known(found.name)
        if known and known.clean is not None:
            kept = out.set_aside(known.clean, known.clean_sha256, found.clean, clean_sha256)
            if kept:
                told(self._summary.set_aside, kept)
        for source, target in ((unfinished.edits, out.rows(found.name)), (clean, out.clean / found.clean)):
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
        document = _document(table, self._signature, clean_sha256)
        edits.put(self._ledger, document, unfinished)
        self._summary.cleaned += 1
        self._summary.why[table.why] += 1
        if document.message:
            told(self._summary.incomplete, (found.name, document.message))
        number_of_edits = document.applied + document.suggested + document.flagged
        self._settle(number)
        self._how.progress(
            Step(
                found.name, found.size - table.told, "done", document.message, 0.0, document.characters, number_of_edits
            )
        )

    def _fail(self, number: int, why: str) -> None:
        """Notes a table that could not be cleaned; what an earlier run made of it stays."""
        found, table = self._tables[number], self._begun.get(number)
        known = self._ledger.known(found.name)
        if known and known.state == "done":
            why += "; what an earlier run made of it is kept"
        else:
            self._ledger.put(_failed(found, table, self._signature, why), None, ())
        self._summary.fail(found.name, why)
        self._settle(number)
        self._how.progress(Step(found.name, found.size - (table.told if table else 0), "failed", why))

    def _settle(self, number: int) -> None:
        """Done or given up: nothing of the work on it is kept."""
        if table := self._begun.pop(number, None):
            table.unfinished.remove()
        self._settled.add(number)


def _clean_file(table: _Table, settings: TableSettings) -> Path:
    """The finished clean file, still among what is unfinished. Raises OSError and pyarrow's errors."""
    unfinished = table.unfinished
    if table.found.table != "parquet":
        return unfinished.clean
    whole = unfinished.clean.with_name("whole")
    with table.found.path.open("rb") as source, unfinished.clean.open("rb") as texts, replacing(whole) as target:
        parquet.assemble(source, texts, target, settings)
    return whole


def _document(table: _Table, settings: str, clean_sha256: str) -> Document:
    """A table as the ledger has it when it is done."""
    found, tally, (size, modified) = table.found, table.unfinished.tally, table.status
    return Document(
        name=found.name, path=str(found.path), clean=found.clean, clean_sha256=clean_sha256, sha256=table.sha256,
        size=size, encoding="utf-8", bom=False, certain=True, state="done", message=formats.problems(tally),
        at=runs.now(), settings=settings, version=__version__, has_source=False, characters=tally.characters,
        applied=tally.of_band("applied"), suggested=tally.of_band("suggested"), flagged=tally.of_band("flagged"),
        modified=modified if modified < time.time_ns() - MOST_GRAIN else None,
    )  # fmt: skip


def _failed(found: Found, table: _Table | None, settings: str, why: str) -> Document:
    """A table as the ledger has it when it could not be cleaned."""
    return Document(
        name=found.name, path=str(found.path), clean=None, clean_sha256=None, sha256=table.sha256 if table else None,
        size=found.size, encoding=None, bom=False, certain=False, state="failed", message=why, at=runs.now(),
        settings=settings, version=__version__, has_source=False,
    )  # fmt: skip


def _mark(settings: TableSettings) -> str:
    """A hash of what decides about the result beside the settings."""
    return hashlib.sha256(repr((settings.column, settings.edits, settings.quality)).encode()).hexdigest()[:8]


def _as_json(settings: TableSettings) -> str:
    """What tables were cleaned with, as the ledger keeps it."""
    rows = {"column": settings.column, "edits": settings.edits, "quality": settings.quality}
    return json.dumps({**json.loads(as_json(settings.settings, None)), "rows": rows})


def _status(path: Path) -> tuple[int, int]:
    """A file's size and time: other ones tell that it was changed."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns
