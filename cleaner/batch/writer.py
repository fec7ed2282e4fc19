"""Putting down what comes of documents: clean files, and then their rows in the ledger, some documents at a time.

A file is on disk before the ledger says so, which means waiting for the disk; that is what most of the time would go into
with small documents. So several wait together: for a group that came within half a second one waits little longer than for
one document (4.4 ms a file alone, 0.5 ms in groups, measured on a virtual disk).
"""

from __future__ import annotations

import errno
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from cleaner.batch.folder import OutFolder
from cleaner.batch.running import Running
from cleaner.batch.summary import Step, Summary, told
from cleaner.batch.work import Outcome, Task
from cleaner.files.write import write
from cleaner.ledger import runs
from cleaner.ledger.ledger import Document, Known, Ledger

GROUP = 128
"""Documents put down together at most."""

GROUP_BYTES = 16 * 1024 * 1024
"""Bytes of clean text put down together, about."""

LONGEST_WAIT = 0.5
"""Seconds that a document waits for others, about; what a run loses at most when it is killed."""

WAITING = 16
"""Files for which one waits at a time."""

UNUSABLE_NAMES = (errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ)
"""What the system says where a file cannot be written because of its name; all else stops the run."""


class Writer:
    """Puts outcomes down in groups. `flush` at the end, or what came last is not there."""

    def __init__(
        self, ledger: Ledger, out: OutFolder, summary: Summary, running: Running, number: int | None = None
    ) -> None:
        self._ledger = ledger
        self._out = out
        self._summary = summary
        self._running = running
        self._run = number
        self._waiting: list[tuple[Task, Outcome]] = []
        self._bytes = 0
        self._since = 0.0
        self._threads: ThreadPoolExecutor | None = None

    def add(self, task: Task, outcome: Outcome) -> Step:
        """Takes what came of a document, to be put down soon. Raises OSError and LedgerError where it cannot be."""
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting.append((task, outcome))
        self._bytes += len(outcome.clean or b"") + len(outcome.source or b"")
        if len(self._waiting) >= GROUP or self._bytes >= GROUP_BYTES:
            self.flush()
        self.tick()
        return _step(task, outcome)

    def tick(self) -> None:
        """Puts down what has waited long enough, and shows how far the run is."""
        self._running.show()
        if self._waiting and time.monotonic() - self._since >= LONGEST_WAIT:
            self.flush()

    def flush(self) -> None:
        """Puts down all that is waiting: files first. Raises OSError and LedgerError where it cannot; it waits on then."""
        if not self._waiting:
            return
        earlier = [self._ledger.known(outcome.name) for _, outcome in self._waiting]
        group = [outcome for _, outcome in self._waiting]
        kept = [_is_lost_for_now(outcome, known) for outcome, known in zip(group, earlier, strict=True)]
        set_aside = [
            None if lost or outcome.document is None else self._room(known, outcome.document)
            for outcome, known, lost in zip(group, earlier, kept, strict=True)
        ]
        group = self._files(group)
        with self._ledger.together():
            for (task, _), outcome, lost in zip(self._waiting, group, kept, strict=True):
                if outcome.document is None:
                    self._ledger.seen(outcome.name, str(task.path), outcome.modified)
                elif not lost:
                    self._ledger.put(outcome.document, outcome.source, outcome.edits)
            if self._run is not None:
                failed = sum(o.document is not None and o.document.state == "failed" for o in group)
                runs.progress(self._ledger, self._run, self._summary.done + len(group), self._summary.failed + failed)
        for (task, _), outcome, lost, path in zip(self._waiting, group, kept, set_aside, strict=True):
            self._count(task, outcome, lost, path)
        self._waiting.clear()
        self._bytes = 0

    def _room(self, known: Known | None, document: Document) -> Path | None:
        """Makes room for a clean file, and gives the path of the one that was edited and is kept."""
        if known is None or known.clean is None:
            return None
        return self._out.set_aside(known.clean, known.clean_sha256, document.clean, document.clean_sha256)

    def _files(self, group: list[Outcome]) -> list[Outcome]:
        """Writes the clean files; where one cannot be for its name, the document has failed."""
        if len(group) == 1:
            return [self._file(group[0])]
        if self._threads is None:
            self._threads = ThreadPoolExecutor(WAITING, "write")
        return list(self._threads.map(self._file, group))

    def _file(self, outcome: Outcome) -> Outcome:
        document = outcome.document
        if document is None or document.clean is None or outcome.clean is None:
            return outcome
        try:
            write(self._out.clean_file(document.clean), outcome.clean)
        except OSError as error:
            if error.errno not in UNUSABLE_NAMES:
                raise
            message = f"its clean file cannot be written: {error.strerror}"
            failed = replace(document, clean=None, clean_sha256=None, state="failed", message=message, applied=0,
                             suggested=0, flagged=0)  # fmt: skip
            return replace(outcome, document=failed, clean=None, edits=())
        return outcome

    def _count(self, task: Task, outcome: Outcome, lost: bool, set_aside: Path | None) -> None:
        """Adds what was put down to the summary."""
        summary, document = self._summary, outcome.document
        if set_aside:
            told(summary.set_aside, set_aside)
        if document is None:
            summary.unchanged += 1
        elif document.state == "failed":
            summary.fail(document.name, document.message + ("; what an earlier run made of it is kept" if lost else ""))
        else:
            summary.cleaned += 1
            summary.why[task.why] += 1
            for reason in outcome.unplaced:
                told(summary.unplaced, (document.name, reason))
            if document.message:
                told(summary.remarks, (document.name, document.message))


def _is_lost_for_now(outcome: Outcome, known: Known | None) -> bool:
    """Whether a file cannot be read now (a lost disk, a dangling link): what is known of it must not be lost with it."""
    document = outcome.document
    if document is None or known is None:
        return False
    return document.state == "failed" and document.sha256 is None and known.state == "done"


def _step(task: Task, outcome: Outcome) -> Step:
    document = outcome.document
    if document is None:
        return Step(task.name, task.size, "unchanged")
    return Step(
        task.name, task.size, document.state, document.message, outcome.seconds, document.characters, len(outcome.edits)
    )
