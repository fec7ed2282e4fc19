"""Builds dictionaries/rules/script.tsv: characters that only one of the two scripts uses, with their counterparts.

    python tools/build_script.py

Source: the character dictionaries of OpenCC (Apache-2.0), asked through its Python package; GB 2312 and Big5, asked
through Python's codecs, say which characters the other script uses as well.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import opencc

TARGET = Path(__file__).resolve().parents[1] / "dictionaries" / "rules" / "script.tsv"

# Characters that simplified text keeps in names, or in a sense of their own (Table of General Standard Chinese Characters,
# 2013, notes to table 1), so that the counterpart is only a suggestion.
IN_NAMES = frozenset("昇淼喆堃犇龢迺氾邨仝钜麴頫祇徵乾藉著瞭夥麽濛甯脩陞喦珮颺鑫霑儁閤谿扞蒐鉅")


def has(char: str, encoding: str) -> bool:
    """Whether a character set holds the character."""
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    to_simplified, to_traditional = opencc.OpenCC("t2s"), opencc.OpenCC("s2t")
    simplified_of: dict[str, str] = {}
    traditional_of: dict[str, set[str]] = defaultdict(set)
    for code in range(0x4E00, 0xA000):
        char = chr(code)
        simple = to_simplified.convert(char)
        if len(simple) == 1 and simple != char:
            simplified_of[char] = simple
            traditional_of[simple].add(char)
    rows: list[str] = []
    for char, simple in simplified_of.items():
        certain = not has(char, "gb2312") and char not in IN_NAMES
        rows.append(f"{char}\thant\t{simple}\t{'certain' if certain else 'possible'}")
    for simple, options in traditional_of.items():
        common = sorted(option for option in options if has(option, "big5")) or sorted(options)
        best = to_traditional.convert(simple)
        if simple in simplified_of or best == simple:
            continue
        certain = len(common) == 1 and not has(simple, "big5")
        rows.append(f"{simple}\thans\t{best}\t{'certain' if certain else 'possible'}")
    head = (
        "# Characters of one script and their counterparts in the other: character, its script (hans, hant), counterpart,\n"
        "# certain (the other script does not use the character, and there is one counterpart) or possible.\n"
        "# Source: OpenCC's character dictionaries (Apache-2.0), GB 2312 and Big5 repertoires.\n"
        "# Date: 2026-11-22. Rebuild: python tools/build_script.py\n"
    )
    TARGET.write_text(head + "\n".join(sorted(rows)) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(rows)} rows")


if __name__ == "__main__":
    main()
