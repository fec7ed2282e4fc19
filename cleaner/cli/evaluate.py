"""`cleaner evaluate`: how far texts are from their references."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Literal

import typer

from cleaner.cli import options
from cleaner.cli.errors import SOME_FAILED, explained, refuse

if TYPE_CHECKING:
    from rich.table import Table

    from cleaner.evaluation import Evaluation, Score

MOST_ROWS = 20
"""Confusions in the table, and missing documents named, unless --all asks for all of them."""


def evaluate(
    clean: Annotated[
        Path, typer.Argument(metavar="CLEAN", help="A text, a folder of texts, or what `cleaner run` wrote.")
    ],
    reference: Annotated[Path, typer.Argument(metavar="REFERENCE", help="What it should be: a text, or a folder.")],
    same: Annotated[
        str,
        typer.Option("--same", metavar="WHAT,...", help="Count these as the same: width, quotes, script, space."),
    ] = "",
    format: Annotated[
        Literal["text", "json", "html"],
        typer.Option(
            "--format", metavar="text|json|html", help="text: tables; json: all figures; html: a page to read."
        ),
    ] = "text",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write there, not to standard output.")
    ] = None,
    force: options.Force = False,
    every: Annotated[bool, typer.Option("--all", help="Show every confusion and every missing document.")] = False,
) -> None:
    """Measure texts against their references: character error rate, confusions, paragraphs.

    \b
    Documents of two folders are matched by their path below the folder, suffixes
    aside where those differ. A line is a paragraph:
    line breaks are no characters, they are scored by themselves.
      CER             characters replaced, lost or invented, by characters
      in any order    the same if the order of characters did not count
      breaks          between paragraphs: kept, lost (two became one), and
                      lines broken (inside a paragraph)
    --same says what is no error:
      width           ，and , Ａ and A 。 and .
      quotes          “ 「 『 ‘ \" and '
      script          体 and 體
      space           spaces inside a line

    \b
    Examples:
      cleaner evaluate out/ truth/
      cleaner evaluate page.txt page-truth.txt --same width,quotes
      cleaner evaluate out/ truth/ --format html -o evaluation.html
    """
    with explained():
        options.free(out, force)
        evaluation = _evaluated(clean, reference, [name.strip() for name in same.split(",") if name.strip()])
        if not (evaluation.documents or evaluation.failures):
            raise refuse(_no_pair(evaluation, clean, reference))
        if evaluation.documents:
            _write(evaluation, format, out, None if every else MOST_ROWS)
    if evaluation.failures:
        for name, message in evaluation.failures:
            typer.echo(f"{name}: {message}", err=True)
        raise typer.Exit(SOME_FAILED)


def _evaluated(clean: Path, reference: Path, same: list[str]) -> Evaluation:
    from cleaner.evaluation import evaluate_files, evaluate_folders

    for path in (clean, reference):
        if not path.exists():
            raise refuse(f"there is nothing at {path}")
    if clean.is_dir() != reference.is_dir():
        raise refuse("give two files or two folders, not one of each")
    if not clean.is_dir():
        return evaluate_files(clean, reference, same)
    if (clean / "ledger.db").is_file() and (clean / "clean").is_dir():
        clean = clean / "clean"
    with _progress() as progress:
        return evaluate_folders(clean, reference, same, progress)


def _no_pair(evaluation: Evaluation, clean: Path, reference: Path) -> str:
    """Why nothing could be measured: what stands on either side."""
    sides = ((clean, evaluation.without_reference), (reference, evaluation.without_clean))
    has = [
        f"{path} has {', '.join(names[:NAMED]) or 'no document'}{', …' * (len(names) > NAMED)}" for path, names in sides
    ]
    return f"no document has a reference of the same path, suffixes aside: {'; '.join(has)}"


NAMED = 3
"""Documents of each side that a message names."""


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda done, every: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, every: bar.update(task, completed=done, total=every)


def _write(evaluation: Evaluation, format: str, out: Path | None, most: int | None) -> None:
    if format == "text" and out is None:
        _show(evaluation, most, sys.stdout)
        return
    from io import StringIO

    if format == "json":
        import json

        text = json.dumps(evaluation.as_table(), ensure_ascii=False, indent=1) + "\n"
    elif format == "html":
        from cleaner.evaluation.html import page

        text = "".join(page(evaluation))
    else:
        stream = StringIO()
        _show(evaluation, most, stream)
        text = stream.getvalue()
    raw = text.encode("utf-8", "backslashreplace")
    if out is None:
        sys.stdout.buffer.write(raw)
        return
    from cleaner.files.write import write

    write(out, raw)


def _show(evaluation: Evaluation, most: int | None, stream: IO[str]) -> None:
    """The evaluation as tables."""
    from rich.console import Console

    console = Console(file=stream, width=None if stream.isatty() else 140, highlight=False)
    console.print(_scores(evaluation))
    console.print(_classes(evaluation.score))
    if evaluation.confusions:
        console.print(_confusions(evaluation, most))
    for title, names in (
        ("without a reference, left out", evaluation.without_reference),
        ("only in the reference, left out", evaluation.without_clean),
    ):
        if names:
            console.print(f"{title}: {len(names):,}", markup=False)
            for name in names[:most]:
                console.print(f"  {name}", markup=False)
            if most is not None and len(names) > most:
                console.print(f"  and {len(names) - most:,} more (--all)", markup=False)


def _scores(evaluation: Evaluation) -> Table:
    from rich.text import Text

    table = _table("", "characters", "errors", "CER", "any order", "paragraphs right", "breaks kept", "lines broken")
    for document in evaluation.documents:
        table.add_row(Text(document.name, overflow="fold"), *_figures(document.score))
        for number, page in enumerate(document.pages, 1):
            table.add_row(f"  page {number}", *_figures(page))
    if len(evaluation.documents) != 1:
        table.add_section()
        table.add_row("all", *_figures(evaluation.score))
    return table


def _figures(score: Score) -> list[str]:
    from cleaner.evaluation.score import percent

    return [
        f"{score.characters:,}",
        f"{score.errors:,}",
        percent(score.error_rate),
        percent(score.error_rate_in_any_order),
        f"{score.paragraphs_right:,}/{score.paragraphs:,}",
        f"{score.breaks_kept:,}/{score.breaks_kept + score.breaks_lost:,}",
        f"{score.lines_broken:,}",
    ]


def _classes(score: Score) -> Table:
    from cleaner.evaluation.score import CLASSES, percent

    table = _table("kind", "characters", "errors", "rate")
    for name in CLASSES:
        if name in score.classes:
            errors = score.classes[name]
            table.add_row(name, f"{errors.characters:,}", f"{errors.errors:,}", percent(errors.rate))
    return table


def _confusions(evaluation: Evaluation, most: int | None) -> Table:
    from rich.text import Text

    from cleaner.cli.visible import visible
    from cleaner.evaluation.collection import by_frequency

    table = _table("stands", "should", "times")
    rows = by_frequency(evaluation.confusions)
    for (stands, should), times in rows[:most]:
        table.add_row(*(Text(visible(side) if side else "nothing") for side in (stands, should)), f"{times:,}")
    if most is not None and len(rows) > most:
        table.add_row(f"and {len(rows) - most:,} more (--all)", "", "")
    return table


def _table(first: str, *columns: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first)
    for name in columns:
        table.add_column(name, justify="left" if name == "should" else "right")
    return table
