"""Punctuation: full width by context, quotation marks in pairs, dashes, ellipses, interpuncts (GB/T 15834-2011, CLREQ).

A half-width mark beside Chinese is one that the recogniser narrowed; inside numbers, times, addresses, Latin words and
code it was printed so. Quotation marks are paired over a whole block, and a block whose marks do not add up keeps the one
that has no partner.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from cleaner.knowledge.script import Script
from cleaner.page import Page
from cleaner.rules import Rule
from cleaner.text import marks
from cleaner.text.blocks import Row
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band
from cleaner.text.spans import Spans
from cleaner.text.width import BRACKETS, CHINESE, CHINESE_MARKS, HAN, HAN_RANGES

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
        "punctuation/brackets",
        "Sets round brackets at full width where Chinese stands inside or beside them.",
        "They are the brackets of Chinese text. Those of formulas, coordinates, Latin words, links and telephone numbers stay.",
        (("国际数据公司(IDC)发布报告(第三版)", "国际数据公司（IDC）发布报告（第三版）"),),
        "GB/T 15834-2011 4.9",
    ),
    Rule(
        "punctuation/bracket-shape",
        "Puts （ for 〈 《 or 【 that a round bracket closes and that has no partner of its own.",
        "Recognisers take a thin round bracket for an angular one; of the two the closing one keeps its shape.",
        (("参观者在展厅〈周丽 摄）", "参观者在展厅（周丽 摄）"),),
    ),
    Rule(
        "punctuation/quotes",
        "Puts pairs of curved quotation marks (in traditional text corner brackets) for straight ones.",
        "Straight quotes open and close in turn through a block. Where their number is odd, the one that fits its place least is left as it is.",
        (('建设"数字浙江",打造"金名片"。', "建设“数字浙江”，打造“金名片”。"),),
        "GB/T 15834-2011 4.8",
    ),
    Rule(
        "punctuation/single-quotes",
        "Puts ‘ ’ for straight single quotes around Chinese.",
        "They mark a quotation inside a quotation. Apostrophes in Latin words stay, and so do marks that do not open and close there (Rust's 'a).",
        (("“群众说'办成了'才算数。”", "“群众说‘办成了’才算数。”"),),
        "GB/T 15834-2011 4.8.3.2",
    ),
    Rule(
        "punctuation/dash",
        "Puts —— for two or more hyphens, bars or short dashes beside Chinese.",
        "The Chinese dash is one line two characters long; recognisers break it into pieces. A single bar ― or ─ is set as —, which joins places and years.",
        (("这就是答案--干在实处。", "这就是答案——干在实处。"),),
        "GB/T 15834-2011 4.10",
    ),
    Rule(
        "punctuation/ellipsis",
        "Puts …… for rows of points.",
        "The Chinese ellipsis has six points in two groups. A doubled one (…………, for a lost paragraph) and the leaders of a contents list stay.",
        (("春天来了，花开了...", "春天来了，花开了……"), ("他想说。。。又停住了", "他想说……又停住了")),
        "GB/T 15834-2011 4.11",
    ),
    Rule(
        "punctuation/interpunct",
        "Puts · between the parts of a foreign name, for • ・ ‧ and their like.",
        "They are one mark in print and many in Unicode. In Taiwan and Hong Kong ‧ stays.",
        (("约翰•史密斯先生", "约翰·史密斯先生"),),
        "GB/T 15834-2011 4.14",
    ),
    Rule(
        "punctuation/book-title",
        "Puts 《 》 for << >> around Chinese.",
        "Keyboards without the mark write it so.",
        (("印发<<实施方案>>的通知", "印发《实施方案》的通知"),),
        "GB/T 15834-2011 4.15",
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
_MISMATCHED = re.compile(r"([〈《【])[^〈〉《》【】\[\]（）()\n]{1,40}[）)]")
_DASH = re.compile(r"[-－–—―─⸺]{2,}|[-－–—―─] [-－–—―─]|[―─⸺]")
_ELLIPSIS = re.compile(r"[….⋯·]{3,}|。{2,}|[…⋯]+[.·]*|[.·]+…+|。\.{2,}|\.{2,}(?=。)")
_INTERPUNCT = re.compile(rf"(?<=[{HAN_RANGES}])[•・‧∙⋅･](?=[{HAN_RANGES}])")
_BOOK = re.compile(r"<<([^<>\n]{1,60})>>|(?<![<A-Za-z])<([^<>\n]{2,40})>(?!>)")
_DOUBLED = re.compile(r"，，+|、、+|；；+|：：+|，。|。，|、，|，、|；，|，；")
_ADDRESS = re.compile(
    r"(?<=\])\([^()\n]{0,300}(?:\([^()\n]{0,100}\)[^()\n]{0,100}){0,3}\)"  # the target of a Markdown link
    r"|!(?=\[)|\[\^[^\]\n]{1,30}\]:?|</?[A-Za-z][^<>\n]{0,300}>"  # a note, a tag
    r"|[A-Za-z][A-Za-z0-9+.\-]{0,15}://[^\s\u3000-\u9fff，。；）()]*(?:\([^\s()\u3000-\u9fff]*\)[^\s\u3000-\u9fff，。；）()]*)*(?<![,.;:!?\"'])"
    r"|[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63})+|`[^`\n]+`"
    r"|&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});",  # an entity
    re.ASCII,
)
_KEEPS = re.compile(r"@|://|`|\]\(|&|\[\^|<[/A-Za-z]")
_TERM = r"[A-Za-z]?\d*(?:\.\d+)?[a-z]?"
_FORMULA = re.compile(rf"\s*[+\-]?{_TERM}(?:(?:\s*,\s*[+\-]?|\s*[+*/=^|<>\-]\s*){_TERM})+\s*")
_YEARS = re.compile(r"\s*\d{4}\s*-\s*(?:\d{4})?\s*")
_ALNUM = re.compile(r"[A-Za-z0-9]")


def propose(page: Page) -> Iterator[Proposal]:
    """Proposals for the marks of every line that has Chinese in it."""
    corner = page.script is Script.HANT or page.settings.region != "cn"
    in_order = page.memory("punctuation", corner)
    for line in page.rows_at(marks.out_of_order(page.codes, page.breaks)):
        if line.text in in_order:
            continue
        found = of_line(line, corner, page.settings.region)
        if found:
            yield from found
        else:
            in_order[line.text] = True


def of_line(line: Row, corner: bool, region: str) -> list[Proposal]:
    """The proposals for a line; `corner`: quotation marks are corner brackets."""
    if not HAN.search(line.text):
        return []
    found = list(_marks(line, corner, region))
    if found and _KEEPS.search(line.text):
        kept = Spans(m.span() for m in _ADDRESS.finditer(line.text))
        lost = {p.group for p in found if p.group and p.start - line.start in kept}
        found = [p for p in found if p.group not in lost and p.start - line.start not in kept]
    return found


def _marks(line: Row, corner: bool, region: str) -> Iterator[Proposal]:
    text = line.text
    yield from _width(line)
    if "(" in text or ")" in text:
        yield from _brackets(line)
    if '"' in text:
        yield from _double_quotes(line, corner)
    if "'" in text:
        yield from _single_quotes(line, corner)
    yield from _bracket_shapes(line)
    yield from _dashes(line)
    if region == "cn" and not corner:
        yield from _ellipses(line)
    for match in _INTERPUNCT.finditer(text):
        if match.group() == "‧" and (corner or region != "cn"):
            continue
        yield _edit(line, match.start(), match.end(), "·", "punctuation/interpunct", 0.97)
    for match in _HALF_FORM.finditer(text):
        yield _edit(line, match.start(), match.end(), _HALF_FORMS[match.group()], "punctuation/half-width-mark", 0.99)
    if "<" in text:
        yield from _book_titles(line)
    for match in _DOUBLED.finditer(text):
        first = match.group()[0]
        after = first if len(set(match.group())) == 1 else ("。" if "。" in match.group() else "，")
        yield _edit(line, match.start(), match.end(), after, "punctuation/doubled", 0.7, Band.SUGGESTED)


def _edit(
    line: Row,
    start: int,
    end: int,
    after: str,
    rule: str,
    confidence: float,
    band: Band = Band.APPLIED,
    group: str | None = None,
) -> Proposal:
    return Proposal(line.start + start, line.start + end, after, rule, confidence, band, group=group)


def _neighbours(text: str, start: int, end: int) -> tuple[str, str]:
    """The characters on either side, spaces aside; a straight quote stands for what is beyond it."""
    left, right = start - 1, end
    while left >= 0 and text[left] in " \u3000\"'":
        left -= 1
    while right < len(text) and text[right] in " \u3000\"'":
        right += 1
    return text[left] if left >= 0 else "", text[right] if right < len(text) else ""


def _is_chinese(char: str) -> bool:
    return bool(char) and bool(CHINESE.match(char))


def _width(line: Row) -> Iterator[Proposal]:
    text = line.text
    for match in _MARK.finditer(text):
        start, char = match.start(), match.group()
        if _PLAIN.match(text, start):
            yield _edit(line, start, start + 1, _FULL[char], "punctuation/full-width", 0.99)
            continue
        left, right = _neighbours(text, start, start + 1)
        tight_left = text[start - 1] if start else ""
        tight_right = text[start + 1] if start + 1 < len(text) else ""
        if _ALNUM.match(tight_left) and _ALNUM.match(tight_right):
            continue  # 1,000  8:30  a:b
        if (tight_left == " " and _ALNUM.match(tight_right)) or (char in (tight_left, tight_right) and char in ",:;"):
            continue  # a key or command that the text speaks of: 输入 :wq 保存，以 ;; 开头
        if _EMOTICON.match(text, start):
            continue
        if tight_right in _CLOSING_QUOTES and _ends_latin_quotation(text, start):
            continue
        if _is_chinese(left) or (_is_chinese(right) and left and left not in "([{/\\"):
            yield _edit(line, start, start + 1, _FULL[char], "punctuation/full-width", 0.99)
        elif char in "?!;" and not right and _after_chinese(text, start):
            yield _edit(line, start, start + 1, _FULL[char], "punctuation/full-width", 0.95)
    for match in _POINT.finditer(text):
        ends = match.end() == len(text)
        band = Band.APPLIED if ends else Band.SUGGESTED
        yield _edit(line, match.start(), match.end(), "。", "punctuation/full-stop", 0.95 if ends else 0.6, band)


_CLOSING_QUOTES = frozenset("\"'”’")


def _ends_latin_quotation(text: str, at: int) -> bool:
    """Whether nothing but Latin stands between the last quotation mark and here: 他说"It works!"。"""
    opened = max(text.rfind(mark, 0, at) for mark in "\"'“‘")
    return opened >= 0 and bool(re.search("[A-Za-z]", text[opened:at])) and not HAN.search(text, opened, at)


def _after_chinese(text: str, at: int) -> bool:
    """Whether the Latin word or number that ends here follows Chinese: 为什么是AI?"""
    while at and (_ALNUM.match(text[at - 1]) or text[at - 1] in "%+)！!？?"):
        at -= 1
    return at > 0 and _is_chinese(text[at - 1])


def _brackets(line: Row) -> Iterator[Proposal]:
    text = line.text
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    single: list[int] = []
    for at, char in enumerate(text):
        if char in "(（":
            opened.append(at)
        elif char in ")）":
            if opened:
                pairs.append((opened.pop(), at))
            elif char == ")":
                single.append(at)
    han = [match.start() for match in HAN.finditer(text)] if pairs else []
    for low, high in pairs:
        before, after = _neighbours(text, low, high + 1)
        mixed = (text[low] == "(") != (text[high] == ")")
        digits = high - low <= 8 and text[low + 1 : high].strip().isdigit() and after.isdigit()  # an area code
        if not mixed and _is_call(text, low):
            continue
        formula = not mixed and _is_formula(text, low, high)
        if (
            mixed
            or bisect_left(han, low) < bisect_left(han, high)
            or (
                not digits
                and not formula
                and (_is_chinese(before) or (_is_chinese(after) and not _ALNUM.match(before)))
            )
        ):
            for at in (low, high):
                if text[at] in "()":
                    yield _edit(
                        line, at, at + 1, _FULL[text[at]], "punctuation/brackets", 0.98, group=f"b{line.start + low}"
                    )
    for at in single + [at for at in opened if text[at] == "("]:
        before, after = _neighbours(text, at, at + 1)
        if _is_chinese(before) and (_is_chinese(after) or not after):
            yield _edit(line, at, at + 1, _FULL[text[at]], "punctuation/brackets", 0.93)


def _bracket_shapes(line: Row) -> Iterator[Proposal]:
    """Opening brackets of another shape than the round one that closes them, and with no partner of their own."""
    if "）" not in line.text and ")" not in line.text:
        return
    for match in _MISMATCHED.finditer(line.text):
        opened, closed = (sum(map(line.text.count, pair)) for pair in ("(（", ")）"))
        if opened < closed and line.text.find(BRACKETS[match.group(1)], match.end()) < 0:
            yield _edit(line, match.start(), match.start() + 1, "（", "punctuation/bracket-shape", 0.95)


def _is_call(text: str, low: int) -> bool:
    """Whether the bracket opens the arguments of a function: print("…")."""
    return low > 0 and bool(_ALNUM.match(text[low - 1])) and text[low + 1 : low + 2] in tuple("\"'“‘")


def _is_formula(text: str, low: int, high: int) -> bool:
    """Whether a pair of brackets belongs to a formula: (3,4), (x+2), or one that stands against another: (x-1)(x+2)."""
    if high - low > 40:
        return False
    inside = text[low + 1 : high]
    if _YEARS.fullmatch(inside) or re.fullmatch(r"\s*\d+(?:\s*[-/]\s*\d+)+\s*", inside):
        return False  # words, years, numbers of pages, shares
    return bool(_FORMULA.fullmatch(inside))


_OPENERS_BEFORE = frozenset("：:（(《“‘「『—…·■□●▲、=")
"""What stands before an opening mark. A comma or stop may stand before either: it ends a clause, or the quotation."""
_CLOSERS_AFTER = frozenset("，。、；：？！）》”’」』—…,:;?!).")


def _double_quotes(line: Row, corner: bool) -> Iterator[Proposal]:
    """Straight double quotes of a line, opening and closing in turn."""
    text = line.text
    places = [at for at, char in enumerate(text) if char == '"']
    inches = [at for at in places if at and text[at - 1].isdigit()]
    if len(places) % 2 and len(inches) == 1:
        places.remove(inches[0])  # 5.5"
    opening, closing = ("「", "」") if corner else ("“", "”")
    if "“" in text or "”" in text:
        yield from _among_curved(line)
        return
    if len(places) % 2:
        places = _without_the_odd_one(text, places)
    for low, high in zip(places[::2], places[1::2], strict=True):
        if not _is_chinese_quote(text, low, high):
            continue
        fits = _fit(text, low, True) + _fit(text, high, False)
        band = Band.APPLIED if fits > -3 else Band.SUGGESTED
        group = f"q{line.start + low}"
        yield _edit(line, low, low + 1, opening, "punctuation/quotes", 0.98 if fits >= 0 else 0.9, band, group)
        yield _edit(line, high, high + 1, closing, "punctuation/quotes", 0.98 if fits >= 0 else 0.9, band, group)


def _among_curved(line: Row) -> Iterator[Proposal]:
    """Straight quotes of a line that has curved ones as well: each closes what is open, or opens. Where the curved ones do not
    add up with them, nothing is proposed.
    """
    found: list[Proposal] = []
    group = ""
    for match in re.finditer('[“”"]', line.text):
        mark = match.group()
        opens = mark == "“" or (mark == '"' and not group)
        if opens == bool(group):
            return
        group = f"q{line.start + match.start()}" if opens else group
        if mark == '"':
            at = match.start()
            found.append(_edit(line, at, at + 1, "“" if opens else "”", "punctuation/quotes", 0.95, group=group))
        group = group if opens else ""
    if not group:
        yield from found


def _is_chinese_quote(text: str, low: int, high: int) -> bool:
    """Whether Chinese stands inside the quotation or right beside it."""
    if HAN.search(text, low, high):
        return True
    beside = text[max(0, low - 1) : low] + text[high + 1 : high + 2]
    return any(_is_chinese(char) for char in beside)


def _fit(text: str, at: int, opens: bool) -> int:
    """How well a quotation mark fits its place as an opening or closing one: -2 to 2."""
    before = text[at - 1] if at else ""
    after = text[at + 1] if at + 1 < len(text) else ""
    says_open = (not before or before in _OPENERS_BEFORE) - (not after or after in _CLOSERS_AFTER)
    says_open += (before != " ") * (after == " ") * -1 + (before == " ") * (after != " ")
    return says_open if opens else -says_open


def _without_the_odd_one(text: str, places: list[int]) -> list[int]:
    """The places less the one without which opening and closing in turn fits best. Where several fit as well, those
    are left out whose partner is in doubt."""
    opens = [_fit(text, at, True) for at in places]  # a closing one fits as much as an opening one does not
    in_turn = [fit if index % 2 == 0 else -fit for index, fit in enumerate(opens)]
    before = [0, *accumulate(in_turn)]
    after = sum(in_turn)
    totals: list[int] = []
    for index, fit in enumerate(in_turn):
        after -= fit
        totals.append(before[index] - after)  # beyond the one left out, opening and closing change places
    best = max(totals)
    first, last = totals.index(best), len(totals) - 1 - totals[::-1].index(best)
    before_doubt, beyond_doubt = first - first % 2, last + 1 + (len(places) - 1 - last) % 2
    return places[:before_doubt] + places[beyond_doubt:] if first < last else places[:first] + places[first + 1 :]


_NOT_FIRST = frozenset(" ,.;:!?)，。、；：！？）")
_NOT_LAST = frozenset(" &(=[{<,:;/\\+-*（")
"""What no quotation begins and ends with."""


def _single_quotes(line: Row, corner: bool) -> Iterator[Proposal]:
    text = line.text
    places = [
        at
        for at, char in enumerate(text)
        if char == "'" and not (at and at + 1 < len(text) and _ALNUM.match(text[at - 1]) and _ALNUM.match(text[at + 1]))
    ]
    if len(places) % 2:
        return
    opening, closing = ("『", "』") if corner else ("‘", "’")
    for low, high in zip(places[::2], places[1::2], strict=True):
        fits = min(_fit(text, low, True), _fit(text, high, False)) >= 0
        fits = fits and text[low + 1] not in _NOT_FIRST and text[high - 1] not in _NOT_LAST
        if fits and HAN.search(text, low, high) and high - low <= 60:
            group = f"s{line.start + low}"
            yield _edit(line, low, low + 1, opening, "punctuation/single-quotes", 0.95, group=group)
            yield _edit(line, high, high + 1, closing, "punctuation/single-quotes", 0.95, group=group)


def _dashes(line: Row) -> Iterator[Proposal]:
    text = line.text
    for match in _DASH.finditer(text):
        found = match.group()
        if found == "——" or len(found) > 6:
            continue
        before, after = _neighbours(text, match.start(), match.end())
        if len(found) == 1 and not (_is_chinese(before) and _is_chinese(after)):
            continue
        if (_is_chinese(before) or not before) and (_is_chinese(after) or not after) and before + after:
            if set(found) == {"—"} and len(found) == 4:
                continue  # two dashes, one after the other
            after = "—" if found in "―─" else "——"  # as wide as it is: 神户─门司
            yield _edit(line, match.start(), match.end(), after, "punctuation/dash", 0.96)


def _ellipses(line: Row) -> Iterator[Proposal]:
    text = line.text
    for match in _ELLIPSIS.finditer(text):
        found = match.group()
        if found in ("……", "…………") or len(found) > 12 or (set(found) == {"…"} and len(found) > 4):
            continue
        before, after = _neighbours(text, match.start(), match.end())
        if not (_is_chinese(before) or _is_chinese(after)) or _PAGE_NUMBER.match(text, match.end()) or line.is_contents:
            continue
        if found in ("。。",):
            yield _edit(line, match.start(), match.end(), "。", "punctuation/doubled", 0.7, Band.SUGGESTED)
        else:
            yield _edit(line, match.start(), match.end(), "……", "punctuation/ellipsis", 0.95)


_PAGE_NUMBER = re.compile(r"\s*\d+$")


def _book_titles(line: Row) -> Iterator[Proposal]:
    for match in _BOOK.finditer(line.text):
        title = match.group(1) or match.group(2)
        if not HAN.search(title) or any(mark in title for mark in CHINESE_MARKS.replace("·", "").replace("—", "")):
            continue
        width = 2 if match.group(1) else 1
        sure = width == 2
        band, confidence = (Band.APPLIED, 0.96) if sure else (Band.SUGGESTED, 0.7)
        group = f"t{line.start + match.start()}"
        yield _edit(line, match.start(), match.start() + width, "《", "punctuation/book-title", confidence, band, group)
        yield _edit(line, match.end() - width, match.end(), "》", "punctuation/book-title", confidence, band, group)
