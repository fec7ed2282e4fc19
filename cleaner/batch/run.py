"""A run: documents in, and out of them a folder with clean files, edits.jsonl, report and ledger.

Documents are done in the order given, each in one transaction, so that a run can be stopped at any moment and started
again: documents that have not changed since, cleaned by the same settings, version and decisions, are then passed over.
What people decided about the edits of earlier runs holds in this one. Documents of earlier runs that are not among those given stay in the folder, the ledger and the report: a folder grows with what
is cleaned into it, and only a document of the same name is replaced.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from cleaner import __version__
from cleaner.batch.folder import OutFolder, refuse_strangers
from cleaner.batch.ledger import Document, Ledger, compressed
from cleaner.batch.work import Outcome, Task, cleaner_of, outcome, parted
from cleaner.batch.workers import in_order, jobs_for
from cleaner.files.decode import codec_of
from cleaner.files.find import Found
from cleaner.files.read import Source, UnreadableDocument, largest, read
from cleaner.files.write import clear_unfinished, replacing, write
from cleaner.review.decisions import Decision, current, parsed
from cleaner.settings import Settings


@dataclass
class Summary:
    """What a run did. Counts of edits, by pass and band, and of characters are of all documents in the folder."""

    cleaned: int = 0
    unchanged: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    set_aside: list[Path] = field(default_factory=list)
    of_earlier_runs: int = 0
    unplaced: list[tuple[str, str]] = field(default_factory=list)
    characters: int = 0
    edits: Counter[tuple[str, str]] = field(default_factory=Counter)


class Interrupted(Exception):
    """A run that was stopped by Ctrl-C; `done` documents of `total` are finished and kept."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__(f"stopped after {done} of {total} documents")
        self.done = done
        self.total = total


def run(
    documents: Sequence[Found],
    out: OutFolder,
    settings: Settings,
    *,
    encoding: str | None = None,
    jobs: int | None = None,
    force: bool = False,
    progress: Callable[[Found], None] = lambda found: None,
) -> Summary:
    """Cleans the documents into a folder that `out.check` has passed; `progress` is told of each one done.

    `encoding` overrules what the bytes say; `jobs` is the number of processes (None: what is worth it); `force` cleans
    unchanged documents again, and replaces documents of the same name from other places. The result does not depend on
    `jobs`. A document that fails is in `failures`, and the others go on.

    Raises before any work UnusableFolder, LedgerError, UnknownEncoding, SettingsError and LexiconError; Interrupted on
    Ctrl-C; OSError where the folder cannot be written.
    """
    if encoding is not None:
        codec_of(encoding)
    if settings.lexicons:
        cleaner_of(settings)  # a lexicon at fault is told at once
    jobs = jobs or jobs_for(found.size for found in documents)
    out.top.mkdir(parents=True, exist_ok=True)
    summary = Summary()
    killed = out.ledger.with_name(out.ledger.name + "-wal").exists()
    with Ledger.begin(out.ledger) as ledger:
        if killed:
            clear_unfinished(out.clean)
        if not force:
            refuse_strangers(ledger, documents)
        how = Task("", Path(), "", settings, encoding, signature(settings, encoding), most=largest(jobs))
        ledger.put_settings(how.signature, as_json(settings, encoding))
        tasks = _tasks(documents, ledger, out, how, force)
        stopped = carry_out(documents, tasks, ledger, out, summary, jobs, progress)
    report(out, {found.name for found in documents}, summary)
    if stopped is not None:
        raise stopped
    return summary


def carry_out(
    documents: Sequence[Found],
    tasks: Iterable[Task],
    ledger: Ledger,
    out: OutFolder,
    summary: Summary,
    jobs: int,
    progress: Callable[[Found], None],
) -> Interrupted | None:
    """Does the tasks, one for each document, and keeps what comes out; says whether Ctrl-C stopped it."""
    done = 0
    try:
        with closing(in_order(tasks, outcome, died, jobs)) as outcomes:
            for found, result in zip(documents, outcomes, strict=True):
                _keep(result, ledger, out, summary)
                done += 1
                progress(found)
    except KeyboardInterrupt:
        return Interrupted(done, len(documents))
    return None


def signature(settings: Settings, encoding: str | None) -> str:
    """A hash of all that decides what becomes of a document, besides its bytes and the version of cleaner."""
    values = dataclasses.asdict(settings)
    values["lexicons"] = [hashlib.sha256(path.read_bytes()).hexdigest() for path in settings.lexicons]
    values["encoding"] = encoding
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:16]


def as_json(settings: Settings, encoding: str | None) -> str:
    """What `signature` is a hash of, as JSON, so that documents can be cleaned in the same way again."""
    values = {name: value for name, value in dataclasses.asdict(settings).items() if value is not None}
    values["lexicons"] = [str(path.absolute()) for path in settings.lexicons]
    return json.dumps({"settings": values, "encoding": encoding}, ensure_ascii=True)


class DecisionsTaken:
    """The decisions that hold in a collection, by document."""

    def __init__(self, ledger: Ledger) -> None:
        holding = [d for d in current(map(parsed, ledger.decisions())).values() if d.verdict != "none"]
        self._everywhere = [d for d in holding if d.everywhere]
        self._single: dict[str, list[Decision]] = {}
        for decision in holding:
            if not decision.everywhere:
                self._single.setdefault(decision.document, []).append(decision)

    def about(self, document: str) -> tuple[Decision, ...]:
        """Those about edits of a document, and those that hold everywhere."""
        return (*self._single.get(document, ()), *self._everywhere)

    def without_document(self, known: Iterable[str]) -> list[tuple[str, str]]:
        """The documents that decisions are about and that are not among those known, with what to say of them."""
        lost = {name: len(self._single[name]) for name in sorted(self._single.keys() - set(known))}
        return [
            (name, f"{number} {'decision' if number == 1 else 'decisions'} about it, but it is not in this folder")
            for name, number in lost.items()
        ]


def died(task: Task) -> Outcome:
    """The outcome of a document whose process died twice over it."""
    try:
        source = read(task.path) if task.raw is None else Source(task.raw, hashlib.sha256(task.raw).hexdigest())
    except UnreadableDocument:
        source = None
    document = Document(
        name=task.name, path=str(task.path), clean=None, clean_sha256=None, sha256=source.sha256 if source else None,
        size=len(source.raw) if source else 0, encoding=None, bom=False, certain=False, state="failed",
        message="the process that cleaned it died, probably for want of memory; split it, or run with fewer --jobs",
        at=datetime.now(UTC).isoformat(timespec="seconds"), settings=task.signature, version=__version__,
        has_source=source is not None,
    )  # fmt: skip
    return Outcome(task.name, document, compressed(source.raw) if source else None)


def _tasks(documents: Sequence[Found], ledger: Ledger, out: OutFolder, how: Task, force: bool) -> Iterator[Task]:
    """What is to be done with each document."""
    taken = DecisionsTaken(ledger)
    for found in documents:
        task = replace(how, name=found.name, path=found.path, clean=found.clean, decisions=taken.about(found.name))
        yield task if force else unless_known(task, ledger.document(found.name), out)


def unless_known(task: Task, earlier: Document | None, out: OutFolder) -> Task:
    """The task, to be passed over where an earlier run made of the same bytes what this one would."""
    if earlier is None or (earlier.state, earlier.version) != ("done", __version__):
        return task
    signature, mark = parted(earlier.settings)
    if signature != task.signature or not (out.clean / task.clean).is_file():
        return task
    return replace(task, known=earlier.sha256, known_mark=mark)


def _keep(result: Outcome, ledger: Ledger, out: OutFolder, summary: Summary) -> None:
    """Writes the clean file, then the ledger: a document in the ledger is whole."""
    document = result.document
    if document is None:
        summary.unchanged += 1
        return
    earlier = ledger.document(result.name)
    if earlier and earlier.state == "done" and document.state == "failed" and result.source is None:
        # the file cannot be read now (a lost disk, a dangling link): what is known of it must not be lost with it
        summary.failures.append((document.name, f"{document.message}; what an earlier run made of it is kept"))
        return
    if earlier and earlier.clean is not None:
        kept = out.set_aside(earlier.clean, earlier.clean_sha256)
        if kept:
            summary.set_aside.append(kept)
    if result.clean is not None and document.clean is not None:
        write(out.clean / document.clean, result.clean)
    ledger.put(document, result.source, result.edits)
    if document.state == "failed":
        summary.failures.append((document.name, document.message))
    else:
        summary.cleaned += 1
        summary.unplaced += [(document.name, told) for told in result.unplaced]
        if document.message:
            summary.remarks.append((document.name, document.message))


def report(out: OutFolder, names: set[str], summary: Summary) -> None:
    """Writes edits.jsonl and the report from the ledger, and completes the summary."""
    from cleaner.report import html

    with Ledger.open(out.ledger) as ledger:
        with replacing(out.edits) as stream:
            for line in ledger.lines():
                stream.write(line.encode("utf-8") + b"\n")
        for document in ledger.documents():
            summary.characters += document.characters
            summary.of_earlier_runs += document.name not in names
        summary.edits = ledger.counts()
    html.write(out.ledger, out.report)
