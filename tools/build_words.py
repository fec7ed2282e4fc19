"""Builds `dictionaries/lexicon/words.txt`, the word list with frequency classes.

    python tools/build_words.py --corpus ../shared/corpus --thuocl ../shared/lexicons

Words come from jieba's dictionary (MIT; `pip install jieba`), from THUOCL (MIT) and from the lexicons beside the
list. The lists say which words there are; how frequent a word is, is counted anew: the corpus is cut into words with
jieba's unigram model over all of them, and the files are weighted towards news and official prose. Words that the
corpus does not show have to be vouched for by the lists (`_is_kept`). Takes about six minutes on one core, and 1.5 GB
of memory.
"""

from __future__ import annotations

import argparse
import lzma
import math
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import jieba
import numpy as np
from numpy.typing import NDArray
from opencc import OpenCC

from cleaner.knowledge import words as word_list

DICTIONARIES: Final = Path(__file__).resolve().parents[1] / "dictionaries"
WORD: Final = re.compile(r"[\u4e00-\u9fff〇]{2,8}")
HAN_RUN: Final = re.compile(r"[\u4e00-\u9fff〇]+")
NUMERAL: Final = re.compile(r"[第数几多余个来零〇一二三四五六七八九十百千万亿两]+")

# How much an occurrence counts. What is near to newspapers and official prose counts more, the formulaic and the
# far-off less.
CORPUS_WEIGHTS: Final[Mapping[str, float]] = {
    "news-train.tsv.xz": 4,
    "official.tsv.xz": 8,
    "wide-train.txt.xz": 2,
    "commentary.tsv.xz": 2,
    "wiki.tsv.xz": 2,
    "essay.tsv.xz": 1,
    "health.tsv.xz": 1,
    "textbook.tsv.xz": 1,
    "law.tsv.xz": 0.5,
    "literature.tsv.xz": 0.5,
    "tech.tsv.xz": 0.5,
    "history.tsv.xz": 0.3,
}

# Classes 2 to 9 begin at these frequencies, in a million Han characters: two classes for each factor of ten.
CLASS_BOUNDS: Final = (0.1, 0.316, 1.0, 3.16, 10.0, 31.6, 100.0, 316.0)

THUOCL_RARE: Final = (
    50  # documents; below it a THUOCL word takes no part in the cutting: misspellings and chance strings begin there
)
# Document frequency from which a THUOCL word that the corpus does not show is kept, by file. Place names and menus
# are full of strings that look like other words (新门, 望山, 东青): those have to occur. Only three and more characters are
# let in this way.
THUOCL_TRUSTED: Final[Mapping[str, int]] = {
    "THUOCL_chengyu": 50,
    "THUOCL_medical": 100,
    "THUOCL_law": 500,
    "THUOCL_caijing": 500,
    "THUOCL_IT": 2000,
    "THUOCL_diming": 500,
    "THUOCL_lishimingren": 200,
    "THUOCL_food": 1000,
    "THUOCL_car": 1000,
}
UNSEEN_BY_JIEBA: Final = (
    3  # the frequency, or less, that jieba gives to what it took over from other lists without seeing it
)
# For a two-character entry up to a frequency (left), how much more often than by chance its characters have to stand
# together in the corpus (right, natural logarithm): this keeps 拴住 and drops 此笔, 因雨, 车族.
COHESION: Final = ((UNSEEN_BY_JIEBA, 1.0), (8, 0.5), (20, -0.5), (100, -2.0))
# Misspellings that several of the lists hold. Others of four and more characters are found by `_shadowed`.
MISSPELT: Final = frozenset(
    {"自已", "时侯", "诸候", "再接再励", "再接再历", "发场光大", "不知所错", "何足轻重", "未足轻重"}
)
COMMON: Final = 4  # a frequency class
PERSONAL_NAME_TAGS: Final = frozenset({"nr", "nrt", "nrfg"})


@dataclass
class Sources:
    """The words of each source with what the source says of them."""

    jieba: dict[str, int] = field(default_factory=dict)  # frequency
    tags: dict[str, str] = field(default_factory=dict)  # jieba's part of speech
    thuocl: dict[str, int] = field(default_factory=dict)  # document frequency
    trusted: set[str] = field(default_factory=set)  # THUOCL words frequent enough to be kept unseen
    lexicon: set[str] = field(default_factory=set)  # terms of our own lexicons


@dataclass
class Counts:
    """Weighted counts over the corpus. `characters` is the weighted number of Han characters."""

    characters: float = 0.0
    words: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    seen: Counter[str] = field(default_factory=Counter)  # unweighted
    singles: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1 << 16, dtype=np.int64))
    pairs: dict[int, int] = field(default_factory=dict)

    def per_million(self, word: str) -> float:
        """How often the word occurs in a million weighted Han characters."""
        return self.words.get(word, 0.0) / self.characters * 1e6

    def cohesion(self, word: str) -> float:
        """Natural logarithm of how much more often than by chance the two characters of a word stand together."""
        first, second = map(ord, word)
        together = self.pairs.get(first << 16 | second, 0)
        if not together:
            return -math.inf
        return math.log(together * int(self.singles.sum()) / (int(self.singles[first]) * int(self.singles[second])))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="folder with the corpus files")
    parser.add_argument("--thuocl", type=Path, required=True, help="folder with the THUOCL lists")
    parser.add_argument("--out", type=Path, default=DICTIONARIES / "lexicon" / "words.txt")
    arguments = parser.parse_args()
    sources = read_sources(arguments.thuocl)
    counts = count(arguments.corpus, sources)
    classes = select(sources, counts)
    arguments.out.write_text(
        header() + "".join(f"{word}\t{classes[word]}\n" for word in sorted(classes)), encoding="utf-8", newline="\n"
    )
    print(f"{len(classes)} words; by class {dict(sorted(Counter(classes.values()).items()))}")


def class_of(per_million: float) -> int:
    """The frequency class, 1 to 9, of a word that occurs so often in a million Han characters."""
    return 1 + sum(per_million >= bound for bound in CLASS_BOUNDS)


def read_sources(thuocl: Path) -> Sources:
    sources = Sources()
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, tag = line.split(" ")
        sources.jieba[word] = int(frequency)
        sources.tags[word] = tag
    for path in sorted(thuocl.glob("THUOCL_*.txt")):
        # One of the files ends its lines with CR alone, several have spaces around the tab.
        for entry in re.split(r"[\r\n]+", path.read_text(encoding="utf-8-sig")):
            columns = entry.split()
            if len(columns) == 2 and columns[1].isdigit() and WORD.fullmatch(columns[0]):
                word, documents = columns[0], int(columns[1])
                sources.thuocl[word] = max(documents, sources.thuocl.get(word, 0))
                if documents >= THUOCL_TRUSTED[path.stem] and len(word) > 2:
                    sources.trusted.add(word)
    for path in sorted((DICTIONARIES / "lexicon").glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            term = line.split("\t")[0]
            if WORD.fullmatch(term):
                sources.lexicon.add(term)
    return sources


def count(corpus: Path, sources: Sources) -> Counts:
    counts = Counts()
    cutter = _cutter(sources)
    long_terms = word_list.parse("".join(f"{term}\t1\n" for term in sorted(_long_terms(sources))).encode())
    for name, weight in CORPUS_WEIGHTS.items():
        text = "\n".join(paragraphs(corpus / name))
        for run in HAN_RUN.findall(text):
            counts.characters += weight * len(run)
            for word in cutter.cut(run, HMM=False):
                counts.words[word] += weight
                counts.seen[word] += 1
        for term in _occurrences(text, long_terms):
            counts.words[term] += weight
            counts.seen[term] += 1
        _count_characters(text, counts)
        print(f"{name}: {counts.characters / 1e6:.0f} M weighted characters so far", flush=True)
    return counts


def paragraphs(path: Path) -> Iterator[str]:
    """The paragraphs of a corpus file: the last column of each row."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n").rsplit("\t", 1)[-1]


def _cutter(sources: Sources) -> jieba.Tokenizer:
    """jieba's unigram model over all sources. A word that jieba lacks gets the frequency its document frequency is
    worth: the median of the ratio over the words that both have."""
    ratios = [
        sources.jieba[word] / documents
        for word, documents in sources.thuocl.items()
        if word in sources.jieba and documents >= 1000
    ]
    worth = float(np.median(ratios))
    frequencies = dict(sources.jieba)
    for word, documents in sources.thuocl.items():
        if documents >= THUOCL_RARE:
            frequencies.setdefault(word, max(3, round(documents * worth)))
    # Terms of five and more characters are phrases made of words: they are counted beside the words, not instead of
    # them.
    terms = sources.lexicon - _long_terms(sources)
    with tempfile.TemporaryDirectory() as folder:
        merged = Path(folder, "merged.txt")
        merged.write_text("".join(f"{word} {number}\n" for word, number in frequencies.items()), encoding="utf-8")
        cutter = jieba.Tokenizer(str(merged))
        cutter.tmp_dir = folder
        cutter.initialize()
    for term in sorted(terms):
        cutter.suggest_freq(term, tune=True)  # just frequent enough not to be cut
    return cutter


def _long_terms(sources: Sources) -> set[str]:
    return {term for term in sources.lexicon if len(term) >= 5 and term not in sources.jieba}


def _occurrences(text: str, terms: word_list.Words) -> Iterator[str]:
    """Each occurrence of each term, those inside other terms with them."""
    lengths = terms.longest_at(text)
    for start in np.flatnonzero(lengths).tolist():
        for length in range(word_list.SHORTEST, int(lengths[start]) + 1):
            if (candidate := text[start : start + length]) in terms:
                yield candidate


def _count_characters(text: str, counts: Counts) -> None:
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    han = (codes >= 0x4E00) & (codes <= 0x9FFF)
    counts.singles += np.bincount(codes[han], minlength=1 << 16)
    beside = han[:-1] & han[1:]
    pairs, times = np.unique(codes[:-1][beside] << 16 | codes[1:][beside], return_counts=True)
    for pair, number in zip(pairs.tolist(), times.tolist(), strict=True):
        counts.pairs[pair] = counts.pairs.get(pair, 0) + number


def select(sources: Sources, counts: Counts) -> dict[str, int]:
    """The words of the list with their classes: what is well enough attested, in simplified script."""
    listed = {word for word in (*sources.jieba, *sources.thuocl) if WORD.fullmatch(word)}
    kept = {word for word in listed if word not in MISSPELT and _is_kept(word, sources, counts)}
    classes = {word: class_of(counts.per_million(word)) for word in {*_simplified(kept), *sources.lexicon}}
    shadowed = _shadowed(classes, sources)
    return {word: rank for word, rank in classes.items() if word not in shadowed}


def _is_kept(word: str, sources: Sources, counts: Counts) -> bool:
    if len(word) > 2 and NUMERAL.fullmatch(word):
        return False
    frequency = sources.jieba.get(word, 0)
    seen = counts.seen[word]
    named = sources.tags.get(word) in PERSONAL_NAME_TAGS
    if seen == 0:
        return not named and (word in sources.trusted or _is_vouched_for(word, frequency, sources))
    if len(word) == 2:
        needed = next((least for bound, least in COHESION if frequency <= bound), -math.inf)
        return seen >= (3 if named else 2) and counts.cohesion(word) >= needed
    if frequency > UNSEEN_BY_JIEBA and word in sources.thuocl:
        return True
    return seen >= (3 if named or frequency <= UNSEEN_BY_JIEBA else 2)


def _is_vouched_for(word: str, frequency: int, sources: Sources) -> bool:
    """Whether the lists alone make it a word. Three-character entries that the corpus never shows are mostly the
    names of novels."""
    tag = sources.tags.get(word, "")
    if len(word) == 2:
        return frequency >= 30 and not tag.startswith(("nr", "ns", "nz"))
    if len(word) == 3:
        return frequency >= 20 and tag in {"n", "v", "vn", "a", "i", "l"} and word in sources.thuocl
    return tag in {"i", "l"} or (frequency >= 5 and word in sources.thuocl)


def _shadowed(classes: Mapping[str, int], sources: Sources) -> set[str]:
    """Four-character entries seen hardly anywhere that are a common word but for one character. Many are misspellings
    (记忆忧新, 自立更生, 流连忘反), and a misspelling in the list would hide the misread; the others (信托贷款) are made of words that
    the list holds anyway."""
    groups: dict[str, list[str]] = {}
    for word in classes:
        if len(word) == 4:
            for place in range(4):
                groups.setdefault(f"{word[:place]}?{word[place + 1 :]}", []).append(word)
    shadowed = set()
    for group in groups.values():
        if max(classes[word] for word in group) >= COMMON:
            shadowed |= {word for word in group if classes[word] == 1 and sources.jieba.get(word, 0) <= UNSEEN_BY_JIEBA}
    return shadowed - sources.thuocl.keys() - sources.lexicon


def _simplified(words: Iterable[str]) -> Iterator[str]:
    convert = OpenCC("t2s").convert
    return (word for word in words if convert(word) == word)


def header() -> str:
    bounds = " ".join(f"{bound:g}" for bound in CLASS_BOUNDS)
    return (
        "# Words of 2 to 8 Han characters, simplified script: word, tab, frequency class; sorted by code point.\n"
        f"# Class 1 is the rarest; classes 2 to 9 begin at {bounds} occurrences in a million Han characters.\n"
        "# Source: jieba 0.42.1 dict.txt (MIT, Sun Junyi), THUOCL (MIT, THUNLP), the lexicons of this folder; counted in\n"
        "# the corpora that tools/build_words.py names, news and official prose weighted highest.\n"
        f"# Licence: MIT; the lexicons Apache-2.0. Date: {date.today().isoformat()}.\n"
        "# Rebuild: python tools/build_words.py --corpus ../shared/corpus --thuocl ../shared/lexicons\n"
    )


if __name__ == "__main__":
    main()
