"""Cost and memory of tables by size: JSONL (or Parquet) of 1 MB, 4 MB, … cleaned, each by a process of its own.

    python benchmarks/tables.py [--sizes 1 4 16] [--row 2000] [--parquet] [--jobs 2] [--text FILE] [--only PASS,...]

Rows are pieces of the samples, or of FILE, of so many code points. `cpu s` is processor time of all processes. Cost is linear
where `cpu a MB` is the same in all lines, the run's start left out; memory is bounded where it does not grow: `all` is the most that the run's processes had together (shared
pages counted once), `writer` that of the process that reads and writes. `again` is the time of the same run once more, with
nothing to do.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

SAMPLES = sorted((Path(__file__).parents[1] / "samples" / "scans").glob("*.txt"))
MB = 1_000_000


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--sizes", type=float, nargs="+", default=[1, 4, 16])
    arguments.add_argument("--row", type=int, default=2000)
    arguments.add_argument("--parquet", action="store_true")
    arguments.add_argument("--jobs", type=int, default=2)
    arguments.add_argument("--text", type=Path)
    arguments.add_argument("--only", default="")
    given = arguments.parse_args()
    text = "\n\n".join(path.read_text(encoding="utf-8") for path in ([given.text] if given.text else SAMPLES))
    print(
        f"{'MB':>8}{'rows':>10}{'seconds':>9}{'cpu s':>8}{'cpu a MB':>9}{'edits':>11}{'writer MB':>11}{'all MB':>8}{'again s':>9}"
    )
    with tempfile.TemporaryDirectory() as folder:
        options = ["--jobs", str(given.jobs), *(["--only", given.only] if given.only else [])]
        for size in (0.0, *given.sizes):
            measure(Path(folder), size, text, given.row, given.parquet, options)


def measure(folder: Path, size: float, text: str, row: int, parquet: bool, options: list[str]) -> None:
    """Prints one line: a table of so many MB."""
    source = folder / ("rows.parquet" if parquet else "rows.jsonl")
    out = folder / f"out-{size}"
    rows = write(source, int(size * MB), text, row, parquet)
    command = [sys.executable, "-m", "cleaner", "run", str(source), "-o", str(out), "--quiet", *options]
    seconds, cpu, writer, every = watched(command)
    again, *_ = watched(command)
    if not size:
        measure.start = cpu  # type: ignore[attr-defined]
    edits = sum(chunk.count(b"\n") for chunk in chunks(out / "edits.jsonl"))
    a_mb = (cpu - measure.start) / size if size else 0.0  # type: ignore[attr-defined]
    print(
        f"{size:8g}{rows:10,}{seconds:9.1f}{cpu:8.1f}{a_mb:9.2f}{edits:11,}{writer:11,.0f}{every:8,.0f}{again:9.1f}",
        flush=True,
    )


def write(path: Path, size: int, text: str, row: int, parquet: bool) -> int:
    """Writes a table of some `size` bytes, and gives the number of its rows."""
    pieces = [text[start : start + row] for start in range(0, len(text), row)]

    def entries() -> Iterator[dict[str, object]]:
        written = 0
        for number, piece in enumerate(cycle(pieces)):
            if written >= size:
                return
            yield {"id": number, "text": piece}
            written += len(piece.encode("utf-8"))

    if parquet:
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.Table.from_pylist(list(entries()), pa.schema({"id": pa.int64(), "text": pa.string()}))
        pq.write_table(table, path, row_group_size=5_000)
        return int(table.num_rows)
    number = 0
    with path.open("w", encoding="utf-8") as stream:
        for entry in entries():
            stream.write(json.dumps(entry, ensure_ascii=False) + "\n")
            number += 1
    return number


def watched(command: list[str]) -> tuple[float, float, float, float]:
    """Seconds that a command took, processor time included, and the most memory, in MB, that it alone and it with its
    children had."""
    begun = time.perf_counter()
    process = subprocess.Popen(command)
    writer = every = 0.0
    worked: dict[int, float] = {}
    while process.poll() is None:
        pids = family(process.pid)
        sizes = [memory(pid) for pid in pids]
        worked |= {pid: max(worked.get(pid, 0.0), processor(pid)) for pid in pids}
        writer, every = max(writer, sizes[0]), max(every, sum(sizes))
        time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with status {process.returncode}")
    return time.perf_counter() - begun, sum(worked.values()), writer, every


def family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for one in found:
        try:
            found += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except OSError:
            continue
    return found


def memory(pid: int) -> float:
    """MB that a process has, its part of what it shares."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("Pss:")), 0.0)


def processor(pid: int) -> float:
    """Seconds of processor time that a process had."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        yield from iter(lambda: stream.read(1 << 20), b"")


if __name__ == "__main__":
    main()
