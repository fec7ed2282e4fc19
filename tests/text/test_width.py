"""Marks, and what can be told of them where they stand."""

from __future__ import annotations

import pytest

from cleaner.text.width import is_stop


@pytest.mark.parametrize(
    "text", ["他走了。", "走了吗？", "走了…", "走了.", "走了···", "走了····", "走了...", "gone..."]
)
def test_a_sentence_may_end_there(text: str) -> None:
    assert is_stop(text, len(text) - 1)


@pytest.mark.parametrize("text", ["他走了", "他走了，", "伊利亚·", "伊利亚··", "3.", "e.g.", "··"])
def test_no_sentence_ends_there(text: str) -> None:
    assert not is_stop(text, len(text) - 1)
