"""Script: a stray character of the other script, and the conversion of a whole text where that was asked for.

Recognisers with one model for both scripts slip a traditional character into simplified text, or the other way round. Where
the other script does not use the character and it has one counterpart, it is put right; where it is used in names or has
several readings, it is only suggested. Lines that are in the other script altogether are quotations, and stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from opencc import OpenCC
from rapidfuzz.distance import Levenshtein

from cleaner.knowledge.script import Counterparts, Script, counterparts
from cleaner.page import Page
from cleaner.rules import Rule
from cleaner.text.blocks import Line
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band
from cleaner.text.width import HAN

RULES = (
    Rule(
        "script/stray",
        "Puts the document's script for a stray character of the other one.",
        "Recognisers that know both scripts mix them up. Characters that stand in names in both scripts are only suggested; quotations in the other script stay.",
        (("我們要把这件事办好，让群众满意。", "我们要把这件事办好，让群众满意。"),),
        "OpenCC's character dictionaries",
    ),
    Rule(
        "script/convert",
        "Converts the whole text, as the setting `convert` says (s2t, t2s, tw2s, …).",
        "Only on request. OpenCC chooses by phrases; a change made by it is no more certain than its dictionaries.",
        (),
        "OpenCC",
    ),
)

FOREIGN_SHARE = 0.2
"""A line with more of its ideographs in the other script's own characters is a quotation in that script."""


def propose(page: Page) -> Iterator[Proposal]:
    """Proposals for stray characters, or for the whole text where a conversion was asked for."""
    if page.settings.convert != "none":
        yield from _converted(page)
        return
    if page.script is Script.UNKNOWN:
        return
    other = Script.HANT if page.script is Script.HANS else Script.HANS
    strays = counterparts(other)
    if not strays.pattern.search(page.text):
        return
    for line in page.lines:
        yield from _strays(page, line, strays, other)


def _strays(page: Page, line: Line, strays: Counterparts, other: Script) -> Iterator[Proposal]:
    found = list(strays.pattern.finditer(line.text))
    telling = [m for m in found if m.group() in strays.certain]
    if not found or len(telling) > max(1, FOREIGN_SHARE * len(HAN.findall(line.text))):
        return
    for match in found:
        char = match.group()
        start = line.start + match.start()
        if char in strays.certain:
            yield Proposal(start, start + 1, strays.all[char], "script/stray", 0.95)
        elif other is Script.HANT and not _in_gb2312(char):
            yield Proposal(start, start + 1, strays.all[char], "script/stray", 0.5, Band.SUGGESTED)


def _in_gb2312(char: str) -> bool:
    """Whether simplified text uses the character as well (乾坤, 著作)."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _converter(name: str) -> OpenCC:
    return OpenCC(name)


def _converted(page: Page) -> Iterator[Proposal]:
    """OpenCC's conversion of each line, as edits of what differs."""
    converter = _converter(page.settings.convert)
    for line in page.lines:
        after = converter.convert(line.text.encode("utf-8", "replace").decode("utf-8"))
        if after == line.text:
            continue
        for block in Levenshtein.opcodes(line.text, after):
            if block.tag != "equal":
                start, end = line.start + block.src_start, line.start + block.src_end
                yield Proposal(start, end, after[block.dest_start : block.dest_end], "script/convert", 0.97)
