"""A listing of documents that lies on disk: as long as it may be, it takes a few megabytes of memory.

It is a temporary SQLite database, which SQLite keeps in its cache while it is small and in an unnamed file once it is
not, some 300 bytes a document (measured with 100,000). The file is gone with the process, however that ends.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self

from cleaner.files.found import Found

AT_ONCE = 1_000
"""Documents that are put into the database at once."""

CACHE = 8_192
"""Kibibytes that SQLite may keep in memory."""

_COLUMNS = "name, path, size, modified, member"
_CLEAN = "coalesce(clean, name)"


class Listing:
    """Documents: added in any order, read in that of their names, members of an archive in that of the archive.

    Add all, `close` it, then ask and iterate, any number of times. Names are kept as bytes, for they need not be text.
    """

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._connection.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -{CACHE};"
            "CREATE TABLE found (name BLOB, path BLOB, size INTEGER, modified INTEGER, member INTEGER, clean BLOB, turn BLOB);"
            "CREATE TABLE folders (path BLOB PRIMARY KEY, example INTEGER) WITHOUT ROWID;"
        )
        self._waiting: list[tuple[Any, ...]] = []

    @classmethod
    def of(cls, documents: Iterable[Found]) -> Self:
        """A listing of documents that are known."""
        listing = cls()
        for found in documents:
            listing.add(found)
        listing.close()
        return listing

    def add(self, found: Found) -> None:
        """Adds a document."""
        name, clean = os.fsencode(found.name), os.fsencode(found.clean)
        turn = name
        if found.member is not None:  # in the order of the archive, which can be read forwards only
            turn = os.fsencode(found.path) + b"/%012d" % found.member
        self._waiting.append(
            (
                name,
                os.fsencode(found.path),
                found.size,
                found.modified,
                found.member,
                None if clean == name else clean,
                turn,
            )
        )
        if len(self._waiting) >= AT_ONCE:
            self._put()

    def _put(self) -> None:
        self._connection.executemany("INSERT INTO found VALUES (?, ?, ?, ?, ?, ?, ?)", self._waiting)
        self._waiting.clear()

    def close(self, *, twice: bool = False) -> None:
        """Puts the documents in order; with `twice`, a file that was added again counts once, as what it was first.

        The later of two members of one archive by one name takes the place of the former, as it does when unpacked.
        """
        self._put()
        execute = self._connection.execute
        if twice:
            execute(
                "DELETE FROM found WHERE rowid NOT IN (SELECT min(rowid) FROM found GROUP BY path, coalesce(member, -1))"
            )
        execute(
            "DELETE FROM found WHERE member IS NOT NULL AND rowid NOT IN "
            "(SELECT max(rowid) FROM found WHERE member IS NOT NULL GROUP BY path, name)"
        )
        execute("CREATE INDEX in_turn ON found (turn)")

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM found").fetchone()[0])

    def __iter__(self) -> Iterator[Found]:
        for row in self._connection.execute(f"SELECT {_COLUMNS} FROM found ORDER BY turn"):
            yield _found(row)

    def sizes(self) -> Iterator[int]:
        """The size of each document in bytes."""
        return (size for (size,) in self._connection.execute("SELECT size FROM found"))

    def places(self) -> Iterator[tuple[str, str]]:
        """The name of each document, and the path of its file."""
        rows = self._connection.execute("SELECT name, path FROM found ORDER BY turn")
        return ((os.fsdecode(name), os.fsdecode(path)) for name, path in rows)

    def large(self, size: int, number: int) -> Iterator[Found]:
        """The largest documents, so many at most, of at least `size` bytes. Members of archives are not among them: they are
        best read in their places."""
        query = f"SELECT {_COLUMNS} FROM found WHERE size >= ? AND member IS NULL ORDER BY size DESC, turn LIMIT ?"
        return map(_found, self._connection.execute(query, (size, number)))

    def clash(self) -> tuple[Found, Found] | None:
        """Two documents that have the same clean file, the one found first leading; None where there are none."""
        query = f"SELECT {_CLEAN} FROM found GROUP BY {_CLEAN} HAVING count(*) > 1 ORDER BY min(rowid) LIMIT 1"
        row = self._connection.execute(query).fetchone()
        if row is None:
            return None
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM found WHERE {_CLEAN} = ? ORDER BY rowid LIMIT 2", row
        ).fetchall()
        return _found(rows[0]), _found(rows[1])

    def file_and_folder(self) -> tuple[Found, Found] | None:
        """A document whose clean file has the name of a folder that another's lies in, and that other; or None."""
        self._note_folders()
        row = self._connection.execute(
            f"SELECT found.rowid, example FROM found JOIN folders ON folders.path = {_CLEAN.replace('name', 'found.name')} LIMIT 1"
        ).fetchone()
        if row is None:
            return None
        one, other = (
            self._connection.execute(f"SELECT {_COLUMNS} FROM found WHERE rowid = ?", (number,)).fetchone()
            for number in row
        )
        return _found(one), _found(other)

    def _note_folders(self) -> None:
        """Notes the folders that clean files lie in, each with one of them."""
        last = b""
        rows: list[tuple[bytes, int]] = []
        for number, clean in self._connection.execute(f"SELECT rowid, {_CLEAN} FROM found"):
            folder = clean.rpartition(b"/")[0]
            if folder == last:  # as it is for nearly every document
                continue
            last = folder
            while folder:
                rows.append((folder, number))
                folder = folder.rpartition(b"/")[0]
        self._connection.executemany("INSERT OR IGNORE INTO folders VALUES (?, ?)", rows)


def _found(row: tuple[Any, ...]) -> Found:
    name, path, size, modified, member = row
    return Found(os.fsdecode(name), Path(os.fsdecode(path)), size, modified, member)
