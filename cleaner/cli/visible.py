"""Text made visible on one line of a terminal."""

from __future__ import annotations

from cleaner.report.passages import shortened
from cleaner.report.visible import SIGNS, inert

LONGEST = 48
"""Code points of a change that are shown; the middle of a longer one is left out."""

_SIGNS = str.maketrans(SIGNS | {"\u3000": "□", "\r": "␍"})


def visible(text: str) -> str:
    """A text with what cannot be seen shown: spaces and line ends by signs, all else by its code point."""
    return inert(text.translate(_SIGNS))


def clipped(text: str) -> str:
    """A text made visible, the middle of a long one left out."""
    head, left_out, tail = shortened(text, LONGEST)
    return f"{visible(head)}……{visible(tail)}" if left_out else visible(text)
