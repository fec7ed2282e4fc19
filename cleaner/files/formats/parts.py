"""What readers of formats make of a document: pages of blocks of lines of words, each with its places in the source."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import nan
from typing import NamedTuple

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Place = tuple[int, int]
"""Where in the source something begins and ends."""


class Field(NamedTuple):
    """Text that stands in the source: for each code point where it begins and ends there."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def part(self, start: int, end: int) -> Field:
        """The code points from `start` to `end`."""
        return Field(self.text[start:end], self.starts[start:end], self.ends[start:end])


@dataclass(slots=True)
class Word:
    """A word of a line, or a whole line where the format does not part it.

    `confidence` is that of all code points but those in `confidences`. `spaced` says that the format has a space before
    it, `gap` where in the source the markup stands that means it. `twice` are spaces of the text (offsets in the word) that the
    source has once more, elsewhere.
    """

    field: Field
    box: Box | None = None
    confidence: float = nan
    confidences: Sequence[float] = ()
    spaced: bool = True
    gap: Place | None = None
    twice: Sequence[tuple[int, Sequence[Place]]] = ()


@dataclass(slots=True)
class Line:
    """A printed line. `copies` are fields that hold its text once more, each of them cut in words or characters; `prefix` and
    `suffix` stand around it in the text only. `breaks` are the line ends before it where the source has markup for them,
    each with all the places that stand for it.
    """

    id: str
    words: list[Word] = field(default_factory=list)
    box: Box | None = None
    copies: list[list[Field]] = field(default_factory=list)
    prefix: str = ""
    suffix: str = ""
    breaks: Sequence[Sequence[Place]] = ()


@dataclass(slots=True)
class Block:
    """Lines that belong together: a paragraph, a column, a heading; with fields that hold the text of all once more.

    `margin` says that the format has it for a running head or foot, or a page number.
    """

    id: str
    lines: list[Line] = field(default_factory=list)
    copies: list[list[Field]] = field(default_factory=list)
    margin: bool = False


@dataclass(slots=True)
class Leaf:
    """A page, its blocks in reading order. `paragraphs`: a line is a paragraph, not a printed line; `is_page`: false where the
    format knows no pages.
    """

    blocks: list[Block] = field(default_factory=list)
    paragraphs: bool = False
    is_page: bool = True


def plain(source: str, start: int, end: int) -> Field:
    """A stretch of source that means what it says."""
    return Field(source[start:end], range(start, end), range(start + 1, end + 1))


_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});")
_XML = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'"}


def referenced(field: Field, *, is_html: bool = False) -> Field:
    """Text of markup with its character references resolved; those that mean nothing stay as they stand."""
    if "&" not in field.text:
        return field
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in _REFERENCE.finditer(field.text):
        name = match.group()
        char = html.unescape(name) if is_html or name.startswith("&#") else _XML.get(name, "")
        if len(char) != 1:
            continue
        low, high = match.span()
        text += (field.text[at:low], char)
        starts += (*field.starts[at:low], field.starts[low])
        ends += (*field.ends[at:low], field.ends[high - 1])
        at = high
    return Field("".join([*text, field.text[at:]]), [*starts, *field.starts[at:]], [*ends, *field.ends[at:]])


def cut(text: Field) -> list[Field]:
    """A text at its line ends, without what is blank."""
    ends = [-1, *(at for at, char in enumerate(text.text) if char == "\n"), len(text.text)]
    parts = [text.part(start + 1, end) for start, end in pairwise(ends)]
    return [part for part in parts if part.text.strip()]


def joined(fields: Sequence[Field]) -> Field:
    """Fields one after the other as one."""
    if len(fields) == 1:
        return fields[0]
    return Field(
        "".join(f.text for f in fields),
        [place for f in fields for place in f.starts],
        [place for f in fields for place in f.ends],
    )


def around(boxes: Sequence[Box | None]) -> Box | None:
    """The box around those that are known."""
    known = [box for box in boxes if box is not None]
    if not known:
        return None
    lefts, tops, rights, bottoms = zip(*known, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def number(value: str | None) -> float | None:
    """A number of a format; None where it is none, or none that a page can have."""
    try:
        found = float(value) if value is not None else nan
    except ValueError:
        return None
    return found if abs(found) < LARGEST else None


LARGEST = 1e9
"""Of positions on a page, in whichever unit."""
