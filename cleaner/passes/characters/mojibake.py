"""Chinese read in the wrong encoding, and what it was: 浣犲ソ and ä½\xa0å¥½ are 你好 in UTF-8, ÄãºÃ is 你好 in GBK.

The bytes are had back by the encoding that was taken, and read in the one that was meant. That is done only where it makes
the text far likelier: what stands there is not what anyone writes, and what it becomes is Chinese. ftfy does the same
for Latin letters; it leaves the GBK kind alone, whose characters are as good as any by themselves, and for which one
needs to know how common each is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import accumulate
from math import inf, log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.knowledge.frequencies import Language, codes_of, log_probabilities
from cleaner.text.width import CHINESE

CERTAIN = log(1e9)
"""Mojibake is repaired where that makes the text so many times as likely; 90 million clean characters have none so sure."""

LIKELY = log(1e6)
"""Mojibake is suggested from here on."""

LONGEST = 500
"""Code points read again in one piece; longer mojibake is repaired in several."""

PROBE = 40
"""Code points of these that must show it already."""

WINDOW = 60
"""Code points looked back for the beginning of GBK read as Latin-1, whose punctuation is no letter."""

LOST = re.compile("(?:锟斤拷)+(?:锟斤?)?|锟斤|(?:ï¿½)+|烫{4,}|屯{4,}|葺{4,}|烫{3}(?![，。！？、”])")
"""Replacement characters read as GBK or Latin-1, and memory that was never written to (bytes CC, CD, DD): nothing to restore."""

_HALF_LOST = re.compile("[^\x00-\x7f\ufffd]{1,2}\ufffd+")

MARK = "ï»¿"
"""The byte order mark of UTF-8, read as Latin-1."""


class Mojibake(NamedTuple):
    """A stretch of a text that was read as one encoding and written in another; `after` is None where bytes were lost."""

    start: int
    end: int
    after: str | None
    gain: float = inf  # in natural logarithms of likelihood
    read_as: str = ""
    written_in: str = ""

    @property
    def certain(self) -> bool:
        """Whether it may be repaired without asking."""
        return self.gain >= CERTAIN


def at(text: str, start: int, begin: int = 0) -> Mojibake | None:
    """The mojibake in which the character at `start` is the first that shows it; nothing before `begin` belongs to it."""
    if lost := LOST.match(text, start):
        return Mojibake(start, lost.end(), None)
    if text.startswith(MARK, start) and text[start + 3 : start + 4] not in LATIN:
        return Mojibake(start, start + 3, "", inf, "windows-1252", "utf-8")
    found = _repaired(text, start, begin)
    if found is None and text[start] >= "\xc0" and (rest := _HALF_LOST.match(text, start)):
        return Mojibake(start, rest.end(), None)
    return found


def _repaired(text: str, start: int, begin: int) -> Mojibake | None:
    if text[start] not in LATIN:
        return _read_again(text, start, _GBK) if _UTF_8_AS_GBK.match(_gbk(text[start : start + 3])) else None
    if not (_LETTER_NEAR if text[start] > "\x9f" else _LETTER_NEAR_A_CONTROL).match(text, start):
        return None
    tries = [_read_again(text, start, _LATIN)] if _UTF_8_AS_LATIN.match(text, start) else []
    if _GBK_PAIRS.search(text, max(begin, start - PROBE), start + PROBE):
        tries += [_read_again(text, place, _GBK_AS_LATIN) for place in _beginnings(text, start, begin)]
    return max((found for found in tries if found), key=lambda found: found.gain, default=None)


def _beginnings(text: str, start: int, begin: int) -> list[int]:
    """Where GBK that was read as Latin-1 may begin if it has the letter at `start`: at that run, or at one of those before.

    Its punctuation and some of its characters have no letter; ASCII may stand between.
    """
    window = text[max(begin, start - WINDOW) : start]
    stop = [m.end() for m in _NOT_LATIN.finditer(window)]
    low = start - len(window) + (stop[-1] if stop else 0)
    runs = [low + m.start() for m in _RUN.finditer(text[low : start + 1])]
    return [*runs[-4:], *(place + 1 for place in runs[-1:] if place < start)]


class _Reading(NamedTuple):
    """A mistake: how the bytes are had back, from which encoding, and which was meant.

    To be seen it takes so many different characters (`fewest`), of so high a log probability on the mean (`least`).
    """

    bytes_of: Callable[[str], bytes]
    read_as: str
    written_in: str
    fewest: int
    least: float


def _read_again(text: str, start: int, reading: _Reading) -> Mojibake | None:
    """The stretch from `start` on that a reading makes Chinese, if it does: first a little of it, and if that is, more."""
    found = _within(text[start : start + PROBE].partition("\n")[0], reading)
    if found is not None and len(text) > start + PROBE:
        found = _within(text[start : start + LONGEST].partition("\n")[0], reading) or found
    if found is None:
        return None
    before, after, gain = found
    return Mojibake(start, start + before, after, gain, reading.read_as, reading.written_in)


def _within(text: str, reading: _Reading) -> tuple[int, str, float] | None:
    """How much of the beginning of `text` a reading makes Chinese, what it reads then, and by how much that is likelier."""
    after = _longest(reading.bytes_of(text), reading.written_in)
    cut = _gain(text, after, reading) if CHINESE.search(after) else None
    if cut is None:
        return None
    before, after, gain = cut
    different = len(set(CHINESE.findall(after)))
    if gain < (LIKELY if different > 1 else CERTAIN) or different < reading.fewest or _mean(after) < reading.least:
        return None
    return len(before), after.replace("\ufeff", ""), gain


def _longest(raw: bytes, codec: str) -> str:
    """The text of as many bytes as a codec reads without a fault."""
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as error:
        return raw[: error.start].decode(codec)


def _gain(before: str, after: str, reading: _Reading) -> tuple[str, str, float] | None:
    """The beginnings of both texts that stand for the same bytes and differ most in likelihood, and by how much they do."""
    was = list(accumulate((len(reading.bytes_of(char)) for char in before), initial=0))
    becomes = list(accumulate((len(char.encode(reading.written_in)) for char in after), initial=0))
    _, left, right = np.intersect1d(was, becomes, return_indices=True)
    gains = _sums(after)[right] - _sums(before)[left]
    best = int(gains.argmax())
    if not best:
        return None
    return before[: int(left[best])], after[: int(right[best])], float(gains[best])


def _sums(text: str) -> NDArray[np.float64]:
    """How likely a text is up to each character, in the script that suits it best."""
    codes = codes_of(text)
    beyond = codes > 0x7F
    tables = (log_probabilities(language) for language in (Language.HANS, Language.HANT))
    chances = max((np.where(beyond, table[codes], 0) for table in tables), key=lambda found: float(found.sum()))
    chances[codes == 0xFFFD] = -1000.0  # lost: not to be restored
    chances[codes == 0xFEFF] = 0.0
    return np.concatenate(([0.0], np.cumsum(chances, dtype=np.float64)))


def _mean(text: str) -> float:
    beyond = "".join(char for char in text if char > "\x7f" and char != "\ufeff")
    return float(_sums(beyond)[-1]) / max(1, len(beyond))


# How the bytes are had back

_WINDOWS = {  # what Windows 1252 has in the place of the controls of Latin-1
    ord(bytes([code]).decode("cp1252")): code
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
LATIN = frozenset(map(chr, (*range(0x80, 0x100), *_WINDOWS)))
_NOT_LATIN = re.compile(f"[^\x00-\x7f{''.join(sorted(LATIN))}]")
_RUN = re.compile(f"[\x80-\xff{''.join(sorted(map(chr, _WINDOWS)))}]+")
_ONE = _RUN.pattern[:-1]
_LETTER_NEAR = re.compile(f"{_ONE}{{1,8}}[\xc0-\xff]|[\xc0-\xff]{_ONE}|(?<={_ONE})[\xc0-\xff]")
_LETTER_NEAR_A_CONTROL = re.compile(f"{_RUN.pattern[:-2]}@-~]{{0,8}}[\xc0-\xff]")  # ASCII as well: GBK beyond GB 2312
_UTF_8_AS_LATIN = re.compile(
    f"[\xc2-\xdf]{_RUN.pattern}|[\xe2-\xef](?: ?{_RUN.pattern[:-1]}){{2}}|[\xe2-\xef]{_RUN.pattern} "
)
_GBK_PAIRS = re.compile("[\xa1-\xf7][\xa1-\xfe][^\u0100-\U0010ffff]{0,8}[\xa1-\xf7][\xa1-\xfe]", re.DOTALL)
_LOST_NO_BREAK_SPACE = re.compile(rb"([\xe2-\xef][\x80-\xbf]) |([\xe2-\xef]) (?=[\x80-\xbf])")


def _latin(text: str) -> bytes:
    """The bytes of a text up to the first character that Windows 1252 and Latin-1 do not have."""
    stop = _NOT_LATIN.search(text)
    return text[: stop.start() if stop else None].translate(_WINDOWS).encode("latin-1")


def _latin_with_spaces(text: str) -> bytes:
    """The same, with the no-break spaces that became plain ones on the way: no other byte could stand there."""
    return _LOST_NO_BREAK_SPACE.sub(rb"\1\2" + b"\xa0", _latin(text))


def _gbk(text: str) -> bytes:
    """The bytes of a text in GBK. Windows reads the byte 80, which GBK has not, as €, and writes the € of GBK the same."""
    parts = [part.encode("gb18030", "replace") for part in text.split("€")]
    raw = parts[0]
    for part in parts[1:]:
        opens = _OPEN.search(raw)
        both = opens is not None and b"\x80" <= part[:1] <= b"\xbf"
        raw += (b"\xa2\xe3" if both else b"\x80") + part
    return raw


_OPEN = re.compile(rb"[\xe0-\xef][\x80-\xbf]\Z")  # wants one byte more
_UTF_8_AS_GBK = re.compile(
    rb"[\xe2-\xef][\x80-\xbf]{2}(?:[\xe2-\xef][\x80-\xbf]{2}|[\xc2-\xdf][\x80-\xbf]|[\x00-\x7f]|[\xe2-\xef]?[\x80-\xbf]?\Z)"
)
_LATIN = _Reading(_latin_with_spaces, "windows-1252", "utf-8", 1, -16.0)
_GBK_AS_LATIN = _Reading(_latin, "windows-1252", "gb18030", 2, -10.0)
_GBK = _Reading(_gbk, "gbk", "utf-8", 1, -12.0)


@cache
def signs() -> str:
    """The characters by one of which all mojibake is found: letters of Latin-1, and what UTF-8 begins with in GBK."""
    leads = (bytes((first, second)) for first in (*range(0xE2, 0xEA), 0xEF) for second in range(0x80, 0xC0))
    gbk = {lead.decode("gb18030") for lead in leads}
    return "".join(sorted({*map(chr, range(0xC0, 0x100)), *gbk, *"烫屯葺"} - {*"×÷"}))
