"""Where a very long text is cut, so that the memory that cleaning takes does not grow with it.

A text is cut where a paragraph has ended: at the first blank line behind a mark that ends a sentence, else at the next end of
a line; a line of megabytes behind a sentence, or where it has none, anywhere. What a document tells by its habits (running heads, quotation marks, names) each part tells for itself: a million
characters are a book.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SIZE = 1_000_000
"""Code points after which a place to cut is looked for. A text up to twice as long stays whole."""
FAR = 100_000
"""Code points within which a paragraph's end is looked for, or that of a line or a sentence."""
_PARAGRAPH_END = re.compile(r"""[。！？!?.”’」』）)"']\s*?\n\s*?\n+|\f""")

_SENTENCE_END = re.compile(r"""[。！？!?][”’」』）)"']*""")


def cuts(text: str) -> Iterator[int]:
    """The offsets at which the parts of a text begin, and its length; 0 and its length where it is not cut."""
    at = 0
    yield at
    while len(text) - at > 2 * SIZE:
        found = _PARAGRAPH_END.search(text, at + SIZE, at + SIZE + FAR)
        at = found.end() if found else _within(text, at + SIZE)
        if len(text) - at < SIZE // 2:
            break
        yield at
    yield len(text)


def _within(text: str, start: int) -> int:
    """Where a text without the end of a paragraph nearby is cut, from an offset on."""
    if line := text.find("\n", start, start + FAR) + 1:
        return line
    found = _SENTENCE_END.search(text, start, start + FAR)
    return found.end() if found else start + FAR
