"""Text made fit to be looked at in a page.

What cannot be seen, or would disturb what stands around it, is shown as its code: controls, bidirectional marks,
zero-width characters, variation selectors, lone surrogates (which UTF-8 could not even hold). Everything is escaped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from itertools import groupby

from markupsafe import Markup, escape

VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""The only characters that str.isprintable lets pass and that still cannot be seen (Unicode 17.0, 23.4)."""

SIGNS = {" ": "␣", "\u3000": "␣", "\t": "⇥", "\n": "⏎"}
"""White space as it is shown inside a change; all other white space is shown as its code."""

MOST_IN_A_ROW = 3
"""Of more equal signs in a row the number is written."""

_KEPT_SPACE = "\n\t\u3000\u00a0"
_DOTTED_CIRCLE = "◌"  # what a combining mark stands on where it has no base of its own (Unicode 17.0, 2.11)


def running(text: str) -> Markup:
    """`text` as it stands around a change: white space as it is, line ends as LF, at most one blank line in a row."""
    if _is_plain(text):
        return escape(text)
    return _in_runs(re.sub(r"\n[ \t\u3000\n]*\n", "\n\n", text.replace("\r\n", "\n")), _kind_in_running)


def paragraphs(text: str) -> Markup:
    """`running` text with every blank line set as a small gap."""
    return running(text).replace("\n\n", Markup('<span class="gap">\n\n</span>'))


def changed(text: str) -> Markup:
    """`text` as part of a change: white space by signs (␣ ⇥ ⏎), and a combining mark at the start on a dotted circle."""
    text = text.replace("\r\n", "\n")
    if text and unicodedata.category(text[0]) in ("Mn", "Me", "Mc") and not VARIATION_SELECTORS.match(text):
        text = _DOTTED_CIRCLE + text
    return escape(text) if _is_plain(text) and " " not in text else _in_runs(text, _kind_in_change)


def inert(text: str) -> str:
    """`text` for an attribute: what cannot be seen is replaced by its code; quotation marks are left to be escaped."""
    return text if _is_plain(text) else "".join(code(c) if _kind_in_running(c) == "code" else c for c in text)


def code(character: str) -> str:
    """The code point of a character: `U+4EBA`."""
    return f"U+{ord(character):04X}"


def _is_plain(text: str) -> bool:
    return text.isprintable() and not VARIATION_SELECTORS.search(text)


def _in_runs(text: str, kind_of: Callable[[str], str]) -> Markup:
    return Markup("").join(_run(kind, "".join(run)) for kind, run in groupby(text, kind_of))


def _run(kind: str, text: str) -> Markup:
    """Characters that are shown alike: as they are, each as its code, or all as signs in one element of that class."""
    if kind == "plain":
        return escape(text)
    if kind == "code":
        return Markup("").join(Markup('<span class="code">{}</span>').format(code(character)) for character in text)
    signs = "".join(_times(SIGNS[character], len(list(run))) for character, run in groupby(text))
    return Markup('<span class="{}">{}</span>').format(kind, signs)


def _times(sign: str, number: int) -> str:
    return sign * number if number <= MOST_IN_A_ROW else f"{sign}×{number}"


def _kind_in_running(character: str) -> str:
    return "plain" if _is_plain(character) or character in _KEPT_SPACE else "code"


def _kind_in_change(character: str) -> str:
    if character in SIGNS:
        return "space wide" if character == "\u3000" else "space"
    return "plain" if _is_plain(character) else "code"
