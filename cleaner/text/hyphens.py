"""Hyphens at the ends of lines: those that only divide a word, and those of words that are written with one."""

from __future__ import annotations

import re
from collections import defaultdict

LONGEST = 40
"""Letters on either side of a hyphen that are compared: longer runs are no words."""

_END = re.compile(rf"(?<![A-Za-z])([A-Za-z]{{1,{LONGEST}}})-[^\S\n\f]*(?=[\n\f]|\Z)")
_BEGINNING = re.compile(rf"(?:^|\n|\f)[^\S\n\f]*([A-Za-z]{{1,{LONGEST}}})(?![A-Za-z])")
_INSIDE = re.compile(rf"([A-Za-z]{{1,{LONGEST}}})-(?=([A-Za-z]{{1,{LONGEST}}}))")


def hyphenated(text: str) -> frozenset[tuple[str, str]]:
    """What may stand before and behind a hyphen at the end of a line such that the text has the same, hyphen and all,
    within a line, perhaps as part of a longer word.
    """
    ends = set(_END.findall(text))
    if not ends:
        return frozenset()
    beginnings = set(_BEGINNING.findall(text))
    behind: defaultdict[str, set[str]] = defaultdict(set)
    for head, tail in set(_INSIDE.findall(text)):
        for end in ends.intersection(head[at:] for at in range(len(head))):
            behind[end].update(beginnings.intersection(tail[: at + 1] for at in range(len(tail))))
    return frozenset((end, beginning) for end, found in behind.items() for beginning in found)
