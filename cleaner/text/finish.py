"""A finished draft as what a caller sees: clean text, and edits with line numbers and names that last."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Literal, NamedTuple

import numpy as np

from cleaner.text.cleaned import Bands, Cleaned
from cleaner.text.draft import Draft, Proposal, steps_of
from cleaner.text.edits import Band, Edit, Step

CONTEXT = 8
"""Code points on either side that go into an edit's id."""


class _Found(NamedTuple):
    """An edit of the source before it has a line and a name."""

    start: int
    end: int
    after: str | None
    rule: str
    band: Band
    confidence: float
    evidence: Mapping[str, object]
    group: str | None
    steps: tuple[Step, ...] = ()
    to: int | None = None


class Part(NamedTuple):
    """A part of a text as the passes left it: where it begins in the source, its draft, the suggestions and flags on that."""

    start: int
    draft: Draft
    held: Sequence[Proposal]


def finished(source: str, parts: Sequence[Part]) -> Cleaned:
    """The parts of a text, in order, as one cleaned text.

    What is held and cannot be told in offsets of the source (it crosses the edge of a move) is left out. The edits are made
    when they are first asked for: who wants the text alone does not pay for them.
    """
    kept = [part._replace(held=_each_once(part)) for part in parts]

    def bands() -> Bands:
        found = [f for part in kept for f in _found(part)]
        named = _named(found, source)
        applied, suggested, flagged = (tuple(e for e in named if e.band is band) for band in Band)
        return applied, suggested, flagged

    return Cleaned.of(source, "".join(part.draft.text for part in kept), bands)


def _found(part: Part) -> Iterator[_Found]:
    """The edits of a part, in offsets of the whole source; groups of one part are none of another's."""
    for f in (*_applied(part.draft), *(_held(part.draft, p) for p in part.held)):
        if not part.start:
            yield f
            continue
        group = f.group and _BETWEEN.join(f"{name} of {part.start}" for name in f.group.split(_BETWEEN))
        start, end, to = f.start + part.start, f.end + part.start, None if f.to is None else f.to + part.start
        yield f._replace(start=start, end=end, to=to, group=group)


def _each_once(part: Part) -> list[Proposal]:
    """The suggestions and flags of a part; of several passes that suggest the same at one place, only the surest."""
    held = [p for p in part.held if p.to is None and part.draft.is_whole(p.start, p.end)]
    surest: dict[tuple[int, int, str], Proposal] = {}
    for p in held:
        if p.after is not None and not p.group:
            about = p.start, p.end, p.after
            surest[about] = max(surest.get(about, p), p, key=lambda p: p.confidence)
    return [p for p in held if p.after is None or p.group or surest[p.start, p.end, p.after] is p]


def edits_of(draft: Draft) -> list[Edit]:
    """The applied edits of a draft, in source order, one for each record; those that cancelled out are left out."""
    return _named(list(_applied(draft)), draft.source)


def _applied(draft: Draft) -> Iterator[_Found]:
    for record in draft.records:
        before, after = draft.source[record.source_start : record.source_end], draft.text[record.start : record.end]
        if record.is_jump or before == after:
            continue
        steps = steps_of(record, draft.source)
        main, group, confidence = steps[0], steps[0].group, steps[0].confidence
        if len(steps) > 1:
            main = max(steps, key=_visible)
            group = _BETWEEN.join(dict.fromkeys(s.group for s in steps if s.group)) or None
            confidence = min(step.confidence for step in steps)
        several = steps if len(steps) > 1 else ()
        span = record.source_start, record.source_end
        yield _Found(*span, after, main.rule, Band.APPLIED, confidence, main.evidence, group, several)
    for start, end, to, p in draft.moves:
        after = draft.source[start:end]
        yield _Found(start, end, after, p.rule, Band.APPLIED, p.confidence, p.evidence, p.group, to=to)


def _visible(step: Step) -> int:
    """How much of what a reader sees a step changed: white space counts least."""
    if step.before.split() == step.after.split():
        return 0
    return len("".join(step.before.split())) + len("".join(step.after.split()))


def _held(draft: Draft, p: Proposal) -> _Found:
    """A suggestion or flag as an edit of the source; its `after` has the applied edits in it."""
    start, end, low, high = draft.source_span(p.start, p.end)
    after = None if p.after is None else draft.text[low : p.start] + p.after + draft.text[p.end : high]
    return _Found(start, end, after, p.rule, p.band, p.confidence, p.evidence, p.group)


class _LineNumbers:
    """Line numbers, from 1, of offsets of a text."""

    def __init__(self, text: str) -> None:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        self._breaks: list[int] = np.flatnonzero(codes == ord("\n")).tolist()

    def __call__(self, offset: int) -> int:
        return bisect_right(self._breaks, offset - 1) + 1


def _named(found: list[_Found], source: str) -> list[Edit]:
    """The edits in source order, with line and id; a group has the name of its first edit."""
    line = _LineNumbers(source)
    seen: Counter[str] = Counter()
    group_of = _united([f.group.split(_BETWEEN) for f in found if f.group])
    names: dict[str, str] = {}
    result: list[Edit] = []
    for f in sorted(found, key=lambda f: f[:2]):
        before = source[f.start : f.end]
        kind: Literal["change", "move"] = "change" if f.to is None else "move"
        about = "\x1f".join((f.rule, before, f.after or "", _before(source, f.start), _after(source, f.end), kind))
        seen[about] += 1
        name = blake2b(f"{about}\x1f{seen[about]}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        edit = Edit(
            start=f.start,
            end=f.end,
            before=before,
            after=f.after,
            rule=f.rule,
            band=f.band,
            confidence=f.confidence,
            line=line(f.start),
            id=name,
            evidence=f.evidence,
            steps=f.steps,
            group=names.setdefault(group_of[f.group.split(_BETWEEN)[0]], name) if f.group else None,
            kind=kind,
            to=f.to,
        )
        result.append(edit)
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
