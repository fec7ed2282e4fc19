"""The word list is well-formed, and looking words up in it finds what a plain search finds."""

from __future__ import annotations

import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.knowledge import resources, words
from cleaner.knowledge.words import LONGEST, SHORTEST, Words

known = words.load()
SMALL = {"人民": 9, "人民银行": 4, "银行": 8, "中国": 9, "中国人民": 6, "国人": 2, "一带一路倡议者们": 1, "路线": 7}
small = words.parse("".join(f"{word}\t{rank}\n" for word, rank in SMALL.items()).encode())

# Text that is dense in the words of the small list, their parts and characters of other widths.
DENSE = st.text(st.sampled_from("人民银行中国一带路倡议者们线𠮷a\n\udc80"), max_size=60)


def longest_at(text: str, start: int, listed: dict[str, int]) -> int:
    """As `Words.longest_at`, without haste."""
    lengths = [length for length in range(SHORTEST, LONGEST + 1) if text[start : start + length] in listed]
    return max((length for length in lengths if start + length <= len(text)), default=0)


def cover(text: str, listed: dict[str, int]) -> list[int]:
    """As `Words.cover`, without haste."""
    covered = [0] * len(text)
    for start in range(len(text)):
        for place in range(start, start + longest_at(text, start, listed)):
            covered[place] = max(covered[place], longest_at(text, start, listed))
    return covered


class TestFile:
    def test_lines(self) -> None:
        with resources.open_binary(words.WORDS_FILE) as stream:
            lines = stream.read().decode("utf-8").split("\n")
        header = [line for line in lines if line.startswith("#")]
        rows = lines[len(header) :]
        assert rows.pop() == ""
        assert all(re.fullmatch(r"[\u4e00-\u9fff〇]{2,8}\t[1-9]", row) for row in rows)
        listed = [row.split("\t")[0] for row in rows]
        assert listed == sorted(listed)
        assert len(set(listed)) == len(listed) == len(known)
        for said in ("Source:", "Licence: MIT", "Date: 20", "Rebuild: python tools/build_words.py"):
            assert said in "\n".join(header)

    def test_terms_of_the_lexicons_are_words(self) -> None:
        for path in resources.path("lexicon").glob("*.tsv"):
            for row in resources.rows(f"lexicon/{path.name}"):
                if re.fullmatch(r"[\u4e00-\u9fff]{2,8}", row[0]):
                    assert row[0] in known, f"{row[0]} of {path.name}: run tools/build_words.py again"

    @pytest.mark.parametrize(
        "word", ["入驻", "秉持", "擘画", "融入", "赋能", "算力", "小微", "高质量发展", "共同富裕示范区", "柯桥区"]
    )
    def test_words_of_the_domain(self, word: str) -> None:
        assert word in known

    @pytest.mark.parametrize(
        "misread", ["人驻", "乘持", "擎画", "融人", "讲步", "扣任", "汀火", "休威", "渐江", "自已", "己经", "记忆忧新"]
    )
    def test_misread_words_are_none(self, misread: str) -> None:
        assert misread not in known

    def test_classes_follow_use(self) -> None:
        assert known.frequency("发展") == 9
        assert known.frequency("发展") > known.frequency("入驻") > known.frequency("缱绻")

    def test_load_takes_little_memory(self) -> None:
        words.load.cache_clear()
        tracemalloc.start()
        words.load()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 30_000_000


class TestLookUp:
    @pytest.mark.parametrize("thing", ["", "人", "国民", "一带一路倡议者们的", "人民\0", 7, None, ("人民",)])
    def test_not_in_the_list(self, thing: object) -> None:
        assert thing not in small

    def test_frequency(self) -> None:
        assert {word: small.frequency(word) for word in SMALL} == SMALL
        assert small.frequency("民银") == small.frequency("人") == small.frequency("") == 0

    def test_every_listed_word_is_found(self) -> None:
        for row in resources.rows(words.WORDS_FILE)[::37]:
            assert known.frequency(row[0]) == int(row[1])
            assert known.longest_at(row[0])[0] == len(row[0])

    def test_cover_takes_the_longest_word_over_a_place(self) -> None:
        assert small.cover("中国人民银行x路线").tolist() == [4, 4, 4, 4, 4, 4, 0, 2, 2]

    def test_a_word_across_the_border_of_two_chunks(self) -> None:
        text = "口" * (words._CHUNK - 3) + "一带一路倡议者们"
        assert small.longest_at(text)[words._CHUNK - 3] == 8
        assert small.cover(text)[-8:].tolist() == [8] * 8

    @given(DENSE)
    def test_agrees_with_a_plain_search(self, text: str) -> None:
        assert small.longest_at(text).tolist() == [longest_at(text, start, SMALL) for start in range(len(text))]
        assert small.cover(text).tolist() == cover(text, SMALL)

    @given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4FFF), max_size=40))
    def test_the_shipped_list_agrees_with_a_plain_search(self, text: str) -> None:
        listed = {row[0]: 1 for row in SHIPPED}
        assert known.cover(text).tolist() == cover(text, listed)

    @given(st.text(st.characters(), max_size=50))
    def test_any_text_is_taken(self, text: str) -> None:
        assert len(known.cover(text)) == len(known.longest_at(text)) == len(text)
        assert known.frequency(text) in range(10)


SHIPPED = [
    row for row in resources.rows(words.WORDS_FILE) if all("\u4e00" <= character <= "\u4fff" for character in row[0])
]


class TestParse:
    def test_empty_list(self) -> None:
        empty: Words = words.parse(b"# nothing\n")
        assert len(empty) == 0
        assert "人民" not in empty
        assert empty.cover("人民").tolist() == [0, 0]

    @pytest.mark.parametrize(
        ("data", "line"),
        [
            ("# head\n人民\t9\n人民银行\n", 3),
            ("人民\t0\n", 1),
            ("人民\t9\n\n银行\t8\n", 2),
            ("人\t9\n", 1),
            ("一二三四五六七八九\t1\n", 1),
            ("人民\t9\r\n", 1),
            ("人民\t9\n银行\t8", 2),
            ("人民 9\n", 1),
        ],
    )
    def test_malformed_lines_are_refused(self, data: str, line: int) -> None:
        with pytest.raises(ValueError, match=f"line {line}:"):
            words.parse(data.encode())

    def test_a_word_that_stands_twice_is_refused(self) -> None:
        with pytest.raises(ValueError, match="twice"):
            words.parse("人民\t9\n银行\t8\n人民\t7\n".encode())
