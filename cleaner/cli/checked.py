"""What cleaning would do to documents and tables, one after the other, for `cleaner check`."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.report.findings import Finding
from cleaner.report.positions import Lines, Position

if TYPE_CHECKING:
    from cleaner.batch.tables.rows import Piece, PieceCleaned, TableSettings
    from cleaner.batch.work import Task
    from cleaner.files.found import Found


@dataclass(frozen=True, slots=True)
class Checked:
    """What would be done to a document, or to some rows of a table: its edits with their places. Or why it failed."""

    name: str
    findings: tuple[Finding, ...] = ()
    failure: str = ""


def documents(tasks: Iterable[Task], jobs: int) -> Iterator[Checked]:
    """What would be done to each document, in order, `jobs` processes at it."""
    from cleaner.batch.workers import in_order

    yield from in_order(tasks, checked_of, _died, jobs)


def checked_of(task: Task) -> Checked:
    """What would be done to a document. Raises nothing for its sake."""
    from cleaner.batch.work import attempt, rows

    done = attempt(task)
    if done.cleaned is None or done.reading is None:
        return Checked(task.name, failure=done.message)
    at = Lines(done.cleaned.source).position
    path = _path_of(task)
    in_file = task.member is None and done.reading.printed is None
    found = rows(done.cleaned, task.name, printed=done.reading.printed)
    records: list[dict[str, Any]] = [json.loads(row.record) for row in found]
    return Checked(
        task.name, tuple(Finding(path, edit, at(edit["start"]), at(edit["end"]), in_file) for edit in records)
    )


def _died(task: Task, reason: str) -> Checked:
    return Checked(task.name, failure=reason)


def _path_of(task: Task) -> Path:
    """Where a document is: its file, or the archive as a folder, with the member in it."""
    if task.member is None:
        return task.path
    parts = task.name.split("/")
    archive = task.path.as_posix()
    ends = (number for number in range(1, len(parts)) if archive.endswith("/" + "/".join(parts[:number])))
    return task.path.joinpath(*parts[next(ends, 1) :])


def tables(found: Sequence[Found], settings: TableSettings, jobs: int, most: int) -> Iterator[Checked]:
    """What would be done to the rows of tables, some rows at a time, `jobs` processes at it. A table that cannot be read, or
    some rows of it, comes as a failure. An edit's line is the number of its row.
    """
    from cleaner.batch.tables import formats
    from cleaner.batch.tables.rows import Tally
    from cleaner.batch.workers import in_order

    tally, given_up = Tally(), -1
    for done in in_order(_pieces(found, settings, most), formats.cleaned, formats.died, jobs):
        table = done.piece.table
        if table == given_up:
            continue
        if why := done.piece.failure or formats.hopeless(done):
            yield Checked(found[table].name, failure=why)
            tally, given_up = Tally(), table
            continue
        yield Checked(found[table].name, tuple(_in_rows(found[table].path, done)))
        tally.add(done.tally)
        if done.piece.last:
            if problems := formats.problems(tally):
                yield Checked(found[table].name, failure=problems)
            tally = Tally()


def _pieces(found: Sequence[Found], settings: TableSettings, most: int) -> Iterator[Piece]:
    """The pieces of tables, one after the other; one for a table that cannot be read any further says why."""
    from cleaner.batch.tables import formats
    from cleaner.batch.tables.rows import Piece

    for number, table in enumerate(found):
        format_ = formats.FORMATS[table.table or ""]
        start = Piece(number, table.name, table.table or "", settings, b"", 0, format_.BEGIN)
        try:
            with table.path.open("rb") as stream:
                yield from format_.pieces(stream, start, most)
        except formats.unreadable() as error:
            yield replace(start, last=True, failure=formats.in_words(error))
        except OSError as error:
            yield replace(start, last=True, failure=f"cannot be read: {error.strerror or error}")


def _in_rows(path: Path, done: PieceCleaned) -> Iterator[Finding]:
    for line in gzip.decompress(done.edits).splitlines() if done.edits else ():
        edit = json.loads(line)
        place = Position(edit["row"], 1, 1)
        yield Finding(path, edit, place, place, in_file=False)
