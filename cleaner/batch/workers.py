"""Work done in one process or in several, with the results in order."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

Work = TypeVar("Work")
Result = TypeVar("Result")

AHEAD = 4
"""Pieces of work under way for each process: enough that none waits while the results of a long one are awaited."""

LOOK_FOR_PARENT = 0.5
"""Seconds between looks whether the parent is still there."""

WORTH_A_PROCESS = 2_000_000
"""Bytes that one process cleans in about the time that others take to start."""


def jobs_for(sizes: Iterable[int]) -> int:
    """How many processes are worth starting for documents of so many bytes each, with the processors there are."""
    sizes = list(sizes)
    if sum(sizes) < WORTH_A_PROCESS:
        return 1
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(available, len(sizes)))


def in_order(
    work: Iterable[Work],
    do: Callable[[Work], Result],
    died: Callable[[Work], Result],
    jobs: int,
) -> Generator[Result, None, None]:
    """What `do` makes of each piece of work, in order, `jobs` processes at it (one: this process itself).

    `do` is a function of a module and must not raise. Where a process dies (out of memory, say), its piece is tried once
    more, alone; if that process dies too, the result is what `died` makes of it.
    """
    if jobs == 1:
        yield from map(do, work)
        return
    crew = _Crew(jobs)
    waiting: deque[tuple[Work, Future[Result]]] = deque()
    remaining = iter(work)
    try:
        while True:
            for piece in remaining:
                waiting.append((piece, crew.submit(do, piece)))
                if len(waiting) >= AHEAD * jobs:
                    break
            if not waiting:
                break
            piece, future = waiting.popleft()
            try:
                result = future.result()
            except BrokenProcessPool:
                crew.replace()
                try:
                    result = crew.submit(do, piece).result()
                except BrokenProcessPool:
                    crew.replace()
                    result = died(piece)
                waiting = deque((p, f if _succeeded(f) else crew.submit(do, p)) for p, f in waiting)
            yield result
    except BaseException:  # Ctrl-C, or nobody wants the rest
        crew.dismiss()
        raise
    crew.part()


def _succeeded(future: Future[Result]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


class _Crew:
    """The processes at work."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._others = set(multiprocessing.active_children())
        self._pool = self._hired()

    def _hired(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")  # the same everywhere, and safe beside threads
        return ProcessPoolExecutor(self._jobs, mp_context=context, initializer=_serve, initargs=(os.getpid(),))

    def submit(self, do: Callable[[Work], Result], piece: Work) -> Future[Result]:
        """`do` of a piece, under way. A pool that broke meanwhile is told by its result, as those before it are."""
        try:
            return self._pool.submit(do, piece)
        except BrokenProcessPool as error:
            broken: Future[Result] = Future()
            broken.set_exception(error)
            return broken

    def replace(self) -> None:
        """New processes for those that broke."""
        self.dismiss()
        self._pool = self._hired()

    def part(self) -> None:
        """Lets idle processes go."""
        self._pool.shutdown()

    def dismiss(self) -> None:
        """Ends all processes at once; what they have not finished is lost."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - self._others:
            process.terminate()


def _serve(parent: int) -> None:
    """Prepares a process: Ctrl-C is the parent's business, and without the parent there is nothing to live for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_FOR_PARENT)
    os._exit(1)
