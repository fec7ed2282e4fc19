"""The noisy channel: which characters may have been printed where others were read, and how much better the text becomes.

Where the language model stumbles (and always at pairs like 人 for 入), characters of like shape are tried in the place. Each
is weighed by how much more probable it makes the text, how alike the two look, what words it completes or breaks, and how
often either reading occurs elsewhere in the document. The weights are log odds, learned by `tools/learn_misreads.py` and
readable in dictionaries/rules/misreads.tsv.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from math import exp, inf, log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.evidence.likelier import characters, is_ideograph, windows, within_line
from cleaner.knowledge import confusions, model, pairs, resources, words
from cleaner.knowledge.learned import MOST_COUNTED
from cleaner.knowledge.model import LanguageModel
from cleaner.knowledge.script import Script, counterparts, simplified
from cleaner.page import Page
from cleaner.text.blocks import line_at
from cleaner.text.look import Kind
from cleaner.text.width import is_han

TRIGGER = -5.0
"""Log10 probability of a symbol and the next, together, below which the place is looked at (research: 6 % of places)."""
READS_WELL = -8.0
"""Log10 probability of five symbols above which text is left alone though a character of it is often misread: of 319 candidates
that weighed enough on scans and typeset pages, those of hot pairs all stood where it was below -9.9."""
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


def candidates(page: Page, least: float = 0.0) -> list[Candidate]:
    """The best look-alike of each place that deserves a look, with its features; at most one a place.

    Candidates that cannot weigh `least` (a probability), whatever stands around them, may be left out.
    """
    best = page.by_line(_best_of_lines)
    elsewhere = _elsewhere(page, best)
    hopeful = np.flatnonzero(
        _most_odds(page, best, elsewhere) >= (log(least / (1 - least)) if least else -inf)
    ).tolist()
    return [_candidate(page, *best[k], elsewhere[k].tolist()) for k in hopeful]


def _most_odds(page: Page, best: list[tuple[int, _Best]], elsewhere: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each candidate the log odds that it may weigh at most: what else is seen of it only takes from that."""
    table = weights()
    counted = ("elsewhere as read", "elsewhere as printed", "three elsewhere as read", "three elsewhere as printed")
    odds = elsewhere @ [max(0.0, table[name]) if name.endswith("read") else table[name] for name in counted]
    odds += [sum(value * table[name] for name, value in _strength(b).items()) for _, b in best]
    if page.doubts is not None:
        odds += page.doubts[[at for at, _ in best]] * table["doubted"]
    odds += [table["人 for 入"] * (b.printed == "入" and page.text[at] == "人") for at, b in best]
    one_of = (max(w for name, w in table.items() if name.startswith(kind)) for kind in ("breaks word", "makes word"))
    return np.asarray(odds + table["bias"] + sum(one_of) + sum(max(0.0, table[name]) for name in _AROUND_IT))


_AROUND_IT = ("quoted", "word where none was", "hot, word where none was", "in names or fields")


def _best_of_lines(page: Page) -> Iterator[tuple[int, _Best]]:
    """The best candidate of each place, where the gain is worth weighing. Nothing beyond the line of a place counts."""
    lm = page.model
    ids = page.encoded.ids.astype(np.int64)
    if not len(ids):
        return
    as_read = _as_read(page)
    tried = _tried(page, as_read)
    before, after = (np.append(ids, model.BOUNDARY)[tried.places + step] for step in (-1, 1))
    printed = tried.printed
    meets = lm.counts_known(np.stack([before, printed], axis=1)) | lm.counts_known(np.stack([printed, after], axis=1))
    tried = tried.where(meets)
    rows = windows(ids, tried.places)
    rows[:, 4] = tried.printed
    gains = within_line(rows, lm.score_windows(rows)) - as_read[tried.places]
    best = list(_best(page, tried, gains, as_read))
    for (at, found), (as_it_is, changed) in zip(best, _words_around(page, best), strict=True):
        yield at, found._replace(word_read=as_it_is, word_printed=changed)


def _as_read(page: Page) -> NDArray[np.float32]:
    """For each symbol the log10 probability of it and the four after it, those beyond its line left out."""
    logp = page.scores[0]
    ends = np.append(page.encoded.ids, model.BOUNDARY) == model.BOUNDARY
    total = logp.copy()
    alive = ~ends
    for step in range(1, 5):
        alive = alive[:-1]
        total[:-step][alive] += logp[step:][alive]
        alive &= ~ends[step:]
    return total[:-1]


class _Tried(NamedTuple):
    """What is tried: columns of places (indices of symbols), symbols, grades of likeness, and whether the pair is hot."""

    places: NDArray[np.int64]
    printed: NDArray[np.int64]
    grades: NDArray[np.float64]
    hot: NDArray[np.bool_]

    def where(self, kept: NDArray[np.bool_]) -> _Tried:
        """Those rows alone."""
        return _Tried(self.places[kept], self.printed[kept], self.grades[kept], self.hot[kept])


def _tried(page: Page, as_read: NDArray[np.float32]) -> _Tried:
    """Every candidate of every place that deserves a look: all where the model stumbles; elsewhere the hot pairs, unless the
    text reads well.
    """
    chars = characters(page)
    traditional = page.script is Script.HANT
    stumbling = _stumbling(page) & is_ideograph(chars)
    if traditional:
        beside = pairs.known(chars[:-1], chars[1:])
        stumbling[:-1] &= ~beside
        stumbling[1:] &= ~beside
    at = np.flatnonzero((stumbling | (_is_hot()[chars] & (as_read < READS_WELL))) & ~_emphasised(chars))
    codes, which = np.unique(chars[at], return_inverse=True)
    known = [_lookalikes(chr(code), traditional, page.model) for code in codes.tolist()]
    sizes = np.array([len(candidates.symbols) for candidates in known], dtype=np.int64)
    count = sizes[which]
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    rows = np.repeat((np.cumsum(sizes) - sizes)[which], count) + within
    symbols, grades, hot = (np.concatenate([_NOTHING[k], *(row[k] for row in known)])[rows] for k in range(3))
    places = np.repeat(at, count)
    return _Tried(places, symbols, grades, hot).where(stumbling[places] | hot)


def _emphasised(chars: NDArray[np.int64]) -> NDArray[np.bool_]:
    """For each character, whether it stands between two dots, as where dots of emphasis were set (没·有·见·面·的·时·候): the
    model knows nothing of such text."""
    dots = np.concatenate([[False], chars == ord("·"), [False]])
    between: NDArray[np.bool_] = dots[:-2] & dots[2:]
    return between


_NOTHING = np.zeros(0, np.int64), np.zeros(0, np.float64), np.zeros(0, bool)


def _stumbling(page: Page) -> NDArray[np.bool_]:
    """For each symbol, whether the language model had to back off at it and at the next, and found both improbable."""
    logp, order = page.scores
    stumbling: NDArray[np.bool_] = (order[:-1] <= 2) & (order[1:] <= 2) & (logp[:-1] + logp[1:] < TRIGGER)
    return stumbling


def stumbles(page: Page) -> list[int]:
    """The offsets of ideographs at which the language model stumbles."""
    at = np.flatnonzero(_stumbling(page) & is_ideograph(characters(page)))
    return [int(offset) for offset in page.encoded.where[at]]


@cache
def _is_hot() -> NDArray[np.bool_]:
    """For each code point, whether it is often read for another."""
    hot = np.zeros(sys.maxunicode + 1, dtype=bool)
    hot[[ord(char) for char in confusions.load().hot_characters]] = True
    return hot


class _Candidates(NamedTuple):
    """The candidates for a character: symbols of the model, grades of likeness, whether the pair is hot; and the characters
    behind the symbols, which for traditional text are those of simplified ones.
    """

    symbols: NDArray[np.int64]
    grades: NDArray[np.float64]
    hot: NDArray[np.bool_]
    printed: str


KNOWN_CHARACTERS = 4096
"""Characters whose candidates are kept, at most: about 3 MB, more than any but a dictionary uses, so that a process that runs
for years does not grow with every rare character that it meets."""


@lru_cache(KNOWN_CHARACTERS)
def _lookalikes(char: str, traditional: bool, lm: LanguageModel) -> _Candidates:
    """The candidates for a character."""
    known = confusions.load()
    simple = counterparts(Script.HANT).all
    fold = simple if traditional else {}
    rows = {}
    for other, grade in known.lookalikes(char, traditional=traditional)[:MOST_CANDIDATES]:
        symbol = lm.id_of(fold.get(other, other))
        hot = known.is_hot(char, other)
        if simple.get(char, char) == simple.get(other, other):
            continue  # variants of one character, not look-alikes: the script pass deals with them
        if symbol != model.UNKNOWN and is_han(other) and (grade >= LEAST_GRADE or hot) and symbol not in rows:
            rows[symbol] = grade, hot, other  # of two variants with one simplified form, the liker
    grades, hots, printed = zip(*rows.values(), strict=True) if rows else ((), (), ())
    return _Candidates(
        np.array([*rows], np.int64), np.array(grades, np.float64), np.array(hots, bool), "".join(printed)
    )


def _printed(char: str, symbol: int, traditional: bool, lm: LanguageModel) -> str:
    """The candidate for a character that has this symbol."""
    candidates = _lookalikes(char, traditional, lm)
    return candidates.printed[candidates.symbols.tolist().index(symbol)]


class _Best(NamedTuple):
    """The best candidate of a place."""

    printed: str
    gain: float  # log10 by which the text becomes more probable
    grade: float
    margin: float  # of its gain over the next best one's
    hot: bool
    as_read: float  # log10 probability of the place and the four symbols after it
    commoner: float  # log10 by which the candidate is the commoner character, whatever stands around it
    word_read: int = 0  # length of the longest word over the place, as read; 0: none
    word_printed: int = 0


def _best(
    page: Page, tried: _Tried, gains: NDArray[np.float64], as_read: NDArray[np.float32]
) -> Iterator[tuple[int, _Best]]:
    """For each place its best candidate, where the gain is worth weighing, with the place's offset in the text."""
    lm, traditional = page.model, page.script is Script.HANT
    order = np.lexsort((-(gains + 2.0 * tried.grades), tried.places))
    places, gain = tried.places[order], gains[order]
    first = np.diff(places, prepend=-1) != 0
    second = np.where(np.diff(places, append=-1) == 0, np.append(gain[1:], 0.0), -9.0)
    worth = np.flatnonzero(first & (gain >= LEAST_GAIN))
    columns = (
        page.encoded.where[places[worth]].tolist(),
        tried.printed[order][worth].tolist(),
        gain[worth].tolist(),
        tried.grades[order][worth].tolist(),
        (gain[worth] - second[worth]).tolist(),
        tried.hot[order][worth].tolist(),
        as_read[places[worth]].tolist(),
        (lm.alone(tried.printed[order][worth]) - lm.alone(page.encoded.ids[places[worth]])).tolist(),
    )
    for at, symbol, *rest in zip(*columns, strict=True):
        yield at, _Best(_printed(page.text[at], symbol, traditional, lm), *rest)


_AROUND = 6


def _words_around(page: Page, found: list[tuple[int, _Best]]) -> list[tuple[int, int]]:
    """For each candidate the length of the longest word over its place, as read and as printed (0: none)."""
    fold = simplified if page.script is Script.HANT else str
    as_read: list[str] = []
    as_printed: list[str] = []
    for at, best in found:
        left = page.text[max(0, at - _AROUND) : at].replace("\n", " ").rjust(_AROUND)
        right = page.text[at + 1 : at + 1 + _AROUND].replace("\n", " ").ljust(_AROUND)
        as_read.append(left + page.text[at] + right)
        as_printed.append(left + best.printed + right)
    size = 2 * _AROUND + 2
    covers = [words.load().cover(fold("\n".join(rows)))[_AROUND::size].tolist() for rows in (as_read, as_printed)]
    return list(zip(*covers, strict=True))


def _elsewhere(page: Page, found: list[tuple[int, _Best]]) -> NDArray[np.float64]:
    """For each candidate how often it occurs elsewhere with its neighbours: in pairs as read, as printed, in threes. What was
    learned from other documents of the collection counts as if it stood in this one.
    """
    if not found:
        return np.zeros((0, 4))
    codes = np.concatenate([page.codes, np.zeros(1, np.uint32)])  # zero beside the ends of the text
    at = np.array([at for at, _ in found])
    read, printed = codes[at], np.array([ord(best.printed) for _, best in found], dtype=np.uint32)
    before, after = codes[at - 1], codes[at + 1]
    count = page.occurrences.of
    counts = (
        np.maximum(0, count(before, read) - 1) + np.maximum(0, count(read, after) - 1),
        count(before, printed) + count(printed, after),
        np.maximum(0, count(before, read, after) - 1),
        count(before, printed, after),
    )
    if page.learned.occurrences is not None:
        also = page.learned.occurrences.of
        in_collection = (
            also(before, read) + also(read, after),
            also(before, printed) + also(printed, after),
            also(before, read, after),
            also(before, printed, after),
        )
        counts = tuple(
            own + np.minimum(others, MOST_COUNTED) for own, others in zip(counts, in_collection, strict=True)
        )
    if page.learned.changes:
        confirmed = [page.learned.confirmed(page.text, at, best.printed) for at, best in found]
        counts = counts[0], counts[1] + np.minimum(confirmed, MOST_COUNTED), *counts[2:]
    rows: NDArray[np.float64] = np.log1p(np.stack(counts, axis=1))
    return rows


def _candidate(page: Page, at: int, best: _Best, elsewhere: list[float]) -> Candidate:
    """A candidate with the features that weigh it."""
    text, printed = page.text, best.printed
    read, read_word, printed_word = text[at], best.word_read, best.word_printed
    if best.hot and read_word == 0 and printed_word >= 2:
        elsewhere = [0.0, elsewhere[1], 0.0, elsewhere[3]]  # a misread made twice does not speak for itself
    features = {
        "bias": 1.0,
        **_strength(best),
        f"breaks word of {min(read_word, 4)}": 1.0,
        f"makes word of {min(printed_word, 4)}": 1.0,
        "elsewhere as read": elsewhere[0],
        "elsewhere as printed": elsewhere[1],
        "three elsewhere as read": elsewhere[2],
        "three elsewhere as printed": elsewhere[3],
        "quoted": float(bool(_OPENED.search(text, max(0, at - 8), at))),
    }
    if page.doubts is not None:
        features["doubted"] = float(page.doubts[at])
    if (read, printed) == ("人", "入"):
        features["人 for 入"] = 1.0
    if read_word == 0 and printed_word >= 2:
        features["word where none was"] = 1.0
        features["hot, word where none was"] = float(best.hot)
    line = page.lines[min(line_at(page.lines, at), len(page.lines) - 1)]
    features["in names or fields"] = float(line.kind in (Kind.FIELDS, Kind.BYLINE, Kind.CAPTION))
    return Candidate(at, read, printed, features, page.model.id_of(read) == model.UNKNOWN)


def _strength(best: _Best) -> dict[str, float]:
    """The features of a candidate that what stands elsewhere has no part in."""
    gain = min(best.gain, MOST_GAIN)
    return {
        "gain": gain,
        "gain, alike": gain * best.grade,
        "grade": best.grade,
        "margin": min(best.margin, 6.0),
        "hot": float(best.hot),
        "as read": max(best.as_read, -20.0),
        "commoner": max(-MOST_COMMONER, min(MOST_COMMONER, best.commoner)),
    }


MOST_GAIN = 12.0
MOST_COMMONER = 1.5
"""Log10 up to which it counts that the candidate is commoner than what was read. A rare character where a common one would do is
oftener rare than misread; how rare the rarest are, the model only guesses."""
_OPENED = re.compile(r"[“「\"《][^”」\"》\n]{0,6}\Z")


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
