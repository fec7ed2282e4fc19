"""Misreads: characters taken for others of the same look.

A noisy channel with document evidence (`cleaner.evidence.channel`) finds look-alikes; dashes read as 一, small marks, characters that
fell in two, letters and characters of other scripts have rules of their own. Garbled spans are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.page import Page
from cleaner.passes.misreads import dashes, lookalikes, scripts, small_marks, splits
from cleaner.text.draft import Proposal

KINDS = (dashes, scripts, small_marks, splits, lookalikes)
RULES = tuple(rule for kind in KINDS for rule in kind.RULES)


def propose(page: Page) -> Iterator[Proposal]:
    """Proposals for misread characters."""
    if page.text:
        for kind in KINDS:
            yield from kind.propose(page)
