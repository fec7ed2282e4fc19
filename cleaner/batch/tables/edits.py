"""The edits of tables: all in files of their own, some in the ledger, for the report."""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import islice
from json.decoder import scanstring  # type: ignore[attr-defined]  # in typeshed it has another home

from cleaner.batch.folder import OutFolder
from cleaner.batch.tables.unfinished import Unfinished
from cleaner.files.tables import TABLES, table_of
from cleaner.ledger.ledger import Document, Ledger, Row

MOST_SHOWN = 10_000
"""Edits of a table that the report shows, some of each part of it. edits.jsonl has all."""

_BEGINS = '{"document": "'
_COLUMNS = ("id", "start", "end", "line", "pass", "rule", "band", "confidence")


def put(ledger: Ledger, document: Document, unfinished: Unfinished) -> None:
    """Writes a table that is done into the ledger, with some of its edits and the number of the others. Raises LedgerError."""
    lines = list(islice(unfinished.shown(), MOST_SHOWN))
    entries = list(map(json.loads, lines))
    rows = [Row(*(*map(entry.__getitem__, _COLUMNS), line)) for entry, line in zip(entries, lines, strict=True)]
    left = Counter(unfinished.tally.edits)
    left.subtract(Counter((entry["pass"], entry["band"], entry["confidence"]) for entry in entries))
    name = os.fsencode(document.name)
    with ledger.together():
        ledger.put(document, None, rows)
        ledger.write(
            "INSERT INTO tallies SELECT number, ?, ?, ?, ? FROM documents WHERE name = CAST(? AS TEXT)",
            [(*key, number, name) for key, number in sorted(left.items()) if number],
        )


def edit_lines(ledger: Ledger, out: OutFolder) -> Iterator[bytes]:
    """edits.jsonl, some lines at a time: the edits of documents from the ledger, those of tables from their own files."""
    tables = [(os.fsencode(name), name) for name in _tables(ledger)]
    if not tables:
        yield from (line.encode("utf-8") + b"\n" for line in ledger.lines())
        return
    names = {name for _, name in tables}
    for line in ledger.lines():
        name = scanstring(line, len(_BEGINS), True)[0]
        while tables and os.fsencode(name) >= tables[0][0]:
            yield from _lines_of(tables.pop(0)[1], out)
        if name not in names:
            yield line.encode("utf-8") + b"\n"
    for _, name in tables:
        yield from _lines_of(name, out)


def _tables(ledger: Ledger) -> list[str]:
    """The names of the tables that are done, in the order of the ledger."""
    like = " OR ".join(f"name LIKE '%{suffix}'" for suffix in TABLES)
    query = (
        f"SELECT CAST(name AS BLOB) FROM documents WHERE state = 'done' AND source IS NULL AND ({like}) ORDER BY name"
    )
    names = [os.fsdecode(name) for (name,) in ledger.rows("documents", query)]
    return [name for name in names if table_of(name)]


def _lines_of(name: str, out: OutFolder) -> Iterator[bytes]:
    try:
        with gzip.open(out.rows(name)) as stream:
            yield from iter(partial(stream.read, 1 << 20), b"")
    except FileNotFoundError:  # a document of an archive that is named like a table, or what somebody removed
        return
