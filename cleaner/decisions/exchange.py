"""Decisions in files: given to others, taken from others."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from cleaner.decisions.decision import Conflict, Decision, DecisionError, current, merged, parsed
from cleaner.files.write import replacing
from cleaner.ledger.ledger import Ledger


class Imported(NamedTuple):
    """What an import brought: how many decisions, and where they do not agree with those that were there."""

    added: int
    conflicts: list[Conflict]


def holding(ledger: Ledger) -> list[Decision]:
    """The decisions that hold, by document and place; those that hold everywhere first."""
    found = current(map(parsed, ledger.decisions())).values()
    return sorted(found, key=lambda d: (not d.everywhere, d.document, d.start, d.at))


def read(path: Path) -> list[Decision]:
    """The decisions of a JSONL file. Raises DecisionError with file and line, OSError where it cannot be read."""
    decisions = []
    try:
        text = path.read_bytes().removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError:
        raise DecisionError(f"{path}: not UTF-8; export the decisions again") from None
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                decisions.append(parsed(line))
            except DecisionError as error:
                raise DecisionError(f"{path}, line {number}: {error}") from None
    return decisions


def write(path: Path, decisions: Iterable[Decision]) -> int:
    """Writes decisions as JSONL over what is at `path`; gives their number. Raises OSError."""
    number = 0
    with replacing(path) as stream:
        for decision in decisions:
            stream.write(decision.as_line().encode("utf-8") + b"\n")
            number += 1
    return number


def take_in(ledger: Ledger, theirs: Iterable[Decision]) -> Imported:
    """Adds others' decisions to a ledger opened with `Ledger.deciding`, those it has already left out. Raises LedgerError."""
    added, conflicts = merged(map(parsed, ledger.decisions()), theirs)
    ledger.add_decisions([decision.as_line() for decision in added])
    return Imported(len(added), conflicts)
