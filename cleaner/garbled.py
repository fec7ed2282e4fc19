"""Where a text is garbled: phrases that a recogniser said again and again, runs of characters that make no text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.text.width import is_han

if TYPE_CHECKING:
    from cleaner.page import Page

_SPACES = np.array([ord(char) for char in " \t\u3000"], dtype=np.uint32)
_LINE_FEED = ord("\n")

LEAST_LOOP = 6
"""Code points that must come again, not counting white space."""
FARTHEST_LOOP = 30
"""Code points from the start of a phrase to where it comes again: farther, it is rhetoric."""
LOOP_SHARE = 0.75
"""The part of that distance that must be repeated: at 0.6 as many of the real loops are found, and three times as many parallel
clauses in clean laws and news; at 0.9 a third of the loops is lost."""

WINDOW = 16
"""Symbols over which the language model's probabilities are averaged."""
IMPROBABLE = -3.7
"""Mean log10 probability of a symbol below which a window is no text: three windows in 900,000 characters of clean news and
encyclopedia are, nearly all of them rows of foreign names."""
LEAST_HAN = 10
"""Ideographs in such a window: names in Latin and numbers say nothing."""


class Garbled(NamedTuple):
    """A garbled span of a text, what is wrong with it (`loop` or `improbable`), and what shows it."""

    start: int
    end: int
    fault: str
    evidence: dict[str, object]


def spans(page: Page) -> list[Garbled]:
    """The garbled spans of a page, in order; those that overlap are one."""
    apart: list[Garbled] = []
    for span in sorted([*_loops(page), *_improbable(page)], key=lambda found: found[:2]):
        if not apart or span.start >= apart[-1].end:
            apart.append(span)
        elif span.end > apart[-1].end:
            apart[-1] = apart[-1]._replace(end=span.end)
    return apart


def _loops(page: Page) -> Iterator[Garbled]:
    """Phrases that come again at once, within a line."""
    kept = np.flatnonzero(~np.isin(page.codes, _SPACES))
    codes = page.codes[kept]
    done = 0
    for at, distance, size in sorted(_repeats(codes)):
        phrase = "".join(map(chr, codes[at : at + min(size, distance)].tolist()))
        if at < done or len(set(phrase)) < 4 or sum(map(is_han, phrase)) < LEAST_LOOP - 1:
            continue
        if _LINE_FEED in codes[at : at + distance]:
            continue
        done = at + distance + size
        yield Garbled(int(kept[at]), int(kept[done - 1]) + 1, "loop", {"phrase": phrase})


def _repeats(codes: NDArray[np.uint32]) -> Iterator[tuple[int, int, int]]:
    """(place, distance, length) of every stretch that comes again near by, long enough for its distance."""
    for distance in range(LEAST_LOOP, min(FARTHEST_LOOP + 1, len(codes))):
        same = (codes[:-distance] == codes[distance:]) & (codes[:-distance] != _LINE_FEED)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
        starts, ends = edges[::2], edges[1::2]
        long = ends - starts >= max(LEAST_LOOP, LOOP_SHARE * distance)
        for start, end in zip(starts[long].tolist(), ends[long].tolist(), strict=True):
            yield start, distance, end - start


def _improbable(page: Page) -> Iterator[Garbled]:
    """Runs in which every window of symbols is improbable."""
    encoded = page.encoded
    logp = page.scores[0][: len(encoded.ids)]
    if len(logp) < WINDOW:
        return
    means = np.convolve(logp, np.full(WINDOW, 1 / WINDOW), mode="valid")
    bad = np.flatnonzero(means < IMPROBABLE)
    for run in np.split(bad, np.flatnonzero(np.diff(bad) > WINDOW) + 1) if len(bad) else []:
        start = int(encoded.where[run[0]])
        end = int(encoded.where[min(run[-1] + WINDOW, len(encoded.where)) - 1]) + 1
        span = page.text[start:end]
        lines = span.count("\n") + 1
        if sum(map(is_han, span)) >= LEAST_HAN * lines and lines <= 3:
            yield Garbled(start, end, "improbable", {"log10 p": round(float(means[run].min()), 2)})
