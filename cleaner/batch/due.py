"""Which documents of a run are to be cleaned, and why; the others are as an earlier run left them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from cleaner import __version__, plugins
from cleaner.batch.folder import OutFolder
from cleaner.batch.summary import Step, Summary
from cleaner.batch.work import Task, mark_of, parted
from cleaner.decisions.decision import Decision, current, parsed
from cleaner.files.found import Found
from cleaner.files.listing import Listing
from cleaner.ledger.ledger import Known, Ledger
from cleaner.settings import Settings

EARLY = 512 * 1024
"""Bytes from which on a document is begun before the smaller ones, lest all wait for it at the end."""

MOST_EARLY = 10_000
"""Documents begun early, the largest; more would have to be remembered, and do without."""

FORCED, NEW, CHANGED = "forced", "new", "changed"
SETTINGS, VERSION, DECISIONS = "other settings", "another version of cleaner", "new decisions"
FAILED, GONE = "failed before", "clean file gone"


class Due:
    """Tells the documents to be cleaned from those that are as an earlier run left them. `others` are the documents of the
    ledger that have not been asked about."""

    def __init__(self, ledger: Ledger, out: OutFolder, how: Task, *, force: bool) -> None:
        self._ledger = ledger
        self._clean = str(out.clean)
        self._how = how
        self._force = force
        self._taken = DecisionsTaken(ledger)
        self.others = ledger.size()

    def among(self, documents: Iterable[Found], summary: Summary, progress: Callable[[Step], None]) -> Iterator[Task]:
        """What is to be done with those that are to be cleaned; counts the others, and tells of them."""
        for found in documents:
            known = self._ledger.known(found.name) if self.others else None
            self.others -= known is not None
            task = self.task(found, known)
            if task is not None:
                yield task
            else:
                summary.unchanged += 1
                progress(Step(found.name, found.size, "unchanged"))

    def task(self, found: Found, known: Known | None) -> Task | None:
        """What is to be done with a document; None where size and time say that it is unchanged, so nothing is."""
        decisions = self._taken.about(found.name)
        clean = found.name if self._how.same else found.clean
        why = FORCED if self._force else why_again(known, self._how, f"{self._clean}/{clean}")
        sha256, mark = None, ""
        if known is not None and not why:
            sha256, mark = known.sha256, parted(known.settings)[1]
            if (known.size, known.modified, known.member, known.path) != (
                found.size, found.modified, found.member, str(found.path)
            ):  # fmt: skip
                why = CHANGED  # or the same file elsewhere, or only touched: its bytes will tell
            elif self._taken.everywhere or mark != mark_of(decisions):
                why = DECISIONS  # or one that does not hold for it: its text will tell
            else:
                return None
        return replace(
            self._how, name=found.name, path=found.path, clean=clean, decisions=decisions, member=found.member,
            size=found.size, modified=found.modified, why=why, known=sha256, known_mark=mark,
            keep=self._how.keep and found.member is None,  # archives hold their members better than the ledger would
        )  # fmt: skip


def why_again(known: Known | None, how: Task, clean: str) -> str:
    """Why a document is to be cleaned whatever its bytes are; nothing where an earlier run made of the same bytes what this
    one would. `clean` is the path of its clean file."""
    if known is None:
        return NEW
    if known.state != "done":
        return FAILED
    if known.version != __version__:
        return VERSION
    if parted(known.settings)[0] != how.signature:
        return SETTINGS
    return "" if os.path.isfile(clean) else GONE


def large_first(documents: Listing) -> Iterator[Found]:
    """The documents, the largest of them in front, so that none of these is begun last."""
    early: set[str] = set()
    for found in documents.large(EARLY, MOST_EARLY):
        early.add(found.name)
        yield found
    yield from (found for found in documents if found.name not in early)


def signature(settings: Settings, encoding: str | None, same: bool = False) -> str:
    """A hash of all that decides what becomes of a document, besides its bytes and the version of cleaner."""
    values = settings.as_table()
    values["plugins"] = list(plugins.active(settings))
    values["lexicons"] = [hashlib.sha256(path.read_bytes()).hexdigest() for path in settings.lexicons]
    if settings.learned is not None:
        values["learned"] = hashlib.sha256(settings.learned.read_bytes()).hexdigest()
    if settings.model is not None:
        values["model"] = hashlib.sha256(settings.model.read_bytes()).hexdigest()
    values["encoding"] = encoding
    if same:
        values["write"] = "same"
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:16]


def as_json(settings: Settings, encoding: str | None, same: bool = False) -> str:
    """What `signature` is a hash of, as JSON, so that documents can be cleaned in the same way again."""
    table = {"settings": settings.as_table(), "encoding": encoding, "profile": settings.profile}
    return json.dumps(table | ({"write": "same"} if same else {}), ensure_ascii=True)


class DecisionsTaken:
    """The decisions that hold in a collection, by document."""

    def __init__(self, ledger: Ledger) -> None:
        holding = [d for d in current(map(parsed, ledger.decisions())).values() if d.verdict != "none"]
        self.everywhere = [d for d in holding if d.everywhere]
        self._single: dict[str, list[Decision]] = {}
        for decision in holding:
            if not decision.everywhere:
                self._single.setdefault(decision.document, []).append(decision)

    def about(self, document: str) -> tuple[Decision, ...]:
        """Those about edits of a document, and those that hold everywhere."""
        return (*self._single.get(document, ()), *self.everywhere)

    def without_document(self, known: Iterable[str]) -> list[tuple[str, str]]:
        """The documents that decisions are about and that are not among those known, with what to say of them."""
        lost = {name: len(self._single[name]) for name in sorted(self._single.keys() - set(known))}
        return [
            (name, f"{number} {'decision' if number == 1 else 'decisions'} about it, but it is not in this folder")
            for name, number in lost.items()
        ]
