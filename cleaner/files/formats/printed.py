"""A document of an OCR format as text, with what the format says of each code point: page, line, box, confidence, and
where it stands in the source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.text.recognised import Recognised


class Mirror(NamedTuple):
    """Other places of the source that hold the same text: those of a line's words, say, where the line has its text too.

    `code_points` are offsets of the text, ascending, with the `starts` and `ends` of their places in the source.
    """

    code_points: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Printed:
    """The text of a page or of several, as columns: one entry for each code point of `text`.

    `pages` counts from 1; 0: the format knows none. `lines` are indices of `line_ids`, `words` of `boxes` (left, top, right, bottom, in the unit of
    the format); -1 where there is none. `confidences` are probabilities, NaN where the format says nothing. `starts` and
    `ends` tell where the code point stands in `source`, the decoded document; both are -1 for white space that only the
    layout has. `is_text` is false for markup that stands for a space, `margins` true
    in the head and foot of a page.
    """

    format: str
    source: str
    text: str
    pages: NDArray[np.int32]
    lines: NDArray[np.int32]
    words: NDArray[np.int32]
    confidences: NDArray[np.float32]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    is_text: NDArray[np.bool_]
    margins: NDArray[np.bool_]
    line_ids: tuple[str, ...]
    boxes: NDArray[np.float32]
    mirrors: tuple[Mirror, ...] = ()

    @property
    def recognised(self) -> Recognised:
        """What helps to clean the text."""
        return Recognised(self.confidences, self.margins)

    def place(self, start: int, end: int) -> dict[str, Any]:
        """Where `text[start:end]` stands: `page`, `line_id` and `box` of its first code point that has one, those known.

        The box is that of all words of the span on that line. An empty span stands where its neighbour does.
        """
        low, high = (start, end) if start < end else (max(0, start - 1), min(len(self.text), start + 1))
        found: dict[str, Any] = {}
        if low < len(self.text) and self.pages[low]:
            found["page"] = int(self.pages[low])
        on_lines = np.flatnonzero(self.lines[low:high] >= 0)
        if not len(on_lines):
            return found
        line = self.lines[low + on_lines[0]]
        if page := int(self.pages[low + on_lines[0]]):
            found["page"] = page
        if self.line_ids[line]:
            found["line_id"] = self.line_ids[line]
        words = self.words[low:high][(self.lines[low:high] == line) & (self.words[low:high] >= 0)]
        boxes = self.boxes[words]
        boxes = boxes[~np.isnan(boxes).any(axis=1)]
        if len(boxes):
            left, top = boxes[:, :2].min(axis=0).tolist()
            right, bottom = boxes[:, 2:].max(axis=0).tolist()
            found["box"] = [_number(value) for value in (left, top, right, bottom)]
        return found


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else round(value, 2)
