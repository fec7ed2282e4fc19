"""What a run did, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cleaner.cli.named import named

if TYPE_CHECKING:
    from cleaner.batch.folder import OutFolder
    from cleaner.batch.summary import Learning, Summary
    from cleaner.files.find import Findings


MOST_REMARKS = 20
"""Remarks of one kind that are printed; more are counted."""

MOST_FAILURES = 100
"""Failures that are printed."""


def summed_up(summary: Summary, findings: Findings, out: OutFolder) -> str:
    """What a run did, in a few lines and a small table."""
    failed = summary.failed + len(findings.unread)
    lines = [_done(summary, len(findings.documents), failed, "unchanged since the last run")]
    if again := _again(summary):
        lines.append(again)
    if summary.learning:
        lines += _learned(summary.learning)
    if findings.others:
        lines.append(f"passed over: {others(findings)}")
    if summary.of_earlier_runs:
        verb = "stays" if summary.of_earlier_runs == 1 else "stay"
        lines.append(f"{counted(summary.of_earlier_runs, 'document')} of earlier runs {verb} in {out.top}")
    return "\n".join([*lines, *_remarks(summary), *_counts(summary), "", *_next(out)])


def applied(summary: Summary, out: OutFolder) -> str:
    """What became of the decisions, in a few lines and a small table."""
    lines = [_done(summary, summary.done, summary.failed, "without new decisions")]
    return "\n".join([*lines, *_remarks(summary), *_counts(summary), "", *_next(out)])


def failed(failures: Sequence[tuple[str, str]], number: int, out: OutFolder) -> str:
    """The documents that failed, each with its reason, as far as they are known here, of `number` in all."""
    lines = [f"{counted(number, 'document')} failed:"]
    lines += [f"  {named(name)}: {message}" for name, message in failures[:MOST_FAILURES]]
    if number > MOST_FAILURES:
        lines.append(f"  and {number - MOST_FAILURES:,} more; `cleaner status {out.top} --failed` lists them all")
    return "\n".join(lines)


def incomplete(tables: Sequence[tuple[str, str]]) -> str:
    """Tables with rows that were kept as they are, and why."""
    lines = [
        "not all rows could be cleaned:",
        *(f"  {named(name)}: {message}" for name, message in tables[:MOST_FAILURES]),
    ]
    if len(tables) > MOST_FAILURES:
        lines.append(f"  and in {len(tables) - MOST_FAILURES:,} more")
    return "\n".join(lines)


def _learned(learning: Learning) -> list[str]:
    """What was learned from the collection, and what became of the file that was there."""
    words = {"head": "running head", "line": "repeated line", "term": "term", "change": "mended misread"}
    found = ", ".join(counted(learning.facts[kind], word) for kind, word in words.items() if learning.facts[kind])
    if learning.documents is None:
        lines = [
            f"used as it stands, since the documents are those it was learned from: {learning.path} ({found or 'nothing'})"
        ]
    else:
        lines = [f"learned from {counted(learning.documents, 'document')}: {found or 'nothing'} (see {learning.path})"]
    if learning.set_aside:
        lines.append(
            f"{learning.path.name} was edited: it is kept as {learning.set_aside}, and its marked lines stay in the new one"
        )
    return lines


def _again(summary: Summary) -> str:
    """Why documents that had been cleaned before were cleaned again."""
    from cleaner.batch.due import FORCED, NEW

    reasons = [(why, number) for why, number in summary.why.most_common() if why not in (NEW, FORCED, "")]
    return "cleaned again: " + ", ".join(f"{number:,} ({why})" for why, number in reasons) if reasons else ""


def _next(out: OutFolder) -> list[str]:
    """What a person may want to do with it."""
    return [f"to read:   {out.report}", f"to decide: cleaner review {out.top}"]


def _done(summary: Summary, documents: int, failed: int, unchanged: str) -> str:
    parts = [
        f"{number:,} {what}"
        for number, what in (
            (summary.cleaned, "cleaned"),
            (summary.unchanged, unchanged),
            (failed, "failed"),
        )
        if number
    ]
    return f"{counted(documents, 'document')}" + (f": {', '.join(parts)}" if parts else "")


def _remarks(summary: Summary) -> list[str]:
    lines = []
    for remarks in (summary.remarks, summary.unplaced):
        lines += _cut([f"{named(name)}: {remark}" for name, remark in remarks])
    return lines + _cut([f"a clean file that was edited is kept as {path}" for path in summary.set_aside])


def _cut(lines: list[str]) -> list[str]:
    more = len(lines) - MOST_REMARKS
    return [*lines[:MOST_REMARKS], f"and {more:,} such lines more"] if more > 0 else lines


def _counts(summary: Summary) -> list[str]:
    return ["", *counts(summary.characters, summary.edits)]


def counts(characters: int, edits: Counter[tuple[str, str]]) -> list[str]:
    """How many characters and edits there are, in a line and a small table."""
    return [f"{counted(characters, 'character')}, {counted(edits.total(), 'edit')}", *_table(edits)]


def _table(edits: Counter[tuple[str, str]]) -> list[str]:
    """The edits by pass, in the chain's order, and band."""
    from cleaner.settings import PASS_NAMES
    from cleaner.text.edits import Band

    if not edits:
        return []
    passes = [*PASS_NAMES, *sorted({pass_ for pass_, _ in edits} - set(PASS_NAMES))]
    width = max(map(len, passes))
    rows = [f"  {'':{width}}" + "".join(f"{band:>11}" for band in Band)]
    for pass_ in passes:
        of_pass = [edits[pass_, band] for band in Band]
        if any(of_pass):
            rows.append(
                f"  {pass_:{width}}" + "".join(f"{count or '–':>11,}" if count else f"{'–':>11}" for count in of_pass)
            )
    return rows


def others(findings: Findings) -> str:
    """The files passed over, by kind."""
    return ", ".join(f"{number:,} {kind}" for kind, number in sorted(findings.others.items()))


def counted(number: int, what: str) -> str:
    """A number of things: `1 document`, `1,200 documents`."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")
