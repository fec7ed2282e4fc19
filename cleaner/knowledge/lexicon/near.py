"""An index of terms of one length by what they nearly are.

Each term is filed under what is left of it when some of its characters are hidden (one; of six and more characters also
two of its quarters), and a span is looked up under the same keys. A key is the polynomial of the code points in which a
hidden character counts as `_HIDDEN`: what agrees outside the hidden characters has a key in common.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaner.knowledge.lexicon.filed import U64, Filed, Int, code_points, keys_at, powers
from cleaner.text.distinct import distinct

SHORTEST_TWICE: Final = 6  # from this length two characters may be others

MOST_ALIKE: Final = 256
"""Terms that may differ from one another in half of their characters alone, and still be found with two characters
misread. Of the 300,000 companies of a register that end in 科技有限公司, a misread one could be any."""

_HIDDEN: Final = 0x110000  # stands for a hidden character; one more than the last code point
_LOOKED_UP: Final = 1 << 14  # windows at a time: where many terms share a key, each makes a row for each of them


class OfLength:
    """Terms of one length. They lie, with others, in one array of code points."""

    def __init__(self, codes: NDArray[np.uint32], starts: Int, numbers: Int, length: int) -> None:
        """The terms begin at `starts`; `numbers` is what they are called in answers."""
        self._codes, self._starts, self._numbers, self._length = codes, starts, numbers, length
        texts = codes[starts[:, None] + np.arange(length)].astype(np.uint64)
        whole = (texts * powers(length)).sum(axis=1, dtype=np.uint64)
        np.subtract(np.uint64(_HIDDEN), texts, out=texts)
        change = np.multiply(texts, powers(length), out=texts)

        def filed(patterns: Sequence[list[int]], most: int | None) -> Filed:
            keys = np.empty((len(patterns), len(starts)), dtype=np.uint64)
            for row, hidden in zip(keys, patterns, strict=True):
                np.add(whole, change[:, hidden].sum(axis=1, dtype=np.uint64), out=row)
            numbers = np.broadcast_to(np.arange(len(starts), dtype=np.uint64), keys.shape)
            return Filed(keys.reshape(-1), numbers.reshape(-1), most)

        self._by_one = _singles(length), filed(_singles(length), None)
        self._by_two = (_pairs(length), filed(_pairs(length), MOST_ALIKE)) if length >= SHORTEST_TWICE else None

    def like(self, span: str) -> list[int]:
        """The terms that differ from a span of their length in as many characters as a misreading may."""
        codes = code_points(span)
        terms = [self._term_rows(codes, patterns, filed) for patterns, filed in self._indexes()]
        rows = distinct(np.concatenate(terms))
        differ = (self._texts(rows) != codes).sum(axis=1)
        return self._called(rows[(differ > 0) & (differ <= _allowed(self._length))])

    def gapped(self, span: str) -> list[int]:
        """The terms that a span is, one of their characters left out."""
        whole = range(self._length)
        gaps = np.array([[*range(place), -1, *range(place, self._length - 1)] for place in whole])
        codes = np.append(code_points(span).astype(np.uint64), np.uint64(_HIDDEN))[gaps]
        gap, rows = self._by_one[1].under((codes * powers(self._length)).sum(axis=1, dtype=np.uint64))
        same = (self._texts(rows) != codes[gap]).sum(axis=1) == 1  # but for the hidden one
        return self._called(distinct(rows[same]))

    def spans(self, codes: NDArray[np.uint32], sums: U64, suspects: Int) -> Iterator[tuple[int, int]]:
        """Where in a text (its code points and their prefix sums) which terms may have been misread, one of the
        characters that differ being at one of the suspect offsets: pairs of start and term, the same pair more than once."""
        starts = distinct(suspects[:, None] - np.arange(self._length))
        starts = starts[(starts >= 0) & (starts <= len(codes) - self._length)]
        if not len(starts):
            return
        suspect = np.zeros(len(codes), dtype=np.bool_)
        suspect[suspects] = True
        windows = starts[:, None] + np.arange(self._length)
        doubtful = suspect[windows]
        change = (np.uint64(_HIDDEN) - codes[windows]) * powers(self._length)
        whole = keys_at(sums, starts, self._length)
        asked = [self._one_hidden(doubtful, change)]
        if self._by_two:
            asked.append(self._two_hidden(doubtful, change))
        for (rows, gain), (_, filed) in zip(asked, self._indexes(), strict=True):
            keys = whole[rows] + gain
            for some in range(0, len(rows), _LOOKED_UP):
                part = slice(some, some + _LOOKED_UP)
                yield from self._near(codes, suspect, starts[rows[part]], keys[part], filed)

    def _one_hidden(self, doubtful: NDArray[np.bool_], change: U64) -> tuple[Int, U64]:
        """The windows (rows) and what their keys gain where one of their doubtful characters is hidden."""
        rows, places = np.nonzero(doubtful)
        return rows, change[rows, places]

    def _two_hidden(self, doubtful: NDArray[np.bool_], change: U64) -> tuple[Int, U64]:
        """The same where two of a window's quarters are hidden, with a doubtful character in one of them."""
        bounds = _quarters(self._length)[:-1]
        gains, hit = np.add.reduceat(change, bounds, axis=1), np.logical_or.reduceat(doubtful, bounds, axis=1)
        one, other = np.array(list(combinations(range(len(bounds)), 2))).T
        rows, pairs = np.nonzero(hit[:, one] | hit[:, other])
        return rows, gains[rows, one[pairs]] + gains[rows, other[pairs]]

    def _near(
        self, codes: NDArray[np.uint32], suspect: NDArray[np.bool_], starts: Int, keys: U64, filed: Filed
    ) -> Iterator[tuple[int, int]]:
        places, rows = filed.under(keys)
        if not len(places):
            return
        windows = starts[places][:, None] + np.arange(self._length)
        differ = codes[windows] != self._texts(rows)
        near = (differ.sum(axis=1) <= _allowed(self._length)) & (differ & suspect[windows]).any(axis=1)
        yield from zip(windows[near, 0].tolist(), self._called(rows[near]), strict=True)

    def _indexes(self) -> list[tuple[tuple[list[int], ...], Filed]]:
        return [self._by_one, self._by_two] if self._by_two else [self._by_one]

    def _term_rows(self, codes: NDArray[np.uint32], patterns: Sequence[list[int]], filed: Filed) -> Int:
        change = np.zeros((len(patterns), self._length), dtype=np.uint64)
        for row, hidden in zip(change, patterns, strict=True):
            row[hidden] = (np.uint64(_HIDDEN) - codes)[hidden]
        return filed.under(((codes + change) * powers(self._length)).sum(axis=1, dtype=np.uint64))[1]

    def _texts(self, rows: Int) -> NDArray[np.uint32]:
        texts: NDArray[np.uint32] = self._codes[self._starts[rows][:, None] + np.arange(self._length)]
        return texts

    def _called(self, rows: Int) -> list[int]:
        called: list[int] = self._numbers[rows].tolist()
        return called


def _allowed(length: int) -> int:
    """How many characters of a term of this length a misreading may have changed."""
    return 2 if length >= SHORTEST_TWICE else 1


@cache
def _singles(length: int) -> tuple[list[int], ...]:
    """Which characters of a text of this length are hidden: each alone."""
    return tuple([place] for place in range(length))


@cache
def _pairs(length: int) -> tuple[list[int], ...]:
    """Which characters are hidden: two of the text's four quarters, so that any two characters are hidden together by
    one pattern at least."""
    quarters = [list(range(a, b)) for a, b in pairwise(_quarters(length))]
    return tuple(a + b for a, b in combinations(quarters, 2))


def _quarters(length: int) -> list[int]:
    """Where the quarters of a text begin, and its end."""
    return [length * i // 4 for i in range(5)]
