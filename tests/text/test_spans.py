from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.text.spans import Spans

SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: (min(pair), max(pair))), max_size=8)


@given(SPANS)
def test_an_offset_is_inside_where_a_span_holds_it(spans: list[tuple[int, int]]) -> None:
    made = Spans(spans)
    for offset in range(32):
        assert (offset in made) == any(start <= offset < end for start, end in spans)


@given(SPANS, st.integers(0, 30), st.integers(0, 5))
def test_a_stretch_touches_what_it_shares_a_code_point_with(
    spans: list[tuple[int, int]], start: int, size: int
) -> None:
    end = start + max(1, size)
    assert Spans(spans).touch(start, end) == any(low < end and start < high for low, high in spans if low < high)
