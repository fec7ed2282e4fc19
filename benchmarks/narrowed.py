"""What comes back of marks that were narrowed: clean text, its marks set as a careless recogniser sets them, and cleaned again.

    python benchmarks/narrowed.py CLEAN.tsv.xz [...] [--marks ，；：？！（）] [--paragraphs 40] [--show 20]

`--marks` are those to be narrowed, together: ，。；：？！（）“”‘’ to their ASCII twins, — to hyphens, … to points; all of them
where it is not given. Paragraphs that have such a narrow mark of their own are left out. For each mark the share is printed that comes
back right, and `--show` prints places where one does not, drawn at random. What cannot come back without the page is part
of the figure (a point in the middle of a line may be 。 or ，): it is for comparing versions, not an error rate of real scans.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from harm import documents

from cleaner import Cleaner, Settings

NARROW = dict(zip("，。；：？！（）“”‘’", ",.;:?!()\"\"''", strict=True)) | {"——": "--", "……": "..."}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--marks", default="".join(dict.fromkeys("".join(NARROW))))
    parser.add_argument("--paragraphs", type=int, default=40, help="paragraphs that make a document")
    parser.add_argument("--most", type=int, default=10**9, help="characters of each file")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--region", default="cn")
    args = parser.parse_args()
    table = {mark: narrow for mark, narrow in NARROW.items() if mark[0] in args.marks}
    marks = re.compile("|".join(table))
    cleaner = Cleaner(Settings(only=("characters", "punctuation"), region=args.region))
    for path in args.files:
        seen: Counter[str] = Counter()
        back: Counter[str] = Counter()
        lost: list[str] = []
        size = 0
        for text in documents(path, args.paragraphs):
            text = "\n".join(line for line in text.split("\n") if not re.search(r"[,;:?!()\"']|\.\.|--", line))
            size += len(text)
            cleaned = cleaner.clean(marks.sub(lambda match: table[match.group()], text))
            for mark, at, narrow in narrowed(text, marks, table):
                start, end = cleaned.to_clean(narrow), cleaned.to_clean(narrow + len(table[mark]))
                seen[mark] += 1
                if cleaned.text[start:end] == mark:
                    back[mark] += 1
                else:
                    lost.append(
                        f"  {text[max(0, at - 20) : at]}⟦{mark}→{cleaned.text[start:end]}⟧{text[at + len(mark) :][:20]}"
                    )
            if size >= args.most:
                break
        print(f"{path.name}: {size:,} characters, {sum(back.values()) / max(1, sum(seen.values())):.2%} of {sum(seen.values()):,} marks come back")  # fmt: skip
        print("  " + "  ".join(f"{mark} {back[mark] / count:.2%}" for mark, count in seen.most_common()))
        for row in random.Random(1).sample(lost, min(args.show, len(lost))):
            print(row.replace("\n", "⏎"))


def narrowed(text: str, marks: re.Pattern[str], table: dict[str, str]) -> Iterator[tuple[str, int, int]]:
    """Each mark of a text with its place there and in the text with its marks narrowed."""
    shift = 0
    for match in marks.finditer(text):
        yield match.group(), match.start(), match.start() + shift
        shift += len(table[match.group()]) - len(match.group())


if __name__ == "__main__":
    main()
