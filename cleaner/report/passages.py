"""Edits in their surroundings: passages of a source with the changes in place, for a page that shows them.

A passage is a stretch of source with the edits that lie close together in it and a little of what stands around them.
Changes are told in pieces as small as they are: where an edit replaces `，\n\n生产 力` by `，生产力`, the reader sees two line
ends and a space go. Edits that cannot be told in one line of text with the others (a suggestion across an applied
change) get a passage of their own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal, NamedTuple

from rapidfuzz.distance import Levenshtein

AROUND = 32
"""Code points of source shown on either side of the outermost edits of a passage."""

LEAST_AROUND = 12
"""A line end at least so far away ends what is shown around: the line is told whole, and no more."""

MOST_IN_PASSAGE = 20
"""Edits in one passage; more would part the text from the notes about it."""

MOST_OF_CHANGE = 160
"""Code points of one side of a change that are shown; of longer ones the beginning and the end."""

MOST_COMPARED = 400
"""Code points of either side of an edit that is still compared character by character."""

Record = Mapping[str, Any]
"""An edit as edits.jsonl has it."""


class Difference(NamedTuple):
    """A piece of an edit: what it takes out and puts in; where both are the same, it leaves that standing."""

    before: str
    after: str

    @property
    def kept(self) -> bool:
        """Whether this piece stays as it is."""
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class Entry:
    """An edit with the number by which a document's page refers to it, from 1."""

    number: int
    edit: Record
    destination_line: int | None = None
    together_with: tuple[int, ...] = ()


class Token(NamedTuple):
    """A piece of a passage, in reading order.

    `text` stands there in the source. A `change` is one of an entry's differences; `end` closes an entry, and its number
    goes there; `arrival` is the place to which the entry's text moves. `over` names what else lies over it: `flagged`,
    `moved`, or both.
    """

    kind: Literal["text", "change", "end", "arrival"]
    over: str = ""
    text: str = ""
    difference: Difference | None = None
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Tokens, and the entries of which they tell. `line` is the source's where it begins, from 1.

    `begins` and `ends` are false where the text goes on in that line. `start` and `end` are its span of the source, None
    for an edit that is told apart from the others.
    """

    line: int
    tokens: tuple[Token, ...]
    entries: tuple[Entry, ...]
    begins: bool = True
    ends: bool = True
    start: int | None = None
    end: int | None = None


class _Place(NamedTuple):
    """Where an entry is seen in the source. A range lies over text; a change replaces it; an arrival is a point."""

    start: int
    end: int
    kind: Literal["change", "range", "arrival"]
    entry: Entry


def entries_of(edits: Sequence[Record], source: str | None) -> list[Entry]:
    """The edits of one document, numbered in their order, with the lines that moves go to and the groups' other members."""
    groups: dict[str, list[int]] = {}
    for number, edit in enumerate(edits, 1):
        if edit.get("group"):
            groups.setdefault(edit["group"], []).append(number)
    lines = _lines_at(source or "", [edit["to"] for edit in edits if _moves(edit)])
    return [
        Entry(
            number,
            edit,
            lines.get(edit["to"]) if _moves(edit) and source is not None else None,
            tuple(other for other in groups.get(edit.get("group") or "", ()) if other != number),
        )
        for number, edit in enumerate(edits, 1)
    ]


def passages(entries: Sequence[Entry], source: str | None) -> Iterator[Passage]:
    """The passages that tell all `entries`, in the order of the source.

    Without the source (`None`) every edit stands alone, without surroundings.
    """
    if source is None:
        yield from (_alone(entry) for entry in entries)
        return
    places, apart = _places(entries, len(source))
    clusters = list(_clusters(places))
    edges = [0, *(max(place.end for place in cluster) for cluster in clusters)]
    nexts = [*(cluster[0].start for cluster in clusters[1:]), len(source)]
    lonely = iter(apart)
    waiting = next(lonely, None)
    for cluster, low, high in zip(clusters, edges, nexts, strict=False):
        while waiting is not None and waiting.edit["start"] < cluster[0].start:
            yield _alone(waiting, source)
            waiting = next(lonely, None)
        yield _passage(cluster, source, low, high)
    if waiting is not None:
        yield from (_alone(entry, source) for entry in (waiting, *lonely))


def differences(before: str, after: str) -> list[Difference]:
    """An edit in pieces: what it keeps, and what it replaces, adds or removes. Joined, they give both sides.

    Of equal line ends in a row the first ones go, so that what follows still begins its line.
    """
    if max(len(before), len(after)) > MOST_COMPARED:
        return [Difference(before, after)]
    end = _same_at_end(before, after)
    kept_end = before[len(before) - end :]
    before, after = before[: len(before) - end], after[: len(after) - end]
    pieces = []
    for kept, run in groupby(Levenshtein.opcodes(before, after), key=lambda op: op.tag == "equal"):
        operations = list(run)
        first, last = operations[0], operations[-1]
        old = before[first.src_start : last.src_end]
        pieces.append(Difference(old, old if kept else after[first.dest_start : last.dest_end]))
    return [*pieces, Difference(kept_end, kept_end)] if kept_end else pieces


def _same_at_end(one: str, other: str) -> int:
    """How many code points two texts have in common at their ends."""
    pairs = zip(reversed(one), reversed(other), strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def alike(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Entries that make the same change by the same rule together, in the order of the first of each."""
    together: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        edit = entry.edit
        alone = entry.number if edit.get("steps") or _moves(edit) else None
        together.setdefault((edit["band"], edit["rule"], edit["before"], edit["after"], alone), []).append(entry)
    return list(together.values())


def shortened(text: str, most: int = MOST_OF_CHANGE) -> tuple[str, int, str]:
    """The beginning and the end of `text`, and how many code points between them are left out (0: it is whole).

    A text that is longer than `most` by a quarter or less is not worth shortening.
    """
    if len(text) <= most * 5 // 4:
        return text, 0, ""
    head, tail = most * 3 // 4, most // 4
    return text[:head], len(text) - head - tail, text[-tail:]


def _places(entries: Sequence[Entry], length: int) -> tuple[list[_Place], list[Entry]]:
    """Where the entries are seen, in order, and those that cannot be told together with the others."""
    changes: list[_Place] = []
    others: list[_Place] = []
    apart: list[Entry] = []
    for entry in sorted(entries, key=lambda e: (e.edit["band"] != "applied", e.edit["start"], e.edit["end"])):
        edit = entry.edit
        if not 0 <= edit["start"] <= edit["end"] <= length:
            apart.append(entry)
        elif _moves(edit):
            others.append(_Place(edit["start"], _last_shown(edit), "range", entry))
            others.append(_Place(min(edit["to"], length), min(edit["to"], length), "arrival", entry))
        elif edit["after"] is None:
            others.append(_Place(edit["start"], _last_shown(edit), "range", entry))
        elif not _settle(changes, _Place(edit["start"], edit["end"], "change", entry)):
            apart.append(entry)
    order = {"range": 0, "arrival": 1, "change": 2}
    places = sorted(changes + others, key=lambda p: (p.start, p.end, order[p.kind], p.entry.number))
    return places, sorted(apart, key=lambda e: e.number)


def _settle(changes: list[_Place], place: _Place) -> bool:
    """Puts a change among others, in order, if it overlaps none of them; two insertions at one place do."""
    at = bisect_left(changes, (place.start, place.end), key=lambda p: (p.start, p.end))
    clear_before = at == 0 or changes[at - 1].end <= place.start
    clear_after = at == len(changes) or (
        place.end <= changes[at].start and (changes[at].start, changes[at].end) != (place.start, place.end)
    )
    if clear_before and clear_after:
        changes.insert(at, place)
    return clear_before and clear_after


def _last_shown(edit: Record) -> int:
    """Where what is shown of a range ends: long ones (a whole document, at worst) are shown by their beginning."""
    return int(min(edit["end"], edit["start"] + MOST_OF_CHANGE))


def _clusters(places: Iterable[_Place]) -> Iterator[list[_Place]]:
    """Places that share a passage: their surroundings touch, and they are not too many."""
    cluster: list[_Place] = []
    end = 0
    for place in places:
        if cluster and (place.start > end + 2 * AROUND or (len(cluster) >= MOST_IN_PASSAGE and place.start >= end)):
            yield cluster
            cluster, end = [], 0
        cluster.append(place)
        end = max(end, place.end)
    if cluster:
        yield cluster


def _passage(cluster: list[_Place], source: str, low: int, high: int) -> Passage:
    """The passage of a cluster; `low` and `high` are where its neighbours' edits end and begin."""
    first, last = cluster[0].start, max(place.end for place in cluster)
    start, end = _start_around(source, first, low), _end_around(source, last, high)
    entries = tuple(place.entry for place in cluster if place.kind != "arrival")
    line = cluster[0].entry.destination_line if cluster[0].kind == "arrival" else cluster[0].entry.edit["line"]
    return Passage(
        line=(line or 1) - source.count("\n", start, first),
        tokens=tuple(_tokens(cluster, source, start, end)),
        entries=tuple(sorted(entries, key=lambda e: e.number)),
        begins=start == 0 or source[start - 1] == "\n",
        ends=source[end : end + 1] in ("", "\r", "\n"),
        start=start,
        end=end,
    )


def _start_around(source: str, at: int, low: int) -> int:
    """Where what is shown before `at` begins: at a line's start where one is near, or AROUND code points back."""
    start = max(low, at - AROUND)
    start = source.rfind("\n", start, max(start, at - LEAST_AROUND)) + 1 or start
    while start < at and source[start] in "\r\n":
        start += 1
    return start


def _end_around(source: str, at: int, high: int) -> int:
    end = min(high, at + AROUND)
    line_end = source.find("\n", min(at + LEAST_AROUND, end), end)
    end = line_end if line_end >= 0 else end
    while end > at and source[end - 1] in "\r\n":
        end -= 1
    return end


def _tokens(cluster: list[_Place], source: str, start: int, end: int) -> Iterator[Token]:
    """The passage `source[start:end]`, cut where ranges begin and end, with changes in place of what they replace."""
    ranges = [place for place in cluster if place.kind == "range"]
    arrivals = [place for place in cluster if place.kind == "arrival"]
    changes = [place for place in cluster if place.kind == "change"]
    cuts = sorted({start, end, *(edge for r in ranges for edge in r[:2]), *(a.start for a in arrivals)})
    at, index = start, 0
    for cut, following in zip(cuts, [*cuts[1:], end], strict=True):
        yield from (Token("end", entry=r.entry) for r in ranges if r.end == cut and r.start < cut)
        yield from (Token("arrival", entry=a.entry) for a in arrivals if a.start == cut)
        over = " ".join(sorted({_cover(r) for r in ranges if r.start <= cut < r.end}))
        yield from (Token("end", entry=r.entry) for r in ranges if r.start == r.end == cut)
        while index < len(changes) and (changes[index].start < following or cut == following):
            change = changes[index]
            if change.start > at:
                yield Token("text", over, source[at : change.start])
            yield from _change(change.entry, over)
            at, index = change.end, index + 1
        if at < following:
            yield Token("text", over, source[at:following])
            at = following


def _change(entry: Entry, over: str = "") -> Iterator[Token]:
    """The pieces of a change, its number right behind the last one that changes anything."""
    pieces = differences(entry.edit["before"], entry.edit["after"])
    changing = max((at for at, piece in enumerate(pieces) if not piece.kept), default=-1)
    if changing < 0:
        yield Token("end", over, entry=entry)
    for at, piece in enumerate(pieces):
        if piece.kept:
            yield Token("text", over, piece.before)
        else:
            yield Token("change", over, difference=piece, entry=entry)
        if at == changing:
            yield Token("end", over, entry=entry)


def _cover(place: _Place) -> str:
    return "moved" if _moves(place.entry.edit) else "flagged"


def _alone(entry: Entry, source: str = "") -> Passage:
    """A passage of one edit, with its surroundings as the source has them."""
    edit = entry.edit
    start = end = begin = 0
    if 0 <= edit["start"] <= edit["end"] <= len(source):
        begin, end = edit["start"], edit["end"]
        start = _start_around(source, begin, 0)
    after = _end_around(source, end, len(source))
    tokens: list[Token] = [Token("text", text=source[start:begin])] if start < begin else []
    if _moves(edit) or edit["after"] is None:
        tokens += [Token("text", "moved" if _moves(edit) else "flagged", _beginning(edit)), Token("end", entry=entry)]
    else:
        tokens += _change(entry)
    if end < after:
        tokens.append(Token("text", text=source[end:after]))
    return Passage(
        line=edit["line"] - source.count("\n", start, begin),
        tokens=tuple(tokens),
        entries=(entry,),
        begins=start == 0 or source[start - 1] == "\n",
        ends=source[after : after + 1] in ("", "\r", "\n"),
    )


def _beginning(edit: Record) -> str:
    return str(edit["before"])[:MOST_OF_CHANGE]


def _moves(edit: Record) -> bool:
    return edit.get("kind") == "move"


def _lines_at(source: str, offsets: Iterable[int]) -> dict[int, int]:
    """The lines, from 1, at offsets of `source`."""
    lines: dict[int, int] = {}
    line, at = 1, 0
    for offset in sorted(set(offsets)):
        line += source.count("\n", at, offset)
        lines[offset], at = line, max(at, offset)
    return lines
