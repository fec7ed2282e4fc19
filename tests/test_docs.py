"""The examples of the manual do what it says."""

from __future__ import annotations

import doctest
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


def test_settings_must_be_settings() -> None:
    with pytest.raises(TypeError, match="Settings"):
        Cleaner("book")  # type: ignore[arg-type]
