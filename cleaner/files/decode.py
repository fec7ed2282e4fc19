"""Bytes into text, so that the text gives every byte back.

A byte order mark decides; without one, strict UTF-8; then GB18030, Big5-HKSCS, UTF-16, damaged UTF-8 and the encodings
of Japanese and Korean are compared by how likely the text is that they give: read in the wrong encoding, a Chinese text
is full of characters that hardly anyone writes. Lines that read badly are then tried in the others, for documents that
were put together. Bytes that an encoding cannot read become the lone surrogates U+DC80 to U+DCFF (PEP 383).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from math import log
from typing import NamedTuple

from cleaner.files.likelihood import RIVALS, score
from cleaner.files.mixed import LINEWISE, TRIED, stretches
from cleaner.files.reversible import decoded as reversibly_decoded
from cleaner.files.reversible import encoded
from cleaner.knowledge.frequencies import Language

BOMS = {  # UTF-32 first: its little-endian mark begins with that of UTF-16
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}

# Names that stand for more than they say: files called GB2312 or Big5 hold what Windows wrote (WHATWG Encoding, 4.2).
SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-8-sig": "utf-8",
    "ascii": "utf-8",
}

SAMPLE = 1 << 16
"""Bytes from the first one beyond ASCII on, by which encodings are compared."""

SURE = log(1000)
"""The encoding counts as certain where the text is a thousand times as likely as with the next one."""

MOST_UNDECODABLE = 0.01
"""Share of bytes that cannot be read, of a text's code points, from which on its encoding is no longer certain."""

SHORT = 40
"""Bytes of the longest text that may be UTF-8 by chance."""

LEAST_TO_GUESS = 32
"""Bytes; of less, charset-normalizer takes a stray byte for Urdu."""


class Stretch(NamedTuple):
    """Part of a document in an encoding of its own: how many code points of the text, and Python's name of the codec."""

    length: int
    encoding: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a document, byte order mark removed and nothing else, and what `encode` needs to give the bytes back.

    `certain` is false where the encoding is a guess that a person should confirm. A mixed document has the names of its
    encodings joined by `+`, the document's own first (`gb18030+utf-8`), and its parts in `stretches`.
    """

    text: str
    encoding: str
    bom: bool
    certain: bool
    stretches: tuple[Stretch, ...] = ()


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
                return (codec == "utf-8" and _mixed(raw, codec)) or found
    if not _UNLIKE_UTF_8.search(raw):
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return (_chance_utf_8(raw, text) and _named_as_a_guess(raw, "gb18030")) or Decoded(
                text, "utf-8", False, True
            )
    return _likeliest(raw)


def encode(decoded: Decoded) -> bytes:
    """The bytes that `decode` made the text of."""
    if not decoded.stretches:
        body = encoded(decoded.text, decoded.encoding)
    else:
        ends = pairwise(accumulate((stretch.length for stretch in decoded.stretches), initial=0))
        body = b"".join(
            encoded(decoded.text[start:end], stretch.encoding)
            for (start, end), stretch in zip(ends, decoded.stretches, strict=True)
        )
    return BOMS[_main(decoded.encoding)] + body if decoded.bom else body


def codec_of(encoding: str, raw: bytes = b"") -> str:
    """Python's name of the codec that `encoding` means, for `raw`; several, joined by `+`, for a mixed document.

    Raises UnknownEncoding.
    """
    names = [_codec_of(name, raw) for name in encoding.split("+")]
    if len(names) > 1 and (odd := next((name for name in names if name not in LINEWISE), None)):
        raise UnknownEncoding(f"{odd} cannot stand in a mixed document; these can: {', '.join(LINEWISE)}")
    return "+".join(dict.fromkeys(names))


def _codec_of(encoding: str, raw: bytes) -> str:
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


def _main(encoding: str) -> str:
    """The encoding that a mixed document is mostly in, or the only one."""
    return encoding.partition("+")[0]


def _named(raw: bytes, encoding: str) -> Decoded:
    """`raw` read by the codecs named, its own byte order mark removed; what cannot give the bytes back, as damaged UTF-8."""
    codec, *others = encoding.split("+")
    if others:
        return _mixed(raw, codec, others) or _named(raw, codec)
    bom, body = _without_mark(raw, codec)
    text = reversibly_decoded(body, codec)
    if text is None:
        return replace(_named(raw, "utf-8"), certain=False)
    return Decoded(text, codec, bom, certain=True)


def _mixed(raw: bytes, codec: str, others: Sequence[str] = TRIED) -> Decoded | None:
    """`raw`, mostly in one codec, with lines in others; None where it is all in the one."""
    bom, body = _without_mark(raw, codec)
    texts: list[str] = []
    parts: list[Stretch] = []
    for name, part in stretches(body, codec, others):
        text = reversibly_decoded(part, name)
        if text is None:
            return None
        texts.append(text)
        parts.append(Stretch(len(text), name))
    names = dict.fromkeys((codec, *(part.encoding for part in parts)))
    return Decoded("".join(texts), "+".join(names), bom, False, tuple(parts)) if len(names) > 1 else None


def _without_mark(raw: bytes, codec: str) -> tuple[bool, bytes]:
    bom = codec in BOMS and raw.startswith(BOMS[codec])
    return bom, raw[len(BOMS[codec]) :] if bom else raw


def _named_as_a_guess(raw: bytes, codec: str) -> Decoded:
    return replace(_named(raw, codec), certain=False)


# The likeliest of several

_UNLIKE_UTF_8 = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")
"""Control characters that text has none of, but for the one that ends DOS files and that of terminals: UTF-16, perhaps."""


def _chance_utf_8(raw: bytes, text: str) -> bool:
    """Whether a few characters of GB18030 happen to be UTF-8 as well, as 页注 is ҳע: two letters of other alphabets."""
    letters = {char for char in text if char > "\x7f"} if len(raw) <= SHORT else set()
    if not letters or not letters <= _TWO_BYTES or any(letters <= alphabet for alphabet in _ALPHABETS):
        return False
    as_gb18030, as_utf_8 = score(raw, "gb18030"), score(raw, "utf-8")
    return bool(as_gb18030 and as_utf_8 and as_gb18030.plausible and as_gb18030.whole - as_utf_8.whole >= SURE)


_TWO_BYTES = frozenset(map(chr, range(0x250, 0x800)))  # in UTF-8; Latin letters are left out
_ALPHABETS = tuple(  # Greek, Cyrillic, Hebrew, Arabic: a word in one of them is no chance
    frozenset(map(chr, range(first, end)))
    for first, end in ((0x386, 0x3CF), (0x400, 0x460), (0x5D0, 0x5EB), (0x621, 0x64B))
)


def _likeliest(raw: bytes) -> Decoded:
    """`raw` in the encoding under which its text is likeliest; charset-normalizer is asked where that says too little.

    Certain only where it is a Chinese text: of Japanese and Korean this program knows too little, and cleans neither.
    """
    sample = _sample(raw)
    scores = {codec: one for codec in RIVALS if (one := score(sample, codec)) is not None}
    first, second = sorted(scores, key=lambda codec: -scores[codec].whole)[:2]
    if first in LINEWISE and (mixed := _mixed(raw, first)):
        most = max(mixed.stretches, key=lambda stretch: stretch.length).encoding
        return (most != first and _mixed(raw, most)) or mixed
    sure = scores[first].whole - scores[second].whole >= SURE
    plausible = scores[first].plausible
    best = first
    if not (sure and plausible):
        guess = _guess(sample)
        if guess is not None and (not plausible or guess == second):
            best = guess
    found = _named(raw, best)
    chinese = scores[first].language in (Language.HANS, Language.HANT)
    broken = len(_UNDECODABLE.findall(found.text)) > MOST_UNDECODABLE * len(found.text)
    return replace(found, certain=found.certain and sure and plausible and chinese and not broken)


_UNDECODABLE = re.compile("[\udc80-\udcff]")


def _sample(raw: bytes) -> bytes:
    """A part of `raw` that begins at its first byte beyond ASCII, at an even place so that UTF-16 stays in step."""
    telling = re.search(rb"[\x80-\xff]", raw)
    start = telling.start() & ~1 if telling and telling.start() > SAMPLE else 0
    return raw[start : start + SAMPLE]


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
