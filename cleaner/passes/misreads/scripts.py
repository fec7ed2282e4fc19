"""Look-alikes across scripts: Latin letters for one another, letters of other scripts for ideographs, rings for zeros."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from cleaner.evidence import channel, likelier
from cleaner.knowledge import confusions
from cleaner.page import Page
from cleaner.rules import Rule
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band
from cleaner.text.width import is_han

RULES = (
    Rule(
        "misreads/latin",
        "Puts the Latin word that the document has elsewhere for one that differs by letters of one shape: Al→AI, Linkedln→LinkedIn.",
        "A capital I, a small l and a 1 are one stroke in many faces, O and 0 one circle. Which was printed, the document's other places tell; where none does, or the text speaks of 铝, Al may be aluminium. What changes a digit is only suggested.",
        (
            ("本市AI产业集聚，Al赋能制造业。", "本市AI产业集聚，AI赋能制造业。"),
            (
                "他在LinkedIn上找工作，LinkedIn却封了号，Linkedln没有回应。",
                "他在LinkedIn上找工作，LinkedIn却封了号，LinkedIn没有回应。",
            ),
        ),
    ),
    Rule(
        "misreads/other-script",
        "Puts the Chinese character for a look-alike of another script between Chinese characters: エ业→工业.",
        "Katakana and bopomofo do not stand alone in Chinese words.",
        (("推进新型エ业化，建设制造强省。", "推进新型工业化，建设制造强省。"),),
    ),
    Rule(
        "misreads/round-zero",
        "Puts 〇 for a letter O or a ring ○ in a number of Chinese numerals: 二O二五年→二〇二五年. For a digit 0 it is suggested.",
        "Many recognisers and fonts do not have the round zero, and take what looks like it. Of 263 such places in 90 million characters of public text 90 were looked at, and all are zeros.",
        (("二O二五年十月一日，新馆正式对外开放。", "二〇二五年十月一日，新馆正式对外开放。"),),
        "GB/T 15835-2011 5.2",
    ),
)

_LATIN = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z0-9]{4,}|A[Il])(?![A-Za-z0-9])")
"""Words that are long enough to be told by their shape: In and ln, or ls and Is, are words of their own. AI and Al are known."""
_ALUMINIUM = re.compile("[铝鋁]|化学元素|元素符号")
_RIVALS = 2
"""How many times as often the document must have the word that was printed; of AI and Al one AI is enough."""


def propose(page: Page) -> Iterator[Proposal]:
    """Proposals for letters that look like other letters, or like ideographs."""
    yield from _latin(page)
    yield from _other_scripts(page)
    yield from _round_zeros(page)


def _latin(page: Page) -> Iterator[Proposal]:
    """Latin words that the document has elsewhere, in the same shape, with other letters."""
    found: dict[str, list[re.Match[str]]] = {}
    for match in _LATIN.finditer(page.text):
        if not match.group().isdigit() and match.start() not in page.code:
            found.setdefault(match.group(), []).append(match)
    alike: dict[str, list[str]] = {}
    for word in found:
        alike.setdefault("".join(map(_shape, word)), []).append(word)
    for words in alike.values():
        printed = max(words, key=lambda word: (word == "AI", len(found[word]), word))
        for read in words:
            known = (printed, read) == ("AI", "Al") and not _ALUMINIUM.search(page.text)
            rare = len(found[printed]) >= _RIVALS * len(found[read]) if read != "Al" else known
            if rare and read.lower() != printed.lower():
                yield from _put(printed, found[read], len(found[printed]))


def _put(printed: str, places: list[re.Match[str]], elsewhere: int) -> Iterator[Proposal]:
    digits = [char for char in printed if char.isdigit()]
    for match in places:
        sure = digits == [char for char in match.group() if char.isdigit()]
        band, confidence = (Band.APPLIED, 0.93) if sure else (Band.SUGGESTED, 0.6)
        yield Proposal(*match.span(), printed, "misreads/latin", confidence, band, {"elsewhere": elsewhere})


@cache
def _shape(char: str) -> str:
    """One letter or digit for all those that look like it; i has its dot."""
    alike = char if char == "i" else char + confusions.load().across_scripts(char)
    return min((other for other in alike if other.isascii() and other.isalnum()), default=char)


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
            sure = likelier.log_gain(page, at, at + 1, printed) >= channel.LEAST_GAIN
            yield Proposal(
                at,
                at + 1,
                printed,
                "misreads/other-script",
                0.93 if sure else 0.5,
                Band.APPLIED if sure else Band.SUGGESTED,
            )


_NUMBER = re.compile(r"(?<![A-Za-z0-9])[一二三四五六七八九][〇零一二三四五六七八九0OoΟО○◯]{2,}(?![A-Za-z0-9])")
_RING = re.compile("[0OoΟО○◯]")


def _round_zeros(page: Page) -> Iterator[Proposal]:
    """Zeros in numbers of two other numerals at least, or of a year: in 三○○医院 the rings may stand for what was left out."""
    for number in _NUMBER.finditer(page.text):
        zeros = list(_RING.finditer(page.text, *number.span()))
        year = len(number.group()) == 4 and page.text.startswith("年", number.end())
        if len(number.group()) - len(zeros) >= 2 or year:
            for zero in zeros:
                band, confidence = (Band.SUGGESTED, 0.8) if zero.group() == "0" else (Band.APPLIED, 0.97)
                yield Proposal(*zero.span(), "〇", "misreads/round-zero", confidence, band)
