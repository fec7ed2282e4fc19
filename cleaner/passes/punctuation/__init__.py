"""Punctuation: full width by context, quotation marks in pairs, dashes, ellipses, interpuncts (GB/T 15834-2011, CLREQ).

A half-width mark beside Chinese is one that the recogniser narrowed; inside numbers, times, addresses, Latin words and
code it was printed so. Quotation marks are paired over a whole block, and a block whose marks do not add up keeps the one
that has no partner.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cleaner.knowledge.script import Script
from cleaner.page import Page
from cleaner.passes.punctuation import brackets, dashes, house_style, kept, quotes, width
from cleaner.text import marks
from cleaner.text.blocks import Row
from cleaner.text.draft import Proposal
from cleaner.text.width import HAN

RULES = (*width.RULES, *brackets.RULES, *quotes.RULES, *dashes.RULES, *house_style.RULES)


class Style(NamedTuple):
    """What holds for the marks of a whole document."""

    quotes: str = quotes.CURVED  # opening and closing, outer and inner; empty: straight ones stay
    ellipsis: str = dashes.BASELINE  # empty: they stay as they are
    overseas: bool = False  # ‧ and ⋯⋯ are at home
    points: bool = False  # its full stops are all points


def style_of(page: Page) -> Style:
    """The style of a document, by its script, its region and the settings."""
    settings = page.settings
    overseas = page.script is Script.HANT or settings.region != "cn"
    by_name = {"curved": quotes.CURVED, "corner": quotes.CORNER, "keep": ""}
    return Style(
        by_name.get(settings.quotes, quotes.CORNER if overseas else quotes.CURVED),
        {"centred": dashes.CENTRED, "keep": ""}.get(settings.ellipsis, dashes.BASELINE),
        overseas,
        width.points_for_stops(page.text),
    )


def propose(page: Page) -> Iterator[Proposal]:
    """Proposals for the marks of every line that has Chinese in it."""
    style = style_of(page)
    in_order = page.memory("punctuation", style)
    for line in page.rows_at(marks.out_of_order(page.codes, page.breaks)):
        if line.text in in_order:
            continue
        found = of_line(line, style)
        if found:
            yield from found
        else:
            in_order[line.text] = True
    if style.quotes and '"' in page.text:
        yield from quotes.across(page.lines, style.quotes)
    yield from house_style.of_page(page)
    yield from width.at_end(page.text)


def of_line(line: Row, style: Style) -> list[Proposal]:
    """The proposals for a line, by nothing but its text and the style of the document."""
    if not HAN.search(line.text):
        return []
    found = [
        *width.of_line(line, style.points),
        *brackets.of_line(line),
        *(quotes.of_line(line, style.quotes) if style.quotes else ()),
        *dashes.of_line(line, style.ellipsis, style.overseas),
    ]
    stays = kept.spans(line.text) if found else None
    if stays:
        lost = {p.group for p in found if p.group and p.start - line.start in stays}
        found = [p for p in found if p.group not in lost and p.start - line.start not in stays]
    return found
