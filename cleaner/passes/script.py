"""Script: a stray character of the other script, and the conversion of a whole text where that was asked for.

Recognisers with one model for both scripts slip a traditional character into simplified text, or the other way round. Where
the other script does not use the character and it has one counterpart, it is put right; where it is used in names or has
several readings, it is only suggested. Lines that are in the other script altogether are quotations, and stay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import numpy as np
from opencc import OpenCC
from rapidfuzz.distance import Levenshtein

from cleaner.knowledge.script import CERTAIN, Counterparts, Script, counterparts
from cleaner.page import Page
from cleaner.rules import Rule
from cleaner.text.blocks import Row
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band
from cleaner.text.width import HAN

RULES = (
    Rule(
        "script/stray",
        "Puts the document's script for a stray character of the other one.",
        "Recognisers that know both scripts mix them up. It is only suggested where the document is not clearly in one script, for rare characters (騄, 𫘧), which stand in names, for those that the document writes again and again, and inside quotation marks that hold nothing of the document's own script. Lines in the other script stay, and so does Japanese beside kana.",
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
CLEARLY = 2
"""How many characters of its own script a document must have for each of the other for that one to be a stray."""
ENOUGH = 3
"""Characters of its own script that a document must have at least."""
HABIT = 3
"""How often a character must occur, its counterpart never, to be the document's own choice (凉茶舖) and no slip."""

_SENTENCE = re.compile("[^。！？\n\ud800-\udfff]{1,2000}[。！？]?")
_QUOTED = re.compile(r"[“‘「『《]([^“”‘’「」『』《》\n]{1,80})[”’」』》]")


def propose(page: Page) -> Iterator[Proposal]:
    """Proposals for stray characters, or for the whole text where a conversion was asked for."""
    if page.settings.convert != "none":
        yield from _converted(page)
        return
    if page.script is Script.UNKNOWN:
        return
    other = Script.HANT if page.script is Script.HANS else Script.HANS
    strays, own = counterparts(other), counterparts(page.script)
    places = np.flatnonzero(strays.table[page.codes])
    if not len(places):
        return
    telling, telling_other = (int((some.table[page.codes] == CERTAIN).sum()) for some in (own, strays))
    clear = telling >= max(ENOUGH, CLEARLY * telling_other)
    seen = Counter(map(chr, page.codes[places].tolist()))
    kept = frozenset(c for c, n in seen.items() if not clear or (n >= HABIT and strays.all[c] not in page.text))
    for line in page.rows_at(places):
        yield from _strays(line, strays, own, kept)


def _telling(table: Counterparts, text: str) -> int:
    """How many characters of a text only that script uses."""
    return sum(char in table.certain for char in table.pattern.findall(text))


def _strays(line: Row, strays: Counterparts, own: Counterparts, kept: frozenset[str]) -> Iterator[Proposal]:
    """The strays of a line: applied where they can be nothing else, but for those that are `kept` and only suggested."""
    found = list(strays.pattern.finditer(line.text))
    telling = [m for m in found if m.group() in strays.certain]
    if not found or len(telling) > max(1, FOREIGN_SHARE * len(HAN.findall(line.text))):
        return
    quotations = [m.span(1) for m in _QUOTED.finditer(line.text) if not _telling(own, m.group(1)) or _is_foreign(m[1])]
    for match in found:
        char, at = match.group(), match.start()
        if _KANA.search(line.text, max(0, at - JAPANESE_REACH), at + JAPANESE_REACH):
            continue  # 東京だよ: Japanese
        after, start = strays.all[char], line.start + at
        quoted = any(low <= at < high for low, high in quotations)
        if char in strays.certain:
            sure = char not in kept and not quoted and _is_slip(char, after, own)
            band, confidence = (Band.APPLIED, 0.95) if sure else (Band.SUGGESTED, 0.5)
            yield Proposal(start, start + 1, after, "script/stray", confidence, band)
        elif own is counterparts(Script.HANS) and not _is_in("gb2312", char):
            yield Proposal(start, start + 1, after, "script/stray", 0.5, Band.SUGGESTED)


JAPANESE_REACH = 6
"""Code points from kana within which a character is Japanese."""
_KANA = re.compile("[\u3041-\u309f\u30a1-\u30fa]")


def _is_foreign(quoted: str) -> bool:
    """Whether a quotation has a character that neither script uses: 乗換案内."""
    return any(HAN.match(char) and not _is_in("gb2312", char) and not _is_in("big5", char) for char in quoted)


def _is_slip(char: str, after: str, own: Counterparts) -> bool:
    """Whether a character can only be a slip into the other script: its counterpart is common (𫘧 stands in a name), and
    where the text is traditional, Hong Kong does not print it (温 恒 卧).
    """
    return _is_in("gb2312", after) if own is counterparts(Script.HANS) else not _is_in("big5hkscs", char)


def _is_in(charset: str, char: str) -> bool:
    """Whether the character is in a charset: GB 2312 has what simplified text uses (乾坤, 著作), Big5-HKSCS the variants that
    Hong Kong prints.
    """
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


@cache
def _converter(name: str) -> OpenCC:
    return OpenCC(name)


def _converted(page: Page) -> Iterator[Proposal]:
    """OpenCC's conversion of each sentence, as edits of what differs. Bytes that could not be decoded stay as they are."""
    converter = _converter(page.settings.convert)
    for sentence in _SENTENCE.finditer(page.text):
        before, after = sentence.group(), converter.convert(sentence.group())
        if len(before) == len(after):
            spans = [(i, i + 1, i, i + 1) for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
        else:
            found = Levenshtein.opcodes(before, after)
            spans = [(b.src_start, b.src_end, b.dest_start, b.dest_end) for b in found if b.tag != "equal"]
        for start, end, low, high in spans:
            at = sentence.start()
            yield Proposal(at + start, at + end, after[low:high], "script/convert", 0.97)
