"""What stands around a mark, and the proposals for it."""

from __future__ import annotations

import re

from cleaner.text.blocks import Row
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band
from cleaner.text.width import CHINESE

ALNUM = re.compile(r"[A-Za-z0-9]")


def edit(
    line: Row,
    start: int,
    end: int,
    after: str,
    rule: str,
    confidence: float,
    band: Band = Band.APPLIED,
    group: str | None = None,
) -> Proposal:
    """A change of `line.text[start:end]`, told in offsets of the text."""
    return Proposal(line.start + start, line.start + end, after, rule, confidence, band, group=group)


def neighbours(text: str, start: int, end: int) -> tuple[str, str]:
    """The characters on either side, spaces aside; a straight quote stands for what is beyond it."""
    left, right = start - 1, end
    while left >= 0 and text[left] in " \u3000\"'":
        left -= 1
    while right < len(text) and text[right] in " \u3000\"'":
        right += 1
    return text[left] if left >= 0 else "", text[right] if right < len(text) else ""


def is_chinese(char: str) -> bool:
    """Whether the character, if there is one, belongs to Chinese text: an ideograph, a full-width mark, kana."""
    return bool(char) and bool(CHINESE.match(char))
