from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleaner.text.occurrences import Occurrences


def codes(text: str) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


@given(st.text(alphabet="浙江省\n𠀀", max_size=30), st.text(alphabet="浙江省\n𠀀", min_size=2, max_size=3))
def test_counts_as_str_would_with_overlaps(text: str, asked: str) -> None:
    expected = sum(text.startswith(asked, at) for at in range(len(text)))
    assert Occurrences(codes(text)).of(*(codes(char) for char in asked)).tolist() == [expected]
