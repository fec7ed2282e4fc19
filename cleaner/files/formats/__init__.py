"""Formats with markup, told by their content: those of OCR engines (hOCR, ALTO, PAGE-XML, Tesseract's TSV, the JSON of PaddleOCR
and MinerU), and HTML. Only a part of an HTML document, which may begin with any text, needs a name that says so.

A document of such a format is read as a text (`Printed`), in whose code points edits count; cleaned, it is written as plain
text, or as the same document with the mended text in place (`cleaner.files.formats.in_place`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from cleaner.files.decode import Decoded, decode, encode

if TYPE_CHECKING:
    from cleaner.files.formats.printed import Printed
    from cleaner.text.cleaned import Cleaned
    from cleaner.text.edits import Edit

SUFFIXES = frozenset((".alto", ".hocr", ".htm", ".html", ".json", ".tsv", ".xhtm", ".xhtml", ".xml"))
"""Suffixes of files that are taken from a folder where their content is of such a format."""

WEB = frozenset((".htm", ".html", ".xhtm", ".xhtml"))
"""Those of HTML: what has a tag in it is read as that."""
_PLAIN = frozenset((".md", ".txt"))
"""Those of files that are text, even if they begin like XML."""

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
_HOCR = re.compile(r"class\s*=\s*[\"']?[^\"'>]{0,200}\bocr_(?:page|carea|par|line)\b|name\s*=\s*[\"']?ocr-system")
_HTML_TYPE = re.compile(r"<!DOCTYPE\s+html\b", re.IGNORECASE)
_HTML_HEAD = re.compile(r"<(?:head|meta|title)\b|<html\b[^<>]*\sxmlns", re.IGNORECASE)
"""What tells a whole document from a table in Markdown, which some engines write as <html><body><table>."""
_ANY_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>")
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
    return _kind(decode(head).text, path.name) not in (None, "xml")


def extracted(decoded: Decoded, name: str = "") -> Printed | None:
    """The text of a document of these formats, None where it is of none of them; `name` is that of its file, if it has one.

    Raises UnreadableDocument where it is damaged, declares entities, or is XML of another kind.
    """
    source = decoded.text
    kind = _kind(source[:HEAD], name)
    if kind is None:
        return None
    from cleaner.files.formats import alto, hocr, html, page_xml, tesseract_tsv

    if kind == "json":
        return _from_json(source)
    readers = {
        "alto": alto.read,
        "PcGts": page_xml.read,
        "hocr": hocr.read,
        "html": html.read,
        "tsv": tesseract_tsv.read,
    }
    if kind in readers:
        return readers[kind](source)
    from cleaner.files.formats.xml import declares_entities
    from cleaner.files.unreadable import UnreadableDocument

    if kind == "xml":
        _, root = _beginning(source.lstrip("\ufeff"))
        raise UnreadableDocument(
            f"XML of a kind that is not read (its root element is <{root}>; ALTO, PAGE-XML, hOCR and XHTML are); "
            "extract its text first, and clean that"
        )
    raise UnreadableDocument(declares_entities("XML"))


def written(printed: Printed, decoded: Decoded, cleaned: Cleaned) -> bytes:
    """The bytes of the document with the applied edits in place, in its own encoding; `decoded` is what it was read from."""
    return with_edits(printed, decoded, cleaned.edits)


def with_edits(printed: Printed, decoded: Decoded, edits: Sequence[Edit]) -> bytes:
    """The same with edits of its text that do not overlap."""
    from cleaner.files.formats.in_place import put_in_place

    if not edits:
        return encode(decoded)
    text = put_in_place(printed, edits, decoded.encoding)
    return encode(decoded if text == decoded.text else replace(decoded, text=text))


def _kind(head: str, name: str = "") -> str | None:
    """What the beginning of a document looks like, of a file of that name."""
    text = head.lstrip("\ufeff \t\r\n")
    suffix = PurePath(name).suffix.lower()
    if text.startswith(_TSV):
        return "tsv"
    if text.startswith("<") and (kind := _of_markup(text, suffix)):
        return kind
    if suffix in WEB and _ANY_TAG.search(text):
        return "html"
    if not _JSON.match(text):
        return None
    return "json" if _JSON_KEYS.search(text) or ('"box"' in text and '"text"' in text) else None


def _of_markup(text: str, suffix: str) -> str | None:
    prolog, root = _beginning(text)
    if root in ("alto", "PcGts"):
        return root
    if _HOCR.search(text):
        return "hocr"
    if text[:9].lower() in ("<?xml ver", "<!doctype") and _DECLARES_ENTITIES.search(text):
        return "entities"
    if _HTML_TYPE.search(prolog) or (root.lower() == "html" and (suffix in WEB or _HTML_HEAD.search(text))):
        return "html"
    is_xml = text.startswith("<?xml") or suffix == ".xml"
    return "xml" if root and is_xml and suffix not in _PLAIN else None


def _beginning(text: str) -> tuple[str, str]:
    """The prolog of a document, and the name of the element that follows; nothing where there is none."""
    found = _PROLOG.match(text)
    prolog = found.group() if found else ""
    root = _ROOT.match(text, len(prolog))
    return prolog, root.group(1) if root else ""


def _from_json(source: str) -> Printed | None:
    """JSON of one of the formats; None where it is another. Raises UnreadableDocument where it is no JSON."""
    from cleaner.files.formats import mineru, paddle
    from cleaner.files.formats.json_places import loads

    value = loads(source, "JSON like that of an OCR engine, but")
    if mineru.is_list(value):
        return mineru.read(source, value)
    pages = paddle.pages_of(value)
    return paddle.read(source, pages) if pages else None
