"""The domain lexicon: names and set phrases that the text is likely to hold, with what they are.

The shipped terms stand in `dictionaries/lexicon/<category>.tsv`, one a line: term, weight, forms to correct from. A
lexicon of one's own is a TSV file with five columns, of which only the first is needed:

    term<TAB>category<TAB>weight<TAB>forms<TAB>protect

Its terms take the place of shipped terms of the same text. `#` begins a comment line.

    >>> lexicon = load()
    >>> "柯桥区" in lexicon, lexicon["柯桥区"].category
    (True, 'places')
    >>> [term.text for term in lexicon.candidates("鑫华市")]
    ['金华市']

Terms that nearly match are found without comparing everything with everything: each term is filed under what is left
of it when some of its characters are hidden (one; of six and more characters also two), and a span is looked up under
the same keys. What is found so is compared with rapidfuzz.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations, pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Hamming, Levenshtein

from cleaner.knowledge import resources

DEFAULT_WEIGHT: Final = 5.0  # a term that someone took the trouble to list is expected to occur
USER_CATEGORY: Final = "user"
LIGHTEST, HEAVIEST = 0.0, 9.0

SHORTEST_NEAR: Final = 3  # a term of two characters has about a hundred neighbours that are words
LONGEST_NEAR: Final = 16  # longer ones are made of shorter ones
SHORTEST_SHIFTED: Final = 5  # from this length a term may have lost a character, or have one too many
SHORTEST_TWICE: Final = 6  # from this length two characters may be others

_COLUMNS: Final = ("term", "category", "weight", "forms", "protect")
_YES: Final = frozenset({"protect", "yes", "true", "1"})
_NO: Final = frozenset({"", "no", "false", "0"})
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_SPACED_COLUMNS: Final = re.compile(r"\S.*\s\d+(?:\.\d+)?(?:\s.*)?")

_BASE: Final = 0x9E3779B97F4A7C15
_MASK: Final = (1 << 64) - 1
_HIDDEN: Final = 0x110000  # stands for a hidden character; one more than the last code point

_U64 = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Term:
    """A term and what is known of it."""

    text: str
    category: str = USER_CATEGORY  # the name of the shipped file (places, titles, …), or what the user's file says
    weight: float = DEFAULT_WEIGHT  # 1 (rare) to 9 (common); shipped terms have the frequency class of `words.txt`
    forms: tuple[str, ...] = ()  # wrong forms of it that are to be corrected wherever they stand
    protect: bool = False  # no pass may touch it


@dataclass(frozen=True, slots=True)
class Near:
    """A place in a text that nearly reads like a term. `start` and `end` count code points."""

    start: int
    end: int
    term: Term
    distance: int  # characters that differ


class LexiconError(ValueError):
    """A lexicon file that cannot be used. Says in which file and line, what is wrong and what to write instead."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(path, line, problem)
        self.path, self.line, self.problem = path, line, problem

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}: {self.problem}"


class Lexicon:
    """Terms by their text. Never changes; what is found through it comes in a fixed order."""

    def __init__(self, terms: Iterable[Term]) -> None:
        """Of terms with one text the last counts."""
        self._terms: dict[str, Term] = {term.text: term for term in terms}

    def __contains__(self, text: object) -> bool:
        return text in self._terms

    def __getitem__(self, text: str) -> Term:
        return self._terms[text]

    def __iter__(self) -> Iterator[Term]:
        return iter(self._terms.values())

    def __len__(self) -> int:
        return len(self._terms)

    def get(self, text: str) -> Term | None:
        """The term of exactly this text, or None."""
        return self._terms.get(text)

    def candidates(self, span: str) -> list[Term]:
        """The terms that `span` may be a misreading of, nearest first, then the heaviest, then by code point.

        A term of 3 to 16 characters is one if it differs from the span in one character; of six and more also in two;
        of five and more also if the span lacks one of its characters or has one too many. The term that the span
        itself is, is left out.
        """
        found = self._index.same_length(span) | self._index.one_longer(span) | self._one_shorter(span)
        near = ((distance, self._terms[text]) for text in found if (distance := _distance(span, text)))
        return [term for _, term in sorted(near, key=lambda pair: (pair[0], -pair[1].weight, pair[1].text))]

    def near(self, text: str, places: Iterable[int]) -> list[Near]:
        """The terms that stand in the text with misread characters, one of which is at one of the places (code points).

        As `candidates`, but for terms of the length of what stands there only, and for all places at once: use it
        where a text has places that look wrong, and what is around them is not known to be a word. Sorted by start,
        then end, then term.
        """
        suspect = frozenset(map(int, places))
        found = []
        for start, term in self._index.spans(text, np.array(sorted(suspect), dtype=np.int64)):
            distance = _distance(text[start : start + len(term)], term)
            differing = (place for place, character in enumerate(term, start) if text[place] != character)
            if distance and not suspect.isdisjoint(differing):
                found.append(Near(start, start + len(term), self._terms[term], distance))
        return sorted(found, key=lambda near: (near.start, near.end, near.term.text))

    @cached_property
    def _index(self) -> _HiddenCharacters:
        return _HiddenCharacters([text for text in self._terms if SHORTEST_NEAR <= len(text) <= LONGEST_NEAR])

    def _one_shorter(self, span: str) -> set[str]:
        if not SHORTEST_SHIFTED < len(span) <= LONGEST_NEAR + 1:
            return set()
        return {shorter for i in range(len(span)) if (shorter := span[:i] + span[i + 1 :]) in self._terms}


def load(paths: Sequence[Path] = ()) -> Lexicon:
    """The shipped terms and those of the user's files, later files before earlier ones. The same files give the same
    object.

    Raises LexiconError for a file that is not as described above, OSError for one that cannot be read.
    """
    return _loaded(tuple((path, path.stat().st_mtime_ns) for path in map(Path, paths))) if paths else _shipped()


def read(path: Path) -> list[Term]:
    """The terms of a user's lexicon file, in its order. Raises LexiconError and OSError as `load` does."""
    terms: dict[str, tuple[int, Term]] = {}
    claimed: dict[str, tuple[int, str]] = {}
    for number, line in _lines(path):
        term = _term(path, number, line)
        if term.text in terms:
            raise LexiconError(
                path, number, f"{term.text} stands in line {terms[term.text][0]} already; keep one of the two lines"
            )
        for form in term.forms:
            if form in claimed:
                other, text = claimed[form]
                raise LexiconError(
                    path,
                    number,
                    f"the form {form} would be corrected to {text} (line {other}) and to {term.text}; keep one",
                )
            claimed[form] = number, term.text
        terms[term.text] = number, term
    for form, (number, text) in claimed.items():
        if form in terms:
            raise LexiconError(
                path,
                number,
                f"{form} is to be corrected to {text}, but is a term itself (line {terms[form][0]}); drop one",
            )
    return [term for _, term in terms.values()]


@cache
def _shipped() -> Lexicon:
    return Lexicon(
        term for path in sorted(resources.path("lexicon").glob("*.tsv")) for term in _shipped_terms(path.stem)
    )


def _shipped_terms(category: str) -> Iterator[Term]:
    for row in resources.rows(f"lexicon/{category}.tsv"):
        weight = float(row[1]) if len(row) > 1 and row[1] else DEFAULT_WEIGHT
        yield Term(row[0], category, weight, tuple(row[2].split("|")) if len(row) > 2 else ())


@cache
def _loaded(files: tuple[tuple[Path, int], ...]) -> Lexicon:
    """The lexicon of these files as they were last changed."""
    return Lexicon([*_shipped(), *(term for path, _ in files for term in read(path))])


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that hold a term, with their numbers from 1."""
    for number, raw in enumerate(path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        try:
            line = raw.decode("utf-8").removesuffix("\r")
        except UnicodeDecodeError:
            raise LexiconError(path, number, "not UTF-8; save the file as UTF-8") from None
        if line.strip() and not line.startswith("#") and not (number == 1 and line.lower().startswith("term\t")):
            yield number, line


def _term(path: Path, number: int, line: str) -> Term:
    columns = [column.strip() for column in line.split("\t")]
    if len(columns) > len(_COLUMNS):
        raise LexiconError(
            path, number, f"{len(columns)} columns; there are at most five: {', '.join(_COLUMNS)}, separated by tabs"
        )
    if len(columns) == 1 and _SPACED_COLUMNS.fullmatch(line):
        raise LexiconError(path, number, "no tab; separate the columns by tabs, not by spaces")
    text, category, weight, forms, protect = columns + [""] * (len(_COLUMNS) - len(columns))
    if not text:
        raise LexiconError(path, number, "the first column is empty; write the term there, or # before a comment")
    if unprintable := _UNPRINTABLE.search(text + forms):
        raise LexiconError(
            path, number, f"the character U+{ord(unprintable[0]):04X} cannot stand in a term or form; take it out"
        )
    if protect.lower() not in _YES | _NO:
        raise LexiconError(path, number, f"{protect!r} in the column protect; write protect, or leave the column empty")
    return Term(
        text,
        category or USER_CATEGORY,
        _weight(path, number, weight),
        _forms(path, number, forms, text),
        protect.lower() in _YES,
    )


def _weight(path: Path, number: int, column: str) -> float:
    if not column:
        return DEFAULT_WEIGHT
    try:
        weight = float(column)
    except ValueError:
        weight = -1.0
    if not LIGHTEST <= weight <= HEAVIEST:
        raise LexiconError(
            path,
            number,
            f"{column!r} in the column weight; write a number from 0 (rare) to 9 (common), or leave it empty",
        )
    return weight


def _forms(path: Path, number: int, column: str, text: str) -> tuple[str, ...]:
    if not column:
        return ()
    forms = tuple(form.strip() for form in column.split("|"))
    if "" in forms:
        raise LexiconError(path, number, "an empty form; write the forms with one | between them, as in 淅江|浙扛")
    if text in forms:
        raise LexiconError(path, number, f"the form {text} is the term itself; list only wrong forms")
    if len(set(forms)) < len(forms):
        raise LexiconError(path, number, "a form stands there twice; list it once")
    return forms


def _distance(span: str, term: str) -> int:
    """In how many characters a span differs from a term; 0 if it is the term, or too far from it to be a misreading
    of it."""
    if len(span) == len(term):
        distance = Hamming.distance(span, term)
        return distance if distance <= (2 if len(term) >= SHORTEST_TWICE else 1) else 0
    return 1 if Levenshtein.distance(span, term, score_cutoff=1) == 1 else 0


class _HiddenCharacters:
    """Terms filed under what is left of them with characters hidden.

    A key is the polynomial of the code points, modulo 2^64, in which a hidden character counts as `_HIDDEN`. Two
    texts of one length have a key in common just when they agree outside the characters that are hidden, but for one
    chance in 2^64.
    """

    def __init__(self, terms: Sequence[str]) -> None:
        self._terms = terms
        by_length: dict[int, list[int]] = {}
        for number, term in enumerate(terms):
            by_length.setdefault(len(term), []).append(number)
        self._lengths = sorted(by_length)
        keys, numbers = [np.zeros(0, np.uint64)], [np.zeros(0, np.int32)]
        for length, members in by_length.items():
            codes = _code_points("".join(terms[number] for number in members)).reshape(len(members), length)
            powers = _powers(length)
            whole = (codes * powers).sum(axis=1, dtype=np.uint64)
            change = (np.uint64(_HIDDEN) - codes) * powers
            for places in _patterns(length):
                keys.append(whole + change[:, list(places)].sum(axis=1, dtype=np.uint64))
                numbers.append(np.array(members, dtype=np.int32))
        all_keys, all_numbers = np.concatenate(keys), np.concatenate(numbers)
        order = np.argsort(all_keys)
        self._keys, self._numbers = all_keys[order], all_numbers[order]
        bits = max(8, (len(self._keys) * 16).bit_length())
        self._shift = np.uint64(64 - bits)
        self._seen = np.zeros(
            1 << bits, dtype=np.bool_
        )  # by the first bits of a key: 15 of 16 strange keys are turned away here
        self._seen[self._keys >> self._shift] = True

    def same_length(self, span: str) -> set[str]:
        """Terms that agree with the span outside the characters of some pattern."""
        length = len(span)
        if length not in self._lengths:
            return set()
        codes, powers = [ord(character) for character in span], _powers(length).tolist()
        whole = sum(code * power for code, power in zip(codes, powers, strict=True))
        change = [(_HIDDEN - code) * power for code, power in zip(codes, powers, strict=True)]
        return self._filed([whole + sum(change[place] for place in places) for places in _patterns(length)])

    def one_longer(self, span: str) -> set[str]:
        """Terms that the span is, one character left out."""
        length = len(span) + 1
        if length < SHORTEST_SHIFTED or length not in self._lengths:
            return set()
        codes, powers = [ord(character) for character in span], _powers(length).tolist()
        gapped = ([*codes[:place], _HIDDEN, *codes[place:]] for place in range(length))
        return self._filed([sum(code * power for code, power in zip(gap, powers, strict=True)) for gap in gapped])

    def spans(self, text: str, places: NDArray[np.int64]) -> set[tuple[int, str]]:
        """Where which terms may stand, if one of the characters that differ is at one of the places: pairs of start
        and term."""
        codes = _code_points(text)
        sums = _prefix_sums(codes)
        suspect = np.zeros(len(codes), dtype=np.bool_)
        suspect[places] = True
        found: set[tuple[int, str]] = set()
        for length in self._lengths:
            last = len(codes) - length + 1
            for hidden in _patterns(length) if last > 0 else ():
                starts = np.flatnonzero(np.logical_or.reduce([suspect[place : place + last] for place in hidden]))
                keys = _keys_in(codes, sums, starts, length, hidden)
                promising = np.flatnonzero(self._seen[keys >> self._shift])
                found |= self._matches(starts[promising], keys[promising])
        return found

    def _filed(self, keys: Sequence[int]) -> set[str]:
        wanted = np.array([key & _MASK for key in keys], dtype=np.uint64)
        first, end = np.searchsorted(self._keys, wanted, "left"), np.searchsorted(self._keys, wanted, "right")
        return {
            self._terms[number]
            for a, b in zip(first.tolist(), end.tolist(), strict=True)
            if a < b
            for number in self._numbers[a:b].tolist()
        }

    def _matches(self, starts: NDArray[np.int64], keys: _U64) -> set[tuple[int, str]]:
        first, end = np.searchsorted(self._keys, keys, "left"), np.searchsorted(self._keys, keys, "right")
        return {
            (int(starts[i]), self._terms[number])
            for i in np.flatnonzero(first < end).tolist()
            for number in self._numbers[first[i] : end[i]].tolist()
        }


@cache
def _patterns(length: int) -> tuple[tuple[int, ...], ...]:
    """Which characters of a text of this length are hidden: each alone; from six characters also two of its four
    quarters, so that any two characters are hidden together by one pattern at least."""
    single = tuple((place,) for place in range(length))
    if length < SHORTEST_TWICE:
        return single
    bounds = [length * i // 4 for i in range(5)]
    quarters = [tuple(range(a, b)) for a, b in pairwise(bounds)]
    return single + tuple(a + b for a, b in combinations(quarters, 2))


@cache
def _powers(length: int) -> _U64:
    return np.array([pow(_BASE, length - 1 - place, 1 << 64) for place in range(length)], dtype=np.uint64)


def _keys_in(codes: _U64, sums: _U64, starts: NDArray[np.int64], length: int, hidden: Sequence[int]) -> _U64:
    """The keys of the windows of a text that begin at `starts`, these of their characters hidden."""
    powers = _powers(length)
    keys = sums[starts + length] - sums[starts] * np.uint64(pow(_BASE, length, 1 << 64))
    for place in hidden:
        keys += (np.uint64(_HIDDEN) - codes[starts + place]) * powers[place]
    return keys


def _prefix_sums(codes: _U64) -> _U64:
    """The polynomial of the first 0, 1, 2, … code points."""
    sums, value = [0], 0
    for code in codes.tolist():
        value = (value * _BASE + code) & _MASK
        sums.append(value)
    return np.array(sums, dtype=np.uint64)


def _code_points(text: str) -> _U64:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
