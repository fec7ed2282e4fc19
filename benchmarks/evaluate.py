"""How long an evaluation takes: texts of growing length with errors of several shares, and texts that have little in common.

python benchmarks/evaluate.py [--sizes 10000,100000,300000]
"""

from __future__ import annotations

import argparse
import random
import resource
import time

from cleaner.evaluation import evaluate


def misread(text: str, share: float, chance: random.Random) -> str:
    """The text with so many of its characters replaced, lost or doubled."""
    parts = []
    for char in text:
        what = chance.choice(("替", "", char + char)) if chance.random() < share else char
        parts.append(what)
    return "".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", default="10000,100000,300000")
    args = parser.parse_args()
    chance = random.Random(1)
    for size in map(int, args.sizes.split(",")):
        text = "".join(chr(0x4E00 + min(int(chance.paretovariate(0.6)), 20_000)) for _ in range(size))
        lines = "\n".join(text[at : at + 60] for at in range(0, size, 60))
        others = {"1 % wrong": misread(lines, 0.01, chance), "20 % wrong": misread(lines, 0.2, chance)}
        others["halves swapped"] = lines[size // 2 :] + lines[: size // 2]
        others["backwards"] = lines[::-1]
        for name, other in others.items():
            begun = time.process_time()
            rate = evaluate(other, lines).score.error_rate or 0
            used = time.process_time() - begun
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{size:9,} characters, {name:16} CER {rate:7.2%} {used:7.2f} s, {memory:6.0f} MB at most so far")


if __name__ == "__main__":
    main()
