"""A text in the works: the source, what became of it so far, and how the two correspond.

Passes propose changes in the offsets of the present text. `Draft.revised` applies one layer of them and composes it
with the layers before, so that every record always speaks of the source. A layer costs time linear in its own size and
the number of records, whatever the length of the text between them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.text.edits import NO_EVIDENCE, Band, Step, reordered


class Proposal(NamedTuple):
    """What a pass proposes: `text[start:end]` of the present text becomes `after` (None: flagged only).

    With `to`, the span keeps its characters and moves to that offset.
    """

    start: int
    end: int
    after: str | None
    rule: str
    confidence: float
    band: Band = Band.APPLIED
    evidence: Mapping[str, object] = NO_EVIDENCE
    group: str | None = None
    to: int | None = None


class Record(NamedTuple):
    """`text[start:end]` of the draft stands where the source has `source[source_start:source_end]`.

    `origin` is what made it: the steps; or, where there was but one, its proposal, which is its step in short. A record
    without any marks a jump: what follows it continues at another place of the source (a move).
    """

    start: int
    end: int
    source_start: int
    source_end: int
    origin: Proposal | tuple[Step, ...]

    @property
    def is_jump(self) -> bool:
        """Whether the record only marks where the source goes on."""
        return self.origin == ()


class Records:
    """Records in the order of the text, as columns: a layer shifts all that stand behind its changes at once."""

    def __init__(
        self,
        starts: _Offsets,
        ends: _Offsets,
        source_starts: _Offsets,
        source_ends: _Offsets,
        origins: list[Proposal | tuple[Step, ...]],
    ) -> None:
        self.starts, self.ends, self.source_starts, self.source_ends = starts, ends, source_starts, source_ends
        self.origins = origins

    @classmethod
    def of(cls, records: Sequence[Record]) -> Records:
        """The columns of some records."""
        columns = np.array([r[:4] for r in records], dtype=np.int64).reshape(-1, 4).T
        return cls(columns[0], columns[1], columns[2], columns[3], [r.origin for r in records])

    def __len__(self) -> int:
        return len(self.origins)

    def __iter__(self) -> Iterator[Record]:
        columns = (self.starts.tolist(), self.ends.tolist(), self.source_starts.tolist(), self.source_ends.tolist())
        return map(Record, *columns, self.origins)

    def at(self, index: int) -> Record:
        """One of the records."""
        start, end = int(self.starts[index]), int(self.ends[index])
        return Record(start, end, int(self.source_starts[index]), int(self.source_ends[index]), self.origins[index])

    def between(self, start: int, end: int) -> tuple[int, int]:
        """The records that touch `text[start:end]`: index of the first, index past the last (the first's, if none does)."""
        low = int(np.searchsorted(self.ends, start, "left"))
        return low, max(low, int(np.searchsorted(self.starts, end, "right")))

    def source_at(self, index: int, offset: int) -> int:
        """The place in the source of a text offset that stands right before the record of that index."""
        return offset if index == 0 else int(self.source_ends[index - 1] - self.ends[index - 1]) + offset


_Offsets = NDArray[np.int64]


class Move(NamedTuple):
    """A span of the source that stands, in the draft, behind what the source has before `to`."""

    source_start: int
    source_end: int
    to: int
    proposal: Proposal


@dataclass(frozen=True)
class Draft:
    """The text so far (`text`), and the records that tie it to `source`, in the order of the text."""

    source: str
    text: str
    records: Records = field(default_factory=lambda: Records.of(()))
    moves: tuple[Move, ...] = ()

    @classmethod
    def of(cls, source: str) -> Draft:
        """The draft before any change."""
        return cls(source, source)

    def revised(self, proposals: Sequence[Proposal]) -> Draft:
        """This draft with a layer of proposals applied, which must not overlap and of which it `accepts` each."""
        changes = [p for p in proposals if p.to is None]
        if self._jumps:
            changes = [part for p in changes for part in self._split(p)]
        changes.sort(key=itemgetter(0, 1))
        draft = self._changed(changes) if changes else self
        shifted = _Shifts(changes)
        moves = [(shifted(p.start), shifted(p.end), shifted(p.to), p) for p in proposals if p.to is not None]
        return draft._moved(moves) if moves else draft

    def accepts(self, proposal: Proposal) -> bool:
        """Whether the proposal can be told in offsets of the source. Changes nearly always can; a move not where it would cut a
        record apart, carry text over the edge of an earlier move, or out of, into or within what one has moved.
        """
        if proposal.to is None:  # what is put in before moved text that opens the draft has no place in the source
            return not (proposal.start == proposal.end == 0 and self._jumps[:1] == [0])
        if not all(map(self._may_cut, (proposal.start, proposal.end, proposal.to))):
            return False
        low, high = min(proposal.start, proposal.to), max(proposal.end, proposal.to)
        inside = bisect_right(self._jumps, low)
        if inside < len(self._jumps) and self._jumps[inside] < high:
            return False
        start, end, to = map(self._cut_in_source, (proposal.start, proposal.end, proposal.to))
        return not any(
            start == move.source_start
            or any(move.source_start < place < move.source_end for place in (start, end, to))
            or any(start < place < end for place in (move.source_start, move.source_end, move.to))
            for move in self.moves
        )

    @cached_property
    def _jumps(self) -> list[int]:
        return [int(self.records.starts[at]) for at, origin in enumerate(self.records.origins) if origin == ()]

    def _split(self, change: Proposal) -> Iterator[Proposal]:
        """A change in pieces, cut where moved text begins or ends: what is put in stands in the first."""
        first = bisect_right(self._jumps, change.start)
        cuts = [at for at in self._jumps[first : bisect_left(self._jumps, change.end)] if at > change.start]
        if not cuts:
            yield change
            return
        group = change.group or f"cut {change.start}"
        for start, end in pairwise(dict.fromkeys([change.start, *cuts, change.end])):
            yield change._replace(
                start=start, end=end, after=change.after if start == change.start else "", group=group
            )

    def is_whole(self, start: int, end: int) -> bool:
        """Whether `text[start:end]` is one stretch of the source: no moved text begins or ends inside."""
        first = bisect_right(self._jumps, start)
        return first == len(self._jumps) or self._jumps[first] >= end

    def source_span(self, start: int, end: int) -> tuple[int, int, int, int]:
        """The span of source that `text[start:end]` stands for: (source start, source end, start, end).

        The latter two are the text span widened to the whole of each record that it meets.
        """
        low, high = self.records.between(start, end)
        near = [self.records.at(at) for at in range(low, high)]
        met = [low + k for k, r in enumerate(near) if _meets(r, start, end) and not r.is_jump]
        source_at = self.records.source_at
        if met:
            first, last = near[met[0] - low], near[met[-1] - low]
            begin, finish = min(start, first.start), max(end, last.end)
            source_start = first.source_start if first.start == begin else source_at(met[0], begin)
            source_end = last.source_end if last.end == finish else source_at(met[-1] + 1, finish)
            return source_start, source_end, begin, finish
        source_start = source_at(int(np.searchsorted(self.records.ends, start, "right")), start)
        return source_start, source_start + end - start, start, end

    def origins(self) -> NDArray[np.int64]:
        """For each code point of the text, where in the source it stands; -1 for what was put in."""
        records, at = self.records, np.arange(len(self.text), dtype=np.int64)
        if not len(records):
            return at
        past = np.searchsorted(records.ends, at, "right")  # how many records end at it or before
        shifts = np.concatenate([[0], records.source_ends - records.ends])
        following = np.minimum(past, len(records) - 1)
        inside = (past < len(records)) & (records.starts[following] <= at)
        return np.where(inside, -1, at + shifts[past])

    def _changed(self, changes: Sequence[Proposal]) -> Draft:
        """This draft with changes applied. Those that touch no record become records of their own, all at once; the others are
        put together with the records that they meet, one after the other.
        """
        old = self.records
        starts, ends = (np.array([c[k] for c in changes], dtype=np.int64) for k in (0, 1))
        shifts = np.zeros(len(changes) + 1, dtype=np.int64)
        np.cumsum([len(c.after or "") for c in changes] - (ends - starts), out=shifts[1:])
        low, high = np.searchsorted(old.ends, starts, "left"), np.searchsorted(old.starts, ends, "right")
        touching = np.flatnonzero(low < high)
        free = np.flatnonzero(low >= high)
        source = starts[free]
        if len(old):
            source = source + np.where(low[free] > 0, (old.source_ends - old.ends)[low[free] - 1], 0)
        apart = Records(
            starts[free] + shifts[free],
            ends[free] + shifts[free + 1],
            source,
            source + ends[free] - starts[free],
            [changes[k] for k in free.tolist()],
        )
        places = 2 * low  # before the record at `low`; a change that takes a record's own place has 2 * index + 1
        together, gone = self._met(changes, touching, low, high, shifts, places)
        records = _merged(old, apart, places[free], free, together, gone, places, shifts)
        return Draft(self.source, _replaced(self.text, changes), records, self.moves)

    def _met(
        self,
        changes: Sequence[Proposal],
        touching: _Offsets,
        low: _Offsets,
        high: _Offsets,
        shifts: _Offsets,
        places: _Offsets,
    ) -> tuple[list[tuple[int, Record]], list[int]]:
        """The records that changes make which touch others: (first change, record); and the records that they take up.

        Writes where they belong into `places`.
        """
        old, text = self.records, self.text
        touched = sorted({at for k in touching.tolist() for at in range(low[k], high[k])})
        near = [old.at(at) for at in touched]
        made: list[tuple[int, Record]] = []
        gone: list[int] = []
        taken = 0
        for first, last, group in _clusters(near, [changes[k] for k in touching.tolist()]):
            members = touching[taken : taken + len(group)]
            taken += len(group)
            head, tail = int(members[0]), int(members[-1])
            met = near[first:last]
            before = max(int(low[head]), touched[first - 1] + 1 if first else 0)
            begin, past = (touched[first], touched[last - 1] + 1) if met else (before, before)
            start = min([group[0].start, *(r.start for r in met)])
            end = max([group[-1].end, *(r.end for r in met)])
            source_start = met[0].source_start if met and met[0].start == start else old.source_at(begin, start)
            source_end = met[-1].source_end if met and met[-1].end == end else old.source_at(past, end)
            steps = tuple(step for record in met for step in steps_of(record, self.source))
            steps += tuple(_step(change, text[change.start : change.end]) for change in group)
            record = Record(start + int(shifts[head]), end + int(shifts[tail + 1]), source_start, source_end, steps)
            made.append((head, record))
            gone += touched[first:last]
            places[members] = 2 * begin + bool(met)
        return made, gone

    def _moved(self, moves: Sequence[tuple[int, int, int, Proposal]]) -> Draft:
        """This draft with spans at other places; a move that would cut a record apart is left out."""
        moves = [m for m in moves if m[0] < m[1] and m[2] not in m[:2] and all(map(self._may_cut, m[:3]))]
        segments = reordered([move[:3] for move in moves], len(self.text))
        cuts = sorted(low for low, _ in segments)
        in_segment: dict[int, list[Record]] = {low: [] for low in cuts}
        for record in self.records:  # an empty record at a cut belongs to what stands before it
            place = bisect_left(cuts, record.start) if record.start == record.end else bisect_right(cuts, record.start)
            in_segment[cuts[max(0, place - 1)]].append(record)
        records: list[Record] = []
        begin = 0
        for low, high in segments:
            source = self._cut_in_source(low)
            records.append(Record(begin, begin, source, source, ()))
            records += [r._replace(start=r.start + begin - low, end=r.end + begin - low) for r in in_segment[low]]
            begin += high - low
        cut = self._cut_in_source
        places = [Move(cut(start), cut(end), cut(to), proposal) for start, end, to, proposal in moves]
        text = "".join(self.text[low:high] for low, high in segments)
        first = 1 if records[0].source_end == 0 else 0  # nothing to say where the text begins as the source does
        return Draft(self.source, text, Records.of(records[first:]), (*self.moves, *places))

    def _cut_in_source(self, offset: int) -> int:
        if offset == 0:
            return 0
        return self.records.source_at(int(np.searchsorted(self.records.ends, offset, "right")), offset)

    def _may_cut(self, offset: int) -> bool:
        """Whether the draft may be cut here: not inside a record, at a jump, or beside an insertion."""
        near = map(self.records.at, range(*self.records.between(offset, offset)))
        return not any(r.start < offset < r.end or r.is_jump or r.source_start == r.source_end for r in near)


def steps_of(record: Record, source: str) -> tuple[Step, ...]:
    """The changes that met in a record."""
    if isinstance(record.origin, Proposal):
        return (_step(record.origin, source[record.source_start : record.source_end]),)
    return record.origin


def _merged(
    old: Records,
    apart: Records,
    apart_places: _Offsets,
    apart_order: _Offsets,
    together: list[tuple[int, Record]],
    gone: list[int],
    places: _Offsets,
    shifts: _Offsets,
) -> Records:
    """Old records, shifted by the changes before them, with new ones at their places among them."""
    kept = np.ones(len(old), dtype=bool)
    kept[gone] = False
    kept_at = np.flatnonzero(kept)
    shift = shifts[np.searchsorted(places, 2 * kept_at + 1, "left")]
    met = Records.of([record for _, record in together])
    heads = np.array([head for head, _ in together], dtype=np.int64)
    order = np.lexsort(
        (
            np.concatenate([np.zeros(len(kept_at), np.int64), apart_order, heads]),
            np.concatenate([2 * kept_at + 1, apart_places, places[heads]]),
        )
    )
    origins = [*map(old.origins.__getitem__, kept_at.tolist()), *apart.origins, *met.origins]
    return Records(
        np.concatenate([old.starts[kept] + shift, apart.starts, met.starts])[order],
        np.concatenate([old.ends[kept] + shift, apart.ends, met.ends])[order],
        np.concatenate([old.source_starts[kept], apart.source_starts, met.source_starts])[order],
        np.concatenate([old.source_ends[kept], apart.source_ends, met.source_ends])[order],
        [origins[k] for k in order.tolist()],
    )


def _replaced(text: str, changes: Sequence[Proposal]) -> str:
    parts: list[str] = []
    copied = 0
    for change in changes:
        parts += (text[copied : change.start], change.after or "")
        copied = change.end
    parts.append(text[copied:])
    return "".join(parts)


def _step(change: Proposal, before: str) -> Step:
    return Step(change.rule, before, change.after or "", change.confidence, change.evidence, change.group)


def _meets(record: Record, start: int, end: int) -> bool:
    """Whether a change of `text[start:end]` must become one with the record.

    They overlap; or the change is an insertion at the edge of a record that is empty in the text or in the source, where
    their order could not be told from the source.
    """
    if start < end:
        return record.start < end and start < record.end
    if record.start == record.end or record.source_start == record.source_end:
        return record.start <= start <= record.end
    return record.start < start < record.end


def _clusters(records: Sequence[Record], changes: Sequence[Proposal]) -> Iterator[tuple[int, int, Sequence[Proposal]]]:
    """Changes with the records that they meet: (first record, past the last, changes).

    An insertion where moved text begins stands before the jump, with the text that ends there.
    """
    at = index = 0
    while index < len(changes):
        start, end = changes[index].start, changes[index].end
        while at < len(records) and records[at].end <= start and not _meets(records[at], start, end):
            at += 1
        first, begin = at, index
        index += 1
        while True:
            latest = changes[index - 1]
            if at < len(records) and _joins(records[at], latest.start, latest.end):
                at += 1
            elif (
                at > first
                and index < len(changes)
                and _joins(records[at - 1], changes[index].start, changes[index].end)
            ):
                index += 1
            else:
                break
        yield first, at, changes[begin:index]


def _joins(record: Record, start: int, end: int) -> bool:
    """Whether a change becomes one with the record."""
    return not record.is_jump and _meets(record, start, end)


class _Shifts:
    """Where offsets went when changes were applied."""

    def __init__(self, changes: Sequence[Proposal]) -> None:
        self._changes = changes
        grown = (len(change.after or "") - (change.end - change.start) for change in changes)
        self._shift = [0, *accumulate(grown)]

    def __call__(self, offset: int) -> int:
        """The new place of an offset; one inside a change goes to the change's start."""
        index = bisect_right(self._changes, offset, key=lambda change: change.end)
        if index < len(self._changes) and self._changes[index].start < offset:
            offset = self._changes[index].start
        return offset + self._shift[index]
