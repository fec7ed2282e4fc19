"""Any bytes are read as a text that gives every byte back, in the encoding that fits and in every encoding named."""

from __future__ import annotations

from collections.abc import Iterator

from begin import bytes_of, fuzz
from cleaner.files.decode import decode, encode
from cleaner.files.likelihood import RIVALS
from cleaner.files.read import reading_of
from cleaner.files.unreadable import UnreadableDocument
from laws import samples

NAMED = (*RIVALS, "utf-8", "gb2312", "big5", "utf-16", "utf-32", "cp950", "latin-1", "gb18030+utf-8", "hz", "utf-7")


def check(data: bytes) -> None:
    """Decodes the bytes, as they are and in one encoding named by the first of them."""
    decoded = decode(data)
    assert encode(decoded) == data, f"{decoded.encoding} does not give the bytes back"
    assert not decoded.stretches or sum(s.length for s in decoded.stretches) == len(decoded.text)
    named = NAMED[data[0] % len(NAMED)] if data else "gb18030"
    assert encode(decode(data, named)) == data, f"{named} does not give the bytes back"
    try:
        reading_of(data)
    except UnreadableDocument as error:
        assert str(error)


def seeds() -> Iterator[bytes]:
    """Texts in the encodings of Chinese print, and two of them in one file."""
    for text in samples():
        short = text[:300]
        every = [
            short.encode(codec, "ignore") for codec in ("utf-8", "gb18030", "big5hkscs", "utf-16", "utf-32", "cp949")
        ]
        yield from every
        yield every[1] + b"\n" + bytes_of(short) + b"\n" + every[2]


if __name__ == "__main__":
    fuzz(check, seeds(), longest=1500)
