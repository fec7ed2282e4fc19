"""How far the work has come, on standard error, and what stops it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.files.find import Found

STOPPED = 130  # what shells report of a command ended by Ctrl-C


@contextmanager
def terminated_like_ctrl_c() -> Iterator[None]:
    """A cluster that takes the machine back sends SIGTERM: what is done is kept then too."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def progress_bar(documents: Sequence[Found], shown: bool) -> Iterator[Callable[[Found], None]]:
    """A progress bar on standard error, told of each document done."""
    if not shown:
        yield lambda found: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), TextColumn("{task.fields[done]} of {task.fields[all]} documents"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        every = len(documents)
        task = bar.add_task("", total=sum(found.size + 1 for found in documents), done=0, all=every)
        done = 0

        def advance(found: Found) -> None:
            nonlocal done
            done += 1
            bar.update(task, advance=found.size + 1, done=done)

        yield advance
