"""Marks made of strokes and points: dashes, ellipses, the middle dot of names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.passes.punctuation.around import edit, is_chinese, neighbours
from cleaner.rules import Rule
from cleaner.text.blocks import Row
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band
from cleaner.text.width import HAN_RANGES

RULES = (
    Rule(
        "punctuation/dash",
        "Puts —— for two or more hyphens, bars or short dashes between Chinese, or between Chinese and a number or a capital.",
        "The Chinese dash is one line two characters long; recognisers break it into pieces. A single bar ― or ─ is set as —, which joins places and years.",
        (("这就是答案--干在实处。", "这就是答案——干在实处。"),),
        "GB/T 15834-2011 4.10",
    ),
    Rule(
        "punctuation/ellipsis",
        "Puts …… for rows of points.",
        "The Chinese ellipsis has six points in two groups. A doubled one (…………, for a lost paragraph) and the leaders of a contents list stay.",
        (("春天来了，花开了...", "春天来了，花开了……"), ("他想说。。。又停住了", "他想说……又停住了")),
        "GB/T 15834-2011 4.11",
    ),
    Rule(
        "punctuation/interpunct",
        "Puts · between the parts of a foreign name, for • ・ ‧ and their like, and between the digits of a date (五•四, 9•18).",
        "They are one mark in print and many in Unicode. In Taiwan and Hong Kong ‧ stays.",
        (("约翰•史密斯先生", "约翰·史密斯先生"),),
        "GB/T 15834-2011 4.14",
    ),
)

_DASH = re.compile(r"[-－–—―─⸺━−]{2,}|[-－–—―─] [-－–—―─]|[―─⸺]")
_BESIDE_DASH = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ①②③④⑤⑥⑦⑧⑨⑩")
"""What may stand on one side of a dash, if Chinese stands on the other: not a small letter (--help)."""
_ELLIPSIS = re.compile(r"…+·+(?!.·)|(?<!·.)·{1,2}…+|[….⋯]{3,}|·{3,}…*|‥{2,}|。{2,}|[…⋯]+\.*|\.+…+|\.{2,}(?=。)")
_INTERPUNCT = re.compile(
    rf"(?<=[{HAN_RANGES}])[•・‧∙⋅･](?=[{HAN_RANGES}A-Z])|(?<=[A-Z])[•・‧∙⋅･](?=[{HAN_RANGES}])|(?<=\d)[•・](?=\d)"
)


BASELINE, CENTRED = "……", "⋯⋯"


def of_line(line: Row, ellipsis: str, overseas: bool) -> Iterator[Proposal]:
    """Proposals for dashes, ellipses (to be written so; empty: they stay) and middle dots; `overseas`: ‧ and ⋯⋯ may stay."""
    yield from _dashes(line)
    if ellipsis:
        yield from _ellipses(line, ellipsis, overseas)
    for match in _INTERPUNCT.finditer(line.text):
        if match.group() == "‧" and overseas:
            continue
        yield edit(line, match.start(), match.end(), "·", "punctuation/interpunct", 0.97)


def _dashes(line: Row) -> Iterator[Proposal]:
    text = line.text
    for match in _DASH.finditer(text):
        found = match.group()
        if found == "——" or len(found) > 6:
            continue
        before, after = neighbours(text, match.start(), match.end())
        if len(found) == 1 and not (is_chinese(before) and is_chinese(after)):
            continue
        chinese = is_chinese(before) or is_chinese(after)
        if chinese and all(not c or is_chinese(c) or (c in _BESIDE_DASH and len(found) > 1) for c in (before, after)):
            if set(found) == {"—"} and len(found) == 4:
                continue  # two dashes, one after the other
            after = "—" if found in "―─" else "——"  # as wide as it is: 神户─门司
            yield edit(line, *_with_spaces(text, match.start(), match.end()), after, "punctuation/dash", 0.96)


def _with_spaces(text: str, start: int, end: int) -> tuple[int, int]:
    """A span with the space on either side: a dash brings none. At the edges of the line, and beside Latin, it stays."""
    if text[start - 1 : start] == " " and start > 1 and is_chinese(text[start - 2]):
        start -= 1
    if text[end : end + 1] == " " and is_chinese(text[end + 1 : end + 2]):
        end += 1
    return start, end


_PAGE_NUMBER = re.compile(r"\s*\d+$")


def _ellipses(line: Row, ellipsis: str, overseas: bool) -> Iterator[Proposal]:
    text = line.text
    for match in _ELLIPSIS.finditer(text):
        found = match.group()
        if found in (ellipsis, 2 * ellipsis) or len(found) > 12 or (set(found) == {"…"} and len(found) > 4):
            continue
        if overseas and "⋯" in found:
            continue
        before, after = neighbours(text, match.start(), match.end())
        if found == "..." and text[match.start() - 1 : match.start()] == " " == text[match.end() : match.end() + 1]:
            continue  # 用 ... 参数
        if found == "…" and before in "，,、" and after in "，,、":
            continue  # x1，x2，…，xn
        if not (is_chinese(before) or is_chinese(after)) or _PAGE_NUMBER.match(text, match.end()) or line.is_contents:
            continue
        if found in ("。。",):
            yield edit(line, match.start(), match.end(), "。", "punctuation/doubled", 0.7, Band.SUGGESTED)
        else:
            yield edit(line, match.start(), match.end(), ellipsis, "punctuation/ellipsis", 0.95)
