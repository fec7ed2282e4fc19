"""Text that flows: put together of blocks, lines and rows of cells as a document names them, white space collapsed.

Of a stretch of white space one space is left, and none where it holds a line end between Chinese characters or marks: that is
how long lines of a document are kept short, and no space of the text (CSS Text 3, 4.1.1 and 4.1.3).
"""

from __future__ import annotations

import re

from cleaner.files.formats.parts import Block, Field, Line, Place, Word
from cleaner.files.formats.tables import BETWEEN_CELLS
from cleaner.text.width import CHINESE

_SPACE = re.compile(r"[ \t\n\r\f]+")


class Flow:
    """Takes text and what parts it, in the order of the document; `blocks` are what it comes to, after `part`.

    `id` is given to lines; `prefix` stands before the next line, which goes to the block of the line before where that has
    the same `group` (items of a list).
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.id = ""
        self.prefix = ""
        self.group: object = None
        self._into = [self.blocks]  # where blocks go: those of the document, or of the cell that is open
        self._rows: list[list[list[Block]]] = []
        self._groups: dict[int, object] = {}  # of blocks, by identity
        self._line: list[Field] = []
        self._length = 0
        self._spaces: list[Place] = []  # since the last character of the line
        self._wrapped = False  # whether there is a line end among them
        self._twice: list[tuple[int, list[Place]]] = []
        self._continued: Block | None = None  # the block of the line that `line_end` ended
        self._breaks: list[list[Place]] = []

    def take(self, text: Field) -> None:
        """Text of the line."""
        at = 0
        for match in _SPACE.finditer(text.text):
            self._put(text.part(at, match.start()))
            self._spaces.append((text.starts[match.start()], text.ends[match.end() - 1]))
            self._wrapped |= "\n" in match.group() or "\r" in match.group()
            at = match.end()
        self._put(text.part(at, len(text.text)))

    def put_kept(self, text: str) -> None:
        """Text of the line that no edit reaches in the document."""
        self._put(nowhere(_SPACE.sub(" ", text)))

    def put_fenced(self, text: str) -> None:
        """A block of code: lines that stay as they are, in the text and in the document."""
        self.part()
        body = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
        fence = "~~~" if "```" in body else "```"
        if body.strip():
            self._place(Line(self.id, [Word(nowhere(fence))], suffix=f"\n{body}\n{fence}"), None)

    def line_end(self, place: Place) -> None:
        """The end of a line within a block; `place` is the markup that stands for it, to go with the white space around it."""
        spaces = self._spaces
        self._close_line()
        if self._continued is not None:
            self._breaks.append([place, *spaces])

    def part(self) -> None:
        """The end of a block."""
        self._close_line()
        self._continued = None
        self._breaks = []

    def begin_row(self) -> None:
        """Cells until `end_row` are a row of a table."""
        self.part()
        self._rows.append([])

    def begin_cell(self) -> None:
        """What comes until `end_cell` stands in a cell."""
        self.part()
        cell: list[Block] = []
        self._rows[-1].append(cell)
        self._into.append(cell)

    def end_cell(self) -> None:
        """The end of a cell."""
        self.part()
        self._into.pop()

    def end_row(self, table: object) -> None:
        """A row becomes a line of its table; where a cell holds more than one line, the table lays out a page, and its cells are
        read one after the other.
        """
        self.part()
        cells = [cell for cell in self._rows.pop() if cell]
        lines = [line for cell in cells if (line := _only_line(cell)) is not None]
        if len(lines) < len(cells):
            self._into[-1].extend(block for cell in cells for block in cell)
        elif lines:
            words = [word for line in lines for word in (Word(BETWEEN_CELLS, spaced=False), *line.words)][1:]
            self._place(Line(lines[0].id, words), table)

    def _put(self, text: Field) -> None:
        """Characters of the line, after the white space that has waited for them."""
        if not text.text:
            return
        if self._spaces and self._line:
            if not (self._wrapped and CHINESE.match(self._line[-1].text[-1]) and CHINESE.match(text.text[0])):
                (start, end), *more = self._spaces
                self._twice += [(self._length, more)] if more else []
                self._append(Field(" ", (start,), (end,)))
        elif self._breaks and not self._line:
            self._breaks[-1] += self._spaces
        self._spaces = []
        self._wrapped = False
        self._append(text)

    def _append(self, text: Field) -> None:
        self._line.append(text)
        self._length += len(text.text)

    def _close_line(self) -> None:
        if self._line:
            word = Word(_as_lists(self._line), spaced=False, twice=self._twice)
            self._place(Line(self.id, [word], prefix=self.prefix, breaks=self._breaks), self.group)
            self.prefix, self.group = "", None
            self._line, self._length, self._twice, self._breaks = [], 0, [], []
        self._spaces = []
        self._wrapped = False

    def _place(self, line: Line, group: object) -> None:
        """Puts a line where it goes: into the block that it continues, that of its group, or a new one."""
        blocks = self._into[-1]
        if line.breaks and self._continued is not None:
            self._continued.lines.append(line)
            return
        if group is None or not blocks or self._groups[id(blocks[-1])] is not group:
            blocks.append(Block(""))
            self._groups[id(blocks[-1])] = group
        self._continued = blocks[-1]
        self._continued.lines.append(line)


def nowhere(text: str) -> Field:
    """Text that stands nowhere in the source."""
    places = (-1,) * len(text)
    return Field(text, places, places)


def _only_line(cell: list[Block]) -> Line | None:
    """The line of a cell that holds one, and no item of a list."""
    lines = [line for block in cell for line in block.lines]
    return lines[0] if len(lines) == 1 and not (lines[0].prefix or lines[0].suffix) else None


def _as_lists(fields: list[Field]) -> Field:
    return Field(
        "".join(field.text for field in fields),
        [place for field in fields for place in field.starts],
        [place for field in fields for place in field.ends],
    )
