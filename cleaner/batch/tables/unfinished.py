"""A table that is being cleaned: what is done of it, in a folder that the next run goes on from.

Pieces are added to three files: `clean` (the content of the clean file), `edits` (lines of edits.jsonl, gzipped) and
`shown` (those lines that go to the report). `journal.json` says how much of each is safe, and where the next piece begins;
what stands behind that is cut off when the work is taken up again. `key` is all that the result depends on: with another
one nothing is kept.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from cleaner.batch.tables.rows import PieceCleaned, Tally
from cleaner.files.write import write

EVERY = 2.0
"""Seconds after which what was done is made safe: so much work is done again after a power cut."""

PARTS = ("clean", "edits", "shown")


class Unfinished:
    """A table in work. `after` is where its next piece begins, `tally` what was counted up to there."""

    def __init__(self, folder: Path, key: str, begin: Mapping[str, int]) -> None:
        self.folder = folder
        self.key = key
        self.after: Mapping[str, int] = begin
        self.tally = Tally()
        self._kept_at = time.monotonic()
        journal = self._journal()
        if journal is None:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        else:
            self.after, self.tally = journal["after"], Tally.from_json(journal["tally"])
        self._streams = {part: self._opened(part, journal["sizes"][part] if journal else 0) for part in PARTS}

    def _journal(self) -> dict[str, Any] | None:
        """The journal of the same work, if it can be taken up."""
        try:
            journal = json.loads(self._path("journal.json").read_text(encoding="utf-8"))
            if journal["key"] != self.key or any(self._path(p).stat().st_size < journal["sizes"][p] for p in PARTS):
                return None
        except (OSError, ValueError, KeyError):
            return None
        return journal if isinstance(journal, dict) else None

    def _opened(self, part: str, size: int) -> BinaryIO:
        stream = self._path(part).open("ab")
        stream.truncate(size)
        return stream

    def _path(self, part: str) -> Path:
        return self.folder / part

    @property
    def clean(self) -> Path:
        """The content of the clean file."""
        return self._path("clean")

    @property
    def edits(self) -> Path:
        """The lines of edits.jsonl, gzipped."""
        return self._path("edits")

    def shown(self) -> Iterator[str]:
        """The lines of edits.jsonl that go to the report."""
        with self._path("shown").open(encoding="utf-8", newline="\n") as stream:
            for line in stream:
                yield line.rstrip("\n")

    def add(self, done: PieceCleaned) -> None:
        """Adds the next piece; now and then all is made safe. Raises OSError."""
        for part, content in zip(PARTS, (done.content, done.edits, done.shown), strict=True):
            self._streams[part].write(content)
        self.tally.add(done.tally)
        self.after = done.piece.after
        if time.monotonic() > self._kept_at + EVERY:
            self.keep()

    def keep(self) -> None:
        """Makes all that was added safe from whatever may happen. Raises OSError."""
        for stream in self._streams.values():
            stream.flush()
            os.fsync(stream.fileno())
        sizes = {part: stream.tell() for part, stream in self._streams.items()}
        journal = {"key": self.key, "after": dict(self.after), "sizes": sizes, "tally": self.tally.as_json()}
        write(self._path("journal.json"), json.dumps(journal).encode("utf-8"))
        self._kept_at = time.monotonic()

    def close(self) -> None:
        """Closes its files, as they are."""
        for stream in self._streams.values():
            with suppress(OSError):
                stream.close()

    def remove(self) -> None:
        """Removes the folder: the table is done, or given up."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)
