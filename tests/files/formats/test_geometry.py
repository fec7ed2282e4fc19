"""What boxes tell: reading order, first lines that are set in, blocks that stand apart, spaces that were printed."""

from __future__ import annotations

import json

import pytest

from cleaner.files.formats.geometry import reading_order
from cleaner.files.read import reading_of

EM = 20


def _box(column: int, row: float, ems: float, set_in: float = 0) -> tuple[float, float, float, float]:
    left, top = column * 300 + set_in * EM, row * 30
    return left, top, left + ems * EM, top + 22


def _text(*lines: tuple[str, tuple[float, float, float, float]]) -> str:
    boxes = [([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], text) for text, (x0, y0, x1, y1) in lines]
    return reading_of(json.dumps([[box, text, 0.9] for box, text in boxes]).encode()).text


def test_columns_are_read_one_after_the_other_below_what_stands_over_both() -> None:
    head, title, foot = _box(1, 0, 5), (0.0, 90.0, 580.0, 130.0), _box(0, 16, 2, 12)
    left = [_box(0, row + skew, 13) for row, skew in ((6, 0), (7, 0.1), (8, 0.2), (9, 0.1))]
    right = [_box(1, row + 0.3, 13) for row in (6, 7, 8, 9)]
    boxes = [head, title, *(box for pair in zip(left, right, strict=True) for box in pair), foot]
    order = [boxes[at] for group in reading_order(boxes) for at in group]
    assert order == [head, title, *left, *right, foot]


def test_one_column_is_read_from_top_to_bottom() -> None:
    boxes = [_box(0, row, 25) for row in range(8)]
    assert [at for group in reading_order(boxes[::-1]) for at in group] == list(range(7, -1, -1))


def test_no_box_is_lost() -> None:
    boxes = [(float(k % 7 * 13), float(k % 11 * 9), float(k % 7 * 13 + 40), float(k % 11 * 9 + 12)) for k in range(90)]
    assert sorted(at for group in reading_order(boxes) for at in group) == list(range(90))
    assert reading_order([]) == []


def test_a_first_line_is_set_in_and_a_centred_one_is_not() -> None:
    full = "一二三四五六七八九十一二三"
    text = _text(
        (full[:4], _box(0, 1, 4, 5)),
        *((full[: 11 if row % 3 == 0 else 13], _box(0, row + 3, 11 if row % 3 == 0 else 13, 2 if row % 3 == 0 else 0))
          for row in range(9)),
    )  # fmt: skip
    lines = text.split("\n")
    assert lines[0] == full[:4]
    assert [line.startswith("　　") for line in lines if line][1:] == [row % 3 == 0 for row in range(9)]


@pytest.mark.parametrize(("down", "apart"), [(1, False), (1.8, True)])
def test_what_stands_farther_down_stands_apart(down: float, apart: bool) -> None:
    rows = [0, 1, 2, 3, 3 + down, 4 + down, 5 + down]
    text = _text(*((f"第{at}行一二三四五六七八九十", _box(0, row, 13)) for at, row in enumerate(rows)))
    assert ("\n\n第4行" in text) is apart


def test_what_is_set_larger_stands_apart() -> None:
    lines = [(f"第{at}行一二三四五六七八九十", _box(0, at, 13)) for at in (0, 1, 3, 4)]
    text = _text(*lines[:2], ("小标题六个字", (0.0, 56.0, 6 * 28.0, 86.0)), *lines[2:])
    assert "\n\n小标题六个字\n\n" in text


@pytest.mark.parametrize(
    ("first", "second", "gap", "spaced"),
    [
        ("今天", "晴朗", 0.3, False),
        ("张三", "李四", 1.0, True),
        ("今天，", "晴朗", 1.0, False),
        ("Hello", "world", 0.1, True),
        ("使用", "Linux", 0.2, False),
        ("使用", "Linux", 0.6, True),
    ],
)
def test_a_space_is_read_where_one_was_printed(first: str, second: str, gap: float, spaced: bool) -> None:
    def word(text: str, left: float) -> str:
        wide = sum(10 if char.isascii() else 20 for char in text)
        return f'<String CONTENT="{text}" HPOS="{left}" VPOS="0" WIDTH="{wide}" HEIGHT="20"/>'

    start = sum(10 if char.isascii() else 20 for char in first) + gap * EM
    whole = start + sum(10 if char.isascii() else 20 for char in second)
    line = (
        f'<TextLine HPOS="0" VPOS="0" WIDTH="{whole}" HEIGHT="20">{word(first, 0)}<SP/>{word(second, start)}</TextLine>'
    )
    text = reading_of(f"<alto><TextBlock>{line}</TextBlock><Page/></alto>".encode()).text
    assert text == f"{first}{' ' if spaced else ''}{second}\n"
