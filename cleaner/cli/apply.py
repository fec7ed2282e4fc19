"""`cleaner apply`: the clean files written again, with what was decided."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cleaner.cli import options
from cleaner.cli.errors import SOME_FAILED, explained
from cleaner.cli.progress import STOPPED, progress_bar, stopping
from cleaner.cli.summary import applied, failed


def apply(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder that `cleaner run` wrote.")],
    jobs: options.Jobs = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but what failed.")] = False,
) -> None:
    """Write the clean files again, with the decisions taken so far.

    \b
    What was rejected stays as the scan has it, suggestions that were accepted are
    made, and so is what was typed. The sources come from OUT/ledger.db. An edit
    that is proposed for the first time then is marked as new in the report.

    \b
    Example:
      cleaner apply out
    """
    from cleaner.batch.apply import apply as apply_decisions
    from cleaner.batch.apply import done
    from cleaner.batch.folder import OutFolder
    from cleaner.batch.run import Interrupted
    from cleaner.ledger.ledger import Ledger

    folder = OutFolder(out)
    with explained():
        with Ledger.open(folder.ledger) as ledger:
            sizes = [document.size for document in done(ledger)]
        try:
            with (
                stopping() as stop,
                progress_bar(len(sizes), sum(sizes), shown=not quiet and sys.stderr.isatty()) as progress,
            ):
                summary = apply_decisions(folder, jobs=jobs, progress=progress, stop=stop)
        except Interrupted as stopped:
            typer.echo(
                f"cleaner: stopped after {stopped.done} of {stopped.total} documents; apply again to go on", err=True
            )
            raise typer.Exit(STOPPED) from stopped
    if not quiet:
        typer.echo(applied(summary, folder))
    if summary.failed:
        typer.echo(failed(summary.failures, summary.failed, folder), err=True)
        raise typer.Exit(SOME_FAILED)
