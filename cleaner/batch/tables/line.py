"""A line of JSONL with a text in it: the text found, and put back changed with every other byte as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]  # in typeshed it has another home
from typing import Any, NamedTuple

from cleaner.errors import nearest

_SPACE = re.compile(r"[ \t\n\r]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_READ = json.JSONDecoder(parse_int=float)  # which takes any number of digits, as int does not; only texts are used

MOST_NAMED = 12
"""Fields that a message lists."""


class BrokenLine(ValueError):
    """A line without a text that could be cleaned. The message says why."""


class Span(NamedTuple):
    """Where a value stands in a line, in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of JSONL: the text of a field and where it stands.

    `members` are where the values of the outermost object stand, `end` is its closing brace; `gaps` are what stands before
    a member and between its name and value.
    """

    line: str
    text: str
    span: Span
    members: Mapping[str, Span]
    end: int
    gaps: tuple[str, str]

    def with_(self, text: str, added: Mapping[str, Any]) -> str:
        """The line with another text, and with fields added at the end of the object, or replaced where they are there.

        Text is escaped where the line's was. Only what is changed is written anew.
        """
        changes: list[tuple[Span, str]] = []
        if text != self.text:
            changes.append((self.span, self._written(text)))
        appended = ""
        before, between = self.gaps
        for name, value in added.items():
            if name in self.members:
                changes.append((self.members[name], self._written(value)))
            else:
                appended += f",{before}{self._written(name)}:{between}{self._written(value)}"
        last = max((span.end for span in self.members.values()), default=self.end)
        changes.append((Span(last, last), appended))
        line = self.line
        for span, new in sorted(changes, reverse=True):
            line = line[: span.start] + new + line[span.end :]
        return line

    def _written(self, value: object) -> str:
        """A value as JSON, in the style of the line."""
        plain = self.line[self.span.start : self.span.end].isascii() and not self.text.isascii()
        separators = ("," + (" " if self.gaps[1] else ""), ":" + (" " if self.gaps[1] else ""))
        written = json.dumps(value, ensure_ascii=plain, separators=separators)
        return _SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", written)


def parsed(line: str, field: Sequence[str]) -> Line | None:
    """The line read; `field` is the name of the text's field, or names from outside inwards. None where it is null.

    Raises BrokenLine where it is no JSON object, has no such field, or the field holds no text.
    """
    try:
        begin = _skip(line, 1 if line.startswith("\ufeff") else 0)
        if line[begin : begin + 1] != "{":
            _value(line, begin)
            raise BrokenLine("no JSON object")
        members, end, gaps = _object(line, begin)
        if _skip(line, end + 1) < len(line):
            raise BrokenLine(f"not JSON: more text behind the object, at character {end + 2}")
        span, here = _found(line, members, field)
    except json.JSONDecodeError as error:
        raise BrokenLine(f"not JSON: {error.msg}, at character {error.pos + 1}") from error
    except RecursionError as error:
        raise BrokenLine("JSON that is nested too deeply") from error
    value = _READ.raw_decode(line, span.start)[0]
    if value is None:
        return None
    if not isinstance(value, str):
        raise BrokenLine(f"{'.'.join(field)} holds {_kind(value)}, not text")
    return Line(line, value, span, here, end, gaps)


def _found(line: str, members: dict[str, Span], field: Sequence[str]) -> tuple[Span, dict[str, Span]]:
    """Where the value of the field stands, and the members of the outermost object."""
    inner = members
    if (whole := ".".join(field)) in members:
        return members[whole], members
    for depth, name in enumerate(field):
        if name not in inner:
            raise BrokenLine(_missing(".".join(field[: depth + 1]), [".".join((*field[:depth], n)) for n in inner]))
        span = inner[name]
        if depth + 1 < len(field):
            if line[span.start] != "{":
                raise BrokenLine(f"{'.'.join(field[: depth + 1])} is no object, so it has no {field[depth + 1]}")
            inner = _object(line, span.start)[0]
    return span, members


def _missing(name: str, there: list[str]) -> str:
    best = nearest(name, there)
    meant = f"; did you mean {best}?" if best else ""
    return f"no field {name} (there are: {', '.join(there[:MOST_NAMED]) or 'none'}){meant}"


def _object(line: str, begin: int) -> tuple[dict[str, Span], int, tuple[str, str]]:
    """The members of the object at `begin`, its closing brace, and the spaces before its second member and its first value.

    Of members of one name the last counts, as json.loads has it. Raises json.JSONDecodeError.
    """
    members: dict[str, Span] = {}
    gaps = (" ", " ")
    at = _skip(line, begin + 1)
    if line[at : at + 1] == "}":
        return members, at, gaps
    while True:
        if line[at : at + 1] != '"':
            raise json.JSONDecodeError("expecting a name in quotes", line, at)
        name, at = scanstring(line, at + 1, True)
        colon = _skip(line, at)
        if line[colon : colon + 1] != ":":
            raise json.JSONDecodeError("expecting ':'", line, colon)
        start = _skip(line, colon + 1)
        end = _value(line, start)
        if not members:
            gap = line[colon + 1 : start]
            gaps = (gap, gap)
        members[name] = Span(start, end)
        at = _skip(line, end)
        if line[at : at + 1] == "}":
            return members, at, gaps
        if line[at : at + 1] != ",":
            raise json.JSONDecodeError("expecting ',' or '}'", line, at)
        at = _skip(line, comma := at + 1)
        gaps = (line[comma:at], gaps[1])


def _value(line: str, start: int) -> int:
    """Where the value that begins at `start` ends. Raises json.JSONDecodeError."""
    try:
        return _READ.raw_decode(line, start)[1]
    except IndexError as error:
        raise json.JSONDecodeError("expecting a value", line, start) from error


def _skip(line: str, at: int) -> int:
    match = _SPACE.match(line, at)
    return match.end() if match else at


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return "a number"
