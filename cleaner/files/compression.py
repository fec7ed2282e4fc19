"""Compressed files as streams, and compressed pieces that make one file when they stand behind each other."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import Any, BinaryIO, cast

from cleaner.extras import needed

SUFFIXES = (".gz", ".zst")

LEVEL = 6
"""For both: what gzip does by default, and Zstandard at about the speed of its level 3."""


def opened(stream: BinaryIO, name: str) -> io.BufferedReader:
    """The content of a file of that name, unpacked where it ends in .gz or .zst. Raises MissingExtra.

    Reading raises OSError, EOFError or ValueError where the file is damaged, see `damages`.
    """
    if name.endswith(".gz"):
        return io.BufferedReader(cast(io.RawIOBase, gzip.GzipFile(fileobj=stream, mode="rb")))
    if name.endswith(".zst"):
        return io.BufferedReader(_zstandard().ZstdDecompressor().stream_reader(stream, read_across_frames=True))
    return io.BufferedReader(cast(io.RawIOBase, stream))


def damages() -> tuple[type[Exception], ...]:
    """What reading a damaged file raises."""
    try:
        return (EOFError, gzip.BadGzipFile, zlib.error, _zstandard().ZstdError)
    except ImportError:
        return (EOFError, gzip.BadGzipFile, zlib.error)


def packed(content: bytes, name: str) -> bytes:
    """Content as a piece of the file of that name: gzip members and Zstandard frames may follow each other."""
    if name.endswith(".gz"):
        return gzip.compress(content, LEVEL, mtime=0) if content else b""
    if name.endswith(".zst"):
        return cast(bytes, _zstandard().ZstdCompressor(LEVEL).compress(content)) if content else b""
    return content


def unpacked_name(path: Path | str) -> str:
    """A file's name without the suffix of its compression, in lower case."""
    name = str(path).lower()
    return next((name.removesuffix(suffix) for suffix in SUFFIXES if name.endswith(suffix)), name)


def _zstandard() -> Any:
    return needed("zstandard", "zstd", "reading .zst files")
