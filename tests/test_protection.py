"""A term that a lexicon protects is touched by no pass, wherever it stands; what is beside it is cleaned as ever."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Cleaner, Settings
from cleaner.chain import UNSETTLED

# Each of them is what some pass would mend: characters, artifacts, spaces, punctuation, script, misreads, terms.
PROTECTED = ["⾦子", "１２", "&amp;", "— 3 —", "第3版", "人 民", "他说:好", '"好"', "山谷.com,", "們", "公司的人驻", "人驻",
             "一一", "Al", "エ业", "高质最发展", "天土鼎", "■", "——", "。。", "Deep-", "ＡＩ", "本报记者 李红", "$10^{4}$"]  # fmt: skip
AROUND = ["公司的人驻", "，", ",", "。", '"', "“", "”", " ", "\n", "\n\n", "\f", "12", "我们", "产业", "是", "浙江省委,", "一", "-",
          "高质最发展", "本报记者 王伟 摄", "会议强调，要坚持以人民", "为中心的发展思想。", "全省各地抢抓机遇", "■", "天土鼎"]  # fmt: skip
TEXT = st.lists(st.one_of(st.sampled_from(PROTECTED), st.sampled_from(AROUND), st.text(max_size=2)), max_size=25).map(
    "".join
)


def cleaner_of(folder: Path, content: str) -> Cleaner:
    path = folder / "own.tsv"
    path.write_text(content, encoding="utf-8")
    return Cleaner(Settings(lexicons=(path,)))


with tempfile.TemporaryDirectory() as folder:
    lines = [f"{term}\t\t\t\tprotect\n" for term in PROTECTED]
    CLEANER = cleaner_of(Path(folder), "".join(lines) + "天工鼎\t\t\t天士鼎|天土鼎鼎\n")
assert CLEANER.lexicon.protected  # read while the file is there


def places(text: str) -> list[tuple[int, int]]:
    """Where protected terms stand in a text, by a plain search."""
    return [
        (at, at + len(term)) for term in PROTECTED for at in range(len(text)) if text.startswith(term, at)
    ]  # as they overlap


@given(TEXT)
@settings(max_examples=400)
def test_no_edit_and_no_suggestion_touches_a_protected_term(text: str) -> None:
    cleaned = CLEANER.clean(text)
    changes = [e for e in (*cleaned.edits, *cleaned.suggestions) if e.kind == "change"]
    for start, end in places(text):
        for edit in changes:
            apart = edit.end <= start or end <= edit.start
            assert apart, (text[start:end], edit)


@given(TEXT)
@settings(max_examples=150)
def test_the_laws_hold_beside_protected_terms(text: str) -> None:
    cleaned = CLEANER.clean(text)
    assert cleaned.revert() == text
    if not any(flag.rule == UNSETTLED.name for flag in cleaned.flags):
        assert CLEANER.clean(cleaned.text).text == cleaned.text


@given(TEXT)
@settings(max_examples=100)
def test_terms_are_found_where_a_plain_search_finds_them(text: str) -> None:
    exact = CLEANER.lexicon.protected
    assert exact is not None
    from cleaner.knowledge.lexicon.filed import code_points

    found = [(at, at + exact.length(number)) for at, number in exact.find(code_points(text))]
    assert sorted(found) == sorted(places(text))


def test_what_is_beside_a_protected_term_is_cleaned(tmp_path: Path) -> None:
    cleaner = cleaner_of(tmp_path, "公司的人驻\t\t\t\tprotect\n")
    assert cleaner.clean("随着文创公司的人驻,村里热闹起来。").text == "随着文创公司的人驻，村里热闹起来。"


@pytest.mark.parametrize("cut", ["\n", " \n　　", "\r\n"])
def test_a_line_break_within_a_protected_term_is_no_part_of_it(tmp_path: Path, cut: str) -> None:
    cleaner = cleaner_of(tmp_path, "⾦子山\t\t\t\tprotect\n")
    text = f"孩子们的课余生活比从前丰富起来，大家结伴登上了村子后面的⾦{cut}子山，看见满山的柚子都已经熟了，香气飘满了整个山谷。\n"
    cleaned = cleaner.clean(text).text
    assert "⾦" in cleaned
    assert "金" not in cleaned
    if cut != " \n　　":  # an indented line begins a paragraph
        assert "⾦子山" in cleaned


def test_many_forms_are_corrected_outside_their_terms(tmp_path: Path) -> None:
    cleaner = cleaner_of(tmp_path, "柚香谷\t\t\t香谷|袖香谷\n天工鼎\t\t\t天士鼎\n")
    cleaned = cleaner.clean("柚香谷和袖香谷都在天士鼎旁边，天士鼎很大。")
    assert cleaned.text == "柚香谷和柚香谷都在天工鼎旁边，天工鼎很大。"
