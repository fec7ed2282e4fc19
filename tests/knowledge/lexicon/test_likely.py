"""Which candidates are taken for names and terms, and of what kind."""

from __future__ import annotations

import pytest

from cleaner.knowledge.lexicon.file import parse
from cleaner.knowledge.lexicon.harvest import Candidate
from cleaner.knowledge.lexicon.likely import likely_terms, lines


def candidate(text: str, count: int = 20, cohesion: float = 9.0, freedom: float = 3.0) -> Candidate:
    return Candidate(text, count, cohesion, freedom, ("前面的\t", "后面的\n"))


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("鲍卫忠", "person"),
        ("肖捷", "person"),
        ("陳浩天", "person"),
        ("阿夫杰耶夫卡", "foreign"),
        ("RCEP", "latin"),
        ("别尔哥罗德州", "places"),
        ("苏丹快速支援部队", "institutions"),
        ("太阳能电池", "technology"),
        ("佢哋", "word"),
        ("俄乌冲突", "phrase"),
    ],
)
def test_kinds(text: str, category: str) -> None:
    assert [likely.category for likely in likely_terms([candidate(text)])] == [category]


@pytest.mark.parametrize(
    "text", ["浙江省", "人工智能", "進入", "进一步提升", "他表示", "在北京", "进行了", "部部长", "等方面", "仍未"]
)
def test_known_words_and_pieces_of_sentences_are_left_out(text: str) -> None:
    assert likely_terms([candidate(text)]) == []


def test_names_come_before_phrases() -> None:
    found = likely_terms([candidate("俄乌冲突", 60), candidate("鲍卫忠")])
    assert [likely.candidate.text for likely in found] == ["鲍卫忠", "俄乌冲突"]


def test_lines_are_a_lexicon() -> None:
    found = likely_terms([candidate("鲍卫忠"), candidate("RCEP", cohesion=float("inf"))])
    written = list(lines(found, 1_000_000, 3))
    parsed = parse(line.encode() + b"\n" for line in written)
    assert parsed.problems == []
    assert {(term.text, term.category, term.weight) for term in parsed.terms} == {
        ("鲍卫忠", "person", 6.0),
        ("RCEP", "latin", 6.0),
    }
    assert any(line.endswith("\t# 20\t9.0\t3.0\t前面的 [鲍卫忠]后面的 ") for line in written)
