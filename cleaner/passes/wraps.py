"""Wraps: lines of one paragraph become one, over line, column and page breaks, and around what stands in between.

Each break between two lines is weighed: how the line ends, how full it is, how the next begins, what lies between, and how
well the text runs on by the language model against a paragraph ending there. The weights are log odds, learned by
`tools/learn_wraps.py` and readable in dictionaries/rules/wraps.tsv: one column for text that has a line for each printed
line, one for text that has a line for each paragraph. Every join carries the evidence that weighed most.

A caption, pull quote or displaced heading in the middle of a sentence is moved behind the paragraph that it interrupts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from math import exp, inf
from typing import NamedTuple

from cleaner.knowledge import continuity, resources
from cleaner.knowledge.continuity import Continuity
from cleaner.page import Page
from cleaner.rules import Rule
from cleaner.text.blocks import Line, Measure, starts_block
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band
from cleaner.text.look import FIXED, FLOATS, Kind
from cleaner.text.width import (
    CLOSERS,
    NOT_AT_LINE_END,
    NOT_AT_LINE_START,
    STOPS,
    ends_sentence,
    is_han,
    is_stop,
    open_brackets,
    width,
)

RULES = (
    Rule(
        "wraps/join",
        "Joins two lines of one paragraph.",
        "Print breaks lines where the column ends, text where the paragraph ends. Chinese is joined without a space, Latin words with one.",
        (
            (
                "会议强调，要坚持以人民为中心的发展思\n想，在发展中保障和改善民生。",
                "会议强调，要坚持以人民为中心的发展思想，在发展中保障和改善民生。",
            ),
        ),
    ),
    Rule(
        "wraps/hyphen",
        "Joins a Latin word that was hyphenated at the line end.",
        "The hyphen goes unless the document has the word with it elsewhere, or a number follows (COVID-19).",
        (("这款应用基于Deep-\nSeek大模型开发，已经在全省推广。", "这款应用基于DeepSeek大模型开发，已经在全省推广。"),),
    ),
    Rule(
        "wraps/move",
        "Moves a caption, pull quote or displaced heading behind the paragraph that it interrupts.",
        "Columns run on around pictures; reading order puts the caption between two halves of a sentence.",
        (
            (
                "全省各地抢抓机遇，加快推进重大项\n\n图为工人在车间作业。张明 摄\n\n目建设，经济运行稳中向好。",
                "全省各地抢抓机遇，加快推进重大项目建设，经济运行稳中向好。\n\n图为工人在车间作业。张明 摄",
            ),
        ),
    ),
)

APPLY = 0.6
"""Joins at least so probable are applied; those above SUGGEST are left to a person."""
APPLY_UNMARKED = 0.85
"""The same where a line is a paragraph, and what is to be continued has no mark of punctuation: it may be a heading."""
SUGGEST = 0.4
OVER_FLOAT = 0.55
"""The same for joins over a block that is moved behind the paragraph."""
OVER_TEXT = 0.65
"""The same where the block looks like any other line: a signature between two lines is no caption."""
CLEARLY = 0.25
"""By how much a farther line must be likelier than the nearer ones."""
RATHER = 1.0
"""Log10 by which a text must run on better beyond a caption than into it."""
HARDLY_WORSE = -0.5
"""The same where the paragraph is too long to be the caption's beginning."""
FAR_RATHER = 3.0
"""Log10 from which less probable joins will do as well."""
FARTHEST = 4
"""How many lines a paragraph may be continued over."""
TAIL = 400
"""Code points of a paragraph that are searched for brackets still open."""


class Gap(NamedTuple):
    """What lies between two lines."""

    blank: bool
    floats: int  # lines skipped
    blank_share: float  # share of line breaks around that have a blank line


def propose(page: Page) -> Iterator[Proposal]:
    """Joins and moves, from top to bottom."""
    lines = page.lines
    if len(lines) < 2:
        return
    scores = Joints(page)
    shares = blank_shares(lines)
    paragraph = _Paragraph()
    skipped: set[int] = set()
    for at, line in enumerate(lines):
        if at in skipped:
            continue
        paragraph.take(line)
        following = at + 1
        while following in skipped:
            following += 1
        if following >= len(lines) or line.kind in FIXED:
            yield from paragraph.close()
            continue
        target, probability, evidence = _continuation(page, scores, shares, at, following, paragraph.text)
        if target < 0:
            if probability >= SUGGEST:
                yield _join(page, line, lines[following], probability, evidence, Band.SUGGESTED)
            yield from paragraph.close()
            continue
        floats = range(following, target)
        if floats:
            skipped.update(floats)
            paragraph.floats.append((line.end, lines[target - 1].end, probability, evidence))
        previous_end = lines[target - 1].end if floats else line.end
        join = _join(page, line, lines[target], probability, evidence, Band.APPLIED, previous_end)
        feed = page.text.find("\f", join.start, join.end)
        if feed < 0:
            yield join
        else:  # only there where page breaks are kept: it moves behind the paragraph as a block would
            group = join.group or f"f{join.start}"
            paragraph.floats.append((feed, feed + 1, probability, evidence))
            yield join._replace(end=feed, group=group)
            yield join._replace(start=feed + 1, after="", group=group)
    yield from paragraph.close()


@dataclass
class _Paragraph:
    """The paragraph that is being put together, with the blocks that stand inside it."""

    text: str = ""
    end: int = 0
    floats: list[tuple[int, int, float, dict[str, float]]] = field(default_factory=list)

    def take(self, line: Line) -> None:
        bare = line.bare if self.text else _ITEM_MARK.sub("", line.bare, count=1)
        self.text = (self.text + bare)[-TAIL:]
        self.end = line.end

    def close(self) -> Iterator[Proposal]:
        """The moves of the blocks inside, behind the end."""
        for start, end, probability, evidence in self.floats:
            yield Proposal(start, end, None, "wraps/move", probability, evidence=evidence, group=f"f{end}", to=self.end)
        self.text, self.floats = "", []


def _continuation(
    page: Page, scores: Joints, shares: Sequence[float], at: int, following: int, paragraph: str
) -> tuple[int, float, dict[str, float]]:
    """The line that continues the one at `at`: (index or -1, probability, evidence)."""
    lines = page.lines
    line, beyond = lines[at], lines[following]
    probability = 0.0
    evidence: dict[str, float] = {}
    if is_finished(page, at, following):
        return -1, probability, evidence
    over = _over_caption(page, scores, shares[at], at, following, paragraph)
    if over is not None:
        return over
    if _DIVIDED.search(line.text) and beyond.text[0].isascii() and beyond.text[0].isalpha():
        return following, 0.97, {"divided word": 3.5}
    if may_join(line, beyond):
        gap = Gap(beyond.blank_before, 0, shares[at])
        probability, evidence = weigh(page, at, following, gap, paragraph, scores)
        may_be_heading = not is_wrapped(page, at, following) and not _SENTENCE_MARK.search(paragraph)
        if probability >= (APPLY_UNMARKED if may_be_heading else APPLY):
            return following, probability, evidence
    if is_interrupted(line) and line.bare != beyond.bare:
        over = _over_floats(page, scores, shares[at], at, following, paragraph)
        if over is not None:
            return over
    return -1, probability, evidence


def _over_caption(
    page: Page, scores: Joints, blank_share: float, at: int, following: int, paragraph: str
) -> tuple[int, float, dict[str, float]] | None:
    """The line beyond a caption of one or several printed lines that directly follows a line, where the text runs on there.

    Recognisers of boxes leave no blank line around a caption: its last line shows by its credit, its first only by how
    badly the text runs on to it, or by a paragraph that is too long to be a caption's beginning.
    """
    lines = page.lines
    last = next(
        (k for k in range(following, min(following + FARTHEST, len(lines))) if lines[k].kind is Kind.CAPTION), None
    )
    if last is None or last + 1 >= len(lines) or not is_interrupted(lines[at]):
        return None
    target = last + 1
    alone = last == following + 1 and len(lines[last].bare) <= LONGEST_CREDIT  # a line, and its credit below it
    text = following if alone else last
    if lines[target].kind is not Kind.BODY or any(ends_sentence(lines[k].bare) for k in range(following, text)):
        return None
    rather = scores.of(at, target).preference - scores.of(at, following).preference
    begun_long_before = len(paragraph) >= LONGEST_CAPTION and bool(_CREDIT.search(lines[last].bare))
    if rather < (HARDLY_WORSE if begun_long_before else RATHER):
        return None
    gap = Gap(True, target - following, blank_share)
    probability, evidence = weigh(page, at, target, gap, paragraph, scores)
    enough = OVER_FLOAT if rather < FAR_RATHER else SUGGEST
    return (target, probability, evidence) if probability >= enough else None


LONGEST_CREDIT = 8
"""Code points of a line that holds nothing but the credit of a picture: 资料图片."""
LONGEST_CAPTION = 80
"""Code points from which what a line continues can be no caption."""


def _over_floats(
    page: Page, scores: Joints, blank_share: float, at: int, following: int, paragraph: str
) -> tuple[int, float, dict[str, float]] | None:
    """The likeliest line that continues the one at `at` over blocks that stand in between, if one does."""
    lines = page.lines
    best: tuple[int, float, dict[str, float]] | None = None
    beaten = 0.0  # the likeliest so far, near lines first
    for target in range(following + 1, min(following + FARTHEST + 1, len(lines))):
        if not is_float(page, target - 1) or sum(map(is_prose, lines[following:target])) > 1:
            break
        if not may_join(lines[at], lines[target]) or not lines[target].blank_before:
            continue
        gap = Gap(True, target - following, blank_share)
        probability, evidence = weigh(page, at, target, gap, paragraph, scores)
        if probability - beaten >= CLEARLY:
            beaten = probability
            marked = all(line.kind in FLOATS for line in lines[following:target])
            enough = probability >= (OVER_FLOAT if marked else OVER_TEXT)
            best = (target, probability, evidence) if enough else None
    return best


def may_join(line: Line, following: Line) -> bool:
    """Whether the kinds of two lines allow that one continues the other."""
    if line.kind in FIXED or following.kind in FIXED:
        return False
    if {line.kind, following.kind} & {Kind.HEADING, Kind.BYLINE, Kind.JUMP} or following.item:
        return False
    if (line.kind is Kind.QUOTE) != (following.kind is Kind.QUOTE) or line.bare == following.bare:
        return False
    if _JUMPS.search(line.bare) or (line.kind is Kind.CAPTION and _CREDIT.search(line.bare)):
        return False
    return following.text[0] not in "-*+" or following.kind not in (Kind.LIST, Kind.CONTENTS)


_ITEM_MARK = re.compile(r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）.、．]|[①-⑳])\s*")
_DIVIDED = re.compile(r"[A-Za-z]{2}-$")
_JUMPS = re.compile(r"[（(【][下紧緊]?[转轉]\s*第?\s*[\dA-Z一二三四五六七八九十]{1,4}\s*[版页頁]\s*[)）】]$")
_CREDIT = re.compile(r"(?:[摄攝绘繪]|供图|供圖|提供|资料图片?|資料照片?)[)）]?$")


def is_finished(page: Page, at: int, following: int) -> bool:
    """Whether the paragraph ends with its line: where a line is a paragraph, one that ends with a stop is whole, and one
    that ends with a colon leads on to a list.
    """
    bare = page.lines[at].bare
    if bare[-1:] not in _ENDS_PARAGRAPH or (bare[-1] == "." and not is_stop(bare, len(bare) - 1)):
        return False
    return not is_wrapped(page, at, following)


_ENDS_PARAGRAPH = STOPS | frozenset("：:.")


def is_interrupted(line: Line) -> bool:
    """Whether the line is running text that stops in the middle of a sentence."""
    if line.kind not in (Kind.BODY, Kind.LIST, Kind.CONTENTS) or ends_sentence(line.bare) or line.width < 6:
        return False
    return line.bare[-1] not in "：:；;"


def is_float(page: Page, at: int) -> bool:
    """Whether the line can stand beside the running text: marked so, or a short block between blank lines that says something
    whole. Among printed lines a full one with marks in it is a line of the running text.
    """
    line = page.lines[at]
    if line.kind in FLOATS:
        return True
    alone = line.blank_before and (at + 1 >= len(page.lines) or page.lines[at + 1].blank_before)
    if line.kind not in (Kind.BODY, Kind.FIELDS) or not alone or line.width > WIDEST_FLOAT:
        return False
    measure = page.measures[at]
    printed = measure.regular >= WRAPPED and line.width >= measure.full - MOST_CARRIED
    return not is_prose(line) or (ends_sentence(line.bare) and not printed)


def is_prose(line: Line) -> bool:
    """Whether the line is no more than text: not marked as anything else, and with marks in it."""
    return line.kind is Kind.BODY and line.look.has_mark


WIDEST_FLOAT = 60
"""Ems beyond which a block is a paragraph."""


def _join(
    page: Page,
    line: Line,
    following: Line,
    probability: float,
    evidence: dict[str, float],
    band: Band,
    end: int | None = None,
) -> Proposal:
    start = line.end if end is None else end
    group = f"f{start}" if end is not None and end != line.end else None
    last, first = page.text[line.end - 1], page.text[following.start]
    after, rule = "", "wraps/join"
    if (
        start == line.end
        and last == "-"
        and first.isascii()
        and first.isalpha()
        and _drops_hyphen(page.text, line, following)
    ):
        return Proposal(start - 1, following.start, "", "wraps/hyphen", probability, band, evidence)
    divided = last in ".," and first.isdigit() and page.text[line.end - 2 : line.end - 1].isdigit()  # 1,|234
    if not divided and _is_latin(last) and first.isascii() and (first.isalnum() or first in "(\"'"):
        after = " "
    begin = following.bare_start if following.kind is Kind.QUOTE else following.start
    return Proposal(start, begin, after, rule, probability, band, evidence, group)


def _is_latin(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char in ".,;:!?)%\"'(")


def _drops_hyphen(text: str, line: Line, following: Line) -> bool:
    """Whether a hyphen at the line end only divides a word: not where the document has the word with it."""
    head = re.search(r"[A-Za-z]+-$", line.text)
    tail = re.match(r"[A-Za-z]+", following.text)
    return bool(head and tail) and f"{head.group()}{tail.group()}" not in text  # type: ignore[union-attr]


# ---- weighing


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
WRAPPED = 0.45
"""The share of lines near one width above which lines are taken for printed lines."""


def is_wrapped(page: Page, at: int, target: int) -> bool:
    """Whether lines are printed lines around these two."""
    return max(page.measures[at].regular, page.measures[target].regular) >= WRAPPED


_UNBREAKABLE = re.compile(r"(?:[A-Za-z0-9.%+\-]+|.)[，。、；：！？”’）》】…—%]*")
MOST_CARRIED = 4.0
"""Ems by which a line may be short because the next word or number, with the marks that may not begin a line, did not fit."""
_SENTENCE_MARK = re.compile(r"[，。；：、！？,;:]")
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
    if not _SENTENCE_MARK.search(paragraph):
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
