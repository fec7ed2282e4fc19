"""`cleaner diff`: the edits of a run, in the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from cleaner.cli.errors import explained, refuse

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from cleaner.ledger.ledger import Document, Ledger

CONTEXT = 16
"""Code points shown on either side of an edit, on its line."""

MARKS = {"applied": ("✓", "green"), "suggested": ("?", "yellow"), "flagged": ("!", "magenta")}


def diff(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder that `cleaner run` wrote.")],
    document: Annotated[
        str | None, typer.Argument(metavar="DOCUMENT", help="One document, by its name in OUT/clean.")
    ] = None,
    documents: Annotated[
        list[str] | None,
        typer.Option(
            "--document", metavar="PATTERN", help="Documents named so; * and ? as in file names. May be repeated."
        ),
    ] = None,
    band: Annotated[
        str, typer.Option("--band", metavar="BAND,...", help="Only edits that are applied, suggested or flagged.")
    ] = "",
    only: Annotated[str, typer.Option("--pass", metavar="PASS,...", help="Only edits of these passes.")] = "",
    series: Annotated[
        bool, typer.Option("--series", help="The same change over the whole run as one line, the most frequent first.")
    ] = False,
    format: Annotated[
        Literal["text", "unified"],
        typer.Option(
            "--format", metavar="text|unified", help="unified: a patch of the sources, for `patch -p1` or `git apply`."
        ),
    ] = "text",
    colour: Annotated[
        Literal["auto", "always", "never"],
        typer.Option("--colour", "--color", metavar="auto|always|never", help="auto: on a terminal."),
    ] = "auto",
    pager: Annotated[bool, typer.Option("--pager/--no-pager", help="On a terminal, show it in $PAGER.")] = True,
) -> None:
    """Show the edits of a run in their context.

    \b
    Removed text stands in [-  -], what replaces it in {+  +}. Signs make white
    space visible in an edit: ␣ a space, □ an ideographic space, ⏎ a line end.
      ✓ applied    ? suggested, not applied    ! flagged, something is wrong here
    A patch (--format unified) has the applied edits, others where asked with --band.

    \b
    Examples:
      cleaner diff out
      cleaner diff out vol1/page-007.txt --band suggested,flagged
      cleaner diff out --pass misreads,terms --series
      cleaner diff out --document 'vol1/*' --format unified | (cd scans && patch -p1)
    """
    from cleaner.batch.folder import OutFolder
    from cleaner.ledger.ledger import Ledger

    if series and format == "unified":
        raise refuse("give one of --series and --format unified")
    with explained(), Ledger.open(OutFolder(out).ledger) as ledger:
        chosen = _chosen_edits(ledger, document, documents or [], band, only, format)
        if format == "unified":
            _patch(chosen)
            return
        with _console(colour, pager) as console:
            for line in _series(chosen) if series else _edits(chosen):
                console.print(line)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The documents asked for; `edits` gives those of a document that are. `all_shown`: also documents without any."""

    ledger: Ledger
    documents: Sequence[Document]
    bands: Sequence[str]
    passes: Sequence[str]
    all_shown: bool

    def edits(self, document: Document) -> list[dict[str, Any]]:
        return [r for r in self.ledger.edits(document.name) if r["band"] in self.bands and r["pass"] in self.passes]


def _chosen_edits(ledger: Ledger, name: str | None, patterns: list[str], band: str, only: str, format: str) -> _Chosen:
    from cleaner import installed
    from cleaner.settings import PASS_NAMES

    bands = _chosen(band or ("applied" if format == "unified" else ""), tuple(MARKS), "band")
    passes = _chosen(only, (*PASS_NAMES, *installed.names(), "chain", "review"), "pass")
    if name is not None:
        documents = [_named(ledger.document(name), name, ledger)]
    else:
        documents = [d for d in ledger.documents() if not patterns or any(fnmatchcase(d.name, p) for p in patterns)]
        if not documents and patterns:
            raise refuse(f"no document of {ledger.path.parent} is named like {', '.join(patterns)}")
    return _Chosen(ledger, documents, bands, passes, name is not None)


@contextmanager
def _console(colour: str, pager: bool) -> Iterator[Console]:
    """Where to print: on a terminal, through the pager of the person's choice."""
    from rich.console import Console

    if colour == "never":
        console = Console(highlight=False, soft_wrap=True, no_color=True, color_system=None)
    else:
        console = Console(highlight=False, soft_wrap=True, force_terminal=colour == "always" or None)
    if not (pager and sys.stdout.isatty()):
        yield console
        return
    os.environ.setdefault("LESS", "-FRX")  # less shows colours, and leaves what fits on the screen there, as git has it
    with console.pager(styles=colour != "never"):
        yield console


def _edits(chosen: _Chosen) -> Iterator[Text]:
    """The edits of each document, in its order."""
    for document in chosen.documents:
        if document.state == "failed":
            yield _heading(document, f"failed: {document.message}")
            continue
        records = chosen.edits(document)
        if not records and not chosen.all_shown:
            continue
        counts = f"{document.applied:,} applied, {document.suggested:,} suggested, {document.flagged:,} flagged"
        yield _heading(document, counts)
        source = chosen.ledger.text(document.name) if records and not document.is_table else ""
        for record in records:
            yield from _entry(record, source)
        if document.is_table and document.edits > len(records):
            yield _more(document.edits - len(records))


def _more(number: int) -> Text:
    from rich.text import Text

    return Text(f"         and {number:,} more in edits.jsonl, or left out as asked", "dim")


def _series(chosen: _Chosen) -> Iterator[Text]:
    """Equal changes as one line each: how often, what, by band, by which rule."""
    from rich.text import Text

    from cleaner.cli.visible import clipped
    from cleaner.report.series import Tally

    tally = Tally()
    for document in chosen.documents:
        records = chosen.edits(document)
        source = chosen.ledger.text(document.name) if records and document.has_source else None
        for record in records:
            tally.add(record, source)
    for one in tally.series():
        bands = "  ".join(f"{MARKS[name][0]} {number:,} {name}" for name, number in one.bands.items())
        line = Text.assemble(
            f"{one.total:>7,} ×  ",
            (clipped(one.before) or "nothing", "red"),
            " → ",
            (clipped(one.after) or "nothing", "green"),
        )
        yield line.append(f"  {bands}  ").append(one.rule, "bold")


def _patch(chosen: _Chosen) -> None:
    """A patch of the sources, on standard output, as bytes: sources have encodings of their own."""
    from cleaner.report.patch import mended, unified

    for document in chosen.documents:
        records = chosen.edits(document) if document.state == "done" else []
        if not records:
            continue
        if document.is_table:
            typer.echo(f"{document.name}: a table, of whose rows no patch can tell; left out", err=True)
            continue
        if (document.encoding or "").startswith(("utf-16", "utf-32")):
            typer.echo(f"{document.name}: in {document.encoding}, which no patch can hold; left out", err=True)
            continue
        source = chosen.ledger.source(document.name)
        clean = mended(chosen.ledger.reading(document.name), records)
        sys.stdout.buffer.write(unified(document.name, source, clean))
    sys.stdout.buffer.flush()


def _chosen(listed: str, known: tuple[str, ...], what: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in listed.split(",") if name.strip())
    for name in names:
        if name not in known:
            raise refuse(f"there is no {what} named {name!r}; there are {', '.join(known)}")
    return names or known


def _named(found: Document | None, name: str, ledger: Any) -> Document:
    if found is not None:
        return found
    from cleaner.errors import nearest

    best = nearest(name, (d.name for d in ledger.documents()))
    raise refuse(f"no document named {name!r} in {ledger.path.parent}" + (f"; did you mean {best!r}?" if best else ""))


def _heading(document: Document, what: str) -> Text:
    from rich.text import Text

    from cleaner.report.visible import inert

    return Text.assemble("\n", (inert(document.name), "bold"), f"  {what}")


def _entry(record: Mapping[str, Any], source: str) -> Iterator[Text]:
    """The lines for one edit: what it is, and how it reads in its context."""
    from rich.text import Text

    mark, colour = MARKS[record["band"]]
    place = (
        f"row {record['row']:,}" if "row" in record else record["line"]
    )  # tables have rows, each with lines of its own
    about = Text.assemble(
        f"  {place:>5}  ", (f"{mark} {record['band']:<9}", colour),
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
