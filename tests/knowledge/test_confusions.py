"""The tables of confusions are well-formed in every row, and the look-ups say what the tables hold."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cleaner.knowledge import confusions, resources

SIMPLIFIED = "confusions/lookalikes.tsv"
TRADITIONAL = "confusions/lookalikes-traditional.tsv"
TABLES = ["engine", "hot", "lookalikes", "lookalikes-traditional", "scripts", "splits"]

known = confusions.load()


def grades_of(row: list[str]) -> list[tuple[str, int]]:
    _, neighbours, digits = row
    return [(other, int(digits[2 * number : 2 * number + 2])) for number, other in enumerate(neighbours)]


def is_ideograph(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or char > "\U00020000" or char == "〇"


class TestTables:
    @pytest.mark.parametrize("name", TABLES)
    def test_header_and_order(self, name: str) -> None:
        with resources.open_binary(f"confusions/{name}.tsv") as stream:
            lines = stream.read().decode("utf-8").split("\n")
        header = [line for line in lines if line.startswith("#")]
        rows = lines[len(header) :]
        assert "Date: 20" in "".join(header)
        assert rows.pop() == ""
        assert all(rows)
        keys = [row.split("\t")[:2] if name in {"engine", "hot"} else row.split("\t")[:1] for row in rows]
        assert keys == sorted(keys)
        assert len({tuple(key) for key in keys}) == len(keys)

    @pytest.mark.parametrize(("name", "fewest", "most"), [(SIMPLIFIED, 9_000, 13_000), (TRADITIONAL, 5_401, 6_000)])
    def test_every_row_of_look_alikes(self, name: str, fewest: int, most: int) -> None:
        rows = resources.rows(name)
        assert fewest <= len(rows) <= most
        for row in rows:
            char, neighbours, digits = row
            assert len(char) == 1
            assert is_ideograph(char)
            assert char not in neighbours
            assert len(set(neighbours)) == len(neighbours) >= 24
            assert all(map(is_ideograph, neighbours))
            assert digits.isdecimal()
            assert len(digits) == 2 * len(neighbours)
            grades = [grade for _, grade in grades_of(row)]
            assert grades == sorted(grades, reverse=True)

    @pytest.mark.parametrize("name", [SIMPLIFIED, TRADITIONAL])
    def test_shapes_are_alike_both_ways(self, name: str) -> None:
        grades = {(row[0], other): grade for row in resources.rows(name) for other, grade in grades_of(row)}
        both = {pair for pair in grades if pair[::-1] in grades}
        assert len(both) > len(grades) / 3
        assert [pair for pair in both if grades[pair] != grades[pair[::-1]]] == []

    def test_scripts_are_kept_apart(self) -> None:
        """Simplified lists would be diluted by the traditional forms of their members, and the other way round."""
        simplified = {char for row in resources.rows(SIMPLIFIED) for char in row[1]}
        traditional = {char for row in resources.rows(TRADITIONAL) for char in row[1]}
        assert simplified.isdisjoint("們這對該門馬鳥見貝車東來國會時書學")
        assert traditional.isdisjoint("们这对该门马鸟见贝车东书学习义")
        assert set("人入大太日目己已") <= simplified & traditional

    def test_engine_rows_have_evidence(self) -> None:
        rows = resources.rows("confusions/engine.tsv")
        assert len(rows) > 300
        for printed, read, *counts in rows:
            tesseract, *paddle = map(int, counts)
            assert len(printed) == len(read) == 1
            assert printed != read
            assert len(paddle) == 2
            assert any(paddle) or tesseract > 1

    def test_hot_rows_are_look_alikes(self) -> None:
        shapes = {row[0]: dict(grades_of(row)) for row in resources.rows(SIMPLIFIED)}
        for read, printed, note in resources.rows("confusions/hot.tsv"):
            assert f"shape {shapes[read][printed]:02d}" in note

    def test_script_rows(self) -> None:
        rows = resources.rows("confusions/scripts.tsv")
        kinds = {wrong: kind for wrong, _, kind, _ in rows}
        for wrong, right, _, note in rows:
            assert len(wrong) == 1
            assert wrong not in right
            assert len(set(right)) == len(right) > 0
            assert note
            # What a stray character stands for must not itself be a stray.
            assert kinds.get(right[0], "context") == "context", wrong

    def test_split_rows(self) -> None:
        rows = resources.rows("confusions/splits.tsv")
        assert len(rows) >= 200
        for parts, whole in rows:
            assert 2 <= len(parts) <= 3
            assert len(whole) == 1
            assert whole not in parts
            assert is_ideograph(whole)
            assert all(map(is_ideograph, parts))


class TestLookalikes:
    # Read, printed: seen in scans of newspapers, and what every reader of OCR text knows.
    SEEN = "人入渐浙讲进扣担徽微汀灯威戚擎擘乘秉吴昊他地超越村柯系乐艾文拨拔军罕纳讷己已未末日曰土士干千八人"

    @pytest.mark.parametrize(("read", "printed"), list(zip(SEEN[::2], SEEN[1::2], strict=True)))
    def test_what_was_seen_is_among_them(self, read: str, printed: str) -> None:
        assert printed in [char for char, _ in known.lookalikes(read)]
        assert known.grade(read, printed) > 0.65

    @pytest.mark.parametrize("traditional", [False, True])
    def test_grades_fall_and_stay_below_one(self, traditional: bool) -> None:
        for row in resources.rows(TRADITIONAL if traditional else SIMPLIFIED):
            found = known.lookalikes(row[0], traditional=traditional)
            grades = [grade for _, grade in found]
            assert grades == sorted(grades, reverse=True)
            assert 0 < min(grades) <= max(grades) < 1
            assert len(dict(found)) == len(found)
            assert row[0] not in dict(found)

    def test_evidence_raises_the_grade(self) -> None:
        """Half of tesseract's times and all of PP-OCR's are evidence n, 2 more where the pair is hot: 1 - (1 - g) / (1 + n / 2)."""
        shapes = {row[0]: dict(grades_of(row)) for row in resources.rows(SIMPLIFIED)}
        for printed, read, tesseract, ppocr4, ppocr6 in resources.rows("confusions/engine.tsv"):
            shape = shapes.get(read, {}).get(printed, 0) / 100
            evidence = int(tesseract) / 2 + int(ppocr4) + int(ppocr6) + 2 * known.is_hot(read, printed)
            assert known.grade(read, printed) == pytest.approx(1 - (1 - shape) / (1 + evidence / 2))

    def test_evidence_has_a_direction(self) -> None:
        # On the training pages tesseract read 乌 for 鸟 five times, and 鸟 for 乌 never.
        assert known.grade("乌", "鸟") > known.grade("鸟", "乌") > 0.9
        assert dict(known.lookalikes("乌"))["鸟"] == known.grade("乌", "鸟")

    def test_grade_looks_from_what_was_printed_too(self) -> None:
        printed = next(
            char for char, _ in known.lookalikes("鼹") if "鼹" not in dict(known.lookalikes(char)) and char != "鼹"
        )
        assert known.grade(printed, "鼹") == known.grade("鼹", printed) > 0

    def test_marks(self) -> None:
        assert known.lookalikes("一")[0][0] == "—"
        assert known.lookalikes("一", traditional=True)[0][0] == "—"
        assert known.lookalikes("丶")[0][0] == "、"
        assert known.lookalikes("·")[0][0] == "。"

    def test_traditional_print(self) -> None:
        assert "薹" in dict(known.lookalikes("臺", traditional=True))
        assert "入" in dict(known.lookalikes("人", traditional=True))
        assert known.grade("間", "問", traditional=True) > 0.85
        assert known.grade("間", "問") == 0
        assert known.lookalikes("们", traditional=True) == []

    def test_a_traditional_character_read_in_simplified_print(self) -> None:
        found = known.lookalikes("問")
        assert found
        assert not {"間", "聞"} & set(dict(found))

    @pytest.mark.parametrize("char", ["", "😀", "\ud800", "\n", "ab", "\U00031350", "が"])
    def test_unknown_characters_give_nothing(self, char: str) -> None:
        assert known.lookalikes(char) == []
        assert known.lookalikes(char, traditional=True) == []
        assert known.grade(char, "人") == known.grade("人", char) == 0
        assert known.from_other_script(char) is None
        assert known.across_scripts(char) == ""
        assert not known.is_hot(char, "人")

    def test_a_character_is_not_mistaken_for_itself(self) -> None:
        assert known.grade("人", "人") == 0

    def test_the_answer_is_the_callers_own(self) -> None:
        known.lookalikes("人").clear()
        assert known.lookalikes("人")


class TestHot:
    @pytest.mark.parametrize(
        "group",
        ["人入八", "渐浙", "讲进", "己已巳", "末未", "士土", "干千于", "日曰目", "大太犬", "天夭无", "拨拔", "扣担", "侯候", "儿几", "贝见",
         "问间向", "风凤", "今令", "处外", "义又", "住往佳", "名各", "第弟", "免兔", "折拆析", "治冶", "拢扰", "乘秉", "威戚", "艾文", "系乐"],
    )  # fmt: skip
    def test_known_groups_are_in_both_ways(self, group: str) -> None:
        for read in group:
            assert read in known.hot_characters
            assert all(known.is_hot(read, printed) for printed in group if printed != read)

    def test_what_is_not_hot(self) -> None:
        assert not known.is_hot("人", "人")
        assert not known.is_hot("人", "目")
        assert not known.is_hot("的", "酌")
        assert "的" not in known.hot_characters

    def test_hot_characters_are_those_of_the_table(self) -> None:
        assert known.hot_characters == {read for read, _, _ in resources.rows("confusions/hot.tsv")}


class TestScripts:
    STRAYS = "エ工ロ口カ力ニ二ハ八タ夕ト卜セ七ホ木チ千オ才ー一ㄦ儿ㄡ又А\x41─一囗口丶、丿/丨|Ф中ㅁ口"
    LESS_LIKELY = "Т丁─—丶，ー—ト下0〇一—丨1О〇"

    @pytest.mark.parametrize(("stray", "printed"), list(zip(STRAYS[::2], STRAYS[1::2], strict=True)))
    def test_a_stray_stands_for_one_character(self, stray: str, printed: str) -> None:
        assert known.from_other_script(stray) == printed == known.across_scripts(stray)[0]

    @pytest.mark.parametrize(("char", "printed"), list(zip(LESS_LIKELY[::2], LESS_LIKELY[1::2], strict=True)))
    def test_less_likely_readings(self, char: str, printed: str) -> None:
        assert printed in known.across_scripts(char)

    @pytest.mark.parametrize("char", "0O〇○1lI|一—－口□×·。乙丁三")
    def test_what_belongs_to_chinese_print_needs_context(self, char: str) -> None:
        assert known.from_other_script(char) is None
        assert known.across_scripts(char)


class TestSplits:
    @pytest.mark.parametrize(
        ("parts", "whole"),
        [("女子", "好"), ("木目", "相"), ("亻尔", "你"), ("禾中", "种"), ("口十", "叶"), ("日月", "明"), ("言寸", "討"), ("讠寸", "讨"), ("王里", "理")],
    )  # fmt: skip
    def test_parts_make_the_whole(self, parts: str, whole: str) -> None:
        assert known.splits[parts] == whole

    def test_words_of_two_characters_are_left_out(self) -> None:
        assert not {"月中", "火山", "日军", "山区", "女生"} & set(known.splits)


def test_loading_needs_no_numpy() -> None:
    script = (
        "import sys; from cleaner.knowledge import confusions; confusions.load().lookalikes('人');"
        " sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
