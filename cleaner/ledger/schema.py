"""The tables of a ledger, and what their columns mean.

`documents`, one row a document: `number` (key), `name` (path relative to the folder given, with `/`), `path` (where the
source was read), `clean` (path under OUT/clean, null where there is none), `clean_sha256` (of that file as written),
`sha256` and `size` of the source bytes (`sha256` null where they could not be read), `encoding`, `bom`, `certain` (false
where the encoding is a guess), `state` (`done` or `failed`), `message` (why it failed, or what to know), `at` (time of
cleaning, UTC, ISO 8601), `settings` (hash of the settings, and behind a `+` that of the decisions about it), `version` (of cleaner), `source` (the bytes, zlib; null where
not kept), `characters` (code points of the decoded source), and how many edits are `applied`, `suggested`, `flagged`.

`edits`, one row an edit, in the order of edits.jsonl: `document` (number), `place` (0, 1, …), the columns to ask by, and
`record`, the line of edits.jsonl.

`decisions`, what people said about the edits, in the order in which they said it: `line`, a decision as JSON (see
cleaner.decisions.decision). Decisions are only added, and outlive the documents that they are about. `settings`, for each
`signature` that documents name, the settings and the encoding given, as JSON: what `cleaner apply` cleans with.

Ledgers of earlier versions lack the following tables, which are added when they are next written to. `files`, one row a document
that came from a file: `modified` (when that was last written, in nanoseconds since 1970; null where that is too recent to tell
one state of the file from the next), `member` (the document's place in the archive at `path`) and `quality` (how well its text was
read, 0 to 1; see cleaner.text.quality). `runs`, one row a run, in
order: when it `started` and `ended` (null: it did not come to that), its `state` (`running`, `stopped` by a person, `done`),
`version` and `settings`, how many `documents` it was given, how many of them are `done`, and how many of these `failed`.
`tallies`, for tables (JSONL,
Parquet), how many edits of each `pass`, `band` and `confidence` there are that `edits` has not; OUT/rows has them all. `facts`, single values by name: `reported` tells what edits.jsonl and the report were last written from, and what the sums were,
and is gone as soon as they lack something.

What is asked often stands before `source` in its row, or in another table: to read a column behind a long value, SQLite reads
all of that.
"""

from __future__ import annotations

APPLICATION_ID = 0x434C4E52  # "CLNR" in the file's header says whose it is
SCHEMA_VERSION = 1

SCHEMA = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    clean TEXT,
    clean_sha256 TEXT,
    sha256 TEXT,
    size INTEGER NOT NULL,
    encoding TEXT,
    bom INTEGER NOT NULL,
    certain INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('done', 'failed')),
    message TEXT NOT NULL,
    at TEXT NOT NULL,
    settings TEXT NOT NULL,
    version TEXT NOT NULL,
    source BLOB,
    characters INTEGER NOT NULL,
    applied INTEGER NOT NULL,
    suggested INTEGER NOT NULL,
    flagged INTEGER NOT NULL
);
CREATE TABLE edits (
    document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    place INTEGER NOT NULL,
    id TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    line INTEGER NOT NULL,
    pass TEXT NOT NULL,
    rule TEXT NOT NULL,
    band TEXT NOT NULL,
    confidence REAL NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (document, place)
) WITHOUT ROWID;
CREATE INDEX edits_by_rule ON edits (pass, rule, band);
"""

LATER_TABLES = """
CREATE TABLE IF NOT EXISTS decisions (number INTEGER PRIMARY KEY, line TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS settings (signature TEXT PRIMARY KEY, "values" TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (
    document INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    modified INTEGER,
    member INTEGER,
    quality REAL
);
CREATE TABLE IF NOT EXISTS tallies (
    document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    pass TEXT NOT NULL,
    band TEXT NOT NULL,
    confidence REAL NOT NULL,
    number INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS runs (
    number INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    ended TEXT,
    state TEXT NOT NULL CHECK (state IN ('running', 'stopped', 'done')),
    version TEXT NOT NULL,
    settings TEXT NOT NULL,
    documents INTEGER NOT NULL,
    done INTEGER NOT NULL,
    failed INTEGER NOT NULL
);
"""
"""Tables that ledgers of the first version lack; added when such a ledger is next written to."""
