"""Terms of a lexicon, kept in columns: a million of them in 40 MB, where a million objects take 400."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.knowledge.lexicon.filed import Int, code_points

DEFAULT_WEIGHT: Final = 5.0  # a term that someone took the trouble to list is expected to occur
USER_CATEGORY: Final = "user"


@dataclass(frozen=True, slots=True)
class Term:
    """A term and what is known of it."""

    text: str
    category: str = USER_CATEGORY  # the name of the shipped file (places, titles, …), or what the user's file says
    weight: float = DEFAULT_WEIGHT  # 1 (rare) to 9 (common); shipped terms have the frequency class of `words.txt`
    forms: tuple[str, ...] = ()  # wrong forms of it that are to be corrected wherever they stand
    protect: bool = False  # no pass may touch it


class Kind(NamedTuple):
    """What many terms have in common."""

    category: str = USER_CATEGORY
    weight: float = DEFAULT_WEIGHT
    protect: bool = False


class Terms:
    """A sequence of terms. Never changes. No text may hold a line feed."""

    def __init__(
        self, texts: Sequence[str], kinds: Sequence[int], of_kind: Sequence[Kind], forms: Mapping[int, tuple[str, ...]]
    ) -> None:
        """`kinds` says for each text which of `of_kind` it is, `forms` has the forms of those (by number) with any."""
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        self._set(
            code_points("".join(texts)),
            np.concatenate(([0], np.cumsum(lengths))),
            np.array(kinds, dtype=np.int32),
            tuple(of_kind),
            dict(forms),
        )

    def _set(
        self,
        codes: NDArray[np.uint32],
        starts: Int,
        kinds: NDArray[np.int32],
        of_kind: tuple[Kind, ...],
        forms: dict[int, tuple[str, ...]],
    ) -> None:
        self.codes, self.starts, self.kinds, self.of_kind, self.forms = codes, starts, kinds, of_kind, forms

    @classmethod
    def of(cls, terms: Iterable[Term]) -> Terms:
        """These terms in columns."""
        texts, kinds, forms = [], [], {}
        of_kind: dict[Kind, int] = {}
        for number, term in enumerate(terms):
            texts.append(term.text)
            kinds.append(of_kind.setdefault(Kind(term.category, term.weight, term.protect), len(of_kind)))
            if term.forms:
                forms[number] = term.forms
        return cls(texts, kinds, tuple(of_kind), forms)

    @classmethod
    def joined(cls, parts: Sequence[Terms]) -> Terms:
        """The terms of all parts, one part after the other."""
        codes, starts, kinds = [], [np.zeros(1, dtype=np.int64)], []
        of_kind: list[Kind] = []
        forms: dict[int, tuple[str, ...]] = {}
        before = ends = 0
        for part in parts:
            codes.append(part.codes)
            starts.append(part.starts[1:] + ends)
            kinds.append(part.kinds + np.int32(len(of_kind)))
            of_kind += part.of_kind
            forms.update((before + number, listed) for number, listed in part.forms.items())
            before, ends = before + len(part), ends + len(part.codes)
        whole = cls.__new__(cls)
        whole._set(np.concatenate(codes), np.concatenate(starts), np.concatenate(kinds), tuple(of_kind), forms)
        return whole

    def __len__(self) -> int:
        return len(self.kinds)

    def __getitem__(self, number: int) -> Term:
        kind = self.of_kind[self.kinds[number]]
        return Term(self.text(number), kind.category, kind.weight, self.forms.get(number, ()), kind.protect)

    def __iter__(self) -> Iterator[Term]:
        return map(self.__getitem__, range(len(self)))

    def text(self, number: int) -> str:
        """The text of a term."""
        piece = self.codes[self.starts[number] : self.starts[number + 1]]
        return piece.tobytes().decode("utf-32-le", "surrogatepass")

    def texts(self) -> list[str]:
        """The texts of all terms."""
        whole = self.codes.tobytes().decode("utf-32-le", "surrogatepass")
        bounds = self.starts.tolist()
        return [whole[start:end] for start, end in pairwise(bounds)]

    @property
    def lengths(self) -> Int:
        """The code points of each text."""
        return np.diff(self.starts)

    def with_protect(self, numbers: Int) -> list[str]:
        """Of the terms of these numbers the texts of those that no pass may touch."""
        protected = np.array([kind.protect for kind in self.of_kind], dtype=np.bool_)
        return (
            [self.text(number) for number in numbers[protected[self.kinds[numbers]]].tolist()] if len(protected) else []
        )
