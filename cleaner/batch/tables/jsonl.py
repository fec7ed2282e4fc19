"""JSONL: one JSON object a line, the text in one of its fields. Everything but that text stays byte for byte."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BufferedReader

from cleaner.batch.tables.line import BrokenLine, parsed
from cleaner.batch.tables.rows import Piece, PieceCleaned, RowsCleaned
from cleaner.files.compression import opened, packed
from cleaner.text.records import PLACES

SIZE = 256 * 1024
"""Bytes of a piece, and the rest of the line behind them: half a second of work, and nothing to hold in memory."""

BEGIN: Mapping[str, int] = {"offset": 0, "rows": 0}


def pieces(stream: BufferedReader, piece: Piece, most: int) -> Iterator[Piece]:
    """The pieces of a file, in order, from where `piece` says (`after`); the other values of `piece` stand in each.

    A line of more than `most` bytes comes in pieces of its own, to be passed through. One piece is given at least.
    """
    content = opened(stream, piece.document)
    _skip(content, piece.after["offset"])
    while not piece.last:
        lines = content.read(SIZE)
        if lines and not lines.endswith(b"\n"):
            lines += content.readline(most)
        if lines.endswith(b"\n") or not content.peek(1):
            yield (piece := _next(piece, lines, content))
            continue
        whole, end, begun = lines.rpartition(b"\n")
        if end:
            yield (piece := _next(piece, whole + end, content))
        yield (piece := replace(_next(piece, begun, content), too_long="begins"))
        while not piece.content.endswith(b"\n") and not piece.last:
            yield (piece := replace(_next(piece, content.readline(SIZE), content), too_long="goes on"))


def _next(piece: Piece, lines: bytes, content: BufferedReader) -> Piece:
    """The piece behind `piece`."""
    last = not content.peek(1)
    rows = piece.after["rows"]
    after = {"offset": piece.after["offset"] + len(lines), "rows": rows + _rows(lines, last)}
    return replace(piece, content=lines, first_row=rows + 1, after=after, last=last, too_long="")


def _rows(lines: bytes, last: bool) -> int:
    """The line ends, and the last line where it has none."""
    return lines.count(b"\n") + (last and bool(lines) and not lines.endswith(b"\n"))


def _skip(content: BufferedReader, offset: int) -> None:
    while offset and (passed := content.read(min(offset, 1 << 20))):
        offset -= len(passed)


def cleaned(piece: Piece) -> PieceCleaned:
    """A piece, its texts cleaned; lines in which there is none are kept and noted. Raises nothing for their sake."""
    rows = RowsCleaned(piece.document, piece.how)
    field = tuple(piece.how.column.split("."))
    out = piece.content if piece.too_long else b"".join(_lines(piece, field, rows))
    if piece.too_long == "begins":
        rows.pass_over(piece.first_row, "too long to be cleaned with the memory there is")
    return rows.done(piece, packed(out, piece.document), _rows(piece.content, piece.last))


def kept(piece: Piece, why: str) -> PieceCleaned:
    """A piece with its texts as they are."""
    rows = RowsCleaned(piece.document, piece.how)
    rows.pass_over(piece.first_row, f"{why} (this line, and those up to {piece.after['rows']})")
    return rows.done(piece, packed(piece.content, piece.document), _rows(piece.content, piece.last))


def _lines(piece: Piece, field: tuple[str, ...], rows: RowsCleaned) -> Iterator[bytes]:
    for row, raw in enumerate(io.BytesIO(piece.content), piece.first_row):
        try:
            yield _line(raw, row, field, rows)
        except UnicodeDecodeError as error:
            rows.pass_over(row, f"not UTF-8 (byte {error.start + 1})")
            yield raw
        except BrokenLine as error:
            rows.pass_over(row, str(error))
            yield raw


def _line(raw: bytes, row: int, field: tuple[str, ...], rows: RowsCleaned) -> bytes:
    """A line of the clean file. Raises BrokenLine and UnicodeDecodeError."""
    if not raw.strip():
        return raw
    line = parsed(raw.decode("utf-8"), field)
    if line is None:
        return raw
    done = rows.clean(line.text, row)
    if done is None:
        return raw
    clean, records = done
    fields: dict[str, object] = {"edits": records} if rows.how.edits else {}
    if rows.how.quality:
        fields["quality"] = round(clean.quality, PLACES)
    return line.with_(clean.text, fields).encode("utf-8")
