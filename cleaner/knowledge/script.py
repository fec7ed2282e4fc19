"""Simplified and traditional characters: which of the two a text is in, and each character's counterpart."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cleaner.knowledge import resources


class Script(StrEnum):
    """The script of a text: simplified, traditional, or not to be told (no character that only one of them uses)."""

    HANS = "hans"
    HANT = "hant"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Counterparts:
    """Characters of one script with their counterparts in the other; `certain` holds those with no second reading.

    `table` has for each code point CERTAIN, another number for the other characters of the script, 0 for all others.
    """

    all: dict[str, str]
    certain: frozenset[str]
    pattern: re.Pattern[str]
    table: NDArray[np.uint8]


CERTAIN = 2


@cache
def counterparts(script: Script) -> Counterparts:
    """The characters that belong to a script (HANS or HANT), with their counterparts in the other one."""
    rows = [row for row in resources.rows("rules/script.tsv") if row[1] == script]
    table = {char: other for char, _, other, _ in rows}
    certain = frozenset(char for char, _, _, how in rows if how == "certain")
    by_code = np.zeros(sys.maxunicode + 1, dtype=np.uint8)
    by_code[[ord(char) for char in table]] = 1
    by_code[[ord(char) for char in certain]] = CERTAIN
    return Counterparts(table, certain, re.compile(f"[{''.join(sorted(table))}]"), by_code)


def of(codes: NDArray[np.uint32]) -> Script:
    """The script that most telling characters of a text belong to; `codes` are its code points."""
    lean = int(_leanings()[codes].sum(dtype=np.int64))
    return Script.UNKNOWN if lean == 0 else Script.HANS if lean > 0 else Script.HANT


@cache
def _leanings() -> NDArray[np.int8]:
    """For each code point, 1 where only simplified text has it, -1 where only traditional text has, else 0."""
    table = np.zeros(sys.maxunicode + 1, dtype=np.int8)
    for script, lean in ((Script.HANS, 1), (Script.HANT, -1)):
        table[[ord(char) for char in counterparts(script).certain]] = lean
    return table


def simplified(text: str) -> str:
    """The text with each traditional character as its simplified counterpart: as long, and readable by lists of simplified
    words, though not as anybody would convert it (乾 has two).
    """
    return text.translate(_simplified())


@cache
def _simplified() -> dict[int, int]:
    return {ord(char): ord(other) for char, other in counterparts(Script.HANT).all.items()}


@cache
def fold_table() -> NDArray[np.int32]:
    """For each code point below U+30000, the code point of its simplified counterpart (or its own)."""
    table = np.arange(0x30000, dtype=np.int32)
    for code, other in _simplified().items():
        table[code] = other
    return table
