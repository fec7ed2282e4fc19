"""Candidates of a harvest: what a plain count finds, with the measures that the definitions give."""

from __future__ import annotations

from collections import Counter
from math import inf, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.knowledge.lexicon import harvest
from cleaner.knowledge.lexicon.harvest import Candidate

TEXT = st.text(st.sampled_from("天工鼎的，\n1"), max_size=60)


def harvested(text: str, least: int, longest: int) -> list[Candidate]:
    """All that recurs, however loosely it holds together."""
    return harvest.candidates([text], least, longest, cohesion=-inf, freedom=-inf)


def by_text(found: list[Candidate]) -> dict[str, Candidate]:
    return {candidate.text: candidate for candidate in found}


def han_grams(text: str, longest: int) -> Counter[str]:
    """By a plain count: the sequences of two Chinese characters and more."""
    grams = (text[i : i + n] for n in range(2, longest + 1) for i in range(len(text) - n + 1))
    return Counter(gram for gram in grams if all("\u4e00" <= char <= "\u9fff" for char in gram))


@given(TEXT)
def test_counts_are_those_of_a_plain_count(text: str) -> None:
    found = harvested(text, 2, 5)
    expected = {gram: count for gram, count in han_grams(text, 5).items() if count >= 2}
    assert {candidate.text: candidate.count for candidate in found} == expected


@given(TEXT)
def test_measures_are_those_of_the_definitions(text: str) -> None:
    grams, total = han_grams(text, 5), sum("\u4e00" <= char <= "\u9fff" for char in text)
    grams.update(char for char in text if "\u4e00" <= char <= "\u9fff")
    for candidate in harvested(text, 2, 4):
        term = candidate.text
        splits = [grams[term[:i]] * grams[term[i:]] for i in range(1, len(term))]
        assert candidate.cohesion == pytest.approx(min(log2(grams[term] * total / both) for both in splits))
        assert candidate.freedom == pytest.approx(min(entropy(text, term, -1), entropy(text, term, 1)))


def entropy(text: str, term: str, side: int) -> float:
    """Of the neighbours of a term in bits, each mark or end of a line one by itself."""
    neighbours = []
    for at in range(len(text)):
        if text.startswith(term, at):
            place = at - 1 if side < 0 else at + len(term)
            beside = text[place] if 0 <= place < len(text) else "\n"
            neighbours.append(beside if beside not in "，\n" else f"{beside}{at}")
    return sum(n / len(neighbours) * log2(len(neighbours) / n) for n in Counter(neighbours).values())


def test_words_of_letters_and_digits_are_units() -> None:
    found = by_text(harvested("用5G基站，看5G基站。建5G基站！" * 3, 3, 4))
    assert found["5G基站"].count == 9
    assert "G基" not in found
    assert found["5G"].cohesion == inf


def test_what_always_follows_a_number_is_not_free() -> None:
    found = by_text(harvested("夺得3枚金牌，又有12枚金牌。共5枚金牌。", 2, 3))
    assert found["枚金牌"].freedom == 0


def test_a_piece_of_a_longer_term_is_not_free() -> None:
    text = "看天工鼎，造天工鼎。有天工鼎！天工鼎好，天工鼎大"
    found = by_text(harvested(text, 2, 3))
    assert found["天工"].freedom == 0 < found["天工鼎"].freedom


@pytest.mark.parametrize("block", [60, 200, 10_000])
def test_blocks_add_up(block: int) -> None:
    texts = ["柚香谷里的天工鼎，天工鼎旁边的柚香谷。\n"] * 30
    found = by_text(harvest.candidates(texts, least=20, longest=3, cohesion=1, freedom=0.5, block=block))
    assert found["天工鼎"].count == found["柚香谷"].count == 60


def test_context_is_what_stands_around() -> None:
    found = by_text(harvested("远远望见天工鼎立在山上。天工鼎", 2, 3))
    assert found["天工鼎"].context == ("远远望见", "立在山上。天工鼎")


def test_no_text_gives_nothing() -> None:
    assert harvested("", 2, 5) == harvest.candidates([], 2, 5, 0, 0) == []
