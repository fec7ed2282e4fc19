"""Learns the weights of the misreads pass: dictionaries/rules/misreads.tsv.

    python tools/learn_misreads.py [--shared ../shared] [--check]

A logistic regression over the features of `cleaner.evidence.channel`, from what real OCR engines made of typeset pages
(ocrlab/pages/train, cleaned by the passes before, aligned with what was printed) and from clean text that the language model was not
counted from (corpus/news-dev, and what `build_model` holds out), which weighs so that one character in 2,000 is misread, as on real
scans. The annotated scans are not
learned from: with --check they are measured, as is ocrlab/pages/dev. Weights only; no text goes into the project.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from build_model import HELD_OUT, is_held_out, paragraphs
from rapidfuzz.distance import Levenshtein

from cleaner.chain import Cleaner
from cleaner.evidence import channel
from cleaner.page import Page
from cleaner.settings import Settings
from logistic import fit

TARGET = Path(__file__).resolve().parents[1] / "dictionaries" / "rules" / "misreads.tsv"
PENALTY = 1.0
REAL_RATE = 1 / 2000
"""Misread characters on real scans (research/misreads.md)."""

FIXED = {"人 for 入": 5.2, "doubted": 0.29}
"""Log odds that typeset pages cannot teach. The commonest misread of Chinese print by far: about one 入 in 15 on real scans is
read 人 (research/misreads.md), and encyclopedia passages taken from print still have three in 135,000 characters (进人, 传人, 摄人),
and at 5.2 公司的人驻 is put right by itself. Of 4.7 million characters of seven kinds of clean text that weight changes one 人 more than 4.9 does
(log of 2,000 over 15), and that one is a real error (传人英国).

`doubted` is for texts with the recogniser's confidences (`Recognised.doubts`), which the pages in text lack: regression over 60 pages of
ocrlab/pages/train, typeset anew and read by three engines (`benchmarks/formats.py render`), with the other weights held. On the
pages of dev the average precision of the candidates rises from .90 to .92."""

REAL_ERRORS = ("丝亳", "时侯", "隋况", "主耍", "需耍", "思义的", "投施", "我门自己", "或着目录")
"""Misreads and slips in the clean texts themselves: candidates for them are neither right nor wrong."""


@dataclass(frozen=True)
class Example:
    """A candidate: what can be seen, and whether it was printed."""

    features: dict[str, float]
    printed: bool
    about: str


def from_page(folder: Path, engine: str, cleaner: Cleaner) -> tuple[list[Example], int, int]:
    """The candidates of an engine's output of a page: (examples, characters, misread characters)."""
    path = folder / f"{engine}.txt"
    if not path.exists():
        return [], 0, 0
    text = cleaner.clean(path.read_text(encoding="utf-8")).text
    truth = "".join((folder / "truth.txt").read_text(encoding="utf-8").split())
    kept = [i for i, char in enumerate(text) if not char.isspace()]
    printed: dict[int, str] = {}
    for block in Levenshtein.opcodes("".join(text[i] for i in kept), truth):
        if block.tag == "equal" or (
            block.tag == "replace" and block.src_end - block.src_start == block.dest_end - block.dest_start <= 3
        ):
            for k in range(block.src_end - block.src_start):
                printed[kept[block.src_start + k]] = truth[block.dest_start + k]
    examples = [
        Example(c.features, printed[c.at] == c.printed, f"{text[max(0, c.at - 8) : c.at + 8]!r} {c.read}>{c.printed}")
        for c in channel.candidates(page_of(text, cleaner))
        if c.at in printed
    ]
    wrong = sum(1 for at, char in printed.items() if text[at] != char and "\u3400" <= char <= "\u9fff")
    return examples, len(kept), wrong


def page_of(text: str, cleaner: Cleaner) -> Page:
    return Page(text, cleaner.settings, cleaner.lexicon)


def clean_examples(corpus: Path, source: str, cleaner: Cleaner, size: int = 40) -> Iterator[tuple[list[Example], int]]:
    """Candidates in clean text, `size` paragraphs at a time as one document: none was printed."""
    held_out = source in HELD_OUT
    kept = [text for number, text in enumerate(paragraphs(corpus, source)) if not held_out or is_held_out(number)]
    for start in range(0, len(kept), size):
        text = "\n".join(kept[start : start + size])
        around = ((c, text[max(0, c.at - 8) : c.at + 8]) for c in channel.candidates(page_of(text, cleaner)))
        yield (
            [
                Example(c.features, False, f"{near!r} {c.read}>{c.printed}")
                for c, near in around
                if not any(error in near for error in REAL_ERRORS)
            ],
            len(text),
        )


def check(table: dict[str, float], examples: list[Example], name: str, characters: int, show: int) -> None:
    """Prints precision and counts at some thresholds."""

    def odds(e: Example) -> float:
        return sum(v * table.get(n, 0.0) for n, v in e.features.items())

    scored = sorted(((odds(e), e) for e in examples), key=lambda pair: -pair[0])
    cells = []
    for p, least in ((0.35, -0.62), (0.5, 0.0), (0.8, 1.39), (0.9, 2.2), (0.97, 3.48)):
        hit = [e for o, e in scored if o >= least]
        right = sum(e.printed for e in hit)
        cells.append(f"{p}: {right} right, {len(hit) - right} wrong")
    print(f"{name} ({characters} characters, {sum(e.printed for e in examples)} to be had): " + "; ".join(cells))
    for o, e in [pair for pair in scored if pair[0] >= -0.62 and not pair[1].printed][:show]:
        print(f"    wrong {o:.1f} {e.about}")
    for o, e in [pair for pair in scored if pair[0] < 2.2 and pair[1].printed][:show]:
        print(f"    low {o:.1f} {e.about}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--show", type=int, default=10)
    args = parser.parse_args()
    before = Cleaner(Settings(skip=("misreads", "terms")))
    examples: list[Example] = []
    weights: list[float] = []
    characters = wrong = 0
    for folder in sorted((args.shared / "ocrlab/pages/train").iterdir()):
        for engine in ("rapidocr", "rapidocr6", "tesseract"):
            own, size, misread = from_page(folder, engine, before)
            examples += own
            characters += size
            wrong += misread
    weights += [1.0] * len(examples)
    clean: list[Example] = []
    size = 0
    for source in ("news-dev", *HELD_OUT):
        for found, length in clean_examples(args.shared / "corpus", source, before):
            clean += found
            size += length
    # so much clean text is wanted that one character in 2,000 of all is misread
    each = max(1.0, (wrong / REAL_RATE - characters) / size)
    print(
        f"{len(examples)} candidates of {characters} characters read, {wrong} misread; {len(clean)} of {size} clean, weight {each:.1f}"
    )
    learned = [{n: v for n, v in e.features.items() if n not in FIXED} for e in examples + clean]
    table = FIXED | fit(learned, [e.printed for e in examples + clean], weights + [each] * len(clean), PENALTY)
    if args.check:
        check(table, examples, "train", characters, args.show)
        check(table, clean, "clean", size, args.show)
        for engine in ("rapidocr", "rapidocr6", "tesseract"):
            pages = [from_page(f, engine, before) for f in sorted((args.shared / "ocrlab/pages/dev").iterdir())]
            check(table, [e for p in pages for e in p[0]], f"dev {engine}", sum(p[1] for p in pages), args.show)
        for name, weight in sorted(table.items()):
            print(f"    {name}\t{weight:.3f}")
        return
    head = (
        "# Weights of the misreads pass, in log odds that the candidate was printed. Learned from OCR output of typeset pages and\n"
        "# clean text of six kinds (statistics only). Licence: the project's. Date: 2026-11-22.\n"
        "# Rebuild: python tools/learn_misreads.py\n"
    )
    rows = [f"{name}\t{weight:.3f}" for name, weight in sorted(table.items())]
    TARGET.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(rows)} features")


if __name__ == "__main__":
    main()
