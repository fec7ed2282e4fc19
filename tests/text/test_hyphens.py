"""Hyphens that the text has within a line, too."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from cleaner.text.hyphens import LONGEST, hyphenated


@given(st.lists(st.sampled_from(["a", "ab", "-", "b", "\n", " ", "-\n", "中", "\f"]), max_size=40).map("".join))
def test_as_a_search_of_the_whole_text_would_say(text: str) -> None:
    ends = re.findall(r"(?<![A-Za-z])([A-Za-z]+)-\s*?(?=[\n\f]|\Z)", text)
    beginnings = re.findall(r"(?:^|[\n\f])[ \f]*([A-Za-z]+)", text)
    assert hyphenated(text) == {(a, b) for a in ends for b in beginnings if f"{a}-{b}" in text}


def test_what_is_longer_than_words_are() -> None:
    assert hyphenated(f"{'a' * LONGEST}-b\n{'a' * LONGEST}-\nb") == {("a" * LONGEST, "b")}
    assert hyphenated(f"a{'a' * LONGEST}-b\na{'a' * LONGEST}-\nb") == frozenset()
