"""The mended text put back where it stood: a document of the same format, every byte the same that no edit touched.

Lines stay lines: where the clean text joins two of them nothing changes in the document, and what a paragraph gained or
lost at the joint goes to the line before; only where a line's end is markup of its own (`<br>`), that goes with it. What
was removed leaves its element empty; what was moved stays at its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from html import escape

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from cleaner.files.formats import mineru, paddle, tesseract_tsv
from cleaner.files.formats.printed import Printed
from cleaner.text.edits import Edit
from cleaner.text.spans import Spans

_JSON = (mineru.NAME, paddle.NAME)


def put_in_place(printed: Printed, edits: Iterable[Edit], encoding: str = "utf-8") -> str:
    """The source of `printed` with applied edits of its text in place.

    Characters that `encoding` lacks are written as references (XML, HTML) or escapes (JSON).
    """
    wanted = mended(printed, edits)
    if not wanted:
        return printed.source
    changed = np.array(sorted(wanted), np.int64)
    write = _writer(printed, encoding)
    patches = {(start, end): write(wanted[at], start) for start, end, at in _places(printed, changed) if start >= 0}
    parts: list[str] = []
    reached = 0
    for (start, end), written in sorted(patches.items()):
        if start < reached:
            continue  # a span that is within another: markup that stands for one space at two places
        parts += (printed.source[reached:start], written)
        reached = end
    return "".join([*parts, printed.source[reached:]])


def _places(printed: Printed, changed: NDArray[np.int64]) -> Iterator[tuple[int, int, int]]:
    """Where the code points stand in the source, wherever they do: start, end, code point."""
    yield from zip(printed.starts[changed].tolist(), printed.ends[changed].tolist(), changed.tolist(), strict=True)
    for mirror in printed.mirrors:
        at = np.searchsorted(mirror.code_points, changed)
        at = np.minimum(at, len(mirror.code_points) - 1)
        held = mirror.code_points[at] == changed
        yield from zip(
            mirror.starts[at][held].tolist(), mirror.ends[at][held].tolist(), changed[held].tolist(), strict=True
        )


class _Mending:
    """What becomes of the code points that edits touch: what is put before each, what it is now, what is put behind it."""

    def __init__(self, printed: Printed) -> None:
        self._printed = printed
        self._parts: dict[int, list[str]] = {}

    def replace(self, at: int, new: str) -> None:
        """The code point becomes another text."""
        self._of(at)[1] = new

    def insert(self, at: int, new: str) -> None:
        """Puts text before the code point at an offset: in front of it, or behind the one before where that is on its line or
        nothing follows. It goes beside what can be seen, since white space need not stand everywhere that a line does.
        """
        if not new.strip() and self._between_lines(at):
            return
        before, following = self._visible(at - 1, -1), self._visible(at, 1)
        lines = self._printed.lines
        here = lines[at] if at < len(lines) and lines[at] >= 0 else lines[at - 1] if at else -1
        if before is not None and (following is None or lines[before] == here):
            self._of(before)[2] += new
        elif following is not None:
            self._of(following)[0] += new

    def texts(self) -> dict[int, str]:
        """The text that stands for each code point now, of those that are not what they were."""
        printed = self._printed
        found = {at: "".join(parts) for at, parts in self._parts.items()}
        return {at: text for at, text in found.items() if text != printed.text[at] or not printed.is_text[at]}

    def _of(self, at: int) -> list[str]:
        return self._parts.setdefault(at, ["", self._printed.text[at], ""])

    def _visible(self, at: int, step: int) -> int | None:
        """The nearest code point from an offset on that stands in the source and can be seen."""
        printed = self._printed
        while 0 <= at < len(printed.text):
            if printed.is_text[at] and not printed.text[at].isspace():
                return at
            at += step
        return None

    def _between_lines(self, at: int) -> bool:
        """Whether an offset is at the end of a line or at its beginning, where white space says nothing."""
        lines = self._printed.lines
        return at == 0 or at >= len(lines) or lines[at - 1] != lines[at] or lines[at] < 0


def mended(printed: Printed, edits: Iterable[Edit]) -> dict[int, str]:
    """What the code points of the text that edits touch become, each in its own line."""
    mending = _Mending(printed)
    moved: list[Edit] = []
    for edit in edits:
        if edit.kind == "change" and edit.after is not None:
            _distribute(printed, edit, edit.after, mending)
        elif edit.kind == "move":
            moved.append(edit)
    kept = set(_line_ends_around(printed.text, moved))
    return {at: text for at, text in mending.texts().items() if at not in kept}


def _line_ends_around(text: str, moves: Iterable[Edit]) -> Iterator[int]:
    """The line ends before and behind what was moved: it stays, and so must they."""
    for move in moves:
        for edge in (move.start, move.end):
            low = high = edge
            while low > 0 and text[low - 1].isspace():
                low -= 1
            while high < len(text) and text[high].isspace():
                high += 1
            yield from (at for at in range(low, high) if text[at] == "\n")


def _distribute(printed: Printed, edit: Edit, after: str, mending: _Mending) -> None:
    """Parts a change into what becomes of each code point."""
    for step in Levenshtein.opcodes(edit.before, after):
        low, high = edit.start + step.src_start, edit.start + step.src_end
        new = _one_line(after[step.dest_start : step.dest_end])
        if step.tag == "insert":
            mending.insert(low, new)
        elif step.tag == "delete":
            for at in range(low, high):
                if not _divides_word(printed, at, high):
                    mending.replace(at, "")
        elif step.tag == "replace":
            for at, char in zip(range(low, high), new, strict=True):
                if char.isspace() and not printed.is_text[at] and not _has_end(printed, at):
                    continue  # white space for white space
                if printed.text[at].isspace() and not char.isspace():
                    mending.replace(at, "")
                    mending.insert(at, char)
                else:
                    mending.replace(at, char)


def _divides_word(printed: Printed, at: int, end: int) -> bool:
    """Whether the code point is the hyphen of a word that a join put together, where the document keeps its lines, and so the hyphen."""
    text = printed.text
    return text[at] == "-" and at + 1 < end and text[at + 1] == "\n" and not _has_end(printed, at + 1)


def _has_end(printed: Printed, at: int) -> bool:
    """Whether the code point is a line end that has markup of its own."""
    return printed.text[at] == "\n" and bool(printed.starts[at] >= 0)


_LINE_ENDS = str.maketrans(dict.fromkeys("\n\r\f\v\x85\u2028\u2029", " "))


def _one_line(text: str) -> str:
    """New text as it stands on a line: a line end would part it."""
    return text.translate(_LINE_ENDS)


_NOT_IN_XML = re.compile("[^\t -\ud7ff\udc80-\udcff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML has no place for; undecodable bytes of the source go back as they came."""


_CHARACTER_DATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)


def _writer(printed: Printed, encoding: str) -> Callable[[str, int], str]:
    """What writes new text as its format has it, at a place of the source."""
    if printed.format in _JSON:
        ascii_only = printed.source.isascii()
        return lambda text, at: _encodable(json.dumps(text, ensure_ascii=ascii_only)[1:-1], encoding, _escape)
    if printed.format == tesseract_tsv.NAME:
        return lambda text, at: text.replace("\t", " ")
    literal = Spans(match.span() for match in _CHARACTER_DATA.finditer(printed.source))

    def write(text: str, at: int) -> str:
        text = _NOT_IN_XML.sub("\ufffd", text)
        if literal and at in literal and "]]>" not in text:
            return text
        return _encodable(escape(text), encoding, lambda char: f"&#{ord(char)};")

    return write


def _escape(char: str) -> str:
    return json.dumps(char)[1:-1]


def _encodable(text: str, encoding: str, otherwise: Callable[[str], str]) -> str:
    """Text, with what the encoding lacks written otherwise."""
    try:
        text.encode(encoding, "surrogateescape")
    except UnicodeEncodeError:
        return "".join(char if _has(encoding, char) else otherwise(char) for char in text)
    return text


def _has(encoding: str, char: str) -> bool:
    try:
        char.encode(encoding, "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True
