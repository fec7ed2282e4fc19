"""Edits in their surroundings: nothing is lost, nothing told twice, whatever the edits are."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cleaner.report.passages import (
    AROUND,
    MOST_IN_PASSAGE,
    MOST_OF_CHANGE,
    Passage,
    differences,
    entries_of,
    passages,
    shortened,
)

TEXT = st.text("字词，\n 。", max_size=200)


@st.composite
def _edited(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    """A text with any edits at all: overlapping, empty, moves, flags."""
    source = draw(TEXT)
    edits = []
    for number in range(draw(st.integers(0, 25))):
        start, end = sorted((draw(st.integers(0, len(source))), draw(st.integers(0, len(source)))))
        kind = draw(st.sampled_from(["change", "flag", "move"]))
        before = source[start:end]
        edits.append({
            "id": str(number), "start": start, "end": end, "line": source.count("\n", 0, start) + 1, "before": before,
            "after": None if kind == "flag" else before if kind == "move" else draw(st.text("字词新 ", max_size=5)),
            "band": "flagged" if kind == "flag" else draw(st.sampled_from(["applied", "suggested"])),
            "kind": "move" if kind == "move" else "change", "to": draw(st.integers(0, len(source))),
        })  # fmt: skip
    return source, sorted(edits, key=lambda edit: (edit["start"], edit["end"]))


@given(_edited())
def test_every_edit_is_told_once_with_its_text(case: tuple[str, list[dict[str, Any]]]) -> None:
    source, edits = case
    told = list(passages(entries_of(edits, source), source))
    assert sorted(entry.number for passage in told for entry in passage.entries) == list(range(1, len(edits) + 1))
    ends = [token.entry.number for passage in told for token in passage.tokens if token.kind == "end" and token.entry]
    assert sorted(ends) == list(range(1, len(edits) + 1))


@given(_edited())
def test_a_passage_is_the_source_when_its_changes_are_undone(case: tuple[str, list[dict[str, Any]]]) -> None:
    source, edits = case
    for passage in passages(entries_of(edits, source), source):
        assert _before(passage) in source


@given(_edited())
def test_without_the_source_every_edit_stands_alone(case: tuple[str, list[dict[str, Any]]]) -> None:
    _, edits = case
    told = list(passages(entries_of(edits, None), None))
    assert [passage.entries[0].edit["id"] for passage in told] == [edit["id"] for edit in edits]


def _before(passage: Passage) -> str:
    return "".join(t.difference.before if t.difference else t.text for t in passage.tokens)


def _change(source: str, start: int, end: int, after: str | None, **more: Any) -> dict[str, Any]:
    band = "applied" if after is not None else "flagged"
    return {"id": f"{start}", "start": start, "end": end, "line": source.count("\n", 0, start) + 1,
            "before": source[start:end], "after": after, "band": band, **more}  # fmt: skip


def _told(source: str, *edits: dict[str, Any]) -> list[Passage]:
    return list(passages(entries_of(edits, source), source))


def test_the_line_around_a_change() -> None:
    source = "第一行在这里，写得不算长。\n第二行，公司的人驻手续办完了，大家都松了一口气。\n第三行没有关系。"
    at = source.index("人驻")
    (passage,) = _told(source, _change(source, at, at + 1, "入"))
    assert _before(passage).startswith("第一行")  # the line before is near enough to be told
    assert _before(passage).endswith("大家都松了一口气。")
    assert (passage.line, passage.begins, passage.ends) == (1, True, True)


def test_a_long_line_is_cut_and_says_so() -> None:
    source = "甲" * 100 + "乙" + "丙" * 100
    (passage,) = _told(source, _change(source, 100, 101, "丁"))
    assert _before(passage) == "甲" * AROUND + "乙" + "丙" * AROUND
    assert (passage.begins, passage.ends) == (False, False)


def test_near_edits_share_a_passage_and_far_ones_do_not() -> None:
    source = "字" * 300
    near = _told(source, _change(source, 50, 51, "词"), _change(source, 80, 81, "词"))
    assert len(near) == 1
    far = _told(source, _change(source, 50, 51, "词"), _change(source, 200, 201, "词"))
    assert len(far) == 2


def test_crowded_edits_are_parted_without_repeating_text() -> None:
    source = "他说,好" * 40
    edits = [_change(source, i, i + 1, "，") for i, c in enumerate(source) if c == ","]
    told = _told(source, *edits)
    assert all(len(passage.entries) <= MOST_IN_PASSAGE for passage in told)
    assert "".join(map(_before, told)).count(",") == len(edits)


def test_a_suggestion_across_an_applied_change_stands_alone() -> None:
    source = "公司的人驻手续"
    applied = _change(source, 3, 4, "入")
    across = {**_change(source, 2, 5, "地入驻"), "band": "suggested", "id": "s"}
    told = _told(source, across, applied)
    assert [[entry.edit["id"] for entry in passage.entries] for passage in told] == [["s"], ["3"]]


def test_a_flag_over_a_change_covers_it() -> None:
    source = "风从门外吹吹，吹吹进来"
    told = _told(source, _change(source, 4, 9, None, id="f"), _change(source, 6, 7, ","))
    (passage,) = told
    covered = "".join(t.difference.before if t.difference else t.text for t in passage.tokens if t.over == "flagged")
    assert covered == "吹吹，吹吹"


def test_a_flag_on_a_whole_document_shows_its_beginning() -> None:
    source = "字" * 5000
    (passage,) = _told(source, _change(source, 0, 5000, None))
    assert len(_before(passage)) == MOST_OF_CHANGE + AROUND


def test_a_change_is_told_in_its_smallest_pieces() -> None:
    assert [tuple(d) for d in differences("，\n\n生产 力", "，生产力")] == [
        ("，", "，"), ("\n\n", ""), ("生产", "生产"), (" ", ""), ("力", "力"),
    ]  # fmt: skip


def test_of_equal_line_ends_the_first_go() -> None:
    assert differences("\n\n\n\n", "\n\n") == [("\n\n", ""), ("\n\n", "\n\n")]
    assert differences("\n\n·12·\n\n", "\n\n") == [("\n\n·12·", ""), ("\n\n", "\n\n")]


@given(TEXT, TEXT)
def test_the_pieces_of_a_change_give_both_sides(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert "".join(p.before for p in pieces) == before
    assert "".join(p.after for p in pieces) == after


def test_a_very_long_change_is_not_compared() -> None:
    assert differences("字" * 5000, "") == [("字" * 5000, "")]


def test_members_of_a_group_know_each_other() -> None:
    source = '他说："好。"'
    edits = [_change(source, 3, 4, "“", group="g"), _change(source, 6, 7, "”", group="g"), _change(source, 2, 3, ":")]
    assert [entry.together_with for entry in entries_of(edits, source)] == [(2,), (1,), ()]


def test_shortening() -> None:
    assert shortened("字" * 30, 24) == ("字" * 30, 0, "")
    assert shortened("字" * 100, 24) == ("字" * 18, 76, "字" * 6)
