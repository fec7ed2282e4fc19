"""What comes out of cleaning a text: the clean text, every edit, and the way back."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property
from itertools import chain

from cleaner.text import quality
from cleaner.text.edits import Edit, Piece, invert, layout
from cleaner.text.quality import Paragraph

Bands = tuple[tuple[Edit, ...], tuple[Edit, ...], tuple[Edit, ...]]
"""Edits by band: applied, suggested, flagged."""


class Cleaned:
    """A cleaned text. Offsets count code points; `edits` are those applied, in the order of the source.

    `suggestions` are edits left for a person, `flags` mark faults that no edit can mend; neither changed the text.
    """

    def __init__(
        self,
        source: str,
        text: str,
        edits: tuple[Edit, ...] = (),
        suggestions: tuple[Edit, ...] = (),
        flags: tuple[Edit, ...] = (),
    ) -> None:
        self.source = source
        self.text = text
        self._make: Callable[[], Bands] = lambda: (edits, suggestions, flags)

    @classmethod
    def of(cls, source: str, text: str, make: Callable[[], Bands]) -> Cleaned:
        """A cleaned text whose edits are made by `make` when they are first asked for."""
        cleaned = cls(source, text)
        cleaned._make = make
        return cleaned

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits that were applied, in the order of the source."""
        return self._bands[0]

    @property
    def suggestions(self) -> tuple[Edit, ...]:
        """Likely edits, left for a person."""
        return self._bands[1]

    @property
    def flags(self) -> tuple[Edit, ...]:
        """Faults that no edit can mend."""
        return self._bands[2]

    @cached_property
    def _bands(self) -> Bands:
        bands = self._make()
        self._make = lambda: bands  # lets go of what the edits were made from
        return bands

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Cleaned):
            return NotImplemented
        return (self.source, self.text, self._bands) == (other.source, other.text, other._bands)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Cleaned({self.source!r}, {self.text!r}, {self.edits!r}, {self.suggestions!r}, {self.flags!r})"

    def __reduce__(self) -> tuple[type[Cleaned], tuple[str, str, *Bands]]:
        return Cleaned, (self.source, self.text, *self._bands)

    @property
    def quality(self) -> float:
        """How well the text was read, from 0 (nothing right) to 1 (nothing wrong was seen); see `cleaner.text.quality`."""
        return quality.of(self.text, chain(*self._bands))

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs of the clean text, each with its quality."""
        return quality.of_paragraphs(self.text, chain(*self._bands), self.to_clean)

    def to_source(self, offset: int) -> int:
        """The offset in the source of the character at `offset` of the clean text (its length gives the source's).

        Inside a replacement, the character that stands as far into what was replaced. Raises IndexError out of range.
        """
        if not 0 <= offset <= len(self.text):
            raise IndexError(f"offset {offset} is outside the clean text (0 to {len(self.text)})")
        if offset == len(self.text):
            return len(self.source)
        piece = self._by_clean[1][bisect_right(self._by_clean[0], offset) - 1]
        return min(piece.source_start + offset - piece.clean_start, max(piece.source_start, piece.source_end - 1))

    def to_clean(self, offset: int) -> int:
        """The offset in the clean text of the character at `offset` of the source (its length gives the clean text's).

        What was removed maps to the place where it stood; a moved span is followed. Raises IndexError out of range.
        """
        if not 0 <= offset <= len(self.source):
            raise IndexError(f"offset {offset} is outside the source (0 to {len(self.source)})")
        if offset == len(self.source):
            return len(self.text)
        piece = self._by_source[1][bisect_right(self._by_source[0], offset) - 1]
        return min(piece.clean_start + offset - piece.source_start, max(piece.clean_start, piece.clean_end - 1))

    def revert(self) -> str:
        """The source, rebuilt from the clean text and the edits alone."""
        return invert(self.text, self.edits)

    @cached_property
    def _pieces(self) -> list[Piece]:
        return list(layout(self.edits, len(self.source)))

    @cached_property
    def _by_clean(self) -> tuple[list[int], list[Piece]]:
        pieces = [p for p in self._pieces if p.clean_end > p.clean_start]
        return [p.clean_start for p in pieces], pieces

    @cached_property
    def _by_source(self) -> tuple[list[int], list[Piece]]:
        pieces = sorted((p for p in self._pieces if p.source_end > p.source_start), key=lambda p: p.source_start)
        return [p.source_start for p in pieces], pieces
