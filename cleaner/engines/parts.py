"""What a run over many machines cleans: inputs on any filesystem that pyarrow knows, in parts of like size.

A part is some documents, or a stretch of a table. It is known by an id made of all that its result depends on, so that a
part once done is passed over by later runs. Tables of more than PART bytes come out as several, `name-00002-of-00007.jsonl`,
each a document of its own whose rows count from 1.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from cleaner.extras import needed
from cleaner.files.compression import SUFFIXES
from cleaner.files.find import TAKEN, UnusablePaths
from cleaner.files.found import Found
from cleaner.files.tables import table_of

PART = 32 * 1024 * 1024
"""Bytes of a part of a table: a minute or two of work on one core, which is what the loss of a machine costs."""

BUNDLE = 4 * 1024 * 1024
"""Bytes of documents that make a part."""

MOST_IN_BUNDLE = 1_000
"""Documents that make a part at most."""

CUT = 256
"""A bundle ends behind a document whose name has a checksum that this divides: a new file moves the ends of few bundles."""


class Place(NamedTuple):
    """A filesystem, and a path in it."""

    filesystem: Any
    path: str

    def below(self, *names: str) -> Place:
        """The place with names behind it."""
        return Place(self.filesystem, "/".join((self.path.rstrip("/"), *names)))


@dataclass(frozen=True, slots=True)
class Member:
    """A file to clean: its name, where it is, and by what it is told from what stood there before."""

    name: str
    place: Place
    size: int
    changed: str


@dataclass(frozen=True, slots=True)
class Part:
    """Some documents, or the stretch of one table from `start` to `end`: bytes of lines, row groups of Parquet.

    `clean` is the name of what comes out of a table.
    """

    id: str
    members: tuple[Member, ...]
    clean: str = ""
    start: int = 0
    end: int | None = None

    @property
    def format(self) -> str | None:
        """The format of a table; None for documents."""
        return table_of(self.members[0].name) if self.clean else None


def place_of(uri: str) -> Place:
    """Where a path or an address (s3://bucket/folder) points to. Raises UnusablePaths where no filesystem knows it."""
    fs = needed("pyarrow.fs", "ray", "--engine ray")
    try:
        if "://" in uri:
            return Place(*fs.FileSystem.from_uri(uri))
        return Place(fs.LocalFileSystem(), os.path.abspath(uri))
    except (OSError, ValueError) as error:
        raise UnusablePaths(f"{uri}: {error}") from error


def members(given: Sequence[str]) -> list[Member]:
    """The files under the paths, by name, named as `cleaner.files.find` does. Raises UnusablePaths and OSError."""
    found: dict[str, Member] = {}
    for uri in dict.fromkeys(given):
        top = place_of(uri)
        for member in _below(top, uri, prefixed=len(given) > 1):
            rival = found.setdefault(member.name, member)
            if rival.place.path != member.place.path:
                raise UnusablePaths(
                    f"{rival.place.path} and {member.place.path} would both be written to clean/{member.name}; "
                    "clean them into two folders, or give the folder above them"
                )
    return sorted(found.values(), key=lambda member: member.name)


def _below(top: Place, uri: str, prefixed: bool) -> Iterator[Member]:
    fs = needed("pyarrow.fs", "ray", "--engine ray")
    info = top.filesystem.get_file_info(top.path)
    if info.type == fs.FileType.File:
        yield _member(top, info, PurePosixPath(info.path).name)
        return
    if info.type != fs.FileType.Directory:
        raise UnusablePaths(f"there is nothing at {uri}")
    base = PurePosixPath(info.path)
    prefix = f"{base.name}/" if prefixed else ""
    for info in top.filesystem.get_file_info(fs.FileSelector(top.path, recursive=True)):
        relative = PurePosixPath(info.path).relative_to(base)
        taken = relative.suffix.lower() in TAKEN or table_of(relative.name)
        if info.is_file and taken and not any(part.startswith(".") for part in relative.parts):
            yield _member(top, info, prefix + str(relative))


def _member(top: Place, info: Any, name: str) -> Member:
    return Member(name, Place(top.filesystem, info.path), info.size or 0, str(info.mtime_ns))


def parts(found: Iterable[Member], depends: str) -> Iterator[Part]:
    """The files in parts; `depends` is what the results depend on beside the files. Raises OSError and pyarrow's errors."""
    bundle: list[Member] = []
    size = 0
    for member in found:
        if format_ := table_of(member.name):
            yield from _stretches(member, format_, depends)
            continue
        bundle.append(member)
        size += member.size
        cut = zlib.crc32(member.name.encode("utf-8", "surrogateescape")) % CUT == 0
        if cut or size >= BUNDLE or len(bundle) >= MOST_IN_BUNDLE:
            yield Part(_id(bundle, depends), tuple(bundle))
            bundle, size = [], 0
    if bundle:
        yield Part(_id(bundle, depends), tuple(bundle))


def _stretches(member: Member, format_: str, depends: str) -> Iterator[Part]:
    """The parts of a table; what is compressed as a whole is one."""
    if member.size <= PART or member.name.lower().endswith(SUFFIXES):
        yield Part(_id([member], depends), (member,), member.name)
        return
    ends = [*range(PART, member.size, PART), member.size] if format_ == "jsonl" else _group_ends(member)
    stem, dot, suffix = member.name.rpartition(".")
    for number, (start, end) in enumerate(zip([0, *ends], ends, strict=False)):
        clean = f"{stem}-{number:05}-of-{len(ends):05}{dot}{suffix}"
        yield Part(_id([member], f"{depends} {start} {end}"), (member,), clean, start, end)


def _group_ends(member: Member) -> list[int]:
    """Behind which row groups a Parquet file is cut."""
    parquet = needed("pyarrow.parquet", "ray", "--engine ray")
    with parquet.ParquetFile(member.place.path, filesystem=member.place.filesystem) as file:
        ends, size = [], 0
        for group in range(file.num_row_groups):
            size += file.metadata.row_group(group).total_byte_size
            if size >= PART or group + 1 == file.num_row_groups:
                ends.append(group + 1)
                size = 0
    return ends or [0]


def _id(found: Sequence[Member], depends: str) -> str:
    about = [depends, *(f"{m.name} {m.place.path} {m.size} {m.changed}" for m in found)]
    return hashlib.sha256("\n".join(about).encode("utf-8", "surrogateescape")).hexdigest()[:24]


def clean_name(member: Member) -> str:
    """The name of a document's clean file."""
    return Found(member.name, Path(), 0).clean
