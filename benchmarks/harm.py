"""The harm card: what the chain does to clean text, in edits per 10,000 characters, by pass and band.

    python benchmarks/harm.py CLEAN.tsv.xz [...] [--paragraphs 40] [--show 20] [--only PASS,...] [--profile NAME]

Each file has a paragraph a line, in the last tab-separated column; 40 paragraphs, a line each, make a document. Whatever is
applied to clean text is harm, but for the faults that clean text has as well (a half-width mark, a stray space): `--show` lists
edits drawn at random, to be read.
"""

from __future__ import annotations

import argparse
import lzma
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from cleaner import Cleaner, Settings
from cleaner.text.edits import Band
from cleaner.text.width import HAN


def documents(path: Path, paragraphs: int) -> Iterator[str]:
    """The file's text, so many paragraphs at a time."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as stream:
        rows = [line.rstrip("\n").split("\t")[-1] for line in stream]
    for start in range(0, len(rows), paragraphs):
        yield "\n".join(rows[start : start + paragraphs])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--paragraphs", type=int, default=40)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--only", default="")
    parser.add_argument("--profile", default="")
    parser.add_argument("--most", type=int, default=10**9, help="characters of each file")
    args = parser.parse_args()
    cleaner = Cleaner(Settings(profile=args.profile).with_(only=tuple(name for name in args.only.split(",") if name)))
    for path in args.files:
        count: Counter[tuple[str, Band]] = Counter()
        size = paragraphs = touched = han = 0
        seen: list[str] = []
        for text in documents(path, args.paragraphs):
            cleaned = cleaner.clean(text)
            size += len(text)
            paragraphs += text.count("\n") + 1
            touched += len({edit.line for edit in cleaned.edits})
            for edit in (*cleaned.edits, *cleaned.suggestions, *cleaned.flags):
                count[edit.pass_, edit.band] += 1
                if edit.band is Band.APPLIED:
                    han += HAN.findall(edit.before) != HAN.findall(edit.after or "") and edit.kind != "move"
                    around = text[max(0, edit.start - 12) : edit.end + 12]
                    seen.append(f"  {edit.rule:28} {edit.before!r} → {edit.after!r}   {around!r}")
            if size >= args.most:
                break
        print(f"{path.name}: {size:,} characters, {paragraphs:,} paragraphs, {touched / paragraphs:.2%} of them touched, "
              f"{han} edits of Chinese characters")  # fmt: skip
        for name in dict.fromkeys(name for name, _ in sorted(count)):
            rates = "  ".join(f"{band} {count[name, band] / size * 1e4:.3f}" for band in Band)
            print(f"  {name:12} {rates}")
        print("\n".join(random.Random(1).sample(seen, min(args.show, len(seen)))))


if __name__ == "__main__":
    main()
