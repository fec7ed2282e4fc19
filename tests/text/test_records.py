"""Records of edits: the keys of edits.jsonl, and lines that every reader takes as one."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest

from cleaner.text.edits import Band, Edit, Step
from cleaner.text.records import as_line, record

PLAIN = Edit(
    start=120, end=121, before="人", after="入", rule="misreads/look-alike", band=Band.APPLIED, confidence=0.99417, line=7, id="x"
)  # fmt: skip


def test_a_record_has_the_keys_of_the_contract_in_their_order() -> None:
    assert list(record(PLAIN, "a/b.txt").items()) == [
        ("document", "a/b.txt"), ("id", "x"), ("start", 120), ("end", 121), ("line", 7), ("before", "人"), ("after", "入"),
        ("pass", "misreads"), ("rule", "misreads/look-alike"), ("band", "applied"), ("confidence", 0.9942),
    ]  # fmt: skip


def test_a_flag_has_no_after() -> None:
    flag = Edit(start=0, end=1, before="?", after=None, rule="garble/loop", band=Band.FLAGGED, confidence=1.0)
    assert record(flag, "a")["after"] is None


def test_optional_keys_are_there_when_they_say_something() -> None:
    step = Step("spaces/inside", " ", "", 0.98765)
    move = Edit(
        start=0, end=1, before=" ", after="", rule="wraps/caption", band=Band.APPLIED, confidence=1.0,
        evidence={"gain": np.float32(1.23456), "seen": (np.int64(2), 3), "who": {"b", "a"}, "half": Fraction(1, 2),
                  "sure": True, "none": None, "odd": float("nan"), "band": Band.APPLIED},
        steps=(step,), group="g", kind="move", to=9,
    )  # fmt: skip
    entry = record(move, "a")
    assert entry["evidence"] == {
        "gain": 1.2346, "seen": [2, 3], "who": ["a", "b"], "half": 0.5, "sure": True, "none": None, "odd": None, "band": "applied",
    }  # fmt: skip
    assert entry["steps"] == [
        {"pass": "spaces", "rule": "spaces/inside", "before": " ", "after": "", "confidence": 0.9877}
    ]
    assert (entry["group"], entry["kind"], entry["to"]) == ("g", "move", 9)
    json.loads(as_line(entry))


@pytest.mark.parametrize(
    "text", ["\udcff", "a\ud800", "a\u2028b", "a\u2029b", "a\x85b", "a\nb", "a\x1cb", "人\U00020000", '"\\']
)
def test_a_line_is_one_line_of_strict_utf_8_and_gives_the_text_back(text: str) -> None:
    line = as_line({"before": text})
    assert line.encode("utf-8").decode("utf-8").splitlines() == [line]
    assert json.loads(line) == {"before": text}
    assert "人" not in text or "人" in line


def test_surrogates_are_escaped_in_lower_case() -> None:
    assert as_line({"before": "\udcff"}) == '{"before": "\\udcff"}'
