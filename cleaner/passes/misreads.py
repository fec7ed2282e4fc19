"""Misreads: characters taken for others of the same look.

A noisy channel with document evidence (`cleaner.channel`) finds look-alikes; dashes read as 一, letters and characters of
other scripts have rules of their own. Garbled spans are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import log10

import numpy as np

from cleaner import channel
from cleaner.knowledge import confusions, continuity, words
from cleaner.knowledge.script import Script
from cleaner.page import Page
from cleaner.rules import Rule
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band
from cleaner.text.look import Kind
from cleaner.text.width import HAN_RANGES, is_han

RULES = (
    Rule(
        "misreads/look-alike",
        "Puts the character that was printed for one of like shape: 人驻→入驻, 渐江→浙江.",
        "Recognisers take characters for their look-alikes. A change needs the language model, the shapes and the document to agree; rare words and names that are merely unusual stay.",
        (("柚香谷公司的人驻，给村里带来了新的发展机遇。", "柚香谷公司的入驻，给村里带来了新的发展机遇。"),),
        "research: noisy channel with document evidence",
    ),
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
        "misreads/small-mark",
        "Puts the mark that was printed for a point or middle dot between Chinese characters: ， 。 、 or ·.",
        "Small marks lose their shape first. A point does not stand between ideographs; a middle dot joins the parts of a name. The language model says which mark makes the text; where it is not sure, the mark is only suggested. In a document full of middle dots they stand for marks that were not made out.",
        (("今年前三季度.全国铁路完成固定资产投资六千亿元。", "今年前三季度，全国铁路完成固定资产投资六千亿元。"),),
    ),
    Rule(
        "misreads/lost-stop",
        "Puts 。 between sentences and at the ends of paragraphs, in documents that have lost it again and again.",
        "The full stop is the smallest mark and the last of its line: low resolution and clipped boxes lose it. Between sentences the language model must be a hundred times surer of the text with it; a lone place is only suggested. Where a third of the paragraphs of several sentences end without a mark, their stops are lost; where one does, it may be half a paragraph.",
        (),
        "GB/T 15834-2011 4.1.3",
    ),
    Rule(
        "misreads/latin",
        "Puts AI for Al where the document has AI as well.",
        "A capital I and a small l are one stroke in many faces. Without AI elsewhere Al may be aluminium.",
        (("本市AI产业集聚，Al赋能制造业。", "本市AI产业集聚，AI赋能制造业。"),),
    ),
    Rule(
        "misreads/other-script",
        "Puts the Chinese character for a look-alike of another script between Chinese characters: エ业→工业.",
        "Katakana and bopomofo do not stand alone in Chinese words.",
        (("推进新型エ业化，建设制造强省。", "推进新型工业化，建设制造强省。"),),
    ),
)

APPLY = 0.7
"""Above it none of 550,000 characters of clean news is changed, one of 790,000 of official prose, and in essays one wrongly in
150,000; on the annotated scans all are right. The prior of one misread in 2,000 makes the probabilities modest."""
APPLY_TRADITIONAL = 0.97
"""The language model is of mainland prose: in traditional texts it takes Taiwan's spellings of foreign names (拜占廷, 吉爾柏特) for
misreads, one in 10,000 characters at 0.8."""
SUGGEST = 0.15

COMMON = 7
"""The class of frequency of words that begin with 一 (一次, 一种, 一个) that a chain does not cut through; 一生 is below."""
_MARK = re.compile(r"[，。；：、！？,;:!?]")
_QUOTED = re.compile(r"[“「\"]([^“”「」\"\n]{5,60})[”」\"]")
_DASH_LIKE = ("一一", "一—", "—一", "-一", "–一", "－一")
_DASHES = re.compile(r"(?<![一—])(?:一一|一—|—一)(?![一—])|(?m:^)[-–－]一(?=\w)")
DASH_GAIN = 1.0
"""Log10 by which a dash must be more probable than the word 一一 inside a line, in a document with two such places or more, and no
more dashes: its recogniser seldom knows one."""
LONE_DASH_GAIN = 4.0
"""The same elsewhere: one that reads dashes does so everywhere, and 一一加以对比 gains 2.3 in clean essays."""
_SMALL_MARK = re.compile(rf"[.·](?<=[{HAN_RANGES}”》）].)(?=[{HAN_RANGES}“《（])")
POINT_MARGIN = 1.0
"""Log10 by which a mark must be likelier than the next best for a point to become it: 42 of 42 on typeset pages, where no point
between ideographs had been printed; below, 36 of 46."""
DOT_GAIN = 4.0
"""Log10 by which a full stop must be likelier than the middle dot read: 9 of 9 on typeset pages; from 2, 14 of 14, but in clean news
five titles of two parts (节气·秋分) in 550,000 characters gain as much."""
DOT_LIKELY = 2.0
"""Log10 by which a mark must be likelier than the middle dot read to be weighed at all."""
DOTS = 4
"""Middle dots that are likelier other marks from which a document's recogniser takes such marks for dots, if they are half of
its dots."""
DOT_MARGIN = 1.5
"""Log10 by which a mark must then be likelier than the next best: all of ten on a typeset page are right; of clean news whose
small marks were all made dots, 96 of 100 that are put right, of one whose fifth were, 89. At 1.0 it is 91 and 83."""
_ADVERB = re.compile(
    r"[〇零一二三四五六七八九十百]|对应|對應|列举|列舉|对照|核对|说明|說明|介绍|介紹|作答|解答|回答|道来|落实|列出|验证|告别|握手"
)
"""What follows 一一 where it is the word, or part of a number."""
_AL = re.compile(r"(?<![A-Za-z])Al(?![A-Za-z])")


def propose(page: Page) -> Iterator[Proposal]:
    """Proposals for misread characters."""
    if not page.text:
        return
    yield from _dash_chains(page)
    yield from _dashes(page)
    yield from _other_scripts(page)
    yield from _latin(page)
    yield from _small_marks(page)
    yield from _lost_stops(page)
    for candidate in channel.candidates(page, SUGGEST):
        probability, why = channel.weigh(candidate.features)
        if probability < SUGGEST or candidate.at in page.beyond_mending or _repeats_item(page.text, candidate):
            continue
        if _SPOKEN_OF.search(page.text, max(0, candidate.at - 14), candidate.at):
            continue
        least = APPLY_TRADITIONAL if page.script is Script.HANT else APPLY
        sure = probability >= least and (not candidate.rare or _is_borne_out(candidate))
        band = Band.APPLIED if sure else Band.SUGGESTED
        evidence = {
            "log10 gain": round(candidate.features["gain"], 2),
            "look-alike": round(candidate.features["grade"], 2),
            "weighed": why,
        }
        yield Proposal(
            candidate.at, candidate.at + 1, candidate.printed, "misreads/look-alike", probability, band, evidence
        )


_SPOKEN_OF = re.compile(
    '(?:误|錯|错|讹|訛)(?:写|印|读|念|认|听|排|寫|讀|認|聽)?(?:作|成|为|爲|為)[“「『"][^”」』"]{0,5}\\Z'
)
"""A misreading that the text speaks of: 常把“入驻”误写成“人驻”."""


def _is_borne_out(candidate: channel.Candidate) -> bool:
    """Whether more than the language model speaks for a change of a rare character, of which it knows nothing: a word of three
    characters or more, or the same elsewhere in the document: 和平鸱 becomes the word 和平鸽; 晋愍帝, an emperor, stays.
    """
    found = candidate.features
    return bool({"makes word of 3", "makes word of 4"} & found.keys()) or found["elsewhere as printed"] > 0


def _repeats_item(text: str, candidate: channel.Candidate) -> bool:
    """Whether the change would make an item of a row what its neighbour is: 泰国、寮国 does not become 泰国、泰国."""
    low = max(text.rfind("、", 0, candidate.at), candidate.at - 12) + 1
    high = text.find("、", candidate.at, candidate.at + 12)
    word = (
        text[low : candidate.at] + candidate.printed + text[candidate.at + 1 : high if high >= 0 else candidate.at + 3]
    )
    return len(word) >= 2 and (text.endswith(f"{word}、", 0, low) or (high >= 0 and text.startswith(word, high + 1)))


def _dash_chains(page: Page) -> Iterator[Proposal]:
    for match in _QUOTED.finditer(page.text):
        parts = match.group(1).split("一")
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
    if not any(shape in page.text for shape in _DASH_LIKE):
        return
    places: list[tuple[int, int, bool, float]] = []
    for match in _DASHES.finditer(page.text):
        before, after = page.text[match.start() - 1 : match.start()], page.text[match.end() : match.end() + 1]
        edge = before in ("", "\n") or after in ("", "\n")
        if _ADVERB.match(page.text, match.end()) or (before and before in "，、；："):
            continue  # 一一对应, 一一〇指挥中心; no dash follows a comma: 他不忍推辞，一一饮下
        places.append((*match.span(), edge, channel.log_gain(page, match.start(), "——")))
    likely = sum(gain >= DASH_GAIN for *_, gain in places)
    seldom_read = likely >= max(2, page.text.count("——"))
    for start, end, edge, gain in places:
        sure = gain >= (DASH_GAIN if seldom_read or edge else LONE_DASH_GAIN)
        if sure or gain >= DASH_GAIN:
            evidence = {"line edge": edge, "log10 gain": round(gain, 2), "dashes read elsewhere": not seldom_read}
            band, confidence = (Band.APPLIED, 0.92) if sure else (Band.SUGGESTED, 0.4)
            yield Proposal(start, end, "——", "misreads/dash", confidence, band, evidence)


def _small_marks(page: Page) -> Iterator[Proposal]:
    """Points and middle dots between Chinese that were printed as other marks."""
    marks = np.flatnonzero((page.codes == ord(".")) | (page.codes == ord("·"))).tolist()
    places = [at for at in marks if _SMALL_MARK.match(page.text, at)]
    points = [at for at in places if page.text[at] == "."]
    for at, best in zip(points, channel.best_marks(page, points, dict.fromkeys("，。、·", 0.0)), strict=True):
        yield _small_mark(at, best, best.margin >= POINT_MARGIN)
    dots = [at for at in places if page.text[at] == "·"]
    found = channel.best_marks(page, dots, _lacking(page.text, len(dots)))
    likely = [(at, best) for at, best in zip(dots, found, strict=True) if best.mark != "·" and best.gain >= DOT_LIKELY]
    habit = len(likely) >= max(DOTS, len(dots) / 2)
    for at, best in likely:
        sure = best.margin >= DOT_MARGIN if habit else best.mark == "。" and best.gain >= DOT_GAIN
        if habit or best.gain >= DOT_GAIN:
            yield _small_mark(at, best, sure, len(likely))


def _small_mark(at: int, best: channel.BestMark, sure: bool, likely: int = 0) -> Proposal:
    evidence: dict[str, object] = {
        "log10 gain": round(best.gain, 2),
        "log10 over the next best": round(best.margin, 2),
    }
    if likely:
        evidence["dots likelier other marks"] = likely
    band, confidence = (Band.APPLIED, 0.95) if sure else (Band.SUGGESTED, 0.55)
    return Proposal(at, at + 1, best.mark, "misreads/small-mark", confidence, band, evidence)


MARK_SHARES = {"，": 0.56, "。": 0.27, "、": 0.17}
"""How often each of the three small marks is printed, of all of them: news and official prose, 16 million characters."""


def _lacking(text: str, places: int) -> dict[str, float]:
    """For each small mark log10 of how many of it the text lacks, if the points and dots at some places are such marks.

    A recogniser that reads some marks as dots leaves a text with too few of them: where hardly a full stop is left, the dots
    are full stops; in Taiwan's print, which sets all three in the middle of their squares, commas as well.
    """
    seen = {mark: text.count(mark) for mark in MARK_SHARES}
    every = sum(seen.values()) + places
    lacking = {mark: max(0.5, share * every - seen[mark]) for mark, share in MARK_SHARES.items()}
    most = max(lacking.values())
    return {mark: log10(number / most) for mark, number in lacking.items()} | {"·": 0.0}


def _lost_stops(page: Page) -> Iterator[Proposal]:
    """Full stops that the recogniser lost, between sentences and at the ends of paragraphs: applied where the document has lost
    many, elsewhere suggested at most.
    """
    inside = page.by_line(channel.lost_stops)
    ends = list(_ends_without_stop(page))
    lost = len(inside) + len(ends)
    habit = lost >= max(FEWEST_LOST, LOST_OF_ALL * page.text.count("。"))
    for at, gain in inside:
        if habit or gain >= SURELY_LOST:
            yield _lost_stop(at, gain, habit, lost)
    for at, gain in ends if habit else ():
        yield _lost_stop(at, gain, True, lost)


def _lost_stop(at: int, gain: float, sure: bool, places: int) -> Proposal:
    evidence: dict[str, object] = {"log10 gain": round(gain, 2), "places in the document": places}
    band, confidence = (Band.APPLIED, 0.9) if sure else (Band.SUGGESTED, 0.5)
    return Proposal(at, at, "。", "misreads/lost-stop", confidence, band, evidence)


def _ends_without_stop(page: Page) -> Iterator[tuple[int, float]]:
    """The ends of paragraphs of several sentences that have no mark, if a good part of the document's have none."""
    lines = page.lines
    paragraphs = [at for at, line in enumerate(lines) if line.kind is Kind.BODY and "。" in line.bare[:-1]]
    lost = [at for at in paragraphs if is_han(lines[at].bare[-1]) and not _CREDIT.search(lines[at].bare)]
    if not lost or len(lost) < LOST_SHARE * len(paragraphs):
        return
    gaps = [(lines[at], lines[at + 1] if at + 1 < len(lines) else lines[at]) for at in lost]
    over = continuity.over_gaps(
        page.encoded,
        [(max(a.start, a.end - 24), a.end, b.bare_start, min(b.end, b.bare_start + 24)) for a, b in gaps],
    )
    gains = channel.end_gains(page, [lines[at].end for at in lost], "。")
    for at, found, gain in zip(lost, over, gains, strict=True):
        if gain > 0 and (at + 1 == len(lines) or found.preference < 0):
            yield lines[at].end, gain


_CREDIT = re.compile(r"(?:摄|攝|绘|供图|提供|资料图片?|資料圖片?)$")
FEWEST_LOST, LOST_OF_ALL = 3, 0.02
"""Places without a stop from which a document's recogniser loses them, and how many there must be for each stop that it read: one of
thirty on the typeset pages that lost the fewest. A long clean text has a few such places as well, one for thousands of stops."""
LOST_SHARE = 0.3
"""The share of paragraphs of several sentences that must end without a mark for one to be no half paragraph: typeset pages at low
resolution lose every second stop there, annotated scans none."""
SURELY_LOST = 2.5
"""Log10 from which a lone lost stop is suggested."""


def _latin(page: Page) -> Iterator[Proposal]:
    """Al beside Chinese, where the document writes AI as well."""
    if "AI" not in page.text:
        return
    for match in _AL.finditer(page.text):
        yield Proposal(match.start(), match.end(), "AI", "misreads/latin", 0.93)


def _other_scripts(page: Page) -> Iterator[Proposal]:
    """Characters of another script alone between ideographs."""
    known, text = confusions.load(), page.text
    for match in re.finditer(r"[\u30a0-\u30ff\u3041-\u309f\u3100-\u312f\u0400-\u04ff\u0370-\u03ff]", text):
        at = match.start()
        around = text[max(0, at - 6) : at] + text[at + 1 : at + 7]
        if re.search(r"[\u3041-\u30fa\u0400-\u04ff]", around):
            continue
        printed = known.from_other_script(match.group())
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if printed and is_han(printed) and ((before and is_han(before)) or (after and is_han(after))):
            sure = channel.log_gain(page, at, printed) >= channel.LEAST_GAIN
            yield Proposal(
                at,
                at + 1,
                printed,
                "misreads/other-script",
                0.93 if sure else 0.5,
                Band.APPLIED if sure else Band.SUGGESTED,
            )
