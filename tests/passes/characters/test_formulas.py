"""Formulas that are none, and those that are."""

from __future__ import annotations

import pytest

from cleaner.knowledge import resources
from cleaner.passes.characters.formulas import read


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (r"^{①}", "①"),
        (r"\textcircled{12}", "⑫"),
        (r"6.5\%", "6.5%"),
        (r"\sim", "～"),
        (r"5 \sim 10", "5～10"),
        (r"10 ^ { 4 }", "10⁴"),
        (r"1.2\times10^{-3}", "1.2×10⁻³"),
        (r"25^{\circ}\mathrm{C}", "25℃"),
        (r"30^\circ", "30°"),
        (r"3{,}000", None),
        (r"50 \mathrm{~km}", "50km"),
        (r"m^2", "m²"),
        (r"^{2}", "²"),
        (r"H_{2}SO_4", "H₂SO₄"),
        (r"\mathrm{PM}_{2.5}", "PM2.5"),
        (r"\leq 3.5\%", "≤3.5%"),
        (r"\alpha", "α"),
        (r"a^2+b^2=c^2", None),
        (r"x^2", None),
        (r"A_1", None),
        (r"\frac{1}{2}", None),
        (r"\textcircled{25}", None),
        (r"\unknown", None),
        (r"100, 200", None),
        (r"", None),
        (r"\pm x", None),
    ],
)
def test_what_a_formula_reads_in_plain_text(formula: str, text: str | None) -> None:
    assert read(formula) == text


def test_the_commands_are_sorted_and_each_is_one_character() -> None:
    rows = resources.rows("rules/latex.tsv")
    assert rows == sorted(rows)
    assert all(command.isalpha() and len(char) == 1 for command, char in rows)
