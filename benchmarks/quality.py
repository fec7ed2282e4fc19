"""How well quality and confidence tell the truth: measured on pages and scans of which it is known what was printed.

    python benchmarks/quality.py [--shared ../shared]

Quality: on typeset pages that no weight was learned from, read by three engines, and on clean news, how the quality of a cleaned page
goes with the share of characters that are wrong in it. Confidence: of the edits of the misreads and terms passes that were proposed at
a confidence, how many are right, on the annotated scans and on those pages. The weights of both passes are learned from none of either.
"""

from __future__ import annotations

import argparse
import lzma
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from cleaner import Cleaned, Cleaner
from cleaner.text.edits import Edit

ENGINES = ("rapidocr", "rapidocr6", "tesseract")
LONGEST_SLIP = 6
"""Characters up to which a difference is a misread; what is longer stands in another place."""
BINS = (0.0, 0.15, 0.4, 0.67, 0.8, 0.9, 0.95, 1.0)


def differences(text: str, printed: str) -> list[tuple[int, int, str]]:
    """Where a text differs from what was printed, white space apart: start and end in the text, and what was printed there."""
    kept = [at for at, char in enumerate(text) if not char.isspace()]
    bounds = [*kept, len(text)]
    codes = Levenshtein.opcodes("".join(text[at] for at in kept), printed)
    return [
        (bounds[op.src_start], bounds[op.src_end], printed[op.dest_start : op.dest_end])
        for op in codes
        if op.tag != "equal" and max(op.src_end - op.src_start, op.dest_end - op.dest_start) <= LONGEST_SLIP
    ]


def pages(folder: Path) -> Iterator[tuple[str, str]]:
    """What each engine read of each page, and what was printed."""
    for page in sorted(folder.iterdir()):
        for engine in ENGINES:
            if (read := page / f"{engine}.txt").exists():
                yield (
                    read.read_text(encoding="utf-8"),
                    "".join((page / "truth.txt").read_text(encoding="utf-8").split()),
                )


def clean_documents(path: Path, size: int = 20, most: int = 60) -> Iterator[str]:
    """Clean news, `size` paragraphs a document."""
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        while rows := [line.rstrip("\n").split("\t")[-1] for line in islice(stream, size)]:
            if (most := most - 1) < 0:
                return
            yield "\n".join(rows)


def is_right(edit: Edit, wrong: Sequence[tuple[int, int, str]], source: str) -> bool:
    """Whether an edit of a source makes what was printed of a place where the source differs."""
    return any(
        start - 1 <= edit.start
        and edit.end <= end + 1
        and "".join((source[start : edit.start] + (edit.after or "") + source[edit.end : end]).split()) == printed
        for start, end, printed in wrong
    )


def report_quality(found: Sequence[tuple[float, float]]) -> None:
    """Prints how quality goes with the share of wrong characters."""
    quality, wrong = (np.array(column) for column in zip(*found, strict=True))
    print(
        f"quality over {len(found)} documents: correlation with the share of characters wrong {np.corrcoef(1 - quality, wrong)[0, 1]:.2f}"
    )
    for low, high in ((0.0, 0.9), (0.9, 0.95), (0.95, 0.98), (0.98, 0.995), (0.995, 1.01)):
        among = (quality >= low) & (quality < high)
        if among.any():
            print(
                f"  quality {low:.3f} to {min(high, 1.0):.3f}: {among.sum():4d} documents, {wrong[among].mean():.2%} of their characters wrong"
            )


def report_confidence(name: str, judged: Sequence[tuple[float, bool]]) -> None:
    """Prints how many edits of each confidence are right."""
    every, right = Counter[int](), Counter[int]()
    for confidence, good in judged:
        place = int(np.searchsorted(BINS, confidence, "right"))
        every[place] += 1
        right[place] += good
    print(f"confidence on {name}, {len(judged)} edits")
    for place in sorted(every):
        high = BINS[place] if place < len(BINS) else 1.0
        print(
            f"  {BINS[place - 1]:.2f} to {high:.2f}: {right[place]:4d} of {every[place]:4d} right ({right[place] / every[place]:.0%})"
        )


def misread_edits(cleaned: Cleaned) -> Iterator[Edit]:
    """The edits of the two passes that correct characters."""
    for edit in (*cleaned.edits, *cleaned.suggestions):
        if edit.pass_ in {"misreads", "terms"}:
            yield edit


def on_scans(shared: Path, cleaner: Cleaner) -> list[tuple[float, bool]]:
    """The edits of the annotated scans with whether they are right; those at uncertain places, or in garbled runs, left out."""
    import sys

    sys.path.insert(0, str(shared / "gold"))
    from score_edits import annotated_spans

    judged = []
    for annotation in sorted((shared / "gold").glob("*.ann")):
        source = (shared / "scans" / annotation.with_suffix(".txt").name).read_text(encoding="utf-8")
        misreads, garbled, artifacts = annotated_spans(annotation, source)
        certain = [(start, end, right.replace("␣", " ")) for start, end, _, right, sure in misreads if sure]
        unsure = [(start, end) for start, end, _, _, sure in misreads if not sure] + garbled + artifacts
        for edit in misread_edits(cleaner.clean(source)):
            if not any(start <= edit.end and edit.start <= end for start, end in unsure):
                judged.append(
                    (edit.confidence, is_right(edit, [(a, b, "".join(r.split())) for a, b, r in certain], source))
                )
    return judged


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    args = parser.parse_args()
    cleaner = Cleaner()
    found: list[tuple[float, float]] = []
    judged: list[tuple[float, bool]] = []
    for read, printed in pages(args.shared / "ocrlab/pages/dev"):
        cleaned = cleaner.clean(read)
        left = sum(max(end - start, len(right)) for start, end, right in differences(cleaned.text, printed))
        found.append((cleaned.quality, left / len(printed)))
        wrong = differences(read, printed)
        judged += [(edit.confidence, is_right(edit, wrong, read)) for edit in misread_edits(cleaned)]
    found += [(cleaner.clean(text).quality, 0.0) for text in clean_documents(args.shared / "corpus/news-dev.tsv.xz")]
    report_quality(found)
    report_confidence("the annotated scans", on_scans(args.shared, cleaner))
    report_confidence("typeset pages", judged)


if __name__ == "__main__":
    main()
