"""Pages of blocks of lines as one text, with what is known of each code point.

The geometry of a page goes into the text as a person would type it: a blank line between blocks, and where lines stand
farther apart or change their size; two ideographic spaces where a line is set in as paragraphs are; no space between
words that print none. Pages are parted by a form feed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import nan

import numpy as np

from cleaner.files.formats.geometry import Shape, is_spaced, shapes_of
from cleaner.files.formats.parts import Box, Field, Leaf, Line, Place, Word
from cleaner.files.formats.printed import Mirror, Printed

INDENT = "\u3000\u3000"
BETWEEN_PAGES = "\n\f"
BETWEEN_PARAGRAPHS = "\n\n\f"
"""The same where a page ends with a paragraph, not with a line that may be continued."""

_LINE_ENDS = str.maketrans(dict.fromkeys("\n\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029", " "))


def composed(name: str, source: str, leaves: Sequence[Leaf]) -> Printed:
    """The text of the pages of a document of the format `name`."""
    columns = _Columns()
    for number, leaf in enumerate(leaves, 1):
        if number > 1:
            columns.put_space(BETWEEN_PARAGRAPHS if leaf.paragraphs else BETWEEN_PAGES)
        columns.page = number if leaf.is_page else 0
        _put_leaf(columns, leaf)
    if columns.length:
        columns.put_space("\n")
    return columns.printed(name, source)


def _put_leaf(columns: _Columns, leaf: Leaf) -> None:
    lines = [line for block in leaf.blocks for line in block.lines]
    shapes = dict(zip(map(id, lines), shapes_of(lines, leaf.paragraphs), strict=True))
    first = True
    for block in leaf.blocks:
        begin = columns.length
        opening = True
        for line in block.lines:
            if not any(word.field.text for word in line.words):
                continue
            shape = shapes[id(line)]
            if line.breaks and not opening:
                columns.put_breaks(line.breaks)
            elif not first:
                columns.put_space("\n\n" if opening or shape.apart else "\n")
            first = opening = False
            columns.margin = block.margin or shape.margin
            _put_line(columns, line, shape)
            columns.margin = False
        for copy in block.copies:
            columns.mirror(copy, begin)


def _put_line(columns: _Columns, line: Line, shape: Shape) -> None:
    begin = columns.length
    columns.begin_line(line)
    if shape.indented:
        columns.put_space(INDENT)
    if line.prefix:
        columns.put_space(line.prefix)
    before: Word | None = None
    for word in line.words:
        if not word.field.text:
            continue
        if before is not None and word.spaced and is_spaced(before, word, shape.em):
            columns.put_gap(word.gap)
        columns.put_word(word, line.box)
        before = word
    if line.suffix:
        columns.put_space(line.suffix)
    columns.end_line()
    for copy in line.copies:
        columns.mirror(copy, begin)


@dataclass(slots=True)
class _Columns:
    """The columns of a `Printed` in the making."""

    text: list[str] = field(default_factory=list)
    length: int = 0
    page: int = 1
    line: int = -1
    margin: bool = False
    line_ids: list[str] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    runs: list[tuple[int, int, int, int, bool]] = field(default_factory=list)  # code points, page, line, word, margin
    confidences: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    is_text: list[bool] = field(default_factory=list)
    mirrors: list[Mirror] = field(default_factory=list)
    again: list[list[tuple[int, Place]]] = field(default_factory=list)  # second places of code points, third ones, …

    def begin_line(self, line: Line) -> None:
        """What follows stands on this line."""
        self.line = len(self.line_ids)
        self.line_ids.append(line.id)

    def end_line(self) -> None:
        """What follows stands on no line."""
        self.line = -1

    def put_space(self, text: str) -> None:
        """White space, or a mark, that stands nowhere in the source."""
        nowhere = [-1] * len(text)
        self._put(text, nowhere, nowhere, [False] * len(text), [nan] * len(text), -1)

    def put_gap(self, gap: Place | None) -> None:
        """A space between words, and the markup that stands for it."""
        start, end = gap or (-1, -1)
        self._put(" ", [start], [end], [False], [nan], -1)

    def put_breaks(self, breaks: Sequence[Sequence[Place]]) -> None:
        """Line ends, and the markup and white space that stand for each."""
        for (start, end), *others in breaks:
            self._note_again(self.length, others)
            self._put("\n", [start], [end], [False], [nan], -1)

    def put_word(self, word: Word, line_box: Box | None) -> None:
        """A word, in its box or that of its line."""
        box = word.box or line_box
        index = -1
        if box is not None:
            index = len(self.boxes)
            self.boxes.append(box)
        text = word.field.text
        own = list(word.confidences) if len(word.confidences) == len(text) else [word.confidence] * len(text)
        text = text if text == "\t" else text.translate(_LINE_ENDS)
        for offset, places in word.twice:
            self._note_again(self.length + offset, places)
        self._put(text, word.field.starts, word.field.ends, [start >= 0 for start in word.field.starts], own, index)

    def _put(
        self,
        text: str,
        starts: Sequence[int],
        ends: Sequence[int],
        is_text: Sequence[bool],
        confidences: Sequence[float],
        word: int,
    ) -> None:
        count = len(text)
        self.text.append(text)
        self.length += count
        self.runs.append((count, self.page, self.line, word, self.margin))
        self.starts.extend(starts)
        self.ends.extend(ends)
        self.is_text.extend(is_text)
        self.confidences.extend(confidences)

    def mirror(self, fields: Sequence[Field], begin: int) -> None:
        """Notes that the fields hold the text from `begin` on once more, if white space aside they do."""
        own = _visible(self._since(begin))
        copy = [(char, start, end) for f in fields for char, start, end in zip(f.text, f.starts, f.ends, strict=True)]
        copy = [entry for entry in copy if not entry[0].isspace()]
        if [char for _, char in own] != [char for char, _, _ in copy] or not copy:
            return
        self.mirrors.append(
            Mirror(
                np.array([begin + at for at, _ in own], np.int64),
                np.array([start for _, start, _ in copy], np.int64),
                np.array([end for _, _, end in copy], np.int64),
            )
        )

    def _note_again(self, at: int, places: Sequence[Place]) -> None:
        """Notes all other places of a code point that comes behind those noted before."""
        for rank, place in enumerate(places):
            if rank == len(self.again):
                self.again.append([])
            self.again[rank].append((at, place))

    def _since(self, begin: int) -> str:
        """The text from `begin` on."""
        parts: list[str] = []
        missing = self.length - begin
        for part in reversed(self.text):
            if missing <= 0:
                break
            parts.append(part)
            missing -= len(part)
        text = "".join(reversed(parts))
        return text[len(text) - (self.length - begin) :]

    def printed(self, name: str, source: str) -> Printed:
        """The columns as they stand."""
        runs = np.array(self.runs, np.int64).reshape(-1, 5)
        margins = np.repeat(runs[:, 4], runs[:, 0]).astype(np.bool_)
        pages, lines, words = (np.repeat(runs[:, k], runs[:, 0]).astype(np.int32) for k in (1, 2, 3))
        return Printed(
            name,
            source,
            "".join(self.text),
            pages,
            lines,
            words,
            np.array(self.confidences, np.float32),
            np.array(self.starts, np.int64),
            np.array(self.ends, np.int64),
            np.array(self.is_text, np.bool_),
            margins,
            tuple(self.line_ids),
            np.array(self.boxes, np.float32).reshape(-1, 4),
            (*self.mirrors, *map(_as_mirror, self.again)),
        )


def _as_mirror(noted: Sequence[tuple[int, Place]]) -> Mirror:
    rows = np.array([(at, start, end) for at, (start, end) in noted], np.int64)
    return Mirror(rows[:, 0], rows[:, 1], rows[:, 2])


def _visible(text: str) -> list[tuple[int, str]]:
    return [(at, char) for at, char in enumerate(text) if not char.isspace()]
