"""What cannot be seen is shown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.report.visible import changed, inert, running


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("入驻", "入驻"),
        (" ", '<span class="space">␣</span>'),
        ("\r\n\n", '<span class="space">⏎⏎</span>'),
        ("\n" * 6, '<span class="space">⏎×6</span>'),
        ("\u3000甲\t", '<span class="space wide">␣</span>甲<span class="space">⇥</span>'),
        ("\u00a0", '<span class="code">U+00A0</span>'),
        ("\u200b\ufeff", '<span class="code">U+200B</span><span class="code">U+FEFF</span>'),
        ("\ue000", '<span class="code">U+E000</span>'),
        ("葛\U000e0100", '葛<span class="code">U+E0100</span>'),
        ("\u0301", "◌\u0301"),
        ("<&>\"'", "&lt;&amp;&gt;&#34;&#39;"),
    ],
)
def test_in_a_change(text: str, shown: str) -> None:
    assert changed(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("甲 乙\u3000丙\n", "甲 乙\u3000丙\n"),
        ("甲\r\n\r\n\r\n乙", "甲\n\n乙"),
        ("甲\n \n\u3000\n\u3000\u3000乙", "甲\n\n\u3000\u3000乙"),
        ("\u202e<b>", '<span class="code">U+202E</span>&lt;b&gt;'),
        ("\udc85", '<span class="code">U+DC85</span>'),
        ("\r", '<span class="code">U+000D</span>'),
    ],
)
def test_around_a_change(text: str, shown: str) -> None:
    assert running(text) == shown


@given(st.text(st.characters(codec=None)))
def test_whatever_the_text_it_can_be_written_and_is_no_markup(text: str) -> None:
    for shown in (changed(text), running(text), inert(text)):
        shown.encode("utf-8")
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", shown)
    bare = re.sub(r'<span class="(code|space|space wide)">([^<]*)</span>', r"\2", changed(text))
    assert not set("<>\"'") & set(bare)
