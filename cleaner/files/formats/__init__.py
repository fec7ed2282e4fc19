"""Formats of OCR engines, told by their content: hOCR, ALTO, PAGE-XML, Tesseract's TSV, the JSON of PaddleOCR and MinerU.

A document of such a format is read as a text (`Printed`), in whose code points edits count; cleaned, it is written as plain
text, or as the same document with the mended text in place (`cleaner.files.formats.in_place`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.files.decode import Decoded, decode, encode

if TYPE_CHECKING:
    from cleaner.files.formats.printed import Printed
    from cleaner.text.cleaned import Cleaned

SUFFIXES = frozenset((".alto", ".hocr", ".htm", ".html", ".json", ".tsv", ".xhtml", ".xml"))
"""Suffixes of files that are taken from a folder where their content is of such a format."""

OWN_SUFFIXES = frozenset((".alto", ".hocr"))
"""Those that no other files have."""

HEAD = 1 << 16
"""Bytes at the beginning of a file by which it is told whether it may be of such a format."""

_TSV = "level\tpage_num\tblock_num"
_PROLOG = re.compile(
    r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*(?:<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>\s*)?(?:<\?.*?\?>\s*|<!--.*?-->\s*)*",
    re.DOTALL | re.IGNORECASE,
)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
_HOCR = re.compile(r"class\s*=\s*[\"']?[^\"'>]*\bocr_(?:page|carea|par|line)\b|name\s*=\s*[\"']?ocr-system")
_DECLARES_ENTITIES = re.compile(r"<!ENTITY\s", re.IGNORECASE)
_JSON = re.compile(r"[\[{]\s*[\[{\"]")
_JSON_KEYS = re.compile(
    r'"(?:rec_texts|parsing_res_list|page_idx|txt|transcription|rec_text)"\s*:|\[\s*\[\s*-?[\d.]+\s*,'
)
"""Keys that only OCR engines use, or a polygon."""


def may_be(path: Path) -> bool:
    """Whether the file at `path` begins as a document of these formats does. False where it cannot be read."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError:
        return False
    return _kind(decode(head).text) is not None


def extracted(decoded: Decoded) -> Printed | None:
    """The text of a document of these formats, None where it is of none of them.

    Raises UnreadableDocument where it is damaged, or declares entities.
    """
    source = decoded.text
    kind = _kind(source[:HEAD])
    if kind is None:
        return None
    from cleaner.files.formats import alto, hocr, page_xml, tesseract_tsv

    if kind == "json":
        return _from_json(source)
    readers = {"alto": alto.read, "PcGts": page_xml.read, "hocr": hocr.read, "tsv": tesseract_tsv.read}
    if kind in readers:
        return readers[kind](source)
    from cleaner.files.formats.xml import declares_entities
    from cleaner.files.unreadable import UnreadableDocument

    raise UnreadableDocument(declares_entities("XML"))


def written(printed: Printed, decoded: Decoded, cleaned: Cleaned) -> bytes:
    """The bytes of the document with the applied edits in place, in its own encoding; `decoded` is what it was read from."""
    from cleaner.files.formats.in_place import put_in_place

    if not cleaned.edits:
        return encode(decoded)
    text = put_in_place(printed, cleaned.edits, decoded.encoding)
    return encode(decoded if text == decoded.text else replace(decoded, text=text))


def _kind(head: str) -> str | None:
    """What the beginning of a document looks like."""
    text = head.lstrip("\ufeff \t\r\n")
    if text.startswith(_TSV):
        return "tsv"
    if text.startswith("<"):
        return _of_markup(text)
    if not _JSON.match(text):
        return None
    return "json" if _JSON_KEYS.search(text) or ('"box"' in text and '"text"' in text) else None


def _of_markup(text: str) -> str | None:
    prolog = _PROLOG.match(text)
    root = _ROOT.match(text, prolog.end() if prolog else 0)
    name = root.group(1) if root else ""
    if name in ("alto", "PcGts"):
        return name
    if _HOCR.search(text):
        return "hocr"
    if text[:9].lower() in ("<?xml ver", "<!doctype") and _DECLARES_ENTITIES.search(text):
        return "entities"
    return None


def _from_json(source: str) -> Printed | None:
    """JSON of one of the formats; None where it is another. Raises UnreadableDocument where it is no JSON."""
    from cleaner.files.formats import mineru, paddle
    from cleaner.files.formats.json_places import loads

    value = loads(source, "JSON like that of an OCR engine, but")
    if mineru.is_list(value):
        return mineru.read(source, value)
    pages = paddle.pages_of(value)
    return paddle.read(source, pages) if pages else None
