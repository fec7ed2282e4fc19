"""What is doubtful in lexicon files that can be used: words that would be corrected, terms that are known already."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cleaner.knowledge import lexicon, words
from cleaner.knowledge.lexicon.file import Parsed


class Doubt(StrEnum):
    """What may be wrong with a line that can be used."""

    WORD = "form that is a word"
    SHIPPED = "term that is known already"
    SHORT = "term of one character"
    SENTENCE = "term that reads like a sentence"
    FILES = "term or form of two files"


LONGEST = 30
"""Code points of a term; the longest of those shipped, names of institutions, have 21."""
_SENTENCE = re.compile("[。！？；，]")


class Remark(NamedTuple):
    """A doubt about a line (counted from 1) of a file."""

    path: Path
    line: int
    doubt: Doubt
    says: str


class Sums(NamedTuple):
    """How many terms a file has, by category, and how many are protected or have forms."""

    categories: Counter[str]
    protected: int
    with_forms: int


def warnings(files: Sequence[tuple[Path, Parsed]]) -> list[Remark]:
    """The doubts about files that would be used together, by file and line."""
    found = [warning for path, parsed in files for warning in _in_file(path, parsed)]
    order = {path: place for place, (path, _) in enumerate(files)}
    return sorted([*found, *_between(files)], key=lambda w: (order[w.path], w.line))


def sums(parsed: Parsed) -> Sums:
    """What is in a file."""
    terms = parsed.terms
    by_kind = Counter(terms.kinds.tolist())
    categories: Counter[str] = Counter()
    for kind, times in by_kind.items():
        categories[terms.of_kind[kind].category] += times
    protected = sum(times for kind, times in by_kind.items() if terms.of_kind[kind].protect)
    return Sums(categories, protected, len(terms.forms))


def _in_file(path: Path, parsed: Parsed) -> Iterator[Remark]:
    known, shipped = words.load(), _shipped()
    for number, (text, line) in enumerate(zip(parsed.terms.texts(), parsed.lines, strict=True)):
        if len(text) == 1:
            says = f"{text} is one character, which is never looked for; only `protect` has a meaning there"
            yield Remark(path, line, Doubt.SHORT, says)
        if len(text) > LONGEST or _SENTENCE.search(text):
            shown = text if len(text) <= LONGEST else text[:LONGEST] + "……"
            says = (
                f"{shown} reads like a sentence, and is found only where all of it stands; a term is a word or a name"
            )
            yield Remark(path, line, Doubt.SENTENCE, says)
        if text in shipped:
            says = f"{text} is in the shipped lexicon already ({shipped[text]}); this line takes its place"
            yield Remark(path, line, Doubt.SHIPPED, says)
        for form in parsed.terms.forms.get(number, ()):
            if form in known or form in shipped:
                says = f"{form} is a word, and would be corrected to {text} wherever it stands; leave the form out"
                yield Remark(path, line, Doubt.WORD, says)


def _between(files: Sequence[tuple[Path, Parsed]]) -> Iterator[Remark]:
    """Where files say different things: of a term the last one counts, and a form goes to the last term that lists it."""
    if len(files) < 2:
        return
    terms: dict[str, Path] = {}
    forms: dict[str, tuple[Path, str]] = {}
    for path, parsed in files:
        for number, (text, line) in enumerate(zip(parsed.terms.texts(), parsed.lines, strict=True)):
            if text in terms:
                yield Remark(
                    path, line, Doubt.FILES, f"{text} stands in {terms[text]} too; of two files the last counts"
                )
            for form in parsed.terms.forms.get(number, ()):
                where, other = forms.setdefault(form, (path, text))
                if other != text:
                    says = f"the form {form} is corrected to {other} by {where}; of two files the last counts"
                    yield Remark(path, line, Doubt.FILES, says)
        terms.update(dict.fromkeys(parsed.terms.texts(), path))


@cache
def _shipped() -> dict[str, str]:
    """The shipped terms with their categories."""
    return {term.text: term.category for term in lexicon.load()}
