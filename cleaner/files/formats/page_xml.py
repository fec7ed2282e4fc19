"""PAGE-XML, the format of PRImA, Transkribus, eScriptorium and OCR-D (2009 to 2019).

The text of a line is its TextEquiv of the lowest index, or else that of its words. Words, glyphs and regions hold the same
text once more; where they do, they are changed with it. Regions are read in ReadingOrder, then those that it leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, nan

from cleaner.files.formats.compose import composed
from cleaner.files.formats.parts import Block, Box, Field, Leaf, Line, Word, around, cut, joined, number
from cleaner.files.formats.printed import Printed
from cleaner.files.formats.xml import Tag, content, tags

NAME = "PAGE-XML"

_MARGINS = ("header", "footer", "page-number")
_HOLDERS = ("TextRegion", "TextLine", "Word", "Glyph")


def read(source: str) -> Printed:
    """The text of a PAGE document. Raises UnreadableDocument where it is not well-formed."""
    reader = _Reader(source)
    for tag in tags(source, "PAGE-XML"):
        reader.take(tag)
    return composed(NAME, source, reader.pages)


@dataclass(slots=True)
class _Element:
    """A region, line, word or glyph, with its text and what lies in it."""

    name: str
    id: str
    box: Box | None = None
    index: float = inf
    text: Field | None = None
    confidence: float = nan
    inside: list[_Element] = field(default_factory=list)
    type: str = ""


@dataclass(slots=True)
class _Reader:
    """What was read so far, and the elements that are open."""

    source: str
    pages: list[Leaf] = field(default_factory=list)
    open: list[_Element] = field(default_factory=list)
    regions: list[_Element] = field(default_factory=list)
    order: list[tuple[float, str]] = field(default_factory=list)
    groups: list[list[tuple[float, int, object]]] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    equivalent: tuple[float, float] = (inf, nan)
    unicode: int = -1

    def take(self, tag: Tag) -> None:
        """One tag more."""
        if tag.attributes is None:
            self._end(tag)
        else:
            self._begin(tag, tag.attributes)

    def _begin(self, tag: Tag, found: dict[str, str]) -> None:
        if tag.name in _HOLDERS:
            element = _Element(tag.name, found.get("id", ""), type=found.get("type", ""))
            (self.open[-1].inside if self.open and tag.name != "TextRegion" else self.regions).append(element)
            self.open.append(element)
        elif tag.name == "Coords":
            self.points = found.get("points", "").split()
        elif tag.name == "Point":
            self.points.append(f"{found.get('x', '')},{found.get('y', '')}")
        elif tag.name == "TextEquiv":
            index, confidence = number(found.get("index")), number(found.get("conf"))
            self.equivalent = (0.0 if index is None else index, nan if confidence is None else confidence)
        elif tag.name == "Unicode":
            self.unicode = tag.start
        elif tag.name in _GROUPS:
            self.groups.append([])
            self._refer(found, len(self.groups) - 1, self.groups[-1])
        elif tag.name in ("RegionRef", "RegionRefIndexed"):
            self._refer(found, len(self.groups), found.get("regionRef", ""))

    def _refer(self, found: dict[str, str], depth: int, what: object) -> None:
        """Notes a member of a group of the reading order: a region's id or a group, which have an index or follow on."""
        if depth > 0:
            group = self.groups[depth - 1]
            index = number(found.get("index"))
            group.append((float(len(group)) if index is None else index, len(group), what))

    def _end(self, tag: Tag) -> None:
        if tag.name in _HOLDERS and self.open:
            self.open.pop()
        elif tag.name == "Coords" and self.open:
            self.open[-1].box = _box(self.points)
        elif tag.name == "Unicode" and self.open and self.unicode >= 0:
            element, (index, confidence) = self.open[-1], self.equivalent
            if index < element.index:
                element.index, element.confidence = index, confidence
                element.text = content(self.source, self.unicode, tag.start)
            self.unicode = -1
        elif tag.name in _GROUPS and len(self.groups) > 1:
            self.groups.pop()
        elif tag.name == "Page":
            self.pages.append(Leaf([_block(region) for region in self._in_order()]))
            self.regions = []

    def _in_order(self) -> list[_Element]:
        """The regions in reading order; those that it names twice, or that share an id, once each."""
        waiting = list(self.regions)
        found: list[_Element] = []
        by_id: dict[str, list[_Element]] = {}
        for region in reversed(waiting):
            by_id.setdefault(region.id, []).append(region)
        for name in _named(self.groups[0] if self.groups else []):
            if by_id.get(name):
                found.append(by_id[name].pop())
        taken = set(map(id, found))
        self.groups = []
        return found + [region for region in waiting if id(region) not in taken]


_GROUPS = ("OrderedGroup", "UnorderedGroup", "OrderedGroupIndexed", "UnorderedGroupIndexed")


def _named(group: list[tuple[float, int, object]]) -> list[str]:
    """The ids of a group of the reading order, with those of the groups in it."""
    names: list[str] = []
    waiting: list[object] = [group]
    while waiting:
        what = waiting.pop()
        if isinstance(what, list):
            waiting.extend(member for _, _, member in sorted(what, key=lambda entry: entry[:2], reverse=True))
        else:
            names.append(str(what))
    return names


def _block(region: _Element) -> Block:
    """A region as a block; where it has no lines, those of its own text."""
    block = Block(region.id, margin=region.type in _MARGINS)
    for element in region.inside:
        if element.name == "TextLine":
            block.lines.append(_line(element))
    if not any(line.words for line in block.lines) and region.text is not None and region.text.text.strip():
        block.lines = [Line(region.id, [Word(part, confidence=region.confidence)]) for part in cut(region.text)]
    elif region.text is not None:
        block.copies.append([region.text])
    return block


def _line(element: _Element) -> Line:
    """A line with its words, where they hold the text of the line; or as one word."""
    line = Line(element.id, box=element.box)
    words = [inner for inner in element.inside if inner.name == "Word"]
    glyphs = [glyph for word in words for glyph in word.inside if glyph.name == "Glyph"]
    texts = [word.text or joined([g.text for g in word.inside if g.text] or [Field("", (), ())]) for word in words]
    if element.text is None:
        line.words = [
            Word(text, word.box, word.confidence, _characters(word, text))
            for word, text in zip(words, texts, strict=True)
        ]
    else:
        line.words = _split(element, words, texts)
        if words:
            line.copies.append(texts)
    if glyphs and all(word.text is not None for word in words):
        line.copies.append([glyph.text for glyph in glyphs if glyph.text])
    if line.box is None:
        line.box = around([word.box for word in words])
    return line


def _characters(word: _Element, text: Field) -> list[float]:
    """The confidence of each character, where the glyphs say it."""
    own = [(len(glyph.text.text), glyph.confidence) for glyph in word.inside if glyph.text]
    return [value for count, value in own for _ in range(count)] if sum(n for n, _ in own) == len(text.text) else []


def _split(element: _Element, words: list[_Element], texts: list[Field]) -> list[Word]:
    """The text of a line cut where its words are, so that each has its box and confidence; whole where they differ."""
    assert element.text is not None
    whole = element.text
    parts: list[Word] = []
    at = 0
    for word, text in zip(words, texts, strict=True):
        start = whole.text.find(text.text, at)
        if start < 0 or whole.text[at:start].strip() or not text.text:
            return [Word(whole, element.box, element.confidence)]
        confidence = element.confidence if word.confidence != word.confidence else word.confidence
        if start > at:
            parts.append(Word(whole.part(at, start), spaced=False))
        end = start + len(text.text)
        parts.append(Word(whole.part(start, end), word.box, confidence, _characters(word, text), spaced=False))
        at = end
    if at < len(whole.text):
        parts.append(Word(whole.part(at, len(whole.text)), element.box, element.confidence, spaced=False))
    return parts


def _box(points: list[str]) -> Box | None:
    """The box around a polygon given as `x,y` pairs."""
    pairs = [tuple(map(number, point.split(","))) for point in points]
    known = [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]
    xs, ys = [x for x, _ in known if x is not None], [y for _, y in known if y is not None]
    return (min(xs), min(ys), max(xs), max(ys)) if xs and ys else None
