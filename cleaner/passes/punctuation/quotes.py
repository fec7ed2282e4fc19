"""Quotation marks: straight ones into pairs, opening and closing in turn through a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from cleaner.passes.punctuation.around import ALNUM, edit, is_chinese
from cleaner.rules import Rule
from cleaner.text.blocks import Row
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band
from cleaner.text.width import HAN

RULES = (
    Rule(
        "punctuation/quotes",
        "Puts pairs of curved quotation marks (in traditional text corner brackets) for straight ones.",
        "Straight quotes open and close in turn through a block. Where their number is odd, the one that fits its place least is left as it is.",
        (('建设"数字浙江",打造"金名片"。', "建设“数字浙江”，打造“金名片”。"),),
        "GB/T 15834-2011 4.8",
    ),
    Rule(
        "punctuation/single-quotes",
        "Puts ‘ ’ for straight single quotes around Chinese.",
        "They mark a quotation inside a quotation. Apostrophes in Latin words stay, and so do marks that do not open and close there (Rust's 'a).",
        (("“群众说'办成了'才算数。”", "“群众说‘办成了’才算数。”"),),
        "GB/T 15834-2011 4.8.3.2",
    ),
)


def of_line(line: Row, corner: bool) -> Iterator[Proposal]:
    """Proposals for quotation marks; `corner`: they are corner brackets."""
    if '"' in line.text:
        yield from _double_quotes(line, corner)
    if "'" in line.text:
        yield from _single_quotes(line, corner)


_OPENERS_BEFORE = frozenset("：:（(《“‘「『—…·■□●▲、=")
"""What stands before an opening mark. A comma or stop may stand before either: it ends a clause, or the quotation."""
_CLOSERS_AFTER = frozenset("，。、；：？！）》”’」』—…,:;?!).")


def _double_quotes(line: Row, corner: bool) -> Iterator[Proposal]:
    """Straight double quotes of a line, opening and closing in turn."""
    text = line.text
    places = [at for at, char in enumerate(text) if char == '"']
    inches = [at for at in places if at and text[at - 1].isdigit()]
    if len(places) % 2 and len(inches) == 1:
        places.remove(inches[0])  # 5.5"
    opening, closing = ("「", "」") if corner else ("“", "”")
    if "“" in text or "”" in text:
        yield from _among_curved(line)
        return
    if len(places) % 2:
        places = _without_the_odd_one(text, places)
    for low, high in zip(places[::2], places[1::2], strict=True):
        if not _is_chinese_quote(text, low, high):
            continue
        fits = _fit(text, low, True) + _fit(text, high, False)
        band = Band.APPLIED if fits > -3 else Band.SUGGESTED
        group = f"q{line.start + low}"
        yield edit(line, low, low + 1, opening, "punctuation/quotes", 0.98 if fits >= 0 else 0.9, band, group)
        yield edit(line, high, high + 1, closing, "punctuation/quotes", 0.98 if fits >= 0 else 0.9, band, group)


def _among_curved(line: Row) -> Iterator[Proposal]:
    """Straight quotes of a line that has curved ones as well: each closes what is open, or opens. Where the curved ones do not
    add up with them, nothing is proposed.
    """
    found: list[Proposal] = []
    group = ""
    for match in re.finditer('[“”"]', line.text):
        mark = match.group()
        opens = mark == "“" or (mark == '"' and not group)
        if opens == bool(group):
            return
        group = f"q{line.start + match.start()}" if opens else group
        if mark == '"':
            at = match.start()
            found.append(edit(line, at, at + 1, "“" if opens else "”", "punctuation/quotes", 0.95, group=group))
        group = group if opens else ""
    if not group:
        yield from found


def _is_chinese_quote(text: str, low: int, high: int) -> bool:
    """Whether Chinese stands inside the quotation or right beside it."""
    if HAN.search(text, low, high):
        return True
    beside = text[max(0, low - 1) : low] + text[high + 1 : high + 2]
    return any(is_chinese(char) for char in beside)


def _fit(text: str, at: int, opens: bool) -> int:
    """How well a quotation mark fits its place as an opening or closing one: -2 to 2."""
    before = text[at - 1] if at else ""
    after = text[at + 1] if at + 1 < len(text) else ""
    says_open = (not before or before in _OPENERS_BEFORE) - (not after or after in _CLOSERS_AFTER)
    says_open += (before != " ") * (after == " ") * -1 + (before == " ") * (after != " ")
    return says_open if opens else -says_open


def _without_the_odd_one(text: str, places: list[int]) -> list[int]:
    """The places less the one without which opening and closing in turn fits best. Where several fit as well, those
    are left out whose partner is in doubt."""
    opens = [_fit(text, at, True) for at in places]  # a closing one fits as much as an opening one does not
    in_turn = [fit if index % 2 == 0 else -fit for index, fit in enumerate(opens)]
    before = [0, *accumulate(in_turn)]
    after = sum(in_turn)
    totals: list[int] = []
    for index, fit in enumerate(in_turn):
        after -= fit
        totals.append(before[index] - after)  # beyond the one left out, opening and closing change places
    best = max(totals)
    first, last = totals.index(best), len(totals) - 1 - totals[::-1].index(best)
    before_doubt, beyond_doubt = first - first % 2, last + 1 + (len(places) - 1 - last) % 2
    return places[:before_doubt] + places[beyond_doubt:] if first < last else places[:first] + places[first + 1 :]


_NOT_FIRST = frozenset(" ,.;:!?)，。、；：！？）")
_NOT_LAST = frozenset(" &(=[{<,:;/\\+-*（")
"""What no quotation begins and ends with."""


def _single_quotes(line: Row, corner: bool) -> Iterator[Proposal]:
    text = line.text
    places = [
        at
        for at, char in enumerate(text)
        if char == "'" and not (at and at + 1 < len(text) and ALNUM.match(text[at - 1]) and ALNUM.match(text[at + 1]))
    ]
    if len(places) % 2:
        return
    opening, closing = ("『", "』") if corner else ("‘", "’")
    for low, high in zip(places[::2], places[1::2], strict=True):
        fits = min(_fit(text, low, True), _fit(text, high, False)) >= 0
        fits = fits and text[low + 1] not in _NOT_FIRST and text[high - 1] not in _NOT_LAST
        if fits and HAN.search(text, low, high) and high - low <= 60:
            group = f"s{line.start + low}"
            yield edit(line, low, low + 1, opening, "punctuation/single-quotes", 0.95, group=group)
            yield edit(line, high, high + 1, closing, "punctuation/single-quotes", 0.95, group=group)
