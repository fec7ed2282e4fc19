"""What a run did, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.batch.folder import OutFolder
    from cleaner.batch.run import Summary
    from cleaner.files.find import Findings


def summed_up(summary: Summary, findings: Findings, out: OutFolder, failed: int) -> str:
    """What a run did, in a few lines and a small table."""
    parts = [
        f"{number:,} {what}"
        for number, what in (
            (summary.cleaned, "cleaned"),
            (summary.unchanged, "unchanged since the last run"),
            (failed, "failed"),
        )
        if number
    ]
    lines = [f"{counted(len(findings.documents), 'document')}: {', '.join(parts)}"]
    if findings.others:
        lines.append(f"passed over: {others(findings)}")
    if summary.of_earlier_runs:
        lines.append(f"{counted(summary.of_earlier_runs, 'document')} of earlier runs stay in {out.top}")
    lines += [f"{name}: {remark}" for name, remark in summary.remarks]
    lines += [f"a clean file that was edited is kept as {path}" for path in summary.set_aside]
    lines += [
        "",
        f"{counted(summary.characters, 'character')}, {counted(summary.edits.total(), 'edit')}",
        *_table(summary),
    ]
    return "\n".join([*lines, "", f"to read: {out.report}"])


def _table(summary: Summary) -> list[str]:
    """The edits by pass, in the chain's order, and band."""
    from cleaner.settings import PASS_NAMES
    from cleaner.text.edits import Band

    if not summary.edits:
        return []
    passes = [*PASS_NAMES, *sorted({pass_ for pass_, _ in summary.edits} - set(PASS_NAMES))]
    width = max(map(len, passes))
    rows = [f"  {'':{width}}" + "".join(f"{band:>11}" for band in Band)]
    for pass_ in passes:
        counts = [summary.edits[pass_, band] for band in Band]
        if any(counts):
            rows.append(
                f"  {pass_:{width}}" + "".join(f"{count or '–':>11,}" if count else f"{'–':>11}" for count in counts)
            )
    return rows


def others(findings: Findings) -> str:
    """The files passed over, by kind."""
    return ", ".join(f"{number:,} {kind}" for kind, number in sorted(findings.others.items()))


def counted(number: int, what: str) -> str:
    """A number of things: `1 document`, `1,200 documents`."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")
