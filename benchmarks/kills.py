"""Kills runs at random moments (SIGKILL), lets them go on, and compares what comes out with an undisturbed run.

    python benchmarks/kills.py [--rounds 20] [--documents 300] [--seed 1]

Each round kills a run over the documents a few times, then lets it end. Clean files, edits.jsonl and what `restore` gives
must be the same byte for byte. Prints what each round did, and ends with status 1 where one differs.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLES = sorted((Path(__file__).parents[1] / "samples" / "scans").glob("*.txt"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    chance = random.Random(args.seed)
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        scans = documents(top / "scans", args.documents)
        start = time.monotonic()
        subprocess.run([*_command(scans, top / "undisturbed", 2), "--quiet"], check=True)
        took = time.monotonic() - start
        print(f"undisturbed: {took:.1f} s for {args.documents} documents")
        for turn in range(args.rounds):
            out = top / f"out-{turn}"
            kills = killed_and_resumed(scans, out, chance, kills=3, longest=took / 2)
            faults = compare(top / "undisturbed", out, scans, top / f"restored-{turn}")
            bad += bool(faults)
            moments = ", ".join(f"{kill:.1f}" for kill in kills)
            print(f"round {turn + 1}: killed after {moments} s; {'; '.join(faults) or 'the same'}", flush=True)
    sys.exit(1 if bad else 0)


def documents(folder: Path, number: int) -> Path:
    """A folder with so many small documents, pieces of the samples."""
    pieces = [piece for path in SAMPLES for piece in path.read_text(encoding="utf-8").split("\n\n") if piece.strip()]
    for place in range(number):
        path = folder / f"{place % 7}" / f"{place:04}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{pieces[place % len(pieces)]}\n\n第{place}页有⾦子\n", encoding="utf-8")
    return folder


def killed_and_resumed(
    scans: Path, out: Path, chance: random.Random, *, kills: int, longest: float = 2.0, options: tuple[str, ...] = ()
) -> list[float]:
    """A run that is killed so many times after up to `longest` seconds, by one job or two, and then ends; the moments."""
    moments = []
    for _ in range(kills):
        command = [*_command(scans, out, chance.choice((1, 2))), "--quiet", *options]
        process = subprocess.Popen(command, start_new_session=True)
        wait = chance.uniform(0.2, longest)
        try:
            process.wait(wait)
        except subprocess.TimeoutExpired:
            # Half of the time the process alone, as the memory killer does, else all, as a power cut does.
            os.killpg(process.pid, signal.SIGKILL) if chance.random() < 0.5 else process.kill()
            process.wait()
            moments.append(wait)
    subprocess.run([*_command(scans, out, 2), "--quiet", *options], check=True)
    return moments


def compare(undisturbed: Path, out: Path, scans: Path, restored: Path) -> list[str]:
    """What differs between the two runs, and between the documents and what `restore` gives."""
    subprocess.run([sys.executable, "-m", "cleaner", "restore", str(out), str(restored), "--quiet"], check=True)
    faults = []
    if _files(undisturbed / "clean") != _files(out / "clean"):
        faults.append("clean files differ")
    if (undisturbed / "edits.jsonl").read_bytes() != (out / "edits.jsonl").read_bytes():
        faults.append("edits.jsonl differs")
    if _files(scans) != _files(restored):
        faults.append("restore differs")
    left = sorted({path.name for path in out.iterdir()} - {"clean", "edits.jsonl", "ledger.db", "report.html"})
    return faults + ([f"left behind: {', '.join(left)}"] if left else [])


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _command(scans: Path, out: Path, jobs: int) -> list[str]:
    # A time limit makes even one job a process of its own, so that every kind of run is killed.
    limit = ["--timeout", "600"] if jobs == 2 else []
    return [sys.executable, "-m", "cleaner", "run", str(scans), "-o", str(out), "--jobs", str(jobs), *limit]


if __name__ == "__main__":
    main()
