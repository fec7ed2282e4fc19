"""Names of files whose rows are texts: tables, as opposed to documents."""

from __future__ import annotations

from cleaner.files.compression import SUFFIXES

TABLES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"} | {
    lines + packed: "jsonl" for lines in (".jsonl", ".ndjson") for packed in SUFFIXES
}
"""Suffixes of such files, with their formats."""


def table_of(name: str) -> str | None:
    """The format of a file of that name whose rows are texts; None for a document."""
    lower = name.lower()
    return next((format_ for suffix, format_ in TABLES.items() if lower.endswith(suffix)), None)
