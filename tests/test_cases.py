"""Case files: what was seen in the wild, what was made up, what must not change, and what is known to fail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cleaner import Cleaned, Cleaner, Settings

CASES = Path(__file__).parent / "cases"
CLEANERS: dict[str, Cleaner] = {}


def cases(name: str) -> list[Any]:
    rows = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(row, id=row["label"]) for row in rows]


def cleaned(case: dict[str, Any]) -> Cleaned:
    settings = case.get("settings", {})
    key = json.dumps(settings, sort_keys=True)
    if key not in CLEANERS:
        values = {name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()}
        CLEANERS[key] = Cleaner(Settings().with_(**values))
    result = CLEANERS[key].clean(case["scan"])
    assert result.revert() == case["scan"]
    return result


def suggested(result: Cleaned, case: dict[str, Any]) -> list[list[str | None]]:
    """Those of the case's `suggested` changes, each from what to what, that are suggested."""
    found = [[edit.before, edit.after] for edit in result.suggestions]
    return [change for change in case.get("suggested", []) if change in found]


def flagged(result: Cleaned, case: dict[str, Any]) -> list[str]:
    """Those of the case's `flagged` places, by the text that stands there, that are flagged."""
    found = [edit.before for edit in result.flags]
    return [text for text in case.get("flagged", []) if text in found]


@pytest.mark.parametrize(
    "case", [*cases("in-the-wild"), *cases("synthetic"), *cases("punctuation"), *cases("characters")]
)
def test_comes_out_as_printed(case: dict[str, Any]) -> None:
    result = cleaned(case)
    assert result.text == case["clean"]
    assert suggested(result, case) == case.get("suggested", [])
    assert flagged(result, case) == case.get("flagged", [])


@pytest.mark.parametrize("case", cases("negative"))
def test_stays_as_it_is(case: dict[str, Any]) -> None:
    result = cleaned(case)
    assert result.text == case["scan"]
    assert flagged(result, case) == case.get("flagged", [])


@pytest.mark.parametrize("case", cases("known-failures"))
def test_known_failures_still_fail(case: dict[str, Any]) -> None:
    result = cleaned(case)
    told = suggested(result, case) == case.get("suggested", []) and flagged(result, case) == case.get("flagged", [])
    works = result.text == case["clean"] and told
    assert not works, "this works now: move the case to in-the-wild, synthetic or punctuation"


def test_labels_are_unique() -> None:
    labels = [
        case["label"]
        for name in ("in-the-wild", "synthetic", "punctuation", "characters", "negative", "known-failures")
        for case in json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    ]
    assert len(labels) == len(set(labels))
