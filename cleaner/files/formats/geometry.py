"""What the boxes of a page tell of its text: which lines are set in, what stands apart, in which order boxes are read.

Boxes need not be exact: engines cut them a little too wide or too narrow, pages are skewed. So lines are compared with
their neighbours, in ems of the line, and only what several of them agree on counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from cleaner.files.formats.parts import Box, Line, Word, around
from cleaner.text.width import CHINESE, CHINESE_MARKS, width

SET_IN = (1.2, 3.4)
"""Ems by which the first line of a paragraph is set in: two, give or take what boxes are off by; more is centred."""
NEAR = 6
"""Lines on either side that a line is compared with."""
SAME_EDGE = 0.7
"""Ems by which the left edges of one column differ: skew, and marks whose ink begins late in their square."""
ANOTHER_COLUMN = 8.0
"""Ems from which a left edge is that of another column, or of a figure."""
APART = 1.45
"""Times the usual distance of lines from which something stands apart."""
ANOTHER_SIZE = 1.28
"""Times the size of the neighbour from which a line is set in another size: headings are at least as much larger."""
CLEARLY_ANOTHER_SIZE = 1.6
"""The same where one of them is too short to be measured well."""
LEAST_MEASURED, SURELY_MEASURED = 3.0, 5.0
"""Ems of the shortest line that is measured by its own width, and that is so well; shorter ones by their height."""

HAN_GAP, MARK_GAP, MIXED_GAP = 0.8, 1.6, 0.5
"""Ems between words from which a space was printed: between ideographs, beside a mark, between ideograph and letter."""


class Shape(NamedTuple):
    """How a line stands among its neighbours: its em in the unit of the boxes (0: not known), whether it is set in,
    whether it stands apart from the line before, and whether in the head or foot of the page.
    """

    em: float = 0.0
    indented: bool = False
    apart: bool = False
    margin: bool = False


def shapes_of(lines: Sequence[Line], paragraphs: bool) -> list[Shape]:
    """The shape of each line of a page. Where a line is a `paragraph`, boxes say nothing of lines."""
    if paragraphs:
        return [Shape() for _ in lines]
    boxes = [line.box for line in lines]
    texts = ["".join(word.field.text for word in line.words) for line in lines]
    ems, sure = _ems(boxes, texts)
    pitch = _pitch(boxes, ems)
    shapes = [Shape(ems[0], _is_indented(boxes, ems, 0))] if lines else []
    for at in range(1, len(lines)):
        resized = _is_resized(ems[at - 1], ems[at], sure[at - 1] and sure[at])
        step = _step(boxes[at - 1], boxes[at], ems[at])
        far = step is not None and pitch > 0 and step > APART * pitch
        shapes.append(Shape(ems[at], _is_indented(boxes, ems, at), far or resized))
    outside = _outside(boxes, ems)
    return [shape._replace(margin=at in outside) for at, shape in enumerate(shapes)]


def _outside(boxes: Sequence[Box | None], ems: Sequence[float]) -> set[int]:
    """The lines in the head and foot of a page: a row at its very top or bottom, parted from all else, and not set larger."""
    known = {at: box for at, box in enumerate(boxes) if box is not None}
    if len(known) < len(boxes) or len(boxes) < LEAST_OF_A_PAGE:
        return set()
    usual = median(ems)
    parts = _without_margins(list(known.values()), list(known), usual)
    ends = [part for part in (parts[0], parts[-1]) if len(part) <= MOST_IN_MARGIN]
    return {at for part in ends for at in part if ems[at] < LARGER * usual}


LEAST_OF_A_PAGE = 8
"""Lines of the shortest page whose head and foot can be told from its text."""
LARGER = 1.15
"""Times the usual size from which a line at the top is a headline."""


def _ems(boxes: Sequence[Box | None], texts: Sequence[str]) -> tuple[list[float], list[bool]]:
    """The em of each line: by its width where it is long enough (then it is sure), otherwise by its height as others have it."""
    own = [
        (box[2] - box[0]) / wide if box and (wide := width(text)) >= LEAST_MEASURED else 0.0
        for box, text in zip(boxes, texts, strict=True)
    ]
    heights = [em / (box[3] - box[1]) for em, box in zip(own, boxes, strict=True) if em and box and box[3] > box[1]]
    usual = median(heights) if heights else 1.0
    ems = [em or (usual * (box[3] - box[1]) if box else 0.0) for em, box in zip(own, boxes, strict=True)]
    return ems, [width(text) >= SURELY_MEASURED for text in texts]


def _is_indented(boxes: Sequence[Box | None], ems: Sequence[float], at: int) -> bool:
    """Whether a line is set in from the edge that lines around it share."""
    box, em = boxes[at], ems[at]
    if box is None or em <= 0:
        return False
    window = range(max(0, at - NEAR), min(len(boxes), at + NEAR + 1))
    near = [boxes[k] for k in window if k != at and not _is_resized(em, ems[k], sure=True)]
    lefts = sorted(b[0] for b in near if b and box[0] - ANOTHER_COLUMN * em < b[0] < box[0] + em)
    edge = next((a for a, b in pairwise(lefts) if b - a < SAME_EDGE * em), None)
    return edge is not None and SET_IN[0] <= (box[0] - edge) / em <= SET_IN[1]


def _pitch(boxes: Sequence[Box | None], ems: Sequence[float]) -> float:
    """The usual distance of lines that follow one another in a column, in ems; 0 where there are none."""
    steps = [step for at in range(1, len(boxes)) if (step := _step(boxes[at - 1], boxes[at], ems[at])) is not None]
    return median(steps) if steps else 0.0


def _step(above: Box | None, box: Box | None, em: float) -> float | None:
    """How much lower a line stands than the one before, in ems; None where it does not stand below it."""
    if above is None or box is None or em <= 0:
        return None
    step = (box[1] + box[3] - above[1] - above[3]) / 2 / em
    beside = min(box[2], above[2]) <= max(box[0], above[0])
    return None if step <= 0 or beside else step


def _is_resized(one: float, other: float, sure: bool) -> bool:
    """Whether two lines are set in different sizes."""
    return min(one, other) > 0 and max(one, other) > (ANOTHER_SIZE if sure else CLEARLY_ANOTHER_SIZE) * min(one, other)


def is_spaced(before: Word, after: Word, em: float) -> bool:
    """Whether a space is printed between two words of a line: always between Latin ones, else where the gap is wide."""
    last, first = before.field.text[-1], after.field.text[0]
    if last.isspace() or first.isspace():
        return False
    chinese = bool(CHINESE.match(last)), bool(CHINESE.match(first))
    if not any(chinese):
        return True
    if before.box is None or after.box is None or em <= 0:
        return True
    gap = (after.box[0] - before.box[2]) / em
    if last in CHINESE_MARKS or first in CHINESE_MARKS:
        return gap >= MARK_GAP
    return gap >= (HAN_GAP if all(chinese) else MIXED_GAP)


def reading_order(boxes: Sequence[Box]) -> list[list[int]]:
    """Boxes of lines, in groups that are read one after the other: a page is cut where white runs across it, columns
    where white runs down between at least three lines on either side.
    """
    everything = list(range(len(boxes)))
    heights = sorted(box[3] - box[1] for box in boxes)
    em = heights[len(heights) // 2] if heights else 0.0
    groups: list[list[int]] = []
    waiting = _without_margins(boxes, everything, em)[::-1]
    while waiting:
        group = waiting.pop()
        parts = _columns(boxes, group, em) or _bands(boxes, group, em)
        if parts:
            waiting.extend(reversed(parts))
        else:
            groups.append(_rows(boxes, group))
    return groups


MOST_IN_MARGIN = 3
"""Boxes of a running head or foot."""
MARGIN = 1.2
"""Ems of white that part it from the text."""


def _without_margins(boxes: Sequence[Box], group: list[int], em: float) -> list[list[int]]:
    """The group with its running head and foot apart from it: a head on the right is not the beginning of that column."""
    rows = _parted(group, lambda at: (boxes[at][1], boxes[at][3]), MARGIN * em)
    first = 1 if len(rows) > 1 and len(rows[0]) <= MOST_IN_MARGIN else 0
    last = len(rows) - 1 if len(rows) > first + 1 and len(rows[-1]) <= MOST_IN_MARGIN else len(rows)
    parts = [rows[:first], rows[first:last], rows[last:]]
    return [[at for row in part for at in row] for part in parts if part]


LEAST_COLUMN = 3
EDGE, GUTTER = 0.4, 0.6
"""Ems by which boxes may be too wide on either side, or skewed, and of white between columns without that, at least."""


def _columns(boxes: Sequence[Box], group: Sequence[int], em: float) -> list[list[int]]:
    """The group parted where white runs down all of it, from left to right; nothing where none does."""
    inset = EDGE * em
    parts = _parted(group, lambda at: (boxes[at][0] + inset, boxes[at][2] - inset), GUTTER * em)
    return parts if len(parts) > 1 and all(len(part) >= LEAST_COLUMN for part in parts) else []


def _bands(boxes: Sequence[Box], group: Sequence[int], em: float) -> list[list[int]]:
    """The group parted into what stands above the columns, the columns, and what stands below them: where white runs
    across it such that the largest part can be cut in columns.
    """
    parts = _parted(group, lambda at: _shrunk(boxes[at]), 0.0)
    best: tuple[int, int, int] | None = None
    for low in range(min(len(parts), MOST_AROUND)):
        for high in range(len(parts), max(low, len(parts) - MOST_AROUND), -1):
            inside = [at for part in parts[low:high] for at in part]
            if (low, high) != (0, len(parts)) and _columns(boxes, inside, em):
                best = max(best or (0, 0, 0), (len(inside), low, high))
    if best is None:
        return []
    _, low, high = best
    bands = [[at for part in stretch for at in part] for stretch in (parts[:low], parts[low:high], parts[high:])]
    return [band for band in bands if band]


MOST_AROUND = 12
"""Rows above and below columns that are tried: running head, headline, byline, folio."""


def _shrunk(box: Box) -> tuple[float, float]:
    """The vertical extent of a box without its edges, which overlap with those of the lines above and below."""
    inset = (box[3] - box[1]) / 4
    return box[1] + inset, box[3] - inset


def _parted(group: Sequence[int], extent: Callable[[int], tuple[float, float]], least: float) -> list[list[int]]:
    """The group parted where no extent of a member reaches over at least `least`."""
    parts: list[list[int]] = []
    reach = 0.0
    for at in sorted(group, key=extent):
        low, high = extent(at)
        if parts and low - reach < least:
            parts[-1].append(at)
            reach = max(reach, high)
        else:
            parts.append([at])
            reach = high if len(parts) == 1 else max(reach, high)
    return parts


def _rows(boxes: Sequence[Box], group: Sequence[int]) -> list[int]:
    """Boxes from top to bottom, those on one line from left to right."""
    rows: list[list[int]] = []
    for at in sorted(group, key=lambda at: boxes[at][1] + boxes[at][3]):
        if rows and (boxes[at][1] + boxes[at][3]) / 2 < around([boxes[k] for k in rows[-1][:1]])[3] - 0.3 * (  # type: ignore[index]
            boxes[at][3] - boxes[at][1]
        ):
            rows[-1].append(at)
        else:
            rows.append([at])
    return [at for row in rows for at in sorted(row, key=lambda at: boxes[at][0])]
