"""A text as one pass sees it: the text, and what several passes ask about it, found once and only when asked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any, TypeVar

from cleaner.knowledge.learned import NOTHING, Learned
from cleaner.settings import Settings
from cleaner.text import blocks
from cleaner.text.blocks import Line, Measure, Row
from cleaner.text.occurrences import Occurrences
from cleaner.text.spans import Spans

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cleaner.knowledge.lexicon import Lexicon
    from cleaner.knowledge.model import Encoded, LanguageModel
    from cleaner.knowledge.script import Script
    from cleaner.text.recognised import Recognised

_Found = TypeVar("_Found")
_BACKQUOTED = re.compile("`[^`\n]+`")


class Page:
    """The text that the passes before left, with the settings of the run. Read-only, but for what its `memory` holds."""

    def __init__(
        self,
        text: str,
        settings: Settings,
        lexicon: Lexicon,
        before: Page | None = None,
        recognised: Callable[[], Recognised] | None = None,
        learned: Learned = NOTHING,
        own_model: LanguageModel | None = None,
    ) -> None:
        """`before` is the page that this one was made of: what was found out about its lines need not be found again.
        `recognised` gives what the recogniser told of each code point of the text, `learned` is what its collection taught,
        `own_model` the language model to ask instead of the shipped one.
        """
        self.text = text
        self.settings = settings
        self.lexicon = lexicon
        self.learned = learned
        self._own_model = own_model
        self._recognised = recognised
        self._found: dict[Callable[[Page], Any], Any] = {}
        self._memories: dict[tuple[object, ...], dict[Any, Any]] = before._memories if before else {}

    def memory(self, *about: object) -> dict[Any, Any]:
        """What is known of lines, and depends on nothing but their text: kept from page to page while a text is cleaned."""
        return self._memories.setdefault(about, {})

    def once(self, find: Callable[[Page], _Found]) -> _Found:
        """What `find` makes of the page: looked for when it is first asked for, then kept."""
        if find not in self._found:
            self._found[find] = find(self)
        found: _Found = self._found[find]
        return found

    def by_line(self, search: Callable[[Page], Iterable[tuple[int, _Found]]]) -> list[tuple[int, _Found]]:
        """What `search` finds in a page, with offsets, in order. It must find in each line the same, whatever the other lines
        are, so that it need not be asked again about lines that it has seen.
        """
        known = self.memory(search, self.script)
        lines = self.text.split("\n")
        fresh = [line for line in dict.fromkeys(lines) if line not in known]
        if fresh:
            whole = len(fresh) == len(lines)
            page = self if whole else self._of("\n".join(fresh))
            page.script = self.script
            known.update((line, []) for line in fresh)
            starts = _starts(fresh)
            for offset, found in search(page):
                at = bisect_right(starts, offset) - 1
                known[fresh[at]].append((offset - starts[at], found))
        return [
            (start + offset, found)
            for start, line in zip(_starts(lines), lines, strict=True)
            for offset, found in known[line]
        ]

    def _of(self, text: str) -> Page:
        """Another text as this one is seen, of lines of it."""
        return Page(text, self.settings, self.lexicon, self, learned=self.learned, own_model=self._own_model)

    @cached_property
    def lines(self) -> list[Line]:
        """The lines that are not blank."""
        return blocks.lines_of(self.text, self.memory("looks"), self.simplified)

    @cached_property
    def breaks(self) -> NDArray[np.int64]:
        """The offsets at which lines end."""
        return blocks.breaks_of(self.codes)

    def rows_at(self, places: NDArray[np.int64]) -> Iterator[Row]:
        """The lines that hold some of the places (offsets, ascending), whatever they are; code left out."""
        return blocks.rows_at(self.text, self.breaks, places)

    @cached_property
    def measures(self) -> list[Measure]:
        """For each line, how wide lines are set around it."""
        return blocks.measures(self.lines)

    @cached_property
    def codes(self) -> NDArray[np.uint32]:
        """The code points of the text."""
        import numpy as np

        return np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)

    @cached_property
    def recognised(self) -> Recognised | None:
        """What the recogniser told of each code point, nothing of what a pass put in. None where there is but the text."""
        return self._recognised() if self._recognised else None

    @cached_property
    def doubts(self) -> NDArray[np.float64] | None:
        """How much the recogniser doubted each code point; None where there is but the text."""
        return None if self.recognised is None else self.recognised.doubts()

    @cached_property
    def script(self) -> Script:
        """Whether the text is in simplified or traditional characters."""
        from cleaner.knowledge import script

        return script.of(self.codes)

    @cached_property
    def occurrences(self) -> Occurrences:
        """How often each two and each three neighbouring characters occur in the text."""
        return Occurrences(self.codes)

    @cached_property
    def model(self) -> LanguageModel:
        """The language model: that of the settings, or the shipped one."""
        from cleaner.knowledge import model

        return self._own_model or model.load()

    @cached_property
    def encoded(self) -> Encoded:
        """The text as symbols of the language model; traditional characters by way of their simplified ones."""
        from cleaner.knowledge import script

        return self.model.encode(self.text, script.fold_table() if self.script is script.Script.HANT else None)

    @cached_property
    def scores(self) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """Log10 probability of each symbol, and the order of the n-gram that gave it; of the text and a boundary after it."""
        return self.model.score_lines(self.encoded.ids, self.memory("scores"))

    @cached_property
    def hyphenated(self) -> frozenset[tuple[str, str]]:
        """The two halves of Latin words that a line end divides and that stand in a line with their hyphen."""
        from cleaner.text import hyphens

        return hyphens.hyphenated(self.text)

    @cached_property
    def code(self) -> Spans:
        """Fenced code, and what stands between backquotes on a line."""
        fenced = blocks.code_spans(self.text)
        quoted = [m.span() for m in _BACKQUOTED.finditer(self.text) if m.start() not in fenced]
        return fenced.with_(quoted)

    @cached_property
    def covered(self) -> NDArray[np.uint8]:
        """For each code point the length of the longest word of the list over it; 0: none."""
        from cleaner.knowledge import words

        return words.load().cover(self.simplified)

    @cached_property
    def simplified(self) -> str:
        """The text as lists of simplified words can be asked about it: itself, or with its traditional characters folded."""
        from cleaner.knowledge import script

        return script.simplified(self.text) if self.script is script.Script.HANT else self.text


def _starts(lines: Sequence[str]) -> list[int]:
    """The offsets at which the lines of a text begin."""
    return [0, *accumulate(len(line) + 1 for line in lines[:-1])]
