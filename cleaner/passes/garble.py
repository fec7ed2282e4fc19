"""Garble: text that no edit can mend is marked, so that later passes keep out and readers are warned.

Generative recognisers lose their place and say a phrase again and again; lettering in pictures comes out as characters that
make no text. The spans are flagged; nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.evidence import garbled
from cleaner.page import Page
from cleaner.rules import Rule
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band

RULES = (
    Rule(
        "garble/loop",
        "Marks a phrase that is said again at once: a recogniser's loop.",
        "Generative recognisers that lose their place repeat what they wrote last, often with words lost around it. What the page says, only the page tells.",
    ),
    Rule(
        "garble/improbable",
        "Marks a run of characters that make no text.",
        "Lettering in pictures, interleaved columns and bad scans leave characters whose neighbours never meet in Chinese. Measured by the language model over sixteen characters at a time.",
    ),
    Rule(
        "garble/isolated",
        "Marks a line of single characters that make no text.",
        "Recognisers read characters into figures, borders and the cells of tables. Words set wide (浙 江 日 报) make a text when they are read together, and rows of names are names.",
    ),
)


def propose(page: Page) -> Iterator[Proposal]:
    """Flags over garbled spans."""
    for start, end, fault, evidence in page.once(garbled.spans):
        yield Proposal(start, end, None, f"garble/{fault}", 0.7, Band.FLAGGED, evidence)
