"""JSON whose strings know where they stand in the source."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from json import scanner
from typing import Any

from cleaner.files.formats.parts import Field, plain
from cleaner.files.unreadable import UnreadableDocument


class Placed(str):
    """A string of a JSON document, and where its content begins and ends there, without the quotation marks."""

    __slots__ = ("end", "start")
    start: int
    end: int


class _Decoder(json.JSONDecoder):
    """The standard library's decoder, but for the strings; made of its Python parts, since the fast ones tell no places."""

    def __init__(self) -> None:
        super().__init__()
        scan: Callable[..., tuple[str, int]] = json.decoder.scanstring  # type: ignore[attr-defined]

        def parse(source: str, begin: int, strict: bool = True) -> tuple[str, int]:
            text, end = scan(source, begin, strict)
            placed = Placed(text)
            placed.start, placed.end = begin, end - 1
            return placed, end

        self.parse_string = parse
        self.scan_once = scanner.py_make_scanner(self)  # type: ignore[attr-defined]


def loads(source: str, what: str) -> Any:
    """The value of a JSON document, its strings `Placed` (keys are not). Raises UnreadableDocument where it is none."""
    try:
        return _Decoder().decode(source)
    except ValueError as error:
        raise UnreadableDocument(f"{what} not valid: {error}") from error
    except RecursionError as error:
        raise UnreadableDocument(f"{what} nested too deeply: it is damaged") from error


_UNIT = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL)


def field_of(source: str, text: Placed) -> Field:
    """Where each code point of a string stands, escaped or not."""
    if source.find("\\", text.start, text.end) < 0:
        return plain(source, text.start, text.end)
    spans = [match.span() for match in _UNIT.finditer(source, text.start, text.end)]
    if len(spans) != len(text):  # a lone surrogate beside another: told apart only by what Python made of them
        return Field("", (), ())
    return Field(str(text), [start for start, _ in spans], [end for _, end in spans])
