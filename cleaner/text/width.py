"""What kind of character a character is, as typesetting sees it: Chinese, Latin, digit, mark; and how wide."""

from __future__ import annotations

import re

# Han: radicals, 々〆〇, extension A, unified and compatibility ideographs, the astral extensions (Unicode 17.0, Blocks.txt).
HAN_RANGES = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN = re.compile(f"[{HAN_RANGES}]")

# Marks that only stand in text set full-width, besides the ideographs.
CHINESE_MARKS = "，。、；：？！“”‘’（）《》〈〉「」『』【】〔〕〖〗—…·～"
CHINESE = re.compile(f"[{HAN_RANGES}{CHINESE_MARKS}\u3040-\u30ff\u3100-\u312f]")

# CLREQ 3.1.9 (prohibition rules for line start and line end)
NOT_AT_LINE_START = frozenset("，。、；：？！”’）》〉」』】〕〗％%,.;:!?)]}·…—～")
NOT_AT_LINE_END = frozenset("“‘（《〈「『【〔〖([{")

# GB/T 15834-2011 3: marks that end a sentence, and what may follow them inside it
STOPS = frozenset("。！？!?…")
CLOSERS = frozenset("”’\"'）)》〉」』】〕")

BRACKETS = {
    "“": "”",
    "‘": "’",
    "（": "）",
    "《": "》",
    "〈": "〉",
    "「": "」",
    "『": "』",
    "【": "】",
    "〔": "〕",
    "(": ")",
    "[": "]",
}


def is_han(char: str) -> bool:
    """Whether the character is an ideograph (marks and kana are not)."""
    code = ord(char)
    if 0x3400 <= code <= 0x9FFF:
        return True
    return (
        code in (0x3005, 0x3006, 0x3007)
        or 0x2E80 <= code <= 0x2FDF
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x3FFFF
    )


_NARROW = re.compile("[\0-\u024f]+")


def width(text: str) -> float:
    """How wide the text is set, in ems: a Chinese character or mark is 1, anything in ASCII or Latin-1 is a half."""
    return len(text) - sum(map(len, _NARROW.findall(text))) / 2


NOTE_MARKS = frozenset("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳¹²³⁴⁵⁶⁷⁸⁹⁰")


def ends_sentence(text: str) -> bool:
    """Whether the text ends with a stop, closing marks and the number of a note aside."""
    end = len(text)
    while end and (text[end - 1] in CLOSERS or text[end - 1] in NOTE_MARKS):
        end -= 1
    return end > 0 and is_stop(text, end - 1)


def is_stop(text: str, at: int) -> bool:
    """Whether a mark ends a sentence: a stop, a point behind an ideograph, which was one before it was narrowed, or the last of
    three dots, which were an ellipsis.
    """
    if text[at] in STOPS or (text[at] == "." and at > 0 and is_han(text[at - 1])):
        return True
    return text[at] in "·." and at > 1 and text[at - 1] == text[at - 2] == text[at]


def open_brackets(text: str) -> int:
    """How many brackets and quotation marks are still open at the end of the text (straight quotes: an odd one counts)."""
    waiting: list[str] = []
    for char in text:
        if char in BRACKETS:
            waiting.append(BRACKETS[char])
        elif waiting and char == waiting[-1]:
            waiting.pop()
    return len(waiting) + text.count('"') % 2
