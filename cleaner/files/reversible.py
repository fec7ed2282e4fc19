"""Bytes through one codec and back: what it cannot read, or would write otherwise, is kept byte for byte.

Such bytes become the lone surrogates U+DC80 to U+DCFF (PEP 383).
"""

from __future__ import annotations

import re

# Codes that Python's Big5-HKSCS reads otherwise than what wrote them meant, or reads like another code and would write
# as that one: the symbols of WHATWG Encoding, index Big5.
BIG5_CODES = {
    b"\xa1\x45": "‧", b"\xa1\x4e": "﹑", b"\xa1\xc2": "¯", b"\xa1\xe3": "～", b"\xa1\xfe": "／", b"\xa2\x40": "＼",
    b"\xa2\x41": "∕", b"\xa2\x42": "﹨", b"\xa2\x44": "￥", b"\xa2\x46": "￠", b"\xa2\x47": "￡", b"\xa2\x7e": "╭",
    b"\xa2\xa1": "╮", b"\xa2\xa2": "╰", b"\xa2\xa3": "╯", b"\xa2\xa4": "═", b"\xa2\xa5": "╞", b"\xa2\xa6": "╪",
    b"\xa2\xa7": "╡", b"\xf9\xfe": "▓",
}  # fmt: skip


def decoded(raw: bytes, codec: str) -> str | None:
    """The text of `raw`, from which `encoded` makes `raw` again; None where the codec cannot promise that."""
    for read in (at_once, _line_by_line):
        try:
            text = read(raw, codec)
            if encoded(text, codec) == raw:
                return text
        except (UnicodeError, ValueError):
            continue
    return None


def encoded(text: str, codec: str) -> bytes:
    """The bytes that `decoded` made the text of, by the same codec. Raises UnicodeError for any other text."""
    if codec == "big5hkscs":
        return b"".join(
            _BIG5_CHARACTERS.get(run) or run.encode(codec, "surrogateescape") for run in _BIG5_TEXT.split(text)
        )
    if not codec.startswith("utf-16"):
        return text.encode(codec, "surrogateescape")
    odd = bytes([ord(text[-1]) - 0xDC00]) if "\udc00" <= text[-1:] <= "\udcff" else b""
    return text[: -1 if odd else None].encode(codec, "surrogatepass") + odd


def at_once(raw: bytes, codec: str) -> str:
    """The text of `raw`, which `encoded` may write otherwise here and there. Raises UnicodeError where there is none."""
    if codec == "big5hkscs":
        return "".join(
            BIG5_CODES.get(run.group()) or run.group().decode(codec, "surrogateescape")
            for run in _BIG5_BYTES.finditer(raw)
        )
    if not codec.startswith("utf-16"):
        return raw.decode(codec, "surrogateescape")
    odd = "".join(chr(0xDC00 + byte) for byte in raw[len(raw) & ~1 :])  # a file cut in the middle of a code unit
    return raw[: len(raw) & ~1].decode(codec, "surrogatepass") + odd


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
        text = at_once(line, codec)
        lines.append(text if encoded(text, codec) == line else _character_by_character(line, codec))
    return "".join(lines)


def _character_by_character(line: bytes, codec: str) -> str:
    characters: list[str] = []
    at = 0
    while at < len(line):
        for width in (1, 2, 3, 4, 1):
            code = line[at : at + width]
            character = at_once(code, codec)
            if len(character) == 1 and not "\ud800" <= character <= "\udfff":
                break
        kept = len(character) == 1 and encoded(character, codec) == code
        characters.append(character if kept else code.decode("ascii", "surrogateescape"))
        at += width
    return "".join(characters)
