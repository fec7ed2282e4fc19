"""Series: equal changes counted together, told with the word they mend."""

from __future__ import annotations

import re
from typing import Any

from cleaner.report.series import LONGEST, Series, Tally


def _series(source: str, changes: dict[str, str], **more: Any) -> list[tuple[str, str, int]]:
    """The series of all places where `source` has what `changes` replace."""
    tally = Tally()
    for match in re.finditer("|".join(map(re.escape, changes)), source):
        tally.add(_edit(match.start(), match.group(), changes[match.group()], **more), source)
    return [(series.before, series.after, series.total) for series in tally.series()]


def _edit(start: int, before: str, after: str | None, **more: Any) -> dict[str, Any]:
    end = start + len(before)
    return {"start": start, "end": end, "before": before, "after": after, "rule": "a/b", "band": "applied", **more}


def test_one_word_throughout_is_told_as_that_word() -> None:
    assert _series("公司的人驻，店家人驻，都已人驻。", {"人": "入"}) == [("人驻", "入驻", 3)]


def test_the_word_may_lie_to_the_left() -> None:
    assert _series("深人了解，再深人，又深人一层。", {"人": "入"}) == [("深人", "深入", 3)]


def test_what_does_not_depend_on_the_word_is_told_as_the_change_alone() -> None:
    source = "⼈民，⼈口，⼈才，⼈物，⼈生。"
    assert _series(source, {"⼈": "人"}, rule="characters/radical") == [("⼈", "人", 5)]


def test_a_look_alike_in_different_words_is_no_series() -> None:
    assert _series("注人、人选、植人。人驻，人驻。", {"人": "入"}) == [("人驻", "入驻", 2)]


def test_where_there_is_no_word_both_neighbours_tell() -> None:
    assert _series("甲人乙，甲人乙，丙人丁。", {"人": "入"}) == [("甲人乙", "甲入乙", 2)]


def test_what_is_left_beside_the_commonest_word_is_counted_too() -> None:
    source = "人驻。" * 5 + "收人。" * 3 + "深人。"
    assert _series(source, {"人": "入"}) == [("人驻", "入驻", 5), ("收人", "收入", 3)]


def test_marks_are_told_without_neighbours() -> None:
    assert _series("很好,很好,很好,", {",": "，"}) == [(",", "，", 3)]


def test_what_comes_once_is_no_series() -> None:
    assert _series("公司的人驻", {"人": "入"}) == []


def test_flags_moves_and_long_changes_are_not_counted() -> None:
    tally = Tally()
    for _ in range(2):
        tally.add(_edit(0, "字", None), "字")
        tally.add(_edit(0, "字", "字", kind="move"), "字")
        tally.add(_edit(0, "字" * LONGEST, "词"), "字" * LONGEST)
    assert tally.series() == []


def test_bands_are_counted_apart_and_rules_too() -> None:
    tally = Tally()
    for band in ("applied", "applied", "suggested"):
        tally.add(_edit(0, ",", "，", band=band), None)
    for _ in range(2):
        tally.add(_edit(0, ",", "，", rule="a/c"), None)
    assert tally.series() == [
        Series(",", "，", "a/b", {"applied": 2, "suggested": 1}), Series(",", "，", "a/c", {"applied": 2})
    ]  # fmt: skip


def test_writing_is_told_from_marks() -> None:
    assert Series("人驻", "入驻", "a/b", {}).is_writing
    assert not Series("⏎\n", "", "a/b", {}).is_writing
    assert not Series(",", "，", "a/b", {}).is_writing
