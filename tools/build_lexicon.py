"""Builds the generated domain lexicons and the weights of all of them, in `dictionaries/lexicon/*.tsv`.

    pip install --no-deps jionlp==1.5.31 cpca==0.5.5
    python tools/build_lexicon.py --corpus ../shared/corpus --thuocl ../shared/lexicons

`places.tsv` is made from the administrative divisions that two packages carry, `idioms.tsv` from THUOCL; the other
files are kept by hand, and only their weights and their order are written here. A weight is the frequency class of
the term in the corpus, on the scale of `words.txt` (1 rare to 9 common); surnames keep the weight that stands in
their file, which follows the number of people. Run it before `build_words.py`, which takes the terms in. Takes about
two minutes on one core.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import build_words
import numpy as np

from cleaner.knowledge import words as word_list

ROOT: Final = Path(__file__).resolve().parents[1]
LEXICON: Final = ROOT / "dictionaries" / "lexicon"
REBUILD: Final = "python tools/build_lexicon.py --corpus ../shared/corpus --thuocl ../shared/lexicons"

# Divisions of the packages that are no place names: administrative fictions and names so general that they would
# match anything.
NO_PLACE: Final = re.compile(r"name|.*直辖.*|市辖区|县|郊区|矿区|城区|[东南西北中]区|.*海域|.*都市计划.*")
# Development zones are listed beside the divisions, and are renamed every few years: those that matter stand in
# geography.tsv.
ZONE: Final = re.compile(
    r".*(开发区|示范区|管理区|园区|产业园|工业区|实验区|聚集区|保税区|食品区|名胜区|委员会|管委会|新区|新城)"
)
TAIWAN: Final = """
    台湾省 台北市 新北市 桃园市 台中市 台南市 高雄市 基隆市 新竹市 嘉义市
    新竹县 苗栗县 彰化县 南投县 云林县 嘉义县 屏东县 宜兰县 花莲县 台东县 澎湖县
"""
# What changed after the packages' last update, and their slips (凤翔市 for 凤翔区), from the announcements of the Ministry
# of Civil Affairs.
ADDED: Final = ("米林市", "错那市", "白杨市", "和安县", "和康县", "凤翔区", "浦东新区", "滨海新区", "浦口街道")
WRONG: Final = frozenset({"凤翔市", "嵊州市经济开发区浦口街道"})
SHORTENED: Final = re.compile(r"(.{2,})(?:省|市|县|区|盟|地区)")

IDIOM_DOCUMENTS: Final = 100  # THUOCL document frequency from which an idiom is taken even where the corpus lacks it
KEPT_WEIGHTS: Final = frozenset({"surnames"})


@dataclass(frozen=True)
class Row:
    """A line of a lexicon file: its columns as they stand there."""

    term: str
    weight: str = ""
    forms: str = ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="folder with the corpus files")
    parser.add_argument("--thuocl", type=Path, required=True, help="folder with the THUOCL lists")
    arguments = parser.parse_args()
    tables = {path.stem: read(path) for path in sorted(LEXICON.glob("*.tsv"))}
    by_hand = {
        row.term for category, (_, rows) in tables.items() if category not in {"places", "idioms"} for row in rows
    }
    places = {place for place in all_places() if place not in by_hand}
    idioms = {
        idiom: documents for idiom, documents in read_idioms(arguments.thuocl).items() if idiom not in by_hand | places
    }
    frequency = counted(by_hand | places | idioms.keys(), arguments.corpus)
    tables["places"] = (PLACES_HEADER, [Row(place) for place in places])
    kept = [idiom for idiom, documents in idioms.items() if documents >= IDIOM_DOCUMENTS or frequency(idiom) > 0]
    tables["idioms"] = (IDIOMS_HEADER, [Row(idiom) for idiom in kept])
    refuse_duplicates({category: rows for category, (_, rows) in tables.items()})
    for category, (header, rows) in tables.items():
        weighted = (
            rows
            if category in KEPT_WEIGHTS
            else [Row(row.term, weight_of(frequency(row.term)), row.forms) for row in rows]
        )
        write(LEXICON / f"{category}.tsv", header, weighted)
        print(f"{category}: {len(rows)} terms, {sum(frequency(row.term) > 0 for row in rows)} of them in the corpus")


def weight_of(per_million: float) -> str:
    return str(build_words.class_of(per_million))


def read(path: Path) -> tuple[str, list[Row]]:
    """The header (comment lines) and the rows of a lexicon file."""
    header, rows = [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            header.append(line + "\n")
        elif line:
            rows.append(Row(*line.split("\t")))
    return "".join(header), rows


def write(path: Path, header: str, rows: Iterable[Row]) -> None:
    lines = (
        "\t".join((row.term, row.weight, row.forms)).rstrip("\t") + "\n"
        for row in sorted(rows, key=lambda row: row.term)
    )
    path.write_text(header + "".join(lines), encoding="utf-8", newline="\n")


def refuse_duplicates(tables: dict[str, list[Row]]) -> None:
    category_of: dict[str, str] = {}
    for category, rows in tables.items():
        for row in rows:
            if row.term in category_of:
                raise SystemExit(
                    f"{row.term} stands in {category_of[row.term]}.tsv and in {category}.tsv: keep one of them"
                )
            category_of[row.term] = category


def counted(terms: Iterable[str], corpus: Path) -> Callable[[str], float]:
    """A function that tells how often a term occurs in a million weighted characters of the corpus, inside longer
    terms too."""
    terms = set(terms)
    short = {term for term in terms if word_list.SHORTEST <= len(term) <= word_list.LONGEST}
    table = word_list.parse("".join(f"{term}\t1\n" for term in sorted(short)).encode())
    times: defaultdict[str, float] = defaultdict(float)
    characters = 0.0
    for name, weight in build_words.CORPUS_WEIGHTS.items():
        text = "\n".join(build_words.paragraphs(corpus / name))
        characters += weight * sum(map(len, build_words.HAN_RUN.findall(text)))
        longest = table.longest_at(text)
        found: Counter[str] = Counter()
        for start in np.flatnonzero(longest).tolist():
            found[text[start : start + int(longest[start])]] += 1
        for match, number in found.items():
            for length in range(word_list.SHORTEST, len(match) + 1):
                if match[:length] in short:
                    times[match[:length]] += weight * number
        for term in terms - short:
            times[term] += weight * text.count(term)
    return lambda term: times.get(term, 0.0) / characters * 1e6


def all_places() -> set[str]:
    """Provinces, prefectures and counties of China with their short names, former counties, and the towns of
    Zhejiang."""
    places = set(TAIWAN.split()) | set(ADDED)
    for province, level, name in divisions():
        if province == "台湾省" or NO_PLACE.fullmatch(name) or ZONE.fullmatch(name) or name in WRONG:
            continue
        if level == "town" and not (province == "浙江省" and name.endswith(("镇", "乡", "街道"))):
            continue
        places.add(name)
        if (short := SHORTENED.fullmatch(name)) and (
            level in {"province", "prefecture"} or (province == "浙江省" and level == "county")
        ):
            places.add(short[1])
    places |= {name for name in former_counties() if not NO_PLACE.fullmatch(name) and not ZONE.fullmatch(name)}
    return places


def divisions() -> Iterator[tuple[str, str, str]]:
    """Province, level and name of each division in jionlp: an indented tree of province, prefecture, county, town,
    village."""
    levels = ("province", "prefecture", "county", "town")
    province = ""
    with zipfile.ZipFile(package("jionlp") / "dictionary" / "china_location.zip") as archive:
        lines = archive.read("china_location.txt").decode("utf-8").splitlines()
    for line in lines:
        depth = len(line) - len(line.lstrip("\t"))
        columns = line.strip().split("\t")
        if depth == 0:
            province = columns[0]
        if depth < len(levels):
            yield province, levels[depth], columns[0]
        if depth < 2 and len(columns) > 2:  # the short name of an autonomous region or prefecture: 内蒙古, 凉山
            yield from ((province, levels[depth], short) for short in columns[2].split("/") if len(short) > 1)


def former_counties() -> set[str]:
    """The divisions of 2020, as cpca has them: those since renamed or merged still stand in print (江干区, 鄞县)."""
    with (package("cpca") / "resources" / "adcodes.csv").open(encoding="utf-8", newline="") as stream:
        return {row[1] for row in csv.reader(stream)}


def package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is not installed: pip install --no-deps {name}")
    return Path(spec.origin).parent


def read_idioms(thuocl: Path) -> dict[str, int]:
    """The four-character idioms of THUOCL with their document frequencies. THUOCL also holds film titles and chance
    strings; an idiom is what jionlp's list of idioms has too."""
    with zipfile.ZipFile(package("jionlp") / "dictionary" / "chinese_idiom.zip") as archive:
        attested = {
            line.split("\t")[0].strip() for line in archive.read("chinese_idiom.txt").decode("utf-8").splitlines()
        }
    idioms = {}
    for line in (thuocl / "THUOCL_chengyu.txt").read_text(encoding="utf-8-sig").splitlines():
        columns = line.split()
        if len(columns) == 2 and len(columns[0]) == 4 and columns[0] in attested - build_words.MISSPELT:
            idioms[columns[0]] = int(columns[1])
    return idioms


PLACES_HEADER: Final = f"""\
# Administrative divisions of China down to the county, with the short names of provinces, prefectures and the counties
# of Zhejiang; counties abolished since 2020; towns and subdistricts of Zhejiang. Term, weight.
# Source: jionlp 1.5.31 (Apache-2.0, dongrixinyu), cpca 0.5.5 (MIT, DQinYuan); later changes by hand.
# Licence: Apache-2.0. Date: {date.today().isoformat()}.
# Rebuild: {REBUILD}
"""
IDIOMS_HEADER: Final = f"""\
# Idioms of four characters. Term, weight.
# Source: THUOCL_chengyu (MIT, THUNLP), those that jionlp 1.5.31 (Apache-2.0) lists as idioms too.
# Licence: MIT. Date: {date.today().isoformat()}.
# Rebuild: {REBUILD}
"""


if __name__ == "__main__":
    main()
