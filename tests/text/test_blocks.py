"""What a line is, by its own look and by its neighbours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.text.blocks import lines_of, measures
from cleaner.text.look import Kind

ALONE = [
    ("第一段正文从这里开始，讲的是村里的事。", Kind.BODY),
    ("### 聚焦民生", Kind.HEADING),
    ("#", Kind.EMPTY_HEADING),
    ("- 第一项", Kind.LIST),
    ("（二）主要任务", Kind.LIST),
    ("③ 保障措施", Kind.LIST),
    ("图为工人在车间检修设备", Kind.CAPTION),
    ("（图片由受访者提供）", Kind.CAPTION),
    ("本报记者 张明 摄", Kind.CAPTION),
    ("本报记者 王小明 通讯员 李华", Kind.BYLINE),
    ("文/陆见微 图/祝青禾", Kind.BYLINE),
    ("■王小明", Kind.BYLINE),
    ("12 山村来了年轻人/王小明", Kind.CONTENTS),
    ("第三章 山水之间……………… 45", Kind.CONTENTS),
    ("王小明 李 华 张建国 陈 静", Kind.FIELDS),
    ("| 年份 | 产量 |", Kind.TABLE),
    ("— 12 —", Kind.FOLIO),
    ("第 7 页", Kind.FOLIO),
    ("◆◆◆", Kind.ORNAMENT),
    ("---", Kind.RULE),
    ("--- 12 ---", Kind.PAGE_BREAK),
    ("![插图](a.png)", Kind.IMAGE),
    ("> 引文的一行", Kind.QUOTE),
    ("记者走进车间看到一排排崭新的机", Kind.BODY),
    ("文明实践活动丰富多彩", Kind.BODY),
    ("……", Kind.BODY),
]


@pytest.mark.parametrize(("text", "kind"), ALONE, ids=[text for text, _ in ALONE])
def test_a_line_by_its_own_look(text: str, kind: Kind) -> None:
    assert [line.kind for line in lines_of(text)] == [kind]


def test_a_lone_character_between_blank_lines_is_debris() -> None:
    kinds = [line.kind for line in lines_of("前面的一段话说完了。\n\n用\n\n后面的一段话开始了。")]
    assert kinds == [Kind.BODY, Kind.DEBRIS, Kind.BODY]


def test_numbers_one_under_the_other_are_a_table() -> None:
    assert {line.kind for line in lines_of("12\n15\n18")} == {Kind.TABLE}


def test_code_stays_code_until_its_fence_closes() -> None:
    kinds = [line.kind for line in lines_of("```\nprint(1)\n```\n正文在这里。")]
    assert kinds == [Kind.CODE, Kind.CODE, Kind.CODE, Kind.BODY]


def test_items_begin_as_their_neighbours_do() -> None:
    lines = lines_of("1. 提交材料\n2. 等待审核\n3.5万人参加了活动")
    assert [line.item for line in lines] == [True, True, False]


def test_printed_lines_have_a_measure_and_verse_has_none() -> None:
    prose = "清晨的菜市场总是最热闹的地方，\n摊主们早早地摆好货架等着第一\n批客人上门。老张的豆腐摊前已\n经排起了长队，大家都说他家的\n豆腐有一股豆香，别处吃不到。"
    verse = "春天的风吹过山岗，\n吹绿了江南的岸。\n谁家的孩子在放风筝，\n线断了也不肯回家。\n夕阳落在屋檐上面。"
    assert all(measure.regular > 0.45 for measure in measures(lines_of(prose)))
    assert all(measure.regular == 0 for measure in measures(lines_of(verse)))


@given(st.text(alphabet="字，。\n\f \t　#-*>|`12A", max_size=60))
def test_lines_cover_all_that_is_not_white_space(text: str) -> None:
    lines = lines_of(text)
    outside = list(text)
    for line in lines:
        assert text[line.start : line.end] == line.text
        assert line.start <= line.bare_start <= line.end
        outside[line.start : line.end] = " " * (line.end - line.start)
    assert not "".join(outside).strip(" \t\n\f\r\u3000\u00a0")
    assert len(measures(lines)) == len(lines)
