"""The laws of edits, over arbitrary text and arbitrary layers of proposals."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.text.cleaned import Cleaned
from cleaner.text.draft import Draft, Proposal
from cleaner.text.edits import Band, apply, invert
from cleaner.text.finish import Part, edits_of, finished

TEXT = st.text(alphabet="ab 　中文，\n\r\udc80𠀀", max_size=40)


@st.composite
def layers(draw: st.DrawFn) -> tuple[Draft, list[str]]:
    """A source revised by up to five layers of changes and moves, and the texts on the way."""
    draft = Draft.of(draw(TEXT))
    texts = [draft.text]
    for _ in range(draw(st.integers(1, 5))):
        proposals: list[Proposal] = []
        text = draft.text
        cuts = draw(st.lists(st.integers(0, len(text)), max_size=10).map(sorted))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False):
            after = draw(st.text(alphabet="xyz", max_size=3))
            proposal = Proposal(start, end, after, "test/change", 1.0)
            clear = (
                not proposals
                or proposals[-1].end < start
                or (proposals[-1].end == start < end and proposals[-1].start < start)
            )
            if clear and text[start:end] != after and draft.accepts(proposal):
                proposals.append(proposal)
        expected = _by_hand(text, proposals)
        draft = draft.revised(proposals)
        assert draft.text == expected
        if draw(st.booleans()) and len(draft.text) >= 2:
            low, high, to = draw(st.tuples(*[st.integers(0, len(draft.text))] * 3))
            low, high = min(low, high), max(low, high)
            move = Proposal(low, high, None, "test/move", 1.0, to=to)
            if low < high and not low <= to <= high and draft.accepts(move):
                t = draft.text
                before, after = (t[:to], t[to:low] + t[high:]) if to < low else (t[:low] + t[high:to], t[to:])
                draft = draft.revised([move])
                assert draft.text == before + t[low:high] + after
        texts.append(draft.text)
    return draft, texts


def _by_hand(text: str, proposals: list[Proposal]) -> str:
    for p in sorted(proposals, key=lambda p: (p.start, p.end), reverse=True):
        text = text[: p.start] + (p.after or "") + text[p.end :]
    return text


@given(layers())
def test_composition_equals_applying_one_after_the_other(made: tuple[Draft, list[str]]) -> None:
    draft, texts = made
    assert apply(texts[0], edits_of(draft)) == texts[-1]


@given(layers())
def test_inverse_gives_the_source_back(made: tuple[Draft, list[str]]) -> None:
    draft, texts = made
    assert invert(draft.text, edits_of(draft)) == texts[0]


@given(layers())
def test_offsets_agree_with_the_text(made: tuple[Draft, list[str]]) -> None:
    draft, texts = made
    cleaned = Cleaned(texts[0], draft.text, tuple(edits_of(draft)))
    changed = {i for e in cleaned.edits if e.kind == "change" for i in range(e.start, e.end)}
    for offset in range(len(cleaned.source)):
        there = cleaned.to_clean(offset)
        assert 0 <= there <= len(cleaned.text)
        if offset not in changed:
            assert cleaned.text[there] == cleaned.source[offset]
            assert cleaned.to_source(there) == offset
    for offset in range(len(cleaned.text) + 1):
        assert 0 <= cleaned.to_source(offset) <= len(cleaned.source)


@given(layers())
def test_records_say_what_the_text_says(made: tuple[Draft, list[str]]) -> None:
    draft, _ = made
    for edit in edits_of(draft):
        assert edit.before == draft.source[edit.start : edit.end]


@given(layers())
def test_what_was_not_put_in_stands_where_its_origin_says(made: tuple[Draft, list[str]]) -> None:
    draft, _ = made
    origins = draft.origins().tolist()
    assert len(origins) == len(draft.text)
    kept = [at for at, origin in enumerate(origins) if origin >= 0]
    assert [draft.text[at] for at in kept] == [draft.source[origins[at]] for at in kept]
    assert len({origins[at] for at in kept}) == len(kept)


def test_what_two_passes_suggest_is_suggested_once() -> None:
    twice = [
        Proposal(0, 1, "金", rule, confidence, Band.SUGGESTED) for rule, confidence in (("a/b", 0.4), ("c/d", 0.6))
    ]
    cleaned = finished("鑫属", [Part(0, Draft.of("鑫属"), [*twice, Proposal(0, 1, "今", "a/b", 0.3, Band.SUGGESTED)])])
    assert [(e.rule, e.after) for e in cleaned.suggestions] == [("c/d", "金"), ("a/b", "今")]


def test_a_move_out_of_into_or_within_moved_text_is_refused() -> None:
    draft = Draft.of("abcde").revised([Proposal(1, 5, None, "test/move", 1.0, to=0)])
    assert draft.text == "bcdea"
    for start, end, to in ((1, 2, 3), (0, 4, 5), (4, 5, 2), (0, 2, 5)):
        assert not draft.accepts(Proposal(start, end, None, "test/move", 1.0, to=to))
