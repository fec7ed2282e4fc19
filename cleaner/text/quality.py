"""How well a text was read, as a number between 0 and 1: for pipelines that drop what is not worth keeping.

Quality is 1 less the share of characters that are likely still wrong: those in garbled spans, and some for each misread that
was seen, applied or only suggested, for where some were seen others were not. On typeset pages read by three engines and on
clean text it follows the true share of errors left (`benchmarks/quality.py` prints how closely); what is clean has 1, or
nearly so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from cleaner.text.edits import Edit

UNSEEN = 6.0
"""Characters left wrong, most of them marks, for each misread seen: 79 typeset pages as three engines read them (`ocrlab/pages/train`)."""
BESIDE = 100
"""Clean characters that are thought to stand beside a text: one misread in a line of ten tells little of that line."""
_SEEN = ("misreads/", "terms/")
_GARBLED = ("garble/", "characters/undecodable")


class Paragraph(NamedTuple):
    """A paragraph of a clean text: where it begins and ends there, in code points, and how well it was read."""

    start: int
    end: int
    quality: float


def of(text: str, edits: Iterable[Edit]) -> float:
    """The quality of a whole clean text, 0 to 1, by its edits of all bands; 1 where it is empty."""
    return _quality(text, list(_telling(edits)))


def of_paragraphs(text: str, edits: Iterable[Edit], to_clean: Callable[[int], int]) -> tuple[Paragraph, ...]:
    """The quality of each paragraph of a clean text: of each line that is not blank. `to_clean` gives the place in it of an
    offset of the source.
    """
    starts, spans, at = [], [], 0
    for line in text.split("\n"):
        if line.strip():
            starts.append(at)
            spans.append((at, at + len(line)))
        at += len(line) + 1
    telling: list[list[Edit]] = [[] for _ in spans]
    for edit in _telling(edits) if spans else ():
        telling[max(0, bisect_right(starts, to_clean(edit.start)) - 1)].append(edit)
    return tuple(
        Paragraph(start, end, _quality(text[start:end], within))
        for (start, end), within in zip(spans, telling, strict=True)
    )


def at(paragraphs: Sequence[Paragraph], to_clean: Callable[[int], int]) -> Callable[[int], float]:
    """For an offset of the source the quality of the paragraph of the clean text in which that stands now."""
    if all(paragraph.quality == 1.0 for paragraph in paragraphs):
        return lambda offset: 1.0
    starts = [paragraph.start for paragraph in paragraphs]
    return lambda offset: paragraphs[max(0, bisect_right(starts, to_clean(offset)) - 1)].quality


def _telling(edits: Iterable[Edit]) -> Iterable[Edit]:
    """The edits that tell of what was read wrong."""
    for edit in edits:
        if any(rule.startswith(_SEEN + _GARBLED) for rule in (edit.rule, *(step.rule for step in edit.steps))):
            yield edit


def _quality(text: str, telling: Sequence[Edit]) -> float:
    characters = len(text) - sum(map(text.count, " \n\u3000"))
    if characters <= 0:
        return 1.0
    garbled = seen = 0
    for edit in telling:
        if edit.rule.startswith(_GARBLED):
            garbled += edit.end - edit.start
        else:
            seen += 1
    return round(max(0.0, 1.0 - garbled / characters - UNSEEN * seen / (characters + BESIDE)), 4)
