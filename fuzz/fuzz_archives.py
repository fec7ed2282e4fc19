"""Archives, damaged in every way: what is read of them lies inside, is no larger than asked for, or is refused with a message."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import zstandard

from begin import fuzz
from cleaner.files.archives import members, read_member
from cleaner.files.unreadable import UnreadableDocument

FOLDER = Path(mkdtemp(prefix="cleaner-fuzz-"))
FILE = FOLDER / "archive"
MOST = 1 << 20
"""Bytes of the largest member that is asked for."""
MOST_MEMBERS = 40


def check(data: bytes) -> None:
    """Lists an archive, and reads its members, forwards and the first once more."""
    FILE.write_bytes(data)
    os.utime(FILE, ns=(next(_TIMES),) * 2)  # so that it counts as another archive than the last
    try:
        found = [member for _, member in zip(range(MOST_MEMBERS), members(FILE), strict=False)]
    except UnreadableDocument as error:  # an OSError would be a fault of the disk
        assert str(error)
        return
    for member in found:
        if not member.refused:
            assert _lies_inside(member.name), member.name
    for member in (*found, *found[:1]):
        try:
            raw = read_member(FILE, member.place, MOST)
        except UnreadableDocument as error:
            assert str(error)
        else:
            assert len(raw) <= MOST + 1
    assert sorted(FOLDER.iterdir()) == [FILE], "something was unpacked"


_TIMES = iter(range(10**18, 2 * 10**18, 10**6))


def _lies_inside(name: str) -> bool:
    """Whether a name, put behind a folder's, cannot lead out of it."""
    path = Path(os.path.normpath(FOLDER / name))
    return path != FOLDER and path.is_relative_to(FOLDER) and "\0" not in name and not Path(name).is_absolute()


NAMES = ("a.txt", "卷一/页1.txt", "../a.txt", "/a.txt", "a/../../b.txt", "C:a.txt", "a\\..\\..\\b.txt", ".", "x" * 300)


def seeds() -> Iterator[bytes]:
    """Archives of every kind with good names and bad ones, links, long names, and bombs."""
    content = "公司的人驻,\n".encode()
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", method) as archive:
            for name in NAMES if method == zipfile.ZIP_STORED else NAMES[:3]:
                archive.writestr(name, content)
        yield stream.getvalue()
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT):
        raw = _tar(form, content)
        yield raw
        yield from (
            pack(raw) for pack in (gzip.compress, bz2.compress, lzma.compress, zstandard.ZstdCompressor().compress)
        )
    yield gzip.compress(_tar(tarfile.PAX_FORMAT, bytes(1 << 22)))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", bytes(1 << 23))
    yield stream.getvalue()


def _tar(form: int, content: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
        for name in NAMES[:3] + (("x" * 150,) if form != tarfile.USTAR_FORMAT else ()):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo("link.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    return stream.getvalue()


if __name__ == "__main__":
    fuzz(check, seeds(), longest=16000)
