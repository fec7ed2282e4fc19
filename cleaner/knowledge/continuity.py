"""How well a text runs on over a gap, by the language model: as one sentence, or as an end and a beginning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.knowledge import model
from cleaner.knowledge.model import Encoded

HEAD = 3
"""Symbols after the gap that are looked at."""
TAIL = 4
"""Symbols before it: what a 5-gram can see."""
FLOOR = -5.0
"""Log10 probability below which a symbol counts no less: names are improbable anywhere."""


class Continuity(NamedTuple):
    """Log10 probabilities: of what follows the gap after what is before it, of an end there, of a beginning there."""

    runs_on: float
    ends: float
    starts: float

    @property
    def preference(self) -> float:
        """How much more probable it is that the text runs on: log10."""
        return self.runs_on - self.ends - self.starts


def over_gaps(encoded: Encoded, gaps: Sequence[tuple[int, int, int, int]]) -> list[Continuity]:
    """The continuity over gaps, each given as (start of what is before, its end, start of what follows, its end).

    Offsets in the encoded text; symbols beyond the four bounds are not looked at.
    """
    rows = np.full((len(gaps), TAIL + HEAD), model.BOUNDARY, dtype=np.int64)
    starts = rows.copy()
    stops = np.full((len(gaps), TAIL + 1), model.BOUNDARY, dtype=np.int64)
    counts: list[int] = []
    for row, (low, end, start, high) in enumerate(gaps):
        tail, head = _symbols(encoded, low, end)[-TAIL:], _symbols(encoded, start, high)[:HEAD]
        rows[row, TAIL - len(tail) : TAIL] = stops[row, TAIL - len(tail) : TAIL] = tail
        rows[row, TAIL : TAIL + len(head)] = starts[row, TAIL : TAIL + len(head)] = head
        counts.append(len(head))
    lm = model.load()
    run, begin, stop = (np.maximum(lm.score_windows(windows), FLOOR) for windows in (rows, starts, stops))
    seen = np.arange(HEAD)[None, :] < np.array(counts, dtype=np.int64)[:, None]
    runs_on, begins = (run * seen).sum(axis=1).tolist(), (begin * seen).sum(axis=1).tolist()
    return [Continuity(*found) for found in zip(runs_on, stop[:, 0].tolist(), begins, strict=True)]


def _symbols(encoded: Encoded, start: int, end: int) -> NDArray[np.uint16]:
    """The symbols of a stretch of text."""
    known = encoded.symbol_at[start:end]
    known = known[known >= 0]
    return encoded.ids[known[0] : known[-1] + 1] if len(known) else encoded.ids[:0]
