"""ALTO 2 to 4, the XML of the Library of Congress for OCR results.

A String is a word (CONTENT, WC its confidence, CC those of its characters, from 0, sure, to 9), an SP a space, an HYP a
hyphen at the end of a line, a Glyph a character. Blocks are read in document order, or as a ReadingOrder says; those of the
margins but the top one, which stand first in the file, after the others. Positions are in the file's MeasurementUnit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan

from cleaner.files.formats.compose import composed
from cleaner.files.formats.parts import Block, Box, Field, Leaf, Line, Word, number
from cleaner.files.formats.printed import Printed
from cleaner.files.formats.xml import Tag, attribute, tag_end, tags

NAME = "ALTO"

_MARGINS = ("LeftMargin", "RightMargin", "BottomMargin")
_HEAD_AND_FOOT = ("TopMargin", "BottomMargin")


def read(source: str) -> Printed:
    """The text of an ALTO document. Raises UnreadableDocument where it is not well-formed."""
    reader = _Reader(source)
    for tag in tags(source, "ALTO"):
        reader.take(tag)
    return composed(NAME, source, reader.pages())


@dataclass(slots=True)
class _Reader:
    """What was read so far: the pages, and the block, line and word that are open."""

    source: str
    leaves: list[Leaf] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    line: Line | None = None
    word: Word | None = None
    confidences: list[float] = field(default_factory=list)  # those of the word's characters
    glyphs: list[Field] = field(default_factory=list)
    gap: tuple[int, int] | None = None
    spaced: bool = False
    before: int = 0
    margins: list[Block] = field(default_factory=list)

    def take(self, tag: Tag) -> None:
        """One tag more."""
        if tag.attributes is None:
            self._end(tag)
        else:
            self._begin(tag, tag.attributes)

    def _begin(self, tag: Tag, found: dict[str, str]) -> None:
        if tag.name == "Page":
            self.leaves.append(Leaf())
        elif tag.name in (*_MARGINS, *_HEAD_AND_FOOT):
            self.before = len(self.blocks)
        elif tag.name == "ElementRef":
            self.order.append(found.get("REF", ""))
        elif tag.name == "TextBlock":
            self.blocks.append(Block(found.get("ID", "")))
        elif tag.name == "TextLine":
            self.line = Line(found.get("ID", ""), box=_box(found))
            self.glyphs, self.spaced, self.gap = [], False, None
        elif self.line is None:
            return
        elif tag.name in ("String", "HYP"):
            content = attribute(self.source, tag.start, "CONTENT")
            self.confidences = _characters(found, content.text)
            self.word = Word(content, _box(found), _share(found.get("WC")), self.confidences)
            self.word.spaced, self.word.gap = self.spaced, self.gap
            self.line.words.append(self.word)
            self.spaced, self.gap = False, None
        elif tag.name == "SP":
            self.spaced = True
            self.gap = (tag.start, tag_end(self.source, tag.start))
        elif tag.name == "Glyph":
            self._take_glyph(tag, found)

    def _take_glyph(self, tag: Tag, found: dict[str, str]) -> None:
        """A character of the word: its confidence, and its content, which is that of the word once more."""
        self.glyphs.append(attribute(self.source, tag.start, "CONTENT"))
        if self.word is not None:
            self.confidences.extend([_share(found.get("GC"))] * len(self.glyphs[-1].text))

    def _end(self, tag: Tag) -> None:
        if tag.name == "SP" and self.gap and self.source.startswith("</", tag.start):  # `<SP></SP>`
            self.gap = (self.gap[0], tag_end(self.source, tag.start))
        elif tag.name == "TextLine" and self.line is not None:
            if self.glyphs:
                self.line.copies.append(self.glyphs)
            if not self.blocks:
                self.blocks.append(Block(""))
            self.blocks[-1].lines.append(self.line)
            self.line = self.word = None
        elif tag.name in (*_MARGINS, *_HEAD_AND_FOOT):
            for block in self.blocks[self.before :]:
                block.margin = tag.name in _HEAD_AND_FOOT
            if tag.name == "TopMargin":
                return
            self.margins += self.blocks[self.before :]
            del self.blocks[self.before :]
        elif tag.name == "Page" and self.leaves:
            self.leaves[-1].blocks = [*self.blocks, *self.margins]
            self.blocks, self.margins = [], []

    def pages(self) -> list[Leaf]:
        """The pages, their blocks in reading order: those that it names where the first of them stands."""
        if self.order:
            place = {name: at for at, name in reversed(list(enumerate(self.order)))}
            for leaf in self.leaves:
                named = [block for block in leaf.blocks if block.id in place]
                named.sort(key=lambda block: place[block.id])
                following = iter(named)
                leaf.blocks = [next(following) if block.id in place else block for block in leaf.blocks]
        return self.leaves


def _box(found: dict[str, str]) -> Box | None:
    left, top, wide, high = (number(found.get(name)) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    if left is None or top is None or wide is None or high is None:
        return None
    return left, top, left + wide, top + high


def _share(value: str | None) -> float:
    found = number(value)
    return nan if found is None else found


_LEAST_SURE = 9
"""CC counts from 0, sure, to 9 (ALTO 2.0, StringType)."""


def _characters(found: dict[str, str], text: str) -> list[float]:
    """The confidence of each character, where there is one digit for each."""
    digits = found.get("CC", "").split() or [""]
    digits = list(digits[0]) if len(digits) == 1 else digits
    if len(digits) != len(text) or not all(digit.isdigit() for digit in digits):
        return []
    return [1 - min(int(digit), _LEAST_SURE) / _LEAST_SURE for digit in digits]
