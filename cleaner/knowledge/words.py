"""The words of Chinese: is this a word, how common is it, which word covers this character.

The list is `dictionaries/lexicon/words.txt`: words of two to eight Han characters in simplified script, one a line,
`word<TAB>class`, where the class (1 to 9) says how often the word occurs (see `Words.frequency`). Text in traditional
script has to be mapped to simplified, character by character, before it is looked up here.

    >>> words = load()
    >>> "入驻" in words, "人驻" in words
    (True, False)
    >>> words.cover("公司的入驻").tolist()
    [2, 2, 0, 2, 2]

How it works: a word is known by a 64-bit fingerprint, a polynomial of its code points. The fingerprints lie in an
open-addressing table, so that a window of text is looked up by one or two gathers, and a second table says for the
first two characters how long a word that starts with them can be, so that hardly any window is looked up in vain. Two
different windows share a fingerprint about once in 10^14 look-ups; the words of the list are known to have different
ones, for `parse` refuses a list where they do not.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaner.knowledge import resources

WORDS_FILE: Final = "lexicon/words.txt"
SHORTEST: Final = 2
LONGEST: Final = 8

_MASK: Final = (1 << 64) - 1
_BASE: Final = 0x9E3779B97F4A7C15  # of the polynomial; odd, 2^64 divided by the golden ratio
_SPREAD: Final = 0xD6E8FEB86659FD93  # odd; carries the last character, which moves only the low bits, up to the slot
_REACH_BITS: Final = 21  # 2 MB of bytes: some 100,000 first pairs of characters leave 95 of 100 slots empty
_CHUNK: Final = 1 << 16  # code points looked up at a time: the arrays of one chunk stay in the processor's cache
_TAB: Final = ord("\t")
_NEWLINE: Final = ord("\n")
_ZERO: Final = ord("0")

_U64 = NDArray[np.uint64]
_Lengths = NDArray[np.uint8]


class Words:
    """A set of words of 2 to 8 code points with their frequency classes. Made by `parse` or `load`; never changes."""

    __slots__ = ("_class_view", "_classes", "_count", "_reach", "_shift", "_table", "_table_view")

    def __init__(self, fingerprints: _U64, pairs: _U64, lengths: _Lengths, classes: NDArray[np.uint8]) -> None:
        """Builds the tables from the words' fingerprints, those of their first two characters, their lengths and
        classes."""
        self._count = len(fingerprints)
        bits = max(4, (self._count * 2).bit_length())  # at most half full: a look-up seldom goes on to a second slot
        self._shift = 64 - bits
        slots = _slots(fingerprints, self._shift)
        order = np.argsort(slots)
        # Linear probing without a loop: in the order of the slots each word takes its own slot or the next one that
        # is free.
        rank = np.arange(self._count, dtype=np.int64)
        places = np.maximum.accumulate(slots[order] - rank) + rank if self._count else rank
        # One slot more, which stays empty and ends every search.
        size = max(1 << bits, int(places[-1]) + 1 if self._count else 0) + 1
        self._table = np.zeros(size, dtype=np.uint64)
        self._table[places] = fingerprints[order]
        self._classes = np.zeros(size, dtype=np.uint8)
        self._classes[places] = classes[order]
        self._reach = np.zeros(1 << _REACH_BITS, dtype=np.uint8)
        by_length = np.argsort(lengths, kind="stable")  # of several words with one first pair the longest comes last
        self._reach[_slots(pairs[by_length], 64 - _REACH_BITS)] = lengths[by_length]
        self._table_view = self._table.data
        self._class_view = self._classes.data

    def __len__(self) -> int:
        return self._count

    def __contains__(self, word: object) -> bool:
        """Whether `word` is in the list. Any object may be asked about; only a str of 2 to 8 code points can be in
        it."""
        return isinstance(word, str) and SHORTEST <= len(word) <= LONGEST and self._class_of(word) > 0

    def frequency(self, word: str) -> int:
        """How common the word is: 0 not in the list; 1 listed, but hardly seen in the corpus; each further class four
        times as frequent, up to 9 (more than 800 in a million characters of news and official prose). The boundaries
        stand in the header of the file."""
        return self._class_of(word) if SHORTEST <= len(word) <= LONGEST else 0

    def longest_at(self, text: str) -> _Lengths:
        """For each code point of the text the length, in code points, of the longest word that starts there; 0 where
        none does."""
        codes = _code_points(text)
        lengths = np.zeros(len(codes), dtype=np.uint8)
        for start in range(0, len(codes), _CHUNK):
            end = min(start + _CHUNK, len(codes))
            window = codes[start : end + LONGEST - 1]
            lengths[start:end] = self._longest_in(window.astype(np.uint64))[: end - start]
        return lengths

    def cover(self, text: str) -> _Lengths:
        """For each code point of the text the length, in code points, of the longest word that covers it, wherever
        that word starts; 0 where none does. Words may overlap: this is a look-up, not a segmentation."""
        longest = self.longest_at(text)
        covered = longest.copy()
        for distance in range(1, min(LONGEST, len(longest))):
            here = covered[distance:]
            before = longest[:-distance]
            np.maximum(here, before * (before > distance), out=here)
        return covered

    def over(self, text: str, at: int) -> str:
        """The longest word of the list over the character at an offset, the first of several; an empty string for none."""
        for length in range(min(LONGEST, len(text)), SHORTEST - 1, -1):
            for start in range(max(0, at - length + 1), min(at, len(text) - length) + 1):
                if self._class_of(text[start : start + length]):
                    return text[start : start + length]
        return ""

    def _class_of(self, word: str) -> int:
        fingerprint = 0
        for character in word:
            fingerprint = (fingerprint * _BASE + ord(character)) & _MASK
        slot = ((fingerprint * _SPREAD) & _MASK) >> self._shift
        table = self._table_view
        while found := table[slot]:
            if found == fingerprint:
                return self._class_view[slot]
            slot += 1
        return 0

    def _longest_in(self, codes: _U64) -> _Lengths:
        longest = np.zeros(len(codes), dtype=np.uint8)
        if len(codes) < SHORTEST:
            return longest
        pairs = codes[:-1] * np.uint64(_BASE) + codes[1:]
        reach = self._reach[_slots(pairs, 64 - _REACH_BITS)]
        starts = np.flatnonzero(reach)
        reach = reach[starts]
        fingerprints = pairs[starts]
        for length in range(SHORTEST, LONGEST + 1):
            if length > SHORTEST:
                going_on = (reach >= length) & (starts + length <= len(codes))
                starts, reach, fingerprints = starts[going_on], reach[going_on], fingerprints[going_on]
                fingerprints = fingerprints * np.uint64(_BASE) + codes[starts + (length - 1)]
            if not len(starts):
                break
            longest[starts[self._known(fingerprints)]] = length
        return longest

    def _known(self, fingerprints: _U64) -> NDArray[np.bool_]:
        """Which of the fingerprints are words."""
        slots = _slots(fingerprints, self._shift)
        found = self._table[slots]
        known: NDArray[np.bool_] = found == fingerprints
        searching = np.flatnonzero(~known & (found != 0))
        while len(searching):
            slots[searching] += 1
            found = self._table[slots[searching]]
            hit = found == fingerprints[searching]
            known[searching[hit]] = True
            searching = searching[~hit & (found != 0)]
        return known


@cache
def load() -> Words:
    """The shipped list. Raises FileNotFoundError where the installation lacks it, ValueError where the file is
    damaged."""
    with resources.open_binary(WORDS_FILE) as stream:
        return parse(stream.read())


def parse(data: bytes) -> Words:
    """The words of a list as bytes: UTF-8, comment lines (`#`) at the top, then `word<TAB>class` lines, each ended by
    a line feed.

    Raises ValueError, with the number of the line, for a line of another form, and for words that cannot be told apart.
    """
    fingerprints, pairs, lengths, classes = _columns(data)
    ordered = np.sort(fingerprints)
    if (ordered[1:] == ordered[:-1]).any() or (len(ordered) and ordered[0] == 0):
        raise ValueError("the word list has a word twice, or words that cannot be told apart; run tools/build_words.py")
    return Words(fingerprints, pairs, lengths, classes)


def _columns(data: bytes) -> tuple[_U64, _U64, _Lengths, NDArray[np.uint8]]:
    """The words of a list: their fingerprints, those of their first two characters, their lengths and classes."""
    header = 0
    while data.startswith(b"#", header):
        header = data.find(b"\n", header) + 1 or len(data)
    codes = _code_points(data[header:].decode("utf-8"))
    ends = np.flatnonzero(codes == _NEWLINE)
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends[:-1] + 1)) if len(ends) else ends
    lengths = ends - starts - 2
    _refuse_malformed(codes, ends, lengths, first_line=data.count(b"\n", 0, header) + 1)
    pairs = codes[starts].astype(np.uint64) * np.uint64(_BASE) + codes[starts + 1]
    fingerprints = pairs.copy()
    for index in range(2, LONGEST):
        longer = np.flatnonzero(lengths > index)
        fingerprints[longer] = fingerprints[longer] * np.uint64(_BASE) + codes[starts[longer] + index]
    return fingerprints, pairs, lengths.astype(np.uint8), (codes[ends - 1] - _ZERO).astype(np.uint8)


def _refuse_malformed(
    codes: NDArray[np.uint32], ends: NDArray[np.int64], lengths: NDArray[np.int64], first_line: int
) -> None:
    complete = len(codes) == 0 or (len(ends) > 0 and int(ends[-1]) == len(codes) - 1)
    classes = codes[ends - 1]
    right = (
        (lengths >= SHORTEST)
        & (lengths <= LONGEST)
        & (codes[ends - 2] == _TAB)
        & (classes > _ZERO)
        & (classes <= _ZERO + 9)
    )
    if complete and right.all():
        return
    line = first_line + (int(np.argmin(right)) if not right.all() else len(ends))
    raise ValueError(f"word list, line {line}: each line is a word of 2 to 8 characters, a tab and a class from 1 to 9")


def _slots(fingerprints: _U64, shift: int) -> NDArray[np.int64]:
    return ((fingerprints * np.uint64(_SPREAD)) >> np.uint64(shift)).astype(np.int64)


def _code_points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
