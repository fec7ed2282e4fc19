"""MinerU's content list: JSON with a text, a type and a page for each block, in reading order.

A text is a paragraph, not a printed line; a title is marked with `#` as in the Markdown that MinerU writes beside it. Of
tables the cells are read, a row on a line; code stands between fences, where nothing is changed. What else is in the file
(paths of pictures, boxes) is no text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cleaner.files.formats.compose import composed
from cleaner.files.formats.json_places import Placed, field_of
from cleaner.files.formats.parts import Block, Box, Field, Leaf, Line, Word, cut, number
from cleaner.files.formats.printed import Printed
from cleaner.files.formats.tables import rows

NAME = "MinerU content list"

TEXTS = ("image_caption", "table_caption", "chart_caption", "code_caption", "text", "content", "list_items")
"""Keys whose values are text, or lists of texts, in the order in which they stand; tables and code between them and
`FOOTNOTES`."""
FOOTNOTES = ("image_footnote", "table_footnote", "chart_footnote", "code_footnote")
FENCE = "```"

_MARGINS = ("header", "footer", "page_number")


def is_list(value: Any) -> bool:
    """Whether a JSON document is a content list."""
    return isinstance(value, list) and bool(value) and all(
        isinstance(item, dict) and isinstance(item.get("type"), str) and "page_idx" in item for item in value
    )  # fmt: skip


def read(source: str, items: list[dict[str, Any]]) -> Printed:
    """The text of a content list."""
    leaves: list[Leaf] = []
    page: object = None
    for at, item in enumerate(items):
        if not leaves or item["page_idx"] != page:
            page = item["page_idx"]
            leaves.append(Leaf(paragraphs=True))
        lines = list(_lines(source, str(at), item))
        leaves[-1].blocks.append(Block(str(at), lines, margin=item["type"] in _MARGINS))
    return composed(NAME, source, leaves)


def _lines(source: str, name: str, item: dict[str, Any]) -> Iterator[Line]:
    """The lines of a block."""
    box = _box(item.get("bbox"))
    level = item.get("text_level")
    prefix = "#" * min(level, 6) + " " if isinstance(level, int) and level > 0 else ""
    for text in _fields(source, item, TEXTS):
        for part in cut(text):
            yield Line(name, [Word(part, box)], box, prefix=prefix)
    for table in _fields(source, item, ("table_body",)):
        for row in rows(table):
            yield Line(name, row, box)
    for code in _fields(source, item, ("code_body",)):
        parts = cut(code)
        for at, part in enumerate(parts):
            before = f"{FENCE}\n" if at == 0 else ""
            after = f"\n{FENCE}" if at == len(parts) - 1 else ""
            yield Line(name, [Word(part, box)], box, prefix=before, suffix=after)
    for text in _fields(source, item, FOOTNOTES):
        for part in cut(text):
            yield Line(name, [Word(part, box)], box)


def _fields(source: str, item: dict[str, Any], keys: tuple[str, ...]) -> Iterator[Field]:
    """The texts under some keys, those of lists too."""
    for key in keys:
        value = item.get(key)
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, Placed) and text.strip():
                yield field_of(source, text)


def _box(value: Any) -> Box | None:
    if not isinstance(value, list) or len(value) != 4:
        return None
    left, top, right, bottom = (number(str(edge)) for edge in value)
    if left is None or top is None or right is None or bottom is None:
        return None
    return left, top, right, bottom
