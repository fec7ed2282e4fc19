"""Candidate terms of a corpus: sequences that recur, hold together, and are free at both edges.

A text is taken as units: Chinese characters, and words of Latin letters and digits (5G, DeepSeek); marks and line ends
are boundaries. Of each sequence of units that recurs three things are found:

- how often it stands there;
- its cohesion: by how many bits it is likelier than its two parts side by side, at the split where that is least
  (pointwise mutual information): 天工|鼎 is one thing where 的|发展 is two;
- its freedom: the entropy in bits of what stands before and behind it, the lesser of the two; a boundary counts as a
  neighbour that stands nowhere else, all numbers as one and the same: 枚金牌 is not free, for numbers stand before it. What is always followed by the same character is a piece of something longer.

Both are usual measures of new-word discovery (Sproat and Shih 1990 for mutual information; Jin and Tanaka-Ishii 2006
for branching entropy).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.knowledge.lexicon.filed import Int, code_points
from cleaner.text.width import HAN

BLOCK: Final = 4_000_000
"""Code points counted at a time, in some 450 MB. Where a corpus has several blocks, what stands only once in one of them
is not counted there."""

SLACK: Final = 0.5
"""Bits by which a sequence may fall short in one block and still be counted there."""

_LATIN: Final = re.compile(r"[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*(?:[.+'&-][A-Za-z0-9]+)*")
_BOUNDARY, _NUMBER = 0, 1
_UNIT_BITS: Final = 24
_AROUND: Final = 8  # characters of context on either side

Bits = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sequence that may be a term. Cohesion and freedom are in bits."""

    text: str
    count: int
    cohesion: float
    freedom: float
    context: tuple[str, str]  # what stands before and behind it at one of its places


class _Level(NamedTuple):
    """The sequences of one length: how often each stands in the block and where it does so, which sequences it is but
    for its last and its first unit, and how free it is."""

    counts: Int
    places: Int
    prefixes: Int
    suffixes: Int
    freedom: Bits


class _Block(NamedTuple):
    """A stretch of text as units: `_BOUNDARY`, `_NUMBER`, and from there on by code point."""

    text: str
    units: Int
    starts: Int  # where each unit begins in the text
    ends: Int


def candidates(
    texts: Iterable[str], least: int, longest: int, cohesion: float, freedom: float, block: int = BLOCK
) -> list[Candidate]:
    """The sequences of up to `longest` units that stand at least `least` times in the texts, with at least this cohesion
    and freedom; in no order."""
    found: dict[str, Candidate] = {}
    pieces = _blocks(texts, block)
    piece = next(pieces, "")
    while piece:
        following = next(pieces, "")
        alone = not found and not following
        fewest = least if alone else 2
        for one in _in_block(_units(piece), fewest, longest, cohesion - SLACK, freedom - SLACK):
            before = found.get(one.text)
            found[one.text] = one if before is None else _together(before, one)
        piece = following
    return [c for c in found.values() if c.count >= least and c.cohesion >= cohesion and c.freedom >= freedom]


def _in_block(block: _Block, least: int, longest: int, cohesion: float, freedom: float) -> Iterator[Candidate]:
    """The candidates of one block."""
    levels: list[_Level] = []
    total = int((block.units > _NUMBER).sum())
    for level in _levels(block.units, least, longest):
        levels.append(level)
        bits = _cohesion(levels, total)
        good = np.flatnonzero((bits >= cohesion) & (level.freedom >= freedom) & (level.counts >= least))
        length = len(levels)
        columns = (good, level.places[good], level.counts[good], bits[good], level.freedom[good])
        for _, place, count, holds, free in zip(*(column.tolist() for column in columns), strict=True):
            start, end = block.starts[place], block.ends[place + length - 1]
            text = block.text[start:end]
            if length > 1 or (len(text) > 1 and not text.islower()):
                around = block.text[max(0, start - _AROUND) : start], block.text[end : end + _AROUND]
                yield Candidate(text, count, holds, free, around)


def _levels(units: Int, least: int, longest: int) -> Iterator[_Level]:
    """The sequences of one unit, of two, … that stand at least `least` times. Those of one more are looked for only where
    those of one less recur."""
    padded = np.concatenate(([_BOUNDARY], units, np.full(longest + 1, _BOUNDARY)))
    numbers = np.maximum(padded - _NUMBER - 1, -1).astype(
        np.int32
    )  # the sequence that begins at each place; -1: none that recurs
    places = np.flatnonzero(numbers >= 0)
    count = int(numbers.max(initial=-1)) + 1
    first = np.zeros(count, dtype=np.int64)
    first[numbers[places][::-1]] = places[::-1]
    prefixes = suffixes = np.zeros(count, dtype=np.int64)
    for length in range(1, longest + 1):
        here = numbers[places].astype(np.int64)
        counts = np.bincount(here, minlength=count)
        before = _Runs.of(here, padded[places - 1])
        order, behind = _Runs.ordered(here, padded[places + length])
        freedom = np.minimum(before.freedom(counts), behind.freedom(counts))
        yield _Level(counts, first - 1, prefixes, suffixes, freedom)
        recur = np.flatnonzero((behind.counts >= least) & (behind.units > _NUMBER))
        if not len(recur):
            return
        count = len(recur)
        of_run = np.full(len(behind.counts), -1, dtype=np.int32)
        of_run[recur] = np.arange(count, dtype=np.int32)
        first = places[order[behind.starts[recur]]]
        prefixes, suffixes = behind.numbers[recur], numbers[first + 1].astype(np.int64)
        numbers = np.full(len(padded), -1, dtype=np.int32)
        numbers[places[order]] = np.repeat(of_run, behind.counts)
        places = np.flatnonzero(numbers >= 0)


class _Runs(NamedTuple):
    """How often which neighbour stands beside which sequence; `starts` is where each such pair begins in their order."""

    numbers: Int
    units: Int
    counts: Int
    starts: Int

    @classmethod
    def of(cls, numbers: Int, neighbours: Int) -> _Runs:
        """The pairs of sequence and neighbour."""
        return cls._of_keys(np.sort(numbers << _UNIT_BITS | neighbours))

    @classmethod
    def ordered(cls, numbers: Int, neighbours: Int) -> tuple[Int, _Runs]:
        """The order of the pairs, and the pairs."""
        keys = numbers << _UNIT_BITS | neighbours
        order = np.argsort(keys)
        return order, cls._of_keys(keys[order])

    @classmethod
    def _of_keys(cls, keys: Int) -> _Runs:
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        counts = np.diff(np.append(starts, len(keys)))
        return cls(keys[starts] >> _UNIT_BITS, keys[starts] & ((1 << _UNIT_BITS) - 1), counts, starts)

    def freedom(self, totals: Int) -> Bits:
        """For each sequence the entropy of its neighbours in bits, each boundary one that stands nowhere else."""
        totals_here = totals[self.numbers]
        bits = np.log2(totals_here) - np.where(self.units == _BOUNDARY, 0.0, np.log2(self.counts))
        sums = np.bincount(self.numbers, bits * self.counts / totals_here, minlength=len(totals))
        return sums.astype(np.float64, copy=False)


def _cohesion(levels: list[_Level], total: int) -> Bits:
    """For each sequence of the last level the bits at its weakest split. What is one unit cannot be split."""
    last = levels[-1]
    least = np.full(len(last.counts), np.inf)
    prefixes, suffixes = [last.prefixes], [last.suffixes]  # of one unit less, of two less, …
    for level in levels[-2:0:-1]:
        prefixes.append(level.prefixes[prefixes[-1]])
        suffixes.append(level.suffixes[suffixes[-1]])
    length = len(levels)
    for cut in range(1, length):
        left = levels[cut - 1].counts[prefixes[length - cut - 1]]
        right = levels[length - cut - 1].counts[suffixes[cut - 1]]
        np.minimum(least, np.log2(last.counts) + np.log2(total) - np.log2(left) - np.log2(right), out=least)
    return least


def _blocks(texts: Iterable[str], most: int) -> Iterator[str]:
    """The texts run together, a line end between two, in pieces of about `most` code points; long ones cut at a line."""
    waiting: list[str] = []
    size = 0
    for text in texts:
        start = 0
        while size + len(text) - start >= most:
            end = text.rfind("\n", start, start + most - size) + 1 or start + most - size
            yield "\n".join([*waiting, text[start:end]])
            waiting, size, start = [], 0, end
        if start < len(text):
            waiting.append(text[start:])
            size += len(text) - start
    if waiting:
        yield "\n".join(waiting)


def _units(text: str) -> _Block:
    """A text as units."""
    codes = code_points(text)
    symbols = np.where(_han()[codes], codes, 0).astype(np.int64)  # 0: a boundary
    ends = np.arange(1, len(codes) + 1)
    latin: dict[str, int] = {}
    for match in _LATIN.finditer(text):
        start, end = match.span()
        symbols[start:end] = -1
        symbols[start] = sys.maxunicode + 1 + latin.setdefault(match[0], len(latin))
        ends[start] = end
    symbols[(symbols == 0) & _digits()[codes]] = _NUMBER
    starts = np.flatnonzero(symbols >= 0)
    present = np.zeros(sys.maxunicode + 1 + len(latin), dtype=np.int64)
    present[symbols[starts]] = 1
    present[[_BOUNDARY, _NUMBER]] = 0, 1
    units = np.cumsum(present)[symbols[starts]]
    return _Block(text, units, starts, ends[starts])


@cache
def _digits() -> NDArray[np.bool_]:
    """Whether a code point is a digit, or the sign of a share."""
    return np.isin(np.arange(sys.maxunicode + 1), [ord(char) for char in "0123456789０１２３４５６７８９%％‰"])


@cache
def _han() -> NDArray[np.bool_]:
    """Whether a code point is a Chinese character."""
    return np.fromiter((bool(HAN.match(chr(code))) for code in range(sys.maxunicode + 1)), dtype=np.bool_)


def _together(one: Candidate, other: Candidate) -> Candidate:
    """A candidate of two blocks: counted in both, its measures the mean by count."""
    count = one.count + other.count
    cohesion, freedom = (
        (a * one.count + b * other.count) / count
        for a, b in ((one.cohesion, other.cohesion), (one.freedom, other.freedom))
    )
    return Candidate(one.text, count, cohesion, freedom, one.context)
