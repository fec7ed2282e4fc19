"""Ledgers of runs that never were: documents with the edits that a test wants to see reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

from cleaner.ledger.ledger import Document, Ledger, Row, compressed
from cleaner.text.records import as_line

Edits = Sequence[dict[str, Any]]


class Run:
    """A ledger to which a test adds documents one by one."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def done(self, name: str, source: str, edits: Edits = (), *, keep_source: bool = True, message: str = "") -> None:
        """A document that was cleaned, with edits as `edit` makes them."""
        records = [_complete(edit, name, place, source) for place, edit in enumerate(edits)]
        bands = [record["band"] for record in records]
        document = Document(
            name=name, path=f"scans/{name}", clean=name, clean_sha256=None, sha256=None, size=len(source), encoding="utf-8",
            bom=False, certain=True, state="done", message=message, at="2026-03-01T08:30:00+00:00", settings="s",
            version="0.1.0", has_source=keep_source, characters=len(source), applied=bands.count("applied"),
            suggested=bands.count("suggested"), flagged=bands.count("flagged"),
        )  # fmt: skip
        raw = compressed(source.encode("utf-8", "surrogateescape")) if keep_source else None
        with Ledger.begin(self.path) as ledger:
            ledger.put(document, raw, map(_row, records))

    def failed(self, name: str, reason: str) -> None:
        """A document that could not be read."""
        document = Document(
            name=name, path=f"scans/{name}", clean=None, clean_sha256=None, sha256=None, size=0, encoding=None, bom=False,
            certain=False, state="failed", message=reason, at="2026-03-01T08:31:00+00:00", settings="s", version="0.1.0",
            has_source=False,
        )  # fmt: skip
        with Ledger.begin(self.path) as ledger:
            ledger.put(document, None, [])


def _row(record: dict[str, Any]) -> Row:
    columns = [record[key] for key in ("id", "start", "end", "line", "pass", "rule", "band", "confidence")]
    return Row._make((*columns, as_line(record)))


def _complete(edit: dict[str, Any], name: str, place: int, source: str) -> dict[str, Any]:
    """An edit as edits.jsonl has it."""
    start = edit["start"]
    key = f"{name}{place}".encode("utf-8", "surrogatepass")
    return {
        "document": name,
        "id": blake2b(key, digest_size=8).hexdigest(),
        "line": source.count("\n", 0, start) + 1,
        "before": source[start : edit["end"]],
        "pass": edit["rule"].partition("/")[0],
        "band": "applied",
        "confidence": 0.99,
        **edit,
    }


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path / "ledger.db")


@pytest.fixture
def edit() -> Callable[..., dict[str, Any]]:
    """Makes an edit of the first place where a text has `before`; the ledger fills in what is not given."""

    def make(source: str, before: str, after: str | None, rule: str, **more: Any) -> dict[str, Any]:
        start = source.index(before)
        return {"start": start, "end": start + len(before), "after": after, "rule": rule, **more}

    return make
