"""Where personal names stand: a surname and one or two characters that no list can know.

What stands in a given name is improbable to a language model whatever it is, so passes that correct characters keep out
of names unless the document itself says otherwise.

    >>> stands_at("学员唐晓瑜说，这门课很难。", 4)
    True
    >>> stands_at("和平鸽展翅高飞。", 2)
    False
"""

from __future__ import annotations

import re
from functools import cache

from cleaner.knowledge import resources
from cleaner.text.width import HAN_RANGES, is_han

COMMON = 7
"""The weight from which a surname counts: 那, 时 and 和 are surnames too, but seldom."""
_ROLE = re.compile(
    r"(?:记者|通讯员|员|书记|主任|长|总理|总统|主席|教授|博士|院士|经理|代表|工程师|师|生|民|家|作者|编辑|摄影|图|文)\Z"
)
"""What stands before a name without a mark between: what its bearer is."""
_ACTS = re.compile(r"(?:说|表示|介绍|告诉|认为|指出|坦言|回忆|感慨|补充|透露|强调|先生|女士|同志|教授|老师|摄|绘|文)")
"""What stands behind one: what its bearer says, or is called."""
_IDEOGRAPH = re.compile(f"[{HAN_RANGES}]")


def stands_at(text: str, at: int) -> bool:
    """Whether the character at an offset is part of what reads like a personal name of two or three characters: one that begins
    with a surname, and has marks, spaces or the words that go with names on both sides.
    """
    return any(
        text[start] in surnames() and _is_open(text, start) and _is_closed(text, end) and _is_whole(text[start:end])
        for length in (3, 2)
        for start in range(max(0, at - length + 1), at + 1)
        if (end := start + length) <= len(text)
    )


def is_name(text: str) -> bool:
    """Whether a text of two to four characters reads like a personal name."""
    return 2 <= len(text) <= 4 and _is_whole(text) and text[0] in surnames()


def _is_whole(name: str) -> bool:
    """Whether all characters of a span are ideographs."""
    return all(map(is_han, name))


@cache
def surnames() -> frozenset[str]:
    """The common surnames of one character."""
    rows = resources.rows("lexicon/surnames.tsv")
    return frozenset(row[0] for row in rows if len(row[0]) == 1 and int(row[1]) >= COMMON)


def _is_open(text: str, start: int) -> bool:
    return start == 0 or not _IDEOGRAPH.match(text, start - 1) or bool(_ROLE.search(text, max(0, start - 4), start))


def _is_closed(text: str, end: int) -> bool:
    return end == len(text) or not _IDEOGRAPH.match(text, end) or bool(_ACTS.match(text, end))
