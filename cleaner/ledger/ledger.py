"""The ledger of a run: one SQLite file that holds every document, its source bytes and its edits.

Resume, restore, diff and the report work from it alone; `cleaner.ledger.schema` says what is in its tables.

A run holds the file locked from its first to its last document; every document is one transaction, or in one with others. In
the finished file, names that are not UTF-8 on disk keep their bytes.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from cleaner.ledger.rows import Document as Document
from cleaner.ledger.rows import Known as Known
from cleaner.ledger.rows import Row as Row
from cleaner.ledger.rows import as_bytes, as_name
from cleaner.ledger.rows import document as document_of
from cleaner.ledger.schema import APPLICATION_ID, LATER_TABLES, SCHEMA, SCHEMA_VERSION

if TYPE_CHECKING:
    from cleaner.files.read import Reading

PATIENCE = 10
"""Seconds that a decision waits for a run, or another decision, to let go of the ledger."""

AT_ONCE = 500
"""Documents read from the ledger at once."""


class LedgerError(Exception):
    """A ledger that cannot be used. The message says which, why, and what to do."""


_COLUMNS = (
    "CAST(name AS BLOB), CAST(path AS BLOB), CAST(clean AS BLOB), clean_sha256, sha256, size, encoding, bom, certain, "
    "state, message, at, settings, version, source IS NOT NULL, characters, applied, suggested, flagged"
)

_KNOWN = "CAST(path AS BLOB), CAST(clean AS BLOB), clean_sha256, sha256, size, state, settings, version"

_OF_FILES = ", files.modified, files.member"
_OF_NO_FILES = ", NULL, NULL, NULL FROM documents"
_WITH_FILES = " FROM documents LEFT JOIN files ON document = number"


class InUse(LedgerError):
    """A ledger that a run is writing to."""


class Ledger:
    """A ledger, opened for reading (`open`) or for a run (`begin`). Close it, or use it in a `with` statement."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, writing: bool = False) -> None:
        self._connection = connection
        self._writing = writing
        self._documents = (
            "SELECT "
            + _COLUMNS
            + (f"{_OF_FILES}, files.quality{_WITH_FILES}" if _has(connection, "files") else _OF_NO_FILES)
        )
        self.path = path

    @classmethod
    def open(cls, path: Path, wait: float = 5.0) -> Ledger:
        """The ledger at `path`, for reading.

        Raises LedgerError where there is none, and InUse where a run is still writing it after so many seconds.
        """
        if not path.is_file():
            raise LedgerError(f"there is no ledger at {path}; give the folder that `cleaner run` wrote (its -o OUT)")
        with _explained(path):
            connection = sqlite3.connect(
                f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None, timeout=wait
            )
            _checked(connection, path)
        return cls(connection, path)

    @classmethod
    def begin(cls, path: Path) -> Ledger:
        """The ledger at `path`, created where missing and locked for one run.

        Raises LedgerError where it is not cleaner's, of another schema, or in use by another run.
        """
        with _explained(path):
            connection = sqlite3.connect(path, isolation_level=None, timeout=1)
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # no shared memory, so network folders work too
            connection.execute("PRAGMA foreign_keys = ON")
            fresh = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
            if not fresh:
                _checked(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            if fresh:
                connection.executescript(
                    f"BEGIN EXCLUSIVE; PRAGMA application_id = {APPLICATION_ID}; "
                    f"PRAGMA user_version = {SCHEMA_VERSION}; {SCHEMA} COMMIT;"
                )
            else:
                connection.executescript("BEGIN EXCLUSIVE; COMMIT;")  # takes the lock now, not at the first document
            connection.executescript(LATER_TABLES)
        return cls(connection, path, writing=True)

    @staticmethod
    def is_blank(path: Path) -> bool:
        """Whether the file is a database without any table: what a run leaves that is killed while it makes its ledger."""
        with _explained(path):
            connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
            try:
                return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0)
            finally:
                connection.close()

    @classmethod
    def deciding(cls, path: Path) -> Ledger:
        """The ledger at `path`, for reading and for adding decisions, by several processes at a time.

        Raises LedgerError where there is none, or a run is writing it for longer than one wants to wait.
        """
        if not path.is_file():
            raise LedgerError(f"there is no ledger at {path}; give the folder that `cleaner run` wrote (its -o OUT)")
        with _explained(path):
            connection = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE)
            _checked(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")  # a decision that was acknowledged outlives a power cut
            connection.executescript(LATER_TABLES)
        return cls(connection, path, writing=True)

    def close(self) -> None:
        """Closes the ledger; after a run it is one plain file again, readable from a read-only folder too."""
        if self._writing:
            self._connection.execute("PRAGMA busy_timeout = 0")
            with suppress(sqlite3.OperationalError):  # where others decide at the same time, the last of them does it
                (mode,) = self._connection.execute("PRAGMA journal_mode = DELETE").fetchone()
                if mode == "delete":  # one who only looked at what a killed run left may have left this
                    self.path.with_name(f"{self.path.name}-shm").unlink(missing_ok=True)
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Reading

    def documents(self) -> Iterator[Document]:
        """All documents, by name in code point order; what is written meanwhile may be among them or not."""
        query = f"{self._documents} WHERE name > CAST(? AS TEXT) ORDER BY name LIMIT {AT_ONCE}"
        rows = self._connection.execute(query, (b"",)).fetchall()
        while rows:
            yield from map(document_of, rows)
            rows = self._connection.execute(query, (rows[-1][0],)).fetchall()

    def document(self, name: str) -> Document | None:
        """The document of that name, or None."""
        query = f"{self._documents} WHERE name = CAST(? AS TEXT)"
        row = self._connection.execute(query, (as_bytes(name),)).fetchone()
        return None if row is None else document_of(row)

    def size(self) -> int:
        """How many documents there are."""
        return int(self._connection.execute("SELECT count(*) FROM documents").fetchone()[0])

    def characters(self) -> int:
        """How many code points all documents have together."""
        return int(self._connection.execute("SELECT coalesce(sum(characters), 0) FROM documents").fetchone()[0])

    def known(self, name: str) -> Known | None:
        """What a run must know of the document of that name. For ledgers that are written to."""
        query = f"SELECT {_KNOWN}{_OF_FILES}{_WITH_FILES} WHERE name = CAST(? AS TEXT)"
        row = self._connection.execute(query, (as_bytes(name),)).fetchone()
        return None if row is None else Known(as_name(row[0]), None if row[1] is None else as_name(row[1]), *row[2:])

    def edits(self, document: str | None = None) -> Iterator[dict[str, Any]]:
        """The records of edits.jsonl, of one document (by name) or of all, by document, then start."""
        return (json.loads(line) for line in self.lines(document))

    def edits_named(self, beginning: str) -> list[dict[str, Any]]:
        """The records whose id begins so, by document, then start."""
        query = (
            "SELECT record FROM documents JOIN edits ON document = number "
            "WHERE substr(id, 1, ?) = ? ORDER BY name, place"
        )
        return [json.loads(row[0]) for row in self._connection.execute(query, (len(beginning), beginning))]

    def lines(self, document: str | None = None) -> Iterator[str]:
        """The same records as lines of JSON, without line ends."""
        where, values = ("", ()) if document is None else ("WHERE name = CAST(? AS TEXT)", (as_bytes(document),))
        query = f"SELECT record FROM documents JOIN edits ON document = number {where} ORDER BY name, place"
        return (row[0] for row in self._connection.execute(query, values))

    def counts(self) -> Counter[tuple[str, str]]:
        """How many edits there are, by pass and band."""
        return self._counted("pass, band")

    def confidences(self) -> Iterator[tuple[float, str, int]]:
        """How many edits there are, by confidence and band."""
        return ((confidence, band, n) for (confidence, band), n in self._counted("confidence, band").items())

    def _counted(self, columns: str) -> Counter[tuple[Any, Any]]:
        counts: Counter[tuple[Any, Any]] = Counter()
        for table, number in (("edits", "count(*)"), ("tallies", "sum(number)")):
            for one, other, n in self.rows(table, f"SELECT {columns}, {number} FROM {table} GROUP BY {columns}"):
                counts[one, other] += n
        return counts

    def source(self, document: str) -> bytes:
        """The source of a document, byte for byte as it was read.

        Where the ledger holds no copy, it is read again from where it was, and taken if it is still the same. Raises
        LedgerError where that is not so.
        """
        query = "SELECT source FROM documents WHERE name = CAST(? AS TEXT)"
        row = self._connection.execute(query, (as_bytes(document),)).fetchone()
        if row is None:
            raise LedgerError(f"the ledger has no document named {document!r}")
        return _read_again(self.document(document)) if row[0] is None else zlib.decompress(row[0])

    def text(self, document: str) -> str:
        """The text of a document, in whose code points its edits count. Raises LedgerError."""
        return self.reading(document).text

    def reading(self, document: str) -> Reading:
        """A document as it was read. Raises LedgerError."""
        from cleaner.files.read import reading_of
        from cleaner.files.unreadable import UnreadableDocument

        found = self.document(document)
        if found and found.is_table:
            raise LedgerError(
                f"{document!r} is a table: each of its rows has a text of its own, of which no copy is kept"
            )
        try:
            return reading_of(self.source(document), found.encoding if found else None, document)
        except UnreadableDocument as error:
            raise LedgerError(f"{document!r} cannot be read: {error}") from error

    def decisions(self, after: int = 0) -> list[str]:
        """The decisions taken, in that order, as lines of JSON, without the first `after`."""
        return [
            line
            for (line,) in self.rows("decisions", "SELECT line FROM decisions WHERE number > ? ORDER BY number", after)
        ]

    def number_of_decisions(self) -> int:
        """How many decisions have been taken."""
        return sum(number for (number,) in self.rows("decisions", "SELECT count(*) FROM decisions"))

    def settings(self, signature: str) -> str | None:
        """The settings that go by this signature, as JSON; None where they were not kept."""
        query = 'SELECT "values" FROM settings WHERE signature = ?'
        return next((values for (values,) in self.rows("settings", query, signature)), None)

    def fact(self, name: str) -> str | None:
        """A single value kept by name; None where there is none."""
        return next((value for (value,) in self.rows("facts", "SELECT value FROM facts WHERE name = ?", name)), None)

    def rows(self, table: str, query: str, *values: str | float) -> list[tuple[Any, ...]]:
        """What a query of a table gives; nothing where this ledger is too old to have the table. Raises LedgerError."""
        with _explained(self.path):
            known = self._connection.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", (table,)).fetchone()[
                0
            ]
            return self._connection.execute(query, values).fetchall() if known else []

    # Writing

    def add_decisions(self, lines: Sequence[str]) -> None:
        """Adds decisions, all or none of them; once this returns they are on disk. Raises LedgerError."""
        self.write("INSERT INTO decisions (line) VALUES (?)", [(line,) for line in lines])

    def put_settings(self, signature: str, values: str) -> None:
        """Keeps the settings that go by this signature. Raises LedgerError."""
        self.write("INSERT OR REPLACE INTO settings VALUES (?, ?)", [(signature, values)])

    def write(self, statement: str, rows: Sequence[tuple[str | bytes | float | None, ...]]) -> None:
        """Carries out a statement for each of the rows, for all or none of them. Raises LedgerError."""
        with self.together():
            self._connection.executemany(statement, rows)

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that is written within is one transaction: there whole or not at all. Raises LedgerError."""
        connection = self._connection
        if connection.in_transaction:
            yield
            return
        with _explained(self.path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                connection.execute("COMMIT")
            except BaseException:  # Ctrl-C too
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def put(self, document: Document, source: bytes | None, edits: Iterable[Row]) -> None:
        """Writes a document in one transaction, over what was there under its name.

        `source` is what `compressed` makes of its bytes. Raises LedgerError where the disk is full, or fails.
        """
        message = document.message.encode("utf-8", "backslashreplace").decode()
        with self.together():
            self._put(replace(document, message=message), source, edits)
            self.forget("reported")

    def seen(self, name: str, path: str, modified: int | None) -> None:
        """Notes where and when the file of a document, which is as it was, was last written."""
        with self.together():
            where = "WHERE name = CAST(? AS TEXT)"
            self._connection.execute(
                f"UPDATE documents SET path = CAST(? AS TEXT) {where}", (as_bytes(path), as_bytes(name))
            )
            self._connection.execute(
                f"INSERT INTO files (document, modified) SELECT number, ? FROM documents {where} "
                "ON CONFLICT (document) DO UPDATE SET modified = excluded.modified",
                (modified, as_bytes(name)),
            )

    def note(self, name: str, value: str) -> None:
        """Keeps a single value by name."""
        self.write("INSERT OR REPLACE INTO facts VALUES (?, ?)", [(name, value)])

    def forget(self, name: str) -> None:
        """Forgets a value kept by name."""
        self.write("DELETE FROM facts WHERE name = ?", [(name,)])

    def _put(self, d: Document, source: bytes | None, edits: Iterable[Row]) -> None:
        connection = self._connection
        connection.execute("DELETE FROM documents WHERE name = CAST(? AS TEXT)", (as_bytes(d.name),))
        number = connection.execute(
            "INSERT INTO documents (name, path, clean, clean_sha256, sha256, size, encoding, bom, certain, state, "
            "message, at, settings, version, source, characters, applied, suggested, flagged) "
            "VALUES (CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT)" + ", ?" * 16 + ")",
            (as_bytes(d.name), as_bytes(d.path), None if d.clean is None else as_bytes(d.clean), d.clean_sha256, d.sha256,
             d.size, d.encoding, d.bom, d.certain, d.state, d.message, d.at, d.settings, d.version, source,
             d.characters, d.applied, d.suggested, d.flagged),
        ).lastrowid  # fmt: skip
        connection.execute("INSERT INTO files VALUES (?, ?, ?, ?)", (number, d.modified, d.member, d.quality))
        connection.executemany(
            "INSERT INTO edits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((number, place, *edit) for place, edit in enumerate(edits)),
        )


def compressed(raw: bytes) -> bytes:
    """Source bytes as the ledger keeps them."""
    return zlib.compress(raw, 6)


def _read_again(document: Document | None) -> bytes:
    from cleaner.files.read import read
    from cleaner.files.unreadable import UnreadableDocument

    assert document is not None
    lacks = f"the ledger holds no copy of {document.name!r}"
    if document.sha256 is None:
        raise LedgerError(f"{lacks} ({document.message})")
    try:
        source = read(Path(document.path), member=document.member)
    except UnreadableDocument as error:
        raise LedgerError(f"{lacks}, and {document.path} gives none ({error})") from error
    if source.sha256 != document.sha256:
        raise LedgerError(f"{lacks}, and {document.path} has changed since it was cleaned")
    return source.raw


def _has(connection: sqlite3.Connection, table: str) -> bool:
    """Whether a ledger, which may be of an earlier version, has this table."""
    return bool(connection.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0])


def _checked(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise LedgerError(f"{path} is not a ledger of cleaner")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != SCHEMA_VERSION:
        whose = "a newer" if version > SCHEMA_VERSION else "an older"
        raise LedgerError(
            f"{path} was written by {whose} version of cleaner; use that version, or clean into a new folder"
        )


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turns SQLite's errors on opening `path` into a LedgerError that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        if "locked" in str(error):
            raise InUse(
                f"another run is writing to {path.parent}; wait until it is done (cleaner status {path.parent} tells how far it is)"
            ) from error
        if "not a database" in str(error) or "malformed" in str(error):
            raise LedgerError(f"{path} is not a ledger of cleaner, or is damaged ({error})") from error
        raise LedgerError(f"the ledger {path} cannot be used: {error}") from error
