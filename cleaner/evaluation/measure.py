"""One text measured against its reference: character errors, what stands for what, and what became of the paragraphs."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.evaluation.alignment import Stretch, aligned
from cleaner.evaluation.equivalence import known
from cleaner.evaluation.line import Row, row
from cleaner.evaluation.score import Errors, Score
from cleaner.text.width import is_han

LONG_RUN = 8
"""Lost or invented characters in a row, beyond which they are a lost line or a head left in, and no misreading."""

LONGEST_CONFUSION = 4
"""Characters of a confusion on either side, at most: 一 for ——, 木目 for 相. What is longer is no confusion."""

REACH = 4
"""Characters beside a break that may be wrong, and it can still be told where the break is in the other text."""

CONTEXT = 12
"""Characters shown on either side of a difference."""


class Difference(NamedTuple):
    """`stands` is there where `should` should be, with the characters before and after it in the text measured."""

    stands: str
    should: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What came out: the score of all, that of each page of the reference where form feeds part them (else nothing),
    what stands for what how often, and every difference in its place.
    """

    score: Score
    pages: tuple[Score, ...]
    confusions: Counter[tuple[str, str]]
    differences: tuple[Difference, ...]


def evaluate(clean: str, reference: str, same: Collection[str] = ()) -> Measured:
    """`clean` measured against `reference`, in code points; `same` names what counts as the same (EQUIVALENCES).

    Lines are paragraphs: where they begin is scored apart from the characters, and a line break is no character, except
    between Latin letters or digits, where it is worth a space. White space inside a line counts as one space. Any two texts
    can be measured, empty ones too. Raises SettingsError for an equivalence that does not exist.
    """
    equivalences = known(same)
    text, should = row(clean, equivalences), row(reference, equivalences)
    stretches = aligned(text.compared, should.compared)
    there = _places(stretches, len(should.characters))
    back = _places([Stretch(s.tag, *s[3:], *s[1:3]) for s in stretches], len(text.characters))
    bounds = [0, *should.pages, len(should.characters)]
    pages = [
        _score(list(_between(stretches, start, end, last=end == bounds[-1])), (start, end), text, should, there, back)
        for start, end in pairwise(bounds)
    ]
    runs = list(_runs(stretches))
    return Measured(
        sum(pages, Score()),
        tuple(pages) if len(pages) > 1 else (),
        Counter(pair for run in runs for pair in _confused(run, text, should)),
        tuple(_difference(run, text, should) for run in runs),
    )


def _score(
    stretches: Sequence[Stretch],
    span: tuple[int, int],
    text: Row,
    should: Row,
    there: NDArray[np.int64],
    back: NDArray[np.int64],
) -> Score:
    """The score of a span of the reference, to which the stretches belong."""
    low, high = (stretches[0].start, stretches[-1].end) if stretches else (0, 0)
    size: Counter[str] = Counter()
    for s in stretches:
        size[s.tag] += max(s.end - s.start, s.should_end - s.should_start)
    lost_breaks, kept = _told(should.lines, span, there, text.lines)
    broken, _ = _told(text.lines, (low, high), back, should.lines)
    paragraphs = [p for p in should.paragraphs() if span[0] <= p[0] < span[1]]
    wrong = [s for s in stretches if s.tag != "equal"]
    return Score(
        characters=span[1] - span[0],
        replaced=size["replace"],
        lost=size["delete"],
        invented=size["insert"],
        in_long_runs=sum(map(_long, _runs(stretches))),
        in_any_order=_in_any_order(text.compared[low:high], should.compared[span[0] : span[1]]),
        classes=_classes(wrong, span, text, should),
        paragraphs=len(paragraphs),
        paragraphs_right=len(paragraphs) - _touched(paragraphs, wrong),
        breaks_kept=kept,
        breaks_lost=lost_breaks,
        lines_broken=broken,
    )


def _between(stretches: Sequence[Stretch], start: int, end: int, last: bool) -> Iterator[Stretch]:
    """The stretches of a span of the reference, cut at its ends. What is put in at its end belongs to what follows, if any."""
    for s in stretches:
        if s.should_start == s.should_end:
            if start <= s.should_start < end or (last and s.should_start == end):
                yield s
            continue
        before, behind = max(start - s.should_start, 0), max(s.should_end - end, 0)
        if before + behind < s.should_end - s.should_start:
            if s.tag == "delete":
                yield s._replace(should_start=s.should_start + before, should_end=s.should_end - behind)
            else:
                yield Stretch(s.tag, s.start + before, s.end - behind, s.should_start + before, s.should_end - behind)


# Characters


def _runs(stretches: Sequence[Stretch]) -> Iterator[list[Stretch]]:
    """Errors side by side, together."""
    for equal, run in groupby(stretches, lambda s: s.tag == "equal"):
        if not equal:
            yield list(run)


def _long(run: list[Stretch]) -> int:
    """The errors of a run that has lost or gained more than LONG_RUN characters; 0 for a shorter one."""
    stands, should = run[-1].end - run[0].start, run[-1].should_end - run[0].should_start
    errors = sum(max(s.end - s.start, s.should_end - s.should_start) for s in run)
    return errors if abs(stands - should) > LONG_RUN else 0


def _confused(run: list[Stretch], text: Row, should: Row) -> Iterator[tuple[str, str]]:
    """What stands for what in a run: character by character where they are as many, else the whole, where it is short."""
    stands = text.characters[run[0].start : run[-1].end]
    wanted = should.characters[run[0].should_start : run[-1].should_end]
    if len(stands) == len(wanted) and all(s.tag == "replace" for s in run):
        yield from zip(stands, wanted, strict=True)
    elif max(len(stands), len(wanted)) <= LONGEST_CONFUSION:
        yield stands, wanted


def _difference(run: list[Stretch], text: Row, should: Row) -> Difference:
    start, end = run[0].start, run[-1].end
    return Difference(
        text.characters[start:end],
        should.characters[run[0].should_start : run[-1].should_end],
        text.characters[max(0, start - CONTEXT) : start],
        text.characters[end : end + CONTEXT],
    )


def _in_any_order(stands: str, wanted: str) -> int:
    """Errors if characters could stand anywhere: the larger of what is missing and what is too much."""
    here, there = Counter(stands), Counter(wanted)
    return max((here - there).total(), (there - here).total())


def _classes(wrong: Sequence[Stretch], span: tuple[int, int], text: Row, should: Row) -> dict[str, Errors]:
    characters = _by_class(should.characters[span[0] : span[1]])
    errors: Counter[str] = Counter()
    for s in wrong:
        if s.tag == "insert":
            errors += _by_class(text.characters[s.start : s.end])
        else:
            errors += _by_class(should.characters[s.should_start : s.should_end])
    return {name: Errors(characters[name], errors[name]) for name in dict.fromkeys((*characters, *errors))}


def _by_class(text: str) -> Counter[str]:
    count: Counter[str] = Counter()
    for char, number in Counter(text).items():
        count[_class(char)] += number
    return count


def _class(char: str) -> str:
    if is_han(char):
        return "han"
    category = unicodedata.category(char)
    if category[0] in "PS":
        return "punctuation"
    if category == "Nd":
        return "digits"
    return "latin" if category[0] == "L" and "LATIN" in unicodedata.name(char, "") else "other"


# Paragraphs


def _places(stretches: Sequence[Stretch], size: int) -> NDArray[np.int64]:
    """For each character of the reference the place of the one that stands for it; -1: there is none."""
    there = np.full(size, -1, dtype=np.int64)
    for s in stretches:
        if s.tag in ("equal", "replace"):
            there[s.should_start : s.should_end] = np.arange(s.start, s.end)
    return there


def _told(
    breaks: Sequence[int], span: tuple[int, int], there: NDArray[np.int64], others: Sequence[int]
) -> tuple[int, int]:
    """Of the breaks inside a span of one text how many the other lacks, and how many it has; `others` are its breaks.

    Those beside text that the other text does not have cannot be told, and are not counted.
    """
    at = np.array([b for b in breaks if span[0] < b < span[1]], dtype=np.int64)
    placed = np.flatnonzero(there >= 0)
    behind = np.searchsorted(placed, at)
    fits = (behind > 0) & (behind < len(placed))
    at, behind = at[fits], behind[fits]
    if not len(at):
        return 0, 0
    left, right = placed[behind - 1], placed[behind]
    near = (at - left <= REACH) & (right - at < REACH) & (there[right] - there[left] <= 2 * REACH)
    left, right = there[left[near]], there[right[near]]
    rows = np.array(others, dtype=np.int64)
    has = np.searchsorted(rows, right, "right") > np.searchsorted(rows, left, "right")
    return int((~has).sum()), int(has.sum())


def _touched(paragraphs: Sequence[tuple[int, int]], wrong: Sequence[Stretch]) -> int:
    """How many of the paragraphs have an error in them; what is put in between two is in neither."""
    starts = np.array([start for start, _ in paragraphs], dtype=np.int64)
    if not len(starts):
        return 0
    touched: set[int] = set()
    for s in wrong:
        first = int(np.searchsorted(starts, s.should_start, "right")) - 1
        if s.should_start == s.should_end:
            if first >= 0 and paragraphs[first][0] < s.should_start < paragraphs[first][1]:
                touched.add(first)
            continue
        last = int(np.searchsorted(starts, s.should_end - 1, "right")) - 1
        touched.update(range(max(first, 0), last + 1))
    return len(touched)
