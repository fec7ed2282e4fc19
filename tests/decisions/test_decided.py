"""Decisions carried out: what was rejected stays as it was, what was accepted or typed stands, whatever else happens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from cleaner import Cleaned, Cleaner, Edit, Settings
from cleaner.chain import UNSETTLED
from cleaner.constraints import TYPED
from cleaner.decisions import decided
from cleaner.decisions.decision import Decision, Verdict, about
from cleaner.text.edits import Band, apply
from cleaner.text.records import record

CLEANER = Cleaner()

PAGE = (
    "春泥公益协会在党群服务中心开设课堂,孩子们\n的课余生活丰富起来。随着文创公司的人驻,村\n"
    '里迎来"新机遇":形成“策划一制作一销售”\n的产业链。\n\n— 12 —\n\n随着书店的人驻,三 百多户村民有了去处.\n'
)


def edits_of(cleaned: Cleaned) -> list[Edit]:
    return [*cleaned.edits, *cleaned.suggestions, *cleaned.flags]


def decide(source: str, chosen: Iterable[tuple[Edit, Verdict]], **more: object) -> list[Decision]:
    """A decision about each of the edits, one second after the other."""
    return [
        about(record(edit, "a.txt"), source, verdict, at=f"2026-03-01T08:{n // 60:02}:{n % 60:02}.000000+00:00", **more)
        for n, (edit, verdict) in enumerate(chosen)
    ]


def the(cleaned: Cleaned, before: str, after: str | None, nth: int = 0) -> Edit:
    return [edit for edit in edits_of(cleaned) if (edit.before, edit.after) == (before, after)][nth]


def test_without_decisions_it_is_what_the_chain_gives() -> None:
    assert decided.clean(CLEANER, PAGE, []) == decided.Decided(CLEANER.clean(PAGE))


def test_a_rejected_edit_is_left_out_and_the_others_are_not() -> None:
    base = CLEANER.clean(PAGE)
    result = decided.clean(CLEANER, PAGE, decide(PAGE, [(the(base, "人", "入"), "reject")]))
    assert result.cleaned.text == base.text.replace("入驻", "人驻", 1)
    assert result.unplaced == ()
    assert {e.id for e in result.cleaned.edits} == {e.id for e in base.edits} - {the(base, "人", "入").id}


def test_never_holds_for_the_same_word_alone() -> None:
    text = PAGE + "公司的人驻，和村里的人场券。\n"
    base = CLEANER.clean(text)
    decision = about(record(the(base, "人", "入"), "a.txt"), text, "never")
    assert decision.beside == ("", "驻")
    result = decided.clean(CLEANER, text, [decision])
    assert result.cleaned.text == base.text.replace("入驻", "人驻")
    other = decided.clean(CLEANER, "公司的人驻手续。\n", [replace(decision, document="b.txt")])
    assert other.cleaned.text == "公司的人驻手续。\n"
    assert other.unplaced == ()


def test_one_edit_may_be_the_exception() -> None:
    base = CLEANER.clean(PAGE)
    never = about(record(the(base, "人", "入"), "a.txt"), PAGE, "never")
    accept = about(record(the(base, "人", "入", 1), "a.txt"), PAGE, "accept", at="2000-01-01T00:00:00+00:00")
    result = decided.clean(CLEANER, PAGE, [never, accept])
    assert "文创公司的人驻" in result.cleaned.text
    assert "书店的入驻" in result.cleaned.text


def test_quotation_marks_are_decided_together() -> None:
    base = CLEANER.clean(PAGE)
    result = decided.clean(CLEANER, PAGE, decide(PAGE, [(the(base, '"', "“"), "reject")]))
    assert '"新机遇"' in result.cleaned.text
    result = decided.clean(CLEANER, PAGE, decide(PAGE, [(the(base, '"', "”"), "reject")]))
    assert '"新机遇"' in result.cleaned.text


def test_what_was_typed_stands_and_nothing_touches_it() -> None:
    base = CLEANER.clean(PAGE)
    result = decided.clean(CLEANER, PAGE, decide(PAGE, [(the(base, "人", "入"), "replace")], text="人"))
    assert "文创公司的人驻" in result.cleaned.text
    result = decided.clean(CLEANER, PAGE, decide(PAGE, [(the(base, "人", "入"), "replace")], text="⼈,"))
    assert "文创公司的⼈,驻" in result.cleaned.text
    (edit,) = (e for e in result.cleaned.edits if e.after == "⼈,")
    assert edit.rule == TYPED.name
    assert edit.id not in result.new
    assert result.cleaned.revert() == PAGE


def test_a_suggestion_is_applied_when_accepted_and_gone_when_rejected() -> None:
    text, suggestion = suggested()
    accepted = decided.clean(CLEANER, text, decide(text, [(suggestion, "accept")]))
    assert accepted.unplaced == ()
    assert (suggestion.id, Band.APPLIED) in {(e.id, e.band) for e in accepted.cleaned.edits}
    assert accepted.cleaned.revert() == text
    rejected = decided.clean(CLEANER, text, decide(text, [(suggestion, "reject")]))
    assert suggestion.id not in {e.id for e in edits_of(rejected.cleaned)}
    assert rejected.cleaned.text == CLEANER.clean(text).text


def suggested() -> tuple[str, Edit]:
    """A text with a suggestion in it, and the suggestion: what changes a digit is never applied unasked."""
    text = "HBO2频道改版，HBO2节目更新，HB02也在内。\n"
    (suggestion,) = CLEANER.clean(text).suggestions
    return text, suggestion


def test_a_rejected_flag_is_not_raised_again() -> None:
    text = "开会了，我们去看一看吧我们去看一看吧我们去看一看吧我们去看一看吧。\n"
    base = CLEANER.clean(text)
    assert base.flags
    result = decided.clean(CLEANER, text, decide(text, [(base.flags[0], "reject")]))
    assert result.cleaned.flags == base.flags[1:]


def test_a_page_recognised_again_keeps_its_decisions() -> None:
    base = CLEANER.clean(PAGE)
    decisions = decide(PAGE, [(the(base, "人", "入", 1), "reject"), (base.edits[0], "reject")])
    again = "新的一行\n\n" + PAGE.replace("三 百多户村民有了去处.", "二百多户村民有了去处。")
    result = decided.clean(CLEANER, again, decisions)
    assert "文创公司的入驻" in result.cleaned.text
    assert "书店的人驻" in result.cleaned.text
    assert result.unplaced == ()


def test_a_page_read_a_little_differently_keeps_them_too() -> None:
    base = CLEANER.clean(PAGE)
    decisions = decide(PAGE, [(the(base, "人", "入"), "reject")])
    again = "\n" + PAGE.replace("文创公司的人驻,村\n里", "文刨公司的人驻,\n村里")
    result = decided.clean(CLEANER, again, decisions)
    assert "公司的人驻，村里" in result.cleaned.text
    assert "书店的入驻" in result.cleaned.text
    assert result.unplaced == ()


def test_what_was_typed_stands_where_nothing_is_proposed_any_more() -> None:
    base = CLEANER.clean(PAGE)
    (decision,) = decide(PAGE, [(the(base, "一", "—"), "replace")])
    typed = replace(decision, text="～")
    quiet = Cleaner(Settings(only=("punctuation",)))
    result = decided.clean(quiet, "上一页\n" + PAGE, [typed])
    assert "策划～制作" in result.cleaned.text
    assert result.unplaced == ()
    moved = decided.clean(quiet, PAGE, [replace(typed, verdict="accept", text=None)])
    assert "策划—制作一销售" in moved.cleaned.text


def test_a_decision_that_finds_no_place_is_told() -> None:
    base = CLEANER.clean(PAGE)
    decisions = decide(PAGE, [(the(base, "人", "入"), "reject")])
    result = decided.clean(CLEANER, "这一页换成了别的文章。\n", decisions)
    assert [d for d, _ in result.unplaced] == decisions
    assert "was not found" in result.unplaced[0][1]


def test_what_is_proposed_for_the_first_time_is_new() -> None:
    base = CLEANER.clean(PAGE)
    join = the(base, "\n", "")
    result = decided.clean(CLEANER, PAGE, decide(PAGE, [(join, "reject")]))
    ids = {e.id for e in edits_of(base)}
    assert result.new == {e.id for e in edits_of(result.cleaned)} - ids


LINES = st.sampled_from(
    ["会议强调，要坚持以人民", "为中心的发展思想，在发展中", "保障和改善", "民生。", "本报记者 王伟 摄", "图为工人在车间作业。张明 摄",
     "第3版 要闻", "12", "— 5 —", "一、总体要求", "1. 提交材料", "# 标题", "全省各地抢抓机遇，加快推进重大项",
     "目建设，经济运行稳中向好。", "公司的人驻,带动了", '他说"好",又说(行).', "渐江来的客人", "末来 可期", "他己经来了", "Deep-",
     "Seek大模型", "我们去看一看吧我们去看一看吧我们去看一看吧", "&amp;⾦子", "策划一制作一销售", "--- 12 ---", "３，８００", "■", "自已的事"]
)  # fmt: skip
TEXT = st.lists(
    st.tuples(LINES, st.sampled_from(["", "\n", "\n", "\n\n", "\n\f", "，", " "])), min_size=1, max_size=12
).map(lambda rows: "".join(line + end for line, end in rows))


@given(TEXT, st.randoms(use_true_random=False))
@examples(max_examples=60)
def test_any_decisions_hold(text: str, random: object) -> None:
    """For any edits rejected and suggestions accepted: each stands or is told; the source comes back; nothing is left over."""
    base = CLEANER.clean(text)
    chosen = [e for e in (*base.edits, *base.suggestions) if random.random() < 0.4]  # type: ignore[attr-defined]
    verdicts: list[tuple[Edit, Verdict]] = [
        (e, "accept" if e.band is Band.SUGGESTED or random.random() < 0.2 else "reject")  # type: ignore[attr-defined]
        for e in chosen
    ]
    decisions = decide(text, verdicts)
    result = decided.clean(CLEANER, text, decisions)
    cleaned = result.cleaned
    assert cleaned.revert() == text
    assert apply(text, cleaned.edits) == cleaned.text
    assert len({e.id for e in edits_of(cleaned)}) == len(edits_of(cleaned))
    told = {d.edit for d, _ in result.unplaced}
    holds = spread(base, verdicts)
    for edit in edits_of(base):
        if (
            edit.id in told
            or edit.id not in holds
            or edit.group in {e.group for e in edits_of(base) if e.id in told and e.group}
        ):
            continue
        if holds[edit.id] == "reject" and edit.band is Band.APPLIED:
            assert not [e for e in cleaned.edits if same_place(e, edit)], edit
        elif holds[edit.id] == "accept" and edit.before != edit.after and edit.kind == "change":
            assert [
                e
                for e in cleaned.edits
                if e.start <= edit.start and edit.end <= e.end and (edit.after or "") in (e.after or "")
            ], edit
    assert decided.clean(CLEANER, text, decisions) == result
    if not decisions:
        assert cleaned == base
    if not any(flag.rule == UNSETTLED.name for flag in cleaned.flags):
        again = {e.id for e in cleaned.edits} & {e.id for e in edits_of(base) if holds.get(e.id) == "reject"} - told
        assert not again


def spread(base: Cleaned, verdicts: list[tuple[Edit, Verdict]]) -> dict[str, Verdict]:
    """What holds for each edit: the latest verdict on it or on another of its group."""
    holds: dict[str, Verdict] = {}
    for edit, verdict in verdicts:
        for other in edits_of(base):
            if other.id == edit.id or (edit.group and other.group == edit.group):
                holds[other.id] = verdict
    return holds


def same_place(a: Edit, b: Edit) -> bool:
    """Whether two changes touch the same text of the source, or put something in at the same place."""
    if a.kind != b.kind:
        return False
    return (a.start, a.end) == (b.start, b.end) or (a.start < b.end and b.start < a.end)


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_everything_accepted_or_rejected(verdict: Verdict) -> None:
    base = CLEANER.clean(PAGE)
    result = decided.clean(CLEANER, PAGE, decide(PAGE, [(e, verdict) for e in base.edits]))
    assert result.unplaced == ()
    if verdict == "accept":
        assert result.cleaned == base
    else:
        assert not {e.id for e in result.cleaned.edits} & {e.id for e in base.edits}
