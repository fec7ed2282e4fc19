"""Case files: what was seen in the wild, what was made up, what must not change, and what is known to fail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cleaner import Cleaner, Settings

CASES = Path(__file__).parent / "cases"
CLEANERS: dict[str, Cleaner] = {}


def cases(name: str) -> list[Any]:
    rows = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(row, id=row["label"]) for row in rows]


def cleaned(case: dict[str, Any]) -> str:
    settings = case.get("settings", {})
    key = json.dumps(settings, sort_keys=True)
    if key not in CLEANERS:
        values = {name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()}
        CLEANERS[key] = Cleaner(Settings().with_(**values))
    result = CLEANERS[key].clean(case["scan"])
    assert result.revert() == case["scan"]
    return result.text


@pytest.mark.parametrize("case", [*cases("in-the-wild"), *cases("synthetic"), *cases("characters")])
def test_comes_out_as_printed(case: dict[str, Any]) -> None:
    assert cleaned(case) == case["clean"]


@pytest.mark.parametrize("case", cases("negative"))
def test_stays_as_it_is(case: dict[str, Any]) -> None:
    assert cleaned(case) == case["scan"]


@pytest.mark.parametrize("case", cases("known-failures"))
def test_known_failures_still_fail(case: dict[str, Any]) -> None:
    assert cleaned(case) != case["clean"], "this works now: move the case to in-the-wild or synthetic"


def test_labels_are_unique() -> None:
    labels = [
        case["label"]
        for name in ("in-the-wild", "synthetic", "characters", "negative", "known-failures")
        for case in json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    ]
    assert len(labels) == len(set(labels))
