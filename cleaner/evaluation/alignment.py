"""Two texts side by side: which stretches are equal, and what stands where something else should.

The alignment is that of the Levenshtein distance (rapidfuzz: exact, in memory linear in the texts, in time quadratic, but 64
comparisons at once). Texts for which that would take long are cut first where both have a stretch that neither has twice, as
`diff --patience` does; between the cuts it is exact again. The cuts can only make the distance larger, and on texts that are
readings of one page they do not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from rapidfuzz.distance import Levenshtein

ANCHOR = 16
"""Code points of a stretch that texts are cut at: long enough not to be found twice by chance."""

EXACT = 400_000_000
"""Pairs of characters that are compared without cuts: 20,000 by 20,000 take a tenth of a second."""

Tag = Literal["equal", "replace", "delete", "insert"]


class Stretch(NamedTuple):
    """`clean[start:end]` stands where `reference[should_start:should_end]` should; equal, or one of the three kinds of error:
    replace (of one length), insert (nothing should stand there), delete (nothing stands there).
    """

    tag: Tag
    start: int
    end: int
    should_start: int
    should_end: int


def aligned(clean: str, reference: str) -> list[Stretch]:
    """The stretches of both texts, in order and without gaps."""
    if len(clean) * len(reference) <= EXACT:
        return list(_exact(clean, reference, 0, 0))
    stretches: list[Stretch] = []
    at = should_at = 0
    for start, should_start in [*_anchors(clean, reference), (len(clean), len(reference))]:
        piece = _exact(clean[at:start], reference[should_at:should_start], at, should_at)
        stretches += _continued(stretches, piece)
        at, should_at = start, should_start
    return stretches


def _exact(clean: str, reference: str, at: int, should_at: int) -> Iterator[Stretch]:
    """The stretches of two pieces that begin at these offsets."""
    # rapidfuzz edits its first text into its second: what it deletes is what should not stand there
    tags: dict[str, Tag] = {"delete": "insert", "insert": "delete", "replace": "replace", "equal": "equal"}
    for o in Levenshtein.opcodes(clean, reference):
        yield Stretch(tags[o.tag], at + o.src_start, at + o.src_end, should_at + o.dest_start, should_at + o.dest_end)


def _continued(before: list[Stretch], piece: Iterator[Stretch]) -> Iterator[Stretch]:
    """The piece, whose first stretch goes on from the last of those before where both are equal: then that one is taken out."""
    first = next(piece, None)
    if first is None:
        return
    if before and first.tag == before[-1].tag == "equal":
        last = before.pop()
        first = first._replace(start=last.start, should_start=last.should_start)
    yield first
    yield from piece


def _anchors(clean: str, reference: str) -> list[tuple[int, int]]:
    """Places at which both texts are cut: the longest row of common stretches that stand in one order, each unique in both."""
    here, there = _unique(clean), _unique(reference)
    return _longest_rising([(at, there[piece]) for piece, at in here.items() if piece in there])


def _unique(text: str) -> dict[str, int]:
    """The stretches of the text that it has once, with their offsets, in order."""
    places: dict[str, int] = {}
    twice: set[str] = set()
    for at in range(len(text) - ANCHOR + 1):
        piece = text[at : at + ANCHOR]
        if places.setdefault(piece, at) != at:
            twice.add(piece)
    return {piece: at for piece, at in places.items() if piece not in twice}


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest row of pairs, ascending in the first number, that ascend in the second as well (patience sorting)."""
    tails: list[int] = []  # the second numbers with which the best rows of each length end
    ends: list[int] = []  # of which pair they are
    before: list[int] = []
    for number, (_, should) in enumerate(pairs):
        length = bisect_left(tails, should)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [should]
        ends[length : length + 1] = [number]
    row: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        row.append(pairs[number])
        number = before[number]
    return row[::-1]
