"""Speed: characters a second of the rule passes, of the layout passes and of the whole chain, in one process.

    python benchmarks/speed.py SCAN.txt [...] [--clean CLEAN.tsv.xz] [--size 2] [--rounds 3]

Texts are repeated up to --size million characters. With `autocorrect-py` installed, it formats the same texts in turn, and the
ratio is printed: these machines are noisy, so compare ratios within one run. We record every edit; it does not.
"""

from __future__ import annotations

import argparse
import lzma
import time
from collections.abc import Callable
from pathlib import Path

from cleaner import Cleaner, Settings

CHAINS = {
    "characters, punctuation, script": ("characters", "punctuation", "script"),
    "artifacts, wraps, spaces": ("artifacts", "wraps", "spaces"),
    "misreads, terms, garble": ("garble", "misreads", "terms"),
    "the whole chain": (),
}


def best(action: Callable[[str], object], text: str, rounds: int) -> float:
    """Characters a second of processor time, the best of some rounds."""
    rates = []
    for _ in range(rounds):
        start = time.process_time()
        action(text)
        rates.append(len(text) / (time.process_time() - start))
    return max(rates)


def repeated(text: str, size: int) -> str:
    return (text * (size // len(text) + 1))[:size]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("scans", type=Path, nargs="+")
    parser.add_argument("--clean", type=Path)
    parser.add_argument("--size", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    size = int(args.size * 1_000_000)
    texts = {"scan text": repeated("\n\n".join(p.read_text(encoding="utf-8") for p in args.scans), size)}
    if args.clean:
        with lzma.open(args.clean, "rt", encoding="utf-8") as stream:
            texts["clean text"] = repeated("".join(line.split("\t")[-1] for line in stream), size)
    try:
        from autocorrect_py import format as autocorrect
    except ImportError:
        autocorrect = None
    for name, text in texts.items():
        print(f"{name}, {len(text):,} characters")
        base = best(autocorrect, text, args.rounds) if autocorrect else None
        if base:
            print(f"  {'autocorrect':32} {base:12,.0f} a second")
        for chain, passes in CHAINS.items():
            cleaner = Cleaner(Settings(only=passes))
            cleaner.clean(text[:20_000])
            rate = best(lambda t, c=cleaner: c.clean(t), text, args.rounds)  # type: ignore[misc]
            ratio = f"{rate / base:8.2f} times autocorrect" if base else ""
            print(f"  {chain:32} {rate:12,.0f} a second {ratio}")


if __name__ == "__main__":
    main()
