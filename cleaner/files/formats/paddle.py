"""What PaddleOCR, RapidOCR and PaddleOCR-json write: JSON with a text, a score and a box for each printed line.

    [{"box": [[x, y], …], "txt": "…", "score": 0.99}, …]            RapidOCR 3
    [[[[x, y], …], "…", 0.99], …]                                   RapidOCR 1
    [[[[[x, y], …], ["…", 0.99]], …], …]                            PaddleOCR 2, a list for each page
    {"rec_texts": […], "rec_scores": […], "rec_polys": […], …}      PaddleOCR 3, or a list of those, or as "res"
    {"code": 100, "data": [{"box": …, "text": "…", "score": …}]}    PaddleOCR-json
    {"parsing_res_list": [{"block_content": "…", "block_bbox": …}]} PP-Structure, in its own reading order

Boxes come row by row, across columns; they are put in reading order by what white runs between them. Files of several such
documents, one a line, hold a page on each.
"""

from __future__ import annotations

from math import nan
from typing import Any

from cleaner.files.formats.compose import composed
from cleaner.files.formats.geometry import reading_order
from cleaner.files.formats.json_places import Placed, field_of
from cleaner.files.formats.parts import Block, Box, Leaf, Line, Word, cut, number
from cleaner.files.formats.printed import Printed
from cleaner.files.formats.tables import rows

NAME = "PaddleOCR JSON"

_MARGINS = ("header", "footer", "number")
_TEXTS = ("txt", "text", "transcription", "rec_text")
_BOXES = ("box", "points", "dt_polys", "rec_poly", "bbox")
_SCORES = ("score", "confidence", "rec_score")

Entry = tuple[Placed, Any, Any]
"""Text, box and score of a line."""


def pages_of(value: Any) -> list[Any] | None:
    """The pages of a JSON document, None where it is not of this format."""
    if isinstance(value, dict):
        page = _unwrapped(value)
        return [page] if _is_page(page) else None
    if not isinstance(value, list) or not value:
        return None
    if _entries(value):
        return [value]
    pages = [_unwrapped(page) if isinstance(page, dict) else page for page in value]
    return pages if any(map(_is_page, pages)) and all(page in (None, []) or _is_page(page) for page in pages) else None


def read(source: str, pages: list[Any]) -> Printed:
    """The text of the pages that `pages_of` found."""
    leaves = [
        _structured(source, page) if isinstance(page, dict) and "parsing_res_list" in page else _leaf(source, page)
        for page in pages
    ]
    return composed(NAME, source, leaves)


def _unwrapped(page: dict[str, Any]) -> Any:
    inner = page.get("res")
    return inner if isinstance(inner, dict) else page


def _is_page(page: Any) -> bool:
    return bool(_entries(page)) or (isinstance(page, dict) and _is_structured(page))


def _is_structured(page: dict[str, Any]) -> bool:
    blocks = page.get("parsing_res_list")
    return isinstance(blocks, list) and all(isinstance(b, dict) and "block_content" in b for b in blocks)


def _entries(page: Any) -> list[Entry]:
    """Text, box and score of each line of a page; nothing where it is no page."""
    if isinstance(page, dict):
        if isinstance(page.get("data"), list):
            return _entries(page["data"])
        texts, scores = page.get("rec_texts"), page.get("rec_scores") or []
        boxes = page.get("rec_polys") or page.get("rec_boxes") or page.get("dt_polys") or []
        if not isinstance(texts, list) or not all(isinstance(text, Placed) for text in texts):
            return []
        return [
            (text, boxes[at] if at < len(boxes) else None, scores[at] if at < len(scores) else None)
            for at, text in enumerate(texts)
        ]
    if not isinstance(page, list):
        return []
    found = [_entry(item) for item in page]
    return [entry for entry in found if entry is not None] if found and None not in found else []


def _entry(item: Any) -> Entry | None:
    if isinstance(item, dict):
        text = next((item[name] for name in _TEXTS if isinstance(item.get(name), Placed)), None)
        box = next((item[name] for name in _BOXES if name in item), None)
        score = next((item[name] for name in _SCORES if name in item), None)
        return None if text is None or box is None else (text, box, score)
    if not isinstance(item, list) or len(item) < 2 or _box(item[0]) is None:
        return None
    text, score = (item[1] + [None])[:2] if isinstance(item[1], list) else (item[1], item[2] if len(item) > 2 else None)
    return (text, item[0], score) if isinstance(text, Placed) else None


def _leaf(source: str, page: Any) -> Leaf:
    """A page of boxes in reading order; as they come where some box is not known."""
    lines = []
    for at, (text, box, score) in enumerate(_entries(page)):
        found = _box(box)
        share = number(str(score))
        lines.append(Line(str(at), [Word(field_of(source, text), found, nan if share is None else share)], found))
    boxes = [line.box for line in lines if line.box is not None]
    if len(boxes) < len(lines):
        return Leaf([Block("", lines)])
    return Leaf([Block("", [lines[at] for at in group]) for group in reading_order(boxes)])


def _structured(source: str, page: dict[str, Any]) -> Leaf:
    """A page of blocks in the order that the layout model gave them."""
    leaf = Leaf()
    for at, block in enumerate(page["parsing_res_list"]):
        text = block["block_content"]
        if not isinstance(text, Placed):
            continue
        whole, box = field_of(source, text), _box(block.get("block_bbox"))
        is_table = block.get("block_label") == "table"
        words = list(rows(whole)) if is_table else [[Word(part, box)] for part in cut(whole)]
        lines = [Line(str(block.get("block_id", at)), row) for row in words]
        leaf.blocks.append(Block(str(at), lines, margin=block.get("block_label") in _MARGINS))
    return leaf


def _box(value: Any) -> Box | None:
    """A box given as a polygon of points, or as left, top, right, bottom."""
    if not isinstance(value, list) or len(value) < 2:
        return None
    if all(isinstance(point, list) and len(point) == 2 for point in value):
        xs, ys = [number(str(x)) for x, _ in value], [number(str(y)) for _, y in value]
    elif len(value) == 4:
        xs, ys = [number(str(v)) for v in value[::2]], [number(str(v)) for v in value[1::2]]
    else:
        return None
    known_xs, known_ys = [x for x in xs if x is not None], [y for y in ys if y is not None]
    if len(known_xs) < len(xs) or len(known_ys) < len(ys):
        return None
    return min(known_xs), min(known_ys), max(known_xs), max(known_ys)
