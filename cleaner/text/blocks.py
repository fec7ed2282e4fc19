"""Lines, and what each of them is: the one place that decides, and that artifacts, wraps and spaces ask.

A line is judged by its own look first (a folio, a caption, a heading in Markdown), then by its neighbours: how wide lines
are set around it, whether it stands alone between blank lines.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.text.spans import Spans
from cleaner.text.width import HAN, HAN_RANGES, STOPS, width


class Kind(StrEnum):
    """What a line is."""

    BODY = "body"
    HEADING = "heading"  # marked as such (Markdown)
    LIST = "list"
    CAPTION = "caption"
    BYLINE = "byline"
    JUMP = "jump line"  # 下转第3版
    CONTENTS = "contents"
    FIELDS = "fields"  # an imprint, a list of names: words apart, no sentence
    TABLE = "table"
    CODE = "code"
    FOLIO = "folio"
    ORNAMENT = "ornament"
    DEBRIS = "debris"
    EMPTY_HEADING = "empty heading"
    PAGE_BREAK = "page break"
    RULE = "rule"  # a Markdown rule: stays, and separates
    IMAGE = "image"  # a Markdown image
    QUOTE = "quote"  # a line of a Markdown block quote


# Lines that are no text of the page: what is around them may run on across.
ARTIFACTS = frozenset({Kind.FOLIO, Kind.ORNAMENT, Kind.DEBRIS, Kind.EMPTY_HEADING, Kind.PAGE_BREAK})
# Lines that stand by themselves: nothing is joined to them.
FIXED = frozenset({Kind.TABLE, Kind.CODE, Kind.RULE, Kind.IMAGE, *ARTIFACTS})
# Lines beside the running text, which a page may set in the middle of a paragraph.
FLOATS = frozenset({Kind.HEADING, Kind.CAPTION, Kind.IMAGE, Kind.PAGE_BREAK, Kind.JUMP})


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank. `start` and `end` are offsets of its text without white space around it."""

    start: int
    end: int
    text: str
    kind: Kind
    indent: float  # in ems; set-in first lines have about 2
    blank_before: bool
    width: float  # in ems
    bare: str  # without Markdown marks
    bare_start: int  # the offset at which the bare text begins
    new_page: bool = False  # a form feed stands before it
    item: bool = False  # begins as a neighbour begins: both are items of a list


_HEADING_MARK = re.compile(r"#{1,6}(?:\s+|$)")
_LIST_MARK = re.compile(
    r"[-*+•]\s|\d{1,2}[.)、．）](?!\d)|[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|[①-⑳❶-❿]"
    r"|第[一二三四五六七八九十百\d]{1,4}[章节条]\s"
)
_FOLIO = re.compile(
    r"[—\-–·•.\s]*(?:[1-9]\d{0,2}|第\s*\d{1,4}\s*[页頁版]|[Pp]\.?\s?\d{1,4}|[A-D]\d{1,2}版?|\d{1,4}\s*/\s*\d{1,4})[—\-–·•.\s]*"
)
_ORNAMENT = re.compile(r"[■□▲△▼▽◆◇●○◎★☆※♦♣♠♥▪▫◼◾⬛❖✦✧✱＊*_=~～\-—–·•.。\s▶◀►◄☰☆∮§¶†‡]+")
_RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,}|<!--.*-->)\s*")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_QUOTE_MARK = re.compile(r">\s+")
_PAGE_BREAK = re.compile(r"-{2,}\s*(?:第?\s*\d{1,4}\s*页?)\s*-{2,}|<!--\s*page\s*\d+\s*-->", re.I)
_BOLD = re.compile(r"(\*\*|__)(.*?)\1")
_CAPTION = re.compile(
    rf"(?:[（(]?\s*(?:[上下左右]?图为|[上下左右]图|图\s*[\d一二三四五六七八九十]+|图[:：]|资料图|图片(?:由|来源|说明)|题图|摄影[:：/]|制图[:：/])"
    rf"|.*(?:[{HAN_RANGES}\s]{{2,6}}\s?[摄绘]|供图|图片由[^。]*提供|摄影报道|资料图片?|[{HAN_RANGES}]+/[摄图])\s*[)）]?$)"
)
JUMP = re.compile(
    r"[（(【]?\s*(?:[下紧緊]?[转轉]|[上紧緊]?接)\s*(?:第?\s*[\dA-Z一二三四五六七八九十]{1,4}\s*[版页頁]|[封扉]\S{0,2})\s*[)）】]?"
)
"""A line that says where an article goes on, or comes from."""
_ROLE = (
    r"(?:本报|本刊|本社|本網|本网|新华社|新華社|中新社|特约|特約|见习|見習|实习|實習|首席)*"
    r"(?:记者|記者|通讯员|通訊員|评论员|評論員|撰稿人?|撰文|摄影|攝影|整理|作者|(?:文|图|圖)\s*[/／|:：])"
)
_NAMES = rf"[{HAN_RANGES}]{{2,4}}(?:[\s、·]+[{HAN_RANGES}]{{1,4}}){{0,6}}"
_BYLINE = re.compile(rf"[（(]?(?:{_ROLE}\s*[/／|:：]?\s*{_NAMES}[\s、]*){{1,3}}[)）]?|{_ROLE}|[■□●◆◎○▲]\s*{_NAMES}")
_CONTENTS = re.compile(r"(?:-\s)?\d{1,3}\s+\S.*[^。！？；，]$|\S.*(?:[.·…．]{3,}|\s{3,})\s*\d{1,4}$")
_LEADERS = re.compile(r"[.·…．]{3,}\s*\d{1,4}$")
_DATELINE = re.compile(r"(?:本报讯|[（(]?本报[^。]{0,12}讯|新华社[^。，]{2,14}电|据[^。，]{2,12}(?:消息|报道))")
_TABLE = re.compile(r"\|.*\|$|[^\t]+(?:\t[^\t]+){2,}$")


def lines_of(text: str) -> list[Line]:
    """The lines of a text that are not blank, each with its kind."""
    lines: list[Line] = []
    blank, page, start = True, False, 0
    code = code_spans(text)
    for raw in _BREAK.split(text):
        end = start + len(raw)
        page |= start > 0 and text[start - 1] == "\f"
        stripped = raw.strip(_BLANKS)
        if not stripped:
            blank = True
        else:
            kind = Kind.CODE if code and start in code else _kind_alone(stripped)
            lead = len(raw) - len(raw.lstrip(_BLANKS))
            at = start + lead
            bare = _bare(stripped)
            indent = width(raw[:lead])
            mark = max(0, stripped.find(bare[:1])) if bare else 0
            lines.append(
                Line(at, at + len(stripped), stripped, kind, indent, blank, width(bare), bare, at + mark, page)
            )
            blank = page = False
        start = end + 1
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
    return Spans([(0, front), *zip_longest(fences[::2], ends, fillvalue=len(text))])


class Row(NamedTuple):
    """A line of a text without white space around it, and the offset at which it begins."""

    start: int
    text: str

    @property
    def is_contents(self) -> bool:
        """Whether it reads like an entry of a table of contents."""
        return bool(self.text) and _kind_alone(self.text) is Kind.CONTENTS


def rows_at(text: str, breaks: NDArray[np.int64], places: NDArray[np.int64]) -> Iterator[Row]:
    """The lines that hold some of the places (offsets, ascending), code left out; `breaks` are the ends of all lines."""
    code = code_spans(text)
    held = np.unique(np.searchsorted(breaks, places))
    starts = np.concatenate([[0], breaks + 1])[held].tolist()
    ends = np.concatenate([breaks, [len(text)]])[held].tolist()
    for start, end in zip(starts, ends, strict=True):
        raw = text[start:end]
        stripped = raw.lstrip(_BLANKS)
        if not (code and start in code):
            yield Row(end - len(stripped), stripped.rstrip(_BLANKS))


def breaks_of(codes: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The offsets at which lines end: line feeds and form feeds."""
    return np.flatnonzero((codes == ord("\n")) | (codes == ord("\f")))


_BLANKS = " \t\u3000\u00a0\r"


def _bare(text: str) -> str:
    text = _QUOTE_MARK.sub("", _HEADING_MARK.sub("", text, count=1), count=1)
    return _BOLD.sub(r"\2", text) if "*" in text or "_" in text else text


def _kind_alone(text: str) -> Kind:
    """What a line is by its own look."""
    first = text[0]
    if first == "#" and (mark := _HEADING_MARK.match(text)):
        return Kind.HEADING if text[mark.end() :].strip("*# ") else Kind.EMPTY_HEADING
    if first in "-*_!<" and (_PAGE_BREAK.fullmatch(text) or _RULE.fullmatch(text)):
        return Kind.PAGE_BREAK if _PAGE_BREAK.fullmatch(text) else Kind.RULE
    if first == "!" and _IMAGE.fullmatch(text):
        return Kind.IMAGE
    if first == ">" and _QUOTE_MARK.match(text):
        return Kind.QUOTE
    if len(text) <= 16 and _FOLIO.fullmatch(text):
        return Kind.FOLIO
    if len(text) <= 12 and _ORNAMENT.fullmatch(text):
        return Kind.ORNAMENT
    if (first == "|" or "\t" in text) and _TABLE.match(text):
        return Kind.TABLE
    if len(text) <= 16 and JUMP.fullmatch(text):
        return Kind.JUMP
    if len(text) <= 120 and text[-1] not in "，、；" and _CAPTION.match(text):
        return Kind.CAPTION
    if len(text) <= 50 and _BYLINE.fullmatch(text):
        return Kind.BYLINE
    if _LIST_MARK.match(text):
        listed = first in "-*+" or _LEADERS.search(text)
        return Kind.CONTENTS if listed and _CONTENTS.match(text) else Kind.LIST
    if len(text) <= 80 and text[-1] not in STOPS and _CONTENTS.match(text):
        return Kind.CONTENTS
    return Kind.FIELDS if _is_fields(text) else Kind.BODY


def _is_fields(text: str) -> bool:
    """Whether the line is words apart with no sentence among them: names in a row, an imprint, a table's row."""
    parts = text.split()
    if len(parts) < 3 or any(mark in text for mark in "，。；！？,;!"):
        return False
    short = sum(1 for part in parts if len(part) <= 4)
    return short >= 0.75 * len(parts) or (len(parts) >= 4 and len(text) / len(parts) <= 14)


def _by_neighbours(lines: list[Line]) -> list[Line]:
    """Lines whose kind shows only among their neighbours: lone characters are debris, figures in a column are a table."""
    result = list(lines)
    for at, line in enumerate(lines):
        before = lines[at - 1] if at else None
        after = lines[at + 1] if at + 1 < len(lines) else None
        alone = line.blank_before and (after is None or after.blank_before)
        if line.kind is Kind.FOLIO and any(n and n.kind is Kind.FOLIO for n in (before, after)) and not alone:
            result[at] = replace(line, kind=Kind.TABLE)
        elif line.kind is Kind.BODY and alone and _is_debris(line.bare):
            column = any(n and len(n.bare) <= 2 for n in (before, after))
            if not column:
                result[at] = replace(line, kind=Kind.DEBRIS)
    return result


_ITEM_MARK = re.compile(
    "|".join(
        f"({pattern})"
        for pattern in (
            r"\d{1,2}[.)、．）](?!\d)",
            r"[（(]\d{1,2}[)）]",
            r"[（(][一二三四五六七八九十]{1,3}[)）]",
            r"[一二三四五六七八九十]{1,3}、",
            r"[①-⑳❶-❿]",
            r"第[〇一二三四五六七八九十百\d]{1,4}[编章节条回集讲]",
            r"[A-Ha-h][.、．)）](?![A-Za-z])",
            r"[-*+•·■□●◆▲]\s*(?=\S)",
        )
    )
)
"""How the items of a list begin. One that begins as another near by does is an item."""
_WEAK_MARK = re.compile(
    "|".join(
        f"({pattern})"
        for pattern in (
            r"\d{1,3}\s+\S",
            r"(?:1[89]|20)\d{2}\s*年?(?:\d{1,2}月)?",
            r"\d{1,2}[:：]\d{2}",
            rf"[{HAN_RANGES}]{{2,6}}[:：]",
            r"[“「《]",
        )
    )
)
"""How items begin as well, and sentences too: both must stand on lines of their own, one right after the other."""
_ITEM_REACH = 6


def _with_items(lines: list[Line]) -> list[Line]:
    """Lines, those marked that begin as others near them do."""
    strong = [_family(line.bare, _ITEM_MARK) for line in lines]
    weak = [_family(line.bare, _WEAK_MARK) if line.width <= 30 else 0 for line in lines]
    result = list(lines)
    for at, line in enumerate(lines):
        near = strong[max(0, at - _ITEM_REACH) : at] + strong[at + 1 : at + 1 + _ITEM_REACH]
        beside = weak[max(0, at - 1) : at] + weak[at + 1 : at + 2]
        if (strong[at] and strong[at] in near) or (weak[at] and weak[at] in beside):
            result[at] = replace(line, item=True)
    return result


def _family(bare: str, mark: re.Pattern[str]) -> int:
    """Which of the marks a line begins with; 0: none."""
    found = mark.match(bare)
    return found.lastindex or 0 if found else 0


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
    marked = np.array([bool(_INNER_MARK.search(line.bare)) for line in lines], dtype=bool)
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
_INNER_MARK = re.compile(r"[，。；：！？、,;:!?“”]")


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
