"""The places where marks may be out of order: none that a rule would change may be missed."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleaner.knowledge.model import code_points
from cleaner.passes import punctuation
from cleaner.text import blocks, marks

MARKS = "∶＂„«»≪≫％%℃？‥━−〔〕，。、；：？！“”‘’（）《》〈〉【】—…·,.:;?!()[]\"'<>-－–―─⸺⋯•・‧∙⋅･｡､｢｣ab1中文 \n\f"


@given(st.text(alphabet=MARKS, max_size=30), st.booleans(), st.booleans())
def test_every_line_that_a_rule_would_change_is_found(text: str, corner: bool, points: bool) -> None:
    codes = code_points(text)
    breaks = blocks.breaks_of(codes)
    found = {row.start for row in blocks.rows_at(text, breaks, marks.out_of_order(codes, breaks))}
    every = blocks.rows_at(text, breaks, np.arange(len(text)))
    changed = {
        row.start
        for row in every
        if punctuation.of_line(row, punctuation.Style("「」『』" if corner else "“”‘’", "……", corner, points))
    }
    assert changed <= found


def test_text_in_order_is_passed_over() -> None:
    text = "他说：“一九九八年——距今二十多年……”（笑）《春》、《秋》，售价1,200元；8:30开门，don't走。"
    codes = code_points(text)
    assert not len(marks.out_of_order(codes, blocks.breaks_of(codes)))
