"""The file of what was learned: read as it stands, or refused with the line; and what it does to texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner import Cleaner, Settings
from cleaner.knowledge.learned import Fact, Learned, LearnedError, load, read, written

FACTS = [
    Fact("head", "山乡晚报0年0月", 9, ""),
    Fact("term", "漱石湾", 5, "keep"),
    Fact("term", "榆柳坪", 4, "never"),
    Fact("change", "人驻→入驻", 3, ""),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "learned.tsv"


def test_what_is_written_is_read_again(file: Path) -> None:
    file.write_bytes(written(reversed(FACTS), ["learned"]))
    assert read(file) == FACTS
    assert written(read(file), ["learned"]) == file.read_bytes()


def test_what_is_marked_never_is_not_used(file: Path) -> None:
    file.write_bytes(written(FACTS))
    assert load(file) == Learned({"山乡晚报0年0月": 9}, {}, {"漱石湾": 5}, {("人驻", "入驻"): 3})
    assert load(None) == Learned()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("names\t漱石湾", "'names' in the column kind; write head, line, term or change"),
        ("term 漱石湾", "1 columns; there are two to four, separated by tabs"),
        ("term\t漱石湾\tmany", "'many' in the column documents"),
        ("term\t漱石湾\t3\tyes", "'yes' in the column mark; write keep or never"),
        ("term\t漱", "must be two characters or more"),
        ("term\t", "the column text is empty"),
        ("head\t山乡晚报 第12版", "write '山乡晚报第0版'"),
        ("change\t人驻", "as in 人驻→入驻"),
        ("change\t人驻→入", "as in 人驻→入驻"),
        ("term\t" + "山" * 41, "41 characters"),
        ("term\t榆柳坪", "stands in line 2 already"),
    ],
)
def test_a_line_at_fault_is_told_with_its_number(file: Path, line: str, says: str) -> None:
    file.write_text(f"# learned\nterm\t榆柳坪\t4\n{line}\n", encoding="utf-8")
    with pytest.raises(LearnedError, match="line 3: ") as error:
        Cleaner(Settings(learned=file))
    assert says in str(error.value)


def test_other_bytes_than_utf_8_are_told(file: Path) -> None:
    file.write_bytes("term\t漱石湾".encode("gb18030"))
    with pytest.raises(LearnedError, match="line 1: not UTF-8"):
        load(file)


MISREAD = "傍晚，一行人离开嗽石湾，沿着新修的公路下山。"


@pytest.mark.parametrize(
    ("line", "after"), [("term\t漱石湾", "漱石湾"), ("term\t漱石湾\t5\tnever", "嗽石湾"), ("", "嗽石湾")]
)
def test_a_misread_name_is_mended_where_others_have_it(file: Path, line: str, after: str) -> None:
    file.write_text(line, encoding="utf-8")
    assert Cleaner(Settings(learned=file)).clean(MISREAD).text == MISREAD.replace("嗽石湾", after)


PAGE = """山乡晚报
春茶开采的时候，山里的雾还没有散，采茶的人已经背着竹篓上了山。
今年雨水足，茶芽长得比往年早，合作社请来的师傅说，头一批就能卖个好价钱。
山乡晚报
从县城来的客人在茶园边支起画架，一画就是一个上午，直到太阳晒到头顶。
傍晚收工，人们在祠堂前过秤，会计把数目一笔一笔写在账上。
孩子们放了学，也来帮着挑拣茶叶，一边拣一边唱歌。
"""


def test_a_head_goes_from_the_edge_and_stays_elsewhere(file: Path) -> None:
    file.write_text("head\t山乡晚报\t9\n", encoding="utf-8")
    cleaned = Cleaner(Settings(learned=file)).clean(PAGE)
    assert cleaned.text == PAGE.removeprefix("山乡晚报\n")
    (edit,) = cleaned.edits
    assert (edit.rule, edit.evidence) == ("artifacts/collection-head", {"documents": 9})
    assert Cleaner(Settings(learned=file, keep_furniture=True)).clean(PAGE).text == PAGE


def test_a_head_is_known_though_misread(file: Path) -> None:
    file.write_text("head\t山乡晚报0年0月\t9\n", encoding="utf-8")
    page = PAGE.replace("山乡晚报", "山乡晓报2021年3月", 1)
    assert Cleaner(Settings(learned=file)).clean(page).text.startswith("春茶开采")


def test_a_line_is_only_suggested_to_go(file: Path) -> None:
    file.write_text("line\t山乡晚报\t9\n", encoding="utf-8")
    cleaned = Cleaner(Settings(learned=file)).clean(PAGE)
    assert cleaned.text == PAGE
    assert "artifacts/collection-head" in {edit.rule for edit in cleaned.suggestions}


def test_settings_name_the_file_relative_to_theirs(tmp_path: Path) -> None:
    from cleaner.settings import from_table, load

    path = tmp_path / "cleaner.toml"
    path.write_text('learned = "learned.tsv"\n', encoding="utf-8")
    assert load(path) == Settings(learned=tmp_path / "learned.tsv")
    assert from_table(load(path).as_table()) == load(path)
