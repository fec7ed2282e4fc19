"""Spans of a text, asked by the thousand whether an offset is inside one of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class Spans:
    """Stretches of a text, (start, end) in code points, end exclusive. Those that overlap count as one."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            elif start < end:
                self._starts.append(start)
                self._ends.append(end)

    def with_(self, spans: Iterable[tuple[int, int]]) -> Spans:
        """These stretches and some more."""
        return Spans([*zip(self._starts, self._ends, strict=True), *spans])

    def __bool__(self) -> bool:
        return bool(self._starts)

    def __contains__(self, offset: int) -> bool:
        at = bisect_right(self._starts, offset) - 1
        return at >= 0 and offset < self._ends[at]

    def touch(self, start: int, end: int) -> bool:
        """Whether a stretch has a code point in common with one of them, or, if it is empty, stands inside one."""
        at = bisect_left(self._starts, max(end, start + 1)) - 1
        return at >= 0 and start < self._ends[at]
