"""Quality: 1 for clean text, less for each misread seen and each character in a garbled span; never below 0."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner
from cleaner.text.cleaned import Cleaned
from cleaner.text.edits import Band, Edit
from cleaner.text.quality import BESIDE, UNSEEN

TEXT = "春天来了，村口的老槐树发了芽。\n孩子们在树下读书，风很轻。"


def seen(start: int, before: str, after: str | None, rule: str, band: Band) -> Edit:
    return Edit(start=start, end=start + len(before), before=before, after=after, rule=rule, band=band, confidence=0.9)


def test_clean_text_has_one() -> None:
    cleaned = Cleaner().clean(TEXT)
    assert cleaned.quality == 1.0
    assert [(TEXT[p.start : p.end], p.quality) for p in cleaned.paragraphs] == [
        (line, 1.0) for line in TEXT.split("\n")
    ]


def test_empty_text_has_one() -> None:
    assert Cleaned("", "").quality == 1.0
    assert Cleaned(" \n", " \n").paragraphs == ()


def test_a_suggested_misread_counts_in_its_paragraph_alone() -> None:
    suggestion = seen(TEXT.index("读"), "读", "续", "misreads/look-alike", Band.SUGGESTED)
    cleaned = Cleaned(TEXT, TEXT, suggestions=(suggestion,))
    second = TEXT.split("\n")[1]
    assert [p.quality for p in cleaned.paragraphs] == [
        1.0,
        pytest.approx(1 - UNSEEN / (len(second) + BESIDE), abs=1e-4),
    ]
    assert cleaned.quality == pytest.approx(1 - UNSEEN / (len(TEXT) - 1 + BESIDE), abs=1e-4)


def test_a_garbled_span_counts_with_all_its_characters() -> None:
    flag = seen(0, TEXT[:7], None, "garble/loop", Band.FLAGGED)
    assert Cleaned(TEXT, TEXT, flags=(flag,)).quality == pytest.approx(1 - 7 / (len(TEXT) - 1), abs=1e-4)


def test_what_joins_lines_says_nothing_of_quality() -> None:
    join = seen(TEXT.index("\n"), "\n", "", "wraps/join", Band.APPLIED)
    assert Cleaned(TEXT, TEXT.replace("\n", ""), (join,)).quality == 1.0


@given(st.text(alphabet="人入驻渐江的，。一 \n.·Al\ufffd柚香谷公司村里新机遇", max_size=120))
def test_is_a_share_whatever_the_text(text: str) -> None:
    cleaned = Cleaner().clean(text)
    assert 0.0 <= cleaned.quality <= 1.0
    for paragraph in cleaned.paragraphs:
        assert 0.0 <= paragraph.quality <= 1.0
        assert cleaned.text[paragraph.start : paragraph.end].strip()
