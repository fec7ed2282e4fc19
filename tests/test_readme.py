"""The two READMEs: links that lead somewhere, and the same commands and figures in both languages."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh.md")
LINK = re.compile(r"\]\((?!\w+:)([^)#\s]+)(?:#[^)\s]*)?\)")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def read(name: str) -> str:
    return (TOP / name).read_text(encoding="utf-8")


def without_comments(block: str) -> list[str]:
    """The lines of a block of code without what they say behind `#`, which is prose."""
    return [line.split(" #")[0].rstrip() for line in block.splitlines()]


@pytest.mark.parametrize("name", [*READMES, "CHANGELOG.md", "samples/README.md", "dictionaries/README.md"])
def test_links_lead_to_files(name: str) -> None:
    folder = (TOP / name).parent
    assert [link for link in LINK.findall(read(name)) if not (folder / link).exists()] == []


def test_both_languages_show_the_same_code() -> None:
    english, chinese = ([without_comments(text) for _, text in BLOCK.findall(read(name))] for name in READMES)
    assert english == chinese


def test_both_languages_have_the_same_figures() -> None:
    english, chinese = (Counter(re.findall(r"\d[\d,.]*\d|\d", BLOCK.sub("", read(name)))) for name in READMES)
    assert english == chinese


def test_both_languages_link_to_the_same_pages() -> None:
    english, chinese = (set(LINK.findall(read(name))) - set(READMES) for name in READMES)
    assert english == chinese
