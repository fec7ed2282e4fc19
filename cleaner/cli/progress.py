"""How far the work has come, on standard error, and what stops it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.batch.summary import Step

STOPPED = 130  # what shells report of a command ended by Ctrl-C

_FINISHING = "\ncleaner: finishing the documents in hand; Ctrl-C again stops at once\n"


@contextmanager
def stopping() -> Iterator[Callable[[], bool]]:
    """Says whether a person wants the work to stop. The first Ctrl-C asks for that, and so does SIGTERM, which a cluster
    sends that takes the machine back; the second one raises KeyboardInterrupt.
    """
    asked = False

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        sys.stderr.write(_FINISHING)
        sys.stderr.flush()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: asked
    finally:
        for number, action in before.items():
            signal.signal(number, action)


@contextmanager
def terminated_like_ctrl_c() -> Iterator[None]:
    """For work that is not kept anyway: SIGTERM, which a cluster sends that takes the machine back, ends it like Ctrl-C."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def progress_bar(documents: int, size: int, shown: bool) -> Iterator[Callable[[Step], None]]:
    """A progress bar on standard error over so many documents, of `size` bytes together, told of each one done.

    It shows how many are done and failed, characters cleaned a second, and the time that is left, by bytes.
    """
    if not shown:
        yield lambda step: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[done]:,} of {task.fields[all]:,} documents{task.fields[failed]}{task.fields[rate]}"),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=size + documents, done=0, all=documents, failed="", rate="")
        done = failed = characters = passed_over = learned = 0

        def advance(step: Step) -> None:
            nonlocal done, failed, characters, passed_over, learned
            if step.state == "learned":
                learned += 1
                bar.update(task, description=f"learning from {learned:,}")
                return
            if learned:
                bar.reset(task, description="")
                learned = 0
            done += step.state != "part"
            failed += step.state == "failed"
            characters += step.characters
            if step.state == "unchanged":  # no work, so it must not make the rest seem quick
                passed_over += step.size + 1
                bar.update(task, total=size + documents - passed_over, done=done)
                return
            elapsed = bar.tasks[0].elapsed or 0
            rate = f" · {characters / elapsed:,.0f} characters a second" if elapsed > 1 and characters else ""
            bar.update(
                task,
                advance=step.size + (step.state != "part"),
                done=done,
                rate=rate,
                failed=f" · {failed:,} failed" if failed else "",
            )

        yield advance
