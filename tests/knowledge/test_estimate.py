"""A model of one's own text: probabilities that add up, the same file each time, text that gives little to count."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest

from cleaner.knowledge import model
from cleaner.knowledge.estimate import Built, Parted, TooLittleText, discounts, of_texts, parted
from cleaner.knowledge.model import BOUNDARY, ORDER, LanguageModel
from tests.own_model import corpus


@pytest.fixture(scope="module")
def built() -> Built:
    return of_texts(parted([corpus(60_000)]), least=0)


@pytest.fixture(scope="module")
def own(built: Built) -> LanguageModel:
    return LanguageModel(built.tables)


@pytest.mark.parametrize("context", ["", "的", "我们", "社区将重", "\n", "😀😀"])
def test_probabilities_after_a_context_add_up_to_one(own: LanguageModel, context: str) -> None:
    before = [BOUNDARY] * (ORDER - 1) + own.encode(context).ids.tolist()
    windows = np.array([[*before[1 - ORDER :], symbol] for symbol in range(len(own.characters))])
    assert float((10.0 ** own.score_windows(windows)).sum()) == pytest.approx(1, abs=0.05)


def test_it_foresees_text_like_its_own_better_than_the_shipped_one(built: Built) -> None:
    assert 1 < built.perplexity < built.shipped
    assert built.characters > 500


def test_the_same_text_gives_the_same_bytes_which_can_be_read(built: Built, own: LanguageModel) -> None:
    files = BytesIO(), BytesIO()
    built.write(files[0])
    of_texts(parted([corpus(60_000)]), least=0).write(files[1])
    assert files[0].getvalue() == files[1].getvalue()
    ids = own.encode("社区将重点做好三件事").ids
    np.testing.assert_array_equal(model.read(BytesIO(files[0].getvalue())).score(ids)[0], own.score(ids)[0])


@pytest.mark.parametrize(
    "text", ["柚子熟了。\n" * 500, "山\n谷\n" * 100, "", "柚" * 1000, corpus(3000)],
    ids=["one sentence", "single characters", "nothing", "one character", "little"],
)  # fmt: skip
def test_any_text_gives_a_model_that_scores(text: str) -> None:
    made = of_texts(parted([text]), least=0)
    stream = BytesIO()
    made.write(stream)
    stream.seek(0)
    logp, _ = model.read(stream).score(model.load().encode("").ids)
    assert len(logp) == 0
    one = LanguageModel(made.tables)
    assert np.isfinite(one.score(one.encode("柚子熟了，山谷里。\n好").ids)[0]).all()
    assert np.isfinite(made.perplexity)


def test_discounts_are_those_of_chen_and_goodman_or_fixed_ones() -> None:
    counts = np.repeat([1, 2, 3, 4, 9], [40, 20, 10, 5, 1])
    y = 40 / 80
    expected = [1 - 2 * y * 20 / 40, 2 - 3 * y * 10 / 20, 3 - 4 * y * 5 / 10, 3 - 4 * y * 5 / 10]
    assert [discounts(counts)[i] for i in (0, 40, 60, 75)] == pytest.approx(expected)
    assert discounts(np.array([2, 2, 5])).tolist() == [1.0, 1.0, 1.5]


def test_one_paragraph_in_fifty_is_held_out_and_traditional_text_is_folded() -> None:
    lines = "\n\n".join(f"第{number}個國家的風景很美。" for number in range(100))
    counted, held_out = parted([lines])
    assert held_out.split("\n") == ["第49个国家的风景很美。", "第99个国家的风景很美。"]
    assert len(counted.split("\n")) == 98


def test_too_little_text_is_refused_with_what_is_needed() -> None:
    with pytest.raises(TooLittleText, match=r"^12 characters .* 1,000,000 are needed"):
        of_texts(Parted("柚子的香气飘满了山谷", ""))
