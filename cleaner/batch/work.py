"""What is done with one document, in whichever process: read it, clean it, and say what came out."""

from __future__ import annotations

import time
import traceback
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner import __version__, installed
from cleaner.chain import Cleaner
from cleaner.decisions import decided
from cleaner.decisions.decided import Decided
from cleaner.decisions.decision import Decision
from cleaner.errors import PluginError
from cleaner.files.read import LARGEST, Reading, Source, read, reading_of
from cleaner.files.unreadable import UnreadableDocument
from cleaner.files.write import clean_file
from cleaner.ledger.ledger import Document, Row, compressed
from cleaner.settings import Settings
from cleaner.text import quality
from cleaner.text.cleaned import Cleaned
from cleaner.text.edits import Edit
from cleaner.text.records import as_line, in_order, record

if TYPE_CHECKING:
    from cleaner.files.formats.printed import Printed


@dataclass(frozen=True, slots=True)
class Task:
    """A document to clean: its name, where it is, its clean file under OUT/clean, and how.

    `known` is the SHA-256 of the bytes with which it need not be cleaned again as long as its decisions have the mark
    `known_mark`, `most` the bytes that it may have, `decisions` what people decided about it and everywhere, `raw` its bytes
    where they are not read from `path`, `member` its place in the archive at `path`. `size` and `modified` are what was found
    of its file, `keep` whether the ledger is to hold its bytes, `why` why it is to be cleaned. `same` asks for a clean file in
    the format of the document, where that is not plain text.
    """

    name: str
    path: Path
    clean: str
    settings: Settings
    encoding: str | None = None
    signature: str = ""
    known: str | None = None
    known_mark: str = ""
    most: int = LARGEST
    decisions: tuple[Decision, ...] = ()
    raw: bytes | None = None
    member: int | None = None
    size: int = 0
    modified: int = 0
    keep: bool = True
    why: str = ""
    same: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """How far a document came; `message` says why it came no further. `mark` tells of the decisions that went into it;
    `unchanged`: it is as it was at the last run."""

    source: Source | None = None
    reading: Reading | None = None
    decided: Decided | None = None
    message: str = ""
    mark: str = ""
    unchanged: bool = False

    @property
    def cleaned(self) -> Cleaned | None:
        """What came out; None where nothing did."""
        return self.decided.cleaned if self.decided else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A document done or failed, as the ledger takes it, and the content of its clean file.

    None for `document`: it is as it was at the last run. `unplaced` tells of decisions that could not be carried out;
    `modified` is when the file was last written, None where that does not tell its states apart; `seconds` how long it took.
    """

    name: str
    document: Document | None
    source: bytes | None = None
    clean: bytes | None = None
    edits: Sequence[Row] = ()
    unplaced: Sequence[str] = ()
    modified: int | None = None
    seconds: float = 0.0


def cleaner_of(settings: Settings) -> Cleaner:
    """The cleaner for these settings, made once in a process and again when a lexicon, a model or what was learned changed. Raises
    SettingsError, LexiconError, LearnedError, and OSError where one of these files cannot be read.
    """
    files = (*settings.lexicons, *filter(None, (settings.learned, settings.model)))
    return _cleaner(settings, tuple(path.stat().st_mtime_ns for path in files))


@lru_cache(maxsize=8)
def _cleaner(settings: Settings, changed: tuple[int, ...]) -> Cleaner:
    return Cleaner(settings)


def refuse_unusable(settings: Settings) -> None:
    """Raises before any work what `cleaner_of` raises, where that may be: for lexicons, a model, what was learned, single rules, passes of packages."""
    files = settings.lexicons or settings.learned or settings.model
    if files or settings.skipped_rules or settings.apply_from or installed.names():
        cleaner_of(settings)


def attempt(task: Task) -> Attempt:
    """Reads and cleans a document. Raises nothing for its sake."""
    source = reading = None
    try:
        source = source_of(task)
        known = source.sha256 == task.known
        if known and not task.decisions and not task.known_mark:
            return Attempt(source, unchanged=True)
        reading = reading_of(source.raw, task.encoding, task.name)
        decisions = [d for d in task.decisions if not d.everywhere or d.may_hold_in(reading.text)]
        mark = mark_of(decisions)
        if known and mark == task.known_mark:
            return Attempt(source, unchanged=True)
        done = decided.clean(cleaner_of(task.settings), reading.text, decisions, reading.recognised)
        return Attempt(source, reading, done, mark=mark)
    except (UnreadableDocument, PluginError) as error:
        return Attempt(source, reading, message=str(error))
    except MemoryError:
        return Attempt(
            source,
            reading,
            message="not enough memory; split it, or run with fewer --jobs",
        )
    except Exception as error:  # a fault of one pass must not stop the other documents
        return Attempt(source, reading, message=fault(error))


def fault(error: Exception) -> str:
    """A fault of cleaner itself, in words."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"an error of cleaner itself, please report it: {type(error).__name__}: {error} "
        f"({Path(where.filename).name}, line {where.lineno})"
    )


def source_of(task: Task) -> Source:
    """The bytes of a document. Raises UnreadableDocument."""
    if task.raw is not None:
        return Source(task.raw, sha256(task.raw).hexdigest())
    return read(task.path, task.most, task.member)


MOST_GRAIN = 2_000_000_000
"""Nanoseconds by which clocks of file systems step at most (FAT: 2 s): a file written so short a time before it was read may
be written again without its time telling."""

_DECIDED = "+"  # parts, in a document's signature, that of the settings and the mark of the decisions


def mark_of(decisions: Sequence[Decision]) -> str:
    """A hash of decisions, by which is known whether others have been taken since; nothing for none."""
    lines = sorted(replace(decision, who="", comment="").as_line() for decision in decisions)
    return sha256("\n".join(lines).encode("utf-8")).hexdigest()[:16] if lines else ""


def together(settings: str, mark: str) -> str:
    """A document's signature in the ledger, of that of its settings and the mark of its decisions."""
    return settings + (_DECIDED + mark if mark else "")


def parted(signature: str) -> tuple[str, str]:
    """A document's signature in the ledger as that of its settings and the mark of its decisions."""
    settings, _, mark = signature.partition(_DECIDED)
    return settings, mark


def outcome(task: Task) -> Outcome:
    """Cleans a document for a run. Raises nothing for its sake."""
    begun = time.perf_counter()
    modified = task.modified if 0 < task.modified < time.time_ns() - MOST_GRAIN else None
    done = attempt(task)
    if done.unchanged:
        return Outcome(task.name, None, modified=modified)
    made = _made(task, done, modified)
    return replace(made, seconds=time.perf_counter() - begun)


def _made(task: Task, done: Attempt, modified: int | None) -> Outcome:
    """What came out of an attempt, as the ledger takes it."""
    source, reading, cleaned = done.source, done.reading, done.cleaned
    decoded = reading.decoded if reading else None
    clean = None if cleaned is None or reading is None else content(reading, cleaned, same=task.same)
    message = done.message
    if cleaned and decoded and not decoded.certain:
        message = f"its encoding was taken to be {decoded.encoding}; if it looks garbled, name it with --encoding"
    document = Document(
        name=task.name,
        path=str(task.path),
        clean=None if clean is None else task.clean,
        clean_sha256=None if clean is None else sha256(clean).hexdigest(),
        sha256=source.sha256 if source else None,
        size=len(source.raw) if source else task.size or _size(task.path),
        encoding=decoded.encoding if decoded else None,
        bom=bool(decoded and decoded.bom),
        certain=bool(decoded and decoded.certain),
        state="failed" if cleaned is None else "done",
        message=message,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        settings=together(task.signature, done.mark),
        version=__version__,
        has_source=source is not None and task.keep,
        modified=modified,
        member=task.member,
        characters=len(reading.text) if reading else 0,
        applied=len(cleaned.edits) if cleaned else 0,
        suggested=len(cleaned.suggestions) if cleaned else 0,
        flagged=len(cleaned.flags) if cleaned else 0,
        quality=cleaned.quality if cleaned else None,
    )
    raw = compressed(source.raw) if source and task.keep else None
    if cleaned is None or done.decided is None:
        return Outcome(task.name, document, raw)
    printed = reading.printed if reading else None
    edits = rows(cleaned, task.name, done.decided.new, printed)
    return Outcome(task.name, document, raw, clean, edits, [_told(*missed) for missed in done.decided.unplaced])


def content(reading: Reading, cleaned: Cleaned, *, same: bool) -> bytes:
    """The content of a clean file: the text, or the `same` format with the mended text in place where it is not plain text."""
    if not same or reading.printed is None:
        return clean_file(cleaned.text)
    from cleaner.files import formats

    return formats.written(reading.printed, reading.decoded, cleaned)


def _told(decision: Decision, reason: str) -> str:
    """A decision that could not be carried out, in words."""
    change = f"{decision.before!r} → {decision.after!r}" if decision.after is not None else f"{decision.before!r}"
    return f"the decision of line {decision.line} ({decision.verdict}: {change}) was not carried out: {reason}"


def rows(cleaned: Cleaned, document: str, new: Container[str] = (), printed: Printed | None = None) -> list[Row]:
    """The edits of a cleaned text as the ledger keeps them, in the order of edits.jsonl; `new` are the ids of those that
    decisions brought up. Each has the quality of its paragraph, where that is not 1, and its place on the page, where that
    is known.
    """
    quality_at = quality.at(cleaned.paragraphs, cleaned.to_clean)
    places = printed.place if printed else lambda start, end: {}
    return [
        _row(edit, document, edit.id in new, quality_at(edit.start), places(edit.start, edit.end))
        for edit in in_order(cleaned)
    ]


def _row(edit: Edit, document: str, new: bool, quality: float, place: dict[str, Any]) -> Row:
    entry = record(edit, document) | place
    if quality < 1.0:
        entry["quality"] = quality
    if new:
        entry["new"] = True
    return Row(
        edit.id,
        edit.start,
        edit.end,
        edit.line,
        edit.pass_,
        edit.rule,
        str(edit.band),
        entry["confidence"],
        as_line(entry),
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
