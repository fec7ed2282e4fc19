"""What counts as the same character: nothing but itself, unless an evaluation states an equivalence.

Each equivalence puts one code point for one code point, so that offsets stay.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from cleaner.errors import SettingsError, meant

EQUIVALENCES: Mapping[str, str] = {
    "width": "full-width and half-width forms: ，and , Ａ and A ｡ and 。; and 。 and the point, which stand for one another",
    "quotes": "quotation marks of all shapes, single and double: “ 「 『 ‘ and their partners, \" and '",
    "script": "simplified and traditional characters: 体 and 體",
    "space": "spaces: whether there are any between characters",
}
"""The equivalences that can be stated, each with what it makes equal."""

FULL_WIDTH = range(0xFF01, 0xFF5F)
TO_ASCII = 0xFEE0  # full-width forms stand in the order of ASCII (Unicode 17.0, Halfwidth and Fullwidth Forms)
OTHER_WIDTHS = {
    "。": ".",
    "｡": ".",
    "､": "、",
    "｢": "「",
    "｣": "」",
    "･": "・",
    "￠": "¢",
    "￡": "£",
    "￥": "¥",
    "￦": "₩",
}
QUOTES = "“”„‟‘’‚‛「」『』｢｣＂＇〝〞〟«»'\""


def known(names: Collection[str]) -> frozenset[str]:
    """The names of equivalences, checked. Raises SettingsError for one that does not exist."""
    for name in names:
        if name not in EQUIVALENCES:
            raise SettingsError(f"there is no equivalence named {name!r}; {meant(name, tuple(EQUIVALENCES))}")
    return frozenset(names)


def folded(text: str, same: frozenset[str]) -> str:
    """The text, as many code points long, with one character for all that are the same."""
    table = _table(same - {"space"})
    return text.translate(table) if table else text


@cache
def _table(same: frozenset[str]) -> dict[int, int]:
    table: dict[int, int] = {}
    if "script" in same:
        from cleaner.knowledge.script import Script, counterparts

        table |= {ord(char): ord(other) for char, other in counterparts(Script.HANT).all.items()}
    if "width" in same:
        table |= {code: code - TO_ASCII for code in FULL_WIDTH}
        table |= {ord(char): ord(other) for char, other in OTHER_WIDTHS.items()}
    if "quotes" in same:
        table |= {ord(char): ord('"') for char in QUOTES}
    return table
