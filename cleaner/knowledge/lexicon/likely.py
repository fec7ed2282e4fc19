"""Which of the sequences that a corpus repeats are likely to be names and terms, and of what kind.

Much of what recurs, holds together and is free at the edges is a piece of a sentence (进一步提升, 他表示). A candidate is
left out where it begins or ends with a word that no term begins or ends with (`rules/term-edges.tsv`), or is known: in
the word list or the lexicon. The others are taken apart into known words, and sorted by what that leaves:

- what is a surname with one or two characters is a person's name, likely;
- what is written with the characters of transliterations is a foreign name;
- what ends as names and terms of the shipped lexicon end (…委员会, …高速公路, …电池) is one of that category, or a term;
- what leaves characters over that are in no word is a new word;
- the rest are phrases: words that often stand together. They come last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from math import floor, isinf, log2, log10
from typing import Final, NamedTuple

from cleaner.knowledge import lexicon, resources, script, words
from cleaner.knowledge.lexicon.file import COMMENT, HEADER, line_of
from cleaner.knowledge.lexicon.harvest import Candidate

LEAST_COHESION: Final = 5.0
"""Bits. 的|发展 has 1 to 2, two words that often meet 3 to 5, the words of a term 6 to 10, the characters of a name more."""
LEAST_FREEDOM: Final = 1.5
"""Bits: as if three neighbours stood there equally often."""

TERM, NEW, PHRASE = "term", "word", "phrase"
PERSON, FOREIGN, LATIN = "person", "foreign", "latin"

_NAMING: Final = frozenset(
    ("companies", "geography", "institutions", "media", "places", "technology", "titles", "universities")
)  # the shipped lexicons whose terms show how terms end
_INSIDE_CLAUSES: Final = frozenset("在的了是将把被对向从称给让使")  # 俄军在库皮扬斯克 ends as a name does, and is none
_WORTH: Final = {PHRASE: 0.35, NEW: 0.6, LATIN: 0.7}  # of other kinds 1
_ENOUGH_FREEDOM, _ENOUGH_COHESION = 6.0, 8.0  # bits beyond which more says nothing
_LONGEST_PIECE: Final = 10
_COMMON: Final = 6  # the class of frequency of words that no given name is taken for
_KNOWN_WELL: Final = 4  # the class from which a word is preferred to rarer ones
_BEARERS: Final = 3.0  # the weight of surnames that may stand alone for a name's first character
_HEAD: Final = 3  # terms that end alike, from which on others are taken for terms by that end
_HEAD_OF_ONE: Final = 25  # the same where it is one character that is alike
_CLEAR: Final = 0.6  # share of them in one category from which the candidate gets it


class Likely(NamedTuple):
    """A candidate with its kind, the likeliest having the highest score."""

    candidate: Candidate
    category: str
    score: float


def likely_terms(candidates: Iterable[Candidate]) -> list[Likely]:
    """The candidates that may be terms, the likeliest first."""
    known = _Known()
    found = []
    for candidate in sorted(candidates, key=lambda c: (len(c.text), -c.count, c.text)):
        category = _category(candidate.text, known)
        if category is not None:
            if category in (PERSON, FOREIGN, LATIN, NEW):
                known.new.add(candidate.text)  # so that 王沪宁表示 is not taken for a new word after 王沪宁
            found.append(Likely(candidate, category, _score(candidate, category)))
    return sorted(found, key=lambda likely: (-likely.score, likely.candidate.text))


def lines(found: Iterable[Likely], characters: int, documents: int) -> Iterator[str]:
    """Candidates as the lines of a lexicon file, with the evidence as comments; found in so many characters (code
    points) of so many documents."""
    yield f"# Candidates of a corpus, the likeliest first: delete what is no term. Characters: {characters:,}; documents: {documents:,}."
    yield "# Behind #: how often it stands there; cohesion and freedom in bits; one of its places. weight: how common it is."
    yield HEADER
    for candidate, category, _ in found:
        before, after = (_visible(side) for side in candidate.context)
        bits = "" if isinf(candidate.cohesion) else f"{candidate.cohesion:.1f}"
        evidence = f"{candidate.count}\t{bits}\t{candidate.freedom:.1f}\t{before}[{candidate.text}]{after}"
        weight = _weight(1e6 * candidate.count / max(1, characters))
        yield f"{line_of(candidate.text, category, weight, (), False)}\t\t{COMMENT} {evidence}"


def _weight(in_a_million: float) -> int:
    """The class of frequency on the scale of `words.txt`: 2 begins at 0.1 in a million, each further class at √10 times as
    many."""
    return max(1, min(9, 4 + floor(2 * log10(in_a_million))))


def _visible(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


def _score(candidate: Candidate, category: str) -> float:
    freedom, cohesion = min(candidate.freedom, _ENOUGH_FREEDOM), min(candidate.cohesion, _ENOUGH_COHESION)
    return log2(candidate.count) * freedom * cohesion / _ENOUGH_COHESION * _WORTH.get(category, 1.0)


def _category(text: str, known: _Known) -> str | None:
    """What kind of name or term the text may be; None where it is known, or none."""
    if text in known:
        return None
    if text.isascii():
        return LATIN
    simplified = script.simplified(text)
    pieces = known.pieces(simplified)
    if len(pieces) == 1 or pieces[0] in _edges("first") or pieces[-1] in _edges("last"):
        return None
    if _INSIDE_CLAUSES.intersection(pieces):
        return PHRASE
    singles = [len(piece) == 1 for piece in pieces]
    if len(text) >= 3 and sum(singles) >= 2 and _edges("transliteration").issuperset(simplified):
        return FOREIGN
    if _is_person(pieces):
        return PERSON
    if category := _by_its_end(pieces):
        return category
    return NEW if any(a and b for a, b in pairwise(singles)) else PHRASE


def _is_person(pieces: list[str]) -> bool:
    """Whether the pieces are a surname and a given name of one or two characters."""
    given = "".join(pieces[1:])
    if _surnames().get(pieces[0], 0.0) < _BEARERS or not 1 <= len(given) <= 2:
        return False
    return words.load().frequency(given) < _COMMON and not any(
        piece in _edges("first") or piece in _edges("last") for piece in pieces[1:]
    )


def _by_its_end(pieces: list[str]) -> str | None:
    """The category of the shipped terms that end with the same piece."""
    last = pieces[-1]
    ends = _ends().get(last, Counter())
    if ends.total() < (_HEAD if len(last) > 1 else _HEAD_OF_ONE):
        return None
    category, times = ends.most_common(1)[0]
    if times >= _CLEAR * ends.total():
        return category
    return TERM if len(last) > 1 else None


class _Known:
    """What is known already, and what was found to be new."""

    def __init__(self) -> None:
        self.new: set[str] = set()
        self._words, self._lexicon = words.load(), lexicon.load()

    def __contains__(self, text: str) -> bool:
        simplified = script.simplified(text)
        return simplified in self._words or simplified in self._lexicon or text in self._lexicon

    def pieces(self, text: str) -> list[str]:
        """The text as few pieces, each a word or a single character; common words before rare ones."""
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(text) + 1):
            starts = range(max(0, end - _LONGEST_PIECE), end)
            best.append(min((best[start][0] + self._cost(text[start:end]), start) for start in starts))
        pieces, end = [], len(text)
        while end:
            pieces.append(text[best[end][1] : end])
            end = best[end][1]
        return pieces[::-1]

    def _cost(self, piece: str) -> float:
        if piece in self.new:
            return 0.9
        if len(piece) == 1:
            return 2.0
        frequency = self._words.frequency(piece)
        return 1.0 if frequency >= _KNOWN_WELL else 1.3 if frequency else float("inf")


@cache
def _edges(side: str) -> frozenset[str]:
    """Words that no term begins with (`first`) or ends with (`last`); the characters of `transliteration`."""
    rows = resources.rows("rules/term-edges.tsv")
    if side == "transliteration":
        return frozenset("".join(row[0] for row in rows if row[1] == side))
    return frozenset(row[0] for row in rows if row[1] in (side, "both"))


@cache
def _surnames() -> dict[str, float]:
    return {term.text: term.weight for term in lexicon.load() if term.category == "surnames"}


@cache
def _ends() -> dict[str, Counter[str]]:
    """By the last one, two and three characters of shipped names and terms, how many end so in each category."""
    ends: dict[str, Counter[str]] = {}
    for term in lexicon.load():
        if term.category in _NAMING:
            for length in range(1, min(3, len(term.text) - 2) + 1):
                ends.setdefault(term.text[-length:], Counter())[term.category] += 1
    return ends
