"""hOCR: HTML whose classes say page, area, paragraph, line and word, and whose titles say box and confidence.

It is read as HTML, since not all of it is XHTML: with the standard library's parser, which tells where everything stands
and resolves nothing by itself. Text outside of lines is read too, each stretch as a line of its own.
"""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from itertools import accumulate
from math import nan
from typing import NamedTuple

from cleaner.files.formats.compose import composed
from cleaner.files.formats.parts import Block, Box, Field, Leaf, Line, Word, joined, number, plain, referenced
from cleaner.files.formats.printed import Printed
from cleaner.files.formats.xml import refuse_entities
from cleaner.files.unreadable import UnreadableDocument

NAME = "hOCR"

LINES = frozenset(("ocr_line", "ocrx_line", "ocr_header", "ocr_footer", "ocr_caption", "ocr_textfloat"))
BLOCKS = frozenset(("ocr_carea", "ocrx_block", "ocr_par", "ocr_page"))
WORDS = frozenset(("ocrx_word", "ocr_word"))
CHARACTERS = frozenset(("ocrx_cinfo", "ocr_cinfo"))
DEEPEST = 500
"""Elements within one another; hOCR has a dozen."""

_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
"""Elements that have no end (HTML, 13.1.2)."""
_NO_TEXT = frozenset(("head", "title", "style", "script"))


def read(source: str) -> Printed:
    """The text of an hOCR document. Raises UnreadableDocument where it declares entities, or is nested too deeply."""
    refuse_entities(source, "hOCR")
    reader = _Reader(source)
    try:
        reader.feed(source)
        if not reader.rawdata.startswith("<"):
            reader.close()  # what does not end, a tag or a comment, is no text (HTML, 13.2.5), and slow to look for again
        reader.end()
    except AssertionError as error:  # how html.parser tells of a declaration that it cannot read
        raise UnreadableDocument(f"hOCR that is damaged: {error}") from error
    return composed(NAME, source, reader.leaves)


class _Open(NamedTuple):
    """An element that is open: its tag, and the class of hOCR that it has, if any."""

    tag: str
    kind: str


class _Reader(HTMLParser):
    """Puts the document together from tags and text, as they come."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.leaves: list[Leaf] = []
        self._source = source
        self._line_starts = [0, *accumulate(len(line) + 1 for line in source.split("\n"))]
        self._open: list[_Open] = []
        self._counts: Counter[str] = Counter()
        self._silent = 0
        self._line: Line | None = None
        self._word: Word | None = None
        self._pieces: list[Field] = []
        self._values: list[float] = []
        self._box: Box | None = None
        self._confidence = nan
        self._of_characters: list[float] = []
        self._character = nan
        self._gap: tuple[int, int] | None = None
        self._until = 0

    def end(self) -> None:
        """Ends what the document leaves open."""
        self._close_line()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        kind = next((name for name in found.get("class", "").split() if name in _KINDS), "")
        if tag in _VOID:
            if tag == "br":
                self._close_word()
            return
        if len(self._open) >= DEEPEST:
            raise UnreadableDocument(f"hOCR whose elements are nested more than {DEEPEST} deep; it is damaged")
        self._open.append(_Open(tag, kind))
        self._counts[tag] += 1
        self._silent += tag in _NO_TEXT
        title = _title(found.get("title", ""))
        if kind == "ocr_page":
            self._close_line()
            self.leaves.append(Leaf())
        elif kind in BLOCKS:
            self._close_line()
            self._leaf().blocks.append(Block(found.get("id", "")))
        elif kind in LINES:
            self._close_line()
            self._begin_line(Line(found.get("id", ""), box=_box(title)))
        elif kind in WORDS:
            self._close_word()
            self._box = _box(title)
            self._confidence = _percent(title.get("x_wconf"))
            self._of_characters = [_percent(value) for value in title.get("x_confs", "").split()]
        elif kind in CHARACTERS:
            self._character = _percent(title.get("x_conf") or title.get("x_confs"))

    def handle_endtag(self, tag: str) -> None:
        if not self._counts[tag]:
            return
        while self._open:
            name, kind = self._open.pop()
            self._counts[name] -= 1
            self._silent -= name in _NO_TEXT
            if kind in WORDS:
                self._close_word()
            elif kind in LINES or kind in BLOCKS:
                self._close_line()
            elif kind in CHARACTERS:
                self._character = nan
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        start = self._offset()
        self._take(plain(self._source, start, start + len(data)))

    def handle_entityref(self, name: str) -> None:
        self._take_reference("&" + name)

    def handle_charref(self, name: str) -> None:
        self._take_reference("&#" + name)

    def _take_reference(self, written: str) -> None:
        start = self._offset()
        end = start + len(written)
        end += self._source[end : end + 1] == ";"
        self._take(referenced(plain(self._source, start, end), is_html=True))

    def _take(self, text: Field) -> None:
        if self._silent or not text.text:
            return
        in_word = any(kind in WORDS for _, kind in self._open[-4:])
        if text.text.isspace():
            if in_word:
                return  # between the characters of the word
            if self._line is not None and self._line.words and not self._pieces:
                self._gap = (text.starts[0], text.ends[-1])
            elif self._pieces:  # between stretches of bare text
                self._close_word()
                self._gap = (text.starts[0], text.ends[-1])
            return
        if self._line is None:
            if not in_word and not any(kind for _, kind in self._open):
                return  # outside of what was recognised: a title, a link
            self._begin_line(Line(""))
        self._pieces.append(text)
        self._values.extend([self._character] * len(text.text))

    def _begin_line(self, line: Line) -> None:
        self._line = line
        self._gap = None
        leaf = self._leaf()
        if not leaf.blocks:
            leaf.blocks.append(Block(""))
        leaf.blocks[-1].lines.append(line)

    def _close_word(self) -> None:
        if self._pieces and self._line is not None:
            text = joined(self._pieces)
            own = self._of_characters if len(self._of_characters) == len(text.text) else self._values
            known = own if any(value == value for value in own) else ()
            spaced = self._gap is not None
            self._line.words.append(Word(text, self._box, self._confidence, known, spaced, self._gap))
            self._gap = None
        self._pieces, self._values, self._of_characters = [], [], []
        self._box, self._confidence = None, nan

    def _close_line(self) -> None:
        self._close_word()
        self._line = None

    def _leaf(self) -> Leaf:
        if not self.leaves:
            self.leaves.append(Leaf())
        return self.leaves[-1]

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column


_KINDS = LINES | BLOCKS | WORDS | CHARACTERS


def _title(title: str) -> dict[str, str]:
    """The properties of a title: `bbox 1 2 3 4; x_wconf 95` by name (hOCR 1.2, 3)."""
    pairs = (part.strip().partition(" ") for part in title.split(";"))
    return {name: value for name, _, value in pairs}


def _box(title: dict[str, str]) -> Box | None:
    values = [number(value) for value in title.get("bbox", "").split()]
    if len(values) != 4:
        return None
    left, top, right, bottom = values
    if left is None or top is None or right is None or bottom is None:
        return None
    return left, top, right, bottom


def _percent(value: str | None) -> float:
    found = number(value)
    return nan if found is None else found / 100
