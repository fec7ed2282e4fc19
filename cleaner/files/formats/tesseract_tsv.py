"""The table that `tesseract … tsv` writes: a row for each page, block, paragraph, line and word, words with confidence."""

from __future__ import annotations

from math import nan

from cleaner.files.formats.compose import composed
from cleaner.files.formats.parts import Block, Box, Leaf, Line, Word, number, plain
from cleaner.files.formats.printed import Printed

NAME = "Tesseract TSV"
HEADER = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"

_TEXT = HEADER.count("\t")
LINE, WORD = "4", "5"
"""Values of `level`."""


def read(source: str) -> Printed:
    """The text of a table. Lines have page, block, paragraph and line number for an id, joined by `_`."""
    leaves: list[Leaf] = []
    page: tuple[str, ...] = ()
    paragraph: tuple[str, ...] = ()
    line_number: tuple[str, ...] = ()
    line: Line | None = None
    boxes: dict[tuple[str, ...], Box | None] = {}
    start = 0
    for raw in source.split("\n"):
        cells = raw.removesuffix("\r").split("\t", _TEXT)
        here, start = start, start + len(raw) + 1
        if cells[0] == LINE:
            boxes[tuple(cells[1:5])] = _box(cells)
        if len(cells) <= _TEXT or cells[0] != WORD or not cells[_TEXT].strip():
            continue
        if not leaves or page != tuple(cells[1:2]):
            leaves.append(Leaf())
            page, paragraph = tuple(cells[1:2]), ()
        if paragraph != tuple(cells[1:4]):
            paragraph, line_number = tuple(cells[1:4]), ()
            leaves[-1].blocks.append(Block("_".join(paragraph)))
        if line is None or line_number != tuple(cells[1:5]):
            line_number = tuple(cells[1:5])
            line = Line("_".join(line_number), box=boxes.get(line_number))
            leaves[-1].blocks[-1].lines.append(line)
        at = here + sum(len(cell) + 1 for cell in cells[:_TEXT])
        confidence = number(cells[_TEXT - 1])
        share = nan if confidence is None or confidence < 0 else confidence / 100
        line.words.append(Word(plain(source, at, at + len(cells[_TEXT])), _box(cells), share))
    return composed(NAME, source, leaves)


def _box(cells: list[str]) -> Box | None:
    if len(cells) <= _TEXT:
        return None
    left, top, wide, high = map(number, cells[6:10])
    if left is None or top is None or wide is None or high is None:
        return None
    return left, top, left + wide, top + high
