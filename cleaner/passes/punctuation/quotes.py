"""Quotation marks: straight ones into pairs, opening and closing in turn through a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from cleaner.passes.punctuation.around import ALNUM, edit, is_chinese
from cleaner.rules import Rule
from cleaner.text.blocks import Line, Row
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band
from cleaner.text.look import Kind
from cleaner.text.width import HAN

RULES = (
    Rule(
        "punctuation/quotes",
        "Puts pairs of curved quotation marks (in traditional text corner brackets) for straight ones.",
        'Straight quotes open and close in turn through a block. Where their number is odd, the one that fits its place least is left as it is, or suggested as what its place says. A quotation may run over paragraphs; marks turned the wrong way round are turned. Inches (5.5") and code stay.',
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


CURVED, CORNER = "“”‘’", "「」『』"
"""The marks of a style: those of a quotation, opening and closing, and those of one inside it."""


def of_line(line: Row, style: str) -> Iterator[Proposal]:
    """Proposals for straight quotation marks, in the marks of a style."""
    text = line.text
    if _ANY_DOUBLE.search(text):
        yield from _double_quotes(line, style)
    doubled = list(_TWO_SINGLE.finditer(text)) if "''" in text or "‘‘" in text else []
    for match in doubled:
        if HAN.search(match.group()):
            yield from _pair(line, match.start(), match.end() - 2, style, 0.95, size=2)
    if "'" in text and not doubled:
        yield from _single_quotes(line, style)


_STRAIGHT = re.compile('["＂]')
_DOUBLE = '"＂„“”'
_TWO_SINGLE = re.compile(r"''[^'\n]{1,60}''|‘‘[^‘’\n]{1,60}’’")
_OPENERS_BEFORE = frozenset("：:（(《“‘「『—·■□●▲、=")
"""What stands before an opening mark. A comma or stop may stand before either: it ends a clause, or the quotation."""
_CLOSERS_AFTER = frozenset("，。、；：？！）》”’」』—…,:;?!).")


def _pair(
    line: Row, low: int, high: int, style: str, confidence: float, band: Band = Band.APPLIED, size: int = 1
) -> Iterator[Proposal]:
    """Proposals for a pair of marks at two places, each `size` code points long."""
    group = f"q{line.start + low}"
    for at, mark in ((low, style[0]), (high, style[1])):
        if line.text[at : at + size] != mark:
            yield edit(line, at, at + size, mark, "punctuation/quotes", confidence, band, group)


def _double_quotes(line: Row, style: str) -> Iterator[Proposal]:
    """Straight double quotes of a line, opening and closing in turn."""
    text = line.text
    if _CURVED.search(text):
        found = _among_curved(line) or _turned(line)
        yield from found
        if not found and len(left := _straight(text)) == 1:
            yield from _partner_lost(line, left[0], style)
        return
    places = _straight(text)
    if len(places) % 2:
        every, places = places, _without_the_odd_one(text, places)
        if len(every) == len(places) + 1:
            yield from _partner_lost(line, next(at for at in every if at not in places), style)
    for low, high in zip(places[::2], places[1::2], strict=True):
        if _is_chinese_quote(text, low, high):
            fits = _fit(text, low, True) + _fit(text, high, False)
            band = Band.APPLIED if fits > -3 else Band.SUGGESTED
            yield from _pair(line, low, high, style, 0.98 if fits >= 0 else 0.9, band)


def _straight(text: str) -> list[int]:
    """The places of straight double quotes; those of inches and seconds (27", 30°15'20") are left out: after a digit, where none is
    open, and the next one stands after a digit as well: F/A-18"大黄蜂" is a quotation.
    """
    every = [match.start() for match in _STRAIGHT.finditer(text)]
    inches = {at for at in every if text[at] == '"' and text[at - 1 : at].isdigit()}
    if not inches:
        return every
    if len(every) % 2 and len(inches) == 1:
        return [at for at in every if at not in inches]  # 5.5"
    places: list[int] = []
    for at, following in zip(every, [*every[1:], -1], strict=True):
        if len(places) % 2 or at not in inches or not (following < 0 or following in inches):
            places.append(at)
    return places


def _partner_lost(line: Row, at: int, style: str) -> Iterator[Proposal]:
    """A mark whose partner is lost: which of the two it is, where its place tells."""
    fit = _fit(line.text, at, True)
    if fit and HAN.search(line.text, max(0, at - 2), at + 3):
        yield edit(line, at, at + 1, style[fit < 0], "punctuation/quotes", 0.6, Band.SUGGESTED)


def _among_curved(line: Row) -> list[Proposal]:
    """Straight quotes of a line that has curved ones as well: each closes what is open, or opens. Where the curved ones do not
    add up with them, nothing is proposed.
    """
    found: list[Proposal] = []
    opened = -1
    for match in _ANY_DOUBLE.finditer(line.text):
        mark, at = match.group(), match.start()
        opens = mark in "“„" or (mark in '"＂' and opened < 0)
        if opens == (opened >= 0):
            return []
        if opens:
            opened = at
        else:
            found += _pair(line, opened, at, CURVED, 0.95)
            opened = -1
    return found if opened < 0 else []


_ANY_DOUBLE = re.compile(f"[{_DOUBLE}]")


def _turned(line: Row) -> list[Proposal]:
    """Curved marks that open where they should close, or close where they should open: around words, not sentences, for a
    quotation over several paragraphs opens and closes in any order.
    """
    text = line.text
    places = [match.start() for match in _ANY_DOUBLE.finditer(text)]
    if len(places) % 2 or places[0] == 0:
        return []
    pairs = list(zip(places[::2], places[1::2], strict=True))
    if any(high - low > MOST_QUOTED or _SENTENCE.search(text, low, high) for low, high in pairs):
        return []
    if any(_fit(text, low, True) < 0 or _fit(text, high, False) < 0 for low, high in pairs):
        return []
    return [proposal for low, high in pairs for proposal in _pair(line, low, high, CURVED, 0.93)]


MOST_QUOTED = 30
"""Code points of a term between quotation marks."""
_SENTENCE = re.compile("[，。；：！？,;]")


def across(lines: Sequence[Line], style: str) -> Iterator[Proposal]:
    """Straight marks of a quotation over several paragraphs: it opens in the first, opens anew at the beginning of those that
    follow, and closes at the end of the last (GB/T 15834-2011 4.8.3.5). Code and lines without Chinese are no part of one.
    """
    opening, closing = style[0], style[1]
    waiting: list[Proposal] = []
    since = 0
    for line in lines:
        text = line.text
        if line.kind is Kind.CODE or not HAN.search(text):
            waiting = []
            continue
        odd = '"' in text and len(_straight(text)) % 2 == 1 and not _CURVED.search(text)
        opens = _opens_last(text) if odd else -1
        since += 1
        begins = opens <= 0 if odd else text[0] == '"'
        if waiting and begins and len(text) > 1 and text[-1] == '"' and text[-2] in _STOPS:
            if odd:
                waiting.append(Proposal(line.end - 1, line.end, closing, *_ACROSS))
            yield from (p._replace(group=f"p{waiting[0].start}") for p in waiting)
            waiting = []
        elif odd and opens >= 0 and (not waiting or opens == 0):
            waiting.append(Proposal(line.start + opens, line.start + opens + 1, opening, *_ACROSS))
            since = 0
        elif odd or since > FARTHEST:
            waiting = []


_CURVED = re.compile("[„“”]")
_ACROSS = ("punctuation/quotes", 0.93)
_STOPS = frozenset("。！？…!?.")
FARTHEST = 3
"""Paragraphs without a mark that a quotation may go on over."""


def _opens_last(line: str) -> int:
    """Where a quotation opens that does not close in its line: at the very beginning, or after a colon; -1: nowhere."""
    if line[0] == '"':
        return 0
    last = line.rfind('"')
    return last if line[last - 1 : last] in ("：", ":") else -1


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


def _single_quotes(line: Row, style: str) -> Iterator[Proposal]:
    text = line.text
    places = [match.start() for match in re.finditer("'", text) if not _is_apostrophe(text, match.start())]
    if len(places) % 2:
        return
    opening, closing = style[2], style[3]
    for low, high in zip(places[::2], places[1::2], strict=True):
        fits = min(_fit(text, low, True), _fit(text, high, False)) >= 0 and not ALNUM.match(text[low - 1 : low])
        fits = fits and text[low + 1] not in _NOT_FIRST and text[high - 1] not in _NOT_LAST
        beside = is_chinese(text[low - 1 : low]) and is_chinese(text[high + 1 : high + 2]) and " " in text[low:high]
        if fits and (HAN.search(text, low, high) or beside) and high - low <= 60:
            group = f"s{line.start + low}"
            yield edit(line, low, low + 1, opening, "punctuation/single-quotes", 0.95, group=group)
            yield edit(line, high, high + 1, closing, "punctuation/single-quotes", 0.95, group=group)


def _is_apostrophe(text: str, at: int) -> bool:
    """Whether the mark stands inside a Latin word or number: don't, 7'2"."""
    return bool(at and ALNUM.match(text[at - 1]) and ALNUM.match(text[at + 1 : at + 2]))
