"""Places in a text as other tools count them: lines, and columns in code points or UTF-8 bytes, all from 1."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple


class Position(NamedTuple):
    """A place in a text. A line ends with its LF; `column` counts code points, `byte_column` the bytes of UTF-8."""

    line: int
    column: int
    byte_column: int


class Lines:
    """Where the lines of a text begin, for questions by the thousand."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        at = text.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)

    def position(self, offset: int) -> Position:
        """The place of a code point. What could not be decoded counts as one byte, as it was."""
        line = bisect_right(self._starts, offset)
        start = self._starts[line - 1]
        before = self._text[start:offset].encode("utf-8", "replace")
        return Position(line, offset - start + 1, len(before) + 1)
