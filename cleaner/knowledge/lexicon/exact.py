"""Texts found wherever they stand in another: a hundred thousand of them as fast as a few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaner.knowledge.lexicon.filed import U64, Filed, Int, code_points, keys_at, keys_of, prefix_sums

_HEAD: Final = 3  # code points by which most places are told to begin no text
_HEAD_BITS: Final = 20
_SPREAD: Final = np.uint64(0xD6E8FEB86659FD93)  # odd; carries the last code point, which moves only low bits, up


class Exact:
    """Texts of one code point and more, to be found in others. Never changes."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._codes = code_points("".join(texts))
        self._lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        self._starts = np.cumsum(self._lengths) - self._lengths
        self._distinct_lengths: list[int] = np.unique(self._lengths).tolist()
        self._filed = Filed(keys_of(self._codes, self._starts, self._lengths), np.arange(len(texts)))
        heads = np.minimum(self._lengths, _HEAD)
        self._heads: dict[int, NDArray[np.bool_]] = {}  # by length of heads, which slots of theirs are taken
        for length in np.unique(heads).tolist():
            taken = self._heads[length] = np.zeros(1 << _HEAD_BITS, dtype=np.bool_)
            taken[_slots(keys_of(self._codes, self._starts[heads == length], heads[heads == length]))] = True

    def length(self, number: int) -> int:
        """The code points of a text."""
        return int(self._lengths[number])

    @property
    def longest(self) -> int:
        """The code points of the longest text."""
        return self._distinct_lengths[-1]

    def find(self, codes: NDArray[np.uint32]) -> list[tuple[int, int]]:
        """Where the texts stand in a text (its code points), wherever they overlap too: pairs of offset and number of
        the text, in order."""
        sums = prefix_sums(codes)
        begins = {}
        for length, taken in self._heads.items():
            everywhere = np.arange(max(0, len(codes) - length + 1))
            begins[length] = np.flatnonzero(taken[_slots(keys_at(sums, everywhere, length))])
        found: list[tuple[int, int]] = []
        for length in self._distinct_lengths:
            starts = begins[min(length, _HEAD)]
            starts = starts[: np.searchsorted(starts, len(codes) - length, "right")]
            if len(starts):
                found += self._of_length(codes, keys_at(sums, starts, length), starts, length)
        return sorted(found)

    def _of_length(self, codes: NDArray[np.uint32], keys: U64, starts: Int, length: int) -> list[tuple[int, int]]:
        places, numbers = self._filed.under(keys)
        of_length = self._lengths[numbers] == length
        begins, numbers = starts[places[of_length]], numbers[of_length]
        whole = np.arange(length)
        same = (codes[begins[:, None] + whole] == self._codes[self._starts[numbers][:, None] + whole]).all(axis=1)
        return list(zip(begins[same].tolist(), numbers[same].tolist(), strict=True))


def _slots(keys: U64) -> Int:
    """Where the heads of these keys are noted."""
    return ((keys * _SPREAD) >> np.uint64(64 - _HEAD_BITS)).astype(np.int64)
