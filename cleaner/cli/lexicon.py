"""`cleaner lexicon`: what was decided for good, as a lexicon."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cleaner.cli.errors import explained
from cleaner.cli.summary import counted

lexicon = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Lexicons of one's own.")


@lexicon.callback()
def _lexicon() -> None:
    """Lexicons of one's own."""


@lexicon.command("show")
def show(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder that `cleaner run` wrote.")],
) -> None:
    """Show as a lexicon what was decided everywhere: always and never.

    \b
    In OUT these decisions hold by themselves. For other collections, keep the
    lines in a file and give it to `cleaner run --lexicon`.

    \b
    Example:
      cleaner lexicon show out > mine.tsv
    """
    from cleaner.batch.folder import OutFolder
    from cleaner.batch.ledger import Ledger
    from cleaner.review import exchange, terms

    with explained(), Ledger.open(OutFolder(out).ledger) as ledger:
        lines, left_out = terms.lexicon_lines(exchange.holding(ledger))
    for line in (terms.HEADER, *lines):
        typer.echo(line)
    if left_out:
        typer.echo(
            f"{counted(len(left_out), 'decision')} of marks, spaces or single characters hold in {out} alone: "
            "no lexicon can say them",
            err=True,
        )
