"""Bytes into text, so that the text gives every byte back.

A byte order mark decides; without one, strict UTF-8; then GB18030, Big5-HKSCS, UTF-16 and damaged UTF-8 are compared by
how likely the text is that they give: read in the wrong encoding, a Chinese text is full of characters that hardly
anyone writes. Bytes that an encoding cannot read become the lone surrogates U+DC80 to U+DCFF (PEP 383).
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from math import log
from typing import NamedTuple

from cleaner.knowledge import resources

BOMS = {  # UTF-32 first: its little-endian mark begins with that of UTF-16
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}
RIVALS = ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be")

# Names that stand for more than they say: files called GB2312 or Big5 hold what Windows wrote (WHATWG Encoding, 4.2).
SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "utf-8-sig": "utf-8",
    "ascii": "utf-8",
}

# Codes that Python's Big5-HKSCS reads otherwise than what wrote them meant, or reads like another code and would write
# as that one: the symbols of WHATWG Encoding, index Big5.
BIG5_CODES = {
    b"\xa1\x45": "‧", b"\xa1\x4e": "﹑", b"\xa1\xc2": "¯", b"\xa1\xe3": "～", b"\xa1\xfe": "／", b"\xa2\x40": "＼",
    b"\xa2\x41": "∕", b"\xa2\x42": "﹨", b"\xa2\x44": "￥", b"\xa2\x46": "￠", b"\xa2\x47": "￡", b"\xa2\x7e": "╭",
    b"\xa2\xa1": "╮", b"\xa2\xa2": "╰", b"\xa2\xa3": "╯", b"\xa2\xa4": "═", b"\xa2\xa5": "╞", b"\xa2\xa6": "╪",
    b"\xa2\xa7": "╡", b"\xf9\xfe": "▓",
}  # fmt: skip

SAMPLE = 1 << 16
"""Bytes from the first one beyond ASCII on, by which encodings are compared."""

SURE = log(1000)
"""The encoding counts as certain where the text is a thousand times as likely as with the next one."""

PLAUSIBLE = -10.5
"""Least mean log probability of a character beyond ASCII of Chinese text. Of texts of ten characters, 99 % are above −9.1
in the right encoding, and 99 % below −12.3 in a wrong one."""

LEAST_TO_GUESS = 32
"""Bytes; of less, charset-normalizer takes a stray byte for Urdu."""

# Probabilities of characters that the table does not count. Only their order of size matters.
ASCII = log(2e-3)
WHITE = log(1e-2)
UNCOMMON = log(1e-7)  # an ideograph or letter that stands less than once in a million
STRANGE = log(1e-9)  # controls, private use, Hangul: scarcely ever in Chinese print
UNDECODABLE = log(1e-11)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a document, byte order mark removed and nothing else, and what `encode` needs to give the bytes back.

    `certain` is false where the encoding is a guess that a person should confirm.
    """

    text: str
    encoding: str
    bom: bool
    certain: bool


class UnknownEncoding(ValueError):
    """A name that no text encoding has."""


def decode(raw: bytes, encoding: str | None = None) -> Decoded:
    """The text of `raw`, in the encoding named or, without a name, the one that fits. `encode` gives `raw` back.

    Raises UnknownEncoding where no text encoding has that name; any bytes are accepted.
    """
    if encoding is not None:
        return _named(raw, codec_of(encoding, raw))
    for codec, bom in BOMS.items():
        if raw.startswith(bom):
            found = _named(raw, codec)
            if found.certain:
                return found
    if b"\0" not in raw:
        try:
            return Decoded(raw.decode("utf-8"), "utf-8", bom=False, certain=True)
        except UnicodeDecodeError:
            pass
    return _likeliest(raw)


def encode(decoded: Decoded) -> bytes:
    """The bytes that `decode` made the text of."""
    body = _encoded(decoded.text, decoded.encoding)
    return BOMS[decoded.encoding] + body if decoded.bom else body


def codec_of(encoding: str, raw: bytes = b"") -> str:
    """Python's name of the codec that `encoding` means, for `raw`. Raises UnknownEncoding."""
    try:
        codec = codecs.lookup(encoding).name
        "".encode(codec)  # refuses codecs that make no text, such as rot13
    except (LookupError, UnicodeError, ValueError) as error:
        raise UnknownEncoding(
            f"there is no text encoding named {encoding!r}; Chinese text is mostly gb18030, big5hkscs, utf-8 or utf-16"
        ) from error
    codec = SUPERSETS.get(codec, codec)
    if codec in ("utf-16", "utf-32"):
        return f"{codec}-be" if raw.startswith(BOMS[f"{codec}-be"]) else f"{codec}-le"
    return codec


def _named(raw: bytes, codec: str) -> Decoded:
    """`raw` read by one codec, its own byte order mark removed; where that cannot give the bytes back, as damaged UTF-8."""
    bom = codec in BOMS and raw.startswith(BOMS[codec])
    body = raw[len(BOMS[codec]) :] if bom else raw
    text = _decoded(body, codec)
    if text is None:
        return replace(_named(raw, "utf-8"), certain=False)
    return Decoded(text, codec, bom, certain=True)


# One codec


def _decoded(raw: bytes, codec: str) -> str | None:
    """The text of `raw`, from which `_encoded` makes `raw` again; None where the codec cannot promise that."""
    for read in (_at_once, _line_by_line):
        try:
            text = read(raw, codec)
            if _encoded(text, codec) == raw:
                return text
        except (UnicodeError, ValueError):
            continue
    return None


def _at_once(raw: bytes, codec: str) -> str:
    if codec == "big5hkscs":
        return "".join(
            BIG5_CODES.get(run.group()) or run.group().decode(codec, "surrogateescape")
            for run in _BIG5_BYTES.finditer(raw)
        )
    if not codec.startswith("utf-16"):
        return raw.decode(codec, "surrogateescape")
    odd = "".join(chr(0xDC00 + byte) for byte in raw[len(raw) & ~1 :])  # a file cut in the middle of a code unit
    return raw[: len(raw) & ~1].decode(codec, "surrogatepass") + odd


def _encoded(text: str, codec: str) -> bytes:
    if codec == "big5hkscs":
        return b"".join(
            _BIG5_CHARACTERS.get(run) or run.encode(codec, "surrogateescape") for run in _BIG5_TEXT.split(text)
        )
    if not codec.startswith("utf-16"):
        return text.encode(codec, "surrogateescape")
    odd = bytes([ord(text[-1]) - 0xDC00]) if "\udc00" <= text[-1:] <= "\udcff" else b""
    return text[: -1 if odd else None].encode(codec, "surrogatepass") + odd


_SPECIAL = b"|".join(map(re.escape, BIG5_CODES))
_BIG5_BYTES = re.compile(  # one of those codes, or all up to the next one
    b"%b|(?:[\x00-\x80\xff]|(?!%b)[\x81-\xfe][\x40-\x7e\xa1-\xfe]?)+" % (_SPECIAL, _SPECIAL),
    re.DOTALL,
)
_BIG5_CHARACTERS = {character: code for code, character in BIG5_CODES.items()}
_BIG5_TEXT = re.compile(f"([{''.join(_BIG5_CHARACTERS)}])")


def _line_by_line(raw: bytes, codec: str) -> str:
    """Line by line, and where a line is not given back, character by character.

    Needed where a codec reads two codes as one character, as Big5 does 十.
    """
    lines = []
    for line in raw.splitlines(keepends=True):
        text = _at_once(line, codec)
        lines.append(text if _encoded(text, codec) == line else _character_by_character(line, codec))
    return "".join(lines)


def _character_by_character(line: bytes, codec: str) -> str:
    characters: list[str] = []
    at = 0
    while at < len(line):
        for width in (1, 2, 4, 1):
            code = line[at : at + width]
            character = _at_once(code, codec)
            if len(character) == 1 and not "\ud800" <= character <= "\udfff":
                break
        kept = len(character) == 1 and _encoded(character, codec) == code
        characters.append(character if kept else code.decode("ascii", "surrogateescape"))
        at += width
    return "".join(characters)


# The likeliest of several


def _likeliest(raw: bytes) -> Decoded:
    """`raw` in the encoding under which its text is likeliest; charset-normalizer is asked where that says too little."""
    sample = _sample(raw)
    scores = {codec: score for codec in RIVALS if (score := _score(sample, codec)) is not None}
    first, second = sorted(scores, key=lambda codec: -scores[codec].whole)[:2]
    sure = scores[first].whole - scores[second].whole >= SURE
    plausible = scores[first].mean >= PLAUSIBLE
    best = first
    if not (sure and plausible):
        guess = _guess(sample)
        if guess is not None and (not plausible or guess == second):
            best = guess
    found = _named(raw, best)
    return replace(found, certain=found.certain and sure and plausible)


def _sample(raw: bytes) -> bytes:
    """A part of `raw` that begins at its first byte beyond ASCII, at an even place so that UTF-16 stays in step."""
    telling = re.search(rb"[\x80-\xff]", raw)
    start = telling.start() & ~1 if telling and telling.start() > SAMPLE else 0
    return raw[start : start + SAMPLE]


class _Score(NamedTuple):
    """Log probabilities of a text: of the whole, and of a character beyond ASCII on the mean."""

    whole: float
    mean: float


def _score(sample: bytes, codec: str) -> _Score | None:
    """How likely the text is that a codec makes of a sample; None where it cannot be the codec."""
    text = _decoded(sample, codec)
    if text is None:
        return None
    counts = Counter(text)
    beyond = {char: number for char, number in counts.items() if char > "\x7f"}
    ascii_part = sum(number * _ASCII.get(char, STRANGE) for char, number in counts.items() if char <= "\x7f")
    other_part = max(sum(number * _probability(char, script) for char, number in beyond.items()) for script in (0, 1))
    mean = other_part / max(1, sum(beyond.values()))
    if codec.startswith("utf-16") and mean < PLAUSIBLE:
        return None  # UTF-16 can read anything, even noise
    return _Score(ascii_part + other_part, mean)


_ASCII = {chr(code): ASCII for code in range(0x21, 0x7F)} | dict.fromkeys(" \n\r\t\f", WHITE)


def _probability(char: str, script: int) -> float:
    """A character's log probability in simplified (0) or traditional (1) text."""
    found = _common_characters()[script].get(char)
    if found is not None:
        return found
    if "\ud800" <= char <= "\udfff":
        return UNDECODABLE
    return UNCOMMON if char.isalpha() and not "\uac00" <= char <= "\ud7a3" else STRANGE


@cache
def _common_characters() -> tuple[dict[str, float], dict[str, float]]:
    rows = resources.rows("rules/common-characters.tsv")
    simplified, traditional = (
        {row[0]: max(log(float(row[column]) / 1e6), UNCOMMON) for row in rows if float(row[column])}
        for column in (1, 2)
    )
    return simplified, traditional


def _guess(sample: bytes) -> str | None:
    """What charset-normalizer takes the encoding to be, if it reads the sample strictly and gives it back."""
    if len(sample) < LEAST_TO_GUESS:
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    if best is None:
        return None
    codec = codec_of(best.encoding, sample)
    try:
        return codec if sample.decode(codec).encode(codec) == sample else None
    except UnicodeError:
        return codec if codec in RIVALS else None
