"""The examples of the manual do what it says."""

from __future__ import annotations

import doctest
import json
import re
from pathlib import Path

import pytest

from cleaner import Cleaner, clean

DOCS = Path(__file__).resolve().parents[1] / "docs"


@pytest.mark.parametrize("name", ["python.md"])
def test_examples_do_what_the_manual_says(name: str) -> None:
    failed, tried = doctest.testfile(str(DOCS / name), module_relative=False, encoding="utf-8")
    assert tried > 0
    assert failed == 0


def test_the_first_example_of_the_readme() -> None:
    assert clean("柚香谷公司的人驻").text == "柚香谷公司的入驻"
    assert clean("公司的人驻").text == "公司的入驻"


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "RELEASING.md", "SECURITY.md"])
def test_files_that_are_named_are_there(name: str) -> None:
    top = DOCS.parent
    text = (top / name).read_text(encoding="utf-8")
    named = re.findall(r"`((?:tests|docs|tools|benchmarks|cleaner|dictionaries|\.ci|\.github)/[\w./-]*)`", text)
    named += [target.partition("#")[0] for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text)]
    assert named
    assert [path for path in named if not (top / path).exists()] == []


def test_the_case_that_contributors_are_shown() -> None:
    shown = (DOCS.parent / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("```json\n")[2].partition("```")[0]
    case = json.loads(shown)
    assert clean(case["scan"]).text == case["clean"] != case["scan"]


def test_settings_must_be_settings() -> None:
    with pytest.raises(TypeError, match="Settings"):
        Cleaner("book")  # type: ignore[arg-type]
