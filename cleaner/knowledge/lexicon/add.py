"""A term put into a lexicon file, or changed there: all other lines stay as they are, byte for byte."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from cleaner.knowledge.lexicon.file import COMMENT, HEADER, Parsed, line_of, parse


class Refused(ValueError):
    """What cannot be put into the file. The message says why, and what to do."""


class Changes(NamedTuple):
    """What to say of a term; None or nothing where it is to stay as it is."""

    category: str | None = None
    weight: float | None = None
    forms: Sequence[str] = ()  # added to those it has
    protect: bool | None = None


def with_term(data: bytes, text: str, changes: Changes) -> bytes:
    """A file's bytes with the term in it: in its place where the terms stand in order, else at the end; in the line that
    it has where it is there already.

    Raises Refused where the file, or what it would become, cannot be used.
    """
    lines = _lines(data)
    parsed = parse(lines)
    if parsed.problems:
        number, says = parsed.problems[0]
        raise Refused(f"line {number} of the file cannot be used ({says}); mend it first")
    end = "\r\n" if lines and lines[0].endswith(b"\r\n") else "\n"
    texts = parsed.terms.texts()
    if text in texts:
        number = texts.index(text)
        at = parsed.lines[number] - 1
        lines[at] = _changed(lines[at], parsed, number, changes, end)
    else:
        at = _place(texts, parsed.lines, text, len(lines))
        if at and at == len(lines) and not lines[-1].endswith(b"\n"):
            lines[-1] += end.encode()
        row = line_of(text, changes.category or "", changes.weight, changes.forms, bool(changes.protect))
        lines.insert(at, (row + end).encode("utf-8", "surrogateescape"))
        if not data:
            lines.insert(0, f"{HEADER}{end}".encode())
            at += 1
    _refuse_problems(lines, at, text, changes)
    return b"".join(lines)


def _lines(data: bytes) -> list[bytes]:
    """The lines, each with its line feed."""
    pieces = data.split(b"\n")
    return [piece + b"\n" for piece in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])


def _place(texts: list[str], numbers: list[int], text: str, last: int) -> int:
    """The line (from 0) before which a new term goes, in a file of so many lines."""
    if not texts or not all(a <= b for a, b in pairwise(texts)):
        return last
    place = bisect_left(texts, text)
    return numbers[place - 1] if place else numbers[0] - 1


def _changed(raw: bytes, parsed: Parsed, number: int, changes: Changes, end: str) -> bytes:
    """The line of a term that is there, with what is to change; a comment behind it stays."""
    row = raw.decode("utf-8").removesuffix("\n").removesuffix("\r")
    row, mark, comment = row.partition(COMMENT)
    columns = [column.strip() for column in row.split("\t")] + [""] * 4
    term = parsed.terms[number]
    category = columns[1] if changes.category is None else changes.category
    weight = (term.weight if columns[2] else None) if changes.weight is None else changes.weight
    forms = dict.fromkeys([*term.forms, *changes.forms])
    protect = term.protect if changes.protect is None else changes.protect
    tail = end if raw.endswith(b"\n") else ""
    mark_of_order = "\ufeff" if raw.startswith(b"\xef\xbb\xbf") else ""
    text = columns[0].removeprefix("\ufeff")
    return (mark_of_order + line_of(text, category, weight, forms, protect) + mark + comment + tail).encode("utf-8")


def _refuse_problems(lines: list[bytes], at: int, text: str, changes: Changes) -> None:
    """Raises Refused where the lines with the new one (at this place, from 0) cannot be used, or do not say what they
    should."""
    after = parse(_lines(b"".join(lines)))
    if after.problems:
        raise Refused(after.problems[0].says)
    said = after.terms[after.lines.index(at + 1)] if at + 1 in after.lines else None
    if said is None or said.text != text:
        raise Refused(
            f"{text!r} cannot be written as a term: no tab, line end, # or blank may stand at its edges, or in it"
        )
    if (changes.category and said.category != changes.category) or not set(changes.forms) <= set(said.forms):
        raise Refused(
            "a category or form has a tab, a line end, | or # where the file gives that a meaning; leave it out"
        )
