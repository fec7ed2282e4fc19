"""Edits: values that say what was changed where, and the text that they make of a source.

Offsets count code points of the decoded source. A list of edits is complete: source and edits give the clean text
(`apply`), clean text and edits give the source (`invert`), and `layout` shows piece by piece how the two correspond.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple

NO_EVIDENCE: Mapping[str, object] = {}


class Band(StrEnum):
    """What becomes of an edit: done, left for a person, or a fault that no edit can mend."""

    APPLIED = "applied"
    SUGGESTED = "suggested"
    FLAGGED = "flagged"


class Step(NamedTuple):
    """One of several changes that met on the same stretch of source."""

    rule: str
    before: str
    after: str
    confidence: float
    evidence: Mapping[str, object] = NO_EVIDENCE
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change of `source[start:end]`, which reads `before`, into `after` (None for a flag).

    A move (`kind="move"`) changes no character: the span stands at `to` in the clean text's order.
    """

    start: int
    end: int
    before: str
    after: str | None
    rule: str
    band: Band
    confidence: float
    line: int = 0
    id: str = ""
    evidence: Mapping[str, object] = field(default_factory=dict, hash=False)
    steps: tuple[Step, ...] = field(default=(), hash=False)
    group: str | None = None
    kind: Literal["change", "move"] = "change"
    to: int | None = None
    document: str = field(default="", compare=False)

    @property
    def pass_(self) -> str:
        """The pass that proposed it: the part of the rule's name before the slash."""
        return self.rule.partition("/")[0]


class Piece(NamedTuple):
    """A stretch of the clean text and the stretch of source it stands for; `edit` is None where both are the same."""

    clean_start: int
    clean_end: int
    source_start: int
    source_end: int
    edit: Edit | None


def layout(edits: Sequence[Edit], source_length: int) -> Iterator[Piece]:
    """The pieces of the clean text in its own order.

    `edits` are applied edits in any order: changes must not overlap, moves must not nest, and no change may cross the
    edge of a move. An insertion at such an edge belongs to what stands before it in the source. Raises ValueError where
    the edits break these rules.
    """
    changes = sorted((e for e in edits if e.kind == "change"), key=lambda e: (e.start, e.end))
    clean, taken = 0, 0
    for start, end in _segments([e for e in edits if e.kind == "move"], source_length):
        at = start
        for index in range(_first_change(changes, start), len(changes)):
            change = changes[index]
            if change.start > end or (change.start == end and change.end > end):
                break
            if change.start < at or change.end > end or change.after is None:
                raise ValueError(f"edits overlap, or cross the edge of a move, at {change.start}")
            if change.start > at:
                yield Piece(clean, clean + change.start - at, at, change.start, None)
                clean += change.start - at
            yield Piece(clean, clean + len(change.after), change.start, change.end, change)
            clean += len(change.after)
            at = change.end
            taken += 1
        if at < end:
            yield Piece(clean, clean + end - at, at, end, None)
            clean += end - at
    if taken != len(changes):
        raise ValueError("edits overlap, or lie outside the source")


def _first_change(changes: Sequence[Edit], start: int) -> int:
    """The first change of the segment that begins at `start`; insertions at its very edge belong to the one before."""
    low, high = 0, len(changes)
    while low < high:
        middle = (low + high) // 2
        change = changes[middle]
        if change.start < start or (change.end <= start and start > 0):
            low = middle + 1
        else:
            high = middle
    return low


def _segments(moves: Sequence[Edit], length: int) -> list[tuple[int, int]]:
    """The source cut at the edges of moves, in the order of the clean text."""
    return reordered([(move.start, move.end, -1 if move.to is None else move.to) for move in moves], length)


def reordered(moves: Iterable[tuple[int, int, int]], length: int) -> list[tuple[int, int]]:
    """The spans of a text of `length` code points in the order that `moves` (start, end, to) give them.

    Several spans that move to one place keep their order. Raises ValueError where moves overlap, or go nowhere.
    """
    leaving: dict[int, int] = {}
    arriving: dict[int, list[tuple[int, int]]] = {}
    for start, end, to in sorted(moves):
        if not 0 <= start < end <= length or not 0 <= to <= length or start < to < end:
            raise ValueError(f"the move of {start} to {end} has no place to go to")
        leaving[start] = end
        arriving.setdefault(to, []).append((start, end))
    cuts = sorted({0, length, *leaving, *leaving.values(), *arriving})
    segments: list[tuple[int, int]] = []
    gone_until = 0
    for start, end in zip(cuts, [*cuts[1:], length], strict=True):
        if start < gone_until and (start in leaving or start in arriving):
            raise ValueError(f"moves overlap at {start}")
        segments += arriving.get(start, ())
        gone_until = leaving.get(start, gone_until)
        if gone_until <= start < end:
            segments.append((start, end))
    return segments or [(0, 0)]


def apply(source: str, edits: Sequence[Edit]) -> str:
    """The text that applied edits make of `source`. Raises ValueError where edits overlap."""
    return "".join(
        source[p.source_start : p.source_end] if p.edit is None else p.edit.after or ""
        for p in layout(edits, len(source))
    )


def invert(text: str, edits: Sequence[Edit]) -> str:
    """The source from which applied edits made `text`: the inverse of `apply`, from the clean text and the edits alone."""
    grown = sum(len(e.after or "") - (e.end - e.start) for e in edits if e.kind == "change")
    pieces = sorted(layout(edits, len(text) - grown), key=lambda p: (p.source_start, p.source_end))
    return "".join(text[p.clean_start : p.clean_end] if p.edit is None else p.edit.before for p in pieces)
