"""XML with the place of every element in the source, so that a text can be changed and all else stay as it is.

Read with expat, which knows those places, goes to no network and no other file, and whose memory does not grow with
references. Entity declarations are refused all the same: no OCR format needs them, and they are how XML is used to do harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.parsers import expat

import numpy as np

from cleaner.files.formats.parts import Field, joined, plain, referenced
from cleaner.files.unreadable import UnreadableDocument

DEEPEST = 500
"""Elements within one another; ALTO and PAGE have a dozen."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_ENTITY = re.compile(r"<!ENTITY\b", re.IGNORECASE)


class Tag(NamedTuple):
    """The beginning of an element, or its end (`attributes` is None then): its name without prefix, where its tag begins."""

    name: str
    start: int
    attributes: dict[str, str] | None


def tags(source: str, what: str) -> Iterator[Tag]:
    """The tags of a document in order; `what` it is goes into messages.

    The encoding that its declaration names is of no account: the source is decoded already. Raises UnreadableDocument
    where it is not well-formed, declares entities, or is nested too deeply.
    """
    names: list[str] = []
    found: list[dict[str, str] | None] = []
    places: list[int] = []
    parser = expat.ParserCreate("utf-8")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    depth = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise UnreadableDocument(f"{what} whose elements are nested more than {DEEPEST} deep; it is damaged")
        note(name, attributes)

    def finish(name: str) -> None:
        nonlocal depth
        depth -= 1
        note(name, None)

    def note(name: str, attributes: dict[str, str] | None) -> None:
        names.append(name.rpartition(":")[2])
        found.append(attributes)
        places.append(parser.CurrentByteIndex)

    def refuse(*_: object) -> None:
        raise UnreadableDocument(declares_entities(what))

    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    parser.EntityDeclHandler = refuse
    raw = _SURROGATE.sub("\ufffd", source).encode(
        "utf-8"
    )  # as long as what it stands for: bytes that could not be read
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise UnreadableDocument(f"{what} that is not well-formed: {error}") from error
    first = (np.frombuffer(raw, np.uint8) & 0xC0) != 0x80  # bytes that begin a code point
    before = np.concatenate([[0], np.cumsum(first)])
    offsets = before[np.array(places, np.int64)]
    yield from map(Tag, names, offsets.tolist(), found)


def declares_entities(what: str) -> str:
    """The message for a document with entity declarations."""
    return (
        f"{what} that declares entities; they are not resolved, for they can be used to do harm: expand or remove them"
    )


def refuse_entities(source: str, what: str) -> None:
    """Raises UnreadableDocument where a document that is no well-formed XML declares entities."""
    if _ENTITY.search(source):
        raise UnreadableDocument(declares_entities(what))


_TAG = re.compile(r"<[^\s/>]+(?:\s+[^\s=>]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>")
_ATTRIBUTE = re.compile(r"\s(?:[^\s=:>\"']+:)?([^\s=:>\"']+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def tag_end(source: str, start: int) -> int:
    """Where the tag ends that begins at `start`."""
    match = _TAG.match(source, start)
    return match.end() if match else start


def attribute(source: str, start: int, name: str) -> Field:
    """The value of an attribute of the tag that begins at `start`, empty where it has none."""
    for match in _ATTRIBUTE.finditer(source, start, tag_end(source, start)):
        if match.group(1) == name:
            group = 2 if match.group(2) is not None else 3
            return referenced(plain(source, *match.span(group)))
    return plain(source, start, start)


_NOT_TEXT = re.compile(r"<!\[CDATA\[(.*?)\]\]>|<!--.*?-->|<\?.*?\?>", re.DOTALL)


def content(source: str, start: int, end: int) -> Field:
    """The text of an element without children whose tags begin at `start` and `end`."""
    at = tag_end(source, start)
    parts: list[Field] = []
    for match in _NOT_TEXT.finditer(source, at, end):
        parts.append(referenced(plain(source, at, match.start())))
        if match.group(1) is not None:
            parts.append(plain(source, *match.span(1)))
        at = match.end()
    return joined([*parts, referenced(plain(source, at, max(at, end)))])
