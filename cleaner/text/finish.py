"""A finished draft as what a caller sees: clean text, and edits with line numbers and names that last."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b

import numpy as np

from cleaner.text.cleaned import Cleaned
from cleaner.text.draft import Draft, Proposal
from cleaner.text.edits import Band, Edit, Step

CONTEXT = 8
"""Code points on either side that go into an edit's id."""


def finished(draft: Draft, held: Iterable[Proposal]) -> Cleaned:
    """The draft as a cleaned text; `held` are the suggestions and flags on its present text.

    One that cannot be told in offsets of the source (it crosses the edge of a move) is left out.
    """
    kept = [_held(draft, p) for p in held if p.to is None and draft.is_whole(p.start, p.end)]
    named = _named([*edits_of(draft), *kept], draft.source)
    applied, suggested, flagged = (tuple(e for e in named if e.band is band) for band in Band)
    return Cleaned(draft.source, draft.text, applied, suggested, flagged)


def edits_of(draft: Draft) -> list[Edit]:
    """The applied edits of a draft, in source order, one for each record; those that cancelled out are left out."""
    edits: list[Edit] = []
    for record in draft.records:
        before, after = draft.source[record.source_start : record.source_end], draft.text[record.start : record.end]
        if record.is_jump or before == after:
            continue
        main = max(record.steps, key=_visible)
        single = len(record.steps) == 1
        edits.append(
            Edit(
                start=record.source_start,
                end=record.source_end,
                before=before,
                after=after,
                rule=main.rule,
                band=Band.APPLIED,
                confidence=min(step.confidence for step in record.steps),
                evidence=main.evidence,
                steps=() if single else record.steps,
                group=_BETWEEN.join(dict.fromkeys(s.group for s in record.steps if s.group)) or None,
            )
        )
    for move in draft.moves:
        span = draft.source[move.source_start : move.source_end]
        p = move.proposal
        edits.append(
            Edit(
                start=move.source_start,
                end=move.source_end,
                before=span,
                after=span,
                rule=p.rule,
                band=Band.APPLIED,
                confidence=p.confidence,
                evidence=p.evidence,
                group=p.group,
                kind="move",
                to=move.to,
            )
        )
    return sorted(edits, key=lambda e: (e.start, e.end))


def _visible(step: Step) -> int:
    """How much of what a reader sees a step changed: white space counts least."""
    if step.before.split() == step.after.split():
        return 0
    return len("".join(step.before.split())) + len("".join(step.after.split()))


def _held(draft: Draft, p: Proposal) -> Edit:
    """A suggestion or flag as an edit of the source; its `after` has the applied edits in it."""
    start, end, low, high = draft.source_span(p.start, p.end)
    after = None if p.after is None else draft.text[low : p.start] + p.after + draft.text[p.end : high]
    return Edit(
        start=start,
        end=end,
        before=draft.source[start:end],
        after=after,
        rule=p.rule,
        band=p.band,
        confidence=p.confidence,
        evidence=p.evidence,
        group=p.group,
    )


class _LineNumbers:
    """Line numbers, from 1, of offsets of a text."""

    def __init__(self, text: str) -> None:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        self._breaks: list[int] = np.flatnonzero(codes == ord("\n")).tolist()

    def __call__(self, offset: int) -> int:
        return bisect_right(self._breaks, offset - 1) + 1


def _named(edits: list[Edit], source: str) -> list[Edit]:
    """The edits in source order, with line and id; a group has the name of its first edit."""
    line = _LineNumbers(source)
    seen: Counter[tuple[str, ...]] = Counter()
    group_of = _united([e.group.split(_BETWEEN) for e in edits if e.group])
    names: dict[str, str] = {}
    result: list[Edit] = []
    for e in sorted(edits, key=lambda e: (e.start, e.end)):
        about = (e.rule, e.before, e.after or "", _before(source, e.start), _after(source, e.end), e.kind)
        seen[about] += 1
        key = "\x1f".join((*about, str(seen[about]))).encode("utf-8", "surrogatepass")
        name = blake2b(key, digest_size=8).hexdigest()
        group = names.setdefault(group_of[e.group.split(_BETWEEN)[0]], name) if e.group else None
        result.append(replace(e, line=line(e.start), id=name, group=group))
    return result


_BETWEEN = "\x1f"
"""Stands between the groups of an edit in which changes of several groups met: they are decided together."""


def _united(groups: list[list[str]]) -> dict[str, str]:
    """For each group the first of all those that are bound to it."""
    first: dict[str, str] = {}

    def root(name: str) -> str:
        while first.setdefault(name, name) != name:
            name = first[name]
        return name

    for together in groups:
        for name in together:
            first[root(name)] = root(together[0])
    return {name: root(name) for name in first}


def surroundings(source: str, start: int, end: int) -> tuple[str, str]:
    """The visible code points before and after a span of the source that go into an edit's id, `CONTEXT` at most each."""
    return _before(source, start), _after(source, end)


def _before(source: str, offset: int) -> str:
    """The last visible code points before an offset, `CONTEXT` at most: those of its line, or where it has none of the
    line before, so that a line inserted elsewhere changes nothing.
    """
    near = source[max(0, offset - 4 * CONTEXT) : offset]
    line = near[near.rfind("\n") + 1 :].split()
    return "".join(line or near.split())[-CONTEXT:]


def _after(source: str, offset: int) -> str:
    """The first visible code points from an offset, as `_before`."""
    near = source[offset : offset + 4 * CONTEXT]
    line = near.partition("\n")[0].split()
    return "".join(line or near.split())[:CONTEXT]
