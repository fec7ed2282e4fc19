"""The documents under the paths given, and the names they go by.

This is the one place that says what is a document: files named like text, in folders and archives, and whatever file is
named itself. How one is read, `cleaner.files.read` says.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import splitext

from cleaner.files import formats
from cleaner.files.choice import IGNORE_FILE, Choice, Rules
from cleaner.files.found import Found
from cleaner.files.listing import Listing
from cleaner.files.tables import table_of

TAKEN = (".txt", ".md")
"""Suffixes of the files taken from a folder or an archive."""

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tzst")
"""Suffixes of the archives whose members are taken like the files of a folder."""

NAMED = 3
"""Members of an archive that are named where some of it cannot be taken; the others are counted."""


class UnusablePaths(ValueError):
    """Paths that no run can start from. The message says which, why, and what to do."""


@dataclass(frozen=True)
class Findings:
    """What is under the paths: the documents by name, what else stands there by kind, what cannot be read and why."""

    documents: Listing
    others: Counter[str] = field(default_factory=Counter)
    unread: tuple[tuple[str, str], ...] = ()


def find(paths: Sequence[Path], choice: Choice | None = None) -> Findings:
    """The documents of files, folders and archives, the latter two with all below them, in the order of their names.

    From folders and archives only files named like text (`TAKEN`), what OCR engines write and HTML are taken, from folders also
    tables (JSONL, Parquet), or what `choice` asks for; hidden ones,
    linked folders and what a `.cleanerignore` names are left aside. Files given themselves are always taken. Nothing is
    read but archives' tables of contents, and the beginning of what may be of an OCR engine; the listing lies on disk, so
    that a million documents take no more memory than ten. Raises UnusablePaths where a path is missing or what a run
    wrote, or two documents have one name.
    """
    walk = _Walk(choice or Choice())
    given = list({_absolute(path): path for path in paths})
    for top in given:
        if top.is_dir():
            if is_out(top):
                raise UnusablePaths(
                    f"{top} is what `cleaner run` wrote: its clean texts are in {top / 'clean'}, and "
                    f"`cleaner restore {top} DEST` gives the originals"
                )
            walk.folder(top, f"{top.name}/" if len(given) > 1 and top.name else "")
        elif not os.path.lexists(top):
            raise UnusablePaths(f"there is nothing at {top}")
        elif is_archive(top.name):
            walk.archive(top, top.name, "")
        else:
            walk.listing.add(_at(top.name, top))
    walk.listing.close(twice=len(given) > 1)
    _refuse_clashes(walk.listing)
    return Findings(walk.listing, walk.others, tuple(walk.unread))


def is_out(folder: Path) -> bool:
    """Whether a run wrote this folder: its ledger is there, and beside it edits or clean texts."""
    beside = (folder / "edits.jsonl", folder / "clean")
    return os.path.isfile(folder / "ledger.db") and any(map(os.path.exists, beside))  # False for what cannot be read


def is_archive(name: str) -> bool:
    """Whether a file of that name is an archive, whose members are the documents."""
    return name.lower().endswith(ARCHIVES)


def is_document(name: str, path: str | None) -> bool:
    """Whether a file of that name is taken from a folder; `path` is where it is, None for a member of an archive.

    What an OCR engine wrote is told by its content, in archives by a name that says all (`formats.OWN_SUFFIXES`).
    """
    if name.lower().endswith(TAKEN):
        return True
    suffix = splitext(name)[1].lower()
    if path is None:
        return suffix in formats.OWN_SUFFIXES
    return table_of(name) is not None or (suffix in formats.SUFFIXES and formats.may_be(Path(path)))


class _Walk:
    """What has been found so far."""

    def __init__(self, choice: Choice) -> None:
        self._choice = choice
        self.listing = Listing()
        self.others: Counter[str] = Counter()
        self.unread: list[tuple[str, str]] = []

    def folder(self, top: Path, prefix: str) -> None:
        """Lists a folder and all below it."""
        waiting: list[tuple[str, str, tuple[Rules, ...]]] = [(str(top), "", ())]
        while waiting:
            here, relative, rules = waiting.pop()
            try:
                rules = (*rules, *self._choice.rules_of(Path(here, IGNORE_FILE), relative))
                with os.scandir(here) as entries:
                    for entry in entries:
                        if below := self._entry(entry, prefix, relative + entry.name, rules):
                            waiting.append((*below, rules))
            except OSError as error:
                where = (prefix + relative).rstrip("/") or here
                self.unread.append((where, f"cannot be read: {error.strerror or error}"))

    def _entry(
        self, entry: os.DirEntry[str], prefix: str, name: str, rules: tuple[Rules, ...]
    ) -> tuple[str, str] | None:
        """Lists a file; gives path and relative name of a folder to go into."""
        if entry.name.startswith("."):
            self.others["hidden"] += 1
        elif entry.is_dir(follow_symlinks=False):
            if self._choice.leaves_out(name, rules, folder=True):
                self.others["folders left out by patterns"] += 1
            elif is_out(Path(entry.path)):
                self.others["folders that cleaner wrote"] += 1
            else:
                return entry.path, f"{name}/"
        elif not _leads_to(entry.is_file):
            self.others["links to folders" if _leads_to(entry.is_dir) else "pipes, devices, broken links"] += 1
        elif self._choice.leaves_out(name, rules):
            self.others["left out by patterns"] += 1
        elif is_archive(name):
            self.archive(Path(entry.path), prefix + name, name)
        elif self._takes(name, entry.path):
            self.listing.add(_at(prefix + name, Path(entry.path), entry))
        return None

    def archive(self, path: Path, name: str, relative: str) -> None:
        """Lists the members of an archive; `relative` is its name below the folder given, by which patterns know it."""
        from cleaner.files.archives import members
        from cleaner.files.unreadable import UnreadableDocument

        prefix = f"{relative}/" if relative else ""
        refused: dict[str, list[str]] = {}
        try:
            modified = path.stat().st_mtime_ns
            for member in members(path):
                if member.refused:
                    refused.setdefault(member.refused, []).append(member.name)
                elif any(part.startswith(".") for part in member.name.split("/")):
                    self.others["hidden"] += 1
                elif self._choice.leaves_out_below(prefix + member.name):
                    self.others["left out by patterns"] += 1
                elif self._takes(prefix + member.name, None):
                    self.listing.add(Found(f"{name}/{member.name}", path, member.size, modified, member.place))
        except UnreadableDocument as error:
            self.unread.append((name, str(error)))
        except OSError as error:
            self.unread.append((name, f"cannot be read: {error.strerror or error}"))
        for reason, names in refused.items():
            more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
            self.unread.append((name, f"{reason}: {', '.join(names[:NAMED])}{more}"))

    def _takes(self, name: str, path: str | None) -> bool:
        """Whether a file that patterns do not leave out is a document; counts it where it is none."""
        suffix = splitext(name)[1].lower()
        text = is_document(name, path)
        if self._choice.asks_for(name, text=text) if self._choice.include.rules else text:
            return True
        self.others["left out by patterns" if self._choice.include.rules else suffix or "without suffix"] += 1
        return False


def _refuse_clashes(listing: Listing) -> None:
    """Raises UnusablePaths where two documents would have one clean file, or one the folder of another."""
    if clash := listing.clash():
        rival, document = clash
        raise UnusablePaths(
            f"{rival.path} and {document.path} would both be written to clean/{document.clean}; "
            "clean them into two folders, or give the folder above them"
        )
    if clash := listing.file_and_folder():
        file, inside = clash
        raise UnusablePaths(
            f"clean/{file.clean} would be a file ({file.path}) and a folder (for {inside.path}); clean them into two folders"
        )


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # links are kept: a document is named by where it was given


def _leads_to(kind: Callable[[], bool]) -> bool:
    try:
        return kind()
    except OSError:  # a link to itself
        return False


def _at(name: str, path: Path, entry: os.DirEntry[str] | None = None) -> Found:
    try:
        status = (entry or path).stat()
    except OSError:  # vanished, or a broken link: reading it will tell
        return Found(name, path, 0)
    return Found(name, path, status.st_size, status.st_mtime_ns)
