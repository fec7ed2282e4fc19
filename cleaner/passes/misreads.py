"""Misreads: characters taken for others of the same look.

A noisy channel with document evidence. Where the language model stumbles (and always at pairs like 人 for 入), characters of
like shape are tried in the place; each is weighed by how much more probable the text becomes, how alike the two look, what
words it completes or breaks, and how often either reading occurs elsewhere in the document. The weights are log odds,
learned by `tools/learn_misreads.py` and readable in dictionaries/rules/misreads.tsv. Garbled spans are left alone, and what
would become a digit, or change one, is never more than suggested.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.knowledge import confusions, model, resources, words
from cleaner.knowledge.script import Script, counterparts
from cleaner.page import Page
from cleaner.passes import garble
from cleaner.rules import Rule
from cleaner.text.blocks import Kind, line_at
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band
from cleaner.text.width import HAN_RANGES, is_han

RULES = (
    Rule(
        "misreads/look-alike",
        "Puts the character that was printed for one of like shape: 人驻→入驻, 渐江→浙江.",
        "Recognisers take characters for their look-alikes. A change needs the language model, the shapes and the document to agree; rare words and names that are merely unusual stay.",
        (("柚香谷公司的人驻，给村里带来了新的发展机遇。", "柚香谷公司的入驻，给村里带来了新的发展机遇。"),),
        "research: noisy channel with document evidence",
    ),
    Rule(
        "misreads/dash-chain",
        "Puts dashes for 一 between parts of equal length inside quotation marks: “科研一实践一创业”.",
        "A dash between the steps of a chain has the shape of 一. At least three parts, of two characters or more and of equal length within one, are asked for; 八山一水一分田 has parts of one.",
        (("形成“科研一实践一创业”的良性循环。", "形成“科研—实践—创业”的良性循环。"),),
    ),
    Rule(
        "misreads/dash",
        "Puts —— for 一一 where a dash makes the better text.",
        "A dash is printed as one line two characters long, and read as 一 twice. The word 一一 (一一对应, 一一列举) stays: the language model decides, and at the edge of a line 一一 is no word.",
        (("一一浙江推进人工智能创新发展综述", "——浙江推进人工智能创新发展综述"), ("这门手艺就断了一一断得很干净。", "这门手艺就断了——断得很干净。")),
    ),
    Rule(
        "misreads/latin",
        "Puts AI for Al where the document has AI as well.",
        "A capital I and a small l are one stroke in many faces. Without AI elsewhere Al may be aluminium.",
        (("本市AI产业集聚，Al赋能制造业。", "本市AI产业集聚，AI赋能制造业。"),),
    ),
    Rule(
        "misreads/other-script",
        "Puts the Chinese character for a look-alike of another script between Chinese characters: エ业→工业.",
        "Katakana, bopomofo and box-drawing characters do not stand alone in Chinese words.",
        (("推进新型エ业化，建设制造强省。", "推进新型工业化，建设制造强省。"),),
    ),
)  # fmt: skip

APPLY = 0.8
SUGGEST = 0.3

TRIGGER = -5.0
"""Log10 probability of a symbol and the next, together, below which the place is looked at (research: 6 % of places)."""
MOST_CANDIDATES = 32
LEAST_GRADE = 0.4
LEAST_GAIN = 1.0
"""Log10: a candidate must make the text ten times as probable to be weighed at all."""

_QUOTED = re.compile(r"[“「\"]([^“”「」\"\n]{5,60})[”」\"]")
_DASHES = re.compile(r"(?<![一—])(?:一一|一—|—一)(?![一—])|(?m:^)[-–－]一(?=\w)")
DASH_GAIN = 1.0
"""Log10 by which a dash must be more probable than the word 一一 inside a line."""
_AL = re.compile(r"(?<![A-Za-z])Al(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A character that may have been printed at a place, with what speaks for and against it."""

    at: int  # offset in the text
    read: str
    printed: str
    features: dict[str, float]


def propose(page: Page) -> Iterator[Proposal]:
    """Proposals for misread characters."""
    if not page.text:
        return
    out_of_bounds = Spans([(start, end) for start, end, _, _ in garble.spans(page)])
    yield from _dash_chains(page)
    yield from _other_scripts(page)
    yield from _latin(page)
    for candidate in candidates(page):
        probability, why = weigh(candidate.features)
        if probability < SUGGEST or candidate.at in out_of_bounds:
            continue
        band = Band.APPLIED if probability >= APPLY else Band.SUGGESTED
        evidence = {"log10 gain": round(candidate.features["gain"], 2), "look-alike": round(candidate.features["grade"], 2), "weighed": why}
        yield Proposal(candidate.at, candidate.at + 1, candidate.printed, "misreads/look-alike", probability, band, evidence)  # fmt: skip


class Spans:
    """Spans of the text, asked whether an offset is inside one."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]

    def __contains__(self, offset: int) -> bool:
        at = bisect_right(self._starts, offset) - 1
        return at >= 0 and offset < self._ends[at]


def _dash_chains(page: Page) -> Iterator[Proposal]:
    for match in _QUOTED.finditer(page.text):
        parts = match.group(1).split("一")
        lengths = [len(part) for part in parts]
        if len(parts) < 3 or min(lengths) < 2 or max(lengths) - min(lengths) > 1:
            continue
        at = match.start(1)
        for part in parts[:-1]:
            at += len(part)
            yield Proposal(at, at + 1, "—", "misreads/dash-chain", 0.96, group=f"d{match.start()}")
            at += 1
    for match in _DASHES.finditer(page.text):
        before, after = page.text[match.start() - 1 : match.start()], page.text[match.end() : match.end() + 1]
        edge = before in ("", "\n") or after in ("", "\n")
        gain = 0.0 if edge else log_gain(page, match.start(), "——")
        if edge or gain >= DASH_GAIN:
            yield Proposal(match.start(), match.end(), "——", "misreads/dash", 0.92, evidence={"line edge": edge, "log10 gain": round(gain, 2)})


def _latin(page: Page) -> Iterator[Proposal]:
    """Al beside Chinese, where the document writes AI as well."""
    if "AI" not in page.text:
        return
    for match in _AL.finditer(page.text):
        yield Proposal(match.start(), match.end(), "AI", "misreads/latin", 0.93)


def _other_scripts(page: Page) -> Iterator[Proposal]:
    """Characters of another script alone between ideographs."""
    known, text = confusions.load(), page.text
    for match in re.finditer(r"[\u30a0-\u30ff\u3041-\u309f\u3100-\u312f\u2500-\u257f\u0400-\u04ff\u0370-\u03ff]", text):
        at = match.start()
        around = text[max(0, at - 6) : at] + text[at + 1 : at + 7]
        if re.search(r"[\u3041-\u30fa\u0400-\u04ff]", around):
            continue
        printed = known.from_other_script(match.group())
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if printed and is_han(printed) and ((before and is_han(before)) or (after and is_han(after))):
            sure = _prefers(page, at, printed)
            yield Proposal(at, at + 1, printed, "misreads/other-script", 0.93 if sure else 0.5, Band.APPLIED if sure else Band.SUGGESTED)  # fmt: skip


def _prefers(page: Page, at: int, printed: str) -> bool:
    """Whether the language model finds the text with the other character much more probable."""
    symbol = int(page.encoded.symbol_at[at])
    if symbol < 0:
        return False
    lm = model.load()
    rows = _windows(page.encoded.ids, np.array([symbol, symbol]))
    rows[1, 4] = lm.id_of(printed)
    scores = lm.score_windows(rows).sum(axis=1)
    return bool(scores[1] - scores[0] >= LEAST_GAIN)


# ---- candidates


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
    padded = np.concatenate([np.full(4, model.BOUNDARY), ids, np.full(4, model.BOUNDARY)]).astype(np.int64)
    return padded[places[:, None] + np.arange(9)[None, :]]


def _tried(page: Page, ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
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


def log_gain(page: Page, start: int, after: str) -> float:
    """How much more probable (log10) the text becomes with `after` in place of as many ideographs from `start`."""
    lm, encoded = model.load(), page.encoded
    symbols = encoded.symbol_at[start : start + len(after)]
    if len(symbols) < len(after) or (symbols < 0).any():
        return 0.0
    low, high = int(symbols[0]), int(symbols[-1]) + 1
    padded = np.concatenate([np.full(4, model.BOUNDARY), encoded.ids, np.full(4, model.BOUNDARY)]).astype(np.int64)
    plain = padded[low : high + 8][None, :]
    changed = plain.copy()
    changed[0, 4 : 4 + len(after)] = lm.encode(after).ids[: len(after)]
    return float(lm.score_windows(changed).sum() - lm.score_windows(plain).sum())


def _characters(page: Page) -> NDArray[np.int64]:
    """The code point that each symbol stands for."""
    codes = np.frombuffer(page.text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return codes[page.encoded.where].astype(np.int64)


def _is_ideograph(chars: NDArray[np.int64]) -> NDArray[np.bool_]:
    return ((chars >= 0x3400) & (chars <= 0x9FFF)) | (chars >= 0x20000)


@cache
def _hot_codes() -> NDArray[np.int64]:
    return np.array(sorted(ord(char) for char in confusions.load().hot_characters), dtype=np.int64)


@cache
def _lookalikes(char: str, traditional: bool) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
    """The candidates for a character: symbols of the model, grades, and whether the pair is hot."""
    known, lm = confusions.load(), model.load()
    fold = counterparts(Script.HANT).all if traditional else {}
    rows = []
    for other, grade in known.lookalikes(char, traditional=traditional)[:MOST_CANDIDATES]:
        symbol = lm.id_of(fold.get(other, other))
        hot = known.is_hot(char, other)
        if symbol != model.UNKNOWN and is_han(other) and (grade >= LEAST_GRADE or hot):
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
    covers = [words.load().cover("\n".join(rows).translate(fold))[_AROUND::size].tolist() for rows in (as_read, as_printed)]
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
    return Candidate(at, read, printed, features)


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
