"""Lines that are decisions, and lines that are none."""

from __future__ import annotations

import pytest

from cleaner.decisions.decision import DecisionError, parsed

LINE = '{"verdict": "accept", "document": "a", "edit": "b", "rule": "c", "before": "d"%s}'


@pytest.mark.parametrize(
    "more",
    [
        ', "at": "yesterday"',
        ', "at": "0001-01-01T00:00:00+14:00"',  # before the first hour of UTC
        f', "start": {"9" * 5000}',
        f', "beside": {"[" * 5000}',
        ', "beside": ["x"]',
        ', "verdict": "maybe"',
    ],
)
def test_what_is_none_is_refused_with_words(more: str) -> None:
    with pytest.raises(DecisionError, match=r"\w"):
        parsed(LINE % more)


def test_a_decision_is_read() -> None:
    assert parsed(LINE % "").verdict == "accept"
