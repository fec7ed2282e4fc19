"""How far a run is, for those who ask while it holds the ledger: a small file beside it, and gone when it ends."""

from __future__ import annotations

import json
import os
import socket
import time
from pathlib import Path
from typing import Self

from cleaner.batch.summary import Summary
from cleaner.files.write import UNFINISHED
from cleaner.ledger.runs import now

EVERY = 1.0
"""Seconds between two states of the file."""

LISTED = 100
"""Failures listed in it."""


class Running:
    """The file `running.json` of a run over so many documents, kept up to date in a `with` statement."""

    def __init__(self, path: Path, documents: int, summary: Summary) -> None:
        self._path = path
        self._documents = documents
        self._summary = summary
        self._started = now()
        self._shown = 0.0

    def show(self) -> None:
        """Writes how far the run is, unless that was done a moment ago."""
        if time.monotonic() - self._shown < EVERY:
            return
        self._shown = time.monotonic()
        summary = self._summary
        state = {
            "pid": os.getpid(), "host": socket.gethostname(), "started": self._started, "at": now(),
            "documents": self._documents, "done": summary.done, "failed": summary.failed,
            "failures": summary.failures[:LISTED],
        }  # fmt: skip
        unfinished = self._path.with_name(UNFINISHED.replace("*", "running"))
        unfinished.write_text(json.dumps(state, ensure_ascii=True), "ascii")  # lone surrogates of names escaped
        unfinished.replace(self._path)

    def __enter__(self) -> Self:
        self.show()
        return self

    def __exit__(self, *error: object) -> None:
        self._path.unlink(missing_ok=True)
