"""Brackets: at full width around and beside Chinese, of one shape, and titles of works."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from cleaner.passes.punctuation.around import ALNUM, edit, is_chinese, neighbours
from cleaner.rules import Rule
from cleaner.text.blocks import Row
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band
from cleaner.text.width import BRACKETS, CHINESE_MARKS, HAN

RULES = (
    Rule(
        "punctuation/brackets",
        "Sets round brackets at full width where Chinese stands inside or beside them.",
        "They are the brackets of Chinese text. Those of formulas, coordinates, Latin words, links and telephone numbers stay.",
        (("国际数据公司(IDC)发布报告(第三版)", "国际数据公司（IDC）发布报告（第三版）"),),
        "GB/T 15834-2011 4.9",
    ),
    Rule(
        "punctuation/bracket-shape",
        "Puts （ for 〈 《 or 【 that a round bracket closes and that has no partner of its own.",
        "Recognisers take a thin round bracket for an angular one; of the two the closing one keeps its shape. Other pairs of two shapes (（…】, 〔…]) are only suggested.",
        (("参观者在展厅〈周丽 摄）", "参观者在展厅（周丽 摄）"),),
    ),
    Rule(
        "punctuation/book-title",
        "Puts 《 》 for << >>, « », ≪ ≫, 〈〈 〉〉 and ＜＜ ＞＞ around Chinese.",
        "Keyboards without the mark write it so, and recognisers read it so. A single < > may be code, and is suggested.",
        (("印发<<实施方案>>的通知", "印发《实施方案》的通知"),),
        "GB/T 15834-2011 4.15",
    ),
)

_MISMATCHED = re.compile(r"([〈《【])[^〈〉《》【】\[\]（）()\n]{1,40}[）)]")
_ROUND = re.compile("[()（）]")
_BRACKET = re.compile(r"[（）【】〔〕\[\]]")
_SHAPES = "（）【】〔〕[]"
_BOOK = re.compile(
    r"<<([^<>\n]{1,60})>>|＜＜([^＜＞\n]{1,60})＞＞|〈〈([^〈〉\n]{1,60})〉〉|«([^«»\n]{1,60})»|≪([^≪≫\n]{1,60})≫"
    r"|(?<![<A-Za-z])<([^<>\n]{2,40})>(?!>)|(?<![<A-Za-z])<([^<>《》\n]{2,40})》"
)
_TERM = r"[A-Za-z]?\d*(?:\.\d+)?[a-z]?"
_FORMULA = re.compile(rf"\s*[+\-]?{_TERM}(?:(?:\s*,\s*[+\-]?|\s*[+*/=^|<>÷×±≤≥\-]\s*){_TERM})+\s*")
_YEARS = re.compile(r"\s*\d{4}\s*-\s*(?:\d{4})?\s*")
_FULL = {"(": "（", ")": "）"}


def of_line(line: Row) -> Iterator[Proposal]:
    """Proposals for brackets and titles."""
    if "(" in line.text or ")" in line.text:
        yield from _round(line)
    yield from _shapes(line)
    if any(sign in line.text for sign in "<＜«≪") or "〈〈" in line.text:
        yield from _book_titles(line)


def _round(line: Row) -> Iterator[Proposal]:
    text = line.text
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    single: list[int] = []
    for match in _ROUND.finditer(text):
        at, char = match.start(), match.group()
        if char in "(（":
            opened.append(at)
        elif opened:
            pairs.append((opened.pop(), at))
        elif char == ")":
            single.append(at)
    han = [match.start() for match in HAN.finditer(text)] if pairs else []
    for low, high in pairs:
        before, after = neighbours(text, low, high + 1)
        mixed = (text[low] == "(") != (text[high] == ")")
        digits = high - low <= 8 and text[low + 1 : high].strip().isdigit() and after.isdigit()  # an area code
        if not mixed and (_is_call(text, low) or _is_latin(text, low, high)):
            continue
        formula = not mixed and _is_formula(text, low, high)
        if (
            mixed
            or bisect_left(han, low) < bisect_left(han, high)
            or (not digits and not formula and (is_chinese(before) or (is_chinese(after) and not ALNUM.match(before))))
            or (is_chinese(after) and _ABBREVIATION.search(text, max(0, low - 12), high))
        ):
            group = f"b{line.start + low}"
            for at in (low, high):
                if text[at] in "()":
                    yield edit(line, at, at + 1, _FULL[text[at]], "punctuation/brackets", 0.98, group=group)
    for at in single + [at for at in opened if text[at] == "("]:
        before, after = neighbours(text, at, at + 1)
        if is_chinese(before) and (is_chinese(after) or not after):
            yield edit(line, at, at + 1, _FULL[text[at]], "punctuation/brackets", 0.93)


_ABBREVIATION = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*\((?=[A-Za-z]*[A-Z])[A-Za-z][A-Za-z \-]+\Z")
"""An abbreviation with another in brackets: MIT(USA). A function of a program has small letters."""


def _is_latin(text: str, low: int, high: int) -> bool:
    """Whether a pair without Chinese in it belongs to Latin text or to a formula: φ(x), log₂(n), = (u[i]), “(In) Memory…”."""
    inside = text[low + 1 : high]
    if HAN.search(inside):
        return False
    before, after = text[:low].rstrip(" ")[-1:], text[high + 1 :].lstrip(" ")[:1]
    if re.match("[\u0370-\u03ff\u2080-\u209c=]", before):
        return len(inside) <= 12 and not re.search("[A-Za-z]{2}", inside)
    chain = text[low - 1 : low] == ")" or text[high + 1 : high + 2] == "("
    if chain and re.fullmatch("[A-Za-z0-9]{1,3}", inside):
        return True  # 第3(1)(b)條
    return before in tuple('“‘「"') and bool(ALNUM.match(after))


def _shapes(line: Row) -> Iterator[Proposal]:
    """Brackets of another shape than their partners: an opening one that a round one closes, if it has no partner of its own;
    others are only suggested.
    """
    yield from _other_shapes(line)
    if "）" not in line.text and ")" not in line.text:
        return
    for match in _MISMATCHED.finditer(line.text):
        opened, closed = (sum(map(line.text.count, pair)) for pair in ("(（", ")）"))
        if opened < closed and line.text.find(BRACKETS[match.group(1)], match.end()) < 0:
            yield edit(line, match.start(), match.start() + 1, "（", "punctuation/bracket-shape", 0.95)


def _other_shapes(line: Row) -> Iterator[Proposal]:
    """The closing bracket that goes with the opening one; 〔 where 〕 closes a square one: 国发〔2025〕8号."""
    found = list(_BRACKET.finditer(line.text))
    if len(found) < 2 or sum(_SHAPES.index(match.group()) % 2 for match in found) * 2 != len(found):
        return
    for opening, closing in pairwise(found):
        first, second = (_SHAPES.index(match.group()) for match in (opening, closing))
        if first % 2 == 0 and second % 2 == 1 and second != first + 1:
            wrong = opening if opening.group() == "[" and closing.group() == "〕" else closing
            after = "〔" if wrong is opening else _SHAPES[first + 1]
            if first + 1 < _SHAPES.index("]") or wrong is opening:
                yield edit(line, *wrong.span(), after, "punctuation/bracket-shape", 0.6, Band.SUGGESTED)


def _is_call(text: str, low: int) -> bool:
    """Whether the bracket opens the arguments of a function: print("…")."""
    return low > 0 and bool(ALNUM.match(text[low - 1])) and text[low + 1 : low + 2] in tuple("\"'“‘")


def _is_formula(text: str, low: int, high: int) -> bool:
    """Whether a pair of brackets belongs to a formula: (3,4), (x+2), or one that stands against another: (x-1)(x+2)."""
    if high - low > 40:
        return False
    inside = text[low + 1 : high]
    if _YEARS.fullmatch(inside) or re.fullmatch(r"\s*\d+(?:\s*[-/]\s*\d+)+\s*", inside):
        return False  # words, years, numbers of pages, shares
    return bool(_FORMULA.fullmatch(inside) or re.fullmatch("[A-Za-z0-9]!", inside))


def _book_titles(line: Row) -> Iterator[Proposal]:
    text = line.text
    for match in _BOOK.finditer(text):
        number = match.lastindex or 1
        title = match.group(number)
        around = is_chinese(text[match.start() - 1 : match.start()]) and is_chinese(text[match.end() : match.end() + 1])
        if any(mark in title for mark in _NOT_IN_TITLES) or not (HAN.search(title) or (number < 6 and around)):
            continue
        size = 2 if number <= 3 else 1
        inside = text.count("《", 0, match.start()) > text.count("》", 0, match.start())
        opening, closing = "〈〉" if inside and number == 6 else "《》"
        band, confidence = (Band.APPLIED, 0.96) if number < 6 else (Band.SUGGESTED, 0.7)
        group = f"t{line.start + match.start()}"
        for start, end, mark in (
            (match.start(), match.start() + size, opening),
            (match.end() - size, match.end(), closing),
        ):
            if text[start:end] != mark:
                yield edit(line, start, end, mark, "punctuation/book-title", confidence, band, group)


_NOT_IN_TITLES = CHINESE_MARKS.replace("·", "").replace("—", "")
