"""Scale: how runs over folders fare with more processes, more files, larger documents, and when there is nothing to do.

    python benchmarks/scale.py [--files 100000] [--megabytes 8] [--rounds 2] [--text FILE ...] [--part workers|files|large|start]

Prints characters a second with one worker and with two (in turn, so that a busy machine slows both; where others work at the same time, a scheduler that shares by login gives two
workers no more than one, and processor seconds tell more than the ratio),
the memory of a worker and of all processes together, the cost of a file by the number of files, the time to resume a finished
run over them, the memory for a byte of one large document, and start-up times. Memory of a worker is its proportional set
size (Pss: shared pages are shared out), and in brackets its resident set (Rss). Linux only.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

SAMPLES = sorted((Path(__file__).parents[1] / "samples" / "scans").glob("*.txt"))

SMALL = "柚子的香气飘满了山谷，第{}号仓库里堆满了⾦色的果子，收成比去年好。\n合作社的农户们忙着采摘装箱。\n"
"""A small file: what it costs is the cost of files, not of cleaning."""

DOCUMENT = 30_000
"""Characters of a document in the measurement of throughput, about."""


@dataclass
class Measured:
    """A run: how long it took in seconds, the most memory that was seen, in megabytes, and the processor seconds of the
    workers together and of the writer."""

    seconds: float
    worker: float = 0.0
    resident: float = 0.0
    together: float = 0.0
    parent: float = 0.0
    by_workers: float = 0.0
    by_writer: float = 0.0
    _running: bool = field(default=True, repr=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--megabytes", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--text", type=Path, nargs="+", default=SAMPLES)
    parser.add_argument("--part", choices=("workers", "files", "large", "start"), action="append")
    args = parser.parse_args()
    pieces = [piece for path in args.text for piece in path.read_text(encoding="utf-8").split("\n\n") if piece.strip()]
    parts = args.part or ("start", "workers", "files", "large")
    with tempfile.TemporaryDirectory() as folder:
        if "start" in parts:
            start_up(Path(folder))
        if "workers" in parts:
            workers(Path(folder), pieces, args.megabytes, args.rounds)
        if "files" in parts:
            files(Path(folder), args.files)
        if "large" in parts:
            large(Path(folder), pieces, args.megabytes)


def start_up(folder: Path) -> None:
    """How long it takes until something happens."""
    (folder / "one.txt").write_text(SMALL.format(1), encoding="utf-8")
    print("start-up, the best of five")
    for what, command in (
        ("import cleaner", [sys.executable, "-c", "import cleaner"]),
        ("  (python alone)", [sys.executable, "-c", ""]),
        ("cleaner --help", [sys.executable, "-m", "cleaner", "--help"]),
        ("one small file", [*_run(folder / "one.txt", folder / "one"), "--force"]),
    ):
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            times.append(time.perf_counter() - begun)
        print(f"  {what:20} {min(times):6.2f} s")


def workers(folder: Path, pieces: Sequence[str], megabytes: float, rounds: int) -> None:
    """One worker and two, in turn."""
    scans = folder / "scans"
    characters = _texts(scans, pieces, int(megabytes * 1_000_000 / 3), DOCUMENT)
    print(f"\nthe whole chain over {characters:,} characters in {len(list(scans.iterdir()))} documents")
    rates: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(rounds):
        for jobs in rates:
            measured = watched([*_run(scans, folder / "out"), "--force", "--jobs", str(jobs), "--timeout", "3600"])
            rates[jobs].append(characters / measured.seconds)
            print(
                f"  {jobs} {'worker ' if jobs == 1 else 'workers'} {rates[jobs][-1]:10,.0f} characters a second; "
                f"a worker {measured.worker:4.0f} MB ({measured.resident:.0f}), the writer {measured.parent:4.0f} MB, "
                f"all {measured.together:4.0f} MB; processor seconds: workers {measured.by_workers:.1f}, "
                f"writer {measured.by_writer:.1f}"
            )
    ratios = ", ".join(f"{two / one:.2f}" for one, two in zip(rates[1], rates[2], strict=True))
    print(f"  two workers to one: {ratios}")
    shutil.rmtree(scans)
    shutil.rmtree(folder / "out")


def files(folder: Path, most: int) -> None:
    """The cost of files, by how many there are, and of resuming a run that is finished."""
    print(f"\nsmall files ({len(SMALL)} characters, pass `characters` alone, two workers)")
    number = 100
    while number <= most:
        scans, out = folder / f"files-{number}", folder / f"out-{number}"
        for place in range(number):
            path = scans / f"{place // 1000:03}" / f"{place:06}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(SMALL.format(place), encoding="utf-8")
            os.utime(path, (1_700_000_000, 1_700_000_000))
        first = watched([*_run(scans, out), "--jobs", "2", "--only", "characters"])
        again = watched([*_run(scans, out), "--only", "characters"])
        print(
            f"  {number:7,} files {first.seconds:7.1f} s, {1000 * first.seconds / number:6.2f} ms a file; "
            f"resumed {again.seconds:5.1f} s; the writer {first.parent:4.0f} MB, resumed {again.parent:4.0f} MB"
        )
        shutil.rmtree(scans)
        shutil.rmtree(out)
        number *= 10


def large(folder: Path, pieces: Sequence[str], megabytes: float) -> None:
    """One document, larger and larger."""
    print("\none document (the whole chain, a worker of its own)")
    size = 1.0
    while size <= megabytes:
        scans, out = folder / f"large-{size:.0f}", folder / f"large-out-{size:.0f}"
        characters = _texts(scans, pieces, int(size * 1_000_000 / 3), 10**9)
        one = watched([*_run(scans, out), "--timeout", "36000"])
        print(
            f"  {size:5.0f} MB {characters / one.seconds:10,.0f} characters a second; the worker {one.resident:6.0f} MB, the "
            f"writer {one.parent:5.0f} MB, all {one.together:6.0f} MB"
        )
        shutil.rmtree(scans)
        shutil.rmtree(out)
        size *= 2


def watched(command: Sequence[str]) -> Measured:
    """Runs a command, and looks at the memory of its processes meanwhile."""
    begun = time.perf_counter()
    process = subprocess.Popen(command)
    measured = Measured(0)
    looking = threading.Thread(target=_look, args=(process.pid, measured))
    looking.start()
    status = process.wait()
    measured.seconds = time.perf_counter() - begun
    measured._running = False
    looking.join()
    if status:
        sys.exit(f"{' '.join(command)} ended with {status}")
    return measured


def _look(pid: int, measured: Measured) -> None:
    used: dict[int, float] = {}
    while measured._running:
        used |= {child: seconds for child in (pid, *_below(pid)) if (seconds := _used(child))}
        measured.by_writer = used.get(pid, 0.0)
        measured.by_workers = sum(used.values()) - measured.by_writer
        memory = {child: _memory(child) for child in (pid, *_below(pid))}
        own = memory.pop(pid)
        measured.parent = max(measured.parent, own[0])
        measured.together = max(measured.together, own[0] + sum(pss for pss, _ in memory.values()))
        measured.worker = max(measured.worker, *(pss for pss, _ in memory.values()), 0)
        measured.resident = max(measured.resident, *(rss for _, rss in memory.values()), 0)
        time.sleep(0.2)


def _below(pid: int) -> list[int]:
    """The processes that a process has started, and they in turn."""
    try:
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return children + [below for child in children for below in _below(child)]


def _used(pid: int) -> float:
    """Processor seconds that a process has used, without its children."""
    try:
        user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    except OSError:
        return 0.0
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> tuple[float, float]:
    """Pss and Rss of a process in megabytes."""
    try:
        rolled = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0, 0.0
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in rolled.splitlines()[1:]}
    return sizes["Pss"], sizes["Rss"]


def _texts(folder: Path, pieces: Sequence[str], characters: int, of_one: int) -> int:
    """Documents made of the pieces at random, so many characters in all; how many it came to."""
    chance = random.Random(1)
    folder.mkdir()
    total = number = 0
    while total < characters:
        text: list[str] = []
        length = 0
        while length < min(of_one, characters - total):
            text.append(chance.choice(pieces))
            length += len(text[-1]) + 2
        (folder / f"{number:04}.txt").write_text("\n\n".join(text), encoding="utf-8")
        total += length
        number += 1
    return total


def _run(scans: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "cleaner", "run", str(scans), "-o", str(out), "--quiet"]


if __name__ == "__main__":
    main()
