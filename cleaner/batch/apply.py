"""Applying decisions: the documents of a folder cleaned again, from the ledger alone, with what people decided."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from cleaner.batch.folder import OutFolder
from cleaner.batch.ledger import Document, Ledger, LedgerError
from cleaner.batch.run import DecisionsTaken, Summary, carry_out, report, unless_known
from cleaner.batch.work import Task, cleaner_of, parted
from cleaner.batch.workers import jobs_for
from cleaner.files.find import Found
from cleaner.files.read import largest
from cleaner.settings import Settings, from_table


def apply(
    out: OutFolder, *, jobs: int | None = None, progress: Callable[[Found], None] = lambda found: None
) -> Summary:
    """Cleans again each document of the folder about which something was decided since it was last cleaned.

    The result is that of a run over the same sources with the same settings; it is put down in the same way. Raises
    LedgerError, SettingsError, LexiconError and OSError before any work; Interrupted on Ctrl-C.
    """
    Ledger.open(out.ledger).close()  # a folder that no run wrote is told before a ledger is made in it
    summary = Summary()
    with Ledger.begin(out.ledger) as ledger:
        documents = [document for document in ledger.documents() if document.state == "done"]
        jobs = jobs or jobs_for(document.size for document in documents)
        found = [Found(document.name, Path(document.path), document.size) for document in documents]
        tasks = _tasks(ledger, out, documents, _settings(ledger, documents), largest(jobs))
        stopped = carry_out(found, tasks, ledger, out, summary, jobs, progress)
        summary.unplaced += DecisionsTaken(ledger).without_document(document.name for document in ledger.documents())
    report(out, {document.name for document in documents}, summary)
    if stopped is not None:
        raise stopped
    return summary


def _settings(ledger: Ledger, documents: Sequence[Document]) -> dict[str, tuple[Settings, str | None]]:
    """Settings and encoding by their signatures. Raises LedgerError where the ledger has not kept them."""
    found = {}
    for signature in {parted(document.settings)[0] for document in documents}:
        values = ledger.settings(signature)
        if values is None:
            raise LedgerError(
                f"{ledger.path} does not say with which settings it was cleaned (an earlier version of cleaner wrote it); "
                "run the same `cleaner run` once more with --force, then apply"
            )
        table = json.loads(values)
        found[signature] = from_table(table["settings"]), table["encoding"]
        cleaner_of(found[signature][0])  # a lexicon that is gone, or at fault, is told before any work
    return found


def _tasks(
    ledger: Ledger,
    out: OutFolder,
    documents: Sequence[Document],
    settings: dict[str, tuple[Settings, str | None]],
    most: int,
) -> Iterator[Task]:
    taken = DecisionsTaken(ledger)
    for document in documents:
        signature, _ = parted(document.settings)
        how, encoding = settings[signature]
        raw = ledger.source(document.name) if document.has_source else None
        task = Task(document.name, Path(document.path), document.clean or document.name, how, encoding, signature, most=most,
                    decisions=taken.about(document.name), raw=raw)  # fmt: skip
        yield unless_known(task, document, out)
