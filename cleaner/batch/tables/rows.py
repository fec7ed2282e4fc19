"""The rows of a table, cleaned: how, what is counted on the way, and what a piece of a table becomes."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from cleaner.batch.work import cleaner_of, fault
from cleaner.decisions import decided
from cleaner.decisions.decision import Decision
from cleaner.settings import Settings
from cleaner.text.cleaned import Cleaned
from cleaner.text.edits import Edit
from cleaner.text.records import as_line, in_order, record

MOST_PROBLEMS = 1_000
"""Rows that could not be cleaned of which a table keeps the reasons; what is more is counted."""

SHOWN_OF_PIECE = 250
"""Edits of one piece of a table that go to the report, so that it shows something of every part of a large one."""


@dataclass(frozen=True, slots=True)
class TableSettings:
    """TableSettings the rows of a table are cleaned, and what is written of them.

    `column` is the text's field in JSONL (`a.b` for one inside another) and its column in Parquet. `edits` and `quality`
    say whether columns of these names are added. `decisions` are those that hold everywhere; others are about documents.
    """

    settings: Settings = field(default_factory=Settings)
    column: str = "text"
    edits: bool = False
    quality: bool = False
    decisions: tuple[Decision, ...] = ()

    def clean(self, text: str) -> Cleaned:
        """A row's text, cleaned."""
        holding = [d for d in self.decisions if d.may_hold_in(text)]
        return decided.clean(cleaner_of(self.settings), text, holding).cleaned


@dataclass(slots=True)
class Tally:
    """What was counted over rows; tallies of parts add up to that of the whole.

    `edits` counts by pass, band and confidence; `problems` are rows that were kept as they are, each with the reason;
    `unnamed` is how many more there are.
    """

    rows: int = 0
    texts: int = 0
    characters: int = 0
    edits: Counter[tuple[str, str, float]] = field(default_factory=Counter)
    problems: list[tuple[int, str]] = field(default_factory=list)
    unnamed: int = 0

    def add(self, other: Tally) -> None:
        """Adds what was counted over the rows behind these."""
        self.rows += other.rows
        self.texts += other.texts
        self.characters += other.characters
        self.edits.update(other.edits)
        room = max(0, MOST_PROBLEMS - len(self.problems))
        self.problems += other.problems[:room]
        self.unnamed += other.unnamed + len(other.problems[room:])

    def of_band(self, band: str) -> int:
        """TableSettings many edits of a band there are."""
        return sum(number for (_, known, _), number in self.edits.items() if known == band)

    def as_json(self) -> dict[str, Any]:
        """The tally as `from_json` reads it."""
        edits = [[*key, number] for key, number in sorted(self.edits.items())]
        return {"rows": self.rows, "texts": self.texts, "characters": self.characters,
                "edits": edits, "problems": self.problems, "unnamed": self.unnamed}  # fmt: skip

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Tally:
        """The tally that `as_json` told."""
        edits = Counter({(pass_, band, confidence): number for pass_, band, confidence, number in values["edits"]})
        problems = [(row, message) for row, message in values["problems"]]
        return cls(values["rows"], values["texts"], values["characters"], edits, problems,
                   values["unnamed"])  # fmt: skip


@dataclass(slots=True)
class RowsCleaned:
    """What cleaning a piece of a table leaves besides the texts: the lines of edits.jsonl, and the counts."""

    document: str
    how: TableSettings
    lines: list[bytes] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def clean(self, text: str, row: int) -> tuple[Cleaned, list[dict[str, Any]]] | None:
        """The text of a row, cleaned, and its edits as records without `document`. None where it is kept as it is."""
        try:
            cleaned = self.how.clean(text)
            edits = in_order(cleaned)
        except MemoryError:
            self.pass_over(row, "not enough memory to clean it; run with fewer --jobs")
            return None
        except Exception as error:  # a fault of one pass must not stop the other rows
            self.pass_over(row, fault(error))
            return None
        records = [self._counted(edit, row) for edit in edits]
        self.tally.texts += 1
        self.tally.characters += len(text)
        return cleaned, records

    def _counted(self, edit: Edit, row: int) -> dict[str, Any]:
        entry = record(edit, self.document)
        self.tally.edits[entry["pass"], entry["band"], entry["confidence"]] += 1
        line = as_line({"document": entry.pop("document"), "row": row, **entry})
        self.lines.append(line.encode("utf-8") + b"\n")
        return entry

    def pass_over(self, row: int, why: str) -> None:
        """Notes a row that is kept as it is."""
        self.tally.add(Tally(problems=[(row, why)]))

    def done(self, piece: Piece, content: bytes, number: int) -> PieceCleaned:
        """The piece of so many rows, done: `content` is what the clean file gets."""
        self.tally.rows = number
        edits = gzip.compress(b"".join(self.lines), 6, mtime=0) if self.lines else b""
        shown = b"".join(self.lines[:SHOWN_OF_PIECE])
        return PieceCleaned(replace(piece, content=b""), content, edits, shown, self.tally)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a table, to be cleaned in one go: `content`, and the number of its first row, from 1.

    `table` is the table's number among those of the run, `after` says where the next piece begins (in terms of the
    format), `last` whether there is none, `read` how much
    of the file was read up to here, in bytes. `too_long`: it is the beginning, or more, of a line too long to be cleaned.
    `failure` says why the table could not be read any further.
    """

    table: int
    document: str
    format: str
    how: TableSettings
    content: bytes
    first_row: int
    after: Mapping[str, int]
    last: bool = False
    read: int = 0
    failure: str = ""
    too_long: Literal["", "begins", "goes on"] = ""


@dataclass(frozen=True, slots=True)
class PieceCleaned:
    """A piece that was cleaned: its content as the clean file has it, its lines of edits.jsonl, gzipped, those that go
    to the report, and counts."""

    piece: Piece
    content: bytes
    edits: bytes
    shown: bytes
    tally: Tally
