"""A very long text is cut at the ends of paragraphs, and comes out as one: offsets, lines, ids and groups are the whole's."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner
from cleaner.constraints import Asked, Constraints
from cleaner.text import parts
from cleaner.text.edits import apply

PLACES = ["湖边", "山脚", "桥头", "河湾", "渡口", "街角", "塘前", "坡上", "井旁", "林间", "田头", "院里"]
TREES = ["槐树", "柳树", "枫树", "桂树", "梅树", "松树", "杏树", "桃树", "梨树", "樟树", "榆树", "枣树"]
PAGES = [
    f'{place}的{tree}今年又发了芽,放了学的孩子们都在\n{tree}下读书。{place}的老人说:"随着文创公司的人驻,{place}\n也有了新的机遇。"\n\n'
    for place, tree in zip(PLACES, TREES, strict=True)
]
TEXT = "".join(PAGES)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "SIZE", 120)
    monkeypatch.setattr(parts, "FAR", 60)


def test_a_short_text_is_not_cut() -> None:
    assert list(parts.cuts(TEXT)) == [0, len(TEXT)]
    assert list(parts.cuts("")) == [0, 0]


@pytest.mark.usefixtures("small")
def test_a_long_one_is_cut_behind_paragraphs() -> None:
    cuts = list(parts.cuts(TEXT))
    assert len(cuts) > 4
    assert all(TEXT[:cut].endswith("\n\n") for cut in cuts[1:-1])


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("line", ["湖边的槐树今年又发了芽。", "湖边的槐树今年又发了芽，", '他说:"好。"'])
def test_one_line_of_megabytes_is_cut_too(line: str) -> None:
    text = line * 99
    cuts = list(parts.cuts(text))
    assert max(b - a for a, b in pairwise(cuts)) <= 2 * parts.SIZE + parts.FAR
    assert all(text[cut - 1] in '。"' for cut in cuts[1:]) or "。" not in line
    cleaned = Cleaner().clean(text)
    assert cleaned.revert() == text


@pytest.mark.usefixtures("small")
def test_parts_come_out_as_one_text() -> None:
    cleaned = Cleaner().clean(TEXT)
    assert cleaned.revert() == TEXT
    assert apply(TEXT, cleaned.edits) == cleaned.text
    assert cleaned.text.count("公司的入驻，") == len(PAGES)
    assert len({edit.id for edit in cleaned.edits}) == len(cleaned.edits)
    assert [edit.line for edit in cleaned.edits] == [TEXT.count("\n", 0, edit.start) + 1 for edit in cleaned.edits]
    groups = {edit.group: edit for edit in cleaned.edits if edit.group}
    assert all(sum(e.group == group for e in cleaned.edits) == 2 for group in groups)  # each pair of marks its own


@pytest.mark.usefixtures("small")
def test_decisions_are_kept_in_their_part() -> None:
    last = TEXT.rindex("人驻")
    cleaned = Cleaner().clean(TEXT, Constraints(kept=[(last, last + 1)], asked=[Asked(0, 2, "村头")]))
    assert cleaned.text.count("入驻") == 11
    assert cleaned.text.startswith("村头的槐树")
    assert cleaned.revert() == TEXT


@given(st.lists(st.sampled_from(["春天来了。\n", "他说\n", "\n", "。\n\n", "x", "\f"]), max_size=200).map("".join))
def test_cuts_are_in_order_and_cover_the_text(text: str) -> None:
    before, parts.SIZE = parts.SIZE, 40
    try:
        cuts = list(parts.cuts(text))
    finally:
        parts.SIZE = before
    assert cuts[0] == 0
    assert cuts[-1] == len(text)
    assert all(a < b for a, b in pairwise(cuts)) or text == ""
