"""Pairs of characters that traditional text has and the language model lacks: 寮國, 衞生. They are no misreads."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaner.knowledge import resources

PAIRS_FILE: Final = "model/traditional-pairs.tsv"
BITS: Final = 21  # a code point
MASK: Final = (1 << BITS) - 1


def packed(first: Any, second: Any) -> Any:
    """Two code points as one number; also whole columns of them."""
    return first << BITS | second


def sorted_of(table: Iterable[tuple[str, str]]) -> NDArray[np.int64]:
    """Pairs as numbers, in order."""
    return np.array(sorted(packed(ord(a), ord(b)) for a, b in table), dtype=np.int64)


@cache
def load() -> NDArray[np.int64]:
    """The shipped pairs, as numbers, in order. Raises FileNotFoundError where the installation lacks them."""
    return sorted_of((first, second) for first, seconds in resources.rows(PAIRS_FILE) for second in seconds)


def known(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.bool_]:
    """For each row of two columns of code points, whether it is one of the pairs."""
    table = load()
    if not len(table):
        return np.zeros(len(first), dtype=bool)
    asked = packed(first, second)
    return np.asarray(table[np.minimum(np.searchsorted(table, asked), len(table) - 1)] == asked)
