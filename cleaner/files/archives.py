"""Archives read in place: their tables of contents, and their members one by one.

An archive may come from anywhere, so nothing in it is trusted: names that lead out of it are refused, links and devices
are not followed, and a member or an archive that unpacks to far more than text ever does is not unpacked (a zip bomb).
Nothing is ever unpacked to disk. A zip is read at any place; a tar forwards only, so that its members are best asked for in
its own order.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import tarfile
import threading
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from errno import EINVAL
from pathlib import Path
from typing import IO, cast

from cleaner.files.compression import damages
from cleaner.files.unreadable import UnreadableDocument, too_large

MOST_UNPACKED = 100
"""Times its packed size that a member or a tar may have. Chinese text is packed to a third, markup to a tenth; zeros to a
thousandth, of which bombs are made."""

ALWAYS_UNPACKED = 4 * 1024 * 1024
"""Bytes that are unpacked however small they were packed."""

MOST_WINDOW = 128 * 1024 * 1024
"""Bytes of window that a Zstandard stream may ask for: as much as `zstd --long` does."""

_FAULTS = (zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, NotImplementedError, RuntimeError,
           ValueError, UnicodeError)  # fmt: skip

_OUTSIDE = "members whose names lead out of the archive were not read"
_NO_FILES = "links, pipes and devices in it were not read"
_LOCKED = "members locked with a password were not read; unpack them first"

_HAS_DRIVE = re.compile("[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its place, counted from 0, its name with `/`, its size in bytes, why it is not to be read."""

    place: int
    name: str
    size: int
    refused: str = ""


def members(path: Path) -> Iterator[Member]:
    """The files in an archive, in its order. Raises UnreadableDocument where it is damaged, or unpacks beyond measure, and OSError."""
    with _told():
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for place, info in enumerate(archive.infolist()):
                    if not info.filename.endswith("/"):
                        yield _in_zip(place, info)
        else:
            with _Tar(path) as tar:
                for place, entry in enumerate(tar.entries()):
                    if not entry.isdir():
                        yield _in_tar(place, entry)


def read_member(path: Path, place: int, most: int) -> bytes:
    """The bytes of a member. Raises UnreadableDocument where it has more than `most`, or cannot be read, and OSError."""
    with _told():
        try:
            return _reader(path).read(place, most)
        except Exception:
            _let_go()  # nobody knows where in the archive it stands now
            raise


def _in_zip(place: int, info: zipfile.ZipInfo) -> Member:
    raw = info.filename
    if not info.flag_bits & 0x800:  # which says that the name is UTF-8; of others zipfile takes it to be code page 437
        with suppress(UnicodeEncodeError):  # unless the archive has the name in Unicode elsewhere
            raw = _named(raw.encode("cp437"))
    name = _inside(raw.replace("\\", "/"))
    if name is None:
        return Member(place, raw, info.file_size, _OUTSIDE)
    if info.external_attr >> 28 not in (0, 8):  # the file type of Unix, where it was packed there: 8 is a file
        return Member(place, name, info.file_size, _NO_FILES)
    return Member(place, name, info.file_size, _LOCKED if info.flag_bits & 0x1 else "")


def _in_tar(place: int, info: tarfile.TarInfo) -> Member:
    raw = _named(info.name.encode("utf-8", "surrogateescape"))
    name = _inside(raw)
    if name is None:
        return Member(place, raw, info.size, _OUTSIDE)
    return Member(place, name, info.size, "" if info.isreg() else _NO_FILES)


def _named(raw: bytes) -> str:
    """A name of a member: archives do not say in what encoding it is, and Chinese Windows packs in GBK."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            pass
    return raw.decode("utf-8", "surrogateescape")


def _inside(name: str) -> str | None:
    """A member's name as a plain path below the archive; None where it leads elsewhere."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if not parts or ".." in parts or name.startswith("/") or _HAS_DRIVE.match(name) or "\0" in name:
        return None
    return "/".join(parts)


@contextmanager
def _told() -> Iterator[None]:
    """Turns what the libraries raise for a damaged archive into UnreadableDocument."""
    try:
        yield
    except _faults() as error:
        raise UnreadableDocument(
            f"a damaged archive, or of an unknown kind ({error or type(error).__name__})"
        ) from error
    except OSError as error:
        if error.errno in (None, EINVAL):  # bz2 and gzip tell of damage so, and a zip that points before its beginning
            raise UnreadableDocument(f"a damaged archive ({error})") from error
        raise


def _faults() -> tuple[type[Exception], ...]:
    """What the libraries raise for a damaged archive."""
    return (*_FAULTS, *damages())


class _Zip:
    """A zip, open for reading its members."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        self._infos = self._archive.infolist()

    def read(self, place: int, most: int) -> bytes:
        """The bytes of the member at that place."""
        info = self._infos[place] if place < len(self._infos) else None
        if info is None:
            raise UnreadableDocument("the archive has changed since it was listed; run again")
        if info.file_size > most:
            raise UnreadableDocument(too_large(info.file_size, most))
        if info.file_size > max(ALWAYS_UNPACKED, MOST_UNPACKED * info.compress_size):
            raise UnreadableDocument(
                f"it unpacks to {info.file_size / max(info.compress_size, 1):,.0f} times its packed size, as no text does"
            )
        with self._archive.open(info) as stream:
            return stream.read(most + 1)

    def close(self) -> None:
        """Closes the file."""
        self._archive.close()


class _Bounded:
    """A stream that unpacks, and stops when it has given more than a tar may hold."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream = stream
        self._left = most

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size` of them."""
        given = self._stream.read(size)
        self._left -= len(given)
        if self._left < 0:
            raise UnreadableDocument(
                f"the archive unpacks to more than {MOST_UNPACKED} times its size, as no text does"
            )
        return given

    def close(self) -> None:
        """Closes the stream."""
        self._stream.close()


class _Tar:
    """A tar, packed or not, read forwards."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open()

    def _open(self) -> None:
        most = max(ALWAYS_UNPACKED, MOST_UNPACKED * self._path.stat().st_size)
        self._stream = _Bounded(_unpacking(self._path), most)
        self._tar = tarfile.open(fileobj=cast(IO[bytes], self._stream), mode="r|", errors="surrogateescape")  # noqa: SIM115
        self._next = 0

    def entries(self) -> Iterator[tarfile.TarInfo]:
        """All entries from the present one on."""
        while (info := self._tar.next()) is not None:
            self._tar.members.clear()  # type: ignore[attr-defined]  # which it keeps for going back; a million of them are a gigabyte
            self._next += 1
            yield info

    def read(self, place: int, most: int) -> bytes:
        """The bytes of the member at that place."""
        if place < self._next:
            self.close()
            self._open()
        for info in self.entries():
            if self._next <= place:
                continue
            if info.size > most:
                raise UnreadableDocument(too_large(info.size, most))
            stream = self._tar.extractfile(info) if info.isreg() else None
            if stream is None:
                break
            return stream.read(most + 1)
        raise UnreadableDocument("the archive has changed since it was listed; run again")

    def close(self) -> None:
        """Closes the file."""
        self._tar.close()
        self._stream.close()

    def __enter__(self) -> _Tar:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _unpacking(path: Path) -> IO[bytes]:
    """A stream of the bytes that were packed, whatever they were packed with."""
    with path.open("rb") as file:
        start = file.read(6)
    if start.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.open(path))
    if start.startswith(b"BZh"):
        return cast(IO[bytes], bz2.open(path))
    if start.startswith(b"\xfd7zXZ\0"):
        return cast(IO[bytes], lzma.open(path))
    if start.startswith(b"\x28\xb5\x2f\xfd"):
        return _unpacking_zstandard(path)
    return path.open("rb")


def _unpacking_zstandard(path: Path) -> IO[bytes]:
    try:
        import zstandard
    except ImportError as error:
        raise UnreadableDocument("a Zstandard archive; to read it, pip install 'cleaner[zstd]'") from error
    try:
        return cast(IO[bytes], zstandard.ZstdDecompressor(max_window_size=MOST_WINDOW).stream_reader(path.open("rb")))
    except zstandard.ZstdError as error:
        raise UnreadableDocument(f"a damaged archive ({error})") from error


_held = threading.local()
"""The archive that was read last, which the next member asked for is most likely in: `key` and `reader`."""


def _reader(path: Path) -> _Zip | _Tar:
    status = path.stat()
    key = path, status.st_mtime_ns, status.st_size
    if getattr(_held, "key", None) != key:
        _let_go()
        _held.reader = _Zip(path) if zipfile.is_zipfile(path) else _Tar(path)
        _held.key = key
    return cast("_Zip | _Tar", _held.reader)


def _let_go() -> None:
    """Closes the archive that was read last."""
    if getattr(_held, "key", None) is not None:
        _held.key = None
        _held.reader.close()
