"""Applying decisions: the documents of a folder cleaned again, from the ledger alone, with what people decided."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from cleaner.batch.due import DECISIONS, DecisionsTaken, why_again
from cleaner.batch.folder import OutFolder
from cleaner.batch.run import Interrupted, carry_out, report
from cleaner.batch.running import Running
from cleaner.batch.summary import Step, Summary
from cleaner.batch.tasks import How
from cleaner.batch.work import Task, cleaner_of, mark_of, parted
from cleaner.batch.workers import jobs_for
from cleaner.batch.writer import Writer
from cleaner.files.read import largest
from cleaner.ledger.ledger import Document, Ledger, LedgerError
from cleaner.settings import Settings, from_table


def apply(
    out: OutFolder,
    *,
    jobs: int | None = None,
    progress: Callable[[Step], None] = lambda step: None,
    stop: Callable[[], bool] = lambda: False,
) -> Summary:
    """Cleans again each document of the folder about which something was decided since it was last cleaned.

    The result is that of a run over the same sources with the same settings; it is put down in the same way. Raises
    LedgerError, SettingsError, LexiconError and OSError before any work; Interrupted on Ctrl-C, or once `stop` says so.
    """
    Ledger.open(out.ledger).close()  # a folder that no run wrote is told before a ledger is made in it
    summary = Summary()
    with Ledger.begin(out.ledger) as ledger:
        settings = _settings(ledger)
        number = sum(1 for _ in done(ledger))
        workers = jobs or jobs_for(document.size for document in done(ledger))
        tasks = _tasks(ledger, out, settings, largest(workers), summary, progress)
        with Running(out.running, number, summary) as running:
            at_once = carry_out(tasks, Writer(ledger, out, summary, running), workers, How(jobs, None, progress, stop))
            summary.unplaced += DecisionsTaken(ledger).without_document(d.name for d in ledger.documents())
            if not at_once:
                report(ledger, out, summary)
    if summary.done < number:
        raise Interrupted(summary.done, number)
    return summary


def done(ledger: Ledger) -> Iterator[Document]:
    """The documents that can be cleaned again: not tables, in whose rows only what was decided everywhere holds."""
    return (d for d in ledger.documents() if d.state == "done" and not d.is_table)


Means = tuple[Settings, str | None, bool]
"""Settings, encoding, and whether clean files are in the format of their documents."""


def _settings(ledger: Ledger) -> dict[str, Means]:
    """How documents were cleaned, by signature. Raises LedgerError where the ledger has not kept them."""
    found = {}
    for signature in {parted(document.settings)[0] for document in done(ledger)}:
        values = ledger.settings(signature)
        if values is None:
            raise LedgerError(
                f"{ledger.path} does not say with which settings it was cleaned (an earlier version of cleaner wrote it); "
                "run the same `cleaner run` once more with --force, then apply"
            )
        table = json.loads(values)
        found[signature] = from_table(table["settings"]), table["encoding"], table.get("write") == "same"
        cleaner_of(found[signature][0])  # a lexicon that is gone, or at fault, is told before any work
    return found


def _tasks(
    ledger: Ledger,
    out: OutFolder,
    settings: dict[str, Means],
    most: int,
    summary: Summary,
    progress: Callable[[Step], None],
) -> Iterator[Task]:
    """What is to be done with the documents about which something may have been decided; counts the others."""
    taken = DecisionsTaken(ledger)
    for d in done(ledger):
        signature, mark = parted(d.settings)
        how, encoding, same = settings[signature]
        clean = d.clean or d.name
        task = Task(d.name, Path(d.path), clean, how, encoding, signature, most=most, decisions=taken.about(d.name),
                    member=d.member, size=d.size, modified=d.modified or 0, keep=d.has_source, why=DECISIONS, same=same)  # fmt: skip
        if not why_again(ledger.known(d.name), task, str(out.clean_file(clean))):
            if not taken.everywhere and mark == mark_of(task.decisions):
                summary.unchanged += 1
                progress(Step(d.name, d.size, "unchanged"))
                continue
            task = replace(task, known=d.sha256, known_mark=mark)
        yield replace(task, raw=ledger.source(d.name)) if d.has_source else task
