"""A run: documents in, and out of them a folder with clean files, edits.jsonl, report and ledger.

What is done is put down group by group, files first and then their rows in one transaction, so that a run can be stopped at
any moment, however it is, and started again: documents that have not changed since, cleaned by the same settings, version and
decisions, are then passed over. A file whose size and time of writing are those that the ledger has is taken for unchanged;
where they differ, its SHA-256 tells.
What people decided about the edits of earlier runs holds in this one. Documents of earlier runs that are not among those given stay in the folder, the ledger and the report: a folder grows with what
is cleaned into it, and only a document of the same name is replaced.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from cleaner import __version__
from cleaner.batch.due import Due, as_json, large_first, signature
from cleaner.batch.folder import OutFolder, refuse_strangers
from cleaner.batch.learn import learn as learn_from
from cleaner.batch.running import Running
from cleaner.batch.summary import Step, Summary
from cleaner.batch.tables.edits import edit_lines
from cleaner.batch.tables.rows import TableSettings
from cleaner.batch.tables.run import run_tables
from cleaner.batch.tasks import How, results
from cleaner.batch.work import Outcome, Task, outcome, refuse_unusable, source_of
from cleaner.batch.workers import jobs_for
from cleaner.batch.writer import Writer
from cleaner.files.decode import codec_of
from cleaner.files.found import Documents, Found
from cleaner.files.listing import Listing
from cleaner.files.read import largest
from cleaner.files.unreadable import UnreadableDocument
from cleaner.files.write import clear_unfinished, replacing
from cleaner.ledger import runs
from cleaner.ledger.ledger import Document, Ledger, compressed
from cleaner.settings import Settings


class Interrupted(Exception):
    """A run that was stopped; `done` documents of `total` are finished and kept."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__(f"stopped after {done} of {total} documents")
        self.done = done
        self.total = total


def run(
    documents: Documents,
    out: OutFolder,
    settings: Settings,
    *,
    encoding: str | None = None,
    jobs: int | None = None,
    force: bool = False,
    sources: bool = True,
    same: bool = False,
    timeout: float | None = None,
    rows: TableSettings | None = None,
    learn: bool = False,
    progress: Callable[[Step], None] = lambda step: None,
    stop: Callable[[], bool] = lambda: False,
) -> Summary:
    """Cleans the documents into a folder that `out.check` has passed; `progress` is told of each one done.

    `encoding` overrules what the bytes say; `jobs` is the number of processes (None: what is worth it); `force` cleans
    unchanged documents again, and replaces documents of the same name from other places; without `sources` the ledger keeps
    no bytes of them; `same` writes documents of OCR formats as such. The result does not depend on `jobs`. A document that
    fails, or takes more than `timeout` seconds, is in `failures`, and the others go on. `rows` says how the rows of tables
    (JSONL, Parquet) are cleaned, besides `settings`. With `learn` what documents that are no tables have in common is found
    first, put down in `out.learned`, and used (`cleaner.batch.learn`). Once `stop` says so, nothing more is begun.

    Raises before any work UnusableFolder, LedgerError, UnknownEncoding, SettingsError, LexiconError and LearnedError; Interrupted on
    Ctrl-C or `stop`; OSError where the folder cannot be written, NotStarted where processes cannot be.
    """
    if encoding is not None:
        codec_of(encoding)
    refuse_unusable(settings)
    listing = documents if isinstance(documents, Listing) else Listing.of(documents)
    workers = jobs or jobs_for(listing.sizes())
    out.top.mkdir(parents=True, exist_ok=True)
    summary = Summary()
    killed = out.ledger.with_name(out.ledger.name + "-wal").exists()
    with Ledger.begin(out.ledger) as ledger:
        if killed:
            clear_unfinished(out.top)
        if not force:
            refuse_strangers(ledger, listing)
        texts, tables = _kinds(listing)
        how = How(jobs, timeout, progress, stop)
        task = Task(
            "", Path(), "", settings, encoding, signature(settings, encoding, same), most=largest(workers), keep=sources,
            same=same,
        )  # fmt: skip
        if learn:
            path = learn_from(texts, out, task, ledger, workers, how, summary, force=force)
            if path is None:
                raise Interrupted(0, len(listing))
            settings = settings.with_(learned=path)
            task = replace(task, settings=settings, signature=signature(settings, encoding, same))
        ledger.put_settings(task.signature, as_json(settings, encoding, same))
        number = runs.begin(ledger, task.signature, len(listing))
        due = Due(ledger, out, task, force=force)
        tasks = due.among(texts if workers == 1 else large_first(texts), summary, progress)
        with Running(out.running, len(listing), summary) as running:
            writer = Writer(ledger, out, summary, running, number)
            at_once = carry_out(tasks, writer, workers, how)
            if tables and not at_once and not stop():
                due.others -= sum(ledger.known(found.name) is not None for found in tables)
                in_rows = replace(rows or TableSettings(), settings=settings)
                at_once = run_tables(tables, in_rows, task.signature, ledger, out, summary, running, how, force=force)
            stopped = summary.done < len(listing)
            runs.end(ledger, number, "stopped" if stopped else "done", summary.done, summary.failed)
            if not at_once:
                report(ledger, out, summary)
    if stopped:
        raise Interrupted(summary.done, len(listing))
    summary.of_earlier_runs = due.others
    return summary


def _kinds(listing: Listing) -> tuple[Listing, list[Found]]:
    """The documents, and the tables, whose rows are texts."""
    tables = [found for found in listing if found.table]
    return Listing.of(found for found in listing if not found.table) if tables else listing, tables


def carry_out(tasks: Iterable[Task], writer: Writer, workers: int, how: How) -> bool:
    """Does the tasks and puts down what comes of them; says whether a person wanted it to end at once."""
    try:
        with closing(results(tasks, workers, how, outcome, died)) as outcomes:
            for done in outcomes:
                if done is None:
                    writer.tick()
                else:
                    how.progress(writer.add(*done))
    except KeyboardInterrupt:
        writer.flush()
        return True
    writer.flush()
    return False


def died(task: Task, reason: str) -> Outcome:
    """The outcome of a document whose process died of it or was ended, for this reason."""
    try:
        source = source_of(task)
    except UnreadableDocument:
        source = None
    document = Document(
        name=task.name, path=str(task.path), clean=None, clean_sha256=None, sha256=source.sha256 if source else None,
        size=len(source.raw) if source else task.size, encoding=None, bom=False, certain=False, state="failed",
        message=reason, at=runs.now(), settings=task.signature, version=__version__,
        has_source=source is not None and task.keep, member=task.member,
    )  # fmt: skip
    return Outcome(task.name, document, compressed(source.raw) if source and task.keep else None)


def report(ledger: Ledger, out: OutFolder, summary: Summary) -> None:
    """Writes edits.jsonl and the report from the ledger, unless they are up to date, and completes the summary."""
    made_from = [__version__, ledger.number_of_decisions()]
    known = json.loads(ledger.fact("reported") or "{}")
    if known.get("from") != made_from or not (out.edits.is_file() and out.report.is_file()):
        _write_report(ledger, out)
        edits = [[pass_, band, number] for (pass_, band), number in ledger.counts().items()]
        known = {"from": made_from, "characters": ledger.characters(), "edits": edits}
        ledger.note("reported", json.dumps(known))
    summary.characters = known["characters"]
    summary.edits = Counter({(pass_, band): number for pass_, band, number in known["edits"]})


def _write_report(ledger: Ledger, out: OutFolder) -> None:
    from cleaner.report import html

    with replacing(out.edits) as stream:
        stream.writelines(edit_lines(ledger, out))
    with replacing(out.report) as stream:
        stream.writelines(part.encode("utf-8") for part in html.page(ledger))
