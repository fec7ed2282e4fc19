"""What the noisy channel does not weigh."""

from __future__ import annotations

from cleaner.evidence.channel import candidates
from cleaner.knowledge import lexicon
from cleaner.page import Page
from cleaner.settings import Settings


def test_characters_between_dots_of_emphasis_are_no_misreads() -> None:
    emphasised = "两位·没·有·见·面·的·时·候·就·很·亲·近·的朋友。"
    assert candidates(Page(emphasised, Settings(), lexicon.load())) == []
    assert candidates(Page("柚香谷公司的人驻。", Settings(), lexicon.load()))
