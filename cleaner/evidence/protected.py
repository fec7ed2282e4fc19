"""What no pass may touch: code, and terms that a lexicon protects, on one line or cut by the end of one.

Of a term that is cut by a line break both pieces are protected, and the break is not: lines are joined around it as around
any word.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from cleaner.knowledge.lexicon.filed import code_points
from cleaner.page import Page
from cleaner.text.blocks import surely_code
from cleaner.text.look import BLANKS
from cleaner.text.spans import Spans

if TYPE_CHECKING:
    from cleaner.knowledge.lexicon.exact import Exact

Seam = tuple[str, str]  # the end of a line and the beginning of the next


def spans(page: Page) -> Spans:
    """The stretches of the page that no pass may touch."""
    return surely_code(page.text).with_(_terms(page))


def _terms(page: Page) -> Iterator[tuple[int, int]]:
    if (terms := page.lexicon.protected) is None:
        return
    yield from ((start, start + length) for start, length in page.by_line(_on_lines))
    yield from _over_breaks(page, terms)


def _on_lines(page: Page) -> Iterator[tuple[int, int]]:
    """Where protected terms stand, and how long they are."""
    if (terms := page.lexicon.protected) is not None:
        for start, number in terms.find(page.codes):
            yield start, terms.length(number)


def _over_breaks(page: Page, terms: Exact) -> Iterator[tuple[int, int]]:
    """The pieces of the terms that a line break cuts."""
    if (reach := terms.longest - 1) == 0:
        return
    known: dict[Seam, list[tuple[int, int]]] = page.memory(_over_breaks)
    seams: list[tuple[int, int, Seam]] = []
    end = -1
    for line, following in pairwise(page.text.split("\n")):
        end += len(line) + 1
        left, right = line.rstrip(BLANKS), following.lstrip(BLANKS)
        if left and right:
            behind = end + 1 + len(following) - len(right)
            seams.append((end - len(line) + len(left), behind, (left[-reach:], right[:reach])))
    _look_up([seam for _, _, seam in seams if seam not in known], terms, known)
    for before, behind, seam in seams:
        for left_part, right_part in known[seam]:
            yield before - left_part, before
            yield behind, behind + right_part


def _look_up(seams: list[Seam], terms: Exact, known: dict[Seam, list[tuple[int, int]]]) -> None:
    """Notes for each seam which terms it cuts: how much of each stands before the break and how much behind it."""
    known.update((seam, []) for seam in seams)
    seams = list(dict.fromkeys(seams))
    owner: list[tuple[Seam, int]] = []  # for each code point the seam, and where it is cut
    for seam in seams:
        cut = len(owner) + len(seam[0])
        owner += [(seam, cut)] * (len(seam[0]) + len(seam[1]) + 1)
    for start, number in terms.find(code_points("\n".join(map("".join, seams)))):
        seam, cut = owner[start]
        end = start + terms.length(number)
        if start < cut < end:
            known[seam].append((cut - start, end - cut))
