"""Marks at full width beside Chinese: commas, colons, stops; and pairs of marks that cannot follow one another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.passes.punctuation.around import ALNUM, edit, is_chinese, neighbours
from cleaner.rules import Rule
from cleaner.text.blocks import Row
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band
from cleaner.text.width import CHINESE_MARKS, HAN, HAN_RANGES

RULES = (
    Rule(
        "punctuation/full-width",
        "Sets , : ; ? ! at full width beside Chinese characters.",
        "Recognisers and extractors narrow them. Marks inside numbers (1,000), times (8:30), ratios, addresses and Latin words stay.",
        (
            ("会议指出,要做到三点:一是早谋划;二是抓落实!", "会议指出，要做到三点：一是早谋划；二是抓落实！"),
            ("比分3:2,用时1,200秒", "比分3:2，用时1,200秒"),
        ),
        "GB/T 15834-2011 5.1; CLREQ 3.1.3",
    ),
    Rule(
        "punctuation/full-stop",
        "Sets a full stop 。 for a point at the end of a Chinese sentence.",
        "After a digit, an abbreviation or a Latin word a point may be a point; after an ideograph at the end of a line it is a full stop. In the middle of a line it may be a comma as well, and is suggested.",
        (("报告提请大会审议.", "报告提请大会审议。"),),
        "GB/T 15834-2011 4.1",
    ),
    Rule(
        "punctuation/half-width-mark",
        "Sets the half-width forms ｡ ､ ｢ ｣ at full width.",
        "They are relics of eight-bit character sets.",
        (("苹果､梨｡", "苹果、梨。"),),
    ),
    Rule(
        "punctuation/doubled",
        "Suggests one mark where two stand that cannot follow one another: ，， or ，。.",
        "Recognisers read one mark twice. Which of two different ones was printed, only the page tells.",
    ),
)

_FULL = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）"}
_HALF_FORMS = {"｡": "。", "､": "、", "｢": "「", "｣": "」"}
_HALF_FORM = re.compile("[｡､｢｣]")
_MARK = re.compile(r"[,:;?!]")
_PLAIN = re.compile(rf"(?<=[{HAN_RANGES}{CHINESE_MARKS}])[,:;?!](?=[{HAN_RANGES}“‘（《])")  # nothing to consider
_POINT = re.compile(rf"(?<=[{HAN_RANGES}”’）》])\.(?=\s*(?:$|[{HAN_RANGES}“‘（《]))", re.M)
_EMOTICON = re.compile(r"[:;]-[()DPp]")
_DOUBLED = re.compile(r"，，+|、、+|；；+|：：+|，。|。，|、，|，、|；，|，；")


def of_line(line: Row) -> Iterator[Proposal]:
    """Proposals for the width of marks."""
    yield from _width(line)
    for match in _HALF_FORM.finditer(line.text):
        yield edit(line, match.start(), match.end(), _HALF_FORMS[match.group()], "punctuation/half-width-mark", 0.99)
    for match in _DOUBLED.finditer(line.text):
        first = match.group()[0]
        after = first if len(set(match.group())) == 1 else ("。" if "。" in match.group() else "，")
        yield edit(line, match.start(), match.end(), after, "punctuation/doubled", 0.7, Band.SUGGESTED)


def _width(line: Row) -> Iterator[Proposal]:
    text = line.text
    for match in _MARK.finditer(text):
        start, char = match.start(), match.group()
        if _PLAIN.match(text, start):
            yield edit(line, start, start + 1, _FULL[char], "punctuation/full-width", 0.99)
            continue
        left, right = neighbours(text, start, start + 1)
        tight_left = text[start - 1] if start else ""
        tight_right = text[start + 1] if start + 1 < len(text) else ""
        if ALNUM.match(tight_left) and ALNUM.match(tight_right):
            continue  # 1,000  8:30  a:b
        if (tight_left == " " and ALNUM.match(tight_right)) or (char in (tight_left, tight_right) and char in ",:;"):
            continue  # a key or command that the text speaks of: 输入 :wq 保存，以 ;; 开头
        if _EMOTICON.match(text, start):
            continue
        if tight_right in _CLOSING_QUOTES and _ends_latin_quotation(text, start):
            continue
        if is_chinese(left) or (is_chinese(right) and left and left not in "([{/\\"):
            yield edit(line, start, start + 1, _FULL[char], "punctuation/full-width", 0.99)
        elif char in "?!;" and not right and _after_chinese(text, start):
            yield edit(line, start, start + 1, _FULL[char], "punctuation/full-width", 0.95)
    for match in _POINT.finditer(text):
        ends = match.end() == len(text)
        band = Band.APPLIED if ends else Band.SUGGESTED
        yield edit(line, match.start(), match.end(), "。", "punctuation/full-stop", 0.95 if ends else 0.6, band)


_CLOSING_QUOTES = frozenset("\"'”’")


def _ends_latin_quotation(text: str, at: int) -> bool:
    """Whether nothing but Latin stands between the last quotation mark and here: 他说"It works!"。"""
    opened = max(text.rfind(mark, 0, at) for mark in "\"'“‘")
    return opened >= 0 and bool(re.search("[A-Za-z]", text[opened:at])) and not HAN.search(text, opened, at)


def _after_chinese(text: str, at: int) -> bool:
    """Whether the Latin word or number that ends here follows Chinese: 为什么是AI?"""
    while at and (ALNUM.match(text[at - 1]) or text[at - 1] in "%+)！!？?"):
        at -= 1
    return at > 0 and is_chinese(text[at - 1])
