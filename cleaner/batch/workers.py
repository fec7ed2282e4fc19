"""Work done in several processes.

Each process has a pipe of its own to this one, and nothing else is shared, so that one that dies in the midst of a message,
or is killed, leaves nothing locked; which piece it died of is known, since results come one by one. (The executors of the
standard library know neither: with them one death breaks the whole pool, and a piece cannot be given a time limit.)

Pieces are handed out in batches, two to a process, so that it has the next at hand while its results are being written
down. A process ends as soon as its pipe does, at the latest with this process, however that ends.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import count
from multiprocessing.connection import Connection, wait
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess, SpawnProcess

IN_HAND = 2
"""Batches that a process has in hand."""

AHEAD = 4
"""Pieces of work for each process that are done ahead of the one whose result is due, where results are wanted in order."""

TICK = 0.25
"""Seconds after which the caller gets to do other things while no result comes."""

WORTH_A_PROCESS = 2_000_000
"""Bytes that one process cleans in about the time that others take to start."""

MOST_STILLBORN = 3
"""Processes for each job that may die before they begin to work, until it is taken that none ever will."""

DIED = "the process that cleaned it died, probably for want of memory; split it, or run with fewer --jobs"
SLOW = "it was not done within {:g} seconds and was given up; split it, or give it more with --timeout"

_READY = "ready"

Work = TypeVar("Work")
Result = TypeVar("Result")


class Numbered(NamedTuple):
    """A piece of work, and its place among all, counted from 0."""

    turn: int
    piece: Any


class NotStarted(OSError):
    """Worker processes die before they begin."""


def jobs_for(sizes: Iterable[int]) -> int:
    """How many processes are worth starting for documents of so many bytes each, with the processors there are."""
    number = total = 0
    for size in sizes:
        number, total = number + 1, total + size
    if total < WORTH_A_PROCESS:
        return 1
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(available, number))


def in_order(
    work: Iterable[Work],
    do: Callable[[Work], Result],
    lost: Callable[[Work, str], Result],
    jobs: int,
    timeout: float | None = None,
) -> Generator[Result, None, None]:
    """What `do` makes of each piece of work, in order, `jobs` processes at it (one: this process itself).

    See `as_done`; no more than a few results are kept waiting for the one that is due.
    """
    if jobs == 1 and timeout is None:
        yield from map(do, work)
        return
    due = 0
    early: dict[int, Result] = {}

    def batches() -> Iterator[Sequence[Work]]:
        for turn, piece in enumerate(work):
            while turn >= due + AHEAD * jobs:
                yield ()
            yield (piece,)

    for done in as_done(batches(), do, lost, jobs, timeout=timeout):
        if done is not None:
            early[done[0]] = done[2]
        while due in early:
            yield early.pop(due)
            due += 1


def as_done(
    batches: Iterable[Sequence[Work]],
    do: Callable[[Work], Result],
    lost: Callable[[Work, str], Result],
    jobs: int,
    *,
    timeout: float | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Generator[tuple[int, Work, Result] | None, None, None]:
    """What `do` makes of each piece of work, in the order in which they get done: its place, the piece, the result.

    `batches` are pieces to be handed out together; an empty one says that there are none now, but will be. None is given
    where nothing has come for a while. `do` is a function of a module and must not raise. Where a process dies (out of
    memory, say), the piece it was at is tried once more when all else is done, alone; if that process dies too, or a
    piece takes more than `timeout` seconds, the result is what `lost` makes of the piece and the reason. Once `stop` says so,
    each process still gives the result of the piece that it is at, and no more. Raises NotStarted.
    """
    crew = _Crew(do, jobs, timeout)
    try:
        turns = count()
        for batch in batches:
            if batch:
                crew.waiting.append(deque(Numbered(next(turns), piece) for piece in batch))
            crew.hand_out(rest=not batch)
            while crew.waiting and not stop():
                yield from crew.results(lost)
                crew.hand_out()
            if not batch:
                yield from crew.results(lost)
            if stop():
                break
        while (crew.busy or crew.waiting or crew.again) and not stop():
            crew.hand_out(rest=True)
            yield from crew.results(lost)
        while crew.busy:
            yield from crew.results(lost, last=True)
    finally:
        crew.dismiss()


class _Worker:
    """A process at work, what it has in hand, and since when it is at the first of that."""

    def __init__(self, do: Callable[[Any], Any]) -> None:
        context = _context()
        self.pipe, theirs = context.Pipe()
        self.process: ForkServerProcess | SpawnProcess = context.Process(
            target=_serve, args=(theirs, do), daemon=True, name="cleaner"
        )
        self.process.start()
        theirs.close()
        self.ready = False
        self.hand: deque[deque[Numbered]] = deque()
        self.since = 0.0

    def give(self, batch: deque[Numbered]) -> None:
        """Hands it a batch. One that has died meanwhile is told by its pipe when results are awaited."""
        if not self.hand:
            self.since = time.monotonic()
        self.hand.append(batch)
        with suppress(OSError):
            self.pipe.send([piece for _, piece in batch])

    def done(self) -> Numbered:
        """Takes the piece that it was at from its hand."""
        self.since = time.monotonic()
        piece = self.hand[0].popleft()
        if not self.hand[0]:
            self.hand.popleft()
        return piece

    def end(self) -> None:
        """Ends it, whatever it is doing."""
        self.process.kill()
        self.pipe.close()
        self.process.join()


class _Crew:
    """The processes at work; made when there is work for them."""

    def __init__(self, do: Callable[[Any], Any], jobs: int, timeout: float | None) -> None:
        self._do = do
        self._jobs = jobs
        self._timeout = timeout
        self._workers: list[_Worker] = []
        self._stillborn = 0
        self.waiting: deque[deque[Numbered]] = deque()
        self.again: deque[Numbered] = deque()
        self._tried: set[int] = set()

    @property
    def busy(self) -> bool:
        """Whether anyone has anything in hand."""
        return any(worker.hand for worker in self._workers)

    def hand_out(self, *, rest: bool = False) -> None:
        """Gives what waits to those who have least in hand; with `rest`, at last, what is to be tried again alone."""
        while self.waiting and (worker := self._free()):
            worker.give(self.waiting.popleft())
        if rest and self.again and not self.waiting and not self.busy and (worker := self._free()):
            worker.give(deque([self.again.popleft()]))

    def _free(self) -> _Worker | None:
        if len(self._workers) < self._jobs and all(worker.hand for worker in self._workers):
            self._workers.append(_Worker(self._do))
        idle = min(self._workers, key=lambda worker: len(worker.hand))
        return idle if len(idle.hand) < IN_HAND else None

    def results(self, lost: Callable[[Any, str], Any], *, last: bool = False) -> Iterator[tuple[int, Any, Any] | None]:
        """What has come from the processes, or of those that died or took too long; None where nothing has. Where it is to
        be the `last` of a process, that is ended, and what it still had in hand is left undone."""
        by_pipe = {worker.pipe: worker for worker in self._workers}
        ready = wait(list(by_pipe), TICK)
        for pipe in ready:
            worker = by_pipe[pipe]  # type: ignore[index]  # wait() gives what it was given
            try:
                message = worker.pipe.recv()
            except (EOFError, OSError):
                yield from self._bury(worker, lost)
                continue
            if message == _READY:
                worker.ready, worker.since, self._stillborn = True, time.monotonic(), 0
            else:
                turn, piece = worker.done()
                yield turn, piece, message
                if last:
                    self._workers.remove(worker)
                    worker.end()
        for worker in [w for w in self._workers if w.pipe not in ready and self._is_late(w)]:
            turn, piece = worker.done()
            self._replace(worker)
            yield turn, piece, lost(piece, SLOW.format(self._timeout))
        if not ready:
            yield None

    def _is_late(self, worker: _Worker) -> bool:
        since = time.monotonic() - worker.since
        return self._timeout is not None and worker.ready and bool(worker.hand) and since > self._timeout

    def _bury(self, worker: _Worker, lost: Callable[[Any, str], Any]) -> Iterator[tuple[int, Any, Any]]:
        """What is to be said of the piece that a process died of; the first time nothing, for it is tried again."""
        if not worker.ready:
            self._stillborn += 1
            if self._stillborn > MOST_STILLBORN * self._jobs:
                raise NotStarted(
                    "the processes that clean die before they begin; --jobs 1 does without them, if there is little to do. "
                    "A program that cleans with several needs `if __name__ == '__main__':` around what it does"
                )
        elif worker.hand:
            turn, piece = worker.done()
            if turn in self._tried:
                yield turn, piece, lost(piece, DIED)
            else:
                self._tried.add(turn)
                self.again.append(Numbered(turn, piece))
        self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        """Ends a process; what it had in hand waits again, and another is hired when there is need."""
        self._workers.remove(worker)
        worker.end()
        self.waiting.extendleft(reversed(worker.hand))

    def dismiss(self) -> None:
        """Ends all processes at once; what they have not finished is lost."""
        for worker in self._workers:
            worker.end()
        self._workers.clear()


def _context() -> multiprocessing.context.ForkServerContext | multiprocessing.context.SpawnContext:
    """Processes forked from one that has loaded the knowledge, and share its memory; elsewhere than on Linux, where forking
    is not safe with every library, each loads it for itself."""
    if sys.platform == "linux":
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["cleaner.batch.preloaded"])
        return context
    return multiprocessing.get_context("spawn")


def _serve(pipe: Connection, do: Callable[[Any], Any]) -> None:
    """The life of a process: what comes out of the pipe is done, one by one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # and so is when to end: what is in hand is finished
    inbox: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, inbox), daemon=True).start()
    try:
        pipe.send(_READY)
        while True:
            pipe.send(do(inbox.get()))
    except OSError:
        os._exit(1)  # nobody wants the results


def _listen(pipe: Connection, inbox: SimpleQueue[Any]) -> None:
    """Takes what comes; without the other end there is nothing to live for."""
    try:
        while True:
            for piece in pipe.recv():
                inbox.put(piece)
    except (EOFError, OSError):
        os._exit(1)
