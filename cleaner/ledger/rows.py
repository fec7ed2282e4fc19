"""What the ledger holds, as values: documents, what a run must know of them, edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from cleaner.files.tables import table_of

State = Literal["done", "failed"]


@dataclass(frozen=True, slots=True)
class Document:
    """A document as the ledger knows it; `cleaner.ledger.schema` says what each column means."""

    name: str
    path: str
    clean: str | None
    clean_sha256: str | None
    sha256: str | None
    size: int
    encoding: str | None
    bom: bool
    certain: bool
    state: State
    message: str
    at: str
    settings: str
    version: str
    has_source: bool
    characters: int = 0
    applied: int = 0
    suggested: int = 0
    flagged: int = 0
    modified: int | None = None
    member: int | None = None
    quality: float | None = None

    @property
    def edits(self) -> int:
        """How many edits it has, in all bands."""
        return self.applied + self.suggested + self.flagged

    @property
    def is_table(self) -> bool:
        """Whether its rows are texts, so that it has none itself."""
        return self.member is None and table_of(self.name) is not None


class Known(NamedTuple):
    """What a run must know of a document to tell whether it is to be cleaned again."""

    path: str
    clean: str | None
    clean_sha256: str | None
    sha256: str | None
    size: int
    state: State
    settings: str
    version: str
    modified: int | None
    member: int | None


class Row(NamedTuple):
    """An edit as a row of the ledger: the columns to ask by, and its line of edits.jsonl."""

    id: str
    start: int
    end: int
    line: int
    pass_: str
    rule: str
    band: str
    confidence: float
    record: str


def document(row: Sequence[Any]) -> Document:
    """A document from its row, names as bytes."""
    name, path, clean, clean_sha256, sha256, size, encoding, bom, certain, *rest = row
    name, path, clean = as_name(name), as_name(path), None if clean is None else as_name(clean)
    (
        state,
        message,
        at,
        settings,
        version,
        has_source,
        characters,
        *counts,
    ) = rest
    return Document(
        name, path, clean, clean_sha256, sha256, size, encoding, bool(bom), bool(certain), state, message, at, settings,
        version, bool(has_source), characters, *counts,
    )  # fmt: skip


def as_bytes(name: str) -> bytes:
    """A file's name as bytes: names on disk need not be UTF-8, and sqlite3 takes no lone surrogates."""
    return name.encode("utf-8", "surrogateescape")


def as_name(name: bytes) -> str:
    """A file's name from its bytes."""
    return name.decode("utf-8", "surrogateescape")
