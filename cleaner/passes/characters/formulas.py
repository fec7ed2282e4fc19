"""Formulas that are none: what recognisers that write LaTeX wrap in dollars though it is a sign, a quantity or a note call.

`read` knows only what can be set in plain text just as it is printed: 10⁴, m², CO₂, 25℃, ①, 6.5%, ～. A real formula, with an
equals sign or a variable in it, is left alone.
"""

from __future__ import annotations

import re
from functools import cache

from cleaner.knowledge import resources

SUPERSCRIPTS = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
LENGTHS = frozenset({"m", "cm", "dm", "km", "mm", "nm", "μm"})
"""Units of which squares and cubes are printed."""

UNITS = LENGTHS | {
    "g",
    "kg",
    "mg",
    "t",
    "h",
    "min",
    "s",
    "L",
    "mL",
    "W",
    "kW",
    "MW",
    "V",
    "kV",
    "A",
    "Hz",
    "MHz",
    "GHz",
    "Pa",
}

_TOKEN = re.compile(
    r"(?P<space>[ ~]|\\[,;! ])"
    r"|(?P<number>\d+(?:[.,]\d+)*)"
    r"|(?P<sign>\\[%#&$])"
    r"|(?P<circled>[①-⑳])|\\textcircled\s?\{\s?(?P<circle>1\d|20|[1-9])\s?\}"
    r"|\\(?:mathrm|mathbf|text|textbf|textrm|rm)\s?\{\s?(?P<upright>[A-Za-z0-9 ~]{1,8}?)\s?\}"
    r"|\^\s?\{?\s?(?P<degree>\\circ)\s?\}?"
    r"|\^\s?\{?\s?(?P<call>[①-⑳]|\\textcircled\s?\{\s?(?:1\d|20|[1-9])\s?\}|\[\d{1,3}\])\s?\}?"
    r"|\^\s?(?:\{\s?(?P<power>[-+−]?\s?\d{1,2})\s?\}|(?P<digit>\d))"
    r"|_\s?(?:\{\s?(?P<index>\d{1,2}(?:\.\d)?)\s?\}|(?P<below>\d))"
    r"|\\(?P<command>[A-Za-z]+)"
    r"|(?P<letters>[A-Za-zμ]{1,4})"
)
_MOLECULE = re.compile("(?:[A-Z][a-z]?[₀-₉]*){2,6}|[HNO][₂₃]|PM[0-9.]+")


def read(formula: str) -> str | None:
    """What a formula (without its dollars) reads in plain text; None where it is a formula indeed."""
    parts: list[str] = []
    at = 0
    while at < len(formula):
        token = _TOKEN.match(formula, at)
        part = _plain(token, parts) if token else None
        if token is None or part is None:
            return None
        parts += filter(None, (part,))
        at = token.end()
    text = "".join(parts).replace("°C", "℃")
    return text if all(map(_is_certain, re.findall("[A-Za-zμ][A-Za-z0-9.₀-₉⁰¹²³⁴-⁹⁻]*", text))) and text else None


def _plain(token: re.Match[str], before: list[str]) -> str | None:
    """The characters of a token, in the place that follows `before`."""
    kind, found = token.lastgroup or "", token.group(token.lastgroup or 0)
    if kind == "space":
        return ""
    if kind == "sign":
        return found[1:]
    if kind == "degree":
        return "°"
    if kind == "circle" or (kind == "call" and found.startswith("\\")):
        return chr(ord("①") - 1 + int(re.sub(r"\D", "", found)))
    if kind in ("power", "digit"):
        raised = found.replace(" ", "").translate(SUPERSCRIPTS)
        return raised if not before or before[-1][-1:].isalnum() else None
    if kind in ("index", "below"):
        return found if "." in found else found.translate(SUBSCRIPTS)
    if kind == "upright":
        return found.replace(" ", "").replace("~", "")
    return _commands().get(found) if kind == "command" else found


def _is_certain(word: str) -> bool:
    """Whether letters are a unit or a molecule and no variables, which belong to a formula."""
    base = word.rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
    return (base in LENGTHS) if base != word else bool(word in UNITS or word in _greek() or _MOLECULE.fullmatch(word))


@cache
def _commands() -> dict[str, str]:
    return dict(resources.rows("rules/latex.tsv"))


@cache
def _greek() -> frozenset[str]:
    return frozenset(char for char in _commands().values() if char.isalpha())
