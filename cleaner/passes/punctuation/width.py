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
        "Recognisers and extractors narrow them. After a sign such as % they are Chinese too. Marks inside numbers (1,000), times (8:30), ratios, addresses, emoticons, code and Latin words or titles stay.",
        (
            ("会议指出,要做到三点:一是早谋划;二是抓落实!", "会议指出，要做到三点：一是早谋划；二是抓落实！"),
            ("比分3:2,用时1,200秒", "比分3:2，用时1,200秒"),
        ),
        "GB/T 15834-2011 5.1; CLREQ 3.1.3",
    ),
    Rule(
        "punctuation/full-stop",
        "Sets a full stop 。 for a point at the end of a Chinese sentence.",
        "After a digit, an abbreviation or a Latin word a point may be a point; after an ideograph at the end of a line, or before a closing mark, it is a full stop. In the middle of a line it may be a comma as well, and is suggested, unless the document has no 。 and ends its lines with points.",
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
        "Suggests one mark where two stand that cannot follow one another (，， or ，。), and 。 for the comma with which a text ends.",
        "Recognisers read one mark twice, and take one for another. Which was printed, only the page tells.",
    ),
)

_FULL = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）"}
_HALF_FORMS = {"｡": "。", "､": "、", "｢": "「", "｣": "」"}
_HALF_FORM = re.compile("[｡､｢｣]")
_MARK = re.compile(r"[,:;?!]")
_PLAIN = re.compile(rf"(?:(?<=[{HAN_RANGES}])[,:;?!]|(?<=[{CHINESE_MARKS}])[,:;!])(?=[{HAN_RANGES}“‘（《])")
"""Marks about which there is nothing to consider."""
_POINT = re.compile(
    rf"(?:(?<=[{HAN_RANGES}”’）》」』])\.(?=[\"”’」』）)]{{0,2}}\s*(?:$|[{HAN_RANGES}“‘（《])|\s*[\"“‘](?=[{HAN_RANGES}]))"
    r"|(?<=[%‰℃])\.(?=[\"”’」』）)]{0,2}$)"
    r")",
    re.M,
)
_LAST_POINT = re.compile(rf"[{HAN_RANGES}”’）》」』]\.[”’」』）)]*[ \t]*$", re.M)
_UNITS = frozenset("%‰℃℉°²³㎡")
"""Signs after numbers, beside which marks are those of the Chinese around."""
_KEYS = re.compile(r"(?:(?<![A-Za-z])(?:Ctrl|Alt|Shift|Cmd)\+|[?:<>=]=?|[:?]:?)\Z")
_LATIN_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ,.'’&:\-_]*\Z")
_EMOTICON = re.compile(r"[:;]-[()DPp]")
_RATIO = re.compile(rf"(?<=[{HAN_RANGES}])∶(?=[{HAN_RANGES}“《])")
_DOUBLED = re.compile(r"，，+|、、+|；；+|：：+|，。|。，|、，|，、|；，|，；")


def of_line(line: Row, points: bool) -> Iterator[Proposal]:
    """Proposals for the width of marks; `points`: the document's full stops are all points."""
    yield from _width(line)
    yield from _full_stops(line, points)
    for match in _RATIO.finditer(line.text):
        yield edit(line, match.start(), match.end(), "：", "punctuation/full-width", 0.95)
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
        if _is_spoken_of(text, start, tight_left, tight_right) or _belongs_to_latin(text, start, tight_right):
            continue
        beside = is_chinese(left) or (is_chinese(right) and bool(left) and left not in "([{/\\")
        if beside or (left in _UNITS and tight_left and not (char == ":" and right.isdigit())):
            yield edit(line, start, start + 1, _FULL[char], "punctuation/full-width", 0.99)
        elif char in "?!;" and not right and _after_chinese(text, start):
            yield edit(line, start, start + 1, _FULL[char], "punctuation/full-width", 0.95)


def _is_spoken_of(text: str, at: int, before: str, after: str) -> bool:
    """Whether the mark is a key, a command, an operator or a lost character: 输入 :wq 保存，以 ;; 开头，用 := 赋值."""
    char = text[at]
    if (before == " " and ALNUM.match(after)) or (char in (before, after) and char in ",:;"):
        return True
    if after and (char + after in ("?:", ":=", "!=", "?.") or _EMOTICON.match(text, at)):
        return True
    if before and (before + char in ("?:", "=:") or _KEYS.search(text, max(0, at - 8), at)):
        return True
    return char == "?" and before in "，、；：" and before != ""  # 堤防加固二期、?水灌区


def _belongs_to_latin(text: str, at: int, after: str) -> bool:
    """Whether ! or ? ends a Latin name, title or word of a program: Yahoo! 的, n!, println!, Good Bye, Lenin!，."""
    if after in _CLOSING_QUOTES and _ends_latin_quotation(text, at):
        return True
    if text[at] not in "?!" or not (found := _LATIN_RUN.search(text, max(0, at - 80), at)):
        return False
    run = found.group()
    if not run[-1].isalpha() or after == "":
        return False
    words = run.split()
    single = text[at] == "!" and len(run) == 1 and not (at >= 2 and ALNUM.match(text[at - 2]))
    if single or len(words) >= 3 or "_" in run or "::" in run or after in _NEVER_AFTER_STOP or after == " ":
        return True
    return len(words) >= 2 and after in "」』）》)"


_NEVER_AFTER_STOP = frozenset("，。、；：！？,.;:")


_VISIBLE = re.compile(r"\S")


def _full_stops(line: Row, points: bool) -> Iterator[Proposal]:
    text = line.text
    for match in _POINT.finditer(text):
        beyond = _VISIBLE.search(text, match.end())
        sure = points or not beyond or beyond[0] in '"”’」』）)'
        yield edit(
            line,
            match.start(),
            match.end(),
            "。",
            "punctuation/full-stop",
            (0.9 if points else 0.95) if sure else 0.6,
            Band.APPLIED if sure else Band.SUGGESTED,
        )


def points_for_stops(text: str) -> bool:
    """Whether points stand for all full stops of a text: it has no full stop, and lines that end with a point."""
    return "。" not in text and "." in text and len(_LAST_POINT.findall(text)) >= 2


def at_end(text: str) -> Iterator[Proposal]:
    """A comma with which a text ends was a full stop, or something is lost."""
    end = len(text.rstrip())
    if end and text[end - 1] == "，" and HAN.search(text, max(0, end - 2), end):
        yield Proposal(end - 1, end, "。", "punctuation/doubled", 0.6, Band.SUGGESTED)


_CLOSING_QUOTES = frozenset("\"'”’")


def _ends_latin_quotation(text: str, at: int) -> bool:
    """Whether nothing but Latin stands between the last quotation mark and here: 他说"It works!"。"""
    opened = max(text.rfind(mark, 0, at) for mark in "\"'“‘「『（(")
    return opened >= 0 and bool(re.search("[A-Za-z]", text[opened:at])) and not HAN.search(text, opened, at)


def _after_chinese(text: str, at: int) -> bool:
    """Whether the Latin word or number that ends here follows Chinese: 为什么是AI?"""
    while at and (ALNUM.match(text[at - 1]) or text[at - 1] in "%+)！!？?"):
        at -= 1
    return at > 0 and is_chinese(text[at - 1])
