"""A text as a row of characters, with the places where its lines and pages begin: characters and structure are scored apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cleaner.evaluation.equivalence import folded

_PAGES = re.compile("\f")
_LINES = re.compile("\r\n|[\n\r\v\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Row:
    """The characters of a text without its line breaks; `compared` has for each the one by which it is compared.

    `lines` and `pages` are the offsets at which a line or page begins, the first ones (at 0) left out.
    """

    characters: str
    compared: str
    lines: tuple[int, ...]
    pages: tuple[int, ...]

    def paragraphs(self) -> Iterator[tuple[int, int]]:
        """Start and end of each line; nothing for an empty text."""
        ends = [*self.lines, len(self.characters)]
        return ((start, end) for start, end in zip([0, *self.lines], ends, strict=True) if start < end)


def row(text: str, same: frozenset[str] = frozenset()) -> Row:
    """The row of a text. White space at the ends of lines goes, inside a line it counts as one space, or with `space` among
    the equivalences for nothing; a line break between Latin letters or digits is worth a space, and no other is.
    """
    between = "" if "space" in same else " "
    parts: list[str] = []
    lines: list[int] = []
    pages: list[int] = []
    size, last = 0, ""
    for page in _PAGES.split(text):
        follows, first = bool(last), len(lines)
        for line in _LINES.split(page):
            words = between.join(line.split())
            if not words:
                continue
            if last:
                lines.append(size)
                if between and _is_latin(last) and _is_latin(words[0]):
                    parts.append(" ")
                    size += 1
            parts.append(words)
            size += len(words)
            last = words[-1]
        if follows and len(lines) > first:
            pages.append(lines[first])
    characters = "".join(parts)
    return Row(characters, folded(characters, same), tuple(lines), tuple(pages))


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
