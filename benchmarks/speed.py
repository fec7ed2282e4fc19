"""Speed: characters a second of the rule passes, of the layout passes and of the whole chain, in one process.

    python benchmarks/speed.py SCAN.txt [...] [--clean CLEAN.tsv.xz] [--size 2] [--rounds 3] [--profile NAME]...

Scans are cleaned one by one, again and again up to --size million characters, the clean text as one. With `autocorrect-py` installed, it formats the same texts in turn, and the
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


def best(action: Callable[[str], object], documents: list[str], rounds: int) -> float:
    """Characters a second of processor time, the best of some rounds."""
    rates = []
    for _ in range(rounds):
        start = time.process_time()
        for document in documents:
            action(document)
        rates.append(sum(map(len, documents)) / (time.process_time() - start))
    return max(rates)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("scans", type=Path, nargs="+")
    parser.add_argument("--clean", type=Path)
    parser.add_argument("--size", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", action="append", default=[], help="measured beside the chains")
    args = parser.parse_args()
    settings = {chain: Settings(only=passes) for chain, passes in CHAINS.items()}
    settings |= {f"profile {name}": Settings(profile=name) for name in args.profile}
    size = int(args.size * 1_000_000)
    scans = [path.read_text(encoding="utf-8") for path in args.scans]
    texts = {"scan text": scans * max(1, size // sum(map(len, scans)))}
    if args.clean:
        with lzma.open(args.clean, "rt", encoding="utf-8") as stream:
            texts["clean text"] = ["".join(line.split("\t")[-1] for line in stream)[:size]]
    try:
        from autocorrect_py import format as autocorrect
    except ImportError:
        autocorrect = None
    for name, documents in texts.items():
        print(f"{name}, {sum(map(len, documents)):,} characters")
        base = best(autocorrect, documents, args.rounds) if autocorrect else None
        if base:
            print(f"  {'autocorrect':32} {base:12,.0f} a second")
        for chain, how in settings.items():
            cleaner = Cleaner(how)
            cleaner.clean(documents[0][:20_000])
            rate = best(lambda t, c=cleaner: c.clean(t), documents, args.rounds)  # type: ignore[misc]
            ratio = f"{rate / base:8.2f} times autocorrect" if base else ""
            print(f"  {chain:32} {rate:12,.0f} a second {ratio}")


if __name__ == "__main__":
    main()
