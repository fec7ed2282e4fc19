"""Where a text is garbled: phrases that a recogniser said again and again, runs of characters that make no text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.knowledge import names
from cleaner.knowledge.script import simplified
from cleaner.page import Page
from cleaner.text.spans import Spans
from cleaner.text.width import is_han

_SPACES = np.array([ord(char) for char in " \t\u3000"], dtype=np.uint32)
_LINE_FEED = ord("\n")

LEAST_LOOP = 6
"""Code points that must come again, not counting white space."""
FARTHEST_LOOP = 30
"""Code points from the start of a phrase to where it comes again: farther, it is rhetoric."""
LOOP_SHARE = 0.75
"""The part of that distance that must be repeated: at 0.6 as many of the real loops are found, and three times as many parallel
clauses in clean laws and news; at 0.9 a third of the loops is lost. Of a list, whose items begin alike (最高人民法院、最高人民检察院),
all of it must be."""

WINDOW = 16
"""Symbols over which the language model's probabilities are averaged."""
IMPROBABLE = -3.7
"""Mean log10 probability of a symbol below which a window is no text: three windows in 900,000 characters of clean news and
encyclopedia are, nearly all of them rows of foreign names."""
LEAST_ISOLATED = 4
"""Single characters between spaces that make a line of isolated ones, if they are more than half of its characters."""
IMPROBABLE_ISOLATED = -3.0
"""Mean log10 probability of a symbol below which such a line is no text: words set wide (浙 江 日 报) are likelier."""
LEAST_HAN = 10
"""Ideographs in such a window: names in Latin and numbers say nothing."""


class Garbled(NamedTuple):
    """A garbled span of a text, what is wrong with it (`loop`, `improbable` or `isolated`), and what shows it."""

    start: int
    end: int
    fault: str
    evidence: dict[str, object]


def spans(page: Page) -> list[Garbled]:
    """The garbled spans of a page, in order; those that overlap are one."""
    apart: list[Garbled] = []
    for span in sorted([*_loops(page), *_improbable(page), *_isolated(page)], key=lambda found: found[:2]):
        if not apart or span.start >= apart[-1].end:
            apart.append(span)
        elif span.end > apart[-1].end:
            apart[-1] = apart[-1]._replace(end=span.end)
    return apart


def beyond_mending(page: Page) -> Spans:
    """Where the page is garbled: passes that correct characters keep out of it."""
    return Spans(span[:2] for span in page.once(spans))


def _loops(page: Page) -> Iterator[Garbled]:
    """Phrases that come again at once, within a line."""
    kept = np.flatnonzero(~np.isin(page.codes, _SPACES))
    codes = page.codes[kept]
    done = 0
    for at, distance, size in sorted(_repeats(codes)):
        phrase = "".join(map(chr, codes[at : at + min(size, distance)].tolist()))
        if at < done or len(set(phrase)) < 4 or sum(map(is_han, phrase)) < LEAST_LOOP - 1:
            continue
        if "、" in phrase and size < distance:
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
        if sum(map(is_han, span)) >= LEAST_HAN * lines and lines <= 3 and not _is_row_of_names(span):
            yield Garbled(start, end, "improbable", {"log10 p": round(float(means[run].min()), 2)})


def _is_row_of_names(span: str) -> bool:
    """Whether most of what stands between spaces and list marks are personal names; those cut at the ends are not counted."""
    items = [item for item in re.split(r"[\s、，,]+", span)[1:-1] if item]
    named = sum(names.is_name(simplified(item)) for item in items)
    return len(items) >= 3 and named > len(items) / 2


def _isolated(page: Page) -> Iterator[Garbled]:
    """Lines of characters that stand alone and make no text: debris of figures and tables."""
    logp, begun = page.scores[0], page.encoded.begun
    for line in page.lines:
        items = line.bare.split()
        if "|" in items:
            continue  # a table's row
        single = sum(len(item) == 1 for item in items)
        if single < LEAST_ISOLATED or 2 * single <= sum(map(len, items)) or sum(map(is_han, line.bare)) < single / 2:
            continue
        scores = logp[begun[line.start] : begun[line.end]]
        if len(scores) and scores.mean() < IMPROBABLE_ISOLATED and not _is_row_of_names(f" {line.bare} "):
            yield Garbled(
                line.start, line.end, "isolated", {"single": single, "log10 p": round(float(scores.mean()), 2)}
            )
