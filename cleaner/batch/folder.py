"""The folder that a run writes to: what is in it, and whether a run may use it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cleaner.files.listing import Listing
from cleaner.ledger.ledger import Ledger, LedgerError


class UnusableFolder(ValueError):
    """A folder that a run must not write to, or that no run wrote. The message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class OutFolder:
    """Where a run writes what."""

    top: Path

    @property
    def clean(self) -> Path:
        """The clean files, by the names of their documents."""
        return self.top / "clean"

    def clean_file(self, name: str) -> Path:
        """The clean file of that name. Raises LedgerError where it would lie elsewhere: a ledger may come from anybody."""
        if not inside(name):
            raise LedgerError(f"{self.ledger} has a document whose name leads out of the folder: {name}")
        return self.clean / name

    @property
    def edited(self) -> Path:
        """Clean files that somebody edited, set aside before they were written anew."""
        return self.top / "edited"

    @property
    def edits(self) -> Path:
        """One edit a line."""
        return self.top / "edits.jsonl"

    def rows(self, name: str) -> Path:
        """The edits of the rows of a table (JSONL, Parquet), lines of edits.jsonl, gzipped: the ledger has only some."""
        return self.top / "rows" / f"{name}.edits.gz"

    @property
    def unfinished(self) -> Path:
        """What is done of tables that are not finished."""
        return self.top / ".unfinished"

    @property
    def report(self) -> Path:
        """The report to read."""
        return self.top / "report.html"

    @property
    def ledger(self) -> Path:
        """Documents and edits, for resume, restore and reports."""
        return self.top / "ledger.db"

    @property
    def learned(self) -> Path:
        """What a run learned from its collection (`--learn`), for people to edit and other runs to use."""
        return self.top / "learned.tsv"

    @property
    def running(self) -> Path:
        """How far a run has come that is going on now."""
        return self.top / "running.json"

    def check(self, inputs: Iterable[Path]) -> None:
        """Raises UnusableFolder unless a run over `inputs` may write here: empty, new, or written by an earlier run."""
        top = Path(os.path.realpath(self.top))
        if self.top.exists() and not self.top.is_dir():
            raise UnusableFolder(f"{self.top} is a file; give a folder with -o")
        for given in inputs:
            source = Path(os.path.realpath(given))  # of a link to itself, too
            if source.is_dir() and top.is_relative_to(source):
                raise UnusableFolder(
                    f"{self.top} lies inside the input folder {given}, whose files are never written to; "
                    "give a folder beside it with -o"
                )
            if source.is_relative_to(top):
                raise UnusableFolder(f"the input {given} lies inside {self.top}; give another folder with -o")
        if self.ledger.is_file():
            if not Ledger.is_blank(self.ledger):
                Ledger.open(self.ledger, wait=1).close()
        elif self.top.is_dir() and not all(map(_holds_nothing, self.top.iterdir())):
            raise UnusableFolder(
                f"{self.top} is not empty, and no run of cleaner wrote it (it has no ledger.db); "
                "give an empty or a new folder with -o"
            )

    def set_aside(
        self, name: str, sha256: str | None, follows: str | None = None, becomes: str | None = None
    ) -> Path | None:
        """Makes room for what comes of a document whose clean file was `name`, with that SHA-256, and will be `follows`.

        A file that is neither that nor what it `becomes` was edited: it is kept under `edited`, and its path given. One that
        is to be written over in any case stays until then.
        """
        path = self.clean_file(name)
        if not path.is_file():
            return None
        with path.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() in (sha256, becomes):
                if name != follows:
                    path.unlink()
                return None
        return self.keep_aside(path, name)

    def keep_aside(self, path: Path, name: str) -> Path:
        """Moves a file that somebody edited to `edited`, and gives its new path."""
        kept = self.edited / name
        number = 1
        while kept.exists():
            number += 1
            kept = self.edited / f"{name}.{number}"
        kept.parent.mkdir(parents=True, exist_ok=True)
        path.rename(kept)
        return kept


def inside(name: str) -> bool:
    """Whether a document's name stays inside a folder that it is appended to."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\0" not in name


def _holds_nothing(path: Path) -> bool:
    """Whether it is a file without content: a log that a shell has just opened there is nothing that could be lost."""
    return path.is_file() and not path.is_symlink() and path.stat().st_size == 0


def refuse_strangers(ledger: Ledger, documents: Listing) -> None:
    """Raises UnusableFolder where the ledger has a document of the same name from another place that is still there."""
    if not ledger.size():
        return
    for name, path in documents.places():
        earlier = ledger.known(name)
        if earlier and earlier.path != path and Path(earlier.path).exists():
            raise UnusableFolder(
                f"{ledger.path.parent} already holds another document named {name}, from {earlier.path}; "
                "give another folder with -o, or replace it with --force"
            )
