"""Tasks worked through: in this process where there is little to do, else in others, in portions that are worth sending."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain

from cleaner.batch.summary import Step
from cleaner.batch.work import Task
from cleaner.batch.workers import WORTH_A_PROCESS, Result, as_done

BATCH_BYTES = 64 * 1024
"""Bytes of documents that a process is given at once, about: half a second of work, so that small files cost it little."""

BATCH = 64
"""Documents that a process is given at once, at most."""


@dataclass(frozen=True, slots=True)
class How:
    """How documents are worked through: by so many processes (None: what is worth it), with so many seconds for each of
    them (None: any number), telling `progress` of each one done, until `stop` says so."""

    jobs: int | None = None
    timeout: float | None = None
    progress: Callable[[Step], None] = lambda step: None
    stop: Callable[[], bool] = lambda: False


def results(
    tasks: Iterable[Task], workers: int, how: How, do: Callable[[Task], Result], lost: Callable[[Task, str], Result]
) -> Generator[tuple[Task, Result] | None, None, None]:
    """What `do` makes of the tasks: in this process where there is little to do, else in others, and None while nothing comes.
    `lost` says what comes of one whose process died, for this reason."""
    remaining = iter(tasks)
    if how.timeout is None and how.jobs in (None, 1):
        first, size = [], 0
        for task in remaining:
            first.append(task)
            size += task.size
            if size >= WORTH_A_PROCESS:
                break
        if size < WORTH_A_PROCESS:
            for task in first:
                if how.stop():
                    return
                yield task, do(task)
            return
        remaining = chain(first, remaining)
    batches = _batches(remaining, how.stop)
    with closing(as_done(batches, do, lost, workers, timeout=how.timeout, stop=how.stop)) as every:
        for done in every:
            yield None if done is None else done[1:]


def _batches(tasks: Iterable[Task], stop: Callable[[], bool]) -> Iterator[Sequence[Task]]:
    """The tasks in portions, so that handing out a small one costs next to nothing; no more once `stop` says so."""
    batch: list[Task] = []
    size = 0
    for task in tasks:
        if stop():
            return
        if batch and (size + task.size > BATCH_BYTES or len(batch) == BATCH):
            yield batch
            batch, size = [], 0
        batch.append(task)
        size += task.size
    if batch:
        yield batch
