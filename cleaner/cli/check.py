"""`cleaner check`: what cleaning would change, and nothing changed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cleaner.cli import options
from cleaner.cli.errors import SOME_FAILED, explained, refuse
from cleaner.cli.named import named
from cleaner.cli.summary import counted

if TYPE_CHECKING:
    from cleaner.report.findings import Finding

FOUND_SOMETHING = 1


FORMATS = ("text", "jsonl", "sarif", "rdjson", "github")


def check(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files, folders or archives.")],
    format: Annotated[
        Literal["text", "jsonl", "sarif", "rdjson", "github"],
        typer.Option(
            "--format",
            metavar="|".join(FORMATS),
            help="text: a line an edit, as compilers write; jsonl: as edits.jsonl; sarif (2.1.0), rdjson (reviewdog), "
            "github (annotations of an Actions workflow).",
        ),
    ] = "text",
    profile: options.Profile = None,
    settings: options.SettingsFile = None,
    lexicon: options.Lexicons = None,
    learned: options.Learned = None,
    model: options.Model = None,
    only: options.Only = "",
    skip: options.Skip = "",
    keep: options.Keep = None,
    convert: options.Convert = None,
    encoding: options.Encoding = None,
    field: options.Field = "text",
    jobs: options.Jobs = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing but what failed; the exit status tells.")
    ] = False,
) -> None:
    """Show what cleaning would change, and change nothing.

    \b
    Exit status 1 if any edit would be applied; suggestions and flags alone
    are no findings. 3 if a document, or some rows of a table, could not be
    read. Of tables (JSONL, Parquet) lines are the numbers of rows. Members of
    archives are named as if the archive were a folder.

    \b
    Examples:
      cleaner check scans/
      cleaner check page.txt --format jsonl | jq .rule
      cleaner check scans/ --format sarif > findings.sarif
      cleaner check corpus/ --only characters --quiet && echo clean
    """
    from cleaner.batch.tables.rows import TableSettings
    from cleaner.batch.work import Task, refuse_unusable
    from cleaner.batch.workers import jobs_for
    from cleaner.cli import checked
    from cleaner.files.decode import codec_of
    from cleaner.files.find import find
    from cleaner.files.read import largest

    with explained():
        how = options.effective(settings, lexicon, only, skip, keep, convert, profile, learned, model).settings
        if encoding is not None:
            codec_of(encoding)
        refuse_unusable(how)
        findings = find(paths)
        if not findings.documents and not findings.unread:
            raise refuse(f"no .txt or .md file and no table (.jsonl, .parquet) under {', '.join(map(str, paths))}")
    jobs = jobs or jobs_for(found.size for found in findings.documents)
    most = largest(jobs)
    tasks = (
        Task(found.name, found.path, found.clean, how, encoding, most=most, member=found.member)
        for found in findings.documents
        if not found.table
    )
    tables = [found for found in findings.documents if found.table]
    bands = dict.fromkeys(("applied", "suggested", "flagged"), 0)
    failures = list(findings.unread)

    def each() -> Iterator[Finding]:
        of_tables = checked.tables(tables, TableSettings(how, field), jobs, most)
        for one in chain(checked.documents(tasks, jobs), of_tables):
            if one.failure:
                failures.append((one.name, one.failure))
            for finding in one.findings:
                bands[finding.edit["band"]] += 1
                yield finding

    for piece in _written(each(), "nothing" if quiet else format):
        sys.stdout.buffer.write(piece.encode("utf-8", "backslashreplace"))  # for programs, whatever the terminal says
    sys.stdout.flush()  # before the summary, which goes to standard error
    if not quiet:
        typer.echo(
            f"{counted(len(findings.documents), 'document')}: {counted(bands['applied'], 'edit')} would be applied, "
            f"{bands['suggested']:,} suggested, {counted(bands['flagged'], 'place')} flagged",
            err=True,
        )
    for name, message in failures:
        typer.echo(f"{named(name)}: {message}", err=True)
    if failures:
        raise typer.Exit(SOME_FAILED)
    if bands["applied"]:
        raise typer.Exit(FOUND_SOMETHING)


def _written(found: Iterator[Finding], format: str) -> Iterator[str]:
    """The findings in a format, in pieces; `nothing` only looks at them."""
    from cleaner.report import findings
    from cleaner.text.records import as_line

    if format in ("sarif", "rdjson", "github"):
        write = {"sarif": findings.sarif, "rdjson": findings.rdjson, "github": findings.github}[format]
        yield from write(found)
        return
    for finding in found:
        if format != "nothing":
            yield (as_line(finding.edit) if format == "jsonl" else _line(finding)) + "\n"


def _line(finding: Finding) -> str:
    """An edit as compilers write a finding; of a table, the line is a row, and there is no column."""
    from cleaner.cli.visible import clipped

    edit, start = finding.edit, finding.start
    where = f"{named(str(finding.path))}:{start.line}" + (f":{start.column}" if "row" not in edit else "")
    before = clipped(edit["before"])
    what = {"applied": "", "suggested": "suggested: ", "flagged": "flagged: "}[edit["band"]]
    change = f"“{before}”" if edit["after"] is None else f"“{before}” → “{clipped(edit['after'])}”"
    if edit.get("kind") == "move":
        change = f"“{before}” moves to offset {edit['to']}"
    return f"{where}: {what}{change}  {edit['rule']} ({edit['confidence']:.2f})"
