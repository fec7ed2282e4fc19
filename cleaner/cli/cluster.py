"""`cleaner run --engine ray`: a collection cleaned on a cluster."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from cleaner.cli.errors import SOME_FAILED, refuse
from cleaner.cli.progress import STOPPED
from cleaner.cli.summary import MOST_FAILURES, counted, counts

if TYPE_CHECKING:
    from cleaner.batch.tables.rows import TableSettings
    from cleaner.engines.on_ray import ClusterSummary


def on_ray(
    paths: Sequence[str],
    out: str,
    settings: TableSettings,
    *,
    encoding: str | None,
    address: str | None,
    force: bool,
    quiet: bool,
) -> None:
    """Cleans what is under the paths or addresses, and says what was done."""
    from cleaner.engines.on_ray import run

    try:
        with _progress(shown=not quiet and sys.stderr.isatty()) as progress:
            summary = run(paths, out, settings, address=address, encoding=encoding, force=force, progress=progress)
    except KeyboardInterrupt:
        typer.echo("cleaner: stopped. Parts that are done are kept; run the same command again to go on", err=True)
        raise typer.Exit(STOPPED) from None
    except ConnectionError as error:
        raise refuse(f"no Ray cluster answers at {address}: {error}") from error
    if not quiet:
        typer.echo("\n".join(_summed_up(summary, out)))
    if summary.failures:
        typer.echo(_failed(summary), err=True)
        raise typer.Exit(SOME_FAILED)


def _summed_up(summary: ClusterSummary, out: str) -> list[str]:
    before = f" ({summary.unchanged:,} of {summary.done + summary.unchanged:,} parts were done before)"
    rows = f", {counted(summary.tally.rows, 'row')} of tables" if summary.tally.rows else ""
    first = f"{counted(summary.documents, 'document')}{rows}{before if summary.unchanged else ''}"
    return [first, "", *counts(summary.tally.characters, summary.edits), "", f"to read: clean/ and edits/ under {out}"]


def _failed(summary: ClusterSummary) -> str:
    lines = ["not all could be cleaned:", *(f"  {name}: {why}" for name, why in summary.failures[:MOST_FAILURES])]
    if len(summary.failures) > MOST_FAILURES:
        lines.append(f"  and {len(summary.failures) - MOST_FAILURES:,} more; OUT/summary.json lists them all")
    return "\n".join(lines)


@contextmanager
def _progress(shown: bool) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error over the parts."""
    if not shown:
        yield lambda done, every: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("parts"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, every: bar.update(task, completed=done, total=every)
