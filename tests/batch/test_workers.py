"""Work in several processes: in order, and safe from processes that die."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from cleaner.batch.workers import WORTH_A_PROCESS, in_order, jobs_for


def slow_at_first(number: int) -> tuple[int, int]:
    time.sleep(0.2 if number == 0 else 0)
    return number, os.getpid()


def deadly(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def deadly_once(flag: Path) -> bool:
    if not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return True


def minus(number: int, reason: str) -> int:
    return -number


def lost(number: int, reason: str) -> tuple[int, int]:
    return number, 0


def test_results_come_in_order_from_several_processes() -> None:
    results = list(in_order(range(30), slow_at_first, lost, jobs=2))
    assert [number for number, _ in results] == list(range(30))
    assert len({process for _, process in results} - {os.getpid()}) == 2


def test_one_job_is_this_process() -> None:
    assert list(in_order([1], slow_at_first, lost, jobs=1)) == [(1, os.getpid())]


def test_a_process_that_dies_costs_its_own_piece_of_work_only() -> None:
    assert list(in_order(range(10), deadly, minus, jobs=2)) == [0, 1, 2, -3, 4, 5, 6, 7, 8, 9]


def test_a_process_that_dies_once_gets_a_second_try(tmp_path: Path) -> None:
    assert list(in_order([tmp_path / "flag"], deadly_once, lambda path, reason: False, jobs=2)) == [True]


def test_nobody_is_left_at_work_when_the_rest_is_not_wanted() -> None:
    results = in_order([*range(1, 9), 0, 0, 0, 0], slow_at_first, lost, jobs=2)
    assert next(results)[0] == 1
    results.close()
    deadline = time.monotonic() + 5
    while multiprocessing.active_children() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not multiprocessing.active_children()


def test_little_work_is_done_in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    assert jobs_for([10, 20]) == 1
    assert jobs_for([WORTH_A_PROCESS]) == 1
    assert jobs_for([WORTH_A_PROCESS] * 3) == 3
    assert jobs_for([WORTH_A_PROCESS] * 30) == 8
    assert jobs_for([]) == 1
