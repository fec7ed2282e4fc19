"""Numbers filed under keys of 64 bits, looked up by the thousand; and the keys of texts.

The key of a text is the polynomial of its code points modulo 2^64, so that the key of every window of a text comes from
its prefix sums. Two texts share a key once in 2^64; whoever looks up compares what is found with what was asked for.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
Int = NDArray[np.int64]

_BASE: Final = 0x9E3779B97F4A7C15  # odd; 2^64 divided by the golden ratio
_MOST_BITS: Final = 22  # of the table of buckets: 16 MB
_TAG: Final = np.uint64(32)  # where the tag begins: bits that tell apart the keys of one bucket
_LOW: Final = np.uint64(0xFFFFFFFF)


class Filed:
    """Numbers below 2^32 under keys, in some 8 bytes each. Several may stand under one key."""

    def __init__(self, keys: U64, numbers: NDArray[np.integer], most: int | None = None) -> None:
        """Files each number under its key. Where more than `most` numbers share a key, none of them is filed there.

        `keys` is used up: what it holds afterwards means nothing.
        """
        bits = min(_MOST_BITS, max(8, len(keys).bit_length() + 1))
        self._shift = np.uint64(64 - bits)
        filed = keys
        filed &= ~_LOW
        filed |= numbers.astype(np.uint64, copy=False)
        filed.sort()
        if most is not None:
            filed = filed[_run_lengths(filed >> _TAG) <= most]
        self._numbers = filed.astype(np.uint32)
        self._tags = (filed >> _TAG).astype(np.uint16)
        bounds = np.arange(1 << bits, dtype=np.uint64) << self._shift
        self._starts = np.append(np.searchsorted(filed, bounds), len(filed)).astype(np.int32)

    def __bool__(self) -> bool:
        return bool(len(self._numbers))

    def under(self, keys: U64) -> tuple[Int, Int]:
        """What stands under the keys, in two columns: the place of the key among those given, the number. Now and then
        (once in a thousand look-ups) a number stands there whose key is another."""
        buckets = (keys >> self._shift).astype(np.int64)
        first = self._starts[buckets]
        times = self._starts[buckets + 1] - first
        asked = np.flatnonzero(times)
        times = times[asked]
        places = np.repeat(asked, times)
        rank = np.arange(len(places)) - np.repeat(np.cumsum(times) - times, times)
        rows = np.repeat(first[asked], times) + rank
        right = self._tags[rows] == (keys[places] >> _TAG).astype(np.uint16)
        return places[right], self._numbers[rows[right]].astype(np.int64)


def keys_of(codes: NDArray[np.uint32], starts: Int, lengths: Int) -> U64:
    """The keys of texts that lie in one array of code points, from `starts` on."""
    keys = np.zeros(len(starts), dtype=np.uint64)
    going_on, place = np.flatnonzero(lengths > 0), 0
    while len(going_on):
        keys[going_on] = keys[going_on] * np.uint64(_BASE) + codes[starts[going_on] + place]
        place += 1
        going_on = going_on[lengths[going_on] > place]
    return keys


def keys_at(sums: U64, starts: Int, length: int) -> U64:
    """The keys of the windows of a text (its `prefix_sums`) that begin at `starts` and have so many code points."""
    return sums[starts + length] - sums[starts] * np.uint64(pow(_BASE, length, 1 << 64))


def prefix_sums(codes: NDArray[np.integer]) -> U64:
    """The keys of the first 0, 1, 2, … code points."""
    inverse = np.uint64(pow(_BASE, -1, 1 << 64))  # the base is odd
    count = len(codes)
    falling = np.cumprod(_from_one(inverse, count), dtype=np.uint64)
    rising = np.cumprod(_from_one(np.uint64(_BASE), count), dtype=np.uint64)
    sums = np.zeros(count + 1, dtype=np.uint64)
    sums[1:] = np.cumsum(codes.astype(np.uint64) * falling, dtype=np.uint64) * rising
    return sums


@cache
def powers(length: int) -> U64:
    """What each code point of a text of this length is multiplied by."""
    return np.array([pow(_BASE, length - 1 - place, 1 << 64) for place in range(length)], dtype=np.uint64)


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of a text, lone surrogates among them."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _from_one(factor: np.uint64, count: int) -> U64:
    """Factors whose running product is 1, `factor`, its square, …"""
    factors = np.full(count, factor, dtype=np.uint64)
    factors[:1] = 1
    return factors


def _run_lengths(ordered: U64) -> Int:
    """For each value of an ordered array how often it stands there."""
    first = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - np.uint64(1)) != 0)
    lengths = np.diff(np.append(first, len(ordered)))
    return np.repeat(lengths, lengths)
