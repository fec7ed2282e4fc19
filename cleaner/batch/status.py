"""What is known of a folder that a run wrote, while one is going on too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaner.batch.folder import OutFolder
from cleaner.batch.work import parted
from cleaner.files.tables import table_of
from cleaner.ledger import runs
from cleaner.ledger.ledger import InUse, Ledger
from cleaner.ledger.rows import as_name


@dataclass(frozen=True, slots=True)
class Now:
    """A run that is going on: by which process on which machine, and how far it was at a time (UTC, ISO 8601)."""

    pid: int
    host: str
    started: str
    at: str
    documents: int
    done: int
    failed: int
    failures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Mixture:
    """Documents that one version cleaned by the same settings; `settings` is what differs from the defaults, or None where
    it was not kept."""

    version: str
    settings: dict[str, Any] | None
    documents: int


POOR = 0.95
"""The quality below which a document is worth a look: on typeset pages one character in twenty of such is wrong."""


@dataclass(frozen=True, slots=True)
class Status:
    """The documents of a folder by how they came out, in bytes and code points, and the last run into it.

    `incomplete` are tables with rows that were kept as they are, with the reasons; `pending` are the documents that the last run has not come to; `quality` how well the texts were read, 0 to 1, on average over
    characters, and `poor` the documents below `POOR`; `stored` the bytes of ledger, report and edits.jsonl.
    """

    done: int
    failed: int
    pending: int
    without_copy: int
    size: int
    characters: int
    quality: float | None
    poor: int
    stored: int
    mixture: tuple[Mixture, ...]
    last: runs.Run | None
    incomplete: tuple[tuple[str, str], ...] = ()


def status(out: OutFolder) -> Status | Now:
    """The state of the folder; of a run where one is going on. Raises LedgerError."""
    try:
        with Ledger.open(out.ledger, wait=0.5) as ledger:
            return _of(ledger, out)
    except InUse:
        now = _now(out.running)
        if now is None:
            raise
        return now


def failures(ledger: Ledger) -> Iterator[tuple[str, str]]:
    """The documents that failed, each with its reason, by name."""
    return ((document.name, document.message) for document in ledger.documents() if document.state == "failed")


def _incomplete(ledger: Ledger) -> Iterator[tuple[str, str]]:
    """The tables that are done but for some rows, each with these, by name."""
    query = (
        "SELECT CAST(name AS BLOB) FROM documents "
        "WHERE state = 'done' AND source IS NULL AND message <> '' ORDER BY name"
    )
    for (raw,) in ledger.rows("documents", query):
        name = as_name(raw)
        if table_of(name) and (found := ledger.document(name)) and found.is_table:
            yield name, found.message


def _of(ledger: Ledger, out: OutFolder) -> Status:
    query = "SELECT state, version, settings, count(*), sum(size) FROM documents GROUP BY state, version, settings"
    done = failed = size = 0
    mixture: dict[tuple[str, str], int] = {}
    for state, version, settings, number, bytes_ in ledger.rows("documents", query):
        size += bytes_
        if state == "failed":
            failed += number
            continue
        done += number
        key = version, parted(settings)[0]
        mixture[key] = mixture.get(key, 0) + number
    (without_copy,) = ledger.rows("documents", "SELECT count(*) FROM documents WHERE source IS NULL")[0]
    last = runs.last(ledger)
    return Status(
        done, failed, last.documents - last.done if last else 0, without_copy, size, ledger.characters(), *_quality(ledger),
        sum(path.stat().st_size for path in (out.ledger, out.report, out.edits) if path.is_file()),
        tuple(Mixture(v, _told(ledger.settings(s)), number) for (v, s), number in sorted(mixture.items())), last,
        tuple(_incomplete(ledger)),
    )  # fmt: skip


def _quality(ledger: Ledger) -> tuple[float | None, int]:
    query = (
        "SELECT sum(quality * characters) / nullif(sum(characters), 0), count(*) FILTER (WHERE quality < ?) "
        "FROM documents JOIN files ON document = number WHERE quality IS NOT NULL"
    )
    found = ledger.rows("files", query, POOR)
    quality, poor = found[0] if found else (None, 0)
    return None if quality is None else round(quality, 4), poor


def _told(values: str | None) -> dict[str, Any] | None:
    """Settings as they were kept, without those that are the defaults."""
    if values is None:
        return None
    from cleaner.batch.due import as_json
    from cleaner.settings import Settings

    usual = json.loads(as_json(Settings(), None))["settings"]
    kept = json.loads(values)
    told = {name: value for name, value in kept["settings"].items() if value != usual.get(name)}
    return told | ({"encoding": kept["encoding"]} if kept["encoding"] else {})


def _now(path: Path) -> Now | None:
    try:
        state = json.loads(path.read_text("ascii"))
        return Now(**{**state, "failures": tuple((name, message) for name, message in state["failures"])})
    except (OSError, ValueError, TypeError, KeyError):  # it has ended, or has not begun
        return None
