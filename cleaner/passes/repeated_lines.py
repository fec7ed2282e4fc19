"""Lines that repeat as page furniture does: at the edges of pages and in the middle of sentences of one document, or at the edges
of many documents of a collection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz, process

from cleaner.knowledge import learned as collection
from cleaner.knowledge.learned import HEAD, LINE
from cleaner.page import Page
from cleaner.text.blocks import Line, lines_of
from cleaner.text.look import ARTIFACTS, Kind
from cleaner.text.width import HAN, ends_sentence

NEARLY = 75
"""Likeness (rapidfuzz ratio, 0 to 100) of running heads that a recogniser read differently."""
LEAST_NEARLY = 6
"""Code points from which a line is taken for a misread head of other documents: of four, 山乡日报 would be one of 山乡晚报."""
OUTERMOST = 2
"""Lines of a running head or foot: the paper's name, and the date or section."""
_LEAST_LINES = 6


def lines_repeated(lines: list[Line]) -> dict[int, int]:
    """Lines that repeat as page furniture does, by index, with how often they come: three times at least.

    Running heads and feet stand at the edges of pages, beside a folio or page break, and are alike or nearly so;
    watermarks stand in the middle of sentences. Of lines that hold a number that changes (第3页 共8页), one so placed
    speaks for all. Bylines and headings (第1天, 第2天) repeat as well, and are content.
    """
    found: dict[int, int] = {}
    for places in _alike(lines):
        if len(places) < 3:
            continue
        apart = places[-1] - places[0] >= 2 * len(places)
        changing = apart and len({lines[at].bare for at in places}) >= max(2, len(places) - 1)
        at_edges = sum(_at_page_edge(lines, at) for at in places)
        inside = sum(interrupts(lines, at) for at in places)
        if (
            (changing and (at_edges or inside))
            or at_edges >= (0.6 if apart else 1.0) * len(places)
            or (apart and inside >= 0.6 * len(places))
        ):
            found.update(dict.fromkeys(places, len(places)))
    return found


def _alike(lines: list[Line]) -> list[list[int]]:
    """Short lines in groups: the same but for digits; at the edges of pages, nearly the same."""
    groups: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        if _may_repeat(line):
            groups.setdefault(re.sub(r"\d+", "0", line.bare.replace(" ", "")), []).append(at)
    merged: dict[str, list[int]] = {}
    group_of: dict[str, str] = {}
    for shape, places in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        near = None
        if len(places) < 3 and len(shape) >= 4 and all(_at_page_edge(lines, at) for at in places):
            near = process.extractOne(shape, group_of.keys(), scorer=fuzz.ratio, score_cutoff=NEARLY)
        group_of[shape] = group_of[near[0]] if near else shape
        merged.setdefault(group_of[shape], []).extend(places)
    return [sorted(places) for places in merged.values()]


def edge_lines(text: str) -> Iterator[tuple[Line, bool]]:
    """The short lines at the edges of a text and of its pages, with whether they stand beside a folio or page break."""
    lines = lines_of(text)
    for at, line in enumerate(lines):
        beside = _at_page_edge(lines, at)
        if _may_repeat(line) and (beside or _is_outermost(lines, at)):
            yield line, beside


def _is_outermost(lines: list[Line], at: int) -> bool:
    """Whether it is one of the first or last two lines of a text that has others."""
    return len(lines) >= _LEAST_LINES and not OUTERMOST <= at < len(lines) - OUTERMOST


def in_documents(page: Page, at: int) -> tuple[str, int] | None:
    """Of a line at an edge that many documents of the collection have, nearly or exactly: as what it is known, and in how many."""
    learned, line = page.learned, page.lines[at]
    if not (learned.heads or learned.lines) or not _may_repeat(line):
        return None
    if not (_is_outermost(page.lines, at) or _at_page_edge(page.lines, at)):
        return None
    said = collection.shape(line.bare)
    for kind, known in ((HEAD, learned.heads), (LINE, learned.lines)):
        if said in known:
            return kind, known[said]
    near = (
        process.extractOne(said, learned.heads.keys(), scorer=fuzz.ratio, score_cutoff=NEARLY)
        if len(said) >= LEAST_NEARLY
        else None
    )
    return (HEAD, learned.heads[near[0]]) if near else None


def _may_repeat(line: Line) -> bool:
    """Whether the line is short, and of a kind that page furniture can be."""
    kinds = (Kind.BODY, Kind.HEADING, Kind.CONTENTS, Kind.FIELDS)
    return (
        line.kind in kinds
        and 2 <= len(line.bare) <= 30
        and bool(HAN.search(line.bare))
        and not ends_sentence(line.bare)
    )


def _at_page_edge(lines: list[Line], at: int) -> bool:
    near = [lines[n].kind for n in (at - 1, at + 1) if 0 <= n < len(lines)]
    new_page = lines[at].new_page or (at + 1 < len(lines) and lines[at + 1].new_page)
    return new_page or any(kind in (Kind.FOLIO, Kind.PAGE_BREAK) for kind in near)


def interrupts(lines: list[Line], at: int) -> bool:
    """Whether the line stands in the middle of a sentence."""
    before, after = beside(lines, at)
    if lines[at] in (before, after):
        return False
    running = before.kind is Kind.BODY and after.kind is Kind.BODY and before.width >= 8 and not after.item
    return running and not ends_sentence(before.bare) and before.bare[-1] not in "：:"


def beside(lines: list[Line], at: int, aside: frozenset[Kind] = ARTIFACTS) -> tuple[Line, Line]:
    """The lines before and after one, folios and the like aside; the line itself where there is none."""
    found = []
    for step in (-1, 1):
        other = at + step
        while 0 <= other < len(lines) and lines[other].kind in aside:
            other += step
        found.append(lines[other] if 0 <= other < len(lines) else lines[at])
    return found[0], found[1]
