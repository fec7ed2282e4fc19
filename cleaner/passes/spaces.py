"""Spaces: those that a recogniser or extractor put between Chinese characters go, those that were printed stay.

Chinese is set without spaces. In running text a space between two Chinese characters is where a line was joined, or where
the recogniser saw a gap. In lines that are no sentences (headings, names in a row, contents, imprints) it was printed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.knowledge import continuity, names, words
from cleaner.page import Page
from cleaner.rules import Rule
from cleaner.text.blocks import Line
from cleaner.text.draft import Proposal
from cleaner.text.look import Kind
from cleaner.text.spans import Spans
from cleaner.text.width import CHINESE_MARKS, HAN_RANGES

RULES = (
    Rule(
        "spaces/between-chinese",
        "Removes spaces between Chinese characters in running text.",
        "Extractors put a space where a line was wrapped, recognisers where a gap is wide. Such spaces fall anywhere, also inside words; where a document's spaces never do, they were printed and stay. Headings, names in a row, contents and imprints keep theirs, unless the recogniser put a space after every character of the document.",
        (("要加快发展新质生产力,扎 实推进高质量发 展。", "要加快发展新质生产力，扎实推进高质量发展。"),),
        "CLREQ 3.1.4: no space between Chinese characters",
    ),
    Rule(
        "spaces/around-mark",
        "Removes spaces beside full-width punctuation.",
        "The mark brings its own space with it.",
        (("会议强调 ， 要真抓实干 。", "会议强调，要真抓实干。"),),
        "CLREQ 3.1.6",
    ),
    Rule(
        "spaces/latin",
        "Sets or removes spaces between Chinese and Latin letters or digits, as `latin_spacing` says.",
        "By default the document's own habit decides, where at least nine of ten places agree; where it has none, they stay as they are.",
    ),
    Rule(
        "spaces/line-end",
        "Removes white space at the end of lines.",
        "It cannot be seen, and was not printed.",
        (
            (
                "会议听取了关于生态环境的报告。  \n会议强调，要抓好整改。",
                "会议听取了关于生态环境的报告。\n会议强调，要抓好整改。",
            ),
        ),
    ),
    Rule(
        "spaces/blank-lines",
        "Leaves one blank line where there are several, and none before the first line.",
        "Pictures and page breaks leave runs of blank lines behind.",
        (("关于申报项目的通知\n\n\n\n各有关单位：", "关于申报项目的通知\n\n各有关单位："),),
    ),
)

_CJK = f"{HAN_RANGES}{CHINESE_MARKS}\u3040-\u30ff"
_MARKS = CHINESE_MARKS.replace("·", "").replace("—", "").replace("…", "")
_GAP = re.compile(r"[ \t\u3000]+")
_LINE_END = re.compile(r"(?<![ \t\u3000])[ \t\u3000]++(?=\n|\Z)")
_BLANK_LINES = re.compile(r"\n\n\n+")
_FIRST_LINES = re.compile(r"\A\n+")
_CLAUSE_MARK = re.compile(
    r"第[〇一二三四五六七八九十百千\d]{1,6}[编章节条款项](?:之[一二三四五六七八九十]{1,2})?|[一二三四五六七八九十]{1,3}|[（(][一二三四五六七八九十\d]{1,3}[）)]"
)

_ADDRESS = re.compile(r"[A-Za-z]{2,10}://\S+")
_ITEM_NUMBER = re.compile(r"\d{1,3}(?:[.、．]\d{1,2})*[.、．]?")
_SENTENCE_MARK = re.compile(r"[，。；！？、,;!?]")
_KEEPS_SPACES = frozenset({Kind.HEADING, Kind.CONTENTS, Kind.FIELDS, Kind.TABLE, Kind.CODE, Kind.BYLINE, Kind.RULE})
_CJK_RE = re.compile(f"[{_CJK}]")
_MARK_RE = re.compile(f"[{re.escape(_MARKS)}]")
_WIDE_NAME = re.compile(rf"(?:^|(?<=[\s、，：:（(/]))[{HAN_RANGES}][ \u3000][{HAN_RANGES}](?=[\s、，。）)/]|$)")
_STRAIGHT = "\"'"
_HALF_WIDTH_MARKS = ",;:!?()"


COMMON = 5
"""The class of frequency from which two characters are a word rather than a name set wide: 安全 and 资产 are, 李娜 is not."""
CROSSING_SHARE = 0.2
"""Share of spaces that stand inside words above which a document's spaces come from joined lines. Real: 46 % where lines
were joined, 2 % of printed spaces in clean news."""
ENOUGH = 3
"""Spaces from which that share says something."""
RUNS_ON = 8.0
"""Where they are fewer: log10 by which the text must run on rather than end and begin, for a space to go."""


class _Gap(NamedTuple):
    """A space between Chinese characters in running text, in offsets of the text."""

    line: Line
    start: int
    end: int
    crosses: bool  # inside a word


def propose(page: Page) -> Iterator[Proposal]:
    """Proposals for white space inside lines, at their ends, and between blocks."""
    text = page.text
    for match in _LINE_END.finditer(text):
        if match.start() == 0 or text[match.start() - 1] != "#":
            yield Proposal(match.start(), match.end(), "", "spaces/line-end", 1.0)
    for match in _BLANK_LINES.finditer(text):
        yield Proposal(match.start(), match.end(), "\n\n", "spaces/blank-lines", 1.0)
    if first := _FIRST_LINES.match(text):
        yield Proposal(0, first.end(), "", "spaces/blank-lines", 1.0)
    gaps: list[_Gap] = []
    throughout = _is_spaced_throughout(page)
    for line in page.lines:
        if line.kind not in (Kind.CODE, Kind.TABLE) and _GAP.search(line.text):
            running = is_running(line)
            yield from _around_marks(line, running)
            if throughout and _is_spaced(line):
                yield from _between_all(line)
            elif running:
                yield from _beside_dash(line)
                yield from _beside_point(line)
                gaps += _gaps(line, page.simplified[line.start : line.end])
    if gaps:
        yield from _between_chinese(page, gaps)
    yield from _latin(page)


def _is_spaced_throughout(page: Page) -> bool:
    """Whether the recogniser put a space after every character: then no space of the document tells of print."""
    running = [line for line in page.lines if is_running(line)]
    spaced = sum(len(_HAN_APART.findall(line.text)) for line in running if " " in line.text)
    return spaced >= ENOUGH_APART and spaced >= THROUGHOUT * sum(
        len(_HAN_BESIDE.findall(line.text)) for line in running
    )


def _is_spaced(line: Line) -> bool:
    """The same of a line; lines that were joined touch there."""
    return len(_HAN_APART.findall(line.text)) >= THROUGHOUT * len(_HAN_BESIDE.findall(line.text))


_HAN_APART = re.compile(rf"(?<=[{HAN_RANGES}]) (?=[{HAN_RANGES}])")
_HAN_BESIDE = re.compile(rf"(?<=[{HAN_RANGES}]) ?(?=[{HAN_RANGES}])")
ENOUGH_APART, THROUGHOUT = 20, 0.8
"""Spaces between characters of running lines, and their share of all neighbours there, from which a recogniser put them in. Of those
that are joined at once some neighbours touch: recognisers that know words leave them whole."""


def _between_all(line: Line) -> Iterator[Proposal]:
    """The single spaces of a line whose characters stand apart; wider ones were printed."""
    for match in _HAN_APART.finditer(line.text):
        yield Proposal(line.start + match.start(), line.start + match.end(), "", "spaces/between-chinese", 0.9)


def is_running(line: Line) -> bool:
    """Whether the line is running text, in which a space between Chinese characters was not printed."""
    if line.kind in _KEEPS_SPACES:
        return False
    return bool(_SENTENCE_MARK.search(line.bare))


def _around_marks(line: Line, running: bool) -> Iterator[Proposal]:
    """Spaces beside full-width marks. One outside a quotation or bracket may be printed (持续创新 “联通云”赋能), and an ideographic
    one was set: 满意（　）　一般（　）.
    """
    for match in _GAP.finditer(line.text):
        start, end = match.span()
        before, after = line.text[start - 1 : start], line.text[end : end + 1]
        if (
            before
            and after
            and "\u3000" not in match.group()
            and (_MARK_RE.match(before) or _MARK_RE.match(after))
            and (_is_spaced_inside(line.text, start, end) or not _may_be_printed(before, after, running))
        ):
            yield Proposal(line.start + start, line.start + end, "", "spaces/around-mark", 0.99 if running else 0.95)


def _beside_point(line: Line) -> Iterator[Proposal]:
    """Spaces beside a point between ideographs, where a small mark of Chinese was read: 爆发了 . 他的. Lines without a mark of
    Chinese may be references: 王小明. 江南水乡调查[M].
    """
    if "." not in line.text or not _CHINESE_STOP.search(line.text):
        return
    for match in _POINT_GAP.finditer(line.text):
        yield Proposal(line.start + match.start(), line.start + match.end(), "", "spaces/around-mark", 0.95)


_CHINESE_STOP = re.compile("[，。；！？]")
_POINT_GAP = re.compile(
    rf"(?<=[{HAN_RANGES}]) +(?=\. *[{HAN_RANGES}])|(?<=[{HAN_RANGES}]\.) +(?=[{HAN_RANGES}])|(?<=[{HAN_RANGES}] \.) +(?=[{HAN_RANGES}])"
)


def _beside_dash(line: Line) -> Iterator[Proposal]:
    """Spaces beside a dash in a sentence; one that opens its line may have been set apart (—— 鲁迅)."""
    for match in _DASH_GAP.finditer(line.text):
        if match.start() > 2:
            yield Proposal(line.start + match.start(), line.start + match.end(), "", "spaces/around-mark", 0.95)


_DASH_GAP = re.compile(
    rf"(?<=[{HAN_RANGES}”’》）])[ \u3000]+(?=——[{HAN_RANGES}“《])|(?<=[{HAN_RANGES}”’》）]——)[ \u3000]+(?=[{HAN_RANGES}“《])"
)


def _gaps(line: Line, simplified: str) -> Iterator[_Gap]:
    """The spaces between Chinese characters of a running line; those inside a name set wide stay and are left out. The list of
    words is asked about the line as it is `simplified`.
    """
    text = line.text
    set_wide = {
        m.start() + 1 for m in _WIDE_NAME.finditer(text) if _is_name(simplified[m.start()], simplified[m.end() - 1])
    }
    for match in _GAP.finditer(text):
        start, end = match.span()
        if start == 0 or end == len(text) or start in set_wide or "\u3000" in match.group():
            continue  # no recogniser of 522 readings puts an ideographic space between characters: who set it meant it
        if start <= 10 and _CLAUSE_MARK.fullmatch(simplified, 0, start):
            continue  # 第一条 为了……: printed, as in laws and contents
        before, after = text[start - 1], text[end]
        if (_MARK_RE.match(before) or _MARK_RE.match(after)) and (
            _is_spaced_inside(text, start, end) or not _may_be_printed(before, after, True)
        ):
            continue
        if _is_chinese(before, text, start, -1) and _is_chinese(after, text, end, 1):
            yield _Gap(
                line,
                line.start + start,
                line.start + end,
                _is_inside_word(simplified[max(0, start - 3) : start], simplified[end : end + 3]),
            )


def _is_name(first: str, second: str) -> bool:
    """Whether two characters are a name rather than a word: none of the list's, or a surname and not too common together."""
    return words.load().frequency(first + second) < (COMMON if first in names.surnames() else 1)


def _is_inside_word(before: str, after: str) -> bool:
    """Whether a word of the list begins before the gap and ends after it."""
    known = words.load()
    left, right = before[-3:], after[:3]
    return any(left[-i:] + right[:k] in known for i in range(1, len(left) + 1) for k in range(1, len(right) + 1))


def _between_chinese(page: Page, gaps: list[_Gap]) -> Iterator[Proposal]:
    """Spaces that were not printed, by where they stand: joined lines are cut anywhere, also inside words; print is not."""
    share = sum(gap.crosses for gap in gaps) / len(gaps)
    habit = "joined" if share >= CROSSING_SHARE else "printed"
    few = len(gaps) < ENOUGH
    over = continuity.over_gaps(
        page.encoded, [(max(g.line.start, g.start - 24), g.start, g.end, min(g.line.end, g.end + 24)) for g in gaps]
    )
    for gap, found in zip(gaps, over, strict=True):
        runs_on = found.preference
        goes = gap.crosses or (runs_on >= RUNS_ON if few else habit == "joined")
        if goes:
            evidence: dict[str, object] = {
                "inside a word": gap.crosses,
                "log10 runs on": round(runs_on, 1),
                "document": habit,
            }
            yield Proposal(
                gap.start,
                gap.end,
                "",
                "spaces/between-chinese",
                0.98 if gap.crosses or not few else 0.9,
                evidence=evidence,
            )


def _may_be_printed(before: str, after: str, running: bool) -> bool:
    """Whether a space beside a mark may be a printed one: outside a quotation or title that stands beside a character (持续创新
    “联通云”赋能), and outside a bracket in a heading.
    """
    if before in _OPENING and after in _CLOSING:
        return True  # （　　）: room for an answer
    opens, closes = after in _OPENING, before in _CLOSING
    if not (opens and not _MARK_RE.match(before)) and not (closes and not _MARK_RE.match(after)):
        return False
    return not running or (after not in "（" if opens else before not in "）")


def _is_spaced_inside(text: str, start: int, end: int) -> bool:
    """Whether the quotation beside a space has one inside as well, which nobody prints: 被称为 “ 信使 ” ，."""
    opens = text[end] in _OPENING and text[end + 1 : end + 2] in _SPACES
    return opens or (text[start - 1] in _CLOSING and text[start - 2 : start - 1] in _SPACES)


_SPACES = (" ", "\u3000")
_OPENING = frozenset("“‘「『（《【〈")
_CLOSING = frozenset("”’」』）》】〉")


def _is_chinese(char: str, text: str, at: int, step: int) -> bool:
    """Whether a character is Chinese, or a half-width mark that belongs to Chinese."""
    if _CJK_RE.match(char):
        return True
    if char in _STRAIGHT or char in _HALF_WIDTH_MARKS:
        beyond = at - 2 if step < 0 else at + 1
        return 0 <= beyond < len(text) and bool(_CJK_RE.match(text[beyond]) or text[beyond] in _STRAIGHT + "%)")
    return False


def _latin(page: Page) -> Iterator[Proposal]:
    """Spaces between Chinese and Latin, by the setting or by the document's habit."""
    style: str = page.settings.latin_spacing
    if style == "keep":
        return
    lines = page.lines
    addresses = Spans(m.span() for m in _ADDRESS.finditer(page.text)) if "://" in page.text else Spans(())
    places = _latin_edges(page.codes)
    held = np.searchsorted([line.start for line in lines], places, "right") - 1
    running = {at for at in np.unique(held).tolist() if lines[at].kind is not Kind.CODE and is_running(lines[at])}
    kept = [
        (place, page.text[place] == " ")
        for place, at in zip(places.tolist(), held.tolist(), strict=True)
        if at in running and place not in addresses and not _numbers_item(page.text, lines[at].start, place)
    ]
    if style == "document":
        style = _habit([spaced for _, spaced in kept])
    for place, spaced in kept:
        if style == "none" and spaced:
            yield Proposal(place, place + 1, "", "spaces/latin", 0.95)
        elif style == "space" and not spaced:
            yield Proposal(place, place, " ", "spaces/latin", 0.9)


def _numbers_item(text: str, start: int, end: int) -> bool:
    """Whether a line begins with the number of an item, apart from what follows: 1. 总则, 3 职责, and not 12月."""
    return bool(_ITEM_NUMBER.fullmatch(text, start, end)) and (text[end] == " " or not text[end - 1].isdigit())


def _latin_edges(codes: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The offsets of single spaces between Chinese and Latin letters or digits, and of the second of two that have none."""
    classes = np.concatenate([[np.uint8(0)], _latin_classes()[codes], [np.uint8(0)]])
    before, here, after = classes[:-2], classes[1:-1], classes[2:]
    chinese, latin, ends_latin, space = 1, 2, 4, 8
    tight = ((before & chinese) * (here & latin)) | ((before & ends_latin) * (here & chinese))
    spaced = (here & space) * (((before & chinese) * (after & latin)) | ((before & ends_latin) * (after & chinese)))
    return np.flatnonzero(tight | spaced)


@cache
def _latin_classes() -> NDArray[np.uint8]:
    """For each code point, in bits: an ideograph, a Latin letter or digit, what a Latin word or number ends with, a space."""
    classes = np.zeros(sys.maxunicode + 1, dtype=np.uint8)
    for first, last in re.findall("(.)-(.)", HAN_RANGES):
        classes[ord(first) : ord(last) + 1] = 1
    for char in map(chr, range(128)):
        classes[ord(char)] = 6 * char.isalnum() + 4 * (char in "%+#") + 8 * (char == " ")
    return classes


def _habit(spaced: list[bool]) -> str:
    """What the document does at nine places of ten, of at least twenty; `keep` where it does now this, now that."""
    if len(spaced) >= 20 and sum(spaced) <= 0.1 * len(spaced):
        return "none"
    return "keep"
