"""Work in several processes: in order, and safe from processes that die."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cleaner.batch.workers import WORTH_A_PROCESS, as_done, in_order, jobs_for


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


def sleepy(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def told(seconds: float, reason: str) -> float:
    return -seconds


def test_a_piece_that_takes_too_long_is_given_up_and_the_others_are_done() -> None:
    batches = [[0.01, 30.0, 0.02], [0.03, 0.04], [0.05]]
    done = [each for each in as_done(batches, sleepy, told, 2, timeout=1.0) if each is not None]
    assert sorted(done) == [
        (0, 0.01, 0.01), (1, 30.0, -30.0), (2, 0.02, 0.02), (3, 0.03, 0.03), (4, 0.04, 0.04), (5, 0.05, 0.05),
    ]  # fmt: skip


def test_a_stop_finishes_what_is_in_hand() -> None:
    done: list[float] = []
    for each in as_done([[0.05]] * 50, sleepy, told, 2, stop=lambda: len(done) >= 3):
        if each is not None:
            done.append(each[2])
    assert 3 <= len(done) <= 8


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


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are looked for in /proc")
def test_processes_end_within_a_second_of_their_parent(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import time\n"
        "from cleaner.batch.workers import in_order\n"
        "if __name__ == '__main__':\n"
        "    for _ in in_order([0.0] * 4 + [60.0] * 4, time.sleep, print, jobs=2):\n"
        "        print('done', flush=True)\n"
    )
    parent = subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    for _ in range(4):
        assert parent.stdout.readline() == b"done\n"
    below = processes_below(parent.pid)
    assert len(below) >= 3
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 1
    while (left := [pid for pid in below if is_alive(pid)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not left


def processes_below(pid: int) -> list[int]:
    """The processes that a process has started, and they in turn."""
    children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return children + [below for child in children for below in processes_below(child)]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
