"""The shipped lexicons are well-formed, a user's file is read or refused with reasons, and near terms are found as a
plain search finds them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Hamming, Levenshtein

from cleaner.knowledge import lexicon, resources
from cleaner.knowledge.lexicon import Lexicon, LexiconError, Term

FILES = sorted(resources.path("lexicon").glob("*.tsv"))
shipped = lexicon.load()

TERMS = ["柯桥区", "越城区", "高质量发展", "共同富裕示范区", "新质生产力", "八八战略", "人工智能", "智能制造", "发改委"]
small = Lexicon(Term(text, weight=float(len(text))) for text in TERMS)
# Spans near the terms of the small lexicon: their characters, in other orders and with strangers among them.
NEAR = st.one_of(
    st.text(st.sampled_from([*sorted(set("".join(TERMS))), "一", "𠮷", "a", "\udc80"]), max_size=9),
    st.sampled_from(TERMS).flatmap(
        lambda term: st.tuples(
            st.integers(0, len(term)), st.integers(0, 2), st.text(st.sampled_from("晨区一制"), max_size=2)
        ).map(lambda cut: term[: cut[0]] + cut[2] + term[cut[0] + cut[1] :])
    ),
)


def is_near(span: str, term: str) -> bool:
    """What `candidates` promises, without an index."""
    if len(span) == len(term):
        return 0 < Hamming.distance(span, term) <= (2 if len(term) >= 6 else 1)
    return len(term) >= 5 and abs(len(span) - len(term)) == 1 and Levenshtein.distance(span, term) == 1


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "mine.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


class TestShippedFiles:
    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
    def test_form(self, path: Path) -> None:
        lines = path.read_bytes().decode("utf-8").split("\n")
        header = [line for line in lines if line.startswith("#")]
        rows = lines[len(header) :]
        assert rows.pop() == ""
        for said in ("Source:", "Licence:", "Date: 20", "tools/build_lexicon.py"):
            assert said in "\n".join(header)
        assert all(re.fullmatch(r"[^\s|\t]+\t[1-9](\t[^\s|]+(\|[^\s|]+)*)?", row) for row in rows)
        terms = [row.split("\t")[0] for row in rows]
        assert terms == sorted(terms)

    def test_a_term_stands_in_one_file(self) -> None:
        times = Counter(row[0] for path in FILES for row in resources.rows(f"lexicon/{path.name}"))
        assert [term for term, number in times.items() if number > 1] == []
        assert len(shipped) == times.total()

    def test_idioms_have_four_characters(self) -> None:
        assert {len(term.text) for term in shipped if term.category == "idioms"} == {4}

    def test_every_file_is_in_the_readme(self) -> None:
        readme = resources.path("lexicon/README.md").read_text(encoding="utf-8")
        for path in FILES:
            assert f"`{path.name}`" in readme

    @pytest.mark.parametrize(
        ("text", "category"),
        [
            ("浙江省", "places"),
            ("柯桥区", "places"),
            ("景宁畲族自治县", "places"),
            ("球川镇", "places"),
            ("苗栗县", "places"),
            ("省发展改革委", "institutions"),
            ("省委副书记", "titles"),
            ("共同富裕示范区", "phrases"),
            ("新质生产力", "phrases"),
            ("中国联通", "companies"),
            ("工业互联网", "technology"),
            ("浙江大学", "universities"),
            ("浙江日报", "media"),
            ("欧阳", "surnames"),
            ("久久为功", "phrases"),
            ("刻舟求剑", "idioms"),
        ],
    )
    def test_terms_that_must_be_there(self, text: str, category: str) -> None:
        assert shipped[text].category == category

    @pytest.mark.parametrize(
        "text", ["凤翔市", "苗粟县", "市辖区", "省直辖县级行政区划", "温州经济技术开发区", "倩女幽魂"]
    )
    def test_what_is_wrong_in_the_sources_is_left_out(self, text: str) -> None:
        assert text not in shipped


class TestUserFile:
    def test_all_columns(self, tmp_path: Path) -> None:
        path = written(tmp_path, "# ours\n\n中昊芯英\tcompanies\t4.5\t中吴芯英|中昊芯莫\tprotect\n天工鼎\n")
        terms = lexicon.load([path])
        assert terms["中昊芯英"] == Term("中昊芯英", "companies", 4.5, ("中吴芯英", "中昊芯莫"), protect=True)
        assert terms["天工鼎"] == Term("天工鼎", "user", lexicon.DEFAULT_WEIGHT)
        assert "柯桥区" in terms
        assert len(terms) == len(shipped) + 2 - ("中昊芯英" in shipped)

    def test_byte_order_mark_crlf_and_head_are_read_over(self, tmp_path: Path) -> None:
        path = written(tmp_path, "\ufeffterm\tcategory\tweight\tforms\tprotect\r\n天工鼎\tproducts\t\t\tno\r\n")
        assert lexicon.read(path) == [Term("天工鼎", "products")]

    def test_a_user_term_takes_the_place_of_a_shipped_one(self, tmp_path: Path) -> None:
        path = written(tmp_path, "柯桥区\tours\t9\n")
        terms = lexicon.load([path])
        assert terms["柯桥区"].category == "ours"
        assert shipped["柯桥区"].category == "places"

    def test_later_files_come_before_earlier_ones(self, tmp_path: Path) -> None:
        one, two = tmp_path / "one.tsv", tmp_path / "two.tsv"
        one.write_text("天工鼎\tone\n", encoding="utf-8")
        two.write_text("天工鼎\ttwo\n", encoding="utf-8")
        assert lexicon.load([one, two])["天工鼎"].category == "two"
        assert lexicon.load([two, one])["天工鼎"].category == "one"

    def test_the_same_files_give_the_same_object(self, tmp_path: Path) -> None:
        path = written(tmp_path, "天工鼎\n")
        assert lexicon.load([path]) is lexicon.load((path,))
        assert lexicon.load() is lexicon.load([])

    @pytest.mark.parametrize(
        ("content", "line", "said"),
        [
            ("天工鼎\n\tproducts\n", 2, "first column is empty"),
            ("天工鼎 products 5\n", 1, "tabs, not by spaces"),
            ("天工鼎\tproducts\t高\n", 1, "number from 0"),
            ("天工鼎\tproducts\t12\n", 1, "number from 0"),
            ("天工鼎\tproducts\tnan\n", 1, "number from 0"),
            ("天工鼎\tproducts\t5\t天エ鼎||天土鼎\n", 1, "empty form"),
            ("天工鼎\tproducts\t5\t天工鼎\n", 1, "is the term itself"),
            ("天工鼎\tproducts\t5\t天土鼎|天土鼎\n", 1, "twice"),
            ("天工鼎\tproducts\t5\t\tmaybe\n", 1, "write protect"),
            ("天工鼎\tproducts\t5\t\tprotect\tmore\n", 1, "at most five"),
            ("#\n天工鼎\n别的\n天工鼎\n", 4, "stands in line 2 already"),
            ("天工鼎\tp\t5\t天土\n天工炉\tp\t5\t天土\n", 2, "corrected to 天工鼎 (line 1) and to 天工炉"),
            ("天工鼎\tp\t5\t天工炉\n天工炉\n", 1, "is a term itself (line 2)"),
            ("天工\x07鼎\n", 1, "U+0007"),
            ("天工鼎\n".encode() + "别的\n".encode("gb18030"), 2, "save the file as UTF-8"),
        ],
    )
    def test_errors_name_file_and_line_and_what_to_write(
        self, tmp_path: Path, content: str | bytes, line: int, said: str
    ) -> None:
        path = written(tmp_path, content)
        with pytest.raises(LexiconError) as caught:
            lexicon.load([path])
        assert caught.value.line == line
        assert str(caught.value).startswith(f"{path}, line {line}: ")
        assert said in str(caught.value)

    def test_a_missing_file_is_an_os_error(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            lexicon.load([tmp_path / "none.tsv"])


class TestCandidates:
    @pytest.mark.parametrize(
        ("span", "term"),
        [
            ("村桥区", "柯桥区"),
            ("超城区", "越城区"),
            ("鑫华市", "金华市"),
            ("高质最发展", "高质量发展"),
            ("高质量发", "高质量发展"),
            ("高质量的发展", "高质量发展"),
            ("共同富格示苑区", "共同富裕示范区"),
            ("共司富裕示范曰", "共同富裕示范区"),
            ("自贸试脸区", "自贸试验区"),
        ],
    )
    def test_misread_terms_are_found(self, span: str, term: str) -> None:
        assert term in [found.text for found in shipped.candidates(span)]

    @pytest.mark.parametrize(
        "span", ["", "区", "柯区", "高质量发展", "八八战", "八八八战略", "高质最发晨", "共司富格示苑区", "桥柯区"]
    )
    def test_too_far_or_too_short(self, span: str) -> None:
        assert small.candidates(span) == []

    def test_nearest_and_heaviest_come_first(self) -> None:
        terms = Lexicon(
            [Term("一二三四五六", weight=1), Term("一二三四五九", weight=2), Term("一二三四八九", weight=9)]
        )
        assert [term.text for term in terms.candidates("一二三四五七")] == [
            "一二三四五九",
            "一二三四五六",
            "一二三四八九",
        ]

    def test_of_many_terms_that_end_alike_those_with_one_character_misread_are_found(self) -> None:
        places = "杭宁温绍湖嘉金衢舟台丽甬越瓯婺处"
        many = Lexicon(Term(f"{a}{b}科技有限公司") for a in places + "东西" for b in places)
        assert "杭宁科技有限公司" in [term.text for term in many.candidates("杭守科技有限公司")]
        assert "杭宁科技有限公司" in [term.text for term in many.candidates("杭守科技有限公词")]
        assert many.candidates("一守科技有限公司") == []  # any of 272 companies may be meant

    @given(NEAR)
    def test_agrees_with_a_plain_search(self, span: str) -> None:
        assert {term.text for term in small.candidates(span)} == {term for term in TERMS if is_near(span, term)}

    @given(st.sampled_from([term.text for term in shipped if 3 <= len(term.text) <= 16]), st.data())
    def test_one_character_misread_in_any_shipped_term(self, term: str, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(term) - 1))
        span = term[:place] + "囗" + term[place + 1 :]
        assert term in [found.text for found in shipped.candidates(span)]

    @given(st.text(st.characters(), max_size=20))
    def test_any_span_is_taken(self, span: str) -> None:
        shipped.candidates(span)


class TestNear:
    def test_terms_around_a_place(self) -> None:
        text = "全省推动高质最发展,建设共司富格示范区。"
        found = small.near(text, [6, 13])
        assert [(text[near.start : near.end], near.term.text, near.distance) for near in found] == [
            ("高质最发展", "高质量发展", 1),
            ("共司富格示范区", "共同富裕示范区", 2),
        ]

    def test_a_term_that_stands_there_is_not_near(self) -> None:
        assert small.near("高质量发展", range(5)) == []

    def test_without_places_or_text(self) -> None:
        assert small.near("高质最发展", []) == []
        assert small.near("", []) == []

    @given(st.lists(NEAR, max_size=4).map("".join), st.data())
    def test_agrees_with_a_plain_search(self, text: str, data: st.DataObject) -> None:
        places = data.draw(st.lists(st.integers(0, len(text) - 1), max_size=3)) if text else []
        expected = {
            (start, term)
            for term in TERMS
            for start in range(len(text) - len(term) + 1)
            if is_near(text[start : start + len(term)], term)
            and any(start <= place < start + len(term) and text[place] != term[place - start] for place in places)
        }
        found = {(near.start, near.term.text) for near in small.near(text, places)}
        assert found == expected


@pytest.mark.parametrize(
    ("line", "says"), [("春泥公益,机构,5", "separate the columns by tabs"), ("入\tx\t5\t人", "write more of the word")]
)
def test_a_line_that_would_do_harm_is_refused(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "own.tsv"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=says):
        lexicon.load([path])
