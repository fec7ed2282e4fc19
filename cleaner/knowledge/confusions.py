"""Which characters are mistaken for which: by their shape, by what OCR engines were seen to confuse, and across scripts.

The tables are in `dictionaries/confusions/`; its README says where each comes from. Lines are kept as they are and parsed at the first
look-up of a character, so that loading takes about ten milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from cleaner.knowledge import resources

# How much an engine's misread weighs as evidence: seen once by PP-OCR, 1; by tesseract, which misreads three times as often, half.
_TESSERACT_WEIGHT = 0.5
# What a hot pair weighs: as much as a pair that PP-OCR misread twice.
_HOT_EVIDENCE = 2.0

# The kinds of `scripts.tsv` whose characters belong to Chinese print, so that only context can tell whether they are misread.
_NATIVE_KINDS = frozenset({"context"})

KEPT = 1024
"""Characters whose parsed lines are kept, at most (1 MB): long-running processes meet ever more characters."""


@dataclass(frozen=True, eq=False, repr=False)
class Confusions:
    """What may have been printed where a character was read. Get it from `load()`.

    Grades run from 0 (nothing known) to 1. A pair's grade is the similarity of its glyphs g (mean over four or five fonts, see
    `tools/build_confusions.py`), raised by evidence n to 1 - (1 - g) / (1 + n / 2): n counts the times that PP-OCR misread the pair, half
    the times that tesseract did, and 2 for a hot pair. So what was seen twice has half the distance to 1.
    """

    hot_characters: frozenset[str]
    """The characters that, read, always deserve a look at what else may have been printed."""
    splits: Mapping[str, str]
    """Characters that fell in two: what was read (two or three characters) to the character printed."""
    _hot: Mapping[str, frozenset[str]]
    _engine: Mapping[str, Mapping[str, float]]
    _scripts: Mapping[str, tuple[str, str]]
    _parsed: dict[tuple[str, bool], dict[str, float]] = field(default_factory=dict)

    def lookalikes(self, char: str, *, traditional: bool = False) -> list[tuple[str, float]]:
        """What may have been printed where `char` was read, with grades, in falling order; empty where nothing is known.

        Simplified print is assumed, or traditional print with `traditional`. Ideographs have ideographs, and marks that engines read
        them for (一 for —); marks have what engines made them of.
        """
        return list(self._candidates(char, traditional).items())

    def grade(self, read: str, printed: str, *, traditional: bool = False) -> float:
        """How easily `printed` is mistaken for `read`, 0 to 1; 0 where unknown.

        Unlike `lookalikes` it also looks from `printed`: shapes are alike both ways, but a character may be among the 24 nearest of more
        than 24 others.
        """
        found = self._candidates(read, traditional).get(printed)
        if found is None:
            found = _glyphs(traditional, printed).get(read, 0.0)
        return found

    def is_hot(self, read: str, printed: str) -> bool:
        """Whether `printed` is so often read as `read`, both common characters, that the context must be asked even where nothing looks odd."""
        return printed in self._hot.get(read, ())

    def from_other_script(self, char: str) -> str | None:
        """The character of Chinese print that a stray character of another script stands for (エ: 工, ㄦ: 儿, Т: T), else None.

        None as well for letters, digits and signs that belong to Chinese print; `across_scripts` has those.
        """
        stands_for, kind = self._scripts.get(char, ("", ""))
        return stands_for[0] if stands_for and kind not in _NATIVE_KINDS else None

    def across_scripts(self, char: str) -> str:
        """Every character of like shape in another script that may have been printed where `char` was read, likeliest first (O: 0〇○)."""
        return self._scripts.get(char, ("", ""))[0]

    def _candidates(self, char: str, traditional: bool) -> dict[str, float]:
        key = (char, traditional)
        found = self._parsed.get(key)
        if found is None:
            if len(self._parsed) >= KEPT:
                self._parsed.clear()
            found = self._parsed[key] = dict(self._graded(char, traditional))
        return found

    def _graded(self, char: str, traditional: bool) -> list[tuple[str, float]]:
        """Glyph similarity raised by evidence. What engines made of simplified print adds no ideograph to the traditional lists."""
        glyphs = _glyphs(traditional, char)
        hot = self._hot.get(char, frozenset())
        evidence = dict.fromkeys(hot, _HOT_EVIDENCE)
        for other, times in self._engine.get(char, {}).items():
            evidence[other] = evidence.get(other, 0.0) + times
        printed = dict.fromkeys([*glyphs, *(other for other in evidence if not traditional or _is_mark(other))])
        grades = [(other, _raised(glyphs.get(other, 0.0), evidence.get(other, 0.0))) for other in printed]
        return sorted(grades, key=lambda pair: (-pair[1], pair[0]))


@cache
def load() -> Confusions:
    """The confusion tables, read once. Raises FileNotFoundError where the dictionaries are missing."""
    hot: dict[str, set[str]] = {}
    for read, printed, _ in resources.rows("confusions/hot.tsv"):
        hot.setdefault(read, set()).add(printed)
    engine: dict[str, dict[str, float]] = {}
    for printed, read, tesseract, ppocr4, ppocr6 in resources.rows("confusions/engine.tsv"):
        engine.setdefault(read, {})[printed] = _TESSERACT_WEIGHT * int(tesseract) + int(ppocr4) + int(ppocr6)
    return Confusions(
        hot_characters=frozenset(hot),
        splits=dict(resources.rows("confusions/splits.tsv")),
        _hot={read: frozenset(printed) for read, printed in hot.items()},
        _engine=engine,
        _scripts={wrong: (right, kind) for wrong, right, kind, _ in resources.rows("confusions/scripts.tsv")},
    )


def _raised(similarity: float, evidence: float) -> float:
    return 1 - (1 - similarity) / (1 + evidence / 2)


def _glyphs(traditional: bool, char: str) -> dict[str, float]:
    """The glyph table's row of a character: look-alikes and similarity, in falling order."""
    _, _, row = _glyph_lines(traditional).get(char, "").partition("\t")
    neighbours, _, grades = row.partition("\t")
    return {other: int(grades[2 * number : 2 * number + 2]) / 100 for number, other in enumerate(neighbours)}


@cache
def _glyph_lines(traditional: bool) -> dict[str, str]:
    """The lines of a glyph table by the character read; split at look-up, which halves the time that 10,000 lines take to load."""
    name = "confusions/lookalikes-traditional.tsv" if traditional else "confusions/lookalikes.tsv"
    with resources.open_binary(name) as stream:
        lines = stream.read().decode("utf-8").split("\n")
    return {line[0]: line for line in lines if line and not line.startswith("#")}


def _is_mark(char: str) -> bool:
    return (char < "\u3400" and char != "〇") or "\uff00" <= char <= "\uffef"
