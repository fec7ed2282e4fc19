"""`cleaner run`: cleans files into a folder, or standard input to standard output."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from cleaner.cli import options
from cleaner.cli.errors import SOME_FAILED, explained, refuse
from cleaner.cli.progress import STOPPED, progress_bar, stopping
from cleaner.cli.summary import failed, incomplete, others, summed_up

if TYPE_CHECKING:
    from cleaner.batch.folder import OutFolder
    from cleaner.batch.summary import Step, Summary
    from cleaner.cli.log import Log
    from cleaner.files.choice import Choice
    from cleaner.files.find import Findings
    from cleaner.settings import Settings


def run(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH", help="Files, folders or archives, or - for standard input.")
    ],
    out: Annotated[
        str | None,
        typer.Option("--out", "-o", metavar="OUT", help="The folder to write to: new, empty, or of an earlier run."),
    ] = None,
    profile: options.Profile = None,
    settings: options.SettingsFile = None,
    lexicon: options.Lexicons = None,
    learn: Annotated[
        bool,
        typer.Option(
            "--learn",
            help="Find first what the documents have in common (running heads, names, misreads), and use it: OUT/learned.tsv.",
        ),
    ] = False,
    learned: options.Learned = None,
    model: options.Model = None,
    only: options.Only = "",
    skip: options.Skip = "",
    keep: options.Keep = None,
    convert: options.Convert = None,
    encoding: options.Encoding = None,
    include: Annotated[
        list[str] | None,
        typer.Option(
            "--include", metavar="GLOB", help="Of folders and archives, take only what matches (as in .gitignore)."
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", metavar="GLOB", help="Leave out what matches. May be repeated.")
    ] = None,
    field: options.Field = "text",
    add_edits: options.AddEdits = False,
    add_quality: options.AddQuality = False,
    jobs: options.Jobs = None,
    engine: options.Engine = "local",
    address: options.Address = None,
    timeout: Annotated[
        float | None,
        typer.Option(
            "--timeout", metavar="SECONDS", min=0.1, help="Give up a document that takes longer; the others go on."
        ),
    ] = None,
    write: Annotated[
        Literal["text", "same"],
        typer.Option(
            "--write", metavar="text|same", help="Write plain text, or OCR formats and HTML as the same format again."
        ),
    ] = "text",
    edits: Annotated[
        Path | None, typer.Option("--edits", metavar="FILE", help="With -: write the edits there, one a line (JSON).")
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Clean unchanged documents again; replace those of the same name from elsewhere."),
    ] = False,
    no_sources: Annotated[
        bool,
        typer.Option(
            "--no-sources",
            help="Keep no copies of the originals, for large collections: `restore` then needs them where they are.",
        ),
    ] = False,
    log: Annotated[
        Path | None, typer.Option("--log", metavar="FILE", help="Add a line (JSON) for each document done or failed.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but what failed.")] = False,
) -> None:
    """Clean files, folders and archives, and write what came out to OUT.

    \b
    From folders, the .txt and .md files at any depth are taken, HTML, what OCR
    engines write (hOCR, ALTO, PAGE-XML, TSV, JSON: told by content), and those
    in .zip and .tar archives, which are read in place; a file named itself is always
    taken. A file .cleanerignore in a folder leaves out what it names.
    The encoding of each document is told by itself. The texts in the rows of
    .jsonl (also .gz, .zst) and .parquet files come out in files of the same
    kind, all else in them as it was. OUT gets
      clean/        the clean texts (UTF-8), under the same names
      edits.jsonl   every edit, one a line
      report.html   every edit in its context, to read in a browser
      ledger.db     what `cleaner diff` and `cleaner restore` work from
      learned.tsv   with --learn: what the documents have in common, to be
                    read and edited, and given to other runs
    The input is never written to. Stop with Ctrl-C, and go on with the same
    command: what is done and unchanged is passed over, after a crash too.
    `cleaner status OUT` tells how far it is.

    \b
    Examples:
      cleaner run scans/ -o out --profile newspaper
      cleaner run vol1/ vol2.zip notes.txt -o out --skip terms
      cleaner run scans/ -o out --learn
      cleaner run more/ -o out2 --learned out/learned.tsv
      cleaner run scans/ -o out --include '*.ocr' --exclude drafts/
      cleaner run corpus/ -o out --no-sources --timeout 300 --log run.jsonl
      cleaner run corpus.jsonl.gz -o out --field body --add-quality
      cleaner run s3://scans/1950 -o s3://clean/1950 --engine ray --address auto
      cleaner run page.txt -o out --encoding gb18030
      cleaner run alto/ -o out --write same
      pdftotext book.pdf - | cleaner run - > book.txt
    """
    with explained():
        if learn and learned is not None:
            raise refuse("--learn finds anew what --learned gives; leave one of them out")
        how = options.effective(settings, lexicon, only, skip, keep, convert, profile, learned, model).settings
        if "-" in paths:
            if len(paths) > 1 or out is not None:
                raise refuse("- reads standard input and writes standard output; leave out other paths and -o")
            if learn:
                raise refuse("--learn goes with documents, not with -; give what was learned with --learned")
            _filter(how, encoding, edits, same=write == "same", quiet=quiet)
            return
        if edits is not None:
            raise refuse("--edits goes with - only; a run into a folder always writes edits.jsonl there")
        if out is None:
            raise refuse("say where to write with -o OUT (or give - to clean standard input to standard output)")
        from cleaner.batch.tables.rows import TableSettings
        from cleaner.files.choice import Choice

        rows = TableSettings(how, field, add_edits, add_quality)
        if engine == "ray":
            for option, given in (("--jobs", jobs), ("--timeout", timeout), ("--include", include), ("--exclude", exclude),
                                  ("--no-sources", no_sources), ("--log", log), ("--learn", learn), ("--write same", write == "same")):  # fmt: skip
                if given:
                    raise refuse(f"{option} goes with --engine local only")
            from cleaner.cli.cluster import on_ray

            on_ray(paths, out, rows, encoding=encoding, address=address, force=force, quiet=quiet)
            return
        if address is not None:
            raise refuse("--address goes with --engine ray")
        _into_folder(
            [Path(path) for path in paths], Path(out), how, Choice(include or (), exclude or ()), log, quiet,
            {"encoding": encoding, "jobs": jobs, "force": force, "sources": not no_sources, "timeout": timeout,
             "rows": rows, "same": write == "same", "learn": learn},
        )  # fmt: skip


def _filter(settings: Settings, encoding: str | None, edits: Path | None, *, same: bool, quiet: bool) -> None:
    """Standard input, cleaned, to standard output."""
    from cleaner.batch.work import cleaner_of, content, rows
    from cleaner.files.read import largest, reading_of
    from cleaner.files.unreadable import UnreadableDocument, too_large
    from cleaner.files.write import as_utf8, like_source, replacing

    cleaner = cleaner_of(settings)
    most = largest()
    raw = sys.stdin.buffer.read(most + 1)
    try:
        if len(raw) > most:
            raise UnreadableDocument(too_large(len(raw), most))
        reading = reading_of(raw, encoding)
    except UnreadableDocument as error:
        typer.echo(f"cleaner: standard input: {error}", err=True)
        raise typer.Exit(SOME_FAILED) from error
    if not (quiet or reading.printed) and _is_jsonl(reading.text):
        typer.echo(
            "cleaner: standard input looks like JSONL, and is cleaned as plain text, its names and quotes too; to clean a field of "
            "each line: cleaner run FILE.jsonl -o OUT --field NAME",
            err=True,
        )
    cleaned = cleaner.clean(reading.text, recognised=reading.recognised)
    if edits is not None:
        with replacing(edits) as stream:
            for row in rows(cleaned, "-", printed=reading.printed):
                stream.write(row.record.encode("utf-8") + b"\n")
    if same and reading.printed:
        sys.stdout.buffer.write(content(reading, cleaned, same=True))
    else:
        sys.stdout.buffer.write(as_utf8(like_source(cleaned.text, reading.text)))
    sys.stdout.buffer.flush()


def _is_jsonl(text: str) -> bool:
    """Whether the first line of a text is an object of JSON, and the second one, too, if there is one."""
    lines = [line for line in text[:PROBE].split("\n")[:2] if line.strip()]
    try:
        return bool(lines) and all(line.startswith("{") and isinstance(json.loads(line), dict) for line in lines)
    except (ValueError, RecursionError):
        return False


PROBE = 1 << 16
"""Code points in which two lines of JSONL are looked for."""


def _into_folder(
    paths: list[Path], top: Path, settings: Settings, choice: Choice, log: Path | None, quiet: bool, how: dict[str, Any]
) -> None:
    """The documents under the paths, cleaned into a folder. `how` are the keywords of `cleaner.batch.run.run`."""
    from cleaner.batch.folder import OutFolder
    from cleaner.batch.run import Interrupted
    from cleaner.cli.log import log_to
    from cleaner.files.find import find

    out = OutFolder(top)
    out.check(paths)
    findings = find(paths, choice)
    if not findings.documents and not findings.unread:
        passed_over = f"; {others(findings)}" if findings.others else ""
        raise refuse(
            f"no .txt or .md file and no table (.jsonl, .parquet) under {', '.join(map(str, paths))}{passed_over}"
        )
    with log_to(log) as write:
        try:
            summary = _watched(findings, out, settings, write, quiet, how)
        except Interrupted as stopped:
            write("run stopped", done=stopped.done, documents=stopped.total)
            typer.echo(
                f"cleaner: stopped. {stopped.done:,} of {stopped.total:,} documents are done and kept; "
                "run the same command again to go on",
                err=True,
            )
            raise typer.Exit(STOPPED) from stopped
        write("run ended", cleaned=summary.cleaned, unchanged=summary.unchanged, failed=summary.failed)
    if not quiet:
        typer.echo(summed_up(summary, findings, out))
    if summary.incomplete:
        typer.echo(incomplete(summary.incomplete), err=True)
    if findings.unread or summary.failed or summary.incomplete:
        if number := len(findings.unread) + summary.failed:
            typer.echo(failed([*findings.unread, *summary.failures], number, out), err=True)
        raise typer.Exit(SOME_FAILED)


def _watched(
    findings: Findings, out: OutFolder, settings: Settings, log: Log, quiet: bool, how: dict[str, Any]
) -> Summary:
    """The run, with its progress shown and logged, and stopped by Ctrl-C."""
    from cleaner import __version__
    from cleaner.batch.due import as_json
    from cleaner.batch.run import run as run_batch
    from cleaner.cli import log as logging

    documents = findings.documents
    size = sum(documents.sizes())
    log("run started", version=__version__, out=out.top, documents=len(documents), bytes=size,
        settings=json.loads(as_json(settings, how["encoding"]))["settings"], **{k: v for k, v in how.items() if k != "rows"})  # fmt: skip
    for name, message in findings.unread:
        log("document failed", document=name, message=message)
    shown = not quiet and sys.stderr.isatty()
    with stopping() as stop, progress_bar(len(documents), size, shown) as progress:

        def watch(step: Step) -> None:
            progress(step)
            if step.state != "part":
                logging.step(log, step)

        return run_batch(documents, out, settings, progress=watch, stop=stop, **how)
