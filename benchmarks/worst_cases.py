"""Texts made to be slow: time by size, which must grow no faster than the text.

    python benchmarks/worst_cases.py [--size 100000] [--only NAME]

Each text is cleaned at a quarter, a half and the whole of --size characters. A line says characters, seconds of processor time
and, for each doubling, how much longer it took: about 2 is linear, 4 is quadratic.
"""

from __future__ import annotations

import argparse
import time
from itertools import pairwise

from cleaner import Cleaner

PATTERNS = {
    "one line without end": "浙江省委，高质量发展。",
    "straight quotes": '"',
    "straight quotes in Chinese": '他说"好',
    "single quotes": "'",
    "opening brackets": "（",
    "opening quotes": "“",
    "spaces": " ",
    "spaces between characters": "人 ",
    "one character a line": "字\n",
    "blank lines": "\n",
    "short lines alike": "第" + "浙" * 38 + "\n",
    "running heads": "浙江日报2025年9月18日星期四第5版要闻\n",
    "captions": "图为" + "人" * 110 + "摄\n",
    "names in a row": "张 伟 李 娜 " * 20 + "\n",
    "bold": "**",
    "less than": "<",
    "ampersands": "&",
    "tags": "<b>",
    "points": ".",
    "points between characters": "人.人.",
    "dots between characters": "人·人·",
    "dashes read as one": "-一",
    "empty headings": "# \n",
    "broken paragraphs": "人民群众的获得感和幸福感不断增强，\n",
    "captions in sentences": "人民群众的获得感和\n\n图为工人在车间。张明 摄\n\n",
    "katakana": "エ业",
    "links": "[a](",
    "objects": '{"a":',
    "everything": '，,。."“(（ \n一一··<<&#*12%—-…们們人驻',
}


def text_of(pattern: str, size: int) -> str:
    """The pattern again and again, `size` code points in all."""
    return (pattern * (size // len(pattern) + 1))[:size]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--only", choices=PATTERNS)
    args = parser.parse_args()
    cleaner = Cleaner()
    cleaner.clean("".join(PATTERNS.values()))
    print(f"{'text':28} {args.size:>9,} characters: seconds, growth for each doubling")
    for name in [args.only] if args.only else PATTERNS:
        seconds = []
        for size in (args.size // 4, args.size // 2, args.size):
            text = text_of(PATTERNS[name], size)
            start = time.process_time()
            cleaner.clean(text)
            seconds.append(time.process_time() - start)
        first, second = (after / max(before, 1e-3) for before, after in pairwise(seconds))
        print(f"{name:28} {seconds[-1]:9.2f}  {first:5.1f} {second:5.1f}", flush=True)


if __name__ == "__main__":
    main()
