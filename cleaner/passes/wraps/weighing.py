"""How likely one line continues another: features that can be seen, and learned weights, as log odds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from math import exp, inf
from typing import NamedTuple

from cleaner.knowledge import continuity, resources
from cleaner.knowledge.continuity import Continuity
from cleaner.page import Page
from cleaner.passes.wraps.lines import MOST_CARRIED, is_finished, is_float, is_interrupted, is_wrapped
from cleaner.text.blocks import Line, Measure, starts_block
from cleaner.text.look import FLOATS, Kind
from cleaner.text.width import (
    CLOSERS,
    NOT_AT_LINE_END,
    NOT_AT_LINE_START,
    is_han,
    is_stop,
    open_brackets,
    width,
)

SUGGEST = 0.4
FARTHEST = 4
"""How many lines a paragraph may be continued over."""


class Gap(NamedTuple):
    """What lies between two lines."""

    blank: bool
    floats: int  # lines skipped
    blank_share: float  # share of line breaks around that have a blank line


@cache
def weights() -> tuple[dict[str, float], dict[str, float]]:
    """Log odds by feature: for text with a line for each printed line, and with a line for each paragraph."""
    rows = resources.rows("rules/wraps.tsv")
    return {row[0]: float(row[1]) for row in rows}, {row[0]: float(row[2]) for row in rows}


def weigh(page: Page, at: int, target: int, gap: Gap, paragraph: str, scores: Joints) -> tuple[float, dict[str, float]]:
    """The probability that line `target` continues line `at`, and, where it is worth telling, the features that weighed most (in
    log odds).
    """
    wrapped, found = features(page, at, target, gap, paragraph, scores)
    table = weights()[0 if wrapped else 1]
    parts = {name: value * table.get(name, 0.0) for name, value in found.items()}
    odds = sum(parts.values())
    probability = 1 / (1 + exp(-max(-30.0, min(30.0, odds))))
    if probability < SUGGEST:
        return probability, {}
    most = sorted(parts, key=lambda name: -abs(parts[name]))[:4]
    return probability, {name: round(parts[name], 2) for name in most}


SET_IN = 1.5
"""Ems of white space from which a line is set in; Chinese paragraphs begin two ems in."""
_UNBREAKABLE = re.compile(r"(?:[A-Za-z0-9.%+\-]+|.)[，。、；：！？”’）》】…—%]*")
SENTENCE_MARK = re.compile(r"[，。；：、！？,;:]")
_SLACKS = (
    (-1.6, "wider"),
    (0.8, "full"),
    (1.6, "one short"),
    (2.6, "two short"),
    (4.2, "four short"),
    (6.2, "six short"),
    (inf, "short"),
)
_LENGTHS = ((8, "8"), (16, "16"), (26, "26"), (45, "45"), (inf, "long"))


def features(
    page: Page, at: int, target: int, gap: Gap, paragraph: str, scores: Joints
) -> tuple[bool, dict[str, float]]:
    """What can be seen at the break: whether lines are printed lines here, and features with their values."""
    lines = page.lines
    line, beyond = lines[at], lines[target]
    measure, measure_beyond = page.measures[at], page.measures[target]
    wrapped = is_wrapped(page, at, target)
    run, stop, start = scores.of(at, target)
    ending = _ending(line.bare)
    found = {"bias": 1.0, "runs on": run, "ends here": stop, "starts here": start, f"ends: {ending}": 1.0}
    if wrapped:
        found |= _fullness(line, beyond, measure if measure.full else measure_beyond)
    found[f"length: {_bucket(line.width, _LENGTHS)}"] = 1.0
    found[f"next length: {_bucket(beyond.width, _LENGTHS)}"] = 1.0
    found |= _beginning(line, beyond)
    if 0.03 <= scores.indented[target] <= 0.7 and beyond.indent < 0.9:
        found["flush where paragraphs are set in"] = 1.0
    if gap.blank:
        found["blank"] = 1.0
        found["blank where rare"] = 1.0 - gap.blank_share
    if gap.floats:
        found["over float"] = 1.0
        between = max(scores.of(at, k).preference for k in range(at + 1, target))
        found["rather than what lies between"] = max(-4.0, min(4.0, scores.of(at, target).preference - between))
        found["over text"] = float(any(lines[k].kind not in FLOATS for k in range(at + 1, target)))
    if open_brackets(paragraph):
        found["open bracket"] = 1.0
    if not SENTENCE_MARK.search(paragraph):
        found["no mark so far"] = 1.0
    elif ending in ("han", "latin", "digit", "comma"):
        found["unfinished sentence"] = 1.0
    return wrapped, found


def _bucket(value: float, bounds: Sequence[tuple[float, str]]) -> str:
    return next(name for bound, name in bounds if value <= bound)


def _ending(text: str) -> str:
    """How a line ends, in a word."""
    last = text[-1]
    end = len(text)
    while end and text[end - 1] in CLOSERS:
        end -= 1
    if end and is_stop(text, end - 1):
        return "stop" if end == len(text) else "stop and quote"
    if last in CLOSERS:
        return "closed"
    if last in NOT_AT_LINE_END:
        return "opening"
    for marks, name in (("，、,", "comma"), ("；;", "semicolon"), ("：:", "colon"), ("—-－–·", "dash")):
        if last in marks:
            return name
    if is_han(last):
        return "han"
    return "digit" if last.isdigit() else "latin" if last.isalpha() else "other"


def _fullness(line: Line, beyond: Line, measure: Measure) -> dict[str, float]:
    unit = _UNBREAKABLE.match(beyond.bare)
    carried = width(unit.group()) - 1 if unit else 0.0  # what could not be broken went to the next line whole
    slack = measure.full - line.width - (line.indent if line.indent < 5 else 0) - min(carried, MOST_CARRIED)
    found = {f"line: {_bucket(slack, _SLACKS)}": 1.0, "regular": measure.regular}
    if beyond.width > measure.full + 2:
        found["next is wider"] = 1.0
    if beyond.width < measure.full - 6:
        found["next is short"] = 1.0
    return found


def _beginning(line: Line, beyond: Line) -> dict[str, float]:
    found: dict[str, float] = {}
    first = beyond.bare[0]
    if beyond.indent >= SET_IN and beyond.indent > line.indent + 0.9:
        found["next indented"] = 1.0
    if line.indent >= SET_IN and beyond.indent < 0.9:
        found["indented, next not"] = 1.0
    if first in NOT_AT_LINE_START:
        found["next begins with closing mark"] = 1.0
    elif first in NOT_AT_LINE_END or first == '"':
        found["next begins with opening mark"] = 1.0
    elif first in "■□●▲◆◎○△★":
        found["next begins with ornament"] = 1.0
    if starts_block(beyond):
        found[f"next is {beyond.kind}"] = 1.0
    if line.kind is not Kind.BODY:
        found[f"is {line.kind}"] = 1.0
    if first.isdigit():
        found["next begins with digit"] = 1.0
    return found


class Joints:
    """How well lines run on into one another, by the language model."""

    def __init__(self, page: Page) -> None:
        self._page = page
        lines = page.lines
        self.indented = indented_shares(lines)
        pairs = [(at, at + 1) for at in range(len(lines) - 1) if not is_finished(page, at, at + 1)]
        for at, line in enumerate(lines):
            if is_interrupted(line):
                for target in range(at + 2, min(at + 2 + FARTHEST, len(lines))):
                    if not is_float(page, target - 1):
                        break
                    pairs.append((at, target))
        self._known = dict(zip(pairs, self._over(pairs), strict=True))

    def of(self, at: int, target: int) -> Continuity:
        """The continuity from line `at` to line `target`."""
        if (at, target) not in self._known:
            self._known[at, target] = self._over([(at, target)])[0]
        return self._known[at, target]

    def _over(self, pairs: list[tuple[int, int]]) -> list[Continuity]:
        lines = self._page.lines
        gaps = [
            (
                max(lines[at].start, lines[at].end - _SEEN),
                lines[at].end,
                lines[to].bare_start,
                lines[to].bare_start + _SEEN,
            )
            for at, to in pairs
        ]
        bounded = [
            (low, end, start, min(high, lines[to].end))
            for (low, end, start, high), (_, to) in zip(gaps, pairs, strict=True)
        ]
        return continuity.over_gaps(self._page.encoded, bounded)


_SEEN = 24
"""Code points on either side of a break that are looked at: numbers and Latin words are one symbol each."""


def blank_shares(lines: Sequence[Line]) -> list[float]:
    """For each line, the share of line breaks around it that have a blank line."""
    return _shares([line.blank_before for line in lines], 8)


def indented_shares(lines: Sequence[Line]) -> list[float]:
    """For each line, the share of lines around it that are set in, as the first lines of paragraphs are."""
    return _shares([line.indent >= SET_IN for line in lines], 15)


def _shares(flags: Sequence[bool], reach: int) -> list[float]:
    """For each place, the share of flags within reach that are set."""
    sums = [0, *accumulate(flags)]
    bounds = ((max(0, at - reach), min(len(flags), at + reach + 1)) for at in range(len(flags)))
    return [(sums[high] - sums[low]) / (high - low) for low, high in bounds]
