"""Series: the same change over a whole run, told as one (人驻→入驻, 37 times)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cleaner.knowledge import words
from cleaner.rules import depends_on_word
from cleaner.text.width import HAN

LONGEST = 24
"""Code points of both sides of a change together; longer ones do not come again, so they are not counted."""


class _Change(NamedTuple):
    before: str
    after: str
    rule: str


class _Neighbours(NamedTuple):
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Series:
    """A change that came more than once, by band, with the rule that made it.

    `before` and `after` have the neighbour with which they make a word in them; `beside` is that neighbour, left or right.
    """

    before: str
    after: str
    rule: str
    bands: Mapping[str, int]
    beside: tuple[str, str] = ("", "")

    @property
    def is_writing(self) -> bool:
        """Whether it changes letters, digits or Chinese characters; else it is about marks and white space alone."""
        return any(map(str.isalnum, self.before + self.after))

    @property
    def total(self) -> int:
        """How often the change came, in all bands."""
        return sum(self.bands.values())


@dataclass
class Tally:
    """Counts changes as they come by."""

    _seen: dict[_Change, Counter[tuple[_Neighbours, str]]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, edit: Mapping[str, Any], source: str | None) -> None:
        """Counts an edit of edits.jsonl; where the source is at hand, with the characters beside it."""
        if place := _place(edit, source):
            change, neighbours = place
            self._seen[change][neighbours, edit["band"]] += 1

    def series(self) -> list[Series]:
        """All series, the most frequent first, equal ones in the order of their text."""
        found = [s for change, seen in self._seen.items() for s, _ in _told_apart(change, seen) if s.total > 1]
        return sorted(found, key=_frequent_first)

    def told(self) -> Told:
        """Every change that was counted, those that came once too, in the same order, and which of them an edit is of."""
        found = [
            (s, change, key)
            for change, seen in self._seen.items()
            for s, keys in _told_apart(change, seen)
            for key in keys
        ]
        every = sorted({id(s): s for s, _, _ in found}.values(), key=_frequent_first)
        numbers = {id(s): number for number, s in enumerate(every)}
        return Told(every, {(change, neighbours): numbers[id(s)] for s, change, (neighbours, _) in found})


@dataclass(frozen=True, slots=True)
class Told:
    """All changes of a run, equal ones together."""

    series: list[Series]
    _numbers: Mapping[tuple[_Change, _Neighbours], int]

    def number(self, edit: Mapping[str, Any], source: str | None) -> int | None:
        """The place in `series` of the one that the edit is of; None for flags, moves, and what is too long to come again."""
        place = _place(edit, source)
        return None if place is None else self._numbers.get(place)


def _frequent_first(series: Series) -> tuple[int, str, str, str]:
    return -series.total, series.before, series.after, series.rule


def _place(edit: Mapping[str, Any], source: str | None) -> tuple[_Change, _Neighbours] | None:
    """What is counted of an edit: its change, and of short ones the characters beside it."""
    before, after = edit["before"], edit["after"]
    if after is None or edit.get("kind") == "move" or len(before) + len(after) > LONGEST:
        return None
    neighbours = _Neighbours("", "")
    if source is not None and depends_on_word(edit["rule"]) and _is_writing(before) and _is_writing(after):
        neighbours = _neighbours(edit, source)
    return _Change(before, after, edit["rule"]), neighbours


def _neighbours(edit: Mapping[str, Any], source: str) -> _Neighbours:
    left, right = source[max(0, edit["start"] - 1) : edit["start"]], source[edit["end"] : edit["end"] + 1]
    return _Neighbours(left if HAN.match(left) else "", right if HAN.match(right) else "")


def _is_writing(text: str) -> bool:
    """Whether a side of a change is one or two Chinese characters: too few to say which word they are of."""
    return 0 < len(text) <= 2 and all(map(HAN.match, text))


_Key = tuple[_Neighbours, str]


def _told_apart(change: _Change, seen: Counter[_Key]) -> Iterator[tuple[Series, list[_Key]]]:
    """A change by the words that it mends, the commonest first; where it makes no word, by the characters on either side, so that
    what is decided about 人驻→入驻 is not decided about every 人.
    """
    rest = Counter(seen)
    while rest:
        side, neighbour, _ = _commonest(change.after, rest)
        if not neighbour:
            break
        found = {key: count for key, count in rest.items() if key[0][side] == neighbour}
        yield _beside(change, *((neighbour, "") if side == 0 else ("", neighbour)), found)
        for key in found:
            del rest[key]
    by_neighbours: dict[_Neighbours, dict[_Key, int]] = defaultdict(dict)
    for key, count in rest.items():
        by_neighbours[key[0]][key] = count
    for (left, right), found in by_neighbours.items():
        yield _beside(change, left, right, found)


def _beside(change: _Change, left: str, right: str, found: Mapping[_Key, int]) -> tuple[Series, list[_Key]]:
    """The series of a change between two neighbours, with what was counted for it."""
    before, after = (f"{left}{text}{right}" for text in (change.before, change.after))
    return Series(before, after, change.rule, _by_band(found), (left, right)), list(found)


def _commonest(after: str, seen: Mapping[tuple[_Neighbours, str], int]) -> tuple[int, str, int]:
    """The commonest neighbour that makes a word with `after`: its side (0 left, 1 right), the character, how often."""
    counts: Counter[tuple[int, str]] = Counter()
    for (neighbours, _), number in seen.items():
        for side, character in enumerate(neighbours):
            if character and (character + after if side == 0 else after + character) in words.load():
                counts[side, character] += number
    if not counts:
        return 0, "", 0
    (side, character), number = max(counts.items(), key=lambda item: (item[1], item[0]))
    return side, character, number


def _by_band(seen: Mapping[tuple[_Neighbours, str], int]) -> Counter[str]:
    bands: Counter[str] = Counter()
    for (_, band), number in seen.items():
        bands[band] += number
    return bands
