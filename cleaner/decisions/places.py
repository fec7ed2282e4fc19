"""Where decisions belong: the edits that they are about, also after a page was recognised again.

An edit is known by its id. Where no edit has it, the same change is looked for between the same words, then between
nearly the same; and what was accepted or typed is also found where the chain proposes nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz, process

from cleaner.decisions.decision import Decision
from cleaner.text.edits import Band, Edit
from cleaner.text.finish import surroundings

ALIKE = 60.0
"""From which likeness of the words around it (0 to 100) an edit of a page recognised again is taken for the same one."""

NOT_FOUND = "its place was not found: the text around it changed, or the change is no longer proposed"

Placed = list[tuple[Edit, Decision]]
Unplaced = list[tuple[Decision, str]]


def places(decisions: Sequence[Decision], edits: Sequence[Edit], source: str) -> tuple[Placed, Unplaced]:
    """The edits of a cleaned text that decisions about single edits are about, and the decisions that found none."""
    by_id = {edit.id: edit for edit in edits}
    placed: Placed = [(by_id[d.edit], d) for d in decisions if d.edit in by_id]
    waiting = [d for d in decisions if d.edit not in by_id]
    if not waiting:
        return placed, []
    taken = {edit.id for edit, _ in placed}
    changes: dict[tuple[object, ...], list[Edit]] = {}
    for edit in edits:
        if edit.id not in taken:
            changes.setdefault((edit.before, edit.after, edit.kind), []).append(edit)
    unplaced: Unplaced = []
    for exactly in (True, False):
        still = []
        for decision in waiting:
            rivals = changes.get((decision.before, decision.after, decision.kind), [])
            found = _same(decision, rivals, source, exactly)
            if found:
                rivals.remove(found)
                placed.append((found, decision))
            else:
                still.append(decision)
        waiting = still
    for decision in waiting:
        spot = next(_spots(decision, source), None)
        if spot is None or decision.kind == "move":
            unplaced.append((decision, NOT_FOUND))
        elif decision.verdict in ("accept", "replace"):
            placed.append((_edit_at(spot, decision), decision))
    return placed, unplaced


def _same(decision: Decision, rivals: Sequence[Edit], source: str, exactly: bool) -> Edit | None:
    """Of edits that make the same change the one between the same words, or nearly the same; of several the nearest."""
    around = [surroundings(source, edit.start, edit.end) for edit in rivals]
    wanted = decision.left, decision.right
    if exactly:
        same = [edit for edit, words in zip(rivals, around, strict=True) if words == wanted]
        return min(same, key=lambda e: (e.rule != decision.rule, abs(e.start - decision.start)), default=None)
    if not any(wanted):
        return None
    best = process.extractOne(_joined(wanted), map(_joined, around), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return rivals[best[2]] if best else None


def _joined(around: tuple[str, str]) -> str:
    return "\x1f".join(around)


def _spots(decision: Decision, source: str) -> Iterator[int]:
    """Where the source has, between the same words, what the decision was about; the nearest first."""
    found: Iterable[int] = ()
    if decision.before and (decision.left or decision.right):
        found = (at for at in _occurrences(decision.before, source)
                 if surroundings(source, at, at + len(decision.before)) == (decision.left, decision.right))  # fmt: skip
    return iter(sorted(found, key=lambda at: abs(at - decision.start)))


def _occurrences(text: str, source: str) -> Iterator[int]:
    at = source.find(text)
    while at >= 0:
        yield at
        at = source.find(text, at + 1)


def _edit_at(spot: int, decision: Decision) -> Edit:
    """The edit that the decision was about, as a suggestion: nobody proposes it now."""
    return Edit(start=spot, end=spot + len(decision.before), before=decision.before, after=decision.after,
                rule=decision.rule, band=Band.SUGGESTED, confidence=1.0, id=decision.edit)  # fmt: skip
