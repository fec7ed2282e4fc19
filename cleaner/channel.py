"""The noisy channel: which characters may have been printed where others were read, and how much better the text becomes.

Where the language model stumbles (and always at pairs like 人 for 入), characters of like shape are tried in the place. Each
is weighed by how much more probable it makes the text, how alike the two look, what words it completes or breaks, and how
often either reading occurs elsewhere in the document. The weights are log odds, learned by `tools/learn_misreads.py` and
readable in dictionaries/rules/misreads.tsv.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.knowledge import confusions, model, resources, words
from cleaner.knowledge.script import Script, counterparts
from cleaner.page import Page
from cleaner.text.blocks import Kind, line_at
from cleaner.text.width import is_han

TRIGGER = -5.0
"""Log10 probability of a symbol and the next, together, below which the place is looked at (research: 6 % of places)."""
MOST_CANDIDATES = 32
LEAST_GRADE = 0.4
LEAST_GAIN = 1.0
"""Log10: a candidate must make the text ten times as probable to be weighed at all."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A character that may have been printed at a place, with what speaks for and against it."""

    at: int  # offset in the text
    read: str
    printed: str
    features: dict[str, float]
    rare: bool  # the language model does not know the character that was read


def candidates(page: Page) -> list[Candidate]:
    """The best look-alike of each place that deserves a look, with its features; at most one a place."""
    lm = model.load()
    ids = page.encoded.ids.astype(np.int64)
    places, printed, grades, hot = _tried(page, ids)
    if not len(places):
        return []
    before, after = np.append(ids, model.BOUNDARY)[places - 1], np.append(ids, model.BOUNDARY)[places + 1]
    meets = lm.counts_known(np.stack([before, printed], axis=1)) | lm.counts_known(np.stack([printed, after], axis=1))
    places, printed, grades, hot = places[meets], printed[meets], grades[meets], hot[meets]
    if not len(places):
        return []
    unique, index = np.unique(places, return_inverse=True)
    plain = lm.score_windows(_windows(ids, unique)).sum(axis=1)
    rows = _windows(ids, places)
    rows[:, 4] = printed
    gains = lm.score_windows(rows).sum(axis=1) - plain[index]
    best = list(_best(page, unique, index, printed, grades, hot, gains, plain))
    seen = zip(best, _words_around(page, best), _elsewhere(page, best), strict=True)
    return [_candidate(page, *found) for found in seen]


def _windows(ids: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each place the nine symbols around it, boundaries beyond the ends of the text."""
    edge = np.full(4, model.BOUNDARY, dtype=np.int64)
    rows: NDArray[np.int64] = np.concatenate([edge, ids, edge])[places[:, None] + np.arange(9)[None, :]]
    return rows


def _tried(
    page: Page, ids: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
    """Every (place, candidate symbol, grade, hot) that is tried."""
    chars = _characters(page)
    traditional = page.script is Script.HANT
    stumbling = _stumbling(page)
    is_hot = np.isin(chars, _hot_codes())
    places: list[NDArray[np.int64]] = []
    printed: list[NDArray[np.int64]] = []
    grades: list[NDArray[np.float64]] = []
    hots: list[NDArray[np.bool_]] = []
    at = np.flatnonzero((stumbling & _is_ideograph(chars)) | is_hot)
    order_by_char = at[np.argsort(chars[at], kind="stable")]
    for group in np.split(order_by_char, np.flatnonzero(np.diff(chars[order_by_char])) + 1):
        if not len(group):
            continue
        symbols, grade, hot = _lookalikes(chr(int(chars[group[0]])), traditional)
        for some, which in ((group[stumbling[group]], slice(None)), (group[~stumbling[group]], hot)):
            count = len(symbols[which])
            places.append(np.repeat(some, count))
            printed.append(np.tile(symbols[which], len(some)))
            grades.append(np.tile(grade[which], len(some)))
            hots.append(np.tile(hot[which], len(some)))
    if not places:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, bool)
    return np.concatenate(places), np.concatenate(printed), np.concatenate(grades), np.concatenate(hots)


def _stumbling(page: Page) -> NDArray[np.bool_]:
    """For each symbol, whether the language model had to back off at it and at the next, and found both improbable."""
    logp, order = page.scores
    stumbling = np.zeros(len(logp), dtype=bool)
    if len(logp) > 1:
        stumbling[:-1] = (order[:-1] <= 2) & (order[1:] <= 2) & (logp[:-1] + logp[1:] < TRIGGER)
        stumbling[-1] = order[-1] <= 2 and logp[-1] < TRIGGER / 2
    return stumbling


def stumbles(page: Page) -> list[int]:
    """The offsets of ideographs at which the language model stumbles."""
    if not page.text:
        return []
    at = np.flatnonzero(_stumbling(page) & _is_ideograph(_characters(page)))
    return [int(offset) for offset in page.encoded.where[at]]


class BestMark(NamedTuple):
    """The likeliest mark of punctuation at a place, and by how much (log10) over the one read and over the next best."""

    mark: str
    gain: float
    margin: float


def best_marks(page: Page, places: Sequence[int], marks: str) -> list[BestMark]:
    """For each offset the likeliest of `marks`. A mark that is read and not among them counts as the next best."""
    if not places:
        return []
    lm = model.load()
    rows = _windows(page.encoded.ids.astype(np.int64), page.encoded.symbol_at[np.array(places)].astype(np.int64))
    tried = np.repeat(rows[:, None, :], len(marks), axis=1)
    tried[:, :, 4] = [lm.id_of(mark) for mark in marks]
    scores = lm.score_windows(tried.reshape(-1, 9)).sum(axis=1).reshape(len(places), len(marks))
    found: list[BestMark] = []
    for at, row in zip(places, scores, strict=True):
        best = int(row.argmax())
        second = float(np.delete(row, best).max())
        read = float(row[marks.index(page.text[at])]) if page.text[at] in marks else second
        found.append(BestMark(marks[best], float(row[best]) - read, float(row[best]) - second))
    return found


def log_gain(page: Page, start: int, after: str) -> float:
    """How much more probable (log10) the text becomes with `after` in place of as many ideographs from `start`."""
    lm, encoded = model.load(), page.encoded
    symbols = encoded.symbol_at[start : start + len(after)]
    if len(symbols) < len(after) or (symbols < 0).any():
        return 0.0
    low, high = int(symbols[0]), int(symbols[-1]) + 1
    near = encoded.ids[max(0, low - 4) : high + 4].astype(np.int64)
    edges = max(0, 4 - low), max(0, high + 4 - len(encoded.ids))
    plain = np.pad(near, edges, constant_values=model.BOUNDARY)[None, :]
    changed = plain.copy()
    changed[0, 4 : 4 + len(after)] = lm.encode(after).ids[: len(after)]
    return float(lm.score_windows(changed).sum() - lm.score_windows(plain).sum())


def _characters(page: Page) -> NDArray[np.int64]:
    """The code point that each symbol stands for."""
    chars: NDArray[np.int64] = page.codes[page.encoded.where].astype(np.int64)
    return chars


def _is_ideograph(chars: NDArray[np.int64]) -> NDArray[np.bool_]:
    return ((chars >= 0x3400) & (chars <= 0x9FFF)) | (chars >= 0x20000)


@cache
def _hot_codes() -> NDArray[np.int64]:
    return np.array(sorted(ord(char) for char in confusions.load().hot_characters), dtype=np.int64)


@cache
def _lookalikes(char: str, traditional: bool) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
    """The candidates for a character: symbols of the model, grades, and whether the pair is hot."""
    known, lm = confusions.load(), model.load()
    simple = counterparts(Script.HANT).all
    fold = simple if traditional else {}
    rows = []
    tried: set[int] = set()
    for other, grade in known.lookalikes(char, traditional=traditional)[:MOST_CANDIDATES]:
        symbol = lm.id_of(fold.get(other, other))
        hot = known.is_hot(char, other)
        if simple.get(char, char) == simple.get(other, other):
            continue  # variants of one character, not look-alikes: the script pass deals with them
        if symbol != model.UNKNOWN and is_han(other) and (grade >= LEAST_GRADE or hot) and symbol not in tried:
            tried.add(symbol)  # of two variants with one simplified form, the liker
            rows.append((symbol, grade, hot))
            _PRINTED[char, symbol, traditional] = other
    symbols, grades, hots = zip(*rows, strict=True) if rows else ((), (), ())
    return np.array(symbols, np.int64), np.array(grades, np.float64), np.array(hots, bool)


_PRINTED: dict[tuple[str, int, bool], str] = {}
"""The character behind a candidate's symbol, which for traditional text is a simplified one's. Grows with `_lookalikes`."""


class _Best(NamedTuple):
    """The best candidate of a place."""

    at: int  # offset in the text
    printed: str
    gain: float  # log10 by which the text becomes more probable
    grade: float
    margin: float  # of its gain over the next best one's
    hot: bool
    plain: float  # log10 probability of the five windows as read


def _best(
    page: Page,
    unique: NDArray[np.int64],
    index: NDArray[np.int64],
    printed: NDArray[np.int64],
    grades: NDArray[np.float64],
    hot: NDArray[np.bool_],
    gains: NDArray[np.float64],
    plain: NDArray[np.float64],
) -> Iterator[_Best]:
    """For each place its best candidate, where the gain is worth weighing."""
    traditional = page.script is Script.HANT
    order = np.lexsort((-(gains + 2.0 * grades), index))
    first = np.concatenate([[True], np.diff(index[order]) != 0])
    for k in np.flatnonzero(first & (gains[order] >= LEAST_GAIN)):
        row = order[k]
        second = gains[order[k + 1]] if k + 1 < len(order) and not first[k + 1] else -9.0
        at = int(page.encoded.where[unique[index[row]]])
        char = _PRINTED[page.text[at], int(printed[row]), traditional]
        gain, grade = float(gains[row]), float(grades[row])
        yield _Best(at, char, gain, grade, float(gains[row] - second), bool(hot[row]), float(plain[index[row]]))


_AROUND = 6


def _words_around(page: Page, found: list[_Best]) -> list[tuple[int, int]]:
    """For each candidate the length of the longest word over its place, as read and as printed (0: none)."""
    fold = _fold_table() if page.script is Script.HANT else {}
    as_read: list[str] = []
    as_printed: list[str] = []
    for best in found:
        left = page.text[max(0, best.at - _AROUND) : best.at].replace("\n", " ").rjust(_AROUND)
        right = page.text[best.at + 1 : best.at + 1 + _AROUND].replace("\n", " ").ljust(_AROUND)
        as_read.append(left + page.text[best.at] + right)
        as_printed.append(left + best.printed + right)
    size = 2 * _AROUND + 2
    covers = [
        words.load().cover("\n".join(rows).translate(fold))[_AROUND::size].tolist() for rows in (as_read, as_printed)
    ]
    return list(zip(*covers, strict=True))


def _elsewhere(page: Page, found: list[_Best]) -> list[list[float]]:
    """For each candidate how often it occurs elsewhere with its neighbours: in pairs as read, as printed, in threes."""
    if not found:
        return []
    codes = np.concatenate([page.codes, np.zeros(1, np.uint32)])  # zero beside the ends of the text
    at = np.array([best.at for best in found])
    read, printed = codes[at], np.array([ord(best.printed) for best in found], dtype=np.uint32)
    before, after = codes[at - 1], codes[at + 1]
    count = page.occurrences.of
    counts = (
        np.maximum(0, count(before, read) - 1) + np.maximum(0, count(read, after) - 1),
        count(before, printed) + count(printed, after),
        np.maximum(0, count(before, read, after) - 1),
        count(before, printed, after),
    )
    rows: list[list[float]] = np.log1p(np.stack(counts, axis=1)).tolist()
    return rows


def _candidate(page: Page, best: _Best, words_over: tuple[int, int], elsewhere: list[float]) -> Candidate:
    """A candidate with the features that weigh it."""
    text, at, printed = page.text, best.at, best.printed
    read, (read_word, printed_word) = text[at], words_over
    if best.hot and read_word == 0 and printed_word >= 2:
        elsewhere = [0.0, elsewhere[1], 0.0, elsewhere[3]]  # a misread made twice does not speak for itself
    features = {
        "bias": 1.0,
        "gain": min(best.gain, 12.0),
        "grade": best.grade,
        "margin": min(best.margin, 6.0),
        "hot": float(best.hot),
        "as read": max(best.plain, -20.0),
        f"breaks word of {min(read_word, 4)}": 1.0,
        f"makes word of {min(printed_word, 4)}": 1.0,
        "elsewhere as read": elsewhere[0],
        "elsewhere as printed": elsewhere[1],
        "three elsewhere as read": elsewhere[2],
        "three elsewhere as printed": elsewhere[3],
        "quoted": float(bool(_OPENED.search(text, max(0, at - 8), at))),
    }
    if (read, printed) == ("人", "入"):
        features["人 for 入"] = 1.0
    if read_word == 0 and printed_word >= 2:
        features["word where none was"] = 1.0
        features["hot, word where none was"] = float(best.hot)
    line = page.lines[min(line_at(page.lines, at), len(page.lines) - 1)]
    features["in names or fields"] = float(line.kind in (Kind.FIELDS, Kind.BYLINE, Kind.CAPTION))
    return Candidate(at, read, printed, features, model.load().id_of(read) == model.UNKNOWN)


_OPENED = re.compile(r"[“「\"《][^”」\"》\n]{0,6}\Z")


@cache
def _fold_table() -> dict[int, int]:
    return {ord(char): ord(other) for char, other in counterparts(Script.HANT).all.items()}


@cache
def weights() -> dict[str, float]:
    """Log odds by feature."""
    return {row[0]: float(row[1]) for row in resources.rows("rules/misreads.tsv")}


def weigh(features: dict[str, float]) -> tuple[float, dict[str, float]]:
    """The probability that the candidate was printed, and what weighed most (log odds)."""
    table = weights()
    parts = {name: value * table.get(name, 0.0) for name, value in features.items()}
    odds = max(-30.0, min(30.0, sum(parts.values())))
    most = sorted(parts, key=lambda name: -abs(parts[name]))[:4]
    return 1 / (1 + exp(-odds)), {name: round(parts[name], 2) for name in most}
