"""HTML and XHTML that no OCR engine marked up: saved pages, what word processors and converters of PDF write, parts of e-books.

What a browser sets apart is a block or a line of the text: paragraphs, headings (`#`), items of lists (`-`, `1.`), rows of
tables (a tab between cells), lines that end with `<br>`. Inline elements part nothing. Code stands in back quotes or
between fences, what is raised or lowered in its tags: it is read so that the text around it makes sense, and has no place in
the source, so that nothing changes it there. Read with the standard library's parser, like hOCR.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from html.parser import HTMLParser
from itertools import accumulate, count
from typing import NamedTuple

from cleaner.files.formats.compose import composed
from cleaner.files.formats.flow import Flow
from cleaner.files.formats.parts import Field, Leaf, plain, referenced
from cleaner.files.formats.printed import Printed
from cleaner.files.formats.xml import refuse_entities
from cleaner.files.unreadable import UnreadableDocument

NAME = "HTML"

SILENT = frozenset(
    ("annotation", "audio", "canvas", "datalist", "iframe", "noembed", "noframes", "noscript", "object", "rp", "rt", "rtc",
     "script", "select", "style", "svg", "template", "textarea", "title", "video")
)  # fmt: skip
"""Elements whose content is no text of the page, or a reading set beside it (ruby)."""
FENCED = frozenset(("listing", "pre", "xmp"))
QUOTED = frozenset(("code", "kbd", "math", "samp"))
RAISED = frozenset(("sub", "sup"))
HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
LISTS = frozenset(("dir", "menu", "ol", "ul"))
CELLS = frozenset(("td", "th"))
BLOCKS = frozenset(
    ("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl", "dt",
     "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "legend", "li", "main", "nav", "p", "search",
     "section", "summary", "table", "tbody", "tfoot", "thead", "tr", *HEADINGS, *LISTS, *CELLS, *FENCED)
)  # fmt: skip
"""Elements that begin and end a line of their own (HTML, 15.3), and those of tables."""

DEEPEST = 500
"""Elements of these kinds within one another; browsers go no deeper (512)."""
MOST_UNCLOSED = 2000
"""Tags that begin before one ends, and comments that never end: html.parser looks for the end of each of them."""
LONGEST_NUMBER = 9
"""Digits of the number at which a list begins."""

_KEPT = FENCED | QUOTED | RAISED
_TRACKED = BLOCKS | SILENT | _KEPT | {"ruby"}
_OF_TABLES = CELLS | {"caption", "table", "tbody", "tfoot", "thead", "tr"}
_BODIES = frozenset(("tbody", "tfoot", "thead"))
_READINGS = frozenset(("rp", "rt", "rtc"))
_SHUT = SILENT - _READINGS
"""Elements whose end tag is never left out, and beyond which no other tag reaches."""
_NOT_AROUND_BLOCKS = frozenset(("p", *QUOTED, *RAISED, *_READINGS))
_ENDED_BY: dict[str, tuple[Collection[str], Collection[str]]] = {
    "li": (("li",), LISTS),
    **dict.fromkeys(("dd", "dt"), (("dd", "dt"), ("dl",))),
    **dict.fromkeys(CELLS, (CELLS, ("table", "tr"))),
    "tr": (("tr",), ("table",)),
    **dict.fromkeys(_BODIES, (_BODIES, ("table",))),
    **dict.fromkeys(_READINGS, (_READINGS, ("ruby",))),
}
"""What a start tag ends where the end tag was left out, and the element beyond which it does not (HTML, 13.1.2.4)."""


def read(source: str) -> Printed:
    """The text of an HTML document. Raises UnreadableDocument where it declares entities, is nested too deeply, or cannot be parsed."""
    refuse_entities(source, NAME)
    comments = source.count("<!--", source.rfind("-->") + 1)
    if max(comments, *(part.count("<") for part in source.split(">"))) > MOST_UNCLOSED:
        raise UnreadableDocument(f"{NAME} with more than {MOST_UNCLOSED:,} tags that are not closed; it is damaged")
    reader = _Reader(source)
    try:
        reader.feed(source)
        reader.close()
    except AssertionError as error:  # how html.parser tells of a declaration that it cannot read
        raise UnreadableDocument(f"{NAME} that is damaged: {error}") from error
    return composed(NAME, source, [Leaf(reader.flow.blocks, paragraphs=True, is_page=False)])


class _Open(NamedTuple):
    """An element that is open, and its id."""

    tag: str
    id: str = ""


class _Reader(HTMLParser):
    """Tells a Flow what the tags mean and where the text stands. Elements that mean nothing to the text are passed over."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.flow = Flow()
        self._source = source
        self._line_starts = [0, *accumulate(len(line) + 1 for line in source.split("\n"))]
        self._open: list[_Open] = []
        self._silent = 0
        self._kept = 0
        self._keeping: list[str] = []
        self._lists: list[Iterator[int] | None] = []  # those open; the numbers of their items
        self._groups: list[object] = []  # tables and outermost lists that are open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._break()
        elif tag == "hr" and not (self._silent or self._kept):
            self.flow.part()
        if tag not in _TRACKED:
            return
        self._end_implied(tag)
        if tag in CELLS and self._nearest(("tr",), ("table",)) is None:
            self._start(_Open("tr"), {})
        attributes = dict(attrs)
        self._start(_Open(tag, attributes.get("id") or ""), attributes)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _TRACKED:
            return
        within = _SHUT if tag in _OF_TABLES else _SHUT | CELLS
        if (at := self._nearest((tag,), within)) is not None:
            self._end_from(at)
        elif tag == "p" and not (self._silent or self._kept):
            self.flow.part()  # as browsers have it, an empty paragraph

    def handle_data(self, data: str) -> None:
        start = self._offset()
        self._take(plain(self._source, start, start + len(data)))

    def handle_entityref(self, name: str) -> None:
        self._take_reference("&" + name)

    def handle_charref(self, name: str) -> None:
        self._take_reference("&#" + name)

    def close(self) -> None:
        super().close()
        self._end_from(0)
        self.flow.part()

    def _take_reference(self, written: str) -> None:
        start = self._offset()
        end = start + len(written)
        end += self._source[end : end + 1] == ";"
        self._take(referenced(plain(self._source, start, end), is_html=True))

    def _take(self, text: Field) -> None:
        if self._kept and not self._silent:
            self._keeping.append(text.text)
        elif not self._silent:
            self.flow.take(text)

    def _break(self) -> None:
        if self._kept:
            self._keeping.append("\n")
        elif not self._silent:
            start = self._offset()
            self.flow.line_end((start, start + len(self.get_starttag_text() or "")))

    def _start(self, element: _Open, attributes: dict[str, str | None]) -> None:
        """An element that means something to the text begins."""
        tag = element.tag
        if len(self._open) >= DEEPEST:
            raise UnreadableDocument(f"{NAME} whose elements are nested more than {DEEPEST} deep; it is damaged")
        self._open.append(element)
        if tag in BLOCKS and not self._silent:
            if self._kept:
                self._keeping.append("\n")
            else:
                self._start_block(tag, attributes)
                self.flow.id = element.id
        self._silent += tag in SILENT
        self._kept += tag in _KEPT and not self._silent

    def _start_block(self, tag: str, attributes: dict[str, str | None]) -> None:
        flow = self.flow
        if tag == "tr":
            flow.begin_row()
        elif tag in CELLS:
            flow.begin_cell()
        else:
            flow.part()
        if tag in HEADINGS:
            flow.prefix = HEADINGS[tag]
        elif tag == "table" or (tag in LISTS and not self._lists):
            self._groups.append(object())
        if tag in LISTS:
            first = attributes.get("start") or ""
            self._lists.append(
                count(int(first) if first.isdecimal() and len(first) <= LONGEST_NUMBER else 1) if tag == "ol" else None
            )
        elif tag == "li" and self._lists:
            numbers = self._lists[-1]
            flow.prefix = "  " * (len(self._lists) - 1) + ("- " if numbers is None else f"{next(numbers)}. ")
            flow.group = self._groups[-1]

    def _end(self, tag: str) -> None:
        """An element that means something to the text ends."""
        self._kept -= tag in _KEPT and not self._silent
        self._silent -= tag in SILENT
        if self._silent or self._kept:
            return
        if tag in _KEPT:
            self._put_kept(tag)
        if tag in BLOCKS:
            self._end_block(tag)
            self.flow.id = next((element.id for element in reversed(self._open) if element.tag in BLOCKS), "")

    def _end_block(self, tag: str) -> None:
        flow = self.flow
        if tag == "tr":
            flow.end_row(self._groups[-1] if self._groups else None)
        elif tag in CELLS:
            flow.end_cell()
        else:
            flow.part()
        flow.prefix, flow.group = "", None
        if tag in LISTS:
            self._lists.pop()
        if tag == "table" or (tag in LISTS and not self._lists):
            self._groups.pop()

    def _put_kept(self, tag: str) -> None:
        """What stood in an element that is kept as it is goes to the text."""
        text, self._keeping = "".join(self._keeping), []
        if tag in FENCED:
            self.flow.put_fenced(text)
        elif text.strip():
            text = text.strip()
            self.flow.put_kept(f"`{text}`" if tag in QUOTED else f"<{tag}>{text}</{tag}>")

    def _end_implied(self, tag: str) -> None:
        """Ends what a start tag ends: the item before, an open paragraph, code that was never closed."""
        if tag in BLOCKS:
            self._end_up_to(_NOT_AROUND_BLOCKS, _SHUT | BLOCKS - {"p"})
        if tag in _ENDED_BY:
            tags, within = _ENDED_BY[tag]
            self._end_up_to(tags, _SHUT.union(within))

    def _end_up_to(self, tags: Collection[str], within: Collection[str]) -> None:
        """Ends all open elements of these tags that are inside of those of `within`."""
        while (at := self._nearest(tags, within)) is not None:
            self._end_from(at)

    def _nearest(self, tags: Collection[str], within: Collection[str]) -> int | None:
        """The place of the innermost open element of these tags, unless one of `within` is open inside of it."""
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at].tag in tags:
                return at
            if self._open[at].tag in within:
                return None
        return None

    def _end_from(self, at: int) -> None:
        """Ends the open elements from a place on, the innermost first."""
        while len(self._open) > at:
            self._end(self._open.pop().tag)

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column
