"""`cleaner decisions`: what was decided, to read, to give to others and to take from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner.cli import options
from cleaner.cli.errors import explained, refuse
from cleaner.cli.summary import counted

if TYPE_CHECKING:
    from cleaner.decisions.decision import Decision


def decisions(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder that `cleaner run` wrote.")],
    export: Annotated[
        Path | None, typer.Option("--export", metavar="FILE", help="Write the decisions that hold to FILE (JSONL).")
    ] = None,
    import_: Annotated[
        Path | None,
        typer.Option(
            "--import", metavar="FILE", help="Add the decisions of FILE; of two about one edit the later holds."
        ),
    ] = None,
    force: options.Force = False,
) -> None:
    """List the decisions taken about the edits of a run, or move them.

    \b
    Decisions are taken on the review page, or on a report that was opened as a
    file. They find their edits by what they change and the words around it, so
    they can be imported into another run over the same scans.

    \b
    Examples:
      cleaner decisions out
      cleaner decisions out --export mine.jsonl
      cleaner decisions out --import theirs.jsonl
    """
    from cleaner.batch.folder import OutFolder
    from cleaner.decisions import exchange
    from cleaner.ledger.ledger import Ledger

    if export and import_:
        raise refuse("give one of --export and --import")
    options.free(export, force)
    path = OutFolder(out).ledger
    with explained():
        if import_ is not None:
            theirs = exchange.read(import_)
            with Ledger.deciding(path) as ledger:
                added, conflicts = exchange.take_in(ledger, theirs)
            typer.echo(f"{counted(added, 'decision')} added, {counted(len(theirs) - added, 'decision')} known already")
            for conflict in conflicts:
                typer.echo(f"conflict: {_told(conflict.mine)}")
                typer.echo(f"          {_told(conflict.theirs)}")
                typer.echo(f"          the later holds: {_by(conflict.holds)}")
            return
        with Ledger.open(path) as ledger:
            held = exchange.holding(ledger)
        if export is not None:
            number = exchange.write(export, held)
            typer.echo(f"{counted(number, 'decision')} written to {export}")
            return
        for decision in held:
            typer.echo(_told(decision))
        typer.echo(f"{counted(len(held), 'decision')}" + ("; `cleaner apply` carries them out" if held else ""))


def _told(decision: Decision) -> str:
    """A decision on one line."""
    from cleaner.cli.visible import clipped, visible

    where = "everywhere" if decision.everywhere else f"{visible(decision.document)}:{decision.line}"
    left, right = (visible(side) for side in decision.beside)
    change = f"{left}{clipped(decision.before) or 'nothing'}{right}"
    if decision.kind == "move":
        change += " moved"
    elif decision.after is not None:
        change += f" → {left}{clipped(decision.after) or 'nothing'}{right}"
    what = "comment" if decision.verdict == "none" else str(decision.verdict)
    if decision.text is not None:
        what += f" by {clipped(decision.text) or 'nothing'}"
    comment = f"  # {visible(decision.comment)}" if decision.comment else ""
    return f"{where}  {what}  {change}  {decision.rule}  {_by(decision)}{comment}"


def _by(decision: Decision) -> str:
    from cleaner.cli.visible import visible

    return f"({visible(decision.who) or 'nobody named'}, {decision.at[:16].replace('T', ' ')})"
