"""Writing files: whole or not at all, and clean text as other tools like it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

UNFINISHED = ".cleaner-*.part"
"""Names of files that are being written."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def as_utf8(text: str) -> bytes:
    """A text as UTF-8, lone surrogates (undecodable bytes of the source) as U+FFFD; nothing else is changed."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode("utf-8")


def clean_file(text: str) -> bytes:
    """A clean text as it stands in its file: UTF-8, line ends LF, one final line end; an empty text is an empty file."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return as_utf8(unix.rstrip("\n") + "\n") if unix else b""


def like_source(text: str, source: str) -> str:
    """A clean text with the line ends of its source, and like it with a final one or without."""
    unix = source.replace("\r\n", "")
    counts = {"\n": unix.count("\n"), "\r\n": (len(source) - len(unix)) // 2, "\r": unix.count("\r")}
    end = max(counts, key=lambda end: counts[end])
    if end not in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", end)
    last = next((end for end in ("\r\n", "\n", "\r") if source.endswith(end)), "")
    return text if last and text.endswith(last) else text.rstrip("\r\n") + last


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes become the file at `path`, folders made as needed, once all are written and on disk.

    Where the block raises, the file is left as it was. What is no file (a pipe, a terminal) is written to directly.
    Raises OSError where it cannot be written.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / UNFINISHED.replace("*", token_hex(8))
    try:
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename == str(temporary):
            error.filename = str(path)  # the name that somebody gave
        raise


def clear_unfinished(folder: Path) -> None:
    """Removes what a process that was killed had begun to write in a folder and below."""
    for path in folder.rglob(UNFINISHED):
        path.unlink()


def write(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, over one that is there. Raises OSError."""
    with replacing(path) as stream:
        stream.write(content)
