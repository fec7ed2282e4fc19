"""House style: marks that are right, and that a settings file wants in another shape; one shape of connectors in a document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from cleaner.page import Page
from cleaner.passes.punctuation.around import ALNUM
from cleaner.rules import Rule
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band

RULES = (
    Rule(
        "punctuation/house-style",
        "Sets quotation marks and ellipses in the shape that the settings `quotes` and `ellipsis` ask for.",
        "Only on request: both shapes are printed, “ ” and 「 」, …… and ⋯⋯. Apostrophes in Latin words stay.",
        (),
        "GB/T 15834-2011 4.8; CLREQ 3.1.8",
    ),
    Rule(
        "punctuation/range",
        "Sets the connector between two numbers as the setting `ranges` says; by default suggests the one that the document has mostly.",
        "The standard has -, — and ～ (and no en dash), each with uses of its own; a document keeps to one. Dates, telephone numbers, codes and subtractions stay.",
        (),
        "GB/T 15834-2011 4.13",
    ),
)

_QUOTES = {"curved": str.maketrans("「」『』", "“”‘’"), "corner": str.maketrans("“”‘’", "「」『』")}
_ELLIPSES = {"baseline": str.maketrans("⋯", "…"), "centred": str.maketrans("…", "⋯")}
_PAIRED = re.compile("…{2,4}|⋯{2,4}")
_UNIT = "%％℃年月日天周号时分秒岁人名位个家户元亩吨米里万亿公千平倍届次页条件种台辆所层班级"
_RANGE = re.compile(
    rf"(?<![\d.\-–—~～A-Za-z/(（])\d{{1,8}}(?:\.\d{{1,4}})?[{_UNIT}]?(?P<mark>[-–—~～])(?=\d{{1,8}}(?:\.\d{{1,4}})?[{_UNIT}])(?![\d.]*[-–—~～])"
)
CONNECTORS = {"hyphen": "-", "dash": "—", "wave": "～"}
ENOUGH, MOSTLY = 4, 0.75
"""Connectors between numbers that a document must have, and the share of them in one shape, for that to be its own."""


def of_page(page: Page) -> Iterator[Proposal]:
    """Proposals for marks that are not in the style asked for, and for connectors unlike the document's others."""
    settings = page.settings
    if settings.quotes in _QUOTES:
        yield from _translated(page, re.compile(".", re.S), _QUOTES[settings.quotes])
    if settings.ellipsis in _ELLIPSES:
        yield from _translated(page, _PAIRED, _ELLIPSES[settings.ellipsis])
    if settings.ranges != "keep":
        yield from _ranges(page, settings.ranges)


def _translated(page: Page, marks: re.Pattern[str], table: dict[int, int]) -> Iterator[Proposal]:
    """Proposals for all marks that a table has, but for those in code and apostrophes."""
    text = page.text
    for match in re.finditer(f"[{''.join(map(chr, table))}]+", text):
        found = match.group()
        after = found.translate(table)
        apostrophe = found == "’" and ALNUM.match(text[match.start() - 1 : match.start()])
        if marks.match(found) and not apostrophe and match.start() not in page.code:
            yield Proposal(match.start(), match.end(), after, "punctuation/house-style", 0.97)


def _ranges(page: Page, style: str) -> Iterator[Proposal]:
    """Proposals for connectors between two numbers of which the second has a unit: 3-5人, 10%—15%."""
    found = list(_RANGE.finditer(page.text))
    wanted = CONNECTORS.get(style, "")
    if not wanted:
        counts = Counter(match["mark"] for match in found)
        mark, times = counts.most_common(1)[0] if counts else ("", 0)
        if len(found) < ENOUGH or times < MOSTLY * len(found) or mark not in CONNECTORS.values():
            return
        wanted = mark
    band, confidence = (Band.SUGGESTED, 0.6) if style == "document" else (Band.APPLIED, 0.95)
    for match in found:
        if match["mark"] != wanted and match.start() not in page.code:
            yield Proposal(*match.span("mark"), wanted, "punctuation/range", confidence, band)
