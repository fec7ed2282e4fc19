from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from cleaner.errors import SettingsError
from cleaner.evaluation import evaluate
from cleaner.evaluation.alignment import EXACT, aligned
from cleaner.evaluation.score import Score

TEXT = st.text(alphabet=st.sampled_from('公司人入驻，,。.“" \n\fA1Ｂ體体'), max_size=60)


@pytest.mark.parametrize(
    ("clean", "reference", "errors", "rate"),
    [
        ("公司的人驻", "公司的入驻", (1, 0, 0), 0.2),
        ("公司入驻", "公司的入驻", (0, 1, 0), 0.2),
        ("公司的的入驻", "公司的入驻", (0, 0, 1), 0.2),
        ("孩子\n们来了", "孩子们来了", (0, 0, 0), 0.0),  # a line break is no character
        ("use Deep\nSeek", "use Deep Seek", (0, 0, 0), 0.0),  # but between Latin words it is worth a space
        ("春　天  来", "春 天 来", (0, 0, 0), 0.0),
        ("", "", (0, 0, 0), 0.0),
        ("", "字", (0, 1, 0), 1.0),
        ("多出", "", (0, 0, 2), None),  # nothing to divide by
        ("\n \n", "\f", (0, 0, 0), 0.0),
    ],
)
def test_character_errors(clean: str, reference: str, errors: tuple[int, int, int], rate: float | None) -> None:
    score = evaluate(clean, reference).score
    assert (score.replaced, score.lost, score.invented) == errors
    assert score.error_rate == rate


@pytest.mark.parametrize(
    ("same", "clean", "reference"),
    [
        ("width", "共,Ａ３.", "共，A3。"),
        ("quotes", '"好"', "「好」"),
        ("script", "體育", "体育"),
        ("space", "体 育", "体育"),
    ],
)
def test_an_equivalence_is_no_error_where_it_is_stated(same: str, clean: str, reference: str) -> None:
    assert evaluate(clean, reference).score.errors > 0
    assert evaluate(clean, reference, [same]).score.errors == 0
    assert not evaluate(clean, reference, [same]).confusions


def test_an_equivalence_that_does_not_exist_is_told() -> None:
    with pytest.raises(SettingsError, match="did you mean 'width'"):
        evaluate("", "", ["widht"])


def test_what_stands_for_what() -> None:
    confusions = evaluate("人驻一一人口木目", "入驻——人口相").confusions
    assert confusions == {("人", "入"): 1, ("一", "—"): 2, ("木目", "相"): 1}
    assert not evaluate("头", "头" + "不见了的一整行" * 3).confusions  # a lost line is no confusion


def test_order_can_be_forgiven() -> None:
    score = evaluate("右栏的文字左栏的文字", "左栏的文字右栏的文字").score
    assert score.errors > 0
    assert score.error_rate_in_any_order == 0


@pytest.mark.parametrize(
    ("clean", "kept", "lost", "broken", "right"),
    [
        ("第一段在这里。\n第二段在那里。", 1, 0, 0, 2),
        ("第一段在这里。第二段在那里。", 0, 1, 0, 2),
        ("第一段在\n这里。\n\n第二段在那里。", 1, 0, 1, 2),
        ("第一段在这里，\n第二段在哪里。", 1, 0, 0, 0),
        ("第一段在这里。\n不属于这里的页眉页脚一行\n第二段在那里。", 0, 0, 0, 2),  # cannot be told
    ],
)
def test_paragraphs(clean: str, kept: int, lost: int, broken: int, right: int) -> None:
    score = evaluate(clean, "第一段在这里。\n第二段在那里。").score
    assert (score.breaks_kept, score.breaks_lost, score.lines_broken, score.paragraphs_right) == (
        kept,
        lost,
        broken,
        right,
    )


def test_pages_of_the_reference_are_scored_apart_even_where_the_text_has_lost_their_breaks() -> None:
    measured = evaluate("甲页有错字。乙页没有错。", "甲页无错字。\f乙页没有错。")
    assert [page.errors for page in measured.pages] == [1, 0]
    assert sum(measured.pages, Score()) == measured.score


@given(TEXT, TEXT)
def test_laws(clean: str, reference: str) -> None:
    measured = evaluate(clean, reference)
    score = measured.score
    assert sum(measured.pages, Score()) in (score, Score())
    assert score.in_any_order <= score.errors or measured.pages
    assert sum(errors.errors for errors in score.classes.values()) == score.errors
    assert sum(errors.characters for errors in score.classes.values()) == score.characters
    assert 0 <= score.paragraphs_right <= score.paragraphs
    for value in score.as_table().values():
        assert not (isinstance(value, float) and math.isnan(value))
    assert evaluate(clean, clean).score.errors == 0
    everything = ["width", "quotes", "script", "space"]
    assert evaluate(clean, reference, everything).score.errors <= score.errors


@given(st.lists(st.sampled_from("天地玄黄宇宙洪荒日月盈昃"), min_size=40, max_size=120), st.data())
def test_cut_alignments_are_alignments(characters: list[str], data: st.DataObject) -> None:
    from cleaner.evaluation import alignment

    reference = "".join(characters)
    at = data.draw(st.integers(0, len(reference)))
    clean = reference[:at] + data.draw(st.sampled_from(["", "错", "错错错错"])) + reference[at + 1 :]
    stretches = list(aligned(clean, reference))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "EXACT", 0)
        cut = aligned(clean, reference)
    for found in (stretches, cut):
        assert [s[1:3] for s in found][1:] == [(s.end, t.end) for s, t in pairwise(found)]
        assert all(
            clean[s.start : s.end] == reference[s.should_start : s.should_end] for s in found if s.tag == "equal"
        )
    distance = sum(max(s.end - s.start, s.should_end - s.should_start) for s in cut if s.tag != "equal")
    assert distance == Levenshtein.distance(clean, reference)


def test_large_texts_are_cut_and_measured_alike() -> None:
    reference = "".join(chr(0x4E00 + n * n % 7919) for n in range(30_000))
    clean = reference[:15_000] + "多" + reference[15_001:20_000] + "出" + reference[20_000:]
    assert len(clean) * len(reference) > EXACT
    score = evaluate(clean, reference).score
    assert (score.replaced, score.lost, score.invented) == (1, 0, 1)
