"""Builds dictionaries/model/traditional-pairs.tsv: pairs of characters that traditional text has and the language model lacks.

    python tools/build_traditional_pairs.py [--shared ../shared] [--fewest 4] [--half]

The model is counted from mainland prose; by way of simplified characters it serves traditional text too, but for what only
Taiwan and Hong Kong write (寮國, 衞生, 嘅). Pairs that occur --fewest times in the corpus of traditional text (counts only), and
whose simplified forms the model has never seen together, are no misreads. Pairs are left out that a look-alike makes LIKELIER
times as frequent: 巿民 is how keyboards misspell 市民.

With --half only every second paragraph is counted and nothing is written; how many changes of the other half the pairs prevent is
printed.
"""

from __future__ import annotations

import argparse
import lzma
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner import Cleaner
from cleaner.knowledge import confusions, model, pairs, script

TARGET = Path(__file__).resolve().parents[1] / "dictionaries" / pairs.PAIRS_FILE
LIKELIER = 30
"""How many times as frequent a pair with a look-alike in it must be for the rarer one to be a mistake of the corpus."""


def counted(paragraphs: list[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The pairs of ideographs in paragraphs, packed, with how often they occur."""
    codes = model.code_points("\n".join(paragraphs)).astype(np.int64)
    ideographs = (codes >= 0x3400) & (codes <= 0x9FFF)
    at = np.flatnonzero(ideographs[:-1] & ideographs[1:])
    return np.unique(pairs.packed(codes[at], codes[at + 1]), return_counts=True)


def lacking(paragraphs: list[str], fewest: int) -> list[tuple[str, str]]:
    """The pairs that the model lacks, sorted."""
    packed, counts = counted(paragraphs)
    often = packed[counts >= fewest]
    number = dict(zip(packed.tolist(), counts.tolist(), strict=True))
    lm, fold = model.load(), script.fold_table()
    first, second = often >> pairs.BITS, often & pairs.MASK
    symbols = [np.array([lm.id_of(chr(fold[code])) for code in column.tolist()]) for column in (first, second)]
    unknown = ~lm.counts_known(np.stack(symbols, axis=1))
    found = []
    for a, b in zip(map(chr, first[unknown].tolist()), map(chr, second[unknown].tolist()), strict=True):
        alike = [(other, b) for other, _ in confusions.load().lookalikes(a, traditional=True)]
        alike += [(a, other) for other, _ in confusions.load().lookalikes(b, traditional=True)]
        most = max((number.get(int(pairs.packed(ord(x), ord(y))), 0) for x, y in alike), default=0)
        if most < LIKELIER * number[int(pairs.packed(ord(a), ord(b)))]:
            found.append((a, b))
    return sorted(found)


def changes(paragraphs: list[str]) -> int:
    """How many look-alikes are put for others in clean paragraphs, forty to a document."""
    cleaner = Cleaner()
    texts = ("\n".join(paragraphs[start : start + 40]) for start in range(0, len(paragraphs), 40))
    return sum(e.rule == "misreads/look-alike" for text in texts for e in cleaner.clean(text).edits)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--fewest", type=int, default=4)
    parser.add_argument("--half", action="store_true")
    args = parser.parse_args()
    with lzma.open(args.shared / "corpus" / "trad.tsv.xz", "rt", encoding="utf-8") as stream:
        paragraphs = [line.rstrip("\n").split("\t")[-1] for line in stream]
    if args.half:
        known = lacking(paragraphs[1::2], args.fewest)
        sample = paragraphs[::2][:6000]
        for name, table in (("without", []), ("with", known)):
            pairs.load = lambda table=table: pairs.sorted_of(table)  # type: ignore[assignment]
            print(f"{name} pairs: {changes(sample)} changes of {sum(map(len, sample)):,} characters")
        return
    followers: dict[str, list[str]] = defaultdict(list)
    for first, second in lacking(paragraphs, args.fewest):
        followers[first].append(second)
    head = (
        "# Pairs of characters of traditional text that the language model lacks: a character, and those that follow it.\n"
        "# Counted in Hong Kong news, Taiwan laws and encyclopedia (counts only). Licence: the project's. Date: 2026-11-22.\n"
        "# Rebuild: python tools/build_traditional_pairs.py\n"
    )
    rows = (f"{first}\t{''.join(seconds)}\n" for first, seconds in sorted(followers.items()))
    TARGET.write_text(head + "".join(rows), encoding="utf-8")
    print(f"{TARGET.name}: {sum(map(len, followers.values()))} pairs of {len(followers)} characters")


if __name__ == "__main__":
    main()
