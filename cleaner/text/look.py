"""What a line is by its own look: a folio, a caption, a heading in Markdown, an entry of a list."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from cleaner.text.width import HAN_RANGES, STOPS, width


class Kind(StrEnum):
    """What a line is."""

    BODY = "body"
    HEADING = "heading"  # marked as such (Markdown)
    LIST = "list"
    CAPTION = "caption"
    BYLINE = "byline"
    JUMP = "jump line"  # 下转第3版
    CONTENTS = "contents"
    FIELDS = "fields"  # an imprint, a list of names: words apart, no sentence
    TABLE = "table"
    CODE = "code"
    FOLIO = "folio"
    ORNAMENT = "ornament"
    DEBRIS = "debris"
    EMPTY_HEADING = "empty heading"
    PAGE_BREAK = "page break"
    RULE = "rule"  # a Markdown rule: stays, and separates
    IMAGE = "image"  # a Markdown image
    QUOTE = "quote"  # a line of a Markdown block quote


# Lines that are no text of the page: what is around them may run on across.
ARTIFACTS = frozenset({Kind.FOLIO, Kind.ORNAMENT, Kind.DEBRIS, Kind.EMPTY_HEADING, Kind.PAGE_BREAK})
# Lines that stand by themselves: nothing is joined to them.
FIXED = frozenset({Kind.TABLE, Kind.CODE, Kind.RULE, Kind.IMAGE, *ARTIFACTS})
# Lines beside the running text, which a page may set in the middle of a paragraph.
FLOATS = frozenset({Kind.HEADING, Kind.CAPTION, Kind.IMAGE, Kind.PAGE_BREAK, Kind.JUMP})


class Look(NamedTuple):
    """What can be seen of a line that is not blank, whatever stands around it."""

    text: str  # without white space around it
    lead: int  # code points of white space before it
    kind: Kind
    indent: float  # in ems
    width: float  # in ems, of the bare text
    bare: str  # without Markdown marks
    bare_lead: int  # code points of Markdown marks before the bare text
    item: int  # which mark of a list it begins with; 0: none
    weak_item: int  # which mark that sentences begin with as well; 0: none
    has_mark: bool  # of punctuation


def look_at(raw: str) -> Look | None:
    """What can be seen of a line; None where it is blank."""
    text = raw.strip(BLANKS)
    if not text:
        return None
    lead = len(raw) - len(raw.lstrip(BLANKS))
    bare = _bare(text)
    ems = width(bare)
    return Look(
        text,
        lead,
        kind_of(text),
        width(raw[:lead]),
        ems,
        bare,
        max(0, text.find(bare[:1])) if bare else 0,
        _family(bare, _ITEM_MARK),
        _family(bare, _WEAK_MARK) if ems <= WIDEST_ITEM or _LABEL.match(bare) else 0,
        bool(_INNER_MARK.search(bare)),
    )


BLANKS = " \t\u3000\u00a0\r"
"""White space that may stand around the text of a line."""
WIDEST_ITEM = 30
"""Ems beyond which a line is a sentence, and no item."""
_INNER_MARK = re.compile(r"[，。；：！？、,;:!?“”]")

_HEADING_MARK = re.compile(r"#{1,6}(?:\s+|$)")
_LIST_MARK = re.compile(
    r"[-*+•]\s|\d{1,2}[.)、．）](?!\d)|[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|[①-⑳❶-❿]"
    r"|第[一二三四五六七八九十百\d]{1,4}[章节条]\s"
)
_FOLIO = re.compile(
    r"[—\-–·•.\s]*(?:[1-9]\d{0,2}|第\s*\d{1,4}\s*[页頁版]|[Pp]\.?\s?\d{1,4}|[A-D]\d{1,2}版?|\d{1,4}\s*/\s*\d{1,4})[—\-–·•.\s]*"
)
_ORNAMENT = re.compile(r"[■□▲△▼▽◆◇●○◎★☆※♦♣♠♥▪▫◼◾⬛❖✦✧✱＊*_=~～\-—–·•.。\s▶◀►◄☰☆∮§¶†‡]+")
_RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,}|<!--.*-->)\s*")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_QUOTE_MARK = re.compile(r">\s+")
_PAGE_BREAK = re.compile(r"-{2,}\s*(?:第?\s*\d{1,4}\s*页?)\s*-{2,}|<!--\s*page\s*\d+\s*-->", re.I)
_BOLD = re.compile(r"(\*\*|__)(.*?)\1")
_CAPTION = re.compile(
    r"[（(]?\s*(?:[上下左右]?图为|[上下左右]图|图\s*[\d一二三四五六七八九十]+|图[:：]|资料图|图片(?:由|来源|说明)|题图|摄影[:：/]|制图[:：/])"
)
_CREDITED = re.compile(
    rf".*(?:[{HAN_RANGES}\s]{{2,6}}\s?[摄绘]|供图|图片由[^。]*提供|摄影报道|资料图片?|[{HAN_RANGES}]+/[摄图])\s*[)）]?$"
)
_CREDITS_END = frozenset("摄绘图供道片")
JUMP = re.compile(
    r"[（(【]?\s*(?:[下紧緊]?[转轉]|[上紧緊]?接)\s*(?:第?\s*[\dA-Z一二三四五六七八九十]{1,4}\s*[版页頁]|[封扉]\S{0,2})\s*[)）】]?"
)
"""A line that says where an article goes on, or comes from."""
_ROLE = (
    r"(?:本报|本刊|本社|本網|本网|新华社|新華社|中新社|特约|特約|见习|見習|实习|實習|首席)*"
    r"(?:记者|記者|通讯员|通訊員|评论员|評論員|撰稿人?|撰文|摄影|攝影|整理|作者|(?:文|图|圖)\s*[/／|:：])"
)
_NAMES = rf"[{HAN_RANGES}]{{2,4}}(?:[\s、·]+[{HAN_RANGES}]{{1,4}}){{0,6}}"
_BYLINE = re.compile(
    rf"[（(]?(?:{_ROLE}\s*[/／|:：”\"]?\s*{_NAMES}[\s、.．,，·]*){{1,3}}[)）]?|{_ROLE}|[■□●◆◎○▲]\s*{_NAMES}"
)
_CONTENTS = re.compile(r"(?:-\s)?\d{1,3}\s+\S.*[^。！？；，]$|\S.*(?:[.·…．]{3,}|\s{3,})\s*\d{1,4}$")
_LEADERS = re.compile(r"[.·…．]{3,}\s*\d{1,4}$")
_TABLE = re.compile(r"\|.*\|$|[^\t]+(?:\t[^\t]+){2,}$")


def _bare(text: str) -> str:
    text = _QUOTE_MARK.sub("", _HEADING_MARK.sub("", text, count=1), count=1)
    return _BOLD.sub(r"\2", text) if "*" in text or "_" in text else text


def kind_of(text: str) -> Kind:
    """What a line is by its own look."""
    first = text[0]
    if first == "#" and (mark := _HEADING_MARK.match(text)):
        return Kind.HEADING if text[mark.end() :].strip("*# ") else Kind.EMPTY_HEADING
    if first in "-*_!<" and (_PAGE_BREAK.fullmatch(text) or _RULE.fullmatch(text)):
        return Kind.PAGE_BREAK if _PAGE_BREAK.fullmatch(text) else Kind.RULE
    if first == "!" and _IMAGE.fullmatch(text):
        return Kind.IMAGE
    if first == ">" and _QUOTE_MARK.match(text):
        return Kind.QUOTE
    if len(text) <= 16 and _FOLIO.fullmatch(text):
        return Kind.FOLIO
    if len(text) <= 12 and _ORNAMENT.fullmatch(text):
        return Kind.ORNAMENT
    if (first == "|" or "\t" in text) and _TABLE.match(text):
        return Kind.TABLE
    if len(text) <= 16 and JUMP.fullmatch(text):
        return Kind.JUMP
    if len(text) <= 120 and text[-1] not in "，、；" and _is_caption(text):
        return Kind.CAPTION
    if len(text) <= 50 and _BYLINE.fullmatch(text):
        return Kind.BYLINE
    if _LIST_MARK.match(text):
        listed = first in "-*+" or _LEADERS.search(text)
        return Kind.CONTENTS if listed and _CONTENTS.match(text) else Kind.LIST
    if len(text) <= 80 and text[-1] not in STOPS and _CONTENTS.match(text):
        return Kind.CONTENTS
    return Kind.FIELDS if _is_fields(text) else Kind.BODY


def _is_caption(text: str) -> bool:
    """Whether the line says that it tells of a picture, or ends with who took it."""
    if _CAPTION.match(text):
        return True
    return text.rstrip(")） \t\u3000")[-1:] in _CREDITS_END and bool(_CREDITED.match(text))


def _is_fields(text: str) -> bool:
    """Whether the line is words apart with no sentence among them: names in a row, an imprint, a table's row."""
    parts = text.split()
    if len(parts) < 3 or any(mark in text for mark in "，。；！？,;!"):
        return False
    short = sum(1 for part in parts if len(part) <= 4)
    return short >= 0.75 * len(parts) or (len(parts) >= 4 and len(text) / len(parts) <= 14)


_ITEM_MARK = re.compile(
    "|".join(
        f"({pattern})"
        for pattern in (
            r"\d{1,2}[.)、．）](?!\d)",
            r"[（(]\d{1,2}[)）]",
            r"[（(][一二三四五六七八九十]{1,3}[)）]",
            r"[一二三四五六七八九十]{1,3}、",
            r"[①-⑳❶-❿]",
            r"第[〇一二三四五六七八九十百\d]{1,4}[编章节条回集讲]",
            r"[A-Ha-h][.、．)）](?![A-Za-z])",
            r"[-*+•·■□●◆▲]\s*(?=\S)",
        )
    )
)
"""How the items of a list begin. One that begins as another near by does is an item."""
_WEAK_MARK = re.compile(
    "|".join(
        f"({pattern})"
        for pattern in (
            r"\d{1,3}\s+\S",
            r"(?:1[89]|20)\d{2}\s*年?(?:\d{1,2}月)?",
            r"\d{1,2}[:：]\d{2}",
            r"(?:\d{1,2}月)?\d{1,2}[日号]\s+\S",  # a table by days: 19日 雨夹雪
            rf"[{HAN_RANGES}]{{2,6}}[:：]",
            rf"[{HAN_RANGES}]{{1,6}}[\u3000\t]+\S",  # a label, and what it has set apart (星期一　　朱丽叶)
            rf"[（(][{HAN_RANGES}]{{1,2}}[)）]\S",  # who sings or speaks: （男）, （合）, （白）
            r"[“「《]",
        )
    )
)
_LABEL = re.compile(rf"[{HAN_RANGES}]{{2,6}}[:：]")
"""How the fields of a form begin, and the turns of a conversation; they may be as long as they like (出席人员：…)."""
"""How items begin as well, and sentences too: both must stand on lines of their own, one right after the other."""


def _family(bare: str, mark: re.Pattern[str]) -> int:
    """Which of the marks a line begins with; 0: none."""
    found = mark.match(bare)
    return found.lastindex or 0 if found else 0
