"""The laws of the whole chain, over arbitrary text."""

from __future__ import annotations

import pickle

from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Cleaned, Cleaner
from cleaner.chain import UNSETTLED
from cleaner.text.edits import Band, apply

CLEANER = Cleaner()

# Fragments that make rules fire, mixed with arbitrary characters: random code points alone hardly ever meet a rule.
FRAGMENTS = st.sampled_from(
    [
        "浙江省委",
        "公司的人驻",
        "高质量发展",
        "，",
        ",",
        ".",
        "。",
        "：",
        ":",
        '"',
        "'",
        "(",
        ")",
        "“",
        "”",
        "《",
        "<<",
        ">>",
        "--",
        "——",
        "一一",
        "一",
        "...",
        "……",
        "·",
        "\n",
        "\n\n",
        "\r\n",
        "\f",
        " ",
        "　　",
        "\t",
        "# ",
        "- ",
        "12",
        "— 3 —",
        "第3版",
        "■",
        "②",
        "AI",
        "Deep-",
        "Seek",
        "3,800",
        "8:30",
        "們",
        "⾦",
        "１２",
        "\u200b",
        "&amp;",
        "<b>",
        "</b>",
        "|a|b|",
        "图为",
        "摄",
        "本报记者",
        "a.com",
        "https://x.cn/?a=1,2",
        "\udc80",
        "\ufffd",
        "エ",
        "人民",
        "新华社北京9月3日电",
        "*",
        "**",
        "```",
        "１：２",
        "!",
        "？！",
        "浣犲ソ锛屼笘鐣�",
        "锟斤拷",
        "ä½\xa0å¥½",
        "é",
        "\x93",
        "ÄãºÃ£¬",
        "ï»¿",
    ]
)
# Whole lines of a page, so that paragraphs are broken by captions, heads and folios, and blocks move.
LINES = st.sampled_from(
    ["会议强调，要坚持以人民", "为中心的发展思想，在发展中", "保障和改善", "民生。", "本报记者 王伟 摄", "图为工人在车间作业。张明 摄",
     "第3版 要闻", "12", "— 5 —", "本报记者 李红", "一、总体要求", "1. 提交材料", "2. 等待审核", "# 标题", "——副题在这里",
     "全省各地抢抓机遇，加快推进重大项", "目建设，经济运行稳中向好。", "（图片由受访者提供）", "■", "Deep-", "Seek大模型", "| a | b |",
     "> 引文的一行", "![图](a.png)", "--- 12 ---"]
)  # fmt: skip
PAGE = st.lists(st.tuples(LINES, st.sampled_from(["\n", "\n\n", "\n\f", "\n\n\n"])), max_size=14).map(
    lambda rows: "".join(line + end for line, end in rows)
)
TEXT = st.one_of(PAGE, st.lists(st.one_of(FRAGMENTS, st.text(max_size=4)), max_size=40).map("".join))


@given(TEXT)
@settings(max_examples=150)
def test_revert_gives_the_source_back(text: str) -> None:
    cleaned = CLEANER.clean(text)
    assert cleaned.revert() == text
    assert apply(text, cleaned.edits) == cleaned.text


@given(TEXT)
@settings(max_examples=150)
def test_clean_text_is_a_fixed_point(text: str) -> None:
    cleaned = CLEANER.clean(text)
    if any(flag.rule == UNSETTLED.name for flag in cleaned.flags):
        return
    assert CLEANER.clean(cleaned.text).text == cleaned.text


@given(TEXT)
@settings(max_examples=100)
def test_offsets_map_both_ways(text: str) -> None:
    cleaned = CLEANER.clean(text)
    changed = {i for e in cleaned.edits if e.kind == "change" for i in range(e.start, e.end)}
    for offset in range(len(text)):
        if offset not in changed:
            there = cleaned.to_clean(offset)
            assert cleaned.text[there] == text[offset]
            assert cleaned.to_source(there) == offset


@given(TEXT)
@settings(max_examples=100)
def test_edits_speak_of_the_source(text: str) -> None:
    cleaned = CLEANER.clean(text)
    everything = [*cleaned.edits, *cleaned.suggestions, *cleaned.flags]
    for edit in everything:
        assert 0 <= edit.start <= edit.end <= len(text)
        assert edit.line == text.count("\n", 0, edit.start) + 1
        assert 0 <= edit.confidence <= 1
        if edit.rule != UNSETTLED.name:
            assert edit.before == text[edit.start : edit.end]
    assert {e.band for e in cleaned.edits} <= {Band.APPLIED}
    assert all(e.after is None for e in cleaned.flags)
    assert len({e.id for e in everything}) == len(everything)


@given(TEXT)
@settings(max_examples=50)
def test_a_cleaner_can_be_sent_to_another_process(text: str) -> None:
    copy: Cleaner = pickle.loads(pickle.dumps(CLEANER))
    result: Cleaned = pickle.loads(pickle.dumps(copy.clean(text)))
    assert result.text == CLEANER.clean(text).text


def test_an_edit_keeps_its_id_when_a_line_is_inserted_elsewhere() -> None:
    text = "会议指出,要坚持稳中求进。\n\n他说:好。\n"
    before = {e.id for e in CLEANER.clean(text).edits}
    after = {e.id for e in CLEANER.clean("新的一行，放在最前面。\n\n" + text).edits}
    assert before <= after
