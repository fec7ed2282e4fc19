"""`cleaner check`: what cleaning would change, and nothing changed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cleaner.cli import options
from cleaner.cli.errors import SOME_FAILED, explained, refuse
from cleaner.cli.summary import counted

if TYPE_CHECKING:
    from cleaner.batch.work import Task
    from cleaner.ledger.ledger import Row
    from cleaner.report.findings import Finding
    from cleaner.report.positions import Position

FOUND_SOMETHING = 1


FORMATS = ("text", "jsonl", "sarif", "rdjson", "github")


@dataclass(frozen=True, slots=True)
class Checked:
    """What would be done to a document: its edits, and where each begins and ends. Or why it failed."""

    name: str
    path: Path
    rows: tuple[Row, ...] = ()
    spans: tuple[tuple[Position, Position], ...] = ()
    failure: str = ""


def check(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files or folders.")],
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
    only: options.Only = "",
    skip: options.Skip = "",
    keep: options.Keep = None,
    convert: options.Convert = None,
    encoding: options.Encoding = None,
    jobs: options.Jobs = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing but what failed; the exit status tells.")
    ] = False,
) -> None:
    """Show what cleaning would change, and change nothing.

    \b
    Exit status 1 if any edit would be applied; suggestions and flags alone
    are no findings. 3 if a document could not be read.

    \b
    Examples:
      cleaner check scans/
      cleaner check page.txt --format jsonl | jq .rule
      cleaner check scans/ --format sarif > findings.sarif
      cleaner check corpus/ --only characters --quiet && echo clean
    """
    from cleaner.batch.work import Task, refuse_unusable
    from cleaner.batch.workers import in_order, jobs_for
    from cleaner.files.decode import codec_of
    from cleaner.files.find import find
    from cleaner.files.read import largest

    with explained():
        how = options.effective(settings, lexicon, only, skip, keep, convert, profile, learned).settings
        if encoding is not None:
            codec_of(encoding)
        refuse_unusable(how)
        findings = find(paths)
        if not findings.documents and not findings.unread:
            raise refuse(f"no .txt or .md file under {', '.join(map(str, paths))}")
    jobs = jobs or jobs_for(found.size for found in findings.documents)
    most = largest(jobs)
    tasks = (
        Task(found.name, found.path, found.clean, how, encoding, most=most, member=found.member)
        for found in findings.documents
        if not found.table
    )
    tables = sum(1 for found in findings.documents if found.table)
    if tables == len(findings.documents) > 0:
        raise refuse("check reads texts; the rows of tables (JSONL, Parquet) are cleaned by `cleaner run` alone")
    bands = dict.fromkeys(("applied", "suggested", "flagged"), 0)
    failures = list(findings.unread)

    def each() -> Iterator[Checked]:
        for checked in in_order(tasks, checked_of, _died, jobs):
            if checked.failure:
                failures.append((checked.name, checked.failure))
            for row in checked.rows:
                bands[row.band] += 1
            yield checked

    for piece in _written(each(), "nothing" if quiet else format):
        sys.stdout.buffer.write(piece.encode("utf-8", "backslashreplace"))  # for programs, whatever the terminal says
    if not quiet:
        typer.echo(
            f"{counted(len(findings.documents) - tables, 'document')}: {counted(bands['applied'], 'edit')} would be applied, "
            f"{bands['suggested']:,} suggested, {counted(bands['flagged'], 'place')} flagged",
            err=True,
        )
    if tables and not quiet:
        typer.echo(
            f"passed over: {counted(tables, 'table')} (JSONL, Parquet), which only `cleaner run` reads", err=True
        )
    for name, message in failures:
        typer.echo(f"{name}: {message}", err=True)
    if failures:
        raise typer.Exit(SOME_FAILED)
    if bands["applied"]:
        raise typer.Exit(FOUND_SOMETHING)


def checked_of(task: Task) -> Checked:
    """What would be done to a document. Raises nothing for its sake."""
    from cleaner.batch.work import attempt, rows
    from cleaner.report.positions import Lines

    done = attempt(task)
    if done.cleaned is None:
        return Checked(task.name, task.path, failure=done.message)
    at = Lines(done.cleaned.source).position
    found = tuple(rows(done.cleaned, task.name))
    return Checked(task.name, task.path, found, tuple((at(row.start), at(row.end)) for row in found))


def _died(task: Task, reason: str) -> Checked:
    return Checked(task.name, task.path, failure=reason)


def _written(documents: Iterator[Checked], format: str) -> Iterator[str]:
    """The findings in a format, in pieces; `nothing` only looks at them."""
    from cleaner.report import findings

    if format in ("sarif", "rdjson", "github"):
        write = {"sarif": findings.sarif, "rdjson": findings.rdjson, "github": findings.github}[format]
        yield from write(finding for checked in documents for finding in _findings(checked))
        return
    for checked in documents:
        for row, (start, _) in zip(checked.rows, checked.spans, strict=True):
            if format != "nothing":
                yield (row.record if format == "jsonl" else _line(row, str(checked.path), start.column)) + "\n"


def _findings(checked: Checked) -> Iterator[Finding]:
    import json

    from cleaner.report.findings import Finding

    for row, span in zip(checked.rows, checked.spans, strict=True):
        yield Finding(checked.path, json.loads(row.record), *span)


def _line(row: Row, name: str, column: int) -> str:
    """An edit as compilers write a finding."""
    import json

    from cleaner.cli.visible import clipped

    entry = json.loads(row.record)
    before = clipped(entry["before"])
    what = {"applied": "", "suggested": "suggested: ", "flagged": "flagged: "}[row.band]
    change = f"“{before}”" if entry["after"] is None else f"“{before}” → “{clipped(entry['after'])}”"
    if entry.get("kind") == "move":
        change = f"“{before}” moves to offset {entry['to']}"
    return f"{name}:{row.line}:{column}: {what}{change}  {row.rule} ({row.confidence:.2f})"
