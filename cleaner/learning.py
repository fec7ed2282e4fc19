"""Learning from a collection: what its documents have in common, counted in parts that merge.

Of each document, once cleaned, is counted what may repeat in others:

- the lines at its edges and at those of its pages: running heads and feet that come only once in each document;
- what is written with characters that belong to no known word there: names and terms;
- the misreads that were mended inside a word, with a neighbour: what one document made plain helps in another.

Each is counted once a document. Counts add up in any order to the same, so that processes and machines may count apart.
`facts` tells from them what is sure enough to be used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Final

from cleaner.knowledge import confusions, words
from cleaner.knowledge.learned import ARROW, CHANGE, HEAD, LINE, LONGEST, TERM, Fact, shape
from cleaner.text.width import HAN_RANGES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cleaner.knowledge.lexicon import Lexicon
    from cleaner.text.cleaned import Cleaned

LEAST_DOCUMENTS: Final = 3
"""Documents that a name or term must stand in."""
LEAST_CHANGED: Final = 2
"""Documents in which a misread must have been mended."""
SELDOM_LEFT: Final = 2
"""Times as many documents a misread must have been mended in as have it still, after cleaning."""
LEAST_HEADED, LEAST_SHARE = 5, 0.2
"""Documents that a running head must stand in, and what share of all: papers have a head, but each section has articles whose
first line is the same (编者按, 本报讯)."""
SHORTEST_TERM, LONGEST_TERM = 3, 8
ALONE: Final = 0.8
"""The share of a term among all that differs from it in one character. In histories 阳太守, 祖即位 and 任宰相 recur as names do, and
made harm; what such a thing is but for one character is oftener something else than a misread."""
FAR_COMMONER: Final = 3
"""Times as many documents a look-alike must stand in for a candidate to be taken for its misread."""


@dataclass(frozen=True)
class Counts:
    """What was counted in some documents: in how many of them each thing stands."""

    documents: int = 0
    characters: int = 0
    edges: Counter[str] = field(default_factory=Counter)
    """Lines at the edges of documents and pages, by shape."""
    at_breaks: Counter[str] = field(default_factory=Counter)
    """Those beside a folio or a page break."""
    changes: Counter[tuple[str, str]] = field(default_factory=Counter)
    texts: tuple[tuple[str, str], ...] = ()
    """The clean texts by the names of their documents, in which names and terms are looked for."""

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.documents + other.documents,
            self.characters + other.characters,
            self.edges + other.edges,
            self.at_breaks + other.at_breaks,
            self.changes + other.changes,
            self.texts + other.texts,
        )


def counts_of(name: str, cleaned: Cleaned) -> Counts:
    """What is counted of one document."""
    from cleaner.passes import repeated_lines

    edges = {shape(line.bare): beside for line, beside in repeated_lines.edge_lines(cleaned.source)}
    return Counts(
        1,
        len(cleaned.source),
        Counter(dict.fromkeys((said for said in edges if len(said) <= LONGEST), 1)),
        Counter(dict.fromkeys((said for said, beside in edges.items() if beside and len(said) <= LONGEST), 1)),
        Counter(set(_changes(cleaned))),
        ((name, _without_suspects(cleaned)),),
    )


def _without_suspects(cleaned: Cleaned) -> str:
    """The clean text, a mark in place of what is suspected to be misread, so that no term is made of it."""
    chars = list(cleaned.text)
    for edit in (*cleaned.suggestions, *cleaned.flags):
        if edit.kind == "change":
            low, high = cleaned.to_clean(edit.start), cleaned.to_clean(edit.end)
            chars[low:high] = SUSPECT * (high - low)
    return "".join(chars)


SUSPECT: Final = "\n"
_RUN = re.compile(rf"[{HAN_RANGES}]{{2,}}")


def _changes(cleaned: Cleaned) -> Iterator[tuple[str, str]]:
    """The look-alikes put right, with the character before or behind: 的人→的入, 人驻→入驻."""
    source = cleaned.source
    for edit in cleaned.edits:
        if edit.pass_ in ("misreads", "terms") and edit.after and len(edit.after) == len(edit.before):
            for before, after in (
                (source[edit.start - 1 : edit.end], source[edit.start - 1 : edit.start] + edit.after),
                (source[edit.start : edit.end + 1], edit.after + source[edit.end : edit.end + 1]),
            ):
                if len(before) == len(after) and _RUN.fullmatch(before) and _RUN.fullmatch(after):
                    yield before, after


def facts(counts: Counts, lexicon: Lexicon) -> list[Fact]:
    """What is sure enough to be used, in no order."""
    return [*_heads(counts), *_terms(counts, lexicon), *_confirmed(counts)]


def _confirmed(counts: Counts) -> Iterator[Fact]:
    """Misreads mended in several documents, and seldom left: 没在 stands for 没有 where that was misread, and for itself in others."""
    for (before, after), number in counts.changes.items():
        if number >= LEAST_CHANGED and number > counts.changes[after, before]:
            left = sum(before in text for _, text in counts.texts)
            if number >= SELDOM_LEFT * left:
                yield Fact(CHANGE, f"{before}{ARROW}{after}", number)


def _heads(counts: Counts) -> Iterator[Fact]:
    """Lines at the edges of enough documents. One that mostly stands beside folios is a running head; what stands alone may be a
    heading or byline of each of them."""
    least = max(LEAST_HEADED, ceil(LEAST_SHARE * counts.documents))
    for said, number in counts.edges.items():
        if number >= least:
            yield Fact(HEAD if 2 * counts.at_breaks[said] >= number else LINE, said, number)


def _terms(counts: Counts, lexicon: Lexicon) -> Iterator[Fact]:
    """Names and terms that recur, hold together and are free at the edges, and are no misreads of commoner ones."""
    from cleaner.knowledge.lexicon import likely
    from cleaner.knowledge.lexicon.exact import Exact
    from cleaner.knowledge.lexicon.filed import code_points
    from cleaner.knowledge.lexicon.harvest import candidates

    texts = [text for _, text in sorted(counts.texts)]
    found = candidates(texts, LEAST_DOCUMENTS, LONGEST_TERM, likely.LEAST_COHESION, likely.LEAST_FREEDOM)
    terms = [one.candidate.text for one in likely.likely_terms(found) if one.category != likely.PHRASE]
    terms = sorted(
        term
        for term in terms
        if _RUN.fullmatch(term) and len(term) >= SHORTEST_TERM and not words.load().cover(term).all()
    )
    if not terms:
        return
    exact = Exact(terms)
    often = Counter(terms[number] for text in texts for number in {n for _, n in exact.find(code_points(text))})
    alone = dict(zip(terms, _alone(terms, texts), strict=True))
    for term, number in often.items():
        if number >= LEAST_DOCUMENTS and alone[term] >= ALONE and not _is_misread(term, often, lexicon):
            yield Fact(TERM, term, number)


def _alone(terms: Sequence[str], texts: Iterable[str]) -> list[float]:
    """For each term its share among all that stands in the texts and differs from it in at most one character: at the character
    where that is least. Of what ends in 太守, 阳太守 is one of many; nothing but 漱石湾 ends in 石湾.
    """
    import numpy as np

    from cleaner.knowledge.lexicon.filed import code_points

    codes = code_points("\n".join(texts)).astype(np.uint64)
    turns = np.random.default_rng(1).integers(1, 2**63, LONGEST_TERM, dtype=np.uint64) | np.uint64(1)
    shares = np.ones(len(terms))
    for length in {len(term) for term in terms}:
        of_length = np.array([n for n, term in enumerate(terms) if len(term) == length])
        mine = [
            code_points("".join(terms[n][at] for n in of_length)).astype(np.uint64) * turns[at] for at in range(length)
        ]
        theirs = [codes[at : len(codes) - length + 1 + at] * turns[at] for at in range(length)]
        whole, all_of_them = sum(mine[1:], mine[0]), sum(theirs[1:], theirs[0])
        standing = _times(whole, all_of_them)
        for at in range(length):
            shares[of_length] = np.minimum(
                shares[of_length], standing / np.maximum(1, _times(whole - mine[at], all_of_them - theirs[at]))
            )
    return list(map(float, shares))


def _times(asked: NDArray[np.uint64], among: NDArray[np.uint64]) -> NDArray[np.int64]:
    """How often each number asked for is among others."""
    import numpy as np

    keys, back = np.unique(asked, return_inverse=True)
    at = np.minimum(np.searchsorted(keys, among), len(keys) - 1)
    counts = np.bincount(at[keys[at] == among], minlength=len(keys))
    return counts[back].astype(np.int64)


def _is_misread(said: str, often: Counter[str], lexicon: Lexicon) -> bool:
    """Whether it is a known word or term, or one found far oftener, but for one character of like shape."""
    known, listed = confusions.load(), words.load()
    for at, char in enumerate(said):
        for other, _ in known.lookalikes(char):
            instead = said[:at] + other + said[at + 1 :]
            if often[instead] >= FAR_COMMONER * often[said] or instead in lexicon or instead in listed:
                return True
    return False
