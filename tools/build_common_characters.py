"""Counts how common characters are in Chinese print and writes `dictionaries/rules/common-characters.tsv`.

    python tools/build_common_characters.py --corpus ../shared/corpus

The table tells an encoding from its rivals: read in the wrong one, a text is full of characters that hardly anyone
writes. Simplified and traditional text are counted apart, because each knows only half of the characters.
"""

from __future__ import annotations

import argparse
import lzma
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

SOURCES = {
    "simplified": (
        "news-train",
        "official",
        "essay",
        "commentary",
        "wiki",
        "literature",
        "textbook",
    ),
    "traditional": ("trad",),
}
LEAST = 1.0  # in a million; what is rarer is told apart from a misreading by its neighbours

HEADER = """\
# Characters of Chinese print that stand at least once in a million: character, how often in a million characters of
# simplified and of traditional text. ASCII is left out.
# Source: counts over the project's text corpora ({sources}); counts are facts, no licence attaches to them.
# Date: {date}. Rebuild: python tools/build_common_characters.py --corpus ../shared/corpus
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the corpora (*.xz)")
    parser.add_argument("--output", type=Path, default=Path("dictionaries/rules/common-characters.tsv"))
    arguments = parser.parse_args()
    shares = [in_a_million(count(arguments.corpus, sources)) for sources in SOURCES.values()]
    sources = "; ".join(f"{script}: {', '.join(names)}" for script, names in SOURCES.items())
    rows = [
        f"{char}\t{shares[0].get(char, 0):.1f}\t{shares[1].get(char, 0):.1f}\n"
        for char in sorted(shares[0].keys() | shares[1].keys())
        if max(share.get(char, 0) for share in shares) >= LEAST
    ]
    header = HEADER.format(sources=sources, date=datetime.now(UTC).date())
    arguments.output.write_text(header + "".join(rows), encoding="utf-8")
    print(f"{len(rows)} characters, {arguments.output.stat().st_size:,} bytes")


def count(corpus: Path, sources: tuple[str, ...]) -> Counter[str]:
    """How often each character beyond ASCII stands in the paragraphs of some corpora."""
    counts: Counter[str] = Counter()
    for source in sources:
        with lzma.open(corpus / f"{source}.tsv.xz", "rt", encoding="utf-8") as lines:
            for line in lines:
                counts.update(line.rstrip("\n").split("\t")[-1])
    return Counter({char: number for char, number in counts.items() if char > "\x7f" and char != "\ufffd"})


def in_a_million(counts: Counter[str]) -> dict[str, float]:
    """Counts as shares."""
    total = counts.total()
    return {char: number * 1e6 / total for char, number in counts.items()}


if __name__ == "__main__":
    main()
