"""Lines, and what each of them is: the one place that decides, and that artifacts, wraps and spaces ask.

A line is judged by its own look first (a folio, a caption, a heading in Markdown), then by its neighbours: how wide lines
are set around it, whether it stands alone between blank lines.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.text.distinct import distinct
from cleaner.text.look import BLANKS, FIXED, WIDEST_ITEM, Kind, Look, kind_of, look_at
from cleaner.text.spans import Spans
from cleaner.text.width import HAN


class Line(NamedTuple):
    """A line that is not blank. `start` and `end` are offsets of its text without white space around it."""

    start: int
    end: int
    text: str
    kind: Kind
    indent: float  # in ems; set-in first lines have about 2
    blank_before: bool
    width: float  # in ems
    bare: str  # without Markdown marks; in traditional text, its characters as simplified ones: for what the line says
    bare_start: int  # the offset at which the bare text begins
    look: Look
    new_page: bool = False  # a form feed stands before it
    item: bool = False  # begins as a neighbour begins: both are items of a list


_DATELINE = re.compile(r"(?:本报讯|[（(]?本报[^。]{0,12}讯|新华社[^。，]{2,14}电|据[^。，]{2,12}(?:消息|报道))")


def lines_of(text: str, seen: dict[str, Look | None] | None = None, simplified: str = "") -> list[Line]:
    """The lines of a text that are not blank, each with its kind. What lines look like is taken from `seen`, and put there.

    Words that tell what a line is (资料图片, 责任编辑) are looked for in `simplified`, which is as long, where the text is traditional.
    """
    lines: list[Line] = []
    looks: dict[str, Look | None] = {} if seen is None else seen
    blank, start = True, 0
    page = False
    code = code_spans(text)
    for raw in _BREAK.split(simplified or text):
        if raw in looks:
            look = looks[raw]
        else:
            looks[raw] = look = look_at(raw)
        page |= start > 0 and text[start - 1] == "\f"
        if look is None:
            blank = True
        else:
            at = start + look.lead
            kind = Kind.CODE if code and start in code else look.kind
            end = at + len(look.text)
            where = at, end, text[at:end], kind, look.indent, blank, look.width, look.bare
            lines.append(Line(*where, at + look.bare_lead, look, page))
            blank = page = False
        start += len(raw) + 1
    return _with_items(_by_neighbours(lines))


_FRONT_MATTER = re.compile(r"---\n(?:[\w-]{1,40}:[^\n]{0,400}\n|[ -][^\n]{0,400}\n){1,60}---(?=\n|\Z)")
"""The head of a Markdown file that programs read (YAML)."""
_FENCE = re.compile("(?<![^\n\f])[ \t\u3000\u00a0\r]*(?:```|~~~)")
_BREAK = re.compile("[\n\f]")


def code_spans(text: str) -> Spans:
    """Where a text is no prose but code: the head of a Markdown file, and whole lines from one fence to the next."""
    front = matter.end() if (matter := _FRONT_MATTER.match(text)) else 0
    fences = [match.start() for match in _FENCE.finditer(text, front)] if "```" in text or "~~~" in text else []
    ends = [found.start() if (found := _BREAK.search(text, start)) else len(text) for start in fences[1::2]]
    return Spans([(0, front), *zip_longest(fences[::2], ends, fillvalue=len(text)), *_indented_code(text)])


def surely_code(text: str) -> Spans:
    """The same without what a row of tildes or a fence that is never closed makes of a text: those may be ornaments."""
    fences = [match.start() for match in _BACK_QUOTED_FENCE.finditer(text)] if "```" in text else []
    ends = [found.start() if (found := _BREAK.search(text, start)) else len(text) for start in fences[1::2]]
    return Spans([*zip(fences[::2], ends, strict=False), *_indented_code(text)])


_BACK_QUOTED_FENCE = re.compile("(?<![^\n\f])[ \t\u3000\u00a0\r]*```")
_INDENTED_BLOCK = re.compile(r"\n[ \t\r]*\n((?:(?: {4}|\t)[^\n]*(?:\n|\Z)|[ \t\r]*\n(?= {4}|\t))+)")
_CODE_LINE = re.compile(
    r"\s*(?:#|//|/\*|\*/|\$ |>>> |(?:def|class|import|from|return|if|elif|else|for|while|try|except|with|print)\b)"
    r"|[^\n]*(?:[\w\])]\s*[-+*/]?=[^\n]|[A-Za-z_]\w*\([^\n]*\)\s*$|[{};]\s*$|</?[a-z]+[^<>]*>)",
    re.ASCII,
)
LONGEST_CODE = 400
"""Code points of a line of it."""
MOST_HAN = 0.5
"""Share of ideographs in a line of code that is no comment."""


def _indented_code(text: str) -> Iterator[tuple[int, int]]:
    """Blocks that Markdown has for code since each of their lines is set in by four spaces or a tab (CommonMark, 4.4), and that
    look like it: in scans paragraphs are set in so.
    """
    if "\n    " not in text and "\n\t" not in text and text[:1] not in (" ", "\t"):
        return
    for match in _INDENTED_BLOCK.finditer("\n\n" + text):
        block, start = match.group(1), match.start(1) - 2
        lines = [line for line in block.split("\n") if line.strip()]
        if lines and all(map(_is_code, lines)):
            yield start, start + len(block.rstrip())


def _is_code(line: str) -> bool:
    return (
        len(line) <= LONGEST_CODE
        and bool(_CODE_LINE.match(line))
        and (line.lstrip()[0] in "#/*" or len(HAN.findall(line)) <= MOST_HAN * len("".join(line.split())))
    )


class Row(NamedTuple):
    """A line of a text without white space around it, and the offset at which it begins."""

    start: int
    text: str

    @property
    def is_contents(self) -> bool:
        """Whether it reads like an entry of a table of contents."""
        return bool(self.text) and kind_of(self.text) is Kind.CONTENTS


def rows_at(text: str, breaks: NDArray[np.int64], places: NDArray[np.int64]) -> Iterator[Row]:
    """The lines that hold some of the places (offsets, ascending), code left out; `breaks` are the ends of all lines."""
    code = code_spans(text)
    held = distinct(np.searchsorted(breaks, places))
    starts = np.concatenate([[0], breaks + 1])[held].tolist()
    ends = np.concatenate([breaks, [len(text)]])[held].tolist()
    for start, end in zip(starts, ends, strict=True):
        raw = text[start:end]
        stripped = raw.lstrip(BLANKS)
        if not (code and start in code):
            yield Row(end - len(stripped), stripped.rstrip(BLANKS))


def breaks_of(codes: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The offsets at which lines end: line feeds and form feeds."""
    return np.flatnonzero((codes == ord("\n")) | (codes == ord("\f")))


def _by_neighbours(lines: list[Line]) -> list[Line]:
    """Lines whose kind shows only among their neighbours: lone characters are debris, figures in a column are a table."""
    result = list(lines)
    for at, line in enumerate(lines):
        before = lines[at - 1] if at else None
        after = lines[at + 1] if at + 1 < len(lines) else None
        alone = line.blank_before and (after is None or after.blank_before)
        if line.kind is Kind.FOLIO and any(n and n.kind is Kind.FOLIO for n in (before, after)) and not alone:
            result[at] = line._replace(kind=Kind.TABLE)
        elif line.kind is Kind.BODY and alone and _is_debris(line.bare):
            column = any(n and len(n.bare) <= 2 for n in (before, after))
            if not column:
                result[at] = line._replace(kind=Kind.DEBRIS)
    return result


_ITEM_REACH = 6


def _with_items(lines: list[Line]) -> list[Line]:
    """Lines, those marked that begin as others near them do."""
    strong = [line.look.item for line in lines]
    weak = [line.look.weak_item for line in lines]
    result = list(lines)
    for at, line in enumerate(lines):
        if not strong[at] and not weak[at]:
            continue
        near = strong[max(0, at - _ITEM_REACH) : at] + strong[at + 1 : at + 1 + _ITEM_REACH]
        reach, least = (
            (1, 1) if line.look.width <= WIDEST_ITEM else (2, 2)
        )  # what is as wide as a sentence needs more of its kind
        beside = weak[max(0, at - reach) : at] + weak[at + 1 : at + 1 + reach]
        if (strong[at] and strong[at] in near) or (weak[at] and beside.count(weak[at]) >= least):
            result[at] = line._replace(item=True)
    return result


def _is_debris(bare: str) -> bool:
    """One character or two that say nothing: `H`, `用`, not `序`-like headings of two characters."""
    if bare.strip("…—") == "":
        return False  # an omission, a dash: printed
    return len(bare) == 1 or (len(bare) == 2 and not HAN.search(bare))


def starts_block(line: Line) -> bool:
    """Whether the line shows by its own look that a new block begins with it."""
    return line.kind in (Kind.LIST, Kind.CONTENTS, Kind.BYLINE, Kind.HEADING, Kind.CAPTION) or bool(
        _DATELINE.match(line.bare)
    )


@dataclass(frozen=True, slots=True)
class Measure:
    """How wide lines are set around a line: `full` in ems, and the share of lines near that width."""

    full: float
    regular: float


def measures(lines: Sequence[Line], reach: int = 10) -> list[Measure]:
    """For each line the measure of the column that it stands in, judged by `reach` lines on either side.

    Text with a line for each printed line has one width at which most lines end, wherever the sentence is; text with a
    line for each paragraph has none. Lists and verse may have one as well: their lines end with marks, or have none.
    """
    if not lines:
        return []
    widths = np.array([round(line.width) if line.kind not in FIXED else 0 for line in lines], dtype=np.int16)
    ends = np.array([line.bare[-1:] in _END_MARKS for line in lines], dtype=bool)
    marked = np.array([line.look.has_mark for line in lines], dtype=bool)
    windows = [_windows(column, reach) for column in (widths, ends, marked)]
    found = [
        _measures_of(*(window[low : low + _AT_ONCE] for window in windows)) for low in range(0, len(lines), _AT_ONCE)
    ]
    return [Measure(full, regular) for part in found for full, regular in zip(*part, strict=True)]


_AT_ONCE = 4096
NARROWEST, WIDEST = 9, 80
"""Columns narrower than nine ems are verse, tables and lists; lines wider than eighty are paragraphs."""
MOST_ENDS = 0.6
"""Share of full lines that end with a mark above which the lines are verse or items: in wrapped prose one of seven does."""
LEAST_MARKED = 0.15
"""Share of full lines with a mark in them below which they are no prose: in wrapped prose two of three have one."""
_END_MARKS = frozenset("，。；：！？、,;:!?…")


def _windows(column: NDArray[Any], reach: int) -> NDArray[Any]:
    """For each line the values of the lines around it."""
    edge = np.zeros(reach, dtype=column.dtype)
    return np.lib.stride_tricks.sliding_window_view(np.concatenate([edge, column, edge]), 2 * reach + 1)


def _measures_of(
    widths: NDArray[np.int16], ends: NDArray[np.bool_], marked: NDArray[np.bool_]
) -> tuple[list[float], list[float]]:
    """For each row of lines, the width at which most end, and their share less that of longer lines."""
    near = (np.abs(widths[:, :, None] - widths[:, None, :]) <= 1) & (widths[:, None, :] >= 4)
    columns = (widths >= NARROWEST) & (widths <= WIDEST)
    best = np.where(columns, near.sum(axis=2) * 128 + widths, -1).argmax(axis=1)
    rows = np.arange(len(widths))
    full, at_full = widths[rows, best].astype(float), near[rows, best]
    total = np.maximum((widths >= 4).sum(axis=1), 1)
    longer = (widths > full[:, None] + 3).sum(axis=1)
    count = np.maximum(at_full.sum(axis=1), 1)
    prose = (at_full & ends).sum(axis=1) <= MOST_ENDS * count
    prose &= (at_full & marked).sum(axis=1) >= LEAST_MARKED * count
    regular = np.maximum(0.0, (at_full.sum(axis=1) - longer) / total) * prose
    known = columns.any(axis=1) & (total >= 3)
    return np.where(known, full, 0.0).tolist(), np.where(known, regular, 0.0).tolist()


def line_at(lines: Sequence[Line], offset: int) -> int:
    """The index of the line that holds a text offset, or of the next one."""
    return bisect_left(lines, offset + 1, key=lambda line: line.end)
