"""What public tools make of the same scans, and of text that is clean already: errors left, and lines touched without need.

    python benchmarks/public_tools.py SCANS REFERENCE [--clean FILE ...]

SCANS and REFERENCE are folders of texts of the same names (`samples/scans samples/clean`). Each tool that is installed cleans every
scan: `pip install autocorrect-py ftfy pangu`. These tools format or repair text and were not made for scans; what cleaner does beside
that (lines, page furniture, look-alikes) is what the difference shows. Some set spaces between Chinese and Latin on purpose, so errors
are counted with spaces and without. The last column counts lines of the references, and of further clean texts (--clean, one paragraph
a line, also .xz), of which a tool changes more than spaces although nothing is wrong with them.
"""

from __future__ import annotations

import argparse
import lzma
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from cleaner import Cleaner
from cleaner.evaluation import Score, evaluate

MOST_LINES = 2_000
"""Lines of a clean text that are tried."""


def tools() -> Iterator[tuple[str, Callable[[str], str]]]:
    """The tools that are there, by name: functions from text to text."""
    yield "as scanned", lambda text: text
    try:
        import autocorrect_py

        yield "autocorrect", autocorrect_py.format
    except ImportError:
        pass
    try:
        import pangu

        yield "pangu", lambda text: "\n".join(map(pangu.space_text, text.split("\n")))
    except ImportError:
        pass
    try:
        import ftfy

        yield "ftfy", ftfy.fix_text
        yield "ftfy, marks kept", lambda text: ftfy.fix_text(text, fix_character_width=False, uncurl_quotes=False)
    except ImportError:
        pass
    cleaner = Cleaner()
    yield "cleaner", lambda text: cleaner.clean(text).text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("scans", type=Path)
    parser.add_argument("reference", type=Path)
    parser.add_argument("--clean", type=Path, nargs="*", default=[])
    args = parser.parse_args()
    names = sorted(path.name for path in args.reference.iterdir() if (args.scans / path.name).is_file())
    pairs = [tuple((folder / name).read_text("utf-8") for folder in (args.scans, args.reference)) for name in names]
    lines = [line for _, reference in pairs for line in reference.splitlines() if line.strip()]
    for path in args.clean:
        with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as stream:
            lines += [line.rstrip("\n").split("\t")[-1] for line in islice(stream, MOST_LINES)]
    print(f"{len(pairs)} scans, {len(lines)} clean lines")
    print(
        f"{'':20} {'CER':>8} {'without spaces':>15} {'paragraphs right':>17} {'lines broken':>13} {'clean lines changed':>20}"
    )
    for name, tool in tools():
        texts = [(tool(scan), reference) for scan, reference in pairs]
        score = sum((evaluate(*pair).score for pair in texts), Score())
        spaceless = sum((evaluate(*pair, same=["space"]).score for pair in texts), Score())
        changed = sum("".join(tool(line).split()) != "".join(line.split()) for line in lines) / max(1, len(lines))
        right = f"{spaceless.paragraphs_right}/{spaceless.paragraphs}"
        cer, without = score.errors / score.characters, spaceless.errors / spaceless.characters
        print(f"{name:20} {cer:8.2%} {without:15.2%} {right:>17} {score.lines_broken:13} {changed:20.1%}")


if __name__ == "__main__":
    main()
