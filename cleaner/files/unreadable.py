"""Documents that cannot be cleaned: what they are, and what to do about it."""

from __future__ import annotations


class UnreadableDocument(Exception):
    """A document that cannot be cleaned. The message says what it is and what to do."""


_UNPACK = "unpack it first"
_RECOGNISE = "have an OCR engine read it first, and clean what that writes"
_SAVE = "save it as plain text first"
_EXTRACT = "extract its text first (for instance with pdftotext, or an OCR engine), and clean that"

SIGNATURES = (  # how files of a kind begin, what they are, what to do with them
    (b"%PDF-", "a PDF document", _EXTRACT),
    (
        b"AT&TFORM",
        "a DjVu document",
        "extract its text first (for instance with djvutxt), and clean that",
    ),
    (b"\x89PNG\r\n", "a PNG image", _RECOGNISE),
    (b"\xff\xd8\xff", "a JPEG image", _RECOGNISE),
    (b"GIF8", "a GIF image", _RECOGNISE),
    (b"II*\0", "a TIFF image", _RECOGNISE),
    (b"MM\0*", "a TIFF image", _RECOGNISE),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 image", _RECOGNISE),
    (
        b"PK\x03\x04",
        "a ZIP archive, or a document kept in one (DOCX, ODT, EPUB)",
        f"{_UNPACK}, or {_SAVE}",
    ),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Office document (DOC, XLS, WPS)",
        _SAVE,
    ),
    (b"{\\rtf", "a Rich Text document", _SAVE),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ\0", "an xz archive", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"SQLite format 3\0", "an SQLite database", "export its text first"),
    (b"PAR1", "a Parquet file", "export its text first"),
    (b"\x7fELF", "a program", "leave it out"),
)


def too_large(size: int, most: int) -> str:
    """The message for a document of `size` bytes where at most `most` are read."""
    return (
        f"{size / 2**20:,.0f} MB is too large to clean in one piece with the memory there is (at most "
        f"{most / 2**20:,.0f} MB); split it, for instance by volume or year, or run with fewer --jobs"
    )
