"""`cleaner run`: cleans files into a folder, or standard input to standard output."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner.cli import options
from cleaner.cli.errors import SOME_FAILED, explained, refuse
from cleaner.cli.progress import STOPPED, progress_bar, terminated_like_ctrl_c
from cleaner.cli.summary import counted, others, summed_up

if TYPE_CHECKING:
    from cleaner.settings import Settings


def run(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Files or folders, or - for standard input.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="OUT", help="The folder to write to: new, empty, or of an earlier run."),
    ] = None,
    settings: options.SettingsFile = None,
    lexicon: options.Lexicons = None,
    only: options.Only = "",
    skip: options.Skip = "",
    keep: options.Keep = None,
    convert: options.Convert = None,
    encoding: options.Encoding = None,
    jobs: options.Jobs = None,
    edits: Annotated[
        Path | None, typer.Option("--edits", metavar="FILE", help="With -: write the edits there, one a line (JSON).")
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Clean unchanged documents again; replace those of the same name from elsewhere."),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but what failed.")] = False,
) -> None:
    """Clean files and folders, and write what came out to OUT.

    \b
    From folders, the .txt and .md files at any depth are taken; a file named
    itself is always taken. The encoding of each is told by itself. OUT gets
      clean/        the clean texts (UTF-8), under the same names
      edits.jsonl   every edit, one a line
      report.html   every edit in its context, to read in a browser
      ledger.db     what `cleaner diff` and `cleaner restore` work from
    The input is never written to. Stop with Ctrl-C, and go on with the same
    command: what is done and unchanged is passed over.

    \b
    Examples:
      cleaner run scans/ -o out
      cleaner run vol1/ vol2/ notes.txt -o out --skip terms
      cleaner run page.txt -o out --encoding gb18030
      pdftotext book.pdf - | cleaner run - > book.txt
    """
    with explained():
        how = options.settings_of(settings, lexicon, only, skip, keep, convert)
        if "-" in paths:
            if len(paths) > 1 or out is not None:
                raise refuse("- reads standard input and writes standard output; leave out other paths and -o")
            _filter(how, encoding, edits)
            return
        if edits is not None:
            raise refuse("--edits goes with - only; a run into a folder always writes edits.jsonl there")
        if out is None:
            raise refuse("say where to write with -o OUT (or give - to clean standard input to standard output)")
        _into_folder([Path(path) for path in paths], out, how, encoding, jobs, force, quiet)


def _filter(settings: Settings, encoding: str | None, edits: Path | None) -> None:
    """Standard input, cleaned, to standard output."""
    from cleaner.batch.work import cleaner_of, in_order, row
    from cleaner.files.read import UnreadableDocument, largest, text_of, too_large
    from cleaner.files.write import as_utf8, like_source, replacing

    cleaner = cleaner_of(settings)
    most = largest()
    raw = sys.stdin.buffer.read(most + 1)
    try:
        if len(raw) > most:
            raise UnreadableDocument(too_large(len(raw), most))
        source = text_of(raw, encoding).text
    except UnreadableDocument as error:
        typer.echo(f"cleaner: standard input: {error}", err=True)
        raise typer.Exit(SOME_FAILED) from error
    cleaned = cleaner.clean(source)
    if edits is not None:
        with replacing(edits) as stream:
            for edit in in_order(cleaned):
                stream.write(row(edit, "-").record.encode("utf-8") + b"\n")
    sys.stdout.buffer.write(as_utf8(like_source(cleaned.text, source)))
    sys.stdout.buffer.flush()


def _into_folder(
    paths: list[Path], top: Path, settings: Settings, encoding: str | None, jobs: int | None, force: bool, quiet: bool
) -> None:
    """The documents under the paths, cleaned into a folder."""
    from cleaner.batch.folder import OutFolder
    from cleaner.batch.run import Interrupted
    from cleaner.batch.run import run as run_batch
    from cleaner.files.find import find

    out = OutFolder(top)
    out.check(paths)
    findings = find(paths)
    if not findings.documents and not findings.unread:
        passed_over = f"; {others(findings)}" if findings.others else ""
        raise refuse(f"no .txt or .md file under {', '.join(map(str, paths))}{passed_over}")
    try:
        with (
            terminated_like_ctrl_c(),
            progress_bar(findings.documents, shown=not quiet and sys.stderr.isatty()) as progress,
        ):
            summary = run_batch(
                findings.documents, out, settings, encoding=encoding, jobs=jobs, force=force, progress=progress
            )
    except Interrupted as stopped:
        typer.echo(
            f"cleaner: stopped. {stopped.done} of {stopped.total} documents are done and kept; "
            "run the same command again to go on",
            err=True,
        )
        raise typer.Exit(STOPPED) from stopped
    failures = [*findings.unread, *summary.failures]
    if not quiet:
        typer.echo(summed_up(summary, findings, out, len(failures)))
    if failures:
        typer.echo(f"{counted(len(failures), 'document')} failed:", err=True)
        for name, message in failures:
            typer.echo(f"  {name}: {message}", err=True)
        raise typer.Exit(SOME_FAILED)
