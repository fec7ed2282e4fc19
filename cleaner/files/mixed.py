"""Documents put together from files in different encodings: which lines are in which.

Lines, because every encoding but UTF-16 ends them with the same byte, and because what is appended mostly begins a line
of its own; where it does not, that line is cut, if one of the two encodings is UTF-8, which tells where it ends. Only
lines that read badly in the document's own encoding are tried in the others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from math import log

import numpy as np
from numpy.typing import NDArray

from cleaner.files.likelihood import PLAUSIBLE, RIVALS, LineScores, line_scores

LINEWISE = tuple(codec for codec in RIVALS if not codec.startswith("utf-16"))
"""Encodings that may stand in one document together."""

TRIED = ("utf-8", "gb18030", "big5hkscs")
"""Encodings in which lines of a document are looked for: Korean in a Chinese one is commoner by mistake than in earnest."""

SUSPECT = -9.5
"""Mean log probability of the characters beyond ASCII below which a line is tried in other encodings. Of lines of ten
Chinese characters, 999 in 1,000 are above."""

ANOTHER = log(1e6)
"""A line is in another encoding than its document where that makes it a million times as likely."""

NEAR = 10
"""Lines within which a short line looks for others that tell, and characters within which UTF-8 may end."""

LONGEST_CUT, MOST_CUTS = 1 << 20, 8
"""Bytes of a line, and lines of a document, that are tried in two encodings at once: trying takes long."""


def stretches(raw: bytes, main: str, others: Sequence[str] = TRIED) -> list[tuple[str, bytes]]:
    """The document cut into stretches, each with its encoding: `main`, or one of `others`. Mostly they are whole lines.

    A single stretch in `main` where the document is not mixed.
    """
    lines = raw.split(b"\n")
    scores = line_scores(raw, main)
    suspects = np.flatnonzero(scores.mean < SUSPECT)
    if not len(suspects) or len(scores.mean) != len(lines):
        return [(main, raw)]
    rivals = [codec for codec in LINEWISE if codec in others and codec != main]  # in one order, so that ties fall alike
    chosen, means = _choices(lines, suspects, scores, [main, *rivals])
    cuts: dict[int, list[tuple[str, bytes]]] = {}
    if "utf-8" in (main, *rivals):
        poor = suspects[means < SUSPECT].tolist()
        joints = [n for n in poor if len(lines[n]) <= LONGEST_CUT and _may_be_joint(lines, chosen, n)][:MOST_CUTS]
        cuts = {n: parts for n in joints if (parts := _cut(lines[n], chosen[n], [main, *rivals]))}
    if not cuts and all(codec == main for codec in chosen):
        return [(main, raw)]
    pieces: list[tuple[str, bytes]] = []
    for n, line in enumerate(lines):
        *head, (codec, tail) = cuts.get(n) or [(chosen[n], line)]
        pieces += [*head, (codec, tail + b"\n" if n < len(lines) - 1 else tail)]
    runs = groupby(pieces, key=lambda piece: piece[0])
    return [(codec, b"".join(part for _, part in run)) for codec, run in runs]


def _choices(
    lines: list[bytes], suspects: NDArray[np.intp], scores: LineScores, names: list[str]
) -> tuple[list[str], NDArray[np.float64]]:
    """The encoding of each line, and for each suspect the mean log probability of its characters in it."""
    best, found = _best(b"\n".join(lines[n] for n in suspects.tolist()), names[1:], len(suspects))
    sure = found.whole - scores.whole[suspects] >= ANOTHER
    chosen = [names[0]] * len(lines)
    for n, codec in zip(suspects[sure].tolist(), best[sure].tolist(), strict=True):
        chosen[n] = names[codec]
    if sure.any():
        _settle_short_lines(lines, chosen, suspects[~sure].tolist(), names[0])
        _over_ascii(lines, chosen)
    return chosen, np.where(sure, found.mean, scores.mean[suspects])


def _may_be_joint(lines: list[bytes], chosen: list[str], n: int) -> bool:
    """Whether files may have been joined in this line: the lines around it differ in their encoding, or there are none."""
    before, after = _telling_neighbours(lines, n)
    return before is None or after is None or chosen[before] != chosen[after]


def _telling_neighbours(lines: list[bytes], n: int) -> tuple[int | None, int | None]:
    """The nearest lines before and after a line that are not ASCII alone."""
    before = next((m for m in range(n - 1, max(-1, n - NEAR), -1) if not lines[m].isascii()), None)
    after = next((m for m in range(n + 1, min(len(lines), n + NEAR)) if not lines[m].isascii()), None)
    return before, after


def _cut(line: bytes, codec: str, names: Sequence[str]) -> list[tuple[str, bytes]] | None:
    """A line cut in two where UTF-8 begins or ends in it, if that reads better: two files were joined without a line end."""
    heads, tails = _where_utf_8_may_end(line)
    others = [name for name in names if name != "utf-8"]
    ways = [(place, "utf-8", name) for name in others for place in heads]
    ways += [(place, name, "utf-8") for name in others for place in tails]
    gains = [_whole(line[:place], first) + _whole(line[place:], second) for place, first, second in ways]
    if not ways or max(gains) - _whole(line, codec) < ANOTHER:
        return None
    place, first, second = ways[gains.index(max(gains))]
    return [(first, line[:place]), (second, line[place:])]


def _where_utf_8_may_end(line: bytes) -> tuple[list[int], list[int]]:
    """Offsets in bytes where strict UTF-8 from the start may end, and where strict UTF-8 to the end may begin.

    Several, because a code or two of the other encoding may fit by chance.
    """
    text = line.decode("utf-8", "surrogateescape")
    broken = [m.start() for m in _BROKEN.finditer(text)]
    if not broken:
        return [], []
    heads = [len(text[:place].encode()) for place in range(broken[0], max(0, broken[0] - NEAR), -1)]
    tails = [
        len(line) - len(text[place:].encode()) for place in range(broken[-1] + 1, min(len(text), broken[-1] + NEAR))
    ]
    return heads, tails


_BROKEN = re.compile("[\udc80-\udcff]")


def _whole(part: bytes, codec: str) -> float:
    return float(line_scores(part, codec).whole.sum())


def _settle_short_lines(lines: list[bytes], chosen: list[str], unsure: list[int], main: str) -> None:
    """Puts lines that are too short to tell into the encoding of the lines around them, where that suits them better."""
    for n in unsure:
        around = {chosen[m] for m in _telling_neighbours(lines, n) if m is not None} or {main}
        codec = around.pop()
        if not around and codec != main:
            as_others, as_main = (line_scores(lines[n], name).whole for name in (codec, main))
            chosen[n] = codec if as_others[0] > as_main[0] else main


def _best(joined: bytes, rivals: Sequence[str], number: int) -> tuple[NDArray[np.uint8], LineScores]:
    """For each line, the likeliest of the encodings that make a text of it (counted from 1), and its scores."""
    best = np.zeros(number, dtype=np.uint8)
    most = LineScores(np.full(number, -np.inf), np.zeros(number))
    for place, codec in enumerate(rivals, 1):
        scores = line_scores(joined, codec)
        if len(scores.whole) == number:
            better = (scores.whole > most.whole) & (scores.mean >= PLAUSIBLE)
            best[better] = place
            most.whole[better], most.mean[better] = scores.whole[better], scores.mean[better]
    return best, most


def _over_ascii(lines: list[bytes], chosen: list[str]) -> None:
    """Puts lines of ASCII alone into the encoding of the line before, so that stretches are long."""
    for n in range(1, len(lines)):
        if chosen[n] != chosen[n - 1] and lines[n].isascii():
            chosen[n] = chosen[n - 1]
