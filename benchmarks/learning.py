"""What learning from a collection mends and harms, on clean text with misreads put in.

    python benchmarks/learning.py CLEAN.tsv.xz [...] [--paragraphs 40] [--rate 0.01] [--most 6000]

Each file has a paragraph a line, in the last tab-separated column; 40 paragraphs make a document. `harm`: edits of Chinese characters
applied to the text as it is, with what was learned from every other document of it. `mended`: of characters put in as engines read
them (`dictionaries/confusions/engine.tsv`), those set right, and characters set wrong, with what was learned from all of them.
"""

from __future__ import annotations

import argparse
import lzma
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cleaner import Cleaner, Settings
from cleaner.knowledge import lexicon, resources
from cleaner.knowledge.learned import written
from cleaner.learning import Counts, counts_of, facts
from cleaner.text.cleaned import Cleaned
from cleaner.text.width import HAN


def documents(path: Path, paragraphs: int, most: int) -> list[str]:
    """The file's text, so many paragraphs at a time."""
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        rows = [line.rstrip("\n").split("\t")[-1] for line in stream][:most]
    return ["\n".join(rows[start : start + paragraphs]) for start in range(0, len(rows), paragraphs)]


def misread(text: str, rate: float, seed: int) -> str:
    """The text with so many of the characters that engines misread replaced, as they do and as often."""
    reads: dict[str, list[tuple[str, float]]] = {}
    for printed, read, tesseract, ppocr4, ppocr6 in resources.rows("confusions/engine.tsv"):
        if HAN.match(printed) and HAN.match(read):
            reads.setdefault(printed, []).append((read, 0.3 * int(tesseract) + int(ppocr4) + int(ppocr6)))
    draw = random.Random(seed)
    chars = list(text)
    for at, char in enumerate(chars):
        if char in reads and draw.random() < rate:
            others, weights = zip(*reads[char], strict=True)
            chars[at] = draw.choices(others, weights)[0]
    return "".join(chars)


def learner(cleaned: Sequence[Cleaned], folder: Path) -> Cleaner:
    """A cleaner that has learned from these documents."""
    counts = sum((counts_of(str(number), one) for number, one in enumerate(cleaned)), Counts())
    path = folder / "learned.tsv"
    path.write_bytes(written(facts(counts, lexicon.load())))
    return Cleaner(Settings(learned=path))


def changed(cleaned: Sequence[Cleaned]) -> int:
    """How many applied edits change Chinese characters."""
    edits = (edit for one in cleaned for edit in one.edits if edit.kind != "move")
    return sum(HAN.findall(edit.before) != HAN.findall(edit.after or "") for edit in edits)


def outcome(cleaned: Sequence[Cleaned], truth: Sequence[str]) -> str:
    """Misreads set right, and characters set wrong."""
    right = wrong = 0
    for one, printed in zip(cleaned, truth, strict=True):
        for edit in one.edits:
            if edit.after is not None and len(edit.after) == len(edit.before):
                there = printed[edit.start : edit.end]
                right += sum(a == t != b for b, a, t in zip(edit.before, edit.after, there, strict=True))
                wrong += sum(
                    a != t and HAN.match(t) is not None and a != b
                    for b, a, t in zip(edit.before, edit.after, there, strict=True)
                )
    return f"{right:,} mended, {wrong:,} set wrong"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--paragraphs", type=int, default=40)
    parser.add_argument("--rate", type=float, default=0.01)
    parser.add_argument("--most", type=int, default=6000, help="paragraphs of each file")
    args = parser.parse_args()
    plain = Cleaner()
    for path in args.files:
        truth = documents(path, args.paragraphs, args.most)
        size = sum(map(len, truth))
        with tempfile.TemporaryDirectory() as folder:
            before = list(plain.clean_many(truth))
            after = list(learner(before[::2], Path(folder)).clean_many(truth))
            print(f"{path.name}: {size:,} characters in {len(truth)} documents")
            print(
                f"  harm    without {1e4 * changed(before) / size:.3f} edits in 10,000 characters, with {1e4 * changed(after) / size:.3f}"
            )
            noisy = [misread(text, args.rate, number) for number, text in enumerate(truth)]
            put_in = sum(
                a != b for one, other in zip(noisy, truth, strict=True) for a, b in zip(one, other, strict=True)
            )
            before = list(plain.clean_many(noisy))
            after = list(learner(before, Path(folder)).clean_many(noisy))
            print(
                f"  mended  of {put_in:,} misreads without: {outcome(before, truth)}; with: {outcome(after, truth)}",
                flush=True,
            )


if __name__ == "__main__":
    main()
