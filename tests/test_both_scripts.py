"""A page in traditional characters comes out as its twin in simplified ones does, line by line."""

from __future__ import annotations

from pathlib import Path

import pytest
from opencc import OpenCC

from cleaner import Cleaner, Settings

SAMPLES = sorted((Path(__file__).parents[1] / "samples" / "scans").glob("*.txt"))
CLEANER = Cleaner(Settings(quotes="curved", skip=("terms",)))
TO_TRADITIONAL = OpenCC("s2t")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_lines_are_joined_moved_and_removed_alike_in_both_scripts(sample: Path) -> None:
    scan = sample.read_text(encoding="utf-8")
    assert shape(TO_TRADITIONAL.convert(scan)) == shape(scan)


def shape(scan: str) -> list[int]:
    """How long the lines of the cleaned scan are, in code points: conversion keeps most characters apart, one for one."""
    return [len(line) for line in CLEANER.clean(scan).text.split("\n")]
