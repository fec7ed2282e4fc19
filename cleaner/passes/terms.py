"""Terms: words of the domain lexicon with a character misread, found by fuzzy matching and checked in context.

Where the language model stumbles, the lexicon is asked for terms that stand there but for a character or two (`Lexicon.near`:
an index of terms with characters left out, compared by rapidfuzz). A term is accepted only where the characters that differ
are look-alikes, what stands there is no word, and the text becomes much more probable with the term.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, log
from typing import NamedTuple

from cleaner.evidence import channel, likelier
from cleaner.evidence.garbled import beyond_mending
from cleaner.knowledge import confusions
from cleaner.knowledge.learned import MOST_COUNTED
from cleaner.knowledge.lexicon import Near
from cleaner.knowledge.script import Script
from cleaner.page import Page
from cleaner.rules import Rule
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band

RULES = (
    Rule(
        "terms/misread",
        "Puts a term of the lexicon for a word that differs from it by look-alike characters.",
        "Names of places, bodies and policies are known; a word that is one of them but for a character of like shape is that term misread. A short term needs more than likeness: the text around must ask for it.",
        (),
        "research: weighted fuzzy matching of the domain lexicon",
    ),
    Rule(
        "terms/user-form",
        "Puts a term of one's own lexicon for a form that the lexicon says to correct.",
        "A lexicon may list the wrong forms that one keeps meeting.",
    ),
)

LEAST_GRADE = 0.5
APPLY, SUGGEST = 0.9, 0.4
IN_OTHERS = 3.5
"""Log odds by which a term weighs more for each e-fold of the documents of the collection that it was found in."""


class _Misread(NamedTuple):
    """A term that stands in the text with characters misread: what it has from the first of them to the last."""

    after: str
    probability: float
    evidence: dict[str, object]


def propose(page: Page) -> Iterator[Proposal]:
    """Proposals for terms with a character misread, and for forms that a lexicon of one's own lists."""
    yield from _listed_forms(page)
    if page.script is Script.HANT:
        return
    for at, found in page.by_line(_misread):
        if not page.once(beyond_mending).touch(at, at + len(found.after)):
            band = Band.APPLIED if found.probability >= APPLY else Band.SUGGESTED
            rest = (found.after, "terms/misread", found.probability, band, found.evidence)
            yield Proposal(at, at + len(found.after), *rest)


def _misread(page: Page) -> Iterator[tuple[int, _Misread]]:
    """The terms that stand misread in lines of text, with the offset of the first misread character."""
    taken = -1
    places = [at for at in channel.stumbles(page) if not page.covered[at]]
    for near in page.lexicon.near(page.text, places) if places else ():
        if near.start <= taken:
            continue
        found = _weighed(page, near)
        if found is not None and found[0] >= SUGGEST:
            wrong = page.text[near.start : near.end]
            differ = [i for i, (a, b) in enumerate(zip(wrong, near.term.text, strict=True)) if a != b]
            low, high = differ[0], differ[-1] + 1
            yield near.start + low, _Misread(near.term.text[low:high], *found)
            taken = near.end - 1


def _listed_forms(page: Page) -> Iterator[Proposal]:
    """Forms to correct from that a lexicon lists, wherever they stand outside their term."""
    if (listed := page.lexicon.forms) is None:
        return
    forms, pairs = listed
    behind = 0  # where the last one ended: of forms that overlap the first counts, of those the longest
    for at, number in sorted(forms.find(page.codes), key=lambda found: (found[0], -forms.length(found[1]))):
        form, term = pairs[number]
        if at >= behind and not _is_part(page.text, at, form, term):
            behind = at + len(form)
            yield Proposal(at, behind, term, "terms/user-form", 0.99, evidence={"listed": True})


def _is_part(text: str, at: int, form: str, term: str) -> bool:
    """Whether the form that stands there is a piece of its term."""
    inside = term.find(form)
    while inside >= 0:
        if at >= inside and text.startswith(term, at - inside):
            return True
        inside = term.find(form, inside + 1)
    return False


def _weighed(page: Page, near: Near) -> tuple[float, dict[str, object]] | None:
    """The probability that the term was printed, with the evidence; None where likeness or a word speaks against it."""
    wrong, term = page.text[near.start : near.end], near.term.text
    pairs = [(a, b) for a, b in zip(wrong, term, strict=True) if a != b]
    if any(a.isdigit() or b.isdigit() for a, b in pairs):
        return None
    if any(page.covered[near.start + i] for i, (a, b) in enumerate(zip(wrong, term, strict=True)) if a != b):
        return None  # what stands there is a word: 英国国防部 is not 美国国防部 misread
    grade = min(confusions.load().grade(a, b) for a, b in pairs)
    if grade < LEAST_GRADE or wrong in page.lexicon:
        return None
    gain = likelier.log_gain(page, near.start, near.end, term)
    evidence = {
        "term": term,
        "category": near.term.category,
        "look-alike": round(grade, 2),
        "log10 gain": round(gain, 2),
    }
    odds = _odds(gain, grade, len(term), len(pairs))
    if documents := page.learned.terms.get(term):
        evidence["documents"] = documents
        odds += IN_OTHERS * log(min(documents, MOST_COUNTED))
    return 1 / (1 + exp(-max(-30.0, min(30.0, odds)))), evidence


def _odds(gain: float, grade: float, length: int, changed: int) -> float:
    """How sure a match is: log odds of one for each tenfold gain in probability, more for long terms and like shapes."""
    return 1.0 * gain + 6.0 * (grade - 0.7) + 1.0 * (min(length, 6) - 4) - 3.5 - 1.5 * (changed - 1)
