"""Dashes that were read as 一."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.evidence import likelier
from cleaner.knowledge import names, words
from cleaner.page import Page
from cleaner.rules import Rule
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band
from cleaner.text.width import HAN_RANGES

RULES = (
    Rule(
        "misreads/dash-chain",
        "Puts dashes for 一 between parts of equal length inside quotation marks: “科研一实践一创业”.",
        "A dash between the steps of a chain has the shape of 一. At least three parts, of two characters or more and of equal length within one, are asked for; 八山一水一分田 has parts of one.",
        (("形成“科研一实践一创业”的良性循环。", "形成“科研—实践—创业”的良性循环。"),),
    ),
    Rule(
        "misreads/dash",
        "Puts —— for 一一 where a dash makes the better text.",
        "A dash is printed as one line two characters long, and read as 一 twice. The word 一一 (一一对应, 一一列举) stays: the language model decides, more boldly where a document has several such places and no more dashes; at the edge of a line a dash is likelier.",
        (
            ("一一浙江推进人工智能创新发展综述", "——浙江推进人工智能创新发展综述"),
            (
                "可是到了清末，这门手艺就断了一一断得很干净。他想把它找回来一一哪怕要用十年。",
                "可是到了清末，这门手艺就断了——断得很干净。他想把它找回来——哪怕要用十年。",
            ),
        ),
    ),
    Rule(
        "misreads/dash-between",
        "Puts a dash for 一 between the ends of a range or a route: 6一10℃, 何家湾路一国权北路.",
        "Arabic numerals have no 一 among them. Between two names that end alike the language model is asked, and words that begin with 一 (一直, 一级) are none.",
        (
            ("预计气温将下降6一10℃，风力8一10级。", "预计气温将下降6—10℃，风力8—10级。"),
            ("地铁新线（江南路站一康宁路站）开工。", "地铁新线（江南路站—康宁路站）开工。"),
        ),
        "GB/T 15834-2011 4.13.3",
    ),
)

COMMON = 7
"""The class of frequency of words that begin with 一 (一次, 一种, 一个) that a chain does not cut through; 一生 is below."""
_MARK = re.compile(r"[，。；：、！？,;:!?]")
_QUOTED = re.compile(r"[“「\"]([^“”「」\"\n]{5,60})[”」\"]")
_DASH_LIKE = ("一一", "一—", "—一", "-一", "–一", "－一")
_DASHES = re.compile(r"(?<![一—])(?:一一|一—|—一)(?![一—])|(?m:^)[-–－]一(?=\w)")
DASH_GAIN = 1.0
"""Log10 by which a dash must be more probable than the word 一一 inside a line, in a document with two such places or more, and no
more dashes: its recogniser seldom knows one."""
LONE_DASH_GAIN = 3.0
"""The same elsewhere. Words 一一 gain up to 2.8 (天安门城楼前一一通过); more, one in 20 million characters of clean news, essays,
commentary, technical and medical texts, besides dashes that were printed as 一一; on typeset pages 12 of 19 dashes do."""
_IN_NUMBERS = re.compile(r"(?<=[0-9])(?:[年月日时%℃]|千米|公里)?(一)(?=[0-9])")
_BETWEEN_ALIKE = re.compile(
    rf"[{HAN_RANGES}]{{2,7}}?(路|站|街|桥|镇|市|县|省|港|区|州)(一)(?=[{HAN_RANGES}]{{2,6}}?\1(?:段|[^{HAN_RANGES}]|$))"
)
ALIKE_GAIN = -1.0
"""Log10 that a dash may lose against 一 between two names that end alike: of names the model knows little. 一直 and 一级 lose 2.8."""
_ADVERB = re.compile(
    r"[〇零一二三四五六七八九十百]|得|对应|對應|列举|列舉|对照|核对|说明|說明|介绍|介紹|作答|解答|回答|道来|落实|列出|验证|告别|握手"
)
"""What follows 一一 where it is the word, or part of a number."""
_PET_NAME = re.compile(
    r"(?:女儿|女兒|儿子|兒子|孙女|孫女|孙子|孫子|外孙|外孫|侄女|宝宝|寶寶|宝贝|寶貝|妹妹|弟弟|姐姐|小)一一|(?<=[，、“「])一一(?=[，。！？、”」])"
)
"""Where 一一 is what somebody is called: behind a word for a child, or between two marks, where no dash stands."""


def propose(page: Page) -> Iterator[Proposal]:
    """Proposals for dashes read as 一."""
    yield from _dash_chains(page)
    yield from _dashes(page)
    yield from _between(page)


def _dash_chains(page: Page) -> Iterator[Proposal]:
    for match in _QUOTED.finditer(page.text):
        parts = page.simplified[match.start(1) : match.end(1)].split("一")
        lengths = [len(part) for part in parts]
        if len(parts) < 3 or min(lengths) < 2 or max(lengths) - min(lengths) > 1:
            continue
        if _MARK.search(match.group(1)) or any(words.load().frequency(f"一{part[0]}") >= COMMON for part in parts[1:]):
            continue  # 每两周一次, 一种: not dashes
        at = match.start(1)
        for part in parts[:-1]:
            at += len(part)
            yield Proposal(at, at + 1, "—", "misreads/dash-chain", 0.96, group=f"d{match.start()}")
            at += 1


def _dashes(page: Page) -> Iterator[Proposal]:
    """一一 where a dash was printed."""
    if not any(shape in page.text for shape in _DASH_LIKE) or _PET_NAME.search(page.text):
        return
    places: list[tuple[int, int, bool, float]] = []
    for match in _DASHES.finditer(page.text):
        before, after = page.text[match.start() - 1 : match.start()], page.text[match.end() : match.end() + 1]
        edge = before in ("", "\n") or after in ("", "\n")
        if (
            _ADVERB.match(page.text, match.end())
            or (before and before in "，、；：")
            or _is_name(page.simplified, match)
        ):
            continue  # 一一对应, 一一〇指挥中心; no dash follows a comma: 他不忍推辞，一一饮下
        places.append((*match.span(), edge, likelier.log_gain(page, *match.span(), "——")))
    likely = sum(gain >= DASH_GAIN for *_, gain in places)
    seldom_read = likely >= max(2, page.text.count("——"))
    for start, end, edge, gain in places:
        sure = gain >= (DASH_GAIN if seldom_read or edge else LONE_DASH_GAIN)
        if sure or gain >= DASH_GAIN:
            evidence = {"line edge": edge, "log10 gain": round(gain, 2), "dashes read elsewhere": not seldom_read}
            band, confidence = (Band.APPLIED, 0.92) if sure else (Band.SUGGESTED, 0.4)
            yield Proposal(start, end, "——", "misreads/dash", confidence, band, evidence)


def _is_name(simplified: str, match: re.Match[str]) -> bool:
    """Whether 一一 is somebody's given name: 王一一."""
    return match.group() == "一一" and names.stands_at(simplified, match.start())


def _between(page: Page) -> Iterator[Proposal]:
    """一 between numbers, and between names that end alike."""
    text = page.text
    if "一" not in text:
        return
    for match in _IN_NUMBERS.finditer(text):
        yield Proposal(*match.span(1), "—", "misreads/dash-between", 0.95)
    for match in _BETWEEN_ALIKE.finditer(text):
        at = match.start(2)
        gain = likelier.log_gain(page, at, at + 1, "—")
        if words.load().frequency(page.simplified[at : at + 2]) < COMMON and gain >= ALIKE_GAIN:
            evidence: dict[str, object] = {"ends alike": match[1], "log10 gain": round(gain, 2)}
            yield Proposal(at, at + 1, "—", "misreads/dash-between", 0.85, evidence=evidence)
