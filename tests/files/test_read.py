"""Reading documents, and what is refused with a reason."""

from __future__ import annotations

import hashlib
import io
import os
import random
import zipfile
from pathlib import Path

import pytest

from cleaner.files import read as reading
from cleaner.files.read import read, text_of
from cleaner.files.unreadable import UnreadableDocument


def _zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF document.*pdftotext"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG image.*OCR"),
        (_zip(), "ZIP archive.*DOCX"),
        (b"{\\rtf1\\ansi", "Rich Text"),
        (random.Random(7).randbytes(2000), "binary, not text.*--encoding"),
        (b"\0" * 500, "binary, not text"),
    ],
)
def test_what_is_not_text_is_refused_with_what_it_is_and_what_to_do(raw: bytes, says: str) -> None:
    with pytest.raises(UnreadableDocument, match=says):
        text_of(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        "山谷里\x0c的柚子\x07熟了，".encode() * 5,
        "山谷\n".encode("utf-16"),
        b"page one\r\n\x1a",
        "山".encode("utf-16-le") * 9,
    ],
)
def test_text_with_a_stray_control_character_is_text(raw: bytes) -> None:
    text_of(raw)


def test_utf_16_without_a_mark_is_no_binary_when_it_is_named() -> None:
    assert text_of(b"a\0b\0c\0", "utf-16-le").text == "abc"


def test_bytes_and_checksum(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"\xff\r\n")
    source = read(file)
    assert (source.raw, source.sha256) == (b"\xff\r\n", hashlib.sha256(b"\xff\r\n").hexdigest())


def test_a_large_document_is_refused_without_reading_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.txt"
    with file.open("wb") as stream:
        stream.truncate(reading.LARGEST + 1)  # sparse: takes no room on disk
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(UnreadableDocument, match=r"512 MB is too large.*split it"):
        read(file)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(UnreadableDocument, match="a pipe"):
        read(tmp_path / "pipe.txt")


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="cannot be read: No such file"):
        read(tmp_path / "a.txt")


def test_the_largest_document_depends_on_the_memory_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "available_memory", lambda: 8 * 2**30)
    assert reading.largest(1) == 8 * 2**30 // reading.MEMORY_FOR_A_BYTE
    assert reading.largest(4) == reading.largest(1) // 4
    monkeypatch.setattr(reading, "available_memory", lambda: 0)
    assert reading.largest(1) == reading.ALWAYS_READ
    monkeypatch.setattr(reading, "available_memory", lambda: 2**50)
    assert reading.largest(1) == reading.LARGEST


def test_there_is_some_memory() -> None:
    assert 2**20 < reading.available_memory() < 2**50
