"""The runs into a folder, as its ledger keeps them: how each ended, and how far the one came that did not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from cleaner import __version__
from cleaner.ledger.ledger import Ledger

Ending = Literal["stopped", "done"]

_COLUMNS = "started, ended, state, version, settings, documents, done, failed"


@dataclass(frozen=True, slots=True)
class Run:
    """A run: of so many `documents`, so many were `done`, and of these so many `failed`. Times are UTC, ISO 8601.

    A run of state `running` whose ledger nobody holds was killed.
    """

    started: str
    ended: str | None
    state: Literal["running", "stopped", "done"]
    version: str
    settings: str
    documents: int
    done: int
    failed: int


def begin(ledger: Ledger, settings: str, documents: int) -> int:
    """Notes that a run over so many documents begins, and gives its number."""
    (last,) = ledger.rows("runs", "SELECT coalesce(max(number), 0) FROM runs")
    number = int(last[0]) + 1
    values = (number, now(), None, "running", __version__, settings, documents, 0, 0)
    ledger.write("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [values])
    return number


def progress(ledger: Ledger, number: int, done: int, failed: int) -> None:
    """Notes how far a run is."""
    ledger.write("UPDATE runs SET done = ?, failed = ? WHERE number = ?", [(done, failed, number)])


def end(ledger: Ledger, number: int, state: Ending, done: int, failed: int) -> None:
    """Notes that a run has ended."""
    with ledger.together():
        progress(ledger, number, done, failed)
        ledger.write("UPDATE runs SET ended = ?, state = ? WHERE number = ?", [(now(), state, number)])


def last(ledger: Ledger) -> Run | None:
    """The last run; None where the ledger is of a version that did not keep them."""
    rows = ledger.rows("runs", f"SELECT {_COLUMNS} FROM runs ORDER BY number DESC LIMIT 1")
    return Run(*rows[0]) if rows else None


def now() -> str:
    """The time, UTC, ISO 8601, in seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")
