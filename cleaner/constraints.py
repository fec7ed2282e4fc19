"""What a person has decided about a text, as the chain keeps to it: places left alone, changes that are made whatever
the passes say.

All offsets are of the source. A place that is decided stays as the source has it while the passes run, so that none of
them builds on it; the changes asked for are made once the passes have settled, and nothing touches them afterwards.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from cleaner.rules import Rule
from cleaner.text.draft import Draft, Proposal
from cleaner.text.edits import NO_EVIDENCE

TYPED = Rule(
    "review/typed",
    "Sets what a reviewer typed in place of what stood there.",
    "A person who looks at the page knows better than any rule; what they typed is kept when the text is cleaned again.",
)


class Asked(NamedTuple):
    """A change that a person asked for: `source[start:end]` becomes `after`."""

    start: int
    end: int
    after: str
    rule: str = TYPED.name
    confidence: float = 1.0
    evidence: Mapping[str, object] = NO_EVIDENCE


class Barred(NamedTuple):
    """A suggestion that a person turned down: what it would have made of `source[start:end]`, and by which rule."""

    start: int
    end: int
    after: str
    rule: str


@dataclass(frozen=True)
class Constraints:
    """Decisions about one text. `kept` are spans that stay as the source has them, `closed` offsets at which nothing is
    put in, `asked` changes to make, `barred` suggestions turned down, `unmoved` spans that stay at their place.
    """

    kept: Sequence[tuple[int, int]] = ()
    closed: frozenset[int] = frozenset()
    asked: Sequence[Asked] = ()
    barred: Sequence[Barred] = ()
    unmoved: Sequence[tuple[int, int]] = ()

    def __bool__(self) -> bool:
        return bool(self.kept or self.closed or self.asked or self.barred or self.unmoved)

    def within(self, start: int, end: int) -> Constraints:
        """The decisions about `source[start:end]`, in offsets of that stretch."""

        def inside(low: int, high: int) -> bool:
            return start <= low and high <= end

        return Constraints(
            [(a - start, b - start) for a, b in self.kept if inside(a, b)],
            frozenset(at - start for at in self.closed if inside(at, at)),
            [
                one._replace(start=one.start - start, end=one.end - start)
                for one in self.asked
                if inside(one.start, one.end)
            ],
            [
                one._replace(start=one.start - start, end=one.end - start)
                for one in self.barred
                if inside(one.start, one.end)
            ],
            [(a - start, b - start) for a, b in self.unmoved if inside(a, b)],
        )

    def allowed(self, draft: Draft, proposals: Iterable[Proposal]) -> list[Proposal]:
        """The proposals, in offsets of the draft's text, that keep to the decisions; groups whole or not at all."""
        found = list(proposals)
        fits = [self._allows(draft, p) for p in found]
        lost = {p.group for p, ok in zip(found, fits, strict=True) if p.group and not ok}
        return [p for p, ok in zip(found, fits, strict=True) if ok and (p.group is None or p.group not in lost)]

    def layer(self, draft: Draft) -> list[Proposal]:
        """The changes asked for, as proposals to a draft that was made under these constraints.

        One that has no place there (moved text begins or ends inside it) is left out.
        """
        stretches = list(_unchanged(draft)) if self.asked else []
        starts = [stretch[0] for stretch in stretches]
        layer = []
        for one in sorted(self.asked):
            # at a cut, where one stretch ends and the next begins, what is put in goes to the end of the first
            first = bisect_left(starts, one.start) - 1 if one.start == one.end else bisect_right(starts, one.start) - 1
            for source_start, source_end, text_start in stretches[max(first, 0) : first + 2]:
                if source_start <= one.start and one.end <= source_end:
                    start = text_start + one.start - source_start
                    proposal = Proposal(start, start + one.end - one.start, one.after, one.rule, one.confidence,
                                        evidence=one.evidence)  # fmt: skip
                    if draft.accepts(proposal):
                        layer.append(proposal)
                    break
        return layer

    def _allows(self, draft: Draft, p: Proposal) -> bool:
        if p.to is not None:
            return self._allows_move(draft, p.start, p.end, p.to)
        if p.after is None:
            return True
        return not any(self._is_decided(*span) for span in _spans(draft, p)) and not self._is_barred(draft, p)

    def _is_decided(self, start: int, end: int) -> bool:
        """Whether a change of that span of the source would touch what is decided."""
        before = bisect_left(self._points, end) if start < end else bisect_right(self._points, end)
        after = bisect_right(self._points, start) if start < end else bisect_left(self._points, start)
        if after < before:
            return True
        starts, ends = self._fixed
        at = bisect_left(starts, end) - 1
        return at >= 0 and start < ends[at]

    def _is_barred(self, draft: Draft, p: Proposal) -> bool:
        if not self.barred:
            return False
        start, end, low, high = draft.source_span(p.start, p.end)
        after = draft.text[low : p.start] + (p.after or "") + draft.text[p.end : high]
        return any(
            (b.rule == p.rule and b.start < end and start < b.end) or (b.start, b.end, b.after) == (start, end, after)
            for b in self._barred_near(start, end)
        )

    def _allows_move(self, draft: Draft, start: int, end: int, to: int) -> bool:
        low, high = draft.source_span(start, end)[:2]
        there = draft.source_span(to, to)[0]
        if any(a < high and low < b for a, b in self.unmoved):
            return False
        return not any(a.start < cut < a.end for a in self.asked for cut in (low, high, there))

    def _barred_near(self, start: int, end: int) -> Iterator[Barred]:
        order = self._barred_in_order
        first = bisect_left(order, start - self._longest_barred, key=lambda b: b.start)
        for b in order[first:]:
            if b.start > end:
                return
            yield b

    @cached_property
    def _barred_in_order(self) -> list[Barred]:
        return sorted(self.barred)

    @cached_property
    def _longest_barred(self) -> int:
        return max((b.end - b.start for b in self.barred), default=0)

    @cached_property
    def _fixed(self) -> tuple[list[int], list[int]]:
        """The spans that nothing may touch, overlapping ones as one: starts, ends."""
        starts: list[int] = []
        ends: list[int] = []
        for start, end in sorted([*self.kept, *((a.start, a.end) for a in self.asked)]):
            if start == end:
                continue
            if ends and start < ends[-1]:
                ends[-1] = max(end, ends[-1])
            else:
                starts.append(start)
                ends.append(end)
        return starts, ends

    @cached_property
    def _points(self) -> list[int]:
        """The offsets at which nothing may be put in, nor around them."""
        spans = [*self.kept, *((a.start, a.end) for a in self.asked)]
        return sorted({*self.closed, *(start for start, end in spans if start == end)})


NONE = Constraints()


def _spans(draft: Draft, p: Proposal) -> Iterator[tuple[int, int]]:
    """The spans of source that a change of the draft is about: several where moved text begins or ends inside."""
    cuts = () if draft.is_whole(p.start, p.end) else (r.start for r in draft.records if r.is_jump)
    for start, end in pairwise(sorted({p.start, p.end, *(c for c in cuts if p.start < c < p.end)})):
        yield draft.source_span(start, end)[:2]
    if p.start == p.end:
        yield _insertion(draft, p.start)


def _insertion(draft: Draft, offset: int) -> tuple[int, int]:
    """The span of source that something put in at an offset becomes one with: mostly the bare place.

    Where moved text begins or ends, that is the place behind the text that ends there.
    """
    records = draft.records
    low, high = records.between(offset, offset)
    jump = next((at for at in range(low, high) if records.at(at).is_jump and records.at(at).start == offset), None)
    if jump is None:
        return draft.source_span(offset, offset)[:2]
    near = [records.at(at) for at in range(low, jump)]
    met = [r for r in near if r.end == offset and (r.start == r.end or r.source_start == r.source_end)]
    if met:
        return met[0].source_start, met[-1].source_end
    place = records.source_at(jump, offset)
    return place, place


def _unchanged(draft: Draft) -> Iterator[tuple[int, int, int]]:
    """The stretches of source that stand in the draft as they were, in source order: (start, end, where in the text)."""
    stretches = []
    at = source = 0
    for record in draft.records:
        stretches.append((source, source + record.start - at, at))
        at, source = record.end, record.source_end
    stretches.append((source, source + len(draft.text) - at, at))
    return iter(sorted(stretches))
