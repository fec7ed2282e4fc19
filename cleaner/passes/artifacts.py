"""Artifacts: what stood on the page and is no part of its text, or came in when the page was read.

What is removed stays in the report, and `--keep furniture` leaves it in place. Nothing with content of its own goes: when
in doubt, a removal is only suggested.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from cleaner.knowledge import continuity
from cleaner.knowledge.learned import HEAD
from cleaner.page import Page
from cleaner.passes import margin, repeated_lines
from cleaner.rules import Rule
from cleaner.text.blocks import Line
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band
from cleaner.text.look import ARTIFACTS, Kind
from cleaner.text.width import CLOSERS, HAN, HAN_RANGES, STOPS, ends_sentence, is_han

RULES = (
    Rule(
        "artifacts/folio",
        "Removes a page number that stands on a line of its own: 12, — 12 —, · 12 ·, 第 12 页.",
        "It belongs to the page, and breaks the paragraph that goes on over it. Numbers one under the other are a table and stay; a lone one among short lines is only suggested.",
        (
            (
                "会议指出，要坚持把发展经济的\n\n— 12 —\n\n着力点放在实体经济上。",
                "会议指出，要坚持把发展经济的着力点放在实体经济上。",
            ),
        ),
    ),
    Rule(
        "artifacts/page-break",
        "Removes form feeds, and lines that only say where a page ends: --- 12 ---, <!-- page 3 -->.",
        "Recognisers and converters put them between two pages; the text runs on.",
        (("全市上下要进一步增强责\n\f任感，把各项工作落到实处。", "全市上下要进一步增强责任感，把各项工作落到实处。"),),
    ),
    Rule(
        "artifacts/running-head",
        "Removes a running head or foot: a short line that names the paper or section beside a page number, issue or date, at the edge of a page.",
        "It is repeated on each page and tells where one is, not what one reads. Misread, or put into a sentence by the reading order of columns, it is still known by its year, issue or weekday.",
        (
            (
                "第3版 要闻\n省政府昨天召开常务会议，研究部署下半年重点工作。",
                "省政府昨天召开常务会议，研究部署下半年重点工作。",
            ),
        ),
    ),
    margin.RULE,
    Rule(
        "artifacts/repeated-line",
        "Removes a short line that comes again and again at the edges of pages or in the middle of sentences.",
        "Running heads and watermarks betray themselves by repetition, exact or nearly so. A line that repeats elsewhere (a "
        "byline, a refrain, the headings of a diary) stays.",
    ),
    Rule(
        "artifacts/collection-head",
        "Removes a line at the edge of the text or of a page that stands there in many documents of the collection (`--learn`).",
        "A page that is a document of its own has its running head but once. Where it does not stand beside page numbers in "
        "most documents, it may be a heading that all of them have, and its removal is only suggested.",
    ),
    Rule(
        "artifacts/doubled-line",
        "Suggests to remove a line that says again what the line before it says.",
        "Recognisers put two boxes over one line. Refrains repeat as well, so that a person must see it.",
    ),
    Rule(
        "artifacts/ornament",
        "Removes a line of ornaments: ■ ▲ ◆ ※ and their like, alone.",
        "Typesetters fill and divide columns with them.",
        (("全文完。\n\n◆◆◆\n\n下一篇", "全文完。\n\n下一篇"),),
    ),
    Rule(
        "artifacts/end-mark",
        "Removes the sign that ends an article: one symbol after the last full stop of a paragraph, or a circled number where the document counts no notes.",
        "Magazines close an article with a small device of their own; a recogniser reads it as the symbol most like it: ■ ② ≥ ❷.",
        (("让发展成果更多更公平惠及全体人民。■", "让发展成果更多更公平惠及全体人民。"),),
    ),
    Rule(
        "artifacts/empty-heading",
        "Removes a Markdown heading without words.",
        "Converters write one for each picture or rule that they take for a heading.",
        (("# \n\n第一章 总则", "第一章 总则"),),
    ),
    Rule(
        "artifacts/debris",
        "Removes a lone character or letter between blank lines, and symbols among lone characters set in bold.",
        "Lettering in pictures is read as text, a character here and there. Between running paragraphs it is removed, elsewhere suggested.",
        (
            (
                "代表们一致同意这份报告。\n\nH\n\n大会将于明天下午闭幕，届时将通过决议。",
                "代表们一致同意这份报告。\n\n大会将于明天下午闭幕，届时将通过决议。",
            ),
        ),
    ),
)

LONGEST_HEAD = 40
"""Code points of a running head at most."""
DOUBLED = 8
"""Code points that a line must have for its repetition to be no refrain or row of marks."""
_FORM_FEED = re.compile("\f+")
_LINE_RULES = {
    Kind.FOLIO: ("artifacts/folio", 0.97),
    Kind.ORNAMENT: ("artifacts/ornament", 0.95),
    Kind.EMPTY_HEADING: ("artifacts/empty-heading", 0.98),
    Kind.DEBRIS: ("artifacts/debris", 0.92),
}

_NAME = rf"《?[{HAN_RANGES}·]{{2,10}}+》?"
_SEPARATOR = r"[\s·.・•|/“”\"'‘’,，:：_`]*+"
_JUNK = rf"[^{HAN_RANGES}A-Za-z0-9]{{0,3}}"
_LABEL = (  # what a running head has and a heading has not: the page, the issue, the weekday
    r"第?\s*[\dA-Z]{1,3}\s*版|第\s*[\d\]Il]{1,4}\s*[页頁]|总?第\s*\d{1,5}\s*[期卷輯辑號号]"
    r"|\d{4}\s*年\s*(?:第\s*)?\d{1,2}\s*(?:期|月\s*[号號])|星期[一二三四五六日天]"
)
_DATE = r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|\d{4}\s*年"
_DUTY = rf"(?:责任编辑|责编|版式|美编|主编)\s*[:：]\s*[{HAN_RANGES}\s]{{2,8}}"
_HAS_LABEL = re.compile(rf"{_LABEL}|(?:责任编辑|责编)\s*[:：]")
_HEAD = re.compile(rf"{_SEPARATOR}(?:(?:{_LABEL}|{_DATE}|{_DUTY}|{_NAME}){_SEPARATOR}){{1,6}}+")
_NAME_READ = rf"(?P<name>\d{{0,4}}[{HAN_RANGES}A-Za-z·\]\[]{{2,9}})?"
_HEAD_READ = re.compile(
    rf"(?:责任\S{{1,4}}[:：;；]\s*[{HAN_RANGES}A-Za-z]{{1,6}})?{_JUNK}{_NAME_READ}{_JUNK}\d{{4}}\s*年\s*(?:"
    rf"(?P<issue>第\s*\d{{1,3}}\s*期)|\d{{1,2}}\s*月\s*\d{{1,2}}\s*[日曰目月上]{{0,2}}{_JUNK}(?P<day>[星里]\S{{1,2}}|\S?期\S)?)"
)
_HAS_DATE = re.compile(rf"\d{{4}}\s*年|{_LABEL}|(?:责任编辑|责编)\s*[:：]")
_NUMBERED_HEAD = re.compile(rf"(\d{{1,3}})\s*({_NAME})|({_NAME})\s*(\d{{1,3}})")

END_SYMBOLS = frozenset("■□▲△▼▽◆◇●○◎★☆※♦♣♠♥▪▫◼❖✦✧≥≤∮§¶◢◣☰▶◀")
CIRCLED = frozenset("①②③④⑤⑥⑦⑧⑨⑩❶❷❸❹❺❻❼❽❾❿⓵⓶⓷")
NOTE_ONE = frozenset("①❶⓵")


def propose(page: Page) -> Iterator[Proposal]:
    """Removal of lines that are page furniture, and of end marks."""
    lines = page.lines
    if page.settings.page_breaks == "drop":
        yield from _page_breaks(page)
    if page.settings.keep_furniture:
        return
    repeated = repeated_lines.lines_repeated(lines)
    for at, line in enumerate(lines):
        if line.kind in _LINE_RULES:
            rule, confidence = _LINE_RULES[line.kind]
            sure = _is_sure(lines, at) or (line.kind is Kind.FOLIO and margin.holds(page, line))
            yield _removal(page.text, line, rule, confidence if sure else 0.6, sure)
        elif at in repeated:
            yield _removal(page.text, line, "artifacts/repeated-line", 0.93, True, {"times": repeated[at]})
        elif len(line.bare) <= LONGEST_HEAD and (_is_running_head(lines, at) or _is_displaced_head(page, at)):
            yield _removal(page.text, line, "artifacts/running-head", 0.93, True)
        elif likely := margin.confidence(page, line):
            yield _removal(page.text, line, margin.RULE.name, likely, likely == margin.SURE)
        elif documents := repeated_lines.in_documents(page, at):
            sure = documents[0] == HEAD
            yield _removal(
                page.text, line, "artifacts/collection-head", 0.93 if sure else 0.6, sure, {"documents": documents[1]}
            )
        elif at and _is_doubled(lines[at - 1], line):
            yield _removal(page.text, line, "artifacts/doubled-line", 0.6, False)
        else:
            if "**" in line.text:
                yield from _bold_debris(page, line)
            yield from _end_mark(page, line)


def _page_breaks(page: Page) -> Iterator[Proposal]:
    for match in _FORM_FEED.finditer(page.text):
        at_start = match.start() == 0 or page.text[match.start() - 1] == "\n"
        yield Proposal(match.start(), match.end(), "" if at_start else "\n", "artifacts/page-break", 0.99)
    for line in page.lines:
        if line.kind is Kind.PAGE_BREAK:
            yield _removal(page.text, line, "artifacts/page-break", 0.97, True)


def _is_doubled(before: Line, line: Line) -> bool:
    """Whether the line says again what the one before it says: two boxes over one line of print."""
    return line.bare == before.bare and len(line.bare) >= DOUBLED and line.kind is Kind.BODY


def _removal(
    text: str, line: Line, rule: str, confidence: float, sure: bool, evidence: Mapping[str, object] | None = None
) -> Proposal:
    """The removal of a whole line, its indent and its line break included."""
    start = text.rfind("\n", 0, line.start) + 1
    start = text.rfind("\f", start, line.start) + 1 or start
    end = text.find("\n", line.end)
    if end < 0:
        start, end = max(0, start - 1), len(text)
    else:
        end += 1
    band = Band.APPLIED if sure else Band.SUGGESTED
    return Proposal(start, end, "", rule, confidence, band, evidence or {})


def _is_sure(lines: list[Line], at: int) -> bool:
    """Whether a line that looks like furniture can be nothing else.

    Debris stands between paragraphs and in no series; a bare number after a line that breaks off, at the edge of a page or
    of the text, or between paragraphs. Elsewhere it may be a figure of a table, or the number of a section.
    """
    line = lines[at]
    if line.kind is Kind.DEBRIS:
        return _is_between_paragraphs(lines, at) and not _is_in_series(lines, at)
    if line.kind is not Kind.FOLIO or not line.text.isdigit():
        return True
    before, after = (lines[n] if 0 <= n < len(lines) else None for n in (at - 1, at + 1))
    if before is not None and (before.bare[-1] in "：:" or (before.width <= 4 and before.kind is Kind.BODY)):
        return False  # 答：/ 18, 得分 / 98
    breaks_off = (
        before is not None and before.kind is Kind.BODY and before.width >= 8 and not ends_sentence(before.bare)
    )
    if breaks_off or line.new_page or (after is not None and after.new_page):
        return True
    if any(other is not None and _goes_with_folio(other, line.text) for other in (before, after)):
        return True
    near_end = at < 2 or at >= len(lines) - 2
    return (near_end or _is_between_paragraphs(lines, at)) and not _counts_sections(lines)


def _goes_with_folio(line: Line, number: str) -> bool:
    """Whether the line is a running head, or a section's name with the same number: then the number is the page's."""
    numbered = _NUMBERED_HEAD.fullmatch(line.bare)
    return _reads_like_a_head(line) or (numbered is not None and number in numbered.groups())


SERIES = ("一二三四五六七八九十", "上中下", "甲乙丙丁戊己庚辛", "ABCDEFGH", "abcdefgh", "ⅠⅡⅢⅣⅤⅥⅦⅧ", "①②③④⑤⑥⑦⑧⑨⑩")
"""What the sections of essays and novels are labelled with."""


def _is_in_series(lines: list[Line], at: int) -> bool:
    """Whether another line holds the label before or after this one's."""
    for series in SERIES:
        place = series.find(lines[at].bare)
        if place >= 0:
            near = {series[n] for n in (place - 1, place + 1) if 0 <= n < len(series)}
            return any(line.bare in near for line in lines)
    return False


def _counts_sections(lines: list[Line]) -> bool:
    """Whether bare numbers of the text count from one, and none ends it: they number its sections, and no pages."""
    numbers = [int(line.text) for line in lines if line.kind is Kind.FOLIO and line.text.isdigit()]
    return numbers[:2] == [1, 2] and lines[-1].kind is not Kind.FOLIO


def _is_between_paragraphs(lines: list[Line], at: int) -> bool:
    """Whether running text stands on both sides, artifacts and captions aside."""
    before, after = repeated_lines.beside(lines, at, _BESIDE_TEXT)
    return all(n is not lines[at] and n.kind is Kind.BODY and n.width >= 8 for n in (before, after))


_BESIDE_TEXT = ARTIFACTS | {Kind.CAPTION}


def _is_running_head(lines: list[Line], at: int) -> bool:
    """Whether the line reads like a running head, stands at the edge of the text or of a page, and alone."""
    line = lines[at]
    if ends_sentence(line.bare) or line.kind in (Kind.TABLE, Kind.HEADING, Kind.LIST):
        return False
    before, after = (lines[n] if 0 <= n < len(lines) else None for n in (at - 1, at + 1))
    by_folio = any(n is not None and n.kind in (Kind.FOLIO, Kind.PAGE_BREAK) for n in (before, after))
    first = before is None or line.new_page
    last = after is None or after.new_page
    beside_short = any(n is not None and n in (lines[0], lines[-1]) and _is_short(n) for n in (before, after))
    edge = (len(lines) > 4 and beside_short) or first or last or by_folio
    if edge and (_reads_like_a_head(line) or _is_misread_head(line) or (by_folio and _is_section_with_date(line))):
        others = (n for n in (before, after) if n is not None)
        return not any(_HAS_LABEL.search(other.bare) and len(other.bare) <= LONGEST_HEAD for other in others)
    numbered = _NUMBERED_HEAD.fullmatch(line.bare)
    if any(n is not None and n.kind is Kind.FOLIO and _goes_with_folio(line, n.text) for n in (before, after)):
        return True
    if not (first or last) or len(lines) < 6:
        return False
    other = after if first else before
    return (
        bool(numbered)
        and other is not None
        and not _NUMBERED_HEAD.fullmatch(other.bare)
        and other.kind is not Kind.CONTENTS
    )


def _is_short(line: Line) -> bool:
    """Whether a line at the edge of a text can be another part of a running head: the paper's name, a date."""
    return line.width <= 12 and not ends_sentence(line.bare)


def _is_displaced_head(page: Page, at: int) -> bool:
    """Whether a running head stands in the middle of a sentence, where the reading order of columns has put it.

    There it may be misread: year, issue or weekday show what it is, and that the text runs on over it.
    """
    lines = page.lines
    line = lines[at]
    if line.kind in (Kind.TABLE, Kind.HEADING, Kind.CAPTION) or not _HAS_DATE.search(line.bare):
        return False
    if not repeated_lines.interrupts(lines, at) or not (_is_misread_head(line) or _reads_like_a_head(line)):
        return False
    before, after = repeated_lines.beside(lines, at)
    gap = (
        max(before.start, before.end - _SEEN),
        before.end,
        after.bare_start,
        min(after.bare_start + _SEEN, after.end),
    )
    return continuity.over_gaps(page.encoded, [gap])[0].preference > 0


_SEEN = 24
"""Code points on either side of a line that are looked at."""


def _is_misread_head(line: Line) -> bool:
    """Whether the line can be a section's name with the issue or the weekday, characters misread: 文史2021年4月23月期三."""
    found = _HEAD_READ.fullmatch(line.bare)
    if not found or not found["name"] or not HAN.search(found["name"]):
        return False
    return bool(found["issue"] or found["day"] or line.bare.startswith("责任"))


def _is_section_with_date(line: Line) -> bool:
    """Whether the line is a section's short name with a whole date: 博览2023年3月12日. So are signatures, of bodies and people."""
    found = _HEAD_READ.fullmatch(line.bare)
    return bool(found and found["name"] and re.fullmatch(f"[{HAN_RANGES}]{{2,3}}", found["name"])) and "月" in line.bare


def _reads_like_a_head(line: Line) -> bool:
    """Whether all that the line says is which paper, section, issue, date and page this is."""
    if not _HAS_LABEL.search(line.bare) or not _HEAD.fullmatch(line.bare):
        return False
    return "版" in line.bare or bool(re.search(rf"[{HAN_RANGES}]{{2}}", _HAS_LABEL.sub("", line.bare)))


def _bold_debris(page: Page, line: Line) -> Iterator[Proposal]:
    """Lettering of a picture that a converter set in bold: symbols among lone characters, **②☆∮拗は**. Where the words after it
    stand elsewhere on a line of their own, the line is a column's signet with its title, once more: a running head.
    """
    for match in _BOLD.finditer(line.text):
        inside = match.group(1)
        if sum(unicodedata.category(char) in _SYMBOLS for char in inside) >= 2 and not _WORD.search(inside):
            title = page.simplified[line.start + match.end() : line.end]
            if len(title) >= 2 and any(title == other.bare for other in page.lines):
                yield _removal(page.text, line, "artifacts/running-head", 0.9, True, {"signet": match.group()})
            else:
                yield Proposal(line.start + match.start(), line.start + match.end(), "", "artifacts/debris", 0.93)


_BOLD = re.compile(r"\*\*([^*\n]{2,12})\*\*\s?")
_SYMBOLS = frozenset({"So", "Sm", "Sk", "No"})
_WORD = re.compile(rf"[{HAN_RANGES}]{{2}}|[A-Za-z0-9]{{2}}")


def _end_mark(page: Page, line: Line) -> Iterator[Proposal]:
    """A device after the last stop of a paragraph, or between the words of a title line."""
    text = line.text
    if text[-1] in END_SYMBOLS or text[-1] in CIRCLED:
        body = text[:-1].rstrip()
        end = len(body)
        while end and body[end - 1] in CLOSERS:
            end -= 1
        ends = end > 0 and body[end - 1] in STOPS
        if ends and len(body) >= 8 and HAN.search(body) and (text[-1] in END_SYMBOLS or not _counts_notes(page.text)):
            yield Proposal(line.start + len(body), line.end, "", "artifacts/end-mark", 0.96)
    for match in _AMONG_WORDS.finditer(text) if " " in text else ():
        if is_han(text[match.start() - 1]) and is_han(text[match.end()]) and not _counts_notes(page.text):
            start = line.start + match.start()
            yield Proposal(start, start + 2, "", "artifacts/end-mark", 0.9)


_AMONG_WORDS = re.compile(r" ([①-⑩❶-❿■◆●★▲]) ")


def _counts_notes(text: str) -> bool:
    """Whether the text counts with circled numbers: then one at a paragraph's end calls a note."""
    return any(mark in text for mark in NOTE_ONE)
