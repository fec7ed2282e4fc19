"""Tables that stand as HTML in the JSON of an engine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.files.formats.parts import Field, Word, referenced

_TAG = re.compile(r"<[^<>]{0,400}>")
_ROW = re.compile(r"</tr\s*>", re.IGNORECASE)
BETWEEN_CELLS = Field("\t", (-1,), (-1,))


def rows(table: Field) -> Iterator[list[Word]]:
    """The cells of an HTML table, row by row; a tab stands between them."""
    start = 0
    for end in [*(match.end() for match in _ROW.finditer(table.text)), len(table.text)]:
        cells: list[Word] = []
        at = start
        for match in [*_TAG.finditer(table.text, start, end), None]:
            stop = match.start() if match else end
            if table.text[at:stop].strip():
                if cells:
                    cells.append(Word(BETWEEN_CELLS, spaced=False))
                cells.append(Word(referenced(table.part(at, stop), is_html=True), spaced=False))
            at = match.end() if match else end
        if cells:
            yield cells
        start = end
