"""Texts made to be slow come out whole. How long they take, benchmarks/worst_cases.py prints."""

from __future__ import annotations

import pytest

from cleaner import Cleaner
from worst_cases import PATTERNS, text_of

CLEANER = Cleaner()


@pytest.mark.parametrize("name", PATTERNS)
def test_comes_out_whole(name: str) -> None:
    text = text_of(PATTERNS[name], 20_000)
    assert CLEANER.clean(text).revert() == text
