"""Decisions against a chain made for the purpose: edits that touch, nest, group and move as those of real passes seldom do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Cleaner, Edit, chain
from cleaner.chain import UNSETTLED, Pass
from cleaner.decisions import decided
from cleaner.decisions.decision import Verdict
from cleaner.page import Page
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band, apply
from tests.decisions.test_decided import decide, edits_of, same_place, spread


def _applied(page: Page) -> Iterator[Proposal]:
    """Replaces a by A, takes out -, puts ! behind k, sets quotes in pairs, moves a line of m to the end of the text."""
    for found in re.finditer('a|-+|k(?!!)|"([^"\n]*)"|^m\n(?=.)', page.text, re.MULTILINE | re.DOTALL):
        start, end, text = found.start(), found.end(), found.group()
        if text == "a":
            yield Proposal(start, end, "A", "characters/letter", 0.9)
        elif text[0] == "-":
            yield Proposal(start, end, "", "characters/dash", 0.8)
        elif text == "k":
            yield Proposal(end, end, "!", "characters/mark", 0.7)
        elif text[0] == '"':
            yield Proposal(start, start + 1, "“", "characters/quote", 0.95, group=f"q{start}")
            yield Proposal(end - 1, end, "”", "characters/quote", 0.95, group=f"q{start}")
        else:
            yield Proposal(start, end, text, "characters/line", 0.9, to=len(page.text))


def _suggested(page: Page) -> Iterator[Proposal]:
    """Suggests Z for two letters in a row, whatever was done to them, a mark where none is, and pairs in brackets."""
    for found in re.finditer("[AbB!]{2}|c(?=d)|[(]([^()\n]*)[)]", page.text):
        start, end, text = found.start(), found.end(), found.group()
        if text == "c":
            yield Proposal(end, end, "，", "misreads/mark", 0.4, Band.SUGGESTED)
        elif text[0] == "(":
            yield Proposal(start, start + 1, "（", "misreads/bracket", 0.6, Band.SUGGESTED, group=f"b{start}")
            yield Proposal(end - 1, end, "）", "misreads/bracket", 0.6, Band.SUGGESTED, group=f"b{start}")
        else:
            yield Proposal(start, end, "Z", "misreads/letters", 0.5, Band.SUGGESTED)
    for found in re.finditer("Z{2,}", page.text):  # what only an accepted suggestion brings about
        yield Proposal(found.start(), found.end(), "Z", "misreads/doubled", 0.9)


@pytest.fixture(scope="module", autouse=True)
def made_chain() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(chain, "PASSES", (Pass("characters", _applied, ()), Pass("misreads", _suggested, ())))
        yield


TEXT = st.text(alphabet='aabbABcdk!--()""\nm', max_size=24) | st.lists(
    st.sampled_from(["m\n", "ab", "a-b", "k", "b-\n", '"a"', "(b", "a)", "cd", "m\n", "-", "\n"]), max_size=12
).map("".join)


@given(TEXT, st.integers(0, 2**32))
@settings(max_examples=800)
def test_any_decisions_hold_or_are_told(text: str, seed: int) -> None:
    cleaner, random = Cleaner(), Random(seed)
    base = cleaner.clean(text)
    chosen = [e for e in edits_of(base) if random.random() < 0.5]
    verdicts: list[tuple[Edit, Verdict]] = [(e, random.choice(["accept", "reject"])) for e in chosen]
    decisions = decide(text, verdicts)
    result = decided.clean(cleaner, text, decisions)
    cleaned = result.cleaned
    assert cleaned.revert() == text
    assert apply(text, cleaned.edits) == cleaned.text
    assert len({e.id for e in edits_of(cleaned)}) == len(edits_of(cleaned))
    told = {d.edit for d, _ in result.unplaced}
    told_groups = {e.group for e in edits_of(base) if e.id in told and e.group}
    holds = spread(base, verdicts)
    for edit in edits_of(base):
        verdict = holds.get(edit.id)
        if edit.id in told or edit.group in told_groups or edit.kind == "move":
            continue
        if verdict == "reject" and edit.band is Band.APPLIED:
            assert not [e for e in cleaned.edits if same_place(e, edit)], edit
        elif verdict == "reject":
            assert edit.id not in {e.id for e in edits_of(cleaned)}
        elif verdict == "accept" and edit.after is not None:
            over = [e for e in cleaned.edits if e.start <= edit.start and edit.end <= e.end and e.kind == "change"]
            assert [e for e in over if edit.after in (e.after or "")], edit
    for edit in base.edits:
        if edit.kind == "move" and holds.get(edit.id) == "reject":
            assert not [e for e in cleaned.edits if same_place(e, edit)]
    if not decisions:
        assert cleaned == base
    assert not {e.id for e in cleaned.edits if holds.get(e.id) == "reject"} - told
    assert decided.clean(cleaner, text, decisions) == result


@given(TEXT)
@settings(max_examples=100)
def test_accepting_what_was_done_changes_nothing(text: str) -> None:
    cleaner = Cleaner()
    base = cleaner.clean(text)
    result = decided.clean(cleaner, text, decide(text, [(e, "accept") for e in base.edits]))
    assert result.cleaned == base
    assert result.unplaced == ()


def test_what_an_accepted_suggestion_brings_up_is_new() -> None:
    base = Cleaner().clean("bBZ")
    (suggestion,) = base.suggestions
    result = decided.clean(Cleaner(), "bBZ", decide("bBZ", [(suggestion, "accept")]))
    assert (result.cleaned.text, result.unplaced) == ("ZZ", ())  # the place is decided: nothing builds on it
    assert not any(flag.rule == UNSETTLED.name for flag in result.cleaned.flags)


def test_text_typed_for_a_move_is_told() -> None:
    base = Cleaner().clean("m\nb")
    (move,) = (edit for edit in base.edits if edit.kind == "move")
    result = decided.clean(Cleaner(), "m\nb", decide("m\nb", [(move, "replace")]))
    assert [reason for _, reason in result.unplaced] == [decided.MOVES_STAY]
    assert result.cleaned == base


def test_a_decision_for_everywhere_that_is_outdone_is_told_where() -> None:
    text = "ok!\nb-b\n"
    base = Cleaner().clean(text)
    suggestion = next(e for e in base.suggestions if e.before == "b-b")
    dash = next(e for e in base.edits if e.before == "-")
    never, accept = decide(text, [(dash, "never"), (suggestion, "accept")])
    result = decided.clean(Cleaner(), text, [never, accept])
    assert result.cleaned.text == "ok!\nZ\n"
    assert [(d.verdict, d.line, reason) for d, reason in result.unplaced] == [("never", 2, decided.OUTDONE)]
