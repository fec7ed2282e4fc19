"""The domain lexicon: names and set phrases that the text is likely to hold, with what they are.

The shipped terms stand in `dictionaries/lexicon/<category>.tsv`, one a line: term, weight, forms to correct from. A
lexicon of one's own is a TSV file that `cleaner.knowledge.lexicon.file` reads; its terms take the place of shipped terms
of the same text.

    >>> lexicon = load()
    >>> "柯桥区" in lexicon, lexicon["柯桥区"].category
    (True, 'places')
    >>> [term.text for term in lexicon.candidates("鑫华市")]
    ['金华市']

Terms are kept in columns, and found without comparing everything with everything (`cleaner.knowledge.lexicon.near`,
`cleaner.knowledge.lexicon.exact`), so that a million of them may be used. What is found nearly to match is compared with
rapidfuzz.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from rapidfuzz.distance import Hamming, Levenshtein

from cleaner.knowledge import resources
from cleaner.knowledge.lexicon import file
from cleaner.knowledge.lexicon.exact import Exact
from cleaner.knowledge.lexicon.file import LexiconError, read
from cleaner.knowledge.lexicon.filed import Filed, Int, code_points, keys_of, prefix_sums
from cleaner.knowledge.lexicon.near import OfLength
from cleaner.knowledge.lexicon.terms import DEFAULT_WEIGHT, USER_CATEGORY, Term, Terms
from cleaner.text.distinct import distinct

__all__ = ["DEFAULT_WEIGHT", "USER_CATEGORY", "Lexicon", "LexiconError", "Near", "Term", "load", "read"]

LEARNED_CATEGORY: Final = "learned"
SHORTEST_NEAR: Final = 3  # a term of two characters has about a hundred neighbours that are words
LONGEST_NEAR: Final = 16  # longer ones are made of shorter ones
SHORTEST_SHIFTED: Final = 5  # from this length a term may have lost a character, or have one too many


@dataclass(frozen=True, slots=True)
class Near:
    """A place in a text that nearly reads like a term. `start` and `end` count code points."""

    start: int
    end: int
    term: Term
    distance: int  # characters that differ


class Lexicon:
    """Terms by their text. Never changes; what is found through it comes in a fixed order."""

    def __init__(self, terms: Iterable[Term]) -> None:
        """Of terms with one text the last counts."""
        self._terms = terms if isinstance(terms, Terms) else Terms.of(terms)
        keys = keys_of(self._terms.codes, self._terms.starts[:-1], self._terms.lengths)
        # Two texts have one key once in 2^64; the last of several is the first of the array turned round.
        _, last = np.unique(keys[::-1], return_index=True)
        self._numbers: Int = np.sort(len(keys) - 1 - last)
        self._by_key = Filed(keys[self._numbers], self._numbers)  # a copy of the keys

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self._number(text) is not None

    def __getitem__(self, text: str) -> Term:
        """Raises KeyError where the text is no term."""
        if (term := self.get(text)) is None:
            raise KeyError(text)
        return term

    def __iter__(self) -> Iterator[Term]:
        return map(self._terms.__getitem__, self._numbers.tolist())

    def __len__(self) -> int:
        return len(self._numbers)

    def get(self, text: str) -> Term | None:
        """The term of exactly this text, or None."""
        number = self._number(text)
        return None if number is None else self._terms[number]

    def candidates(self, span: str) -> list[Term]:
        """The terms that `span` may be a misreading of, nearest first, then the heaviest, then by code point.

        A term of 3 to 16 characters is one if it differs from the span in one character; of six and more also in two
        (but see `near.MOST_ALIKE`); of five and more also if the span lacks one of its characters or has one too many.
        The term that the span itself is, is left out.
        """
        found = set(self._one_shorter(span))
        if index := self._index.get(len(span)):
            found.update(index.like(span))
        if len(span) + 1 >= SHORTEST_SHIFTED and (index := self._index.get(len(span) + 1)):
            found.update(index.gapped(span))
        terms = [self._terms[number] for number in found]
        near = [(_distance(span, term.text), term) for term in terms]
        near.sort(key=lambda pair: (pair[0], -pair[1].weight, pair[1].text))
        return [term for distance, term in near if distance]

    def near(self, text: str, places: Iterable[int]) -> list[Near]:
        """The terms that stand in the text with misread characters, one of which is at one of the places (code points).

        As `candidates`, but for terms of the length of what stands there only, and for all places at once: use it
        where a text has places that look wrong, and what is around them is not known to be a word. Sorted by start,
        then end, then term.
        """
        codes = code_points(text)
        suspects = distinct(np.fromiter(places, dtype=np.int64))
        sums = prefix_sums(codes)
        found = {span for index in self._index.values() for span in index.spans(codes, sums, suspects)}
        near = []
        for start, number in found:
            term = self._terms[number]
            end = start + len(term.text)
            near.append(Near(start, end, term, _distance(text[start:end], term.text)))
        return sorted(near, key=lambda near: (near.start, near.end, near.term.text))

    @cached_property
    def protected(self) -> Exact | None:
        """The terms that no pass may touch, to be found in texts; None where there are none."""
        texts = self._terms.with_protect(self._numbers)
        return Exact(texts) if texts else None

    @cached_property
    def forms(self) -> tuple[Exact, list[tuple[str, str]]] | None:
        """The forms to correct from, to be found in texts, and by their numbers each with the term that it should be."""
        standing = set(self._numbers[np.isin(self._numbers, list(self._terms.forms))].tolist())
        listed = {
            form: self._terms.text(number)
            for number, forms in self._terms.forms.items()
            if number in standing
            for form in forms
        }
        pairs = [(form, term) for form, term in listed.items() if form != term]
        return (Exact([form for form, _ in pairs]), pairs) if pairs else None

    @cached_property
    def _index(self) -> dict[int, OfLength]:
        """The terms of each length that may be found misread."""
        lengths = self._terms.lengths[self._numbers]
        index = {}
        for length in range(SHORTEST_NEAR, LONGEST_NEAR + 1):
            numbers = self._numbers[lengths == length]
            if len(numbers):
                index[length] = OfLength(self._terms.codes, self._terms.starts[numbers], numbers, length)
        return index

    def _number(self, text: str) -> int | None:
        codes = code_points(text)
        key = keys_of(codes, np.zeros(1, dtype=np.int64), np.array([len(codes)]))
        for number in self._by_key.under(key)[1].tolist():
            if self._terms.text(number) == text:
                return int(number)
        return None

    def _one_shorter(self, span: str) -> Iterator[int]:
        """The terms that the span is with one of its characters left out."""
        if SHORTEST_SHIFTED < len(span) <= LONGEST_NEAR + 1:
            for place in range(len(span)):
                if (number := self._number(span[:place] + span[place + 1 :])) is not None:
                    yield number


def load(paths: Sequence[Path] = (), learned: tuple[str, ...] = ()) -> Lexicon:
    """The shipped terms and those of the user's files, later files before earlier ones, and behind them all those `learned`
    from the collection. The same files give the same object.

    Raises LexiconError for a file with a fault, OSError for one that cannot be read.
    """
    files = tuple((path, path.stat().st_mtime_ns) for path in map(Path, paths))
    return _loaded(files, learned) if files or learned else _shipped()


@cache
def _shipped() -> Lexicon:
    return Lexicon(_shipped_terms())


@cache
def _shipped_terms() -> Terms:
    files = sorted(resources.path("lexicon").glob("*.tsv"))
    return Terms.of(term for path in files for term in _of_category(path.stem))


def _of_category(category: str) -> Iterator[Term]:
    for row in resources.rows(f"lexicon/{category}.tsv"):
        weight = float(row[1]) if len(row) > 1 and row[1] else DEFAULT_WEIGHT
        yield Term(row[0], category, weight, tuple(row[2].split("|")) if len(row) > 2 else ())


@lru_cache(maxsize=4)
def _loaded(files: tuple[tuple[Path, int], ...], learned: tuple[str, ...]) -> Lexicon:
    """The lexicon of these files as they were last changed."""
    found = Terms.of(Term(text, LEARNED_CATEGORY) for text in learned)
    return Lexicon(Terms.joined([found, _shipped_terms(), *(file.terms_of(path) for path, _ in files)]))


def _distance(span: str, term: str) -> int:
    """In how many characters a span differs from a term: characters replaced, or lost and gained."""
    return Hamming.distance(span, term) if len(span) == len(term) else Levenshtein.distance(span, term)
