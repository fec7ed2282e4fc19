"""Learns the weights of the wraps pass: dictionaries/rules/wraps.tsv.

    python tools/learn_wraps.py [--shared ../shared] [--check]

A logistic regression over the features of `cleaner.passes.wraps.weighing.features`, with a penalty on large weights, one for text
with a line for each printed line ("wrapped"), one for text with a line for each paragraph ("running"). It learns from

- hand-annotated scans (gold/*.ann): the labels N, C, F say where a block begins or goes on;
- OCR output of typeset pages (ocrlab/pages/train), whose lines are aligned with the printed paragraphs, and the printed lines
  themselves, which are indented;
- the same paragraphs broken at random places, with and without blank lines, and with a caption or heading in between.

With --check, each annotated scan is predicted by weights learned without it, and ocrlab/pages/dev by all weights; nothing is
written. Weights and counts only; no text goes into the project.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from cleaner.knowledge import lexicon
from cleaner.page import Page
from cleaner.passes import wraps
from cleaner.passes.wraps.lines import is_float, is_interrupted, may_join
from cleaner.passes.wraps.weighing import FARTHEST, Gap, Joints, blank_shares, features
from cleaner.settings import Settings
from cleaner.text.look import FIXED
from cleaner.text.width import NOT_AT_LINE_END, NOT_AT_LINE_START, ends_sentence
from logistic import fit

TARGET = Path(__file__).resolve().parents[1] / "dictionaries" / "rules" / "wraps.tsv"
PENALTY = 2.0
GOLD_WEIGHT = 4.0
"""What is true of real scans counts more than what is true of typeset pages."""


@dataclass(frozen=True)
class Example:
    """A break between two lines: what can be seen, and whether the second continues the first."""

    source: str
    wrapped: bool
    features: dict[str, float]
    joined: bool
    weight: float
    about: str


def examples_of(
    page: Page, continues: dict[int, int], known: set[int], source: str, weight: float
) -> Iterator[Example]:
    """Examples from a page. `continues[b] = a` says that line b continues line a; `known` are the lines with a label."""
    lines = page.lines
    scores = Joints(page)
    shares = blank_shares(lines)
    paragraph = ""
    joined_to = {a: b for b, a in continues.items()}
    text_so_far: dict[int, str] = {}
    for at, line in enumerate(lines):
        before = continues.get(at)
        paragraph = (text_so_far.get(before, "") if before is not None else "") + line.bare
        text_so_far[at] = paragraph[-wraps.TAIL :]
        if at not in known or line.kind in FIXED:
            continue
        true = joined_to.get(at, -1)
        for target in range(at + 1, min(at + 1 + FARTHEST, len(lines))):
            floats = sum(1 for k in range(at + 1, target) if lines[k].kind not in FIXED)
            if target not in known or not may_join(line, lines[target]):
                continue
            if floats and (
                not is_interrupted(line) or not lines[target].blank_before or not is_float(page, target - 1)
            ):
                break
            gap = Gap(lines[target].blank_before or target > at + 1, floats, shares[at])
            wrapped, found = features(page, at, target, gap, text_so_far[at], scores)
            about = f"{line.text[-12:]}|{lines[target].text[:12]}"
            yield Example(source, wrapped, found, target == true, weight, about)
            if target == true:
                break


def page_of(text: str) -> Page:
    return Page(text, Settings(), lexicon.load())


def gold(path: Path, scan: Path) -> list[Example]:
    """The breaks of an annotated scan."""
    page = page_of(scan.read_text(encoding="utf-8"))
    number_of = {}
    breaks = [i for i, c in enumerate(page.text) if c == "\n"]
    for index, line in enumerate(page.lines):
        number_of[int(np.searchsorted(breaks, line.start)) + 1] = index
    continues: dict[int, int] = {}
    known: set[int] = set()
    running = floating = None
    for row in path.read_text(encoding="utf-8").splitlines():
        if not row.strip():
            continue
        number, label, _ = row.split("\t", 2)
        at = number_of.get(int(number))
        if at is None or label in "X?":
            continue
        known.add(at)
        if label == "C" and running is not None:
            continues[at] = running
        if label == "f" and floating is not None:
            continues[at] = floating
        if label in "NC":
            running = at
        else:
            floating = at
    return list(examples_of(page, continues, known, path.stem, GOLD_WEIGHT))


def bare(text: str) -> str:
    return "".join(text.split())


def typeset(folder: Path, engine: str) -> list[Example]:
    """The breaks of one engine's output of a typeset page, judged by the paragraph that each line's characters are from."""
    scan_path = folder / f"{engine}.txt"
    if not scan_path.exists():
        return []
    page = page_of(scan_path.read_text(encoding="utf-8"))
    paragraphs = [bare(p) for p in (folder / "truth.txt").read_text(encoding="utf-8").splitlines() if p.strip()]
    truth = "".join(paragraphs)
    owner = np.repeat(np.arange(len(paragraphs)), [len(p) for p in paragraphs])
    scan = "".join(bare(line.text) for line in page.lines)
    where = np.full(len(scan), -1)
    for block in Levenshtein.opcodes(scan, truth).as_matching_blocks():
        where[block.a : block.a + block.size] = np.arange(block.b, block.b + block.size)
    continues: dict[int, int] = {}
    known: set[int] = set()
    last_of: dict[int, tuple[int, int]] = {}  # paragraph: (line, where it ended)
    offset = 0
    for at, line in enumerate(page.lines):
        size = len(bare(line.text))
        hit = where[offset : offset + size]
        offset += size
        hit = hit[hit >= 0]
        if len(hit) < 0.6 * size or size == 0:
            continue
        owners = owner[hit]
        own = int(np.bincount(owners).argmax())
        if (owners == own).mean() < 0.9:
            continue
        known.add(at)
        if own in last_of and 0 <= hit[0] - last_of[own][1] <= 4:
            continues[at] = last_of[own][0]
        last_of[own] = at, int(hit[-1])
    return list(examples_of(page, continues, known, f"{engine}/{folder.name}", 1.0))


def broken(folder: Path, rng: random.Random) -> list[Example]:
    """A page's paragraphs, a line each, some broken in two, with and without blank lines and blocks in between."""
    truth = [p.strip() for p in (folder / "truth.txt").read_text(encoding="utf-8").splitlines() if p.strip()]
    blank = "\n\n" if rng.random() < 0.7 else "\n"
    floats = [p for p in truth if len(p) <= 30 and not ends_sentence(p)] + [
        "图为活动现场。李明 摄",
        "（图片由受访者提供）",
    ]
    pieces: list[str] = []
    continues: dict[int, int] = {}
    for paragraph in truth:
        cut = rng.randrange(8, len(paragraph) - 6) if len(paragraph) > 40 and rng.random() < 0.35 else 0
        while cut and (
            paragraph[cut] in NOT_AT_LINE_START
            or paragraph[cut - 1] in NOT_AT_LINE_END
            or paragraph[cut - 1 : cut + 1].isascii()
        ):
            cut -= 1
        if cut < 6:
            pieces.append(paragraph)
            continue
        first = len(pieces)
        pieces.append(paragraph[:cut])
        if blank == "\n\n" and rng.random() < 0.35:
            pieces += rng.sample(floats, rng.choice((1, 1, 2)) if len(floats) > 1 else 1)
        continues[len(pieces)] = first
        pieces.append(paragraph[cut:])
    indent = "　　" if rng.random() < 0.3 else ""
    later = set(continues)
    text = blank.join(p if k in later or len(p) < 40 else indent + p for k, p in enumerate(pieces))
    page = page_of(text)
    if len(page.lines) != len(pieces):
        return []
    return list(examples_of(page, continues, set(range(len(pieces))), f"broken/{folder.name}", 1.0))


def learn(examples: list[Example]) -> tuple[dict[str, float], dict[str, float]]:
    """Weights for wrapped and for running text."""
    wrapped, running = ([e for e in examples if e.wrapped is which] for which in (True, False))
    return fit_examples(wrapped), fit_examples(running)


def fit_examples(examples: list[Example]) -> dict[str, float]:
    return fit([e.features for e in examples], [e.joined for e in examples], [e.weight for e in examples], PENALTY)


def check(tables: tuple[dict[str, float], dict[str, float]], examples: list[Example], name: str, show: int = 0) -> None:
    """Prints how many joins and breaks the weights get right."""
    right: dict[tuple[bool, bool, bool], list[int]] = defaultdict(lambda: [0, 0])
    wrong: list[str] = []
    for e in examples:
        over = "over float" in e.features
        odds = sum(v * tables[0 if e.wrapped else 1].get(n, 0.0) for n, v in e.features.items())
        joined = 1 / (1 + np.exp(-odds)) >= (wraps.OVER_FLOAT if over else wraps.APPLY)
        cell = right[e.wrapped, over, e.joined]
        cell[0] += joined == e.joined
        cell[1] += 1
        if joined != e.joined:
            wrong.append(f"    {'missed' if e.joined else 'wrong'} {'over ' if over else ''}{odds:.1f} {e.about}")
    cells = [
        f"{'wrapped' if k[0] else 'running'}{' over float' if k[1] else ''} {'joins' if k[2] else 'breaks'} {v[0]}/{v[1]}"
        for k, v in sorted(right.items())
    ]
    print(f"{name}: " + ", ".join(cells))
    print("\n".join(wrong[:show]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--show", type=int, default=0)
    args = parser.parse_args()
    rng = random.Random(1)
    scans = {
        p.stem: gold(p, args.shared / "scans" / f"{p.stem}.txt") for p in sorted((args.shared / "gold").glob("*.ann"))
    }
    pages = sorted(p for p in (args.shared / "ocrlab/pages/train").iterdir() if p.is_dir())
    lab = [e for p in pages for engine in ("rapidocr", "rapidocr6", "tesseract", "printed") for e in typeset(p, engine)]
    lab += [e for p in pages for _ in range(2) for e in broken(p, rng)]
    if args.check:
        for name, own in scans.items():
            others = [e for other, found in scans.items() if other != name for e in found]
            check(learn(lab + others), own, f"{name} (learned without it)", args.show)
        everything = learn(lab + [e for found in scans.values() for e in found])
        dev = sorted(p for p in (args.shared / "ocrlab/pages/dev").iterdir() if p.is_dir())
        for engine in ("rapidocr", "rapidocr6", "tesseract"):
            check(everything, [e for p in dev for e in typeset(p, engine)], f"dev {engine}", args.show)
        check(everything, [e for p in dev for e in broken(p, rng)], "dev broken", args.show)
        for name, own in scans.items():
            check(everything, own, name, args.show)
        return
    wrapped, running = learn(lab + [e for found in scans.values() for e in found])
    head = (
        "# Weights of the wraps pass, in log odds of a join: feature, in text with a line for each printed line, with a line for each\n"
        "# paragraph. Learned from annotated scans and typeset pages (statistics only). Licence: the project's. Date: 2026-11-22.\n"
        "# Rebuild: python tools/learn_wraps.py\n"
    )
    rows = [f"{n}\t{wrapped.get(n, 0):.3f}\t{running.get(n, 0):.3f}" for n in sorted({*wrapped, *running})]
    TARGET.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    print(
        f"{TARGET.name}: {len(rows)} features from {len(lab)} typeset and {sum(map(len, scans.values()))} annotated breaks"
    )


if __name__ == "__main__":
    main()
