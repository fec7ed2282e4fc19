"""`cleaner diff`: the edits of a run, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cleaner.cli.errors import explained, refuse

if TYPE_CHECKING:
    from rich.text import Text

    from cleaner.batch.ledger import Document

CONTEXT = 16
"""Code points shown on either side of an edit, on its line."""

MARKS = {"applied": ("✓", "green"), "suggested": ("?", "yellow"), "flagged": ("!", "magenta")}


def diff(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder that `cleaner run` wrote.")],
    document: Annotated[
        str | None, typer.Argument(metavar="DOCUMENT", help="One document, by its name in OUT/clean.")
    ] = None,
    band: Annotated[
        str, typer.Option("--band", metavar="BAND,...", help="Only edits that are applied, suggested or flagged.")
    ] = "",
    only: Annotated[str, typer.Option("--only", metavar="PASS,...", help="Only edits of these passes.")] = "",
) -> None:
    """Show the edits of a run in their context.

    \b
    Removed text stands in [-  -], what replaces it in {+  +}. Signs make white
    space visible in an edit: ␣ a space, □ an ideographic space, ⏎ a line end.
      ✓ applied    ? suggested, not applied    ! flagged, something is wrong here

    \b
    Examples:
      cleaner diff out | less -R
      cleaner diff out vol1/page-007.txt --band suggested,flagged
      cleaner diff out --only misreads,terms
    """
    from rich.console import Console

    from cleaner.batch.folder import OutFolder
    from cleaner.batch.ledger import Ledger
    from cleaner.settings import PASS_NAMES

    with explained():
        bands = _chosen(band, tuple(MARKS), "band")
        passes = _chosen(only, (*PASS_NAMES, "chain"), "pass")
        console = Console(highlight=False, soft_wrap=True)
        with Ledger.open(OutFolder(out).ledger) as ledger:
            documents = (
                list(ledger.documents()) if document is None else [_named(ledger.document(document), document, ledger)]
            )
            for shown in documents:
                if shown.state == "failed":
                    console.print(_heading(shown, f"failed: {shown.message}"))
                    continue
                records = [r for r in ledger.edits(shown.name) if r["band"] in bands and r["pass"] in passes]
                if not records and document is None:
                    continue
                counts = f"{shown.applied:,} applied, {shown.suggested:,} suggested, {shown.flagged:,} flagged"
                console.print(_heading(shown, counts))
                source = ledger.text(shown.name) if records else ""
                for record in records:
                    for line in _entry(record, source):
                        console.print(line)


def _chosen(listed: str, known: tuple[str, ...], what: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in listed.split(",") if name.strip())
    for name in names:
        if name not in known:
            raise refuse(f"there is no {what} named {name!r}; there are {', '.join(known)}")
    return names or known


def _named(found: Document | None, name: str, ledger: Any) -> Document:
    if found is not None:
        return found
    from rapidfuzz import process

    best = process.extractOne(name, [d.name for d in ledger.documents()], score_cutoff=60)
    raise refuse(
        f"no document named {name!r} in {ledger.path.parent}" + (f"; did you mean {best[0]!r}?" if best else "")
    )


def _heading(document: Document, what: str) -> Text:
    from rich.text import Text

    from cleaner.report.visible import inert

    return Text.assemble("\n", (inert(document.name), "bold"), f"  {what}")


def _entry(record: Mapping[str, Any], source: str) -> Iterator[Text]:
    """The lines for one edit: what it is, and how it reads in its context."""
    from rich.text import Text

    mark, colour = MARKS[record["band"]]
    about = Text.assemble(
        f"  {record['line']:>5}  ", (f"{mark} {record['band']:<9}", colour),
        f"  {record['confidence']:.2f}  ", (record["rule"], "bold"),
    )  # fmt: skip
    if "steps" in record:
        about.append("  (" + ", ".join(dict.fromkeys(step["rule"] for step in record["steps"])) + ")", "dim")
    yield about
    yield _in_context(record, source)


def _in_context(record: Mapping[str, Any], source: str) -> Text:
    from rich.text import Text

    from cleaner.cli.visible import clipped
    from cleaner.report.passages import differences
    from cleaner.report.visible import inert

    start, end = record["start"], record["end"]
    left = source[max(0, start - CONTEXT) : start].rpartition("\n")[2]
    right = source[end : end + CONTEXT].partition("\n")[0].removesuffix("\r")
    line = Text.assemble(" " * 9, (inert(left), "dim"))
    if record.get("kind") == "move":
        target = source.count("\n", 0, record["to"]) + 1
        line.append(f"[={clipped(record['before'])}=] moves to line {target}", "cyan")
    elif record["after"] is None:
        line.append(f"[!{clipped(record['before'])}!]", "magenta")
    else:
        for before, after in differences(record["before"], record["after"]):
            if before == after:
                line.append(clipped(before))
                continue
            if before:
                line.append(f"[-{clipped(before)}-]", "red strike")
            if after:
                line.append(f"{{+{clipped(after)}+}}", "green")
    return line.append(inert(right), "dim")
