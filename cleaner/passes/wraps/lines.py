"""What two lines are to one another, as far as their kinds and ends tell: whether one can continue the other."""

from __future__ import annotations

import re

from cleaner.page import Page
from cleaner.text.blocks import Line
from cleaner.text.look import FIXED, FLOATS, Kind
from cleaner.text.width import STOPS, ends_sentence, is_stop

MOST_CARRIED = 4.0
"""Ems by which a line may be short because the next word or number, with the marks that may not begin a line, did not fit."""

WRAPPED = 0.45
"""The share of lines near one width above which lines are taken for printed lines."""


def is_wrapped(page: Page, at: int, target: int) -> bool:
    """Whether lines are printed lines around these two."""
    return max(page.measures[at].regular, page.measures[target].regular) >= WRAPPED


def may_join(line: Line, following: Line) -> bool:
    """Whether the kinds of two lines allow that one continues the other."""
    if line.kind in FIXED or following.kind in FIXED:
        return False
    if {line.kind, following.kind} & {Kind.HEADING, Kind.BYLINE, Kind.JUMP} or following.item:
        return False
    if (line.kind is Kind.QUOTE) != (following.kind is Kind.QUOTE) or line.bare == following.bare:
        return False
    if _JUMPS.search(line.bare) or (line.kind is Kind.CAPTION and CREDIT.search(line.bare)):
        return False
    return following.text[0] not in "-*+" or following.kind not in (Kind.LIST, Kind.CONTENTS)


_JUMPS = re.compile(r"[（(【][下紧緊]?[转轉]\s*第?\s*[\dA-Z一二三四五六七八九十]{1,4}\s*[版页頁]\s*[)）】]$")
CREDIT = re.compile(r"(?:[摄攝绘繪]|供图|供圖|提供|资料图片?|資料照片?)[)）]?$")


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
