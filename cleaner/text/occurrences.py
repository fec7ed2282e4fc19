"""How often sequences of two and three characters occur in a text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BITS = np.uint64(21)  # a code point


class Occurrences:
    """Counts of every pair and triple of neighbouring code points, for questions by the thousand."""

    def __init__(self, codes: NDArray[np.uint32]) -> None:
        wide = codes.astype(np.uint64)
        self._keys: dict[int, NDArray[np.uint64]] = {}
        self._counts: dict[int, NDArray[np.int64]] = {}
        for size in (2, 3):
            grams = _packed([wide[k : len(wide) - size + 1 + k] for k in range(size)])
            self._keys[size], self._counts[size] = np.unique(grams, return_counts=True)

    def of(self, *columns: NDArray[np.uint32]) -> NDArray[np.int64]:
        """How often each row of two or three columns of code points occurs."""
        keys, counts = self._keys[len(columns)], self._counts[len(columns)]
        if not len(keys):
            return np.zeros(len(columns[0]), dtype=np.int64)
        asked = _packed([column.astype(np.uint64) for column in columns])
        at = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
        return np.where(keys[at] == asked, counts[at], 0)


def _packed(columns: list[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    packed = columns[0].copy()
    for column in columns[1:]:
        packed = packed << _BITS | column
    return packed
