"""Reading a document: its bytes and its text, or a line that says why it is none.

This is the one place that says how a document is read; which files are documents, `cleaner.files.find` says.
"""

from __future__ import annotations

import hashlib
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.files.decode import Decoded, UnknownEncoding, decode
from cleaner.files.unreadable import SIGNATURES, UnreadableDocument, too_large

if TYPE_CHECKING:
    from cleaner.files.formats.printed import Printed
    from cleaner.text.recognised import Recognised

LARGEST = 512 * 1024 * 1024
"""Bytes of the largest document that is read on any machine."""

MEMORY_FOR_A_BYTE = 100
"""Bytes of memory that it takes to clean a byte of text, in all processes; measured: 84, on 24 MB of a magazine with an edit every
twelve characters, most of them for the edits; 23 on as much clean news."""

ALWAYS_READ = 1024 * 1024
"""Bytes of a document that is read however little memory is left."""

MOST_CONTROLS = 0.05
"""Share of control characters from which on a file is taken for binary. Text has next to none, random bytes 10 %."""

CONTROLS = bytes({*range(0x20), 0x7F} - {*b"\t\n\v\f\r\x1a\x1b"})  # Ctrl-Z ends DOS files, ESC stands in terminal logs


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a document, with their SHA-256 in hexadecimal."""

    raw: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as it is cleaned: its decoded source, and what it is as a text where it is of a format with markup."""

    decoded: Decoded
    printed: Printed | None = None

    @property
    def text(self) -> str:
        """The text to clean, in whose code points edits count."""
        return self.printed.text if self.printed else self.decoded.text

    @property
    def recognised(self) -> Recognised | None:
        """What the engine told of the text, beside it; None for plain text."""
        return self.printed.recognised if self.printed else None


def read(path: Path, most: int = LARGEST, member: int | None = None) -> Source:
    """The bytes of the file at `path`, or of the member at that place of the archive there.

    Raises UnreadableDocument for what is no regular file, has more than `most` bytes, or cannot be read.
    """
    try:
        if member is not None:
            from cleaner.files.archives import read_member

            return _as_source(read_member(path, member, most), most)
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableDocument(f"not a file but {_kind(status.st_mode)}; to read from a pipe use `cleaner run -`")
        if status.st_size > most:
            raise UnreadableDocument(too_large(status.st_size, most))
        with path.open("rb") as stream:
            raw = stream.read(most + 1)
    except OSError as error:
        raise UnreadableDocument(f"cannot be read: {error.strerror or error}") from error
    return _as_source(raw, most)


def _as_source(raw: bytes, most: int) -> Source:
    if len(raw) > most:
        raise UnreadableDocument(too_large(len(raw), most))
    return Source(raw, hashlib.sha256(raw).hexdigest())


def largest(jobs: int = 1) -> int:
    """Bytes of the largest document that this machine can clean now, `jobs` of them at once."""
    return max(ALWAYS_READ, min(LARGEST, available_memory() // MEMORY_FOR_A_BYTE // jobs))


def available_memory() -> int:
    """Bytes of memory that may be used now: of the machine, or of the container if that has less."""
    free = [LARGEST * MEMORY_FOR_A_BYTE]
    try:
        meminfo = Path("/proc/meminfo").read_text(encoding="ascii")
        free += [int(line.split()[1]) * 1024 for line in meminfo.splitlines() if line.startswith("MemAvailable:")]
        group = Path("/sys/fs/cgroup")
        limit, used = ((group / name).read_text(encoding="ascii").strip() for name in ("memory.max", "memory.current"))
        if limit != "max":
            free.append(int(limit) - int(used))
    except OSError:  # not Linux, or not in a container
        pass
    return max(0, min(free))


def reading_of(raw: bytes, encoding: str | None = None, name: str = "") -> Reading:
    """A document's bytes as it is cleaned: decoded, and where they are of a format with markup (`cleaner.files.formats`), the text of
    that. `name` is that of its file, by which parts of HTML documents are known.

    Raises what `text_of` raises, and UnreadableDocument for a format that is damaged, declares entities, or is other XML.
    """
    from cleaner.files import formats

    decoded = text_of(raw, encoding)
    if not decoded.certain and encoding is None:
        decoded = _as_declared(raw) or decoded
    printed = formats.extracted(decoded, name)
    if printed and decoded.stretches:
        raise UnreadableDocument(
            f"{printed.format} in several encodings ({decoded.encoding}); name one with --encoding"
        )
    return Reading(decoded, printed)


_DECLARED = re.compile(
    rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)|<meta[^>]*?charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE
)


def _as_declared(raw: bytes) -> Decoded | None:
    """The document in the encoding that it declares, where it can be read in that; what it declares is often wrong."""
    declared = _DECLARED.search(raw, 0, 1024)
    if not declared:
        return None
    try:
        decoded = decode(raw, (declared.group(1) or declared.group(2)).decode("ascii"))
    except UnknownEncoding:
        return None
    return decoded if decoded.certain else None


def text_of(raw: bytes, encoding: str | None = None) -> Decoded:
    """The text of a document's bytes, in the encoding named or in the one that fits.

    Raises UnreadableDocument for bytes that are not text, and UnknownEncoding for a name that no encoding has.
    """
    for signature, what, advice in SIGNATURES:
        if raw.startswith(signature):
            raise UnreadableDocument(f"{what}, not plain text; {advice}")
    decoded = decode(raw, encoding)
    in_units = decoded.encoding.startswith(("utf-16", "utf-32"))  # every other byte of which may be NUL
    controls = (
        sum(decoded.text.count(chr(control)) for control in CONTROLS)
        if in_units
        else len(raw) - len(raw.translate(None, CONTROLS))
    )
    length = len(decoded.text) if in_units else len(raw)
    if controls > 1 and controls > MOST_CONTROLS * length:
        raise UnreadableDocument(
            f"binary, not text ({100 * controls / length:.0f} % control characters); if it is text, name its encoding "
            "with --encoding"
        )
    return decoded


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    if stat.S_ISFIFO(mode):
        return "a pipe"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"
