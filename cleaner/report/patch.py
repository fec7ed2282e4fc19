"""Edits as a patch: what `patch -p1` or `git apply` makes of the sources, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from cleaner.files import formats
from cleaner.files.read import Reading
from cleaner.files.write import clean_file
from cleaner.text.edits import Band, Edit, apply

CONTEXT = 3
"""Lines that stay as they are, told around those that change."""

NO_END = b"\n\\ No newline at end of file\n"


def mended(reading: Reading, records: Iterable[Mapping[str, Any]]) -> bytes:
    """The clean file that a document becomes by these edits of edits.jsonl alone: its text, or a document of the same format."""
    edits = chosen(records)
    if reading.printed is not None:
        return formats.with_edits(reading.printed, reading.decoded, edits)
    return clean_file(apply(reading.text, edits))


def chosen(records: Iterable[Mapping[str, Any]]) -> list[Edit]:
    """The edits that can be carried out together, of those of edits.jsonl, applied or suggested.

    A suggestion stands for the applied edits in it; of suggestions that overlap, the surer is taken.
    """
    edits = [_edit(record) for record in records if record["after"] is not None]
    suggested: list[Edit] = []
    for edit in sorted((e for e in edits if e.band is Band.SUGGESTED), key=lambda e: (-e.confidence, e.start)):
        if not any(_meet(edit, other) for other in suggested):
            suggested.append(edit)
    applied = [e for e in edits if e.band is Band.APPLIED and not any(_meet(e, s) for s in suggested)]
    return [*applied, *suggested]


def _meet(a: Edit, b: Edit) -> bool:
    if a.kind != b.kind:
        return False
    return (a.start, a.end) == (b.start, b.end) or (a.start < b.end and b.start < a.end)


def _edit(record: Mapping[str, Any]) -> Edit:
    return Edit(
        start=record["start"], end=record["end"], before=record["before"], after=record["after"], rule=record["rule"],
        band=Band(record["band"]), confidence=record["confidence"], kind=record.get("kind", "change"), to=record.get("to"),
    )  # fmt: skip


def unified(name: str, source: bytes, clean: bytes) -> bytes:
    """The patch that turns the bytes of a document into those of its clean file; nothing where they are the same."""
    before, after = source.split(b"\n"), clean.split(b"\n")
    parts = [part for group in _groups(before, after) for part in _hunk(group, before, after)]
    if not parts:
        return b""
    path = name.encode("utf-8", "surrogateescape")
    return b"".join([b"--- " + _name(b"a/" + path), b"+++ " + _name(b"b/" + path), *parts])


Opcodes = Sequence[tuple[str, int, int, int, int]]


def _groups(before: list[bytes], after: list[bytes]) -> Iterator[Opcodes]:
    """What is to be done, in hunks. The last line of either is what follows the last line end: often nothing."""
    for lines in (before, after):
        if lines[-1] == b"":
            lines.pop()
        else:
            lines[-1] += NO_END
    yield from SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(CONTEXT)


def _hunk(group: Opcodes, before: Sequence[bytes], after: Sequence[bytes]) -> Iterator[bytes]:
    first, last = group[0], group[-1]
    if all(tag == "equal" for tag, *_ in group):
        return
    yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@\n".encode()
    for tag, old, old_end, new, new_end in group:
        if tag == "equal":
            yield from (_line(b" ", line) for line in before[old:old_end])
            continue
        yield from (_line(b"-", line) for line in before[old:old_end])
        yield from (_line(b"+", line) for line in after[new:new_end])


def _line(mark: bytes, line: bytes) -> bytes:
    return mark + line + (b"" if line.endswith(NO_END) else b"\n")


def _range(start: int, end: int) -> str:
    """Lines as a hunk's head counts them: an empty range names the line before it."""
    length = end - start
    return f"{start + 1 if length else start}" + ("" if length == 1 else f",{length}")


def _name(path: bytes) -> bytes:
    """A name in a patch's head, quoted as git does where it holds what would end it."""
    if any(byte < 0x20 or byte in b'"\\' for byte in path):
        escaped = b"".join(
            b"\\%03o" % byte if byte < 0x20 else b"\\" + bytes([byte]) if byte in b'"\\' else bytes([byte])
            for byte in path
        )
        return b'"' + escaped + b'"\n'
    return path + (b"\t\n" if b" " in path else b"\n")
