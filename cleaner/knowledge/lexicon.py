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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
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

SHORTEST_FORM: Final = 2  # one character is part of too many words
SHORTEST_NEAR: Final = 3  # a term of two characters has about a hundred neighbours that are words
LONGEST_NEAR: Final = 16  # longer ones are made of shorter ones
SHORTEST_SHIFTED: Final = 5  # from this length a term may have lost a character, or have one too many
SHORTEST_TWICE: Final = 6  # from this length two characters may be others

_COLUMNS: Final = ("term", "category", "weight", "forms", "protect")
_YES: Final = frozenset({"protect", "yes", "true", "1"})
_NO: Final = frozenset({"", "no", "false", "0"})
_UNPRINTABLE: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]"
)  # control characters but tab and LF
_SPACED_COLUMNS: Final = re.compile(r".* \d+(?:\.\d+)?(?: .*)?")

_BASE: Final = 0x9E3779B97F4A7C15
_MASK: Final = (1 << 64) - 1
_HIDDEN: Final = 0x110000  # stands for a hidden character; one more than the last code point

_WINDOWS: Final = 256  # of a text at a time: where many terms share a key, each window makes a row for each of them

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
        found = set(self._one_shorter(span))
        if index := self._index.get(len(span)):
            found.update(index.like(span))
        if len(span) + 1 >= SHORTEST_SHIFTED and (index := self._index.get(len(span) + 1)):
            found.update(index.gapped(span))
        near = [(_distance(span, text), self._terms[text]) for text in found]
        near.sort(key=lambda pair: (pair[0], -pair[1].weight, pair[1].text))
        return [term for distance, term in near if distance]

    def near(self, text: str, places: Iterable[int]) -> list[Near]:
        """The terms that stand in the text with misread characters, one of which is at one of the places (code points).

        As `candidates`, but for terms of the length of what stands there only, and for all places at once: use it
        where a text has places that look wrong, and what is around them is not known to be a word. Sorted by start,
        then end, then term.
        """
        codes = _code_points(text)
        suspect = np.zeros(len(codes), dtype=np.bool_)
        suspect[np.fromiter(places, dtype=np.int64)] = True
        sums = _prefix_sums(codes)
        found = {span for index in self._index.values() for span in index.spans(codes, sums, suspect)}
        near = [
            Near(start, start + len(term), self._terms[term], _distance(text[start : start + len(term)], term))
            for start, term in found
        ]
        return sorted(near, key=lambda near: (near.start, near.end, near.term.text))

    @cached_property
    def protected(self) -> tuple[str, ...]:
        """The terms that no pass may touch."""
        return tuple(term.text for term in self._terms.values() if term.protect)

    @cached_property
    def forms(self) -> dict[str, str]:
        """The forms to correct from, each with the term that it should be."""
        return {form: term.text for term in self._terms.values() for form in term.forms if form != term.text}

    @cached_property
    def _index(self) -> dict[int, _OfLength]:
        """The terms of each length that may be found misread."""
        by_length: dict[int, list[str]] = {}
        for text in self._terms:
            if SHORTEST_NEAR <= len(text) <= LONGEST_NEAR:
                by_length.setdefault(len(text), []).append(text)
        return {length: _OfLength(terms) for length, terms in sorted(by_length.items())}

    def _one_shorter(self, span: str) -> Iterator[str]:
        """The terms that the span is with one of its characters left out."""
        if SHORTEST_SHIFTED < len(span) <= LONGEST_NEAR + 1:
            for place in range(len(span)):
                if (shorter := span[:place] + span[place + 1 :]) in self._terms:
                    yield shorter


def load(paths: Sequence[Path] = ()) -> Lexicon:
    """The shipped terms and those of the user's files, later files before earlier ones. The same files give the same
    object.

    Raises LexiconError for a file that is not as described above, OSError for one that cannot be read.
    """
    return _loaded(tuple((path, path.stat().st_mtime_ns) for path in map(Path, paths))) if paths else _shipped()


def read(path: Path) -> list[Term]:
    """The terms of a user's lexicon file, in its order. Raises LexiconError and OSError as `load` does."""
    lines: dict[str, int] = {}  # where a term stands
    claimed: dict[str, tuple[int, str]] = {}  # where a form stands, and what it is to become
    terms = []
    for number, line in _lines(path):
        try:
            term = _term(line)
            _refuse_second(term, lines, claimed)
        except ValueError as fault:
            raise LexiconError(path, number, str(fault)) from None
        lines[term.text] = number
        claimed.update((form, (number, term.text)) for form in term.forms)
        terms.append(term)
    for form, (number, text) in claimed.items():
        if form in lines:
            problem = (
                f"{form} is to be corrected to {text}, but is a term itself (line {lines[form]}); drop one of the two"
            )
            raise LexiconError(path, number, problem)
    return terms


@cache
def _shipped() -> Lexicon:
    return Lexicon(
        term for path in sorted(resources.path("lexicon").glob("*.tsv")) for term in _shipped_terms(path.stem)
    )


def _shipped_terms(category: str) -> Iterator[Term]:
    for row in resources.rows(f"lexicon/{category}.tsv"):
        weight = float(row[1]) if len(row) > 1 and row[1] else DEFAULT_WEIGHT
        yield Term(row[0], category, weight, tuple(row[2].split("|")) if len(row) > 2 else ())


@lru_cache(maxsize=4)
def _loaded(files: tuple[tuple[Path, int], ...]) -> Lexicon:
    """The lexicon of these files as they were last changed."""
    return Lexicon([*_shipped(), *(term for path, _ in files for term in read(path))])


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that hold a term, with their numbers from 1."""
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise LexiconError(path, line, "not UTF-8; save the file as UTF-8") from None
    if unprintable := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, unprintable.start()) + 1
        raise LexiconError(path, line, f"the character U+{ord(unprintable[0]):04X} cannot stand here; take it out")
    for number, row in enumerate(text.split("\n"), start=1):
        if row.strip() and not row.startswith("#") and not (number == 1 and row.lower().startswith("term\t")):
            yield number, row


def _refuse_second(term: Term, lines: Mapping[str, int], claimed: Mapping[str, tuple[int, str]]) -> None:
    if term.text in lines:
        raise ValueError(f"{term.text} stands in line {lines[term.text]} already; keep one of the two lines")
    for form in term.forms:
        if form in claimed:
            line, text = claimed[form]
            raise ValueError(f"the form {form} would be corrected to {text} (line {line}) and to {term.text}; keep one")


def _term(line: str) -> Term:
    columns = [column.strip() for column in line.split("\t")]
    if len(columns) > len(_COLUMNS):
        raise ValueError(f"{len(columns)} columns; there are at most five, separated by tabs: {', '.join(_COLUMNS)}")
    if len(columns) == 1 and _SPACED_COLUMNS.fullmatch(columns[0]):
        raise ValueError("no tab; separate the columns by tabs, not by spaces")
    if len(columns) == 1 and "," in line:
        raise ValueError("no tab, but a comma; separate the columns by tabs")
    if not columns[0]:
        raise ValueError("the first column is empty; write the term there, or # before a comment")
    if len(columns) == 1:
        return Term(columns[0])
    text, category, weight, forms, protect = columns + [""] * (len(_COLUMNS) - len(columns))
    if protect.lower() not in _YES | _NO:
        raise ValueError(f"{protect!r} in the column protect; write protect, or leave the column empty")
    return Term(text, category or USER_CATEGORY, _weight(weight), _forms(forms, text), protect.lower() in _YES)


def _weight(column: str) -> float:
    if not column:
        return DEFAULT_WEIGHT
    try:
        weight = float(column)
    except ValueError:
        weight = -1.0
    if not LIGHTEST <= weight <= HEAVIEST:
        raise ValueError(f"{column!r} in the column weight; write a number from 0 (rare) to 9 (common), or nothing")
    return weight


def _forms(column: str, text: str) -> tuple[str, ...]:
    if not column:
        return ()
    forms = tuple(form.strip() for form in column.split("|"))
    if "" in forms:
        raise ValueError("an empty form; write the forms with one | between them, as in 淅江|浙扛")
    if text in forms:
        raise ValueError(f"the form {text} is the term itself; list only wrong forms")
    if len(set(forms)) < len(forms):
        raise ValueError("a form stands there twice; list it once")
    if any(len(form) < SHORTEST_FORM for form in forms):
        raise ValueError(f"a form of one character in {column!r} would be corrected everywhere; write more of the word")
    return forms


def _distance(span: str, term: str) -> int:
    """In how many characters a span differs from a term: characters replaced, or lost and gained."""
    return Hamming.distance(span, term) if len(span) == len(term) else Levenshtein.distance(span, term)


class _OfLength:
    """Terms of one length, filed under what is left of them with characters hidden.

    A key is the polynomial of the code points, modulo 2^64, in which a hidden character counts as `_HIDDEN`. Two texts
    have a key in common where they agree outside the characters that are hidden, and else once in 2^64.
    """

    def __init__(self, terms: Sequence[str]) -> None:
        self._terms = terms
        self._length = length = len(terms[0])
        self._codes = _code_points("".join(terms)).reshape(len(terms), length)
        powers = _powers(length)
        whole = (self._codes * powers).sum(axis=1, dtype=np.uint64)
        change = (np.uint64(_HIDDEN) - self._codes) * powers
        keys = np.concatenate([whole + change[:, hidden].sum(axis=1, dtype=np.uint64) for hidden in _patterns(length)])
        order = np.argsort(keys)
        self._keys = keys[order]
        self._numbers = (order % len(terms)).astype(np.int32)
        # Whether a key begins with these bits: turns most strange keys away with one look.
        bits = min(22, max(8, (len(keys) * 16).bit_length()))
        self._shift = np.uint64(64 - bits)
        self._seen = np.zeros(1 << bits, dtype=np.bool_)
        self._seen[self._keys >> self._shift] = True

    def like(self, span: str) -> list[str]:
        """The terms that differ from a span of their length in as many characters as a misreading may."""
        codes = _code_points(span)
        change = np.zeros((len(_patterns(self._length)), self._length), dtype=np.uint64)
        for row, hidden in zip(change, _patterns(self._length), strict=True):
            row[hidden] = (np.uint64(_HIDDEN) - codes)[hidden]
        keys = ((codes + change) * _powers(self._length)).sum(axis=1)
        _, numbers = self._filed(np.zeros(len(keys), dtype=np.int64), keys)
        numbers = np.unique(numbers)
        differ = (self._codes[numbers] != codes).sum(axis=1)
        return [self._terms[number] for number in numbers[(differ > 0) & (differ <= _allowed(self._length))].tolist()]

    def gapped(self, span: str) -> list[str]:
        """The terms that a span is, one of their characters left out."""
        whole = range(self._length)
        gaps = np.array([[*range(place), -1, *range(place, self._length - 1)] for place in whole])
        codes = np.append(_code_points(span), np.uint64(_HIDDEN))[gaps]
        _, numbers = self._filed(
            np.zeros(len(gaps), dtype=np.int64), (codes * _powers(self._length)).sum(axis=1, dtype=np.uint64)
        )
        return [self._terms[number] for number in np.unique(numbers).tolist()]

    def spans(self, codes: _U64, sums: _U64, suspect: NDArray[np.bool_]) -> Iterator[tuple[int, str]]:
        """Where in a text (its code points and their `_prefix_sums`) which terms may have been misread, one of the
        characters that differ being suspect: pairs of start and term, the same pair more than once."""
        last = len(codes) - self._length + 1
        for hidden in _patterns(self._length) if last > 0 else ():
            starts = np.flatnonzero(np.logical_or.reduce([suspect[place : place + last] for place in hidden]))
            keys = _keys_in(codes, sums, starts, self._length, hidden)
            promising = np.flatnonzero(self._seen[keys >> self._shift])
            for some in range(0, len(promising), _WINDOWS):
                chosen = promising[some : some + _WINDOWS]
                begins, numbers = self._filed(starts[chosen], keys[chosen])
                windows = begins[:, None] + np.arange(self._length)
                differ = codes[windows] != self._codes[numbers]
                near = (differ.sum(axis=1) <= _allowed(self._length)) & (differ & suspect[windows]).any(axis=1)
                for begin, number in zip(begins[near].tolist(), numbers[near].tolist(), strict=True):
                    yield begin, self._terms[number]

    def _filed(self, labels: NDArray[np.int64], keys: _U64) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """The terms under each of the keys, in two columns: the label of the key, the number of the term."""
        first, end = np.searchsorted(self._keys, keys, "left"), np.searchsorted(self._keys, keys, "right")
        times = end - first
        rank = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        return np.repeat(labels, times), self._numbers[np.repeat(first, times) + rank]


def _allowed(length: int) -> int:
    """How many characters of a term of this length a misreading may have changed."""
    return 2 if length >= SHORTEST_TWICE else 1


@cache
def _patterns(length: int) -> tuple[list[int], ...]:
    """Which characters of a text of this length are hidden: each alone; from six characters also two of its four
    quarters, so that any two characters are hidden together by one pattern at least."""
    single = tuple([place] for place in range(length))
    if length < SHORTEST_TWICE:
        return single
    bounds = [length * i // 4 for i in range(5)]
    quarters = [list(range(a, b)) for a, b in pairwise(bounds)]
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
    inverse = np.uint64(pow(_BASE, -1, 1 << 64))  # the base is odd
    ones = np.ones(1, dtype=np.uint64)
    falling = np.cumprod(np.concatenate([ones, np.full(max(0, len(codes) - 1), inverse)]), dtype=np.uint64)
    rising = np.cumprod(np.concatenate([ones, np.full(max(0, len(codes) - 1), np.uint64(_BASE))]), dtype=np.uint64)
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    sums[1:] = np.cumsum(codes * falling[: len(codes)], dtype=np.uint64) * rising[: len(codes)]
    return sums


def _code_points(text: str) -> _U64:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
