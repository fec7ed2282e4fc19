"""A lexicon of one's own of a million terms: seconds to load it, memory, and what it costs the chain.

    python benchmarks/lexicon.py SCAN.txt [...] [--terms 1000000] [--rounds 3]

The terms are made of the shipped words: names of persons, companies that end alike, phrases; a twentieth is protected, a hundredth has
a form to correct from. The scans are cleaned with them and without, in turn, in a process each; compare the ratio.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from cleaner import Cleaner, Settings
from cleaner.knowledge import resources


def terms(number: int) -> Iterator[str]:
    """Lines of a lexicon file, always the same."""
    rng = random.Random(7)
    words = [row[0] for row in resources.rows("lexicon/words.txt") if len(row[0]) == 2]
    places = [row[0] for row in resources.rows("lexicon/places.tsv")]
    surnames = [row[0] for row in resources.rows("lexicon/surnames.tsv")]
    characters = "".join(words)
    seen: set[str] = set()
    while len(seen) < number:
        given = "".join(rng.choices(characters, k=rng.choice((1, 2, 2, 2))))
        kinds = (
            (f"{rng.choice(places)}{given}{rng.choice(words)}有限公司", "company"),
            (rng.choice(surnames) + given, "person"),
            ("".join(rng.choices(words, k=rng.choice((2, 3)))), "phrase"),
        )
        text, category = rng.choices(kinds, (4, 3, 3))[0]
        if text not in seen:
            seen.add(text)
            form = f"{text}{text[-1]}" if rng.random() < 0.01 else ""
            yield f"{text}\t{category}\t5\t{form}\t{'protect' if rng.random() < 0.05 else ''}\n"


def measure(lexicon: str, scans: list[Path], rounds: int) -> None:
    """Prints seconds of processor time for loading, the first round and the best of the others, and MB at most."""
    start = time.process_time()
    cleaner = Cleaner(Settings(lexicons=(Path(lexicon),) if lexicon else ()))
    times = [time.process_time() - start]
    texts = [path.read_text(encoding="utf-8") for path in scans]
    for _ in range(rounds + 1):
        start = time.process_time()
        for text in texts:
            _ = cleaner.clean(text).edits
        times.append(time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(times[0], times[1], min(times[2:]), peak)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("scans", type=Path, nargs="+")
    parser.add_argument("--terms", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure is not None:
        measure(args.measure, args.scans, args.rounds)
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".tsv") as stream:
        stream.writelines(terms(args.terms))
        stream.flush()
        print(f"{'':24}{'load s':>10}{'first s':>10}{'clean s':>10}{'peak MB':>10}")
        cleaned = []
        for name, lexicon in (("shipped terms alone", ""), (f"and {args.terms:,}", stream.name)):
            command = [sys.executable, __file__, *map(str, args.scans), "--rounds", str(args.rounds), "--measure"]
            done = subprocess.run([*command, lexicon], check=True, capture_output=True, text=True)
            load, first, best, peak = map(float, done.stdout.split())
            cleaned.append(best)
            print(f"{name:24}{load:10.2f}{first:10.2f}{best:10.2f}{peak:10,.0f}")
        print(f"the chain takes {cleaned[1] / cleaned[0]:.2f} times as long; the first round builds the index")


if __name__ == "__main__":
    main()
