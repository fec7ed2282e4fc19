"""Terms: words of the domain lexicon with a character misread, found by fuzzy matching and checked in context.

Where the language model stumbles, the characters on both sides of the place are looked up in an index of terms with one
character left out; what is found is compared by weighted distance (rapidfuzz) and accepted only where the characters that
differ are look-alikes and the text becomes much more probable with the term.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import exp

from rapidfuzz.distance import Hamming

from cleaner import channel
from cleaner.knowledge import confusions, words
from cleaner.knowledge.lexicon import Lexicon, Term
from cleaner.knowledge.script import Script
from cleaner.page import Page
from cleaner.passes import garble
from cleaner.passes.misreads import Spans
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
SHORTEST = 3


def propose(page: Page) -> Iterator[Proposal]:
    """Proposals for terms with a character misread, and for forms that a lexicon of one's own lists."""
    yield from _listed_forms(page)
    if page.script is Script.HANT:
        return
    index = _index(page.lexicon)
    garbled = Spans([(start, end) for start, end, _, _ in garble.spans(page)])
    taken = -1
    for at in channel.stumbles(page):
        if at <= taken or at in garbled:
            continue
        best = max(_matches(page, index, at), key=lambda match: match[2], default=None)
        if best is None:
            continue
        start, term, probability, evidence = best
        if probability >= SUGGEST:
            band = Band.APPLIED if probability >= APPLY else Band.SUGGESTED
            wrong = page.text[start : start + len(term.text)]
            low = next(i for i, (a, b) in enumerate(zip(wrong, term.text, strict=True)) if a != b)
            high = max(i for i, (a, b) in enumerate(zip(wrong, term.text, strict=True)) if a != b) + 1
            yield Proposal(start + low, start + high, term.text[low:high], "terms/misread", probability, band, evidence)
            taken = start + len(term.text) - 1


def _listed_forms(page: Page) -> Iterator[Proposal]:
    """Forms to correct from that a lexicon lists, wherever they stand."""
    for form, term in _forms(page.lexicon).items():
        at = page.text.find(form)
        while at >= 0:
            inside = page.text.find(term, max(0, at - len(term)), at + len(form) + len(term))
            if inside < 0 or not (inside <= at and at + len(form) <= inside + len(term)):
                yield Proposal(at, at + len(form), term, "terms/user-form", 0.99, evidence={"listed": True})
            at = page.text.find(form, at + len(form))


@cache
def _forms(lexicon: Lexicon) -> dict[str, str]:
    return {form: term.text for term in lexicon for form in term.forms if form != term.text}


_Index = dict[str, list[tuple[Term, int]]]


@cache
def _index(lexicon: Lexicon) -> _Index:
    """Terms by the two characters beside each of their characters: `前?后`, `^后后`, `前前$` → (term, place)."""
    index: _Index = {}
    for term in lexicon:
        text = term.text
        if not SHORTEST <= len(text) <= 12:
            continue
        for place in range(len(text)):
            if place == 0:
                key = f"^{text[1:3]}"
            elif place == len(text) - 1:
                key = f"{text[place - 2 : place]}$"
            else:
                key = f"{text[place - 1]}?{text[place + 1]}"
            index.setdefault(key, []).append((term, place))
    return index


def _matches(page: Page, index: _Index, at: int) -> Iterator[tuple[int, Term, float, dict[str, object]]]:
    """Terms that may have been printed around a place: (start, term, probability, evidence)."""
    text, known_words = page.text, words.load()
    if at == 0 or at + 1 >= len(text):
        return
    keys = (f"{text[at - 1]}?{text[at + 1]}", f"^{text[at + 1 : at + 3]}", f"{text[at - 2 : at]}$")
    for term, place in (entry for key in keys for entry in index.get(key, ())):
        start = at - place
        wrong = text[start : start + len(term.text)] if start >= 0 else ""
        allowed = 1 if len(term.text) < 6 else 2
        if len(wrong) != len(term.text) or not 0 < Hamming.distance(wrong, term.text) <= allowed:
            continue
        pairs = [(a, b) for a, b in zip(wrong, term.text, strict=True) if a != b]
        if any(a.isdigit() or b.isdigit() for a, b in pairs):
            continue
        known = confusions.load()
        grade = min(known.grade(a, b) for a, b in pairs)
        if grade < LEAST_GRADE or page.lexicon.get(wrong) is not None:
            continue
        if any(known_words.cover(wrong)[i] for i, (a, b) in enumerate(zip(wrong, term.text, strict=True)) if a != b):
            continue  # what stands there is a word: 英国国防部 is not 美国国防部 misread
        gain = channel.log_gain(page, start, term.text)
        probability = _probability(gain, grade, len(term.text), len(pairs))
        yield (
            start,
            term,
            probability,
            {"term": term.text, "category": term.category, "look-alike": round(grade, 2), "log10 gain": round(gain, 2)},
        )


def _probability(gain: float, grade: float, length: int, changed: int) -> float:
    """How sure a match is: log odds of one for each tenfold gain in probability, more for long terms and like shapes."""
    odds = 1.0 * gain + 6.0 * (grade - 0.7) + 1.0 * (min(length, 6) - 4) - 2.0 - 1.5 * (changed - 1)
    return 1 / (1 + exp(-max(-30.0, min(30.0, odds))))
