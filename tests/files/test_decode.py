"""Bytes into text and back: which encoding, and that no byte is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.files.decode import BOMS, UnknownEncoding, codec_of, decode, encode

FOREIGN = json.loads((Path(__file__).parent / "japanese-korean.json").read_text(encoding="utf-8"))
HANS = "柚子的香气飘满了山谷，合作社的仓库里堆着刚摘下来的果子。\n农户们说，今年雨水足，收成比去年好了不少。\n"
HANT = "柚子的香氣飄滿了山谷，合作社的倉庫裡堆著剛摘下來的果子。\n農戶們說，今年雨水足，收成比去年好了不少。\n"

ENCODINGS = [
    None, "gb18030", "big5", "utf-16", "utf-16-be", "utf-32", "shift_jis", "cp1252", "iso-2022-jp", "utf-7", "punycode",
    "unicode_escape", "cp037", "gb18030+utf-8", "utf-8+big5hkscs+cp932",
]  # fmt: skip
WRITTEN = st.builds(
    lambda text, encoding: text.encode(encoding, "ignore"),
    st.text(alphabet="公司，。入驻abc\n\r 十‧•～∼／設廠\ufeff\x00", max_size=30),
    st.sampled_from(["utf-8", "gb18030", "big5hkscs", "cp950", "utf-16", "utf-16-le", "utf-32"]),
)
MARKED = st.builds(bytes.__add__, st.sampled_from(list(BOMS.values())), st.binary(max_size=20))
TOGETHER = st.lists(WRITTEN, max_size=5).map(b"\n".join)
RAW = st.one_of(st.binary(max_size=60), WRITTEN, MARKED, TOGETHER)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of unicode_escape
@settings(max_examples=500)
@given(RAW, st.sampled_from(ENCODINGS))
def test_every_byte_comes_back(raw: bytes, encoding: str | None) -> None:
    decoded = decode(raw, encoding)
    assert encode(decoded) == raw


@settings(max_examples=500)
@given(RAW)
def test_the_encoding_found_gives_the_same_text_when_named(raw: bytes) -> None:
    decoded = decode(raw)
    again = decode(raw, decoded.encoding)
    assert (again.text, again.bom) == (decoded.text, decoded.bom)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (HANS, "gb18030"),
        (HANT, "gb18030"),
        (HANT, "big5hkscs"),
        (HANS, "utf-16-le"),
        (HANT, "utf-16-be"),
        (HANS, "utf-8"),
    ],
)
def test_the_encoding_is_told_without_a_mark(text: str, codec: str) -> None:
    decoded = decode(text.encode(codec))
    assert (decoded.text, decoded.encoding, decoded.bom, decoded.certain) == (text, codec, False, True)


@pytest.mark.parametrize("codec", ["gb18030", "big5hkscs"])
def test_a_few_characters_are_enough(codec: str) -> None:
    assert decode("收成比去年好".encode(codec)).text == "收成比去年好"


@pytest.mark.parametrize("codec", list(BOMS))
def test_a_byte_order_mark_decides_and_is_no_part_of_the_text(codec: str) -> None:
    decoded = decode(BOMS[codec] + HANS.encode(codec))
    assert (decoded.text, decoded.encoding, decoded.bom, decoded.certain) == (HANS, codec, True, True)


def test_chinese_after_a_long_stretch_of_ascii_is_still_told() -> None:
    raw = b"table of figures\r\n" * 10_000 + HANS.encode("gb18030")
    assert decode(raw).encoding == "gb18030"


@pytest.mark.parametrize(("text", "codec"), [(HANS, "utf-8"), (HANS, "gb18030"), (HANT, "big5hkscs")])
def test_broken_bytes_become_lone_surrogates_and_the_rest_is_read(text: str, codec: str) -> None:
    decoded = decode(text.encode(codec) + b"\xff\n" + text.encode(codec))
    assert decoded.text == f"{text}\udcff\n{text}"
    assert decoded.encoding == codec


def test_a_utf_16_file_cut_in_the_middle_of_a_character_keeps_its_last_byte() -> None:
    raw = HANS.encode("utf-16") + b"\x80"
    decoded = decode(raw)
    assert decoded.text == HANS + "\udc80"
    assert encode(decoded) == raw


def test_big5_symbols_are_those_that_were_meant() -> None:
    assert decode(HANT.encode("big5hkscs") + b"\xa1\x45\xa1\xe3\xa1\xfe").text == HANT + "‧～／"


def test_two_big5_codes_of_one_character_come_back_as_they_were() -> None:
    raw = HANT.encode("big5hkscs") + b"\xa2\xcc\xa4\x51\n"  # both are 十 to the codec
    decoded = decode(raw)
    assert decoded.text == HANT + "\udca2\udccc十\n"
    assert encode(decoded) == raw


def test_a_name_overrules_and_means_the_superset() -> None:
    raw = "龍".encode("gb18030")
    assert decode(raw, "GB2312").text == "龍"
    assert decode(raw, "latin-1").text == raw.decode("latin-1")
    assert codec_of("Big5") == "big5hkscs"


def test_a_named_encoding_keeps_what_it_cannot_read() -> None:
    raw = HANS.encode("gb18030")
    decoded = decode(raw, "utf-8")
    assert decoded.encoding == "utf-8"
    assert encode(decoded) == raw
    assert "\udcc8" in decode(b"\xc8", "utf-8").text


@pytest.mark.parametrize(
    ("language", "encoding", "codec"),
    [
        ("japanese", "euc_jp", "euc_jp"),
        ("japanese", "shift_jis", "cp932"),
        ("korean", "euc_kr", "cp949"),
        ("korean", "cp949", "cp949"),
    ],
)
def test_a_sentence_in_japanese_or_korean_is_read_but_not_certain(language: str, encoding: str, codec: str) -> None:
    for sentence in FOREIGN[language]:
        decoded = decode(sentence.encode(encoding))
        assert (decoded.text, decoded.encoding, decoded.certain) == (sentence, codec, False)


@pytest.mark.parametrize("codec", ["gb18030", "big5hkscs", "utf-8"])
def test_a_japanese_line_in_a_chinese_file_is_read_like_its_neighbours(codec: str) -> None:
    text = HANT + "これは今日の日記です。\n" + HANT
    decoded = decode(text.encode(codec))
    assert (decoded.text, decoded.encoding) == (text, codec)


@pytest.mark.parametrize(
    ("first", "second"),
    [("gb18030", "utf-8"), ("utf-8", "gb18030"), ("gb18030", "big5hkscs"), ("utf-8", "big5hkscs")],
)
def test_a_mixed_file_is_read_line_by_line_and_not_certain(first: str, second: str) -> None:
    raw = (HANT * 2).encode(first) + HANT.encode(second) + b"plain ASCII\n" + HANT.encode(first)
    decoded = decode(raw)
    assert decoded.text == HANT * 3 + "plain ASCII\n" + HANT
    assert (decoded.encoding, decoded.certain) == (f"{first}+{second}", False)
    assert [stretch.encoding for stretch in decoded.stretches] == [first, second, first]
    assert encode(decoded) == raw


def test_a_mixed_file_may_begin_with_a_byte_order_mark() -> None:
    raw = BOMS["utf-8"] + HANS.encode() + HANS.encode("gb18030")
    decoded = decode(raw)
    assert (decoded.text, decoded.encoding, decoded.bom) == (HANS * 2, "utf-8+gb18030", True)
    assert encode(decoded) == raw


def test_a_short_line_of_a_mixed_file_is_read_like_those_around_it() -> None:
    text = HANS + "墨\n" + HANS
    decoded = decode((HANT * 3).encode("utf-8") + text.encode("gb18030"))
    assert decoded.text == HANT * 3 + text


@pytest.mark.parametrize(("first", "second"), [("gb18030", "utf-8"), ("utf-8", "gb18030"), ("utf-8", "big5hkscs")])
@pytest.mark.parametrize("around", ["", HANT])
def test_files_joined_without_a_line_end_are_cut_where_they_were_joined(first: str, second: str, around: str) -> None:
    head, tail = around + "柚子的香氣飄滿了山谷", "農戶們說，今年雨水足。\n" + around
    decoded = decode(head.encode(first) + tail.encode(second))
    assert decoded.text == head + tail
    assert [stretch.encoding for stretch in decoded.stretches] == [first, second]


def test_a_file_with_broken_bytes_is_not_mixed() -> None:
    raw = HANS.encode("gb18030") + b"\xa3\n" + "第二章\n".encode("gb18030") + b"\x80\xff\xff\n"
    decoded = decode(raw)
    assert (decoded.encoding, decoded.stretches) == ("gb18030", ())


def test_a_file_of_which_many_bytes_cannot_be_read_is_not_certain() -> None:
    assert not decode(HANS.encode("gb18030") + b"\xff" * 20).certain


def test_utf_16_cannot_be_mixed_with_others() -> None:
    with pytest.raises(UnknownEncoding, match="utf-16-le cannot stand in a mixed document"):
        decode(b"", "gb18030+utf-16-le")


def test_characters_of_gb18030_that_happen_to_be_utf_8_are_read_and_not_certain() -> None:
    decoded = decode("46页注".encode("gb18030"))  # as UTF-8, 46ҳע
    assert (decoded.text, decoded.certain) == ("46页注", False)


@pytest.mark.parametrize("text", ["café", "Ελλάδα", "Москва", "naïve 2 °C"])
def test_short_utf_8_in_other_alphabets_is_utf_8(text: str) -> None:
    decoded = decode(text.encode("utf-8"))
    assert (decoded.text, decoded.certain) == (text, True)


def test_utf_16_without_a_byte_beyond_ascii_is_told_by_its_control_characters() -> None:
    raw = "上海上市".encode("utf-16-le")
    assert raw.isascii()
    assert decode(raw).text == "上海上市"


def test_a_stray_control_character_leaves_utf_8_what_it_is() -> None:
    assert decode("页\x08码\x7f".encode()).encoding == "utf-8"
    assert decode(b"line one\x08\x1b[0m\n").encoding == "utf-8"


@pytest.mark.parametrize("name", ["gbk2", "rot13", "hex", "undefined", "", "\0"])
def test_a_name_that_no_text_encoding_has_is_refused(name: str) -> None:
    with pytest.raises(UnknownEncoding, match="no text encoding"):
        decode(b"abc", name)


def test_empty_is_empty() -> None:
    assert decode(b"").text == ""
