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
from typing import NamedTuple

from cleaner.page import Page
from cleaner.passes.wraps.lines import (
    CREDIT,
    is_finished,
    is_float,
    is_interrupted,
    is_prose,
    is_wrapped,
    may_join,
)
from cleaner.passes.wraps.weighing import FARTHEST, SENTENCE_MARK, SUGGEST, Gap, Joints, blank_shares, weigh
from cleaner.rules import Rule
from cleaner.text.blocks import Line
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band
from cleaner.text.look import FIXED, FLOATS, Kind
from cleaner.text.width import ends_sentence

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
"""The same where a line is a paragraph, and what is to be continued may be a heading."""
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
TAIL = 400
"""Code points of a paragraph that are searched for brackets still open."""


_ITEM_MARK = re.compile(r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）.、．]|[①-⑳])\s*")
_DIVIDED = re.compile(r"[A-Za-z]{2}-$")


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


class _Next(NamedTuple):
    """The line that may continue another (its index; -1: none does), how probable that is, and what says so."""

    target: int
    probability: float
    evidence: dict[str, float]


def _continuation(
    page: Page, scores: Joints, shares: Sequence[float], at: int, following: int, paragraph: str
) -> _Next:
    """The line that continues the one at `at`. Where none does, with the probability that the following one would have."""
    lines = page.lines
    line, beyond = lines[at], lines[following]
    if is_finished(page, at, following):
        return _Next(-1, 0.0, {})
    over = _over_caption(page, scores, shares[at], at, following, paragraph)
    if over is not None:
        return over
    if _DIVIDED.search(line.text) and beyond.text[0].isascii() and beyond.text[0].isalpha():
        return _Next(following, 0.97, {"divided word": 3.5})
    near = _Next(following, 0.0, {})
    if may_join(line, beyond):
        gap = Gap(beyond.blank_before, 0, shares[at])
        near = _Next(following, *weigh(page, at, following, gap, paragraph, scores))
    may_be_heading = not is_wrapped(page, at, following) and _may_be_heading(paragraph)
    joins = near.probability >= (APPLY_UNMARKED if may_be_heading else APPLY)
    if is_interrupted(line) and line.bare != beyond.bare and (not joins or _leaves_open(page, following)):
        over = _over_floats(page, scores, shares[at], at, following, paragraph)
        if over is not None and (not joins or _is_rather(page, over, near)):
            return over
    return near if joins else near._replace(target=-1)


def _may_be_heading(paragraph: str) -> bool:
    """Whether all of a paragraph so far may be a heading: no mark in it, or in a short one a comma between (一张纸，走了三百年)."""
    if len(paragraph) > LONGEST_TITLE or paragraph[-1:] in ("，", "、", ","):
        return not SENTENCE_MARK.search(paragraph)
    return not _STOP.search(paragraph)


LONGEST_TITLE = 16
"""Code points of a title that has a comma: two halves of seven characters, and the comma."""
_STOP = re.compile(r"[。；：！？;:!?]")


def _over_caption(
    page: Page, scores: Joints, blank_share: float, at: int, following: int, paragraph: str
) -> _Next | None:
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
    begun_long_before = len(paragraph) >= LONGEST_CAPTION and bool(CREDIT.search(lines[last].bare))
    if rather < (HARDLY_WORSE if begun_long_before else RATHER):
        return None
    gap = Gap(True, target - following, blank_share)
    probability, evidence = weigh(page, at, target, gap, paragraph, scores)
    enough = OVER_FLOAT if rather < FAR_RATHER else SUGGEST
    return _Next(target, probability, evidence) if probability >= enough else None


def _leaves_open(page: Page, at: int) -> bool:
    """Whether a line is a short block of its own that leaves its sentence open: a heading, or another piece of the paragraph."""
    return is_float(page, at) and not ends_sentence(page.lines[at].bare)


def _is_rather(page: Page, farther: _Next, nearer: _Next) -> bool:
    """Whether a paragraph goes on at a farther line rather than at a nearer one, which would leave it open: the farther is
    likelier, and brings the sentence to its end.
    """
    ends = ends_sentence(page.lines[farther.target].bare)
    return farther.probability > nearer.probability and ends and _leaves_open(page, nearer.target)


LONGEST_CREDIT = 8
"""Code points of a line that holds nothing but the credit of a picture: 资料图片."""
LONGEST_CAPTION = 80
"""Code points from which what a line continues can be no caption."""


def _over_floats(
    page: Page, scores: Joints, blank_share: float, at: int, following: int, paragraph: str
) -> _Next | None:
    """The likeliest line that continues the one at `at` over blocks that stand in between, if one does."""
    lines = page.lines
    best: _Next | None = None
    beaten = 0.0  # the likeliest so far, near lines first
    for target in range(following + 1, min(following + FARTHEST + 1, len(lines))):
        if not is_float(page, target - 1) or sum(map(is_prose, lines[following:target])) > 1:
            break
        if not may_join(lines[at], lines[target]) or not lines[target].blank_before:
            continue
        gap = Gap(True, target - following, blank_share)
        found = _Next(target, *weigh(page, at, target, gap, paragraph, scores))
        if found.probability - beaten >= CLEARLY or (best is not None and _is_rather(page, found, best)):
            beaten = found.probability
            marked = all(line.kind in FLOATS for line in lines[following:target])
            best = found if found.probability >= (OVER_FLOAT if marked else OVER_TEXT) else None
    return best


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
        and _drops_hyphen(page, line, following)
    ):
        return Proposal(start - 1, following.start, "", "wraps/hyphen", probability, band, evidence)
    divided = last in ".," and first.isdigit() and page.text[line.end - 2 : line.end - 1].isdigit()  # 1,|234
    if not divided and _is_latin(last) and first.isascii() and (first.isalnum() or first in "(\"'"):
        after = " "
    begin = following.bare_start if following.kind is Kind.QUOTE else following.start
    return Proposal(start, begin, after, rule, probability, band, evidence, group)


def _is_latin(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char in ".,;:!?)%\"'(")


def _drops_hyphen(page: Page, line: Line, following: Line) -> bool:
    """Whether a hyphen at the line end only divides a word: not where the document has the word with it."""
    head = re.search(r"([A-Za-z]+)-$", line.text)
    tail = re.match(r"[A-Za-z]+", following.text)
    return head is not None and tail is not None and (head[1], tail[0]) not in page.hyphenated
