"""`cleaner status`: how far a run is, and what a folder holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner.cli.errors import explained
from cleaner.cli.named import named
from cleaner.cli.summary import counted, incomplete

if TYPE_CHECKING:
    from cleaner.batch.status import Now, Status

LISTED = 10
"""Failures listed unless all are asked for."""


def status(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder that `cleaner run` wrote, or is writing.")],
    failed: Annotated[
        bool, typer.Option("--failed", help="List all documents that failed, with the reasons, and nothing else.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Write it as JSON, for programs.")] = False,
) -> None:
    """Say how far a run is, and what OUT holds: what is done, what failed and why, what is still to do.

    \b
    While a run is going on, it is asked how far it is; other details follow
    when it is done. Nothing is changed.

    \b
    Examples:
      cleaner status out
      cleaner status out --failed
      watch cleaner status out
    """
    from cleaner.batch.folder import OutFolder
    from cleaner.batch.status import Status, failures
    from cleaner.batch.status import status as status_of
    from cleaner.ledger.ledger import Ledger

    folder = OutFolder(out)
    with explained():
        if failed:
            with Ledger.open(folder.ledger) as ledger:
                for name, message in failures(ledger):
                    typer.echo(f"{named(name)}: {message}")
            return
        found = status_of(folder)
        if json:
            typer.echo(_as_json(found))
            return
        if not isinstance(found, Status):
            typer.echo("\n".join(_going_on(found)))
            return
        typer.echo("\n".join(_standing(found)))
        if found.failed:
            with Ledger.open(folder.ledger) as ledger:
                _list(failures(ledger), found.failed, out)
        if found.incomplete:
            typer.echo(incomplete(found.incomplete))


def _going_on(now: Now) -> list[str]:
    """A run that is going on."""
    percent = 100 * now.done / max(now.documents, 1)
    lines = [
        f"a run is going on (process {now.pid} on {now.host}, since {now.started})",
        f"{now.done:,} of {counted(now.documents, 'document')} done ({percent:.1f} %), {now.failed:,} of them failed, "
        f"at {now.at}",
    ]
    lines += [f"  {name}: {message}" for name, message in now.failures[:LISTED]]
    return lines + ([f"  and {now.failed - LISTED:,} more"] if now.failed > LISTED else [])


def _standing(status: Status) -> list[str]:
    """What a folder holds that nobody is writing to."""
    from cleaner.batch.status import POOR

    parts = [f"{counted(status.done + status.failed, 'document')}: {status.done:,} done, {status.failed:,} failed"]
    if status.pending:
        parts.append(f"{status.pending:,} still to do")
    last = status.last
    lines = [", ".join(parts)]
    if last:
        ended = {
            "done": f"ended {last.ended}", "stopped": f"was stopped {last.ended}; the same command goes on",
            "running": "was killed; the same command goes on",
        }[last.state]  # fmt: skip
        lines.append(f"last run: began {last.started}, {ended}")
    lines.append(f"{counted(status.characters, 'character')} from {status.size / 1e6:,.1f} MB")
    if status.quality is not None:
        poor = f"; {counted(status.poor, 'document')} below {POOR}" if status.poor else ""
        lines.append(f"quality {status.quality:.3f} on average, of 1{poor}")
    lines.append(f"ledger, edits.jsonl and report: {status.stored / 1e6:,.1f} MB")
    if status.without_copy:
        lines.append(f"{status.without_copy:,} without a copy of the original (restored from where they were read)")
    for part in status.mixture:
        how = "settings that were not kept" if part.settings is None else _settings(part.settings)
        lines.append(f"{part.documents:,} cleaned by version {part.version} with {how}")
    return lines


def _settings(settings: dict[str, object]) -> str:
    return ", ".join(f"{name} = {value!r}" for name, value in settings.items()) or "the default settings"


def _list(failures: Iterator[tuple[str, str]], number: int, out: Path) -> None:
    from itertools import islice

    typer.echo("failed:")
    for name, message in islice(failures, LISTED):
        typer.echo(f"  {named(name)}: {message}")
    if number > LISTED:
        typer.echo(f"  and {number - LISTED:,} more; cleaner status {out} --failed lists them all")


def _as_json(found: Now | Status) -> str:
    from dataclasses import asdict
    from json import dumps

    from cleaner.batch.status import Now

    return dumps({"running": isinstance(found, Now), **asdict(found)}, indent=2)
