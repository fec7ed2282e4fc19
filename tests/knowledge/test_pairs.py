"""Pairs of characters that only traditional text has."""

from __future__ import annotations

import numpy as np

from cleaner.knowledge import pairs


def test_pairs_of_traditional_text_are_known() -> None:
    text = "寮國市民"
    codes = np.array([ord(char) for char in text], dtype=np.int64)
    assert pairs.known(codes[:-1], codes[1:]).tolist() == [True, False, False]


def test_the_table_is_in_order_and_holds_each_pair_once() -> None:
    table = pairs.load()
    assert (np.diff(table) > 0).all()
    assert len(table) > 10_000
