"""Mojibake: every way in which it arises is undone, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Cleaner, Settings
from cleaner.text.edits import Band

CLEANER = Cleaner(Settings(only=("characters",)))
TEXT = "渔民们天不亮就出海了，妇女们在码头上补网；“今年的鱼比去年多，”老陈说，“价钱也好。”"
TRADITIONAL = "漁民們天不亮就出海了，婦女們在碼頭上補網；「今年的魚比去年多，」老陳說，「價錢也好。」"


def as_windows_1252(raw: bytes) -> str:
    """Bytes as Windows reads them: the five that it does not know as controls."""
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in raw)


MISTAKES: dict[str, Callable[[str], str]] = {
    "UTF-8 as Latin-1": lambda text: text.encode().decode("latin-1"),
    "UTF-8 as Windows 1252": lambda text: as_windows_1252(text.encode()),
    "UTF-8 as Windows 1252, no-break spaces plain": lambda text: as_windows_1252(text.encode()).replace("\xa0", " "),
    "GBK as Latin-1": lambda text: text.encode("gbk").decode("latin-1"),
    "GBK as Windows 1252": lambda text: as_windows_1252(text.encode("gbk")),
}


@pytest.mark.parametrize("text", [TEXT, TRADITIONAL, TEXT + "\n" + TEXT[:10], "年产3,000吨，供应B2B市场"])
@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_was_meant_comes_back(mistake: str, text: str) -> None:
    misread = MISTAKES[mistake](text)
    cleaned = CLEANER.clean(misread)
    assert cleaned.text == text
    assert cleaned.revert() == misread


@pytest.mark.parametrize("text", ["渔民们出海去", "价钱也好", "一百二", "今天天气晴朗"])
def test_utf_8_as_gbk_of_which_nothing_was_lost(text: str) -> None:
    raw = text.encode()
    misread = "".join("€" if part == b"\x80" else part.decode("gb18030") for part in _gbk_codes(raw))
    cleaned = CLEANER.clean(misread)
    assert cleaned.text == text
    assert cleaned.revert() == misread


def _gbk_codes(raw: bytes) -> list[bytes]:
    """Bytes as Windows parts them in GBK, where 80 alone is the euro sign."""
    codes = []
    while raw:
        width = 1 if raw[0] <= 0x80 else 2
        codes.append(raw[:width])
        raw = raw[width:]
    return codes


def test_where_bytes_were_lost_the_rest_comes_back_and_the_place_is_flagged() -> None:
    misread = "中国人民".encode()[:-1].decode("gb18030", "replace") + "。"
    cleaned = CLEANER.clean(misread)
    assert cleaned.text == "中国浜烘�。"
    assert [(flag.rule, flag.before) for flag in cleaned.flags] == [("characters/undecodable", "浜烘�")]


@pytest.mark.parametrize("text", ["锟斤拷", "锟斤拷锟斤拷", "烫烫烫烫烫", "屯屯屯屯", "ï¿½ï¿½"])
def test_text_that_was_lost_is_flagged_and_stays(text: str) -> None:
    cleaned = CLEANER.clean(f"正文{text}正文")
    assert cleaned.text == f"正文{text}正文"
    assert [(flag.before, flag.band) for flag in cleaned.flags] == [(text, Band.FLAGGED)]


@pytest.mark.parametrize(
    "text",
    [
        "法国作家普鲁斯特（Proust）写过《À la recherche du temps perdu》。",
        "他在café里点了一份crème brûlée，花了15€。",
        "Ångström、Gödel、Poincaré、Erdős都是人名。",
        "××省××市××××年度预算",
        "气温为20°±2°，误差±0.5‰。",
        "涓涓细流汇成江河，浣纱女在溪边。",
        "澶淵之盟後，宋遼百年無戰事。",
        "電鍍廠的鏍絲釘",
        "«Déjà vu» – ¿Qué? ¡Olé!",
        "Việt Nam, Đà Nẵng, tiếng Việt",
        "½杯糖，¼杯油，¾杯面粉",
        "“烫烫烫，快放下！”",
        "屯屯有水",
    ],
)
def test_what_is_none_stays(text: str) -> None:
    cleaned = CLEANER.clean(text)
    assert cleaned.text == text
    assert not cleaned.suggestions
    assert not cleaned.flags


@settings(max_examples=200)
@given(
    st.text(alphabet="的一是在不了有和人这中大为上个国我以要他，。、“”年月日㐂龘", min_size=1, max_size=30),
    st.sampled_from(sorted(MISTAKES)),
)
def test_every_repair_can_be_undone(text: str, mistake: str) -> None:
    misread = MISTAKES[mistake](text.replace("㐂", "") if "GBK" in mistake else text)
    cleaned = CLEANER.clean(misread)
    assert cleaned.revert() == misread
    assert CLEANER.clean(cleaned.text).text == cleaned.text
