"""How often the encoding of a file is told: samples of known text, encoded, decoded again, and compared.

    python benchmarks/encodings.py --simplified CLEAN.tsv.xz [...] --traditional CLEAN.tsv.xz [...] [--samples 1000] [--show 5]

Each file has a paragraph a line, in the last tab-separated column. A sample is so many characters from a random place, at least
a quarter of them beyond ASCII. Printed: samples read rightly; of those read wrongly, how many were flagged as uncertain; of
those read rightly, how many were flagged all the same, and how many taken for mixed. What an encoding cannot write is left
out of its samples, and so are those whose bytes all happen to be ASCII, as of one UTF-16 sample of four characters in
twenty. That every byte comes back is asserted for each.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from cleaner.files.decode import decode, encode
from cleaner.files.reversible import BIG5_CODES

LENGTHS = (4, 10, 20, 50, 200, 2000)
FOREIGN = Path(__file__).resolve().parents[1] / "tests" / "files" / "japanese-korean.json"
ENCODINGS = {
    "simplified": ("gb18030", "gbk", "utf-8", "utf-16-le", "utf-16-be"),
    "traditional": ("cp950", "big5hkscs", "gb18030", "utf-16-le"),
    "japanese": ("euc_jp", "shift_jis"),
    "korean": ("euc_kr", "cp949"),
}
MIXED = (("gb18030", "utf-8"), ("utf-8", "gb18030"), ("cp950", "utf-8"), ("gb18030", "cp950"))
"""Two encodings: lines of one, then lines of the other."""


def texts(paths: Sequence[Path], most: int) -> str:
    """The paragraphs of some files, a line each, `most` characters of each file."""
    parts = []
    for path in paths:
        with lzma.open(path, "rt", encoding="utf-8") as stream:
            parts.append("\n".join(line.rstrip("\n").split("\t")[-1] for line in stream)[:most])
    return "\n".join(parts)


def samples(text: str, length: int, number: int, seed: str) -> Iterator[str]:
    """Random stretches of a text, of so many characters."""
    chance = random.Random(f"{seed} {length}")
    while number:
        start = chance.randrange(max(1, len(text) - length))
        sample = text[start : start + length]
        if sum(char > "\x7f" for char in sample) >= max(1, len(sample) // 4):
            number -= 1
            yield sample


def measure(name: str, length: int, pairs: Iterator[tuple[str, bytes]], show: int) -> None:
    """Prints a row of the table; `pairs` are texts and their bytes."""
    number = right = flagged_wrong = flagged_right = mixed = 0
    wrong: list[str] = []
    for text, raw in pairs:
        found = decode(raw)
        assert encode(found) == raw
        number += 1
        mixed += bool(found.stretches)
        if found.text == text:
            right += 1
            flagged_right += not found.certain
        else:
            flagged_wrong += not found.certain
            wrong.append(
                f"    {'' if found.certain else '(flagged) '}{found.encoding}: {text[:40]!r} → {found.text[:40]!r}"
            )
    print(
        f"{name:26} {length:6,} {number:8,} {right / number:9.2%} {len(wrong):6} {flagged_wrong:8} {flagged_right:14} {mixed:6}",
        flush=True,
    )
    if show and wrong:
        print("\n".join(wrong[:show]))


def written(text: str, codec: str) -> tuple[str, bytes]:
    """What can be written of a text in an encoding, and its bytes; Big5's symbols are those of WHATWG Encoding."""
    raw = text.translate(UNWRITTEN if codec == "big5hkscs" else {}).encode(codec, "ignore")
    return raw.decode(codec), raw


UNWRITTEN = {ord(code.decode("big5hkscs")): None for code in BIG5_CODES}


def halves(text: str, length: int, number: int, codecs: tuple[str, str]) -> Iterator[tuple[str, bytes]]:
    """Documents of which the first lines are in one encoding and the last in another."""
    pairs = zip(
        samples(text, length // 2, number, codecs[0]), samples(text, length // 2, number, codecs[1]), strict=True
    )
    for parts in pairs:
        both = [written(part + "\n", codec) for part, codec in zip(parts, codecs, strict=True)]
        yield "".join(text for text, _ in both), b"".join(raw for _, raw in both)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--simplified", type=Path, nargs="+", required=True)
    parser.add_argument("--traditional", type=Path, nargs="+", required=True)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--show", type=int, default=0, help="wrong readings shown of each row")
    parser.add_argument("--most", type=int, default=2_000_000, help="characters of each file")
    args = parser.parse_args()
    foreign = json.loads(FOREIGN.read_text(encoding="utf-8"))
    sources = {
        "simplified": texts(args.simplified, args.most),
        "traditional": texts(args.traditional, args.most),
        **{language: "\n".join(sentences * 2) for language, sentences in foreign.items()},
    }
    print(f"{'text and encoding':26} {'length':>6} {'samples':>8} {'right':>9} {'wrong':>6} {'flagged':>8} {'right, flagged':>14} {'mixed':>6}")  # fmt: skip
    for kind, codecs in ENCODINGS.items():
        for codec in codecs:
            for length in LENGTHS:
                if length >= len(sources[kind]):
                    continue
                drawn = samples(sources[kind], length, args.samples, codec)
                pairs = (written(sample, codec) for sample in drawn)
                measure(f"{kind}, {codec}", length, (pair for pair in pairs if not pair[1].isascii()), args.show)
    for pair in MIXED:
        text = sources["traditional" if "cp950" in pair else "simplified"]
        for length in LENGTHS[2:]:
            measure("mixed, " + " + ".join(pair), length, halves(text, length, args.samples, pair), args.show)
    text = sources["simplified"]
    raw = (text * (5_000_000 // len(text) + 1))[:5_000_000].encode("gb18030")
    start = time.process_time()
    decode(raw)
    print(f"{len(raw) / 1e6:.1f} MB of GB18030 decoded in {time.process_time() - start:.2f} seconds")


if __name__ == "__main__":
    main()
