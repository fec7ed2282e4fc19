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
    if not gaps:
        return []
    low, end, start, high = np.array(gaps, dtype=np.int64).T
    before = encoded.begun
    ids = np.append(encoded.ids, model.BOUNDARY).astype(np.int64)
    back = np.arange(-TAIL, 0)
    tails = _symbols(ids, before[end][:, None] + back, before[low][:, None], before[end][:, None])
    heads = _symbols(ids, before[start][:, None] + np.arange(HEAD), before[start][:, None], before[high][:, None])
    edge = np.full((len(gaps), TAIL), model.BOUNDARY, dtype=np.int64)
    lm = encoded.model
    rows = (np.hstack([tails, heads]), np.hstack([edge, heads]), np.hstack([tails, edge[:, :1]]))
    run, begin, stop = (np.maximum(lm.score_windows(windows), FLOOR) for windows in rows)
    seen = np.arange(HEAD)[None, :] < (before[high] - before[start])[:, None]
    runs_on, begins = (run * seen).sum(axis=1).tolist(), (begin * seen).sum(axis=1).tolist()
    return [Continuity(*found) for found in zip(runs_on, stop[:, 0].tolist(), begins, strict=True)]


def _symbols(
    ids: NDArray[np.int64], at: NDArray[np.int64], low: NDArray[np.int64], high: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The symbols at some places, boundaries where a place is outside its bounds."""
    inside = (at >= low) & (at < high)
    return np.where(inside, ids[np.where(inside, at, -1)], model.BOUNDARY)
