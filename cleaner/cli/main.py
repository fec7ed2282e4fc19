"""The command `cleaner`: one file for each of its commands. Importing them stays light; the work is imported when asked."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from cleaner.cli import (
    apply,
    check,
    decisions,
    diff,
    evaluate,
    explain,
    lexicon,
    model,
    restore,
    review,
    run,
    settings,
    status,
)

app = typer.Typer(
    name="cleaner",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # Typer's boxes cost 0.2 seconds of every start
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run")(run.run)
app.command("status")(status.status)
app.command("check")(check.check)
app.command("diff")(diff.diff)
app.command("review")(review.review)
app.command("apply")(apply.apply)
app.command("decisions")(decisions.decisions)
app.add_typer(lexicon.lexicon, name="lexicon")
app.add_typer(model.model, name="model")
app.command("restore")(restore.restore)
app.command("explain")(explain.explain)
app.command("settings")(settings.settings)
app.command("evaluate")(evaluate.evaluate)


def _version(asked: bool) -> None:
    if asked:
        from cleaner import __version__

        typer.echo(f"cleaner {__version__}")
        raise typer.Exit


@app.callback(
    epilog="Exit status: 0 done; 1 `check` found something; 2 wrong usage; 3 some documents failed, the rest are done."
)
def _cleaner(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Turns the OCR output of Chinese print back into the text that stood on the page, and shows every change it made.

    \b
      cleaner run scans/ -o out     clean a folder into out/, with a report
      cleaner run -  < page.txt     as a filter
      cleaner status out            how far a run is, and what failed
      cleaner check scans/          see what would be changed
      cleaner diff out              read the changes in the terminal
      cleaner review out            decide about them in the browser
      cleaner apply out             write the clean files again, as decided
      cleaner decisions out         what was decided; to give to others, too
      cleaner lexicon               terms of one's own: collect, add, check
      cleaner model                 a language model of one's own corpus
      cleaner restore out originals rebuild the original files, byte for byte
      cleaner explain               what each rule does, and why
      cleaner settings              what is set, and by what; profiles
      cleaner evaluate out truth    how far texts are from their references
    """


def main() -> None:
    """The entry point of the command `cleaner`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # names of files need not be text
    app()
