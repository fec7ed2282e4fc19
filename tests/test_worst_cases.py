"""Texts and documents made to be slow come out whole. How long they take, benchmarks/worst_cases.py prints."""

from __future__ import annotations

import pytest

from cleaner import Cleaner
from cleaner.files.decode import decode, encode
from worst_cases import BYTES, DOCUMENTS, PATTERNS, document_of, read_and_write, text_of

CLEANER = Cleaner()


@pytest.mark.parametrize("name", PATTERNS)
def test_a_text_comes_out_whole(name: str) -> None:
    text = text_of(PATTERNS[name], 10_000)
    assert CLEANER.clean(text).revert() == text


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_read_and_written_or_refused(name: str) -> None:
    read_and_write(document_of(DOCUMENTS[name], 20_000))


@pytest.mark.parametrize("name", BYTES)
def test_bytes_come_back(name: str) -> None:
    raw = BYTES[name] * (5_000 // len(BYTES[name]))
    assert encode(decode(raw)) == raw
