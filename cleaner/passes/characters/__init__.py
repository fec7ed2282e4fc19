"""Characters: code points that stand for another character, or for nothing at all.

Recognisers, fonts and extractors leave radicals where ideographs were printed, letters of double width, invisible
characters and bits of markup. Each has one right reading, so this pass needs no context beyond a neighbour. It is never
NFKC wholesale: ① ℃ ㎡ ½ 〇 and full-width punctuation were printed, and stay.
"""

from __future__ import annotations

import html
import re
import sys
import unicodedata
from collections.abc import Iterator
from enum import IntEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cleaner.knowledge import resources, script
from cleaner.page import Page
from cleaner.passes.characters import formulas, mojibake
from cleaner.rules import Rule
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band
from cleaner.text.width import CHINESE_MARKS, is_han

RULES = (
    Rule(
        "characters/radical",
        "Puts the ideograph where a radical of the same look stands.",
        "PDF fonts map glyphs to the Kangxi radicals and to the CJK Radicals Supplement; the text looks right and cannot be searched.",
        (("⾦华市⼈民政府", "金华市人民政府"), ("⻩⽕⾏动", "黄火行动")),
        "Unicode, EquivalentUnifiedIdeograph.txt; NFKC knows only 2 of the 115 of the supplement",
    ),
    Rule(
        "characters/compatibility-ideograph",
        "Puts the unified ideograph where a compatibility ideograph stands.",
        "They are the same character, encoded twice for the sake of older character sets. The twelve of the block that are unified ideographs stay.",
        (("\uf9dd用", "利用"),),
        "Unicode 17.0, 23.8; twelve exceptions in 18.1",
    ),
    Rule(
        "characters/full-width-letter",
        "Sets full-width Latin letters and digits at their usual width.",
        "Chinese input methods and recognisers write them in double width; print has them narrow. A full-width point between digits is a decimal point, between small letters that of an address.",
        (
            ("在２０２５年推广ＡＩ应用", "在2025年推广AI应用"),
            ("增长１．２万人", "增长1.2万人"),
            ("网址为ｗｗｗ．ｅｘａｍｐｌｅ．ｃｎ", "网址为www.example.cn"),
        ),
        "CLREQ 3.1.5",
    ),
    Rule(
        "characters/half-width-katakana",
        "Sets half-width katakana at full width.",
        "Half-width kana are a relic of eight-bit terminals. A voiced mark is one with its kana.",
        (("ｱﾆﾒ展", "アニメ展"), ("ｶﾞﾝﾀﾞﾑ模型", "ガンダム模型")),
        "Unicode 17.0, 18.5",
    ),
    Rule(
        "characters/presentation-form",
        "Puts upright full-width marks for vertical and small forms.",
        "Vertical setting and old Taiwanese character sets have forms of their own for brackets, commas and dashes. ︰ is the colon of Hong Kong keyboards, whatever Unicode names it.",
        (("︵一︶总则﹐共三条", "（一）总则，共三条"),),
        "Unicode 17.0, U+FE10–FE19, U+FE30–FE4F, U+FE50–FE6B",
    ),
    Rule(
        "characters/zero-width",
        "Removes characters without width: zero-width spaces, soft hyphens, direction marks, byte order marks, tags.",
        "They come from web pages and PDF extractors, show nothing and break words apart. Joiners and tags in emoji stay, and so do direction marks where the text has Hebrew or Arabic.",
        (("高质\u200b量发\ufeff展", "高质量发展"),),
    ),
    Rule(
        "characters/control",
        "Removes control characters other than tab, line break and form feed.",
        "They are left over from terminals and broken conversions.",
        (("共同\x08富裕", "共同富裕"),),
    ),
    Rule(
        "characters/variation-selector",
        "Removes variation selectors after ideographs and Chinese marks, and those that follow nothing.",
        "They choose between shapes of one character; text that is searched and compared wants the character alone. Emoji keep theirs.",
        (("葛\U000e0100城", "葛城"),),
    ),
    Rule(
        "characters/space",
        "Puts a plain space for no-break, thin and other spaces of fixed width. The ideographic space stays.",
        "Extractors keep the typesetter's spaces; nothing but the width tells them apart.",
        (("第\u00a05\u2009期", "第 5 期"),),
    ),
    Rule(
        "characters/line-end",
        "Ends lines with a line feed.",
        "CR LF, CR, vertical tab, U+0085, U+2028 and U+2029 all end lines somewhere.",
        (("第一章 总则\r\n第二章 职责\r\n", "第一章 总则\n第二章 职责\n"),),
        "Unicode 17.0, 5.8",
    ),
    Rule(
        "characters/markup",
        "Removes tags that recognisers leave in running text: <mark>, <b>, <span …> and the like; <br> ends the line. "
        "Numbers in <sup> and <sub> after a letter or digit become raised or lowered ones.",
        "They say how the page looked and are no part of its text, but 10<sup>4</sup> is not 104. Those that stand in code stay.",
        (
            ("坚持<mark>高质量</mark>发展。", "坚持高质量发展。"),
            ("库容3×10<sup>8</sup>m<sup>3</sup>，减排CO<sub>2</sub>。", "库容3×10⁸m³，减排CO₂。"),
        ),
    ),
    Rule(
        "characters/entity",
        "Puts the character for an HTML entity.",
        "Extractors that write HTML leave &amp;amp; and &amp;nbsp; behind.",
        (("研发&amp;设计", "研发&设计"),),
        "HTML 5.2, 8.5",
    ),
    Rule(
        "characters/latex",
        "Puts plain text for a formula that holds only a sign, a number, a quantity or a molecule: $^{①}$, \\textcircled{2}, $6.5\\%$, "
        "$10^{4}$, $\\sim$, $25^{\\circ}C$, $CO_{2}$. Formulas with an equals sign or variables stay.",
        "Recognisers that write formulas in LaTeX take note calls, percentages and units for formulas.",
        (
            ("这一说法最早见于县志$^{①}$。", "这一说法最早见于县志①。"),
            ("第$\\textcircled{2}$项同比增长$6.5\\%$。", "第②项同比增长6.5%。"),
            ("气温在$15 \\sim 25^{\\circ}\\mathrm{C}$之间。", "气温在15～25℃之间。"),
            ("面积为$3.2\\times 10^{4}\\mathrm{km}^{2}$。", "面积为3.2×10⁴km²。"),
        ),
    ),
    Rule(
        "characters/mojibake",
        "Reads text again that was read in the wrong encoding: UTF-8 as GBK or Latin-1, GBK as Latin-1.",
        "A program on the way took the bytes for what they were not. They can be had back, and only where that makes the text a "
        "billion times as likely is it done; where a million times, it is suggested. Where bytes were lost (锟斤拷) nothing can be restored.",
        (("浣犲ソ锛屼笘鐣岋紒", "你好，世界！"), ("ä½\xa0å¥½", "你好"), ("ÄãºÃ£¬ÊÀ½ç£¡", "你好，世界！")),
        "How common characters are in print; 90 million characters of clean text have not one repair",
    ),
    Rule(
        "characters/private-use",
        "Marks characters of the private use areas.",
        "What they looked like only the font knew; no rule can tell.",
    ),
    Rule(
        "characters/undecodable",
        "Marks bytes that the document's encoding does not know, replacement characters and what became of them (锟斤拷, 烫烫烫), "
        "the places of pictures (U+FFFC), and code points that are no characters (U+FDD0–FDEF, U+FFFE, U+FFFF).",
        "Text was lost here, before or while the file was read.",
    ),
    Rule(
        "characters/radical-unknown",
        "Marks radicals that Unicode gives no ideograph for.",
        "They are parts of characters; what was printed must be looked up on the page.",
    ),
)

_TAG = re.compile(
    r"</?(?:mark|sup|sub|b|i|u|s|em|strong|span|font|small|big|center|ins|del)(?:\s[^<>\n]{0,200})?>|<br\s?/?>", re.I
)
_FORMULA = re.compile(
    r"\$([^$\n]{1,60})\$(?!\$)|\\\(([^\n]{1,60}?)\\\)|(\\textcircled\s?\{\s?\d{1,2}\s?\})|(?<=\d)(\\%)"
)
_RAISED = re.compile(r"(?<=([A-Za-z0-9)）\]]))<su([pb])>([-+−]?\d{1,3})</su\2>", re.I)
_VOICED = "\uff9e\uff9f"
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007f]*\\Z")  # of a region: a black flag and tags (UTS 51, ED-14a)
LONGEST_FLAG = 12
"""Code points of such a flag at most, the cancelling tag aside."""
_JOINERS = frozenset("\u200c\u200d")


class _Class(IntEnum):
    """What this pass does with a code point."""

    NONE = 0
    TABLE = 1
    LINE_END = 2
    MARKUP = 3
    SPACE = 4
    ZERO_WIDTH = 5
    CONTROL = 6
    SELECTOR = 7
    LOST = 8
    PRIVATE = 9
    RADICAL = 10
    POINT = 11
    MOJIBAKE = 12
    DIRECTION = 13


_RANGES = (
    (_Class.RADICAL, ((0x2E80, 0x2FDF),)),
    (_Class.LINE_END, ((0x0B, 0x0B), (0x0D, 0x0D), (0x85, 0x85), (0x2028, 0x2029))),
    (_Class.MARKUP, ((0x24, 0x24), (0x26, 0x26), (0x3C, 0x3C), (0x5C, 0x5C))),
    (_Class.POINT, ((0xFF0E, 0xFF0E),)),
    (_Class.SPACE, ((0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x202F, 0x202F), (0x205F, 0x205F))),
    (
        _Class.ZERO_WIDTH,
        (
            (0xAD, 0xAD),
            (0x34F, 0x34F),
            (0x180E, 0x180E),
            (0x200B, 0x200D),
            (0x2060, 0x2064),
            (0x206A, 0x206F),
            (0xFEFF, 0xFEFF),
            (0xFFF9, 0xFFFB),
            (0xE0000, 0xE007F),
        ),
    ),
    (_Class.DIRECTION, ((0x61C, 0x61C), (0x200E, 0x200F), (0x202A, 0x202E), (0x2066, 0x2069))),
    (_Class.CONTROL, ((0x00, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F))),
    (_Class.SELECTOR, ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))),
    (_Class.PRIVATE, ((0xE000, 0xF8FF), (0xF0000, 0x10FFFF))),
    (_Class.LOST, ((0xFFFC, 0xFFFD), (0xD800, 0xDFFF), (0xFDD0, 0xFDEF))),
    (_Class.LOST, tuple((plane + 0xFFFE, plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000))),
)
"""Code points by what is done with them (Unicode 17.0, chapter 23 and PropList.txt)."""


@cache
def _table() -> dict[str, tuple[str, str]]:
    """Characters that stand for another one: character → (what it should be, rule)."""
    return {char: (to, f"characters/{rule}") for char, to, rule in resources.rows("rules/characters.tsv")}


@cache
def _classes() -> NDArray[np.uint8]:
    """The class of every code point, so that one look-up over the text finds where anything is to be done."""
    classes = np.zeros(sys.maxunicode + 1, dtype=np.uint8)
    for kind, ranges in _RANGES:
        for first, last in ranges:
            classes[first : last + 1] = kind
    classes[[ord(char) for char in mojibake.signs()]] = _Class.MOJIBAKE
    classes[[ord(char) for char in _table()]] = _Class.TABLE
    return classes


_SIMPLIFIED_RADICALS = {"戶": "户", "黃": "黄", "靑": "青"}
"""Radicals whose ideograph simplified text writes in another shape still."""


def propose(page: Page) -> Iterator[Proposal]:
    """Proposals for every code point that stands for another, or for nothing."""
    text = page.text
    kinds = _classes()[page.codes]
    places = np.flatnonzero(kinds)
    kinds = kinds[places]
    right_to_left = bool((kinds == _Class.DIRECTION).any()) and bool(_RIGHT_TO_LEFT.search(text))
    done = 0
    for at, kind in zip(places.tolist(), kinds.tolist(), strict=True):
        if at >= done:
            for proposal in _proposals(page, at, kind, done, right_to_left):
                yield proposal
                done = proposal.end


def _proposals(page: Page, at: int, kind: int, begin: int, right_to_left: bool) -> Iterator[Proposal]:
    """Proposals for the code point at `at`, of a class; what stands before `begin` has been dealt with."""
    text = page.text
    if kind == _Class.MOJIBAKE or "\x80" <= text[at] <= "\xad":
        misread = list(_mojibake(page, at, begin))
        if misread or kind == _Class.MOJIBAKE:
            yield from misread
            return
    if kind == _Class.TABLE:
        found = _standing_for_another(page, at)
        if page.settings.letters != "keep" or found.rule != "characters/full-width-letter":
            yield found
    elif kind == _Class.MARKUP:
        yield from _markup(page, at)
    elif kind == _Class.POINT:
        if page.settings.letters != "keep" and _is_point(text[at - 1 : at], text[at + 1 : at + 2]):
            yield Proposal(at, at + 1, ".", "characters/full-width-letter", 0.98)
    elif kind == _Class.LINE_END:
        end = at + 2 if text.startswith("\r\n", at) else at + 1
        yield Proposal(at, end, "\n", "characters/line-end", 1.0)
    elif kind in _FLAGGED:
        yield Proposal(at, at + 1, None, _FLAGGED[kind], 1.0, Band.FLAGGED)
    else:
        yield from _needless(text, at, kind, right_to_left)


def _is_point(before: str, after: str) -> bool:
    """Whether a full-width point is a decimal point, or one of an address in full-width letters, rather than a full stop."""
    return (before.isdigit() and after.isdigit()) or ("ａ" <= before <= "ｚ" and "ａ" <= after <= "ｚ")


def _standing_for_another(page: Page, at: int) -> Proposal:
    text = page.text
    after, rule = _table()[text[at]]
    if text[at] == "︰" and "︰" not in (text[at - 1 : at], text[at + 1 : at + 2]):
        after = "："
    elif rule == "characters/half-width-katakana" and (mark := text[at + 1 : at + 2]) and mark in _VOICED:
        voiced = unicodedata.normalize("NFKC", text[at : at + 2])
        if len(voiced) == 1:
            return Proposal(at, at + 2, voiced, rule, 0.999)
    elif after in _SIMPLIFIED_RADICALS and rule == "characters/radical" and page.script is script.Script.HANS:
        after = _SIMPLIFIED_RADICALS[after]
    elif text[at] == "０" and _is_zero_of_numerals(text, at):
        after = "〇"
    return Proposal(at, at + 1, after, rule, 0.999)


def _is_zero_of_numerals(text: str, at: int) -> bool:
    """Whether a full-width zero stands among Chinese numerals, as the round zero does: 二０一０年."""
    return bool(_NUMERAL.match(text[at - 1 : at]) or _NUMERAL.match(text[at + 1 : at + 2]))


_NUMERAL = re.compile("[〇一二三四五六七八九十百]")


_FLAGGED = {
    int(_Class.LOST): "characters/undecodable",
    int(_Class.PRIVATE): "characters/private-use",
    int(_Class.RADICAL): "characters/radical-unknown",
}


def _mojibake(page: Page, at: int, begin: int) -> Iterator[Proposal]:
    """The text that was read in the wrong encoding and begins here, or what of it was lost."""
    found = mojibake.at(page.text, at, begin)
    if found is None or (found.start in page.code and found.after is not None):
        return
    if found.after is None:
        yield Proposal(found.start, found.end, None, "characters/undecodable", 1.0, Band.FLAGGED)
        return
    evidence = {"read as": found.read_as, "written in": found.written_in}
    sure, band = (0.999, Band.APPLIED) if found.certain else (0.7, Band.SUGGESTED)
    yield Proposal(found.start, found.end, found.after, "characters/mojibake", sure, band, evidence)


def _markup(page: Page, start: int) -> Iterator[Proposal]:
    """A tag, an entity or a formula of one character that begins here, if there is one."""
    text = page.text
    if raised := _RAISED.match(text, start):
        scripts = formulas.SUPERSCRIPTS if raised[2] in "pP" else formulas.SUBSCRIPTS
        after, end, rule = raised[3].translate(scripts), raised.end(), "characters/markup"
    elif tag := _TAG.match(text, start):
        after = "\n" if tag.group()[1:3].lower() == "br" else ""
        end, rule = tag.end(), "characters/markup"
    elif entity := _ENTITY.match(text, start):
        after = html.unescape(entity.group())
        end, rule = entity.end(), "characters/entity"
        if after in ("", entity.group()) or len(after) > 2 or _classes()[ord(after[0])] in _FLAGGED:
            return
    elif formula := _FORMULA.match(text, start):
        inside = next(filter(None, formula.groups()))
        read = formulas.read(inside) if formula.start(1) < 0 or re.search(r"[\\^_①-⑳]", inside) else None
        if read is None:
            return
        after, end, rule = read, formula.end(), "characters/latex"
    else:
        return
    if start not in page.code:
        yield Proposal(start, end, after, rule, 0.98)


def _needless(text: str, at: int, kind: int, right_to_left: bool) -> Iterator[Proposal]:
    """A space of fixed width, or a character that shows nothing."""
    char, before = text[at], text[at - 1 : at]
    if kind == _Class.SPACE:
        yield Proposal(at, at + 1, " ", "characters/space", 0.999)
    elif kind == _Class.CONTROL:
        yield Proposal(at, at + 1, "", "characters/control", 0.999)
    elif kind == _Class.SELECTOR:
        if not before or before.isspace() or is_han(before) or before in CHINESE_MARKS or char > "\uffff":
            yield Proposal(at, at + 1, "", "characters/variation-selector", 0.99)
    elif char > "\uffff" and _FLAG.search(text, max(0, at - LONGEST_FLAG), at):
        return
    elif not (char in _JOINERS and not (before and _plain(before))) and not (
        kind == _Class.DIRECTION and right_to_left
    ):
        yield Proposal(at, at + 1, "", "characters/zero-width", 0.999)


def _plain(char: str) -> bool:
    """Whether a joiner after this character can have no work to do: Chinese, ASCII, white space."""
    return is_han(char) or char < "\u0250" or "\u3000" <= char <= "\u30ff" or "\uff00" <= char <= "\uffef"
