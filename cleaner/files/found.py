"""A document that was found: its name, where it is, and what its clean file is called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from posixpath import splitext
from typing import Protocol

from cleaner.files.tables import table_of

OTHER_FORMATS = frozenset(
    (".alto", ".csv", ".docx", ".epub", ".hocr", ".htm", ".html", ".json", ".jsonl", ".odt", ".pdf", ".rtf", ".tex", ".tsv",
     ".xhtm", ".xhtml", ".xml", ".yaml", ".yml")
)  # fmt: skip
"""Suffixes of formats that are not plain text: a clean text that came from one gets `.txt` appended."""


@dataclass(frozen=True, slots=True)
class Found:
    """A document to read: its name (with `/`), where it is, its size in bytes.

    `modified` is when its file was last written, in nanoseconds (0: not known); `member` its place in the archive at
    `path`, counted from 0 (None: it is the file at `path` itself).
    """

    name: str
    path: Path
    size: int
    modified: int = 0
    member: int | None = None

    @property
    def clean(self) -> str:
        """Its clean file, relative to OUT/clean."""
        if self.table:
            return self.name
        return self.name + ".txt" if splitext(self.name)[1].lower() in OTHER_FORMATS else self.name

    @property
    def table(self) -> str | None:
        """The format of a file whose rows are texts; None for a document."""
        return table_of(self.name) if self.member is None else None


class Documents(Protocol):
    """Documents to clean: so many, and one after the other as often as asked for; a Listing, a tuple, a list."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Found]: ...
