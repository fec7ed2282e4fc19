"""Documents put together from files in different encodings: which lines are in which.

Lines, because every encoding but UTF-16 ends them with the same byte, and because what is appended begins a line of its
own. Only lines that read badly in the document's own encoding are tried in the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import log

import numpy as np
from numpy.typing import NDArray

from cleaner.files.likelihood import PLAUSIBLE, RIVALS, LineScores, line_scores

LINEWISE = tuple(codec for codec in RIVALS if not codec.startswith("utf-16"))
"""Encodings that may stand in one document together."""

SUSPECT = -9.5
"""Mean log probability of the characters beyond ASCII below which a line is tried in other encodings. Of lines of ten
Chinese characters, 98 % are above."""

ANOTHER = log(1e6)
"""A line is in another encoding than its document where that makes it a million times as likely."""


NEAR = 10
"""Lines within which a short line looks for others that tell."""


def stretches(raw: bytes, main: str, others: Sequence[str] = LINEWISE) -> list[tuple[str, bytes]]:
    """The document cut into stretches of whole lines, each with its encoding: `main`, or one of `others`.

    A single stretch in `main` where the document is not mixed.
    """
    lines = raw.split(b"\n")
    chosen = _choices(lines, main, others)
    if chosen is None:
        return [(main, raw)]
    ended = [line + b"\n" for line in lines[:-1]] + lines[-1:]
    runs = groupby(zip(chosen, ended, strict=True), key=lambda row: row[0])
    return [(codec, b"".join(line for _, line in run)) for codec, run in runs]


def _choices(lines: list[bytes], main: str, others: Sequence[str]) -> list[str] | None:
    """The encoding of each line; None where all are in `main`."""
    scores = line_scores(b"\n".join(lines), main)
    if len(scores.mean) != len(lines):
        return None
    suspects = np.flatnonzero(scores.mean < SUSPECT)
    if not len(suspects):
        return None
    rivals = [codec for codec in others if codec != main]
    best, found = _best(b"\n".join(lines[n] for n in suspects.tolist()), rivals, len(suspects))
    gain = found.whole - scores.whole[suspects]
    sure = (gain >= ANOTHER) & (found.mean >= PLAUSIBLE)
    chosen = np.zeros(len(lines), dtype=np.uint8)  # 0: main
    chosen[suspects[sure]] = best[sure]
    if not chosen.any():
        return None
    names = [main, *rivals]
    encodings = [names[n] for n in chosen.tolist()]
    _settle_short_lines(lines, encodings, suspects[~sure].tolist(), main)
    return _over_ascii(lines, encodings)


def _settle_short_lines(lines: list[bytes], chosen: list[str], unsure: list[int], main: str) -> None:
    """Puts lines that are too short to tell into the encoding of the lines around them, where that suits them better."""
    for n in unsure:
        before = next((m for m in range(n - 1, max(-1, n - NEAR), -1) if not lines[m].isascii()), n)
        after = next((m for m in range(n + 1, min(len(lines), n + NEAR)) if not lines[m].isascii()), n)
        around = {chosen[m] for m in (before, after) if m != n} or {main}
        codec = around.pop()
        if not around and codec != main:
            as_others, as_main = (line_scores(lines[n], name).whole for name in (codec, main))
            chosen[n] = codec if as_others[0] > as_main[0] else main


def _best(joined: bytes, rivals: Sequence[str], number: int) -> tuple[NDArray[np.uint8], LineScores]:
    """For each line, the likeliest of some encodings (counted from 1), and its scores."""
    best = np.zeros(number, dtype=np.uint8)
    most = LineScores(np.full(number, -np.inf), np.zeros(number))
    for place, codec in enumerate(rivals, 1):
        scores = line_scores(joined, codec)
        if len(scores.whole) == number:
            better = scores.whole > most.whole
            best[better] = place
            most.whole[better], most.mean[better] = scores.whole[better], scores.mean[better]
    return best, most


def _over_ascii(lines: list[bytes], chosen: list[str]) -> list[str]:
    """The same, with lines of ASCII alone in the encoding of the line before, so that stretches are long."""
    for n in range(1, len(lines)):
        if chosen[n] != chosen[n - 1] and lines[n].isascii():
            chosen[n] = chosen[n - 1]
    return chosen
