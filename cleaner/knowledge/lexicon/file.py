"""A lexicon of one's own: a TSV file with five columns, of which only the first is needed.

    term<TAB>category<TAB>weight<TAB>forms<TAB>protect

UTF-8; `#` begins a comment line, and a column that begins with it is a comment to the end of the line; a first line that
begins with `term` names the columns. A line that cannot be used is a problem, with what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from cleaner.knowledge.lexicon.terms import DEFAULT_WEIGHT, USER_CATEGORY, Kind, Term, Terms

LIGHTEST, HEAVIEST = 0.0, 9.0
SHORTEST_FORM: Final = 2  # one character is part of too many words
HEADER: Final = "# term\tcategory\tweight\tforms\tprotect"
COMMENT: Final = "\t#"  # begins a comment behind the columns
COLUMNS: Final = ("term", "category", "weight", "forms", "protect")

_YES: Final = frozenset({"protect", "yes", "true", "1"})
_NO: Final = frozenset({"", "no", "false", "0"})
_UNPRINTABLE: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]"
)  # control characters but tab and LF
_SPACED_COLUMNS: Final = re.compile(r".* \d+(?:\.\d+)?(?: .*)?")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class Problem(NamedTuple):
    """What is wrong in a line (counted from 1), and what to write instead."""

    line: int
    says: str


class LexiconError(ValueError):
    """A lexicon file that cannot be used. Says in which file and line, what is wrong and what to write instead."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(path, line, problem)
        self.path, self.line, self.problem = path, line, problem

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}: {self.problem}"


@dataclass(frozen=True)
class Parsed:
    """The terms of a file, the line of each, and all that is wrong in it, by line."""

    terms: Terms
    lines: list[int]
    problems: list[Problem]


def read(path: Path) -> list[Term]:
    """The terms of a lexicon file, in its order. Raises LexiconError for the first problem in it, OSError where it
    cannot be read."""
    return list(terms_of(path))


def terms_of(path: Path) -> Terms:
    """As `read`, in columns."""
    with path.open("rb") as stream:
        parsed = parse(stream)
    if parsed.problems:
        raise LexiconError(path, *parsed.problems[0])
    return parsed.terms


def parse(lines: Iterable[bytes]) -> Parsed:
    """The terms of a file's lines, each with its line feed, and all problems in them."""
    rows = _Rows()
    for number, raw in enumerate(lines, start=1):
        try:
            rows.take(number, raw)
        except ValueError as fault:
            rows.problems.append(Problem(number, str(fault)))
    rows.problems += _doubles(rows)
    rows.problems.sort()
    return Parsed(Terms(rows.texts, rows.kinds, list(rows.kind_of), rows.forms), rows.lines, rows.problems)


def line_of(text: str, category: str, weight: float | None, forms: Iterable[str], protect: bool) -> str:
    """The line that says this of a term, without its end; columns that are left empty at the end are left out."""
    weighed = "" if weight is None else f"{weight:g}"
    return "\t".join((text, category, weighed, "|".join(forms), "protect" if protect else "")).rstrip("\t")


@dataclass
class _Rows:
    """What the lines so far have said. Lines are read fast where all after the first tab was seen before: of a million
    terms few have a category, weight and protection that no other has."""

    texts: list[str] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    forms: dict[int, tuple[str, ...]] = field(default_factory=dict)
    kind_of: dict[Kind, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def take(self, number: int, raw: bytes) -> None:
        """Takes a line in. Raises ValueError for one that cannot be used."""
        row = _decoded(raw, number == 1)
        row = row.partition(COMMENT)[0] if COMMENT in row else row
        text, _, rest = row.partition("\t")
        kind = self.known.get(rest)
        if kind is None or not text.isalnum():
            if not row.strip() or row.startswith("#") or (number == 1 and row.lower().startswith("term\t")):
                return
            term = _term(row)
            text = term.text
            kind = self.kind_of.setdefault(Kind(term.category, term.weight, term.protect), len(self.kind_of))
            if term.forms:
                self.forms[len(self.texts)] = term.forms
            else:
                self.known[rest] = kind
        self.texts.append(text)
        self.kinds.append(kind)
        self.lines.append(number)


def _decoded(raw: bytes, first: bool) -> str:
    """A line without its end. Raises ValueError where it is not UTF-8."""
    if first:
        raw = raw.removeprefix(_BYTE_ORDER_MARK)
    try:
        row = raw.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise ValueError("not UTF-8; save the file as UTF-8") from None
    return row


def _doubles(rows: _Rows) -> Iterator[Problem]:
    """Terms that stand in two lines, forms that are to become two terms, or are a term themselves."""
    lines = dict(zip(reversed(rows.texts), reversed(rows.lines), strict=True))  # the first line of each
    if len(lines) < len(rows.texts):
        for text, line in zip(rows.texts, rows.lines, strict=True):
            if lines[text] != line:
                yield Problem(line, f"{text} stands in line {lines[text]} already; keep one of the two lines")
    claimed: dict[str, int] = {}  # the number of the term that a form is to become
    for number, forms in rows.forms.items():
        line, text = rows.lines[number], rows.texts[number]
        for form in forms:
            other = claimed.setdefault(form, number)
            if rows.texts[other] != text:
                where = f"{rows.texts[other]} (line {rows.lines[other]})"
                yield Problem(line, f"the form {form} would be corrected to {where} and to {text}; keep one")
            if form in lines:
                where = f"is a term itself (line {lines[form]})"
                yield Problem(line, f"{form} is to be corrected to {text}, but {where}; drop one of the two")


def _term(row: str) -> Term:
    if unprintable := _UNPRINTABLE.search(row):
        raise ValueError(f"the character U+{ord(unprintable[0]):04X} cannot stand here; take it out")
    columns = [column.strip() for column in row.split("\t")]
    if len(columns) > len(COLUMNS):
        raise ValueError(f"{len(columns)} columns; there are at most five, separated by tabs: {', '.join(COLUMNS)}")
    if len(columns) == 1 and _SPACED_COLUMNS.fullmatch(columns[0]):
        raise ValueError("no tab; separate the columns by tabs, not by spaces")
    if len(columns) == 1 and "," in row:
        raise ValueError("no tab, but a comma; separate the columns by tabs")
    if not columns[0]:
        raise ValueError("the first column is empty; write the term there, or # before a comment")
    text, category, weight, forms, protect = columns + [""] * (len(COLUMNS) - len(columns))
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
