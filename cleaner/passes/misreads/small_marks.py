"""Small marks: those that were read as points, and full stops that were lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import log10

import numpy as np

from cleaner.evidence import likelier
from cleaner.knowledge import continuity
from cleaner.page import Page
from cleaner.rules import Rule
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band
from cleaner.text.look import Kind
from cleaner.text.width import HAN_RANGES, is_han

RULES = (
    Rule(
        "misreads/small-mark",
        "Puts the mark that was printed for a point or middle dot between Chinese characters: ， 。 、 or ·.",
        "Small marks lose their shape first. A point does not stand between ideographs; a middle dot joins the parts of a name. The language model says which mark makes the text; where it is not sure, the mark is only suggested. In a document full of middle dots they stand for marks that were not made out.",
        (("今年前三季度.全国铁路完成固定资产投资六千亿元。", "今年前三季度，全国铁路完成固定资产投资六千亿元。"),),
    ),
    Rule(
        "misreads/lost-stop",
        "Puts 。 between sentences and at the ends of paragraphs, in documents that have lost it again and again.",
        "The full stop is the smallest mark and the last of its line: low resolution and clipped boxes lose it. Between sentences the language model must be a hundred times surer of the text with it; a lone place is only suggested. Where a third of the paragraphs of several sentences end without a mark, their stops are lost; where one does, it may be half a paragraph.",
        (),
        "GB/T 15834-2011 4.1.3",
    ),
)

_SMALL_MARK = re.compile(rf"[.·](?<=[{HAN_RANGES}”》）].)(?=[{HAN_RANGES}“《（])")
POINT_MARGIN = 1.0
"""Log10 by which a mark must be likelier than the next best for a point to become it: 42 of 42 on typeset pages, where no point
between ideographs had been printed; below, 36 of 46."""
DOT_GAIN = 4.0
"""Log10 by which a full stop must be likelier than the middle dot read: 9 of 9 on typeset pages; from 2, 14 of 14, but in clean news
five titles of two parts (节气·秋分) in 550,000 characters gain as much."""
DOT_LIKELY = 2.0
"""Log10 by which a mark must be likelier than the middle dot read to be weighed at all."""
DOTS = 4
"""Middle dots that are likelier other marks from which a document's recogniser takes such marks for dots, if they are half of
its dots."""
DOT_MARGIN = 1.5
"""Log10 by which a mark must then be likelier than the next best: all of ten on a typeset page are right; of clean news whose
small marks were all made dots, 96 of 100 that are put right, of one whose fifth were, 89. At 1.0 it is 91 and 83."""


def propose(page: Page) -> Iterator[Proposal]:
    """Proposals for small marks that were misread or lost."""
    yield from _small_marks(page)
    yield from _lost_stops(page)


def _small_marks(page: Page) -> Iterator[Proposal]:
    """Points and middle dots between Chinese that were printed as other marks."""
    marks = np.flatnonzero((page.codes == ord(".")) | (page.codes == ord("·"))).tolist()
    places = [at for at in marks if _SMALL_MARK.match(page.text, at)]
    points = [at for at in places if page.text[at] == "."]
    for at, best in zip(points, likelier.best_marks(page, points, dict.fromkeys("，。、·", 0.0)), strict=True):
        yield _small_mark(at, best, best.margin >= POINT_MARGIN)
    dots = [at for at in places if page.text[at] == "·"]
    found = likelier.best_marks(page, dots, _lacking(page.text, len(dots)))
    likely = [(at, best) for at, best in zip(dots, found, strict=True) if best.mark != "·" and best.gain >= DOT_LIKELY]
    habit = len(likely) >= max(DOTS, len(dots) / 2)
    for at, best in likely:
        sure = best.margin >= DOT_MARGIN if habit else best.mark == "。" and best.gain >= DOT_GAIN
        if habit or best.gain >= DOT_GAIN:
            yield _small_mark(at, best, sure, len(likely))


def _small_mark(at: int, best: likelier.BestMark, sure: bool, likely: int = 0) -> Proposal:
    evidence: dict[str, object] = {
        "log10 gain": round(best.gain, 2),
        "log10 over the next best": round(best.margin, 2),
    }
    if likely:
        evidence["dots likelier other marks"] = likely
    band, confidence = (Band.APPLIED, 0.95) if sure else (Band.SUGGESTED, 0.55)
    return Proposal(at, at + 1, best.mark, "misreads/small-mark", confidence, band, evidence)


MARK_SHARES = {"，": 0.56, "。": 0.27, "、": 0.17}
"""How often each of the three small marks is printed, of all of them: news and official prose, 16 million characters."""


def _lacking(text: str, places: int) -> dict[str, float]:
    """For each small mark log10 of how many of it the text lacks, if the points and dots at some places are such marks.

    A recogniser that reads some marks as dots leaves a text with too few of them: where hardly a full stop is left, the dots
    are full stops; in Taiwan's print, which sets all three in the middle of their squares, commas as well.
    """
    seen = {mark: text.count(mark) for mark in MARK_SHARES}
    every = sum(seen.values()) + places
    lacking = {mark: max(0.5, share * every - seen[mark]) for mark, share in MARK_SHARES.items()}
    most = max(lacking.values())
    return {mark: log10(number / most) for mark, number in lacking.items()} | {"·": 0.0}


def _lost_stops(page: Page) -> Iterator[Proposal]:
    """Full stops that the recogniser lost, between sentences and at the ends of paragraphs: applied where the document has lost
    many, elsewhere suggested at most.
    """
    inside = page.by_line(likelier.lost_stops)
    ends = list(_ends_without_stop(page))
    lost = len(inside) + len(ends)
    habit = lost >= max(FEWEST_LOST, LOST_OF_ALL * page.text.count("。"))
    for at, gain in inside:
        if habit or gain >= SURELY_LOST:
            yield _lost_stop(at, gain, habit, lost)
    for at, gain in ends if habit else ():
        yield _lost_stop(at, gain, True, lost)


def _lost_stop(at: int, gain: float, sure: bool, places: int) -> Proposal:
    evidence: dict[str, object] = {"log10 gain": round(gain, 2), "places in the document": places}
    band, confidence = (Band.APPLIED, 0.9) if sure else (Band.SUGGESTED, 0.5)
    return Proposal(at, at, "。", "misreads/lost-stop", confidence, band, evidence)


def _ends_without_stop(page: Page) -> Iterator[tuple[int, float]]:
    """The ends of paragraphs of several sentences that have no mark, if a good part of the document's have none."""
    lines = page.lines
    paragraphs = [at for at, line in enumerate(lines) if line.kind is Kind.BODY and "。" in line.bare[:-1]]
    lost = [at for at in paragraphs if is_han(lines[at].bare[-1]) and not _CREDIT.search(lines[at].bare)]
    if not lost or len(lost) < LOST_SHARE * len(paragraphs):
        return
    gaps = [(lines[at], lines[at + 1] if at + 1 < len(lines) else lines[at]) for at in lost]
    over = continuity.over_gaps(
        page.encoded,
        [(max(a.start, a.end - 24), a.end, b.bare_start, min(b.end, b.bare_start + 24)) for a, b in gaps],
    )
    gains = likelier.end_gains(page, [lines[at].end for at in lost], "。")
    for at, found, gain in zip(lost, over, gains, strict=True):
        if gain > 0 and (at + 1 == len(lines) or found.preference < 0):
            yield lines[at].end, gain


_CREDIT = re.compile(r"(?:摄|攝|绘|供图|提供|资料图片?|資料圖片?)$")
FEWEST_LOST, LOST_OF_ALL = 3, 0.02
"""Places without a stop from which a document's recogniser loses them, and how many there must be for each stop that it read: one of
thirty on the typeset pages that lost the fewest. A long clean text has a few such places as well, one for thousands of stops."""
LOST_SHARE = 0.3
"""The share of paragraphs of several sentences that must end without a mark for one to be no half paragraph: typeset pages at low
resolution lose every second stop there, annotated scans none."""
SURELY_LOST = 2.5
"""Log10 from which a lone lost stop is suggested."""
