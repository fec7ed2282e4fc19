"""What was learned from a collection: a file that a person can read and edit, and that the next run is given.

UTF-8, a fact a line, four columns, of which the first two are needed:

    kind<TAB>text<TAB>documents<TAB>mark

    line      a line that stands at the edge of pages again and again, without spaces, each number a 0: suggested to be removed there
    head      the same, removed there: it holds the page, the issue or the date, or stood beside folios
    term      a name or term that no dictionary of cleaner has
    change    a misread that was mended in several documents, with a neighbour: 人驻→入驻

`documents` is in how many it was found. The mark `never` keeps a fact from being used, and from being learned again; `keep` has
it used though it was not found again. `#` begins a comment line.

A file says nothing of how a text is cleaned but through what it lists, so that a document's result depends on the text, the
settings and this file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from cleaner.knowledge.script import simplified
from cleaner.text.occurrences import Occurrences

HEAD, LINE, TERM, CHANGE = KINDS = ("head", "line", "term", "change")
KEEP, NEVER = MARKS = ("keep", "never")
ARROW: Final = "→"
COLUMNS: Final = ("kind", "text", "documents", "mark")
BY_HAND: Final = 5
"""In how many documents a fact is taken to have been found that somebody wrote in without a number."""
MOST_COUNTED: Final = 5
"""Documents beyond which one more says nothing: the weights of the noisy channel were learned on single documents."""
LONGEST: Final = 40  # code points of a fact's text


class LearnedError(ValueError):
    """A file of what was learned that cannot be used. Says in which line, what is wrong and what to write instead."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(path, line, problem)
        self.path, self.line, self.problem = path, line, problem

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}: {self.problem}"


class Fact(NamedTuple):
    """A line of the file; the text of a change is that before and that after, with an arrow between."""

    kind: str
    text: str
    documents: int
    mark: str = ""

    def as_line(self) -> str:
        """The fact as a line of the file, without its end."""
        return "\t".join((self.kind, self.text, str(self.documents), self.mark)).rstrip("\t")


@dataclass(frozen=True)
class Learned:
    """What was learned, as the passes ask for it: in how many documents each thing was found."""

    heads: Mapping[str, int] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    terms: Mapping[str, int] = field(default_factory=dict)
    changes: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> Learned:
        """What these facts say, those marked `never` left out."""
        found: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}
        for fact in facts:
            if fact.mark != NEVER:
                found[fact.kind][fact.text] = fact.documents
        for kind in (HEAD, LINE):  # asked about as lines say it, whose characters are simplified ones
            found[kind] = {simplified(text): documents for text, documents in found[kind].items()}
        changes = {(text.partition(ARROW)[0], text.partition(ARROW)[2]): n for text, n in found[CHANGE].items()}
        return cls(found[HEAD], found[LINE], found[TERM], changes)

    @cached_property
    def occurrences(self) -> Occurrences | None:
        """How often pairs and threes of characters stand in the terms, each counted once a document up to MOST_COUNTED; None
        where there are no terms."""
        import numpy as np

        text = "\n".join(f"{term}\n" * min(number, MOST_COUNTED) for term, number in self.terms.items())
        return Occurrences(np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)) if text else None

    def confirmed(self, text: str, at: int, printed: str) -> int:
        """In how many other documents the character at an offset was mended to `printed`, beside the same neighbours."""
        before, read, after = text[at - 1 : at] if at else "", text[at], text[at + 1 : at + 2]
        pairs = ((before + read, before + printed), (read + after, printed + after))
        return sum(max(0, self.changes.get(pair, 0) - 1) for pair in pairs)  # one of them may be this document


NOTHING: Final = Learned()


def load(path: Path | None) -> Learned:
    """What the file says; nothing for None. Raises LearnedError for the first fault in it, OSError where it cannot be read."""
    return NOTHING if path is None else _loaded(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _loaded(path: Path, changed: int) -> Learned:
    return Learned.of(read(path))


def read(path: Path) -> list[Fact]:
    """The facts of a file, in its order. Raises LearnedError for the first line that cannot be used, OSError."""
    facts: list[Fact] = []
    lines: dict[tuple[str, str], int] = {}
    for number, raw in enumerate(path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        try:
            fact = _fact(raw)
            if fact is None:
                continue
            earlier = lines.setdefault(fact[:2], number)
            if earlier != number:
                raise ValueError(f"{fact.kind} {fact.text} stands in line {earlier} already; keep one of the two lines")
        except ValueError as fault:
            raise LearnedError(path, number, str(fault)) from None
        facts.append(fact)
    return facts


def written(facts: Iterable[Fact], comments: Iterable[str] = ()) -> bytes:
    """A file with these facts, the comments above them: by kind, and then those of most documents first."""
    ordered = sorted(facts, key=lambda f: (KINDS.index(f.kind), -f.documents, f.text))
    lines = [
        *(f"# {comment}" for comment in comments),
        "# " + "\t".join(COLUMNS),
        *(fact.as_line() for fact in ordered),
    ]
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def _fact(raw: bytes) -> Fact | None:
    """What a line says; None for a comment or a blank one. Raises ValueError for one that cannot be used."""
    try:
        row = raw.decode("utf-8").removesuffix("\r")
    except UnicodeDecodeError:
        raise ValueError("not UTF-8; save the file as UTF-8") from None
    if not row.strip() or row.startswith("#"):
        return None
    columns = [column.strip() for column in row.split("\t")]
    if not 2 <= len(columns) <= len(COLUMNS):
        raise ValueError(f"{len(columns)} columns; there are two to four, separated by tabs: {', '.join(COLUMNS)}")
    kind, text, documents, mark = columns + [""] * (len(COLUMNS) - len(columns))
    if kind not in KINDS:
        raise ValueError(f"{kind!r} in the column kind; write {', '.join(KINDS[:-1])} or {KINDS[-1]}")
    if mark not in (*MARKS, ""):
        raise ValueError(f"{mark!r} in the column mark; write keep or never, or leave the column empty")
    if documents and not (re.fullmatch("[0-9]{1,9}", documents) and int(documents)):
        raise ValueError(f"{documents!r} in the column documents; write a number from 1, or leave the column empty")
    if fault := next(_faults(kind, text), None):
        raise ValueError(fault)
    return Fact(kind, text, int(documents or BY_HAND), mark)


def _faults(kind: str, text: str) -> Iterator[str]:
    """What is wrong with the text of a fact."""
    if not text:
        yield "the column text is empty; write what was learned there, or # before a comment"
    elif len(text) > LONGEST:
        yield f"{len(text)} characters in the column text; {LONGEST} at most are used"
    elif kind == TERM and (len(text) < 2 or not text.isalnum()):
        yield f"the term {text!r} must be two characters or more, without spaces or marks"
    elif kind in (HEAD, LINE) and text != shape(text):
        yield f"the line {text!r} is compared without spaces, each number a 0: write {shape(text)!r}"
    elif kind == CHANGE:
        before, arrow, after = text.partition(ARROW)
        if not arrow or len(before) != len(after) or before == after or not (before + after).isalnum():
            yield f"the change {text!r} must be as many characters before as after {ARROW}, as in 人驻→入驻"


def shape(line: str) -> str:
    """A line as it is compared with others: without spaces, each number a 0."""
    return re.sub(r"\d+", "0", "".join(line.split()))
