"""The documents under the paths given, and the names they go by."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

TAKEN = (".txt", ".md")
"""Suffixes of the files taken from a folder."""

OTHER_FORMATS = frozenset(
    (".alto", ".csv", ".docx", ".epub", ".hocr", ".htm", ".html", ".json", ".jsonl", ".odt", ".pdf", ".rtf", ".tex", ".tsv",
     ".xhtml", ".xml", ".yaml", ".yml")
)  # fmt: skip
"""Suffixes of formats that are not plain text: a clean text that came from one gets `.txt` appended."""


class UnusablePaths(ValueError):
    """Paths that no run can start from. The message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """A document to read: its name (with `/`), where it is, its size in bytes."""

    name: str
    path: Path
    size: int

    @property
    def clean(self) -> str:
        """Its clean file, relative to OUT/clean."""
        return self.name + ".txt" if PurePosixPath(self.name).suffix.lower() in OTHER_FORMATS else self.name


@dataclass(frozen=True)
class Findings:
    """What is under the paths: the documents by name, what else stands there by suffix, folders that cannot be read."""

    documents: tuple[Found, ...]
    others: Counter[str] = field(default_factory=Counter)
    unread: tuple[tuple[str, str], ...] = ()


def find(paths: Sequence[Path]) -> Findings:
    """The documents of files and folders, the latter with all below them, in the order of their names.

    From folders only files named like text are taken (`TAKEN`), hidden ones and linked folders left aside; files given
    themselves are always taken. Raises UnusablePaths where a path is missing or two documents have one name.
    """
    given = list({_absolute(path): path for path in paths})
    others: Counter[str] = Counter()
    unread: list[tuple[str, str]] = []
    found: dict[Path, Found] = {}
    for top in given:
        if top.is_dir():
            prefix = f"{top.name}/" if len(given) > 1 and top.name else ""
            documents: Iterator[Found] = _below(top, prefix, others, unread)
        elif os.path.lexists(top):
            documents = iter([Found(top.name, top, _size(top))])
        else:
            raise UnusablePaths(f"there is nothing at {top}")
        for document in documents:
            found.setdefault(document.path, document)
    _refuse_clashes(found.values())
    return Findings(tuple(sorted(found.values(), key=lambda f: f.name)), others, tuple(unread))


def _below(folder: Path, prefix: str, others: Counter[str], unread: list[tuple[str, str]]) -> Iterator[Found]:
    """The documents in a folder and all below it; counts the other files, notes the folders that cannot be read."""
    waiting = [(folder, prefix)]
    while waiting:
        here, prefix = waiting.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError as error:
            unread.append(
                (
                    prefix.rstrip("/") or str(here),
                    f"cannot be read: {error.strerror or error}",
                )
            )
            continue
        for entry in entries:
            if entry.name.startswith("."):
                others["hidden"] += 1
            elif entry.is_dir(follow_symlinks=False):
                waiting.append((Path(entry.path), f"{prefix}{entry.name}/"))
            elif not entry.is_file():
                others["links to folders" if entry.is_dir() else "pipes, devices, broken links"] += 1
            elif Path(entry.name).suffix.lower() in TAKEN:
                yield Found(prefix + entry.name, Path(entry.path), _size(Path(entry.path)))
            else:
                others[Path(entry.name).suffix.lower() or "without suffix"] += 1


def _refuse_clashes(documents: Iterable[Found]) -> None:
    """Raises UnusablePaths where two documents would have one name, or one clean file, or one the folder of another."""
    by_clean: dict[str, Found] = {}
    for document in documents:
        rival = by_clean.setdefault(document.clean, document)
        if rival is not document:
            raise UnusablePaths(
                f"{rival.path} and {document.path} would both be written to clean/{document.clean}; "
                "clean them into two folders, or give the folder above them"
            )
    for document in by_clean.values():
        for folder in PurePosixPath(document.clean).parents:
            if str(folder) in by_clean:
                raise UnusablePaths(
                    f"clean/{folder} would be a file ({by_clean[str(folder)].path}) and a folder (for {document.path}); "
                    "clean them into two folders"
                )


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # links are kept: a document is named by where it was given


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
