"""Builds dictionaries/rules/characters.tsv: characters that stand for another one, by Unicode's own tables.

    python tools/build_characters.py [--unicode /usr/share/unicode]

Sources (Unicode licence): EquivalentUnifiedIdeograph.txt for the Kangxi radicals and the CJK Radicals Supplement;
the compatibility decompositions of Python's unicodedata for compatibility ideographs, half-width katakana, full-width
letters and digits. Vertical and small forms are written out here: their decompositions are ASCII, which Chinese text
does not want. Debian: unicode-data.
"""

from __future__ import annotations

import argparse
import unicodedata
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "dictionaries" / "rules" / "characters.tsv"

# Unified ideographs that stand in the block of compatibility ideographs (Unicode 17.0, chapter 18.1).
UNIFIED = {0xFA0E, 0xFA0F, 0xFA11, 0xFA13, 0xFA14, 0xFA1F, 0xFA21, 0xFA23, 0xFA24, 0xFA27, 0xFA28, 0xFA29}

# Vertical presentation forms U+FE10 to FE19 and U+FE30 to FE4F, small forms U+FE50 to FE6B, upright and full-width.
VERTICAL = dict(zip(range(0xFE10, 0xFE1A), "，、。：；！？〖〗…", strict=True)) | {
    0xFE30: "‥",
    0xFE31: "—",
    0xFE32: "–",
    0xFE33: "_",
    0xFE35: "（",
    0xFE36: "）",
    0xFE37: "{",
    0xFE38: "}",
    0xFE39: "〔",
    0xFE3A: "〕",
    0xFE3B: "【",
    0xFE3C: "】",
    0xFE3D: "《",
    0xFE3E: "》",
    0xFE3F: "〈",
    0xFE40: "〉",
    0xFE41: "「",
    0xFE42: "」",
    0xFE43: "『",
    0xFE44: "』",
    0xFE47: "[",
    0xFE48: "]",
}
SMALL = {
    0xFE50: "，",
    0xFE51: "、",
    0xFE52: "．",
    0xFE54: "；",
    0xFE55: "：",
    0xFE56: "？",
    0xFE57: "！",
    0xFE58: "—",
    0xFE59: "（",
    0xFE5A: "）",
    0xFE5B: "{",
    0xFE5C: "}",
    0xFE5D: "〔",
    0xFE5E: "〕",
    0xFE5F: "#",
    0xFE60: "&",
    0xFE61: "*",
    0xFE62: "+",
    0xFE63: "-",
    0xFE64: "<",
    0xFE65: ">",
    0xFE66: "=",
    0xFE68: "\\",
    0xFE69: "$",
    0xFE6A: "%",
    0xFE6B: "@",
}


def radicals(unicode: Path) -> dict[int, str]:
    """Radicals and strokes with the unified ideograph that looks the same."""
    table: dict[int, str] = {}
    for line in (unicode / "EquivalentUnifiedIdeograph.txt").read_text(encoding="utf-8").splitlines():
        row = line.partition("#")[0].strip()
        if not row:
            continue
        points, target = (part.strip() for part in row.split(";"))
        first, _, last = points.partition("..")
        for code in range(int(first, 16), int(last or first, 16) + 1):
            if 0x2E80 <= code <= 0x2FDF:
                table[code] = chr(int(target, 16))
    return table


def decomposed(first: int, last: int) -> dict[int, str]:
    """The characters of a range whose compatibility decomposition is another single character."""
    pairs = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(first, last + 1)}
    return {code: to for code, to in pairs.items() if to != chr(code) and len(to) == 1 and code not in UNIFIED}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--unicode", type=Path, default=Path("/usr/share/unicode"))
    args = parser.parse_args()
    tables = {
        "radical": radicals(args.unicode),
        "compatibility-ideograph": decomposed(0xF900, 0xFAFF) | decomposed(0x2F800, 0x2FA1F),
        "half-width-katakana": decomposed(0xFF66, 0xFF9D),
        "full-width-letter": decomposed(0xFF10, 0xFF19) | decomposed(0xFF21, 0xFF3A) | decomposed(0xFF41, 0xFF5A),
        "presentation-form": VERTICAL | SMALL,
    }
    rows = [(code, to, rule) for rule, table in tables.items() for code, to in table.items()]
    head = (
        "# Characters that stand for another one: character, what it should be, rule.\n"
        f"# Source: EquivalentUnifiedIdeograph.txt 15.0, compatibility decompositions of Unicode {unicodedata.unidata_version} (Unicode licence v3).\n"
        "# Date: 2026-11-22. Rebuild: python tools/build_characters.py\n"
    )
    lines = [f"{chr(code)}\t{to}\t{rule}" for code, to, rule in sorted(rows)]
    TARGET.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: " + ", ".join(f"{rule} {len(table)}" for rule, table in tables.items()))


if __name__ == "__main__":
    main()
