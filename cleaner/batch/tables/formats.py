"""The formats of tables, by name, and a piece of any of them cleaned."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from io import BufferedReader
from typing import Protocol

from cleaner.arrow import ColumnError
from cleaner.batch.tables import jsonl, parquet
from cleaner.batch.tables.rows import Piece, PieceCleaned, Tally
from cleaner.extras import MissingExtra
from cleaner.files.compression import damages

NAMED = 20
"""Rows that could not be cleaned which a message names."""


class Format(Protocol):
    """A format of tables. `BEGIN` is where the first piece begins."""

    BEGIN: Mapping[str, int]

    def pieces(self, stream: BufferedReader, piece: Piece, most: int) -> Iterator[Piece]:
        """The pieces of a file, in order, from where `piece` says."""

    def cleaned(self, piece: Piece) -> PieceCleaned:
        """A piece, its texts cleaned."""

    def kept(self, piece: Piece, why: str) -> PieceCleaned:
        """A piece with its texts as they are."""


FORMATS: Mapping[str, Format] = {"jsonl": jsonl, "parquet": parquet}


def cleaned(piece: Piece) -> PieceCleaned:
    """A piece of a table, cleaned, in whichever process. Raises nothing for its sake."""
    if piece.failure:
        return PieceCleaned(piece, b"", b"", b"", Tally())
    return FORMATS[piece.format].cleaned(piece)


def died(piece: Piece, why: str) -> PieceCleaned:
    """What becomes of a piece whose process died of it or was ended, for this reason: its texts stay as they are."""
    return FORMATS[piece.format].kept(piece, why)


def unreadable() -> tuple[type[Exception], ...]:
    """What reading a table raises that is damaged, has no such column, or needs a library that is not there."""
    found = (*damages(), ColumnError, MissingExtra, UnicodeDecodeError)
    if "pyarrow" in sys.modules:
        return (*found, sys.modules["pyarrow"].ArrowException)
    return found


def in_words(error: Exception) -> str:
    """Why a table cannot be read."""
    if isinstance(error, ColumnError):
        return f"{error}; name it with --field"
    damaged = isinstance(error, unreadable()) and not isinstance(error, MissingExtra)
    return f"damaged, or not what its name says: {error}" if damaged else str(error)


def hopeless(first: PieceCleaned) -> str:
    """Why a table is given up after its first piece: not a single row has a text. Nothing where there is no reason."""
    tally = first.tally
    if first.piece.first_row != 1 or tally.texts or not tally.problems:
        return ""
    row, why = tally.problems[0]
    rows = f"its first {tally.rows:,} rows" if tally.rows > 1 else "its rows"
    return f"none of {rows} has a text to clean; row {row}: {why}"


def problems(tally: Tally) -> str:
    """The rows that were kept as they are, in words; nothing where there are none."""
    number = len(tally.problems) + tally.unnamed
    if not number:
        return ""
    named = [f"row {row}: {why}" for row, why in tally.problems[:NAMED]]
    more = [f"and {number - len(named):,} more"] if number > len(named) else []
    return f"{number:,} of {tally.rows:,} rows kept as they are: " + "; ".join([*named, *more])
