"""A text in the works: the source, what became of it so far, and how the two correspond.

Passes propose changes in the offsets of the present text. `Draft.revised` applies one layer of them and composes it
with the layers before, so that every record always speaks of the source. A layer costs time linear in its own size and
the number of records, whatever the length of the text between them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

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

    A record without steps marks a jump: what follows it continues at another place of the source (a move).
    """

    start: int
    end: int
    source_start: int
    source_end: int
    steps: tuple[Step, ...]

    @property
    def is_jump(self) -> bool:
        """Whether the record only marks where the source goes on."""
        return not self.steps


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
    records: tuple[Record, ...] = ()
    moves: tuple[Move, ...] = ()

    @classmethod
    def of(cls, source: str) -> Draft:
        """The draft before any change."""
        return cls(source, source)

    def revised(self, proposals: Sequence[Proposal]) -> Draft:
        """This draft with a layer of proposals applied, which must not overlap and of which it `accepts` each."""
        changes = sorted(
            (part for p in proposals if p.to is None for part in self._split(p)), key=lambda p: (p.start, p.end)
        )
        draft = self._changed(changes) if changes else self
        shifted = _Shifts(changes)
        moves = [(shifted(p.start), shifted(p.end), shifted(p.to), p) for p in proposals if p.to is not None]
        return draft._moved(moves) if moves else draft

    def accepts(self, proposal: Proposal) -> bool:
        """Whether the proposal can be told in offsets of the source. Changes nearly always can; a move not where it would cut a
        record apart, or carry text over the edge of an earlier move.
        """
        if proposal.to is None:  # what is put in before moved text that opens the draft has no place in the source
            return not (proposal.start == proposal.end == 0 and self._jumps[:1] == [0])
        if not all(map(self._may_cut, (proposal.start, proposal.end, proposal.to))):
            return False
        low, high = min(proposal.start, proposal.to), max(proposal.end, proposal.to)
        inside = bisect_right(self._jumps, low)
        return inside == len(self._jumps) or self._jumps[inside] >= high

    @cached_property
    def _jumps(self) -> list[int]:
        return [record.start for record in self.records if record.is_jump]

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
        low = bisect_left(self.records, start, key=lambda r: r.end)
        high = bisect_right(self.records, end, key=lambda r: r.start)
        met = [at for at in range(low, high) if _meets(self.records[at], start, end) and not self.records[at].is_jump]
        if met:
            first, last = self.records[met[0]], self.records[met[-1]]
            begin, finish = min(start, first.start), max(end, last.end)
            source_start = first.source_start if first.start == begin else self._source_at(met[0], begin)
            source_end = last.source_end if last.end == finish else self._source_at(met[-1] + 1, finish)
            return source_start, source_end, begin, finish
        source_start = self._source_at(bisect_right(self.records, start, key=lambda r: r.end), start)
        return source_start, source_start + end - start, start, end

    def _source_at(self, index: int, offset: int) -> int:
        """The place in the source of a text offset that stands right before the record of that index."""
        if index == 0:
            return offset
        last = self.records[index - 1]
        return last.source_end + offset - last.end

    def _changed(self, changes: Sequence[Proposal]) -> Draft:
        old, text = self.records, self.text
        records: list[Record] = []
        parts: list[str] = []
        at, shift, copied = 0, 0, 0
        for first, last, group in _clusters(old, changes):
            records += [r._replace(start=r.start + shift, end=r.end + shift) for r in old[at:first]]
            met = old[first:last]
            start = min([group[0].start, *(r.start for r in met)])
            end = max([group[-1].end, *(r.end for r in met)])
            source_start = met[0].source_start if met and met[0].start == start else self._source_at(first, start)
            source_end = met[-1].source_end if met and met[-1].end == end else self._source_at(last, end)
            new_start = start + shift
            for change in group:
                parts += (text[copied : change.start], change.after or "")
                shift += len(change.after or "") - (change.end - change.start)
                copied = change.end
            steps = tuple(step for record in met for step in record.steps)
            steps += tuple(_step(change, text) for change in group)
            records.append(Record(new_start, end + shift, source_start, source_end, steps))
            at = last
        records += [r._replace(start=r.start + shift, end=r.end + shift) for r in old[at:]]
        parts.append(text[copied:])
        return Draft(self.source, "".join(parts), tuple(records), self.moves)

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
            source = self._source_at(bisect_right(self.records, low, key=lambda r: r.end), low) if low else 0
            records.append(Record(begin, begin, source, source, ()))
            records += [r._replace(start=r.start + begin - low, end=r.end + begin - low) for r in in_segment[low]]
            begin += high - low
        cut = self._cut_in_source
        places = [Move(cut(start), cut(end), cut(to), proposal) for start, end, to, proposal in moves]
        text = "".join(self.text[low:high] for low, high in segments)
        first = 1 if records[0].source_end == 0 else 0  # nothing to say where the text begins as the source does
        return Draft(self.source, text, tuple(records[first:]), (*self.moves, *places))

    def _cut_in_source(self, offset: int) -> int:
        if offset == 0:
            return 0
        return self._source_at(bisect_right(self.records, offset, key=lambda r: r.end), offset)

    def _may_cut(self, offset: int) -> bool:
        """Whether the draft may be cut here: not inside a record, at a jump, or beside an insertion."""
        low = bisect_left(self.records, offset, key=lambda r: r.end)
        high = bisect_right(self.records, offset, key=lambda r: r.start)
        return not any(
            r.start < offset < r.end or r.is_jump or r.source_start == r.source_end for r in self.records[low:high]
        )


def _step(change: Proposal, text: str) -> Step:
    before = text[change.start : change.end]
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
