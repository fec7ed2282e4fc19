"""The character language model: symbols and their places, probabilities that add up, and what it knows."""

from __future__ import annotations

import os
import re
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cleaner.errors import SettingsError
from cleaner.knowledge import resources
from cleaner.knowledge.model import BOUNDARY, ORDER, UNKNOWN, LanguageModel, load

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))  # lone surrogates too
LIKELY_TEXT = st.text(st.sampled_from("的一是在人入驻浙江，。,「」《》0１２aＺé \t\u3000\u200b\r\n\u2028〇𠮷😀\ud800"))
SENTENCES = "随着多家公司的入驻，园区的产值去年增长了12.5%。\n老人说：“路修好了，日子也就好了！”\n\n他翻开Word文档……"


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return load()


def total(model: LanguageModel, text: str) -> float:
    """log10 of the probability of a whole text."""
    return float(model.score(model.encode(text).ids)[0].sum(dtype=np.float64))


# Symbols


@settings(deadline=None)  # the first example loads the model
@given(st.one_of(ANY_TEXT, LIKELY_TEXT))
def test_every_symbol_has_its_place(text: str) -> None:
    encoded = load().encode(text)
    assert len(encoded.ids) == len(encoded.where)
    assert len(encoded.symbol_at) == len(text)
    assert (np.diff(encoded.where) > 0).all()
    assert ((encoded.where >= 0) & (encoded.where < len(text))).all()
    assert (encoded.symbol_at[encoded.where] == np.arange(len(encoded.ids))).all()
    assert (np.diff(encoded.symbol_at[encoded.symbol_at >= 0]) >= 0).all()
    dropped = [char for char, symbol in zip(text, encoded.symbol_at, strict=True) if symbol < 0]
    assert all(char.isspace() or not char.isprintable() for char in dropped)


@settings(deadline=None)  # the first example loads the model
@given(LIKELY_TEXT)
def test_a_symbol_is_that_of_its_first_character(text: str) -> None:
    encoded = load().encode(text)
    assert encoded.ids.tolist() == [load().id_of(text[place]) for place in encoded.where]


@settings(deadline=None)  # the first example loads the model
@given(st.one_of(ANY_TEXT, LIKELY_TEXT))
def test_any_text_can_be_scored(text: str) -> None:
    encoded = load().encode(text)
    logp, order = load().score(encoded.ids)
    assert len(logp) == len(order) == len(encoded.ids)
    assert np.isfinite(logp).all()
    assert ((order >= 1) & (order <= ORDER)).all()


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("增长 12 年", "增长5年"),
        ("２０２６年", "0年"),
        ("用Word写", "用a写"),
        ("Éric说", "a说"),
        ("他说：“好！”", '他说:"好!"'),
        ("「好」", '"好"'),
        ("——对", "--对"),
        ("好⋯⋯", "好……"),
        ("甲・乙", "甲·乙"),
        ("（甲）", "(甲)"),
        ("第一段\r\n\u3000\u3000第二段", "第一段\n第二段"),
        ("甲\n\n\n乙", "甲\n乙"),
    ],
)
def test_text_is_brought_to_a_normal_form(model: LanguageModel, text: str, same: str) -> None:
    assert model.encode(text).ids.tolist() == model.encode(same).ids.tolist()


def test_runs_are_one_symbol_and_white_space_is_none(model: LanguageModel) -> None:
    encoded = model.encode("到 2026年\r\nOK")
    assert encoded.where.tolist() == [0, 2, 6, 7, 9]
    assert encoded.symbol_at.tolist() == [0, -1, 1, 1, 1, 1, 2, 3, 3, 4, 4]
    assert encoded.ids[3] == BOUNDARY


def test_a_fold_is_applied_first(model: LanguageModel) -> None:
    fold = np.arange(0x10000, dtype=np.int32)
    fold[ord("電")] = ord("电")
    assert model.encode("電力😀", fold).ids.tolist() == model.encode("电力😀").ids.tolist()
    assert model.encode("電力").ids[0] != model.encode("电力").ids[0]


def test_characters_outside_the_vocabulary_are_unknown(model: LanguageModel) -> None:
    assert model.id_of("😀") == model.id_of("\ue000") == model.id_of("\x00") == UNKNOWN
    assert model.encode("\x00\ue000\ue000").ids.tolist() == [UNKNOWN] * 3
    assert model.id_of("人") not in (UNKNOWN, model.id_of("入"))


# Probabilities


@pytest.mark.parametrize(
    "context", ["", "的", "我们", "公司的", "国务院总", "会议", "去年增长了", "浙", "\n第", "😀😀"]
)
def test_probabilities_after_a_context_add_up_to_one(model: LanguageModel, context: str) -> None:
    before = [BOUNDARY] * (ORDER - 1) + model.encode(context).ids.tolist()
    windows = np.array([[*before[1 - ORDER :], symbol] for symbol in range(len(model.characters))])
    assert float((10.0 ** model.score_windows(windows)).sum()) == pytest.approx(1, abs=0.05)


def test_windows_agree_with_running_text(model: LanguageModel) -> None:
    ids = model.encode(SENTENCES * 1000).ids
    assert len(ids) > 40_000  # more than is scored at once
    logp, _ = model.score(ids)
    for width in (5, 9):
        windows = np.lib.stride_tricks.sliding_window_view(ids, width)
        expected = np.lib.stride_tricks.sliding_window_view(logp, width)[:, ORDER - 1 :]
        np.testing.assert_allclose(model.score_windows(windows), expected, atol=1e-5)


def test_rows_of_windows_do_not_see_each_other(model: LanguageModel) -> None:
    rows = np.stack([model.encode(text).ids for text in ("公司的入驻带动", "全市的人民群众", "浙江省委书记说")])
    together = model.score_windows(rows)
    alone = np.concatenate([model.score_windows(row[None]) for row in rows])
    np.testing.assert_array_equal(together, alone)


def test_windows_narrower_than_the_model_are_refused(model: LanguageModel) -> None:
    with pytest.raises(ValueError, match="at least 5"):
        model.score_windows(np.zeros((2, 4), np.int64))


def test_nothing_to_score(model: LanguageModel) -> None:
    logp, order = model.score(model.encode("").ids)
    assert len(logp) == len(order) == 0
    assert model.score_windows(np.zeros((0, 9), np.int64)).shape == (0, 5)
    assert model.counts_known(np.zeros((0, 2), np.int64)).shape == (0,)


def test_the_order_says_how_much_context_is_known(model: LanguageModel) -> None:
    _, known = model.score(model.encode("我们要坚持以人民为中心的发展思想").ids)
    assert known.max() == ORDER
    _, unheard = model.score(model.encode("鲑砚鹭锹").ids)
    assert unheard[1:].tolist() == [1, 1, 1]


# What it knows


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("随着多家公司的入驻，园区的人气旺了", "随着多家公司的人驻，园区的人气旺了"),
        ("公司的入驻\n", "公司的人驻\n"),
        ("为企业注入活力", "为企业注人活力"),
        ("浙江省", "渐江省"),
        ("担任主任", "扣任主任"),
        ("投入使用", "投人使用"),
        ("植入式广告", "植人式广告"),
        ("灯火通明", "汀火通明"),
        ("取得了很大进步", "取得了很大讲步"),
    ],
)
def test_a_misreading_is_less_probable(model: LanguageModel, right: str, wrong: str) -> None:
    assert total(model, right) > total(model, wrong) + 1


def test_known_pairs_of_characters(model: LanguageModel) -> None:
    pairs = np.array([[model.id_of(char) for char in pair] for pair in ("入驻", "浙江", "渐江", "鲑砚")])
    assert model.counts_known(pairs).tolist() == [True, True, False, False]


# Files


def _npz(**tables: object) -> bytes:
    stream = BytesIO()
    np.savez_compressed(stream, **tables)  # type: ignore[arg-type]
    return stream.getvalue()


def _changed(**tables: NDArray[Any]) -> bytes:
    """The shipped model with some of its tables changed."""
    with resources.open_binary("model/characters.npz") as stream, np.load(stream) as archive:
        return _npz(**(dict(archive) | tables))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        "柚子".encode(),
        b"PK\x03\x04",
        resources.path("model/characters.npz").read_bytes()[:100_000],
        _npz(a=np.arange(3)),
        _npz(characters=np.array(["柚"], dtype=object)),
        _changed(characters=np.arange(9000, dtype=np.uint32)),
        _changed(logp3=np.zeros(4, np.uint8)),
        _changed(backoff2=np.zeros(4, np.uint8)),
    ],
    ids=["empty", "text", "zip", "cut", "others", "pickled", "too many", "n-grams", "weights"],
)
def test_files_that_are_no_model_are_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    path.write_bytes(content)
    with pytest.raises(
        SettingsError, match=re.escape(f"{path}: not a language model; `cleaner model build` makes them")
    ):
        load(path)


def test_a_file_is_read_once_and_again_where_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    shutil.copy(resources.path("model/characters.npz"), path)
    first = load(path)
    assert load(path) is first
    os.utime(path, (1, 1))
    assert load(path) is not first
