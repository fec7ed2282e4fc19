"""Runs the targets in turns, and keeps account: processor seconds and executions by target, and what was found.

    python fuzz/run.py [TARGET...] [--seconds 300] [--turns 1] [--jobs 2] [--work DIR]

A turn gives each target --seconds of wall time. DIR (by default ~/.cache/cleaner-fuzz) keeps corpora, findings and account.tsv.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
TARGETS = tuple(sorted(file.stem.removeprefix("fuzz_") for file in HERE.glob("fuzz_*.py")))
SLOWEST = 20
"""Seconds of one input from which on it is a finding."""
MEMORY = 3000
"""Megabytes of a process from which on its input is a finding."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--turns", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--work", type=Path, default=Path.home() / ".cache" / "cleaner-fuzz")
    args = parser.parse_args()
    if unknown := set(args.targets) - set(TARGETS):
        parser.error(f"there is no target {min(unknown)}; there are {', '.join(TARGETS)}")
    args.work.mkdir(parents=True, exist_ok=True)
    turns = [target for _ in range(args.turns) for target in args.targets or TARGETS]
    with ThreadPoolExecutor(args.jobs) as pool:
        for line in pool.map(lambda target: turn(target, args.seconds, args.work), turns):
            print(line, flush=True)
    print(account(args.work))


def turn(target: str, seconds: int, work: Path) -> str:
    """Runs a target for some seconds; gives what came of it, which goes into the account too."""
    findings = work / "findings" / target
    findings.mkdir(parents=True, exist_ok=True)
    before = set(findings.iterdir())
    log = work / f"{target}-{os.urandom(3).hex()}.log"
    command = [sys.executable, str(HERE / f"fuzz_{target}.py"), str(work / "corpus" / target)]
    command += [f"-max_total_time={seconds}", f"-timeout={SLOWEST}", f"-rss_limit_mb={MEMORY}"]
    command += [f"-artifact_prefix={findings}/", "-print_final_stats=1"]
    with log.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=stream)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    text = log.read_text(encoding="utf-8", errors="replace")
    counts = re.findall(r"^stat::number_of_executed_units: (\d+)|^#(\d+)\s", text, re.MULTILINE)
    executions = max((int(a or b) for a, b in counts), default=0)
    found = sorted(set(findings.iterdir()) - before)
    if not found and process.returncode == 0:
        log.unlink()
    line = f"{target}\t{used.ru_utime + used.ru_stime:.1f}\t{executions}\t{' '.join(f.name for f in found)}"
    with (work / "account.tsv").open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
    return line + ("" if process.returncode == 0 else f"\t(status {process.returncode}, see {log})")


def account(work: Path) -> str:
    """All turns so far by target: processor seconds, executions, findings."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0, 0])
    for line in (work / "account.tsv").read_text(encoding="utf-8").splitlines():
        target, seconds, executions, found = line.split("\t")
        sums[target] = [
            a + b for a, b in zip(sums[target], (float(seconds), int(executions), len(found.split())), strict=True)
        ]
    rows = [
        f"{name:12} {seconds:9,.0f} s {executions:12,.0f} {found:4.0f}"
        for name, (seconds, executions, found) in sorted(sums.items())
    ]
    return "\n".join(["target       processor   executions found", *rows])


if __name__ == "__main__":
    main()
