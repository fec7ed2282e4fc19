"""What is counted when a text is measured against its reference: values that add up, and the rates made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

CLASSES = ("han", "punctuation", "digits", "latin", "other")
"""The kinds of characters whose errors are counted apart."""


@dataclass(frozen=True, slots=True)
class Errors:
    """Errors among so many characters."""

    characters: int = 0
    errors: int = 0

    @property
    def rate(self) -> float | None:
        """Errors by characters; None where there is nothing to divide by. More errors than characters give more than 1."""
        return rate(self.errors, self.characters)

    def __add__(self, other: Errors) -> Errors:
        return Errors(self.characters + other.characters, self.errors + other.errors)


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one page, one document or many. Scores add up, so that totals weigh each character alike."""

    characters: int = 0
    """Characters of the reference."""
    replaced: int = 0
    """Characters for which another one stands."""
    lost: int = 0
    """Characters of the reference that are missing."""
    invented: int = 0
    """Characters that stand where the reference has none."""
    in_long_runs: int = 0
    """Of these errors, those in more than LONG_RUN lost or invented characters in a row: lost lines, heads left in."""
    in_any_order: int = 0
    """Errors if the order of characters did not count: those left when reading order is forgiven."""
    classes: Mapping[str, Errors] = field(default_factory=dict)
    """Errors by the kind of character (CLASSES): the one of the reference, or where it has none the one invented."""
    paragraphs: int = 0
    """Paragraphs of the reference: its lines."""
    paragraphs_right: int = 0
    """Those without an error in them."""
    breaks_kept: int = 0
    """Breaks between paragraphs that both texts have."""
    breaks_lost: int = 0
    """Breaks of the reference that are missing: two paragraphs made one."""
    lines_broken: int = 0
    """Breaks inside a paragraph of the reference: lines that should have been joined."""

    @property
    def errors(self) -> int:
        """Replaced, lost and invented characters: the Levenshtein distance."""
        return self.replaced + self.lost + self.invented

    @property
    def error_rate(self) -> float | None:
        """Character error rate (CER): errors by characters of the reference; 0 for two empty texts, None where only the
        reference is empty.
        """
        return rate(self.errors, self.characters)

    @property
    def error_rate_in_any_order(self) -> float | None:
        """The character error rate where order does not count."""
        return rate(self.in_any_order, self.characters)

    @property
    def break_recall(self) -> float | None:
        """Share of the reference's breaks that are kept; None where it has none that can be told."""
        return _share(self.breaks_kept, self.breaks_lost)

    @property
    def break_precision(self) -> float | None:
        """Share of the text's breaks that the reference has too; None where there is none that can be told."""
        return _share(self.breaks_kept, self.lines_broken)

    def __add__(self, other: Score) -> Score:
        sums = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(Score) if f.name != "classes"}
        names = dict.fromkeys((*self.classes, *other.classes))
        classes = {n: self.classes.get(n, Errors()) + other.classes.get(n, Errors()) for n in names}
        return Score(**sums, classes=classes)

    def as_table(self) -> dict[str, object]:
        """The counts and rates by name, as JSON takes them: what cannot be told is null."""
        counts = {f.name: getattr(self, f.name) for f in fields(Score) if f.name != "classes"}
        rates = {
            name: getattr(self, name)
            for name in ("errors", "error_rate", "error_rate_in_any_order", "break_recall", "break_precision")
        }
        classes = {
            name: {"characters": e.characters, "errors": e.errors, "error_rate": e.rate}
            for name in CLASSES
            if (e := self.classes.get(name, Errors()))
        }
        return {**counts, **rates, "classes": classes}


def rate(errors: int, characters: int) -> float | None:
    """Errors by characters; 0 where there are neither, None where there are only errors."""
    if characters:
        return errors / characters
    return None if errors else 0.0


def percent(share: float | None) -> str:
    """A share as a percentage with two decimals, – for one that cannot be told."""
    return "–" if share is None else f"{100 * share:.2f} %"


def _share(part: int, rest: int) -> float | None:
    return part / (part + rest) if part + rest else None
