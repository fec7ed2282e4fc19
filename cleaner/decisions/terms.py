"""Decisions that hold for good: as lines of a lexicon, for runs over other collections."""

from __future__ import annotations

from collections.abc import Iterable

from cleaner.decisions.decision import Decision
from cleaner.knowledge.lexicon.file import HEADER, SHORTEST_FORM
from cleaner.knowledge.lexicon.terms import USER_CATEGORY

__all__ = ["HEADER", "lexicon_lines"]


def lexicon_lines(decisions: Iterable[Decision]) -> tuple[list[str], list[Decision]]:
    """Lexicon lines that do what decisions that hold everywhere do, and the decisions that no lexicon can hold.

    `always` 人驻 → 入驻 is the term 入驻 with the form 人驻; `never` protects the word as it stands. A single character or
    mark cannot be a term.
    """
    forms: dict[str, list[str]] = {}
    protected: list[str] = []
    left_out: list[Decision] = []
    for decision in decisions:
        if not decision.everywhere or decision.verdict not in ("always", "never"):
            continue
        left, right = decision.beside
        before, after = (f"{left}{side}{right}" for side in (decision.before, decision.after or ""))
        if not all(map(_is_term, (before, after))):
            left_out.append(decision)
        elif decision.verdict == "never":
            protected.append(before)
        else:
            forms.setdefault(after, []).append(before)
    lines = [f"{term}\t{USER_CATEGORY}\t\t{'|'.join(dict.fromkeys(wrong))}" for term, wrong in sorted(forms.items())]
    lines += [f"{term}\t{USER_CATEGORY}\t\t\tprotect" for term in sorted(set(protected) - set(forms))]
    return lines, left_out


def _is_term(text: str) -> bool:
    return len(text) >= SHORTEST_FORM and text.isalnum()
