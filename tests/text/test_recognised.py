"""What a recogniser doubted, against all else that it read."""

from __future__ import annotations

import numpy as np
import pytest

from cleaner import Cleaner
from cleaner.text.recognised import Recognised

TEXT = "所以，这件事的教调就是，做人要诚实，做事要认真，遇到困难不要灰心。"


def with_confidences(confidences: list[float]) -> Recognised:
    return Recognised(np.array(confidences, np.float32), np.zeros(len(confidences), bool))


def test_the_least_sure_are_doubted_most() -> None:
    doubts = with_confidences([0.9, 0.2, 0.99, float("nan")]).doubts()
    assert doubts.argmax() == 1
    assert doubts.argmin() == 2
    assert doubts[3] == 0.0


def test_doubts_even_out_over_many() -> None:
    doubts = with_confidences(np.linspace(0, 1, 500).tolist()).doubts()
    assert doubts.mean() == pytest.approx(0.0, abs=0.02)


def test_a_doubted_misread_is_surer_than_one_that_was_not() -> None:
    at = TEXT.index("调")
    low, high = [0.9] * len(TEXT), [0.5] * len(TEXT)
    low[at], high[at] = 0.1, 0.99
    doubted, sure = (Cleaner().clean(TEXT, recognised=with_confidences(values)) for values in (low, high))
    edits = [next(e for e in (*c.edits, *c.suggestions) if e.start == at) for c in (doubted, sure)]
    assert edits[0].confidence > edits[1].confidence
    assert edits[0].evidence["doubted"] == pytest.approx(np.log(len(TEXT)) - 1, abs=0.01)
