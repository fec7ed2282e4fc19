"""Build `dictionaries/confusions/`: which characters are mistaken for which.

    python tools/build_confusions.py engine --confusions ../shared/ocrlab/confusions.tsv
    python tools/build_confusions.py lookalikes --corpus ../shared/corpus
    python tools/build_confusions.py hot
    python tools/build_confusions.py check --confusions ../shared/ocrlab/confusions.tsv

`engine` comes first: `lookalikes` also measures every pair that `engine.tsv` and `hot.tsv` name. `hot` brings the notes of `hot.tsv`, whose
pairs are chosen by hand, up to date with the other two. `check` changes nothing: it says at which rank the glyph table holds pairs seen in
real scans, and how many it holds of the pairs of OCR pages that took no part in building it.

Needs numpy and Pillow, and the Debian packages fonts-noto-cjk, fonts-arphic-uming, fonts-arphic-ukai, fonts-lxgw-wenkai and unicode-data.
About ten minutes on two cores and 2 GB.
"""

from __future__ import annotations

import argparse
import bz2
import csv
import itertools
import lzma
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from glyphs import Face, glyph_similarity

CHECKOUT = Path(__file__).resolve().parents[1]
DICTIONARIES = CHECKOUT / "dictionaries" / "confusions"
UNIHAN = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")

# By shape alone, before hot.tsv named them, 24 held 19 of the 24 pairs seen in real scans.
NEIGHBOURS = 24

# A common character is likelier to be what was printed: among equal shapes, ten times as common counts as much as .02 of similarity.
# Of .005 to .05 this placed most pairs of the engines' training pages within the first 24 (52 %, without it 48 %).
FREQUENCY_WEIGHT = 0.02

NOTO = "/usr/share/fonts/opentype/noto/"
TRUETYPE = "/usr/share/fonts/truetype/"
SIMPLIFIED_FACES = (
    Face(NOTO + "NotoSerifCJK-Regular.ttc", 2),  # Noto Serif CJK SC: song
    Face(NOTO + "NotoSansCJK-Regular.ttc", 2),  # Noto Sans CJK SC: hei
    Face(TRUETYPE + "arphic/uming.ttc", 0),  # AR PL UMing CN: song, light
    Face(TRUETYPE + "arphic/ukai.ttc", 0),  # AR PL UKai CN: kai
    Face(TRUETYPE + "lxgw-wenkai/LXGWWenKai-Regular.ttf", 0),  # kai, even strokes
)
TRADITIONAL_FACES = (
    Face(NOTO + "NotoSerifCJK-Regular.ttc", 3),  # Noto Serif CJK TC
    Face(NOTO + "NotoSansCJK-Regular.ttc", 3),  # Noto Sans CJK TC
    Face(TRUETYPE + "arphic/uming.ttc", 2),  # AR PL UMing TW
    Face(TRUETYPE + "arphic/ukai.ttc", 2),  # AR PL UKai TW
)
FONT_NOTE = (
    "Fonts measured: Noto Serif CJK and Noto Sans CJK, LXGW WenKai (SIL Open Font License 1.1), AR PL UMing and AR PL UKai (Arphic Public"
    " License); only measured similarities are kept, no outline."
)

# ---------------------------------------------------------------------------------------------------------------- look-alikes


def build_lookalikes(corpus: Path, unihan: Path) -> None:
    """Write `lookalikes.tsv` and `lookalikes-traditional.tsv`."""
    simplified_counts, traditional_counts = character_counts(corpus)
    standard = general_standard(unihan)
    simplified = simplified_characters(standard, simplified_counts)
    traditional = traditional_characters(traditional_counts)
    pairs = named_pairs()
    read = sorted({*simplified, *standard, *gb2312(), *traditional, *pairs})

    rows = lookalike_rows(read, simplified, SIMPLIFIED_FACES, simplified_counts, pairs)
    write_table(
        "lookalikes.tsv",
        [
            f"Look-alikes in simplified print: character read, the {NEIGHBOURS} likeliest to have been printed (and those that engine.tsv and",
            "hot.tsv name) in falling order of shape similarity, their similarity in two digits each, 00 to 99.",
            "Read: GB 2312, the General Standard Characters (通用规范汉字表), Big5 level 1. Printed: GB 2312, the General Standard",
            "Characters of levels 1 and 2, those of level 3 that running text uses.",
            FONT_NOTE,
            "Sets of characters: Unicode Unihan kTGH, Python's gb2312 and big5 codecs; frequency: counts over public Chinese text.",
        ],
        "lookalikes --corpus ../shared/corpus",
        rows,
    )
    rows = lookalike_rows(traditional, traditional, TRADITIONAL_FACES, traditional_counts, {})
    write_table(
        "lookalikes-traditional.tsv",
        [
            f"Look-alikes in traditional print: character read, the {NEIGHBOURS} likeliest to have been printed in falling order of shape",
            "similarity, their similarity in two digits each, 00 to 99.",
            "Characters: Big5 level 1, and others that traditional text uses often (裏, 衞, 啲).",
            FONT_NOTE,
            "Sets of characters: Python's big5 codec; frequency: counts over public traditional Chinese text.",
        ],
        "lookalikes --corpus ../shared/corpus",
        rows,
    )


def lookalike_rows(
    read: list[str], printed: list[str], faces: tuple[Face, ...], counts: Counter[str], named: dict[str, set[str]]
) -> Iterator[list[str]]:
    """A row for each character of `read`: the character, its look-alikes among `printed`, their grades.

    `named` holds, by character read, printed characters to grade although they are not among the nearest.
    """
    similarity = glyph_similarity(read, printed, faces)
    prior = FREQUENCY_WEIGHT * np.array([np.log10(counts[char] + 1) for char in printed])
    column = {char: number for number, char in enumerate(printed)}
    for number, char in enumerate(read):
        ranking = similarity[number] + prior
        if char in column:
            ranking[column[char]] = -np.inf
        chosen = set(np.argsort(-ranking, kind="stable")[:NEIGHBOURS].tolist())
        chosen |= {column[other] for other in named.get(char, ()) if other in column and other != char}
        order = sorted(chosen, key=lambda other: (-grade(similarity[number, other]), printed[other]))
        yield [
            char,
            "".join(printed[other] for other in order),
            "".join(f"{grade(similarity[number, other]):02d}" for other in order),
        ]


def grade(similarity: float) -> int:
    """A similarity as two digits, 0 to 99."""
    return min(99, max(0, round(100 * float(similarity))))


def simplified_characters(standard: dict[str, int], counts: Counter[str]) -> list[str]:
    """What may have been printed in simplified text: the General Standard Characters of levels 1 and 2, GB 2312, and those of level 3 that occur twice."""
    common = {char for char, number in standard.items() if number <= 6500 or counts[char] > 1}
    return sorted(common | gb2312())


def traditional_characters(counts: Counter[str]) -> list[str]:
    """What may have been printed in traditional text: Big5 level 1, and others that occur ten times (Hong Kong's forms and Cantonese)."""
    return sorted(big5_level_1() | {char for char, count in counts.items() if count >= 10})


def general_standard(unihan: Path) -> dict[str, int]:
    """The General Standard Characters (通用规范汉字表, 2013) with their number there: 1-3500 level 1, 3501-6500 level 2, the rest level 3."""
    numbers = {}
    with bz2.open(unihan, "rt", encoding="utf-8") as lines:
        for line in lines:
            if "\tkTGH\t" in line:
                code_point, _, value = line.rstrip("\n").split("\t")
                numbers[chr(int(code_point.removeprefix("U+"), 16))] = int(value.partition(":")[2])
    return numbers


def gb2312() -> set[str]:
    """The 6,763 ideographs of GB 2312: rows 16 to 87."""
    return decoded("gb2312", itertools.product(range(0xB0, 0xF8), range(0xA1, 0xFF)))


def big5_level_1() -> set[str]:
    """The 5,401 ideographs of Big5's first level: A440 to C67E."""
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    return decoded("big5", (pair for pair in itertools.product(range(0xA4, 0xC7), trails) if pair <= (0xC6, 0x7E)))


def decoded(codec: str, pairs: Iterable[tuple[int, int]]) -> set[str]:
    return {bytes(pair).decode(codec, "ignore") for pair in pairs} - {""}


def character_counts(corpus: Path) -> tuple[Counter[str], Counter[str]]:
    """How often each ideograph occurs in the simplified and in the traditional files of the corpus; the file for measuring harm is left out."""
    simplified: Counter[str] = Counter()
    traditional: Counter[str] = Counter()
    for path in sorted(corpus.glob("*.xz")):
        if path.name.startswith("news-dev"):
            continue
        counts: Counter[str] = Counter()
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                counts.update(line.rpartition("\t")[2])
        target = traditional if path.name.startswith("trad") else simplified
        target.update({char: count for char, count in counts.items() if is_ideograph(char)})
    return simplified, traditional


def is_ideograph(char: str) -> bool:
    """Whether it is a Chinese character: CJK Unified Ideographs and their extensions up to plane 3, and 〇."""
    ranges = (("\u3400", "\u4dbf"), ("\u4e00", "\u9fff"), ("\U00020000", "\U000323af"))
    return char == "〇" or any(first <= char <= last for first, last in ranges)


# -------------------------------------------------------------------------------------------------------- what engines confuse

ENGINES = ("tesseract", "rapidocr", "rapidocr6")
# Classes of the OCR lab in which what was printed and what was read are of like shape; in the others (a character for a digit) an
# alignment over lost text is likelier than a misread.
MARK_CLASSES = {
    "punct->punct",
    "punct width",
    "quotes/brackets",
    "dash/dots",
    "dash/一",
    "digit/letter/sign",
    "punct->cjk",
}


@dataclass(frozen=True)
class Misread:
    """A character printed, the one an engine read, and how often on the training and on the development pages, by engine."""

    printed: str
    read: str
    kind: str
    train: tuple[int, ...]
    dev: tuple[int, ...]


def misreads(confusions: Path) -> list[Misread]:
    """The confusion table of the OCR lab."""
    with confusions.open(encoding="utf-8", newline="") as stream:
        return [
            Misread(
                row["printed"],
                row["ocr"],
                row["class"],
                tuple(int(row[f"{engine}:train"]) for engine in ENGINES),
                tuple(int(row[f"{engine}:dev"]) for engine in ENGINES),
            )
            for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def build_engine(confusions: Path) -> None:
    """Write `engine.tsv`: training pages only; what tesseract alone read once is left out."""
    rows = [
        [misread.printed, misread.read, *map(str, misread.train)]
        for misread in misreads(confusions)
        if is_misread_of_shape(misread) and (any(misread.train[1:]) or misread.train[0] > 1)
    ]
    write_table(
        "engine.tsv",
        [
            "What OCR engines made of Chinese print: printed, read, times by tesseract 5.3, PP-OCRv4, PP-OCRv6.",
            "Training pages of the OCR lab only; pairs that tesseract alone read once are left out.",
            "Counts of our own measurement; no text is kept.",
        ],
        "engine --confusions ../shared/ocrlab/confusions.tsv",
        sorted(rows),
    )


def is_misread_of_shape(misread: Misread) -> bool:
    """Whether the two are ideographs, or marks of like shape. The number sign is left out: it would make its row a comment."""
    if misread.printed == "#":
        return False
    if misread.kind == "cjk->cjk":
        return is_ideograph(misread.printed) and is_ideograph(misread.read)
    return misread.kind in MARK_CLASSES


def named_pairs() -> dict[str, set[str]]:
    """The pairs of `engine.tsv` and `hot.tsv`: by character read, what was printed."""
    pairs: dict[str, set[str]] = {}
    for printed, read, *_ in table("engine.tsv"):
        if is_ideograph(printed) and is_ideograph(read):
            pairs.setdefault(read, set()).add(printed)
    for read, printed, *_ in table("hot.tsv"):
        pairs.setdefault(read, set()).add(printed)
    return pairs


# ---------------------------------------------------------------------------------------------------------------- files, check


def table(name: str) -> list[list[str]]:
    """The rows of one of our dictionaries, without its comments; none where it has not been made yet."""
    path = DICTIONARIES / name
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")
    return [line.split("\t") for line in lines if line and not line.startswith("# ")]


def write_table(name: str, notes: list[str], command: str, rows: Iterable[list[str]]) -> None:
    header = [*notes, f"Date: {datetime.now(UTC):%Y-%m-%d}. Rebuild: python tools/build_confusions.py {command}"]
    lines = [f"# {note}" for note in header] + ["\t".join(row) for row in rows]
    (DICTIONARIES / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{name}: {len(lines) - len(header)} rows", file=sys.stderr)


# Pairs found in real scans of newspapers: printed, then read.
SEEN_IN_SCANS = "入人 浙渐 进讲 担扣 微徽 灯汀 戚威 鸽鸱 擘擎 秉乘 邀激 昊吴 地他 金鑫 越超 柯村 乐系 文艾 拔拨 经纶 罕军 讷纳 岑参 岱婚"
# Pairs that every reader of OCR text knows.
WELL_KNOWN = "已己 末未 曰日 士土 千干 人八"


def build_hot_notes() -> None:
    """Write the notes of `hot.tsv` anew: seen in real scans, times in `engine.tsv`, similarity in `lookalikes.tsv`."""
    times = {(read, printed): sum(map(int, counts)) for printed, read, *counts in table("engine.tsv")}
    similarity = glyph_grades()

    def note(read: str, printed: str) -> str:
        scans = ["real scans"] if printed + read in SEEN_IN_SCANS.split() else []
        engines = [f"engines {times[read, printed]}"] if (read, printed) in times else []
        return ", ".join([*scans, *engines, f"shape {similarity[read, printed]:02d}"])

    path = DICTIONARIES / "hot.tsv"
    header = [line for line in path.read_text(encoding="utf-8").split("\n") if line.startswith("#")]
    rows = sorted({(read, printed) for read, printed, *_ in table("hot.tsv")})
    lines = header + ["\t".join((read, printed, note(read, printed))) for read, printed in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"hot.tsv: {len(rows)} rows", file=sys.stderr)


def glyph_grades() -> dict[tuple[str, str], int]:
    """The grades of `lookalikes.tsv`, 0 to 99, by character read and character printed."""
    return {
        (read, printed): int(grades[2 * number : 2 * number + 2])
        for read, neighbours, grades in table("lookalikes.tsv")
        for number, printed in enumerate(neighbours)
    }


def check(confusions: Path) -> None:
    """Print at which rank the glyph table holds pairs seen in real scans, and pairs of the development pages."""
    rows = {char: neighbours for char, neighbours, _ in table("lookalikes.tsv")}

    def rank(printed: str, read: str) -> int | None:
        place = rows.get(read, "").find(printed)
        return place + 1 if place >= 0 else None

    print("rank in the row, which holds the pairs of hot.tsv and engine.tsv even where they are not among the nearest:")
    for name, known in (("seen in scans", SEEN_IN_SCANS), ("well known", WELL_KNOWN)):
        ranks = {pair: rank(*pair) for pair in known.split()}
        print(" ".join(f"{'→'.join(pair)}:{place or '-'}" for pair, place in ranks.items()))
        print(f"{name}: {sum(map(bool, ranks.values()))} of {len(ranks)}")
    for name, engines in (("PP-OCR", slice(1, None)), ("tesseract", slice(0, 1))):
        pairs = [
            (misread.printed, misread.read)
            for misread in misreads(confusions)
            if misread.kind == "cjk->cjk" and any(misread.dev[engines])
        ]
        held = sum(rank(*pair) is not None for pair in pairs)
        print(f"held of those read by {name} on development pages: {held} of {len(pairs)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    lookalikes = commands.add_parser("lookalikes", help="measure the glyphs; write the two glyph tables")
    lookalikes.add_argument("--corpus", type=Path, required=True, help="folder of *.xz: tab-separated, the text last")
    lookalikes.add_argument("--unihan", type=Path, default=UNIHAN, help="Unihan_OtherMappings.txt.bz2")
    engine = commands.add_parser("engine", help="write engine.tsv")
    engine.add_argument("--confusions", type=Path, required=True, help="the OCR lab's confusions.tsv")
    commands.add_parser("hot", help="write the notes of hot.tsv")
    tables = commands.add_parser("check", help="say what the glyph table holds")
    tables.add_argument("--confusions", type=Path, required=True, help="the OCR lab's confusions.tsv")
    arguments = parser.parse_args()
    if arguments.command == "lookalikes":
        build_lookalikes(arguments.corpus, arguments.unihan)
    elif arguments.command == "engine":
        build_engine(arguments.confusions)
    elif arguments.command == "hot":
        build_hot_notes()
    else:
        check(arguments.confusions)


if __name__ == "__main__":
    main()
