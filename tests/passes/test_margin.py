"""What stands in the margin of a page goes, where a document says that it does."""

from __future__ import annotations

import numpy as np
import pytest

from cleaner import Cleaner
from cleaner.text.recognised import Recognised

BODY = "村里的老人们在树下乘凉，孩子们在河边玩耍。傍晚时分，炊烟从家家户户的屋顶上升起来了。"


def _cleaned(head: str, *, in_margin: bool) -> tuple[str, list[str]]:
    text = f"{head}\n\n{BODY}\n"
    margins = np.zeros(len(text), np.bool_)
    margins[: len(head)] = in_margin
    recognised = Recognised(np.full(len(text), np.nan, np.float32), margins)
    cleaned = Cleaner().clean(text, recognised=recognised)
    return cleaned.text, [edit.rule for edit in cleaned.suggestions]


@pytest.mark.parametrize("head", ["责任编组:张静“博览”2018年4月J1晶", "二65", "星期五", "03上时政画吕"])
def test_a_misread_head_with_a_number_is_removed_in_the_margin_alone(head: str) -> None:
    assert _cleaned(head, in_margin=True)[0].strip() == BODY
    assert _cleaned(head, in_margin=False)[0].strip() != BODY


@pytest.mark.parametrize("head", ["图为1932年的旧码头。张三摄", "他生于1932年。", "村里的事" * 12])
def test_what_may_be_text_stays(head: str) -> None:
    assert head[:4] in _cleaned(head, in_margin=True)[0]


def test_without_a_number_the_removal_is_suggested() -> None:
    text, suggested = _cleaned("人全入", in_margin=True)
    assert text.startswith("人全入")
    assert "artifacts/margin" in suggested


def test_what_is_recognised_must_be_of_the_text() -> None:
    with pytest.raises(ValueError, match="not of this text"):
        Cleaner().clean("今天", recognised=Recognised(np.zeros(1, np.float32), np.zeros(1, np.bool_)))
