"""What a run did, and what is told of it while it goes on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

MOST_TOLD = 1_000
"""Failures, remarks and the like that a summary lists; more are counted, and `cleaner status` has them all."""

Line = TypeVar("Line")


class Learning(NamedTuple):
    """What was learned from the collection: the file that says it, how much of each kind, from how many documents (None: by an
    earlier run, and edited since or not), and where the file is kept that was there before and that somebody had edited."""

    path: Path
    facts: Counter[str]
    documents: int | None = None
    set_aside: Path | None = None


@dataclass
class Summary:
    """What a run did. Counts of edits, by pass and band, and of characters are of all documents in the folder.

    `incomplete` are tables with rows that were kept as they are, and why. `why` counts the documents cleaned by the reason for it; lists are cut off after MOST_TOLD.
    """

    cleaned: int = 0
    unchanged: int = 0
    failed: int = 0
    why: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    incomplete: list[tuple[str, str]] = field(default_factory=list)
    set_aside: list[Path] = field(default_factory=list)
    learning: Learning | None = None
    of_earlier_runs: int = 0
    unplaced: list[tuple[str, str]] = field(default_factory=list)
    characters: int = 0
    edits: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def done(self) -> int:
        """Documents that the run is done with."""
        return self.cleaned + self.unchanged + self.failed

    def fail(self, name: str, message: str) -> None:
        """Counts and lists a document that failed."""
        self.failed += 1
        told(self.failures, (name, message))


class Step(NamedTuple):
    """A document that a run is done with, for those who watch it; `seconds` is how long cleaning it took.

    Of a table, which may take long, steps on the way (`part`) come first; their sizes add up to that of the file.
    Where a run learns from its collection, documents are told as `learned` before any is done.
    """

    name: str
    size: int
    state: Literal["done", "failed", "unchanged", "part", "learned"]
    message: str = ""
    seconds: float = 0.0
    characters: int = 0
    edits: int = 0


def told(listed: list[Line], line: Line) -> None:
    """Adds to a list that a person will read, unless it is too long for that already."""
    if len(listed) < MOST_TOLD:
        listed.append(line)
