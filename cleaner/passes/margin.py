"""What stands in the margin of a page: told by its position, in documents that have positions, and so even where it is misread."""

from __future__ import annotations

from cleaner.page import Page
from cleaner.rules import Rule
from cleaner.text.blocks import Line
from cleaner.text.look import Kind
from cleaner.text.width import STOPS, ends_sentence

RULE = Rule(
    "artifacts/margin",
    "Removes a line in the head or foot of a page that holds a number: folio, date or issue, misread or not.",
    "Documents of OCR engines (hOCR, ALTO, PAGE-XML, JSON) say where lines stand, or that they are a head or foot. A line without a "
    "number there is only suggested to be removed: it may be the end of a text.",
)
LONGEST = 40
"""Code points of a line in the margin; a longer one is text."""
SURE, UNSURE = 0.93, 0.6
_KINDS = frozenset((Kind.BODY, Kind.CONTENTS, Kind.FIELDS, Kind.LIST, Kind.DEBRIS))


def holds(page: Page, line: Line) -> bool:
    """Whether the line stands in the margin, as far as the document says."""
    return page.recognised is not None and bool(page.recognised.margins[line.start : line.end].any())


def confidence(page: Page, line: Line) -> float:
    """How sure it is that a line is no part of the text because it stands in the margin; 0 where it does not."""
    if not holds(page, line):
        return 0.0
    if line.kind not in _KINDS or len(line.bare) > LONGEST or ends_sentence(line.bare) or STOPS & set(line.bare[:-1]):
        return 0.0
    return SURE if any(char.isdigit() for char in line.bare) or "星期" in line.bare else UNSURE
