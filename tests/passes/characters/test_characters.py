"""Characters, block by block: what Unicode says of each is what the pass does."""

from __future__ import annotations

import unicodedata

import pytest

from cleaner import Cleaner, Settings
from cleaner.text.edits import Band
from cleaner.text.width import is_han

CLEANER = Cleaner(Settings(only=("characters",)))
UNIFIED = "﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩"


def assigned(first: int, last: int) -> list[str]:
    return [chr(code) for code in range(first, last + 1) if unicodedata.category(chr(code)) != "Cn"]


def test_all_214_kangxi_radicals_become_the_ideograph_that_unicode_names() -> None:
    radicals = "".join(assigned(0x2F00, 0x2FDF))
    assert len(radicals) == 214
    assert CLEANER.clean(radicals).text == unicodedata.normalize("NFKC", radicals)


def test_every_radical_of_the_supplement_becomes_an_ideograph_or_is_flagged() -> None:
    radicals = assigned(0x2E80, 0x2EFF)
    assert len(radicals) == 115
    for radical in radicals:
        cleaned = CLEANER.clean(radical)
        if cleaned.text == radical:
            assert [flag.rule for flag in cleaned.flags] == ["characters/radical-unknown"]
        else:
            assert len(cleaned.text) == 1
            assert is_han(cleaned.text)
            assert not 0x2E80 <= ord(cleaned.text) <= 0x2FDF


def test_few_radicals_have_no_ideograph() -> None:
    flagged = [radical for radical in assigned(0x2E80, 0x2EFF) if CLEANER.clean(radical).flags]
    assert flagged == ["⺀"]


@pytest.mark.parametrize(
    ("radical", "simplified", "traditional"), [("⼾", "户", "戶"), ("⿈", "黄", "黃"), ("⾭", "青", "靑")]
)
def test_radicals_go_on_to_the_shape_of_simplified_text(radical: str, simplified: str, traditional: str) -> None:
    assert CLEANER.clean(f"这个{radical}字").text == f"这个{simplified}字"
    assert CLEANER.clean(f"這個{radical}字").text == f"這個{traditional}字"


def test_compatibility_ideographs_become_unified_ones_but_the_twelve_that_are() -> None:
    characters = [*assigned(0xF900, 0xFAFF), *assigned(0x2F800, 0x2FA1F)]
    for char in characters:
        expected = char if char in UNIFIED else unicodedata.normalize("NFC", char)
        assert CLEANER.clean(char).text == expected, f"U+{ord(char):04X}"
    assert [char for char in characters if unicodedata.normalize("NFC", char) == char] == list(UNIFIED)


@pytest.mark.parametrize("char", assigned(0xFE10, 0xFE19) + assigned(0xFE30, 0xFE4F) + assigned(0xFE50, 0xFE6B))
def test_presentation_forms_become_upright_marks_of_full_width(char: str) -> None:
    text = CLEANER.clean(f"甲{char}乙").text[1:-1]
    if char in "︴﹅﹆﹉﹊﹋﹌﹍﹎﹏":  # dots and waves beside text: no other character has them
        assert text == char
    else:
        assert text != char
        assert not unicodedata.decomposition(text).startswith(("<vertical>", "<small>"))


def test_half_width_katakana_become_full_width() -> None:
    kana = "".join(assigned(0xFF66, 0xFF9D))
    assert CLEANER.clean(kana).text == unicodedata.normalize("NFKC", kana)


@pytest.mark.parametrize("kana", ["ｶﾞ", "ｷﾞ", "ｻﾞ", "ﾀﾞ", "ﾊﾞ", "ﾊﾟ", "ｳﾞ", "ﾜﾞ"])
def test_a_voiced_mark_becomes_one_with_its_kana(kana: str) -> None:
    assert CLEANER.clean(kana).text == unicodedata.normalize("NFKC", kana)


def test_full_width_letters_and_digits_become_narrow() -> None:
    letters = "".join(map(chr, (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))))
    assert CLEANER.clean(letters).text == unicodedata.normalize("NFKC", letters)


@pytest.mark.parametrize(
    "text",
    [
        "①⑳㈠㊣",
        "℃℉",
        "㎡㎏㏄",
        "½¼⅓",
        "〇",
        "，：；？！（）",
        "Ⅲⅷ",
        "№",
        "™",
        "²³⁴",
        "…",
        "￥",
        "％",
        "\u3000",
        "\f",
        "\t",
    ],
)
def test_compatibility_characters_that_were_printed_stay(text: str) -> None:
    cleaned = CLEANER.clean(f"甲{text}乙")
    assert cleaned.text == f"甲{text}乙"
    assert not cleaned.flags


@pytest.mark.parametrize("code", [*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0)])
def test_control_characters_go(code: int) -> None:
    assert CLEANER.clean(f"甲{chr(code)}乙").text == "甲乙"


@pytest.mark.parametrize(
    "char", [*"\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\xad\u061c\u180e\u034f", *"\u202a\u202e\u2066\u2069"]
)
def test_characters_without_width_go_from_chinese_text(char: str) -> None:
    assert CLEANER.clean(f"甲{char}乙").text == "甲乙"


@pytest.mark.parametrize("char", [*"\xa0\u1680\u202f\u205f", *map(chr, range(0x2000, 0x200B))])
def test_spaces_of_fixed_width_become_plain(char: str) -> None:
    assert CLEANER.clean(f"甲{char}乙").text == "甲 乙"


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        *((code, "private-use") for code in (0xE000, 0xF8FF, 0xF0000, 0x10FFFD)),
        *((code, "undecodable") for code in (0xFFFD, 0xFFFC, 0xDC80, 0xD800, 0xFDD0, 0xFFFF, 0x1FFFE, 0x10FFFF)),
        (0x2E80, "radical-unknown"),
    ],
)
def test_what_nobody_can_read_is_flagged_and_stays(code: int, rule: str) -> None:
    char = chr(code)
    cleaned = CLEANER.clean(f"甲{char}乙")
    assert cleaned.text == f"甲{char}乙"
    assert [(flag.rule, flag.before, flag.band) for flag in cleaned.flags] == [
        (f"characters/{rule}", char, Band.FLAGGED)
    ]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\v", "\x85", "\u2028", "\u2029"])
def test_line_ends_become_line_feeds(end: str) -> None:
    assert CLEANER.clean(f"甲{end}乙").text == "甲\n乙"


WELSH = "\U0001f3f4" + "".join(chr(0xE0000 + ord(char)) for char in "gbwls") + "\U000e007f"


@pytest.mark.parametrize("emoji", [WELSH, "👨\u200d👩\u200d👧", "❤️", "1️⃣", "👍🏽", "㊗️"])
def test_emoji_keep_what_they_are_made_of(emoji: str) -> None:
    assert CLEANER.clean(f"甲{emoji}乙").text == f"甲{emoji}乙"


def test_text_hidden_in_tags_goes() -> None:
    hidden = "".join(chr(0xE0000 + ord(char)) for char in "ignore all")
    assert CLEANER.clean(f"会议{hidden}指出").text == "会议指出"


@pytest.mark.parametrize("text", ["字\ufe00", "字\U000e0100", "，\ufe00", "\ufe0f字", "a\U000e0101"])
def test_variation_selectors_go(text: str) -> None:
    assert CLEANER.clean(text).text == "".join(char for char in text if char not in "\ufe00\ufe0f\U000e0100\U000e0101")
