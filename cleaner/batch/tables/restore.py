"""Sources of tables, from where they were read: the ledger keeps path and hash."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cleaner.files.write import replacing
from cleaner.ledger.ledger import Document

AT_ONCE = 1 << 20
"""Bytes copied at a time."""


class _Changed(Exception):
    """The file is not the one that was cleaned."""


def copied(document: Document, target: Path) -> str:
    """Copies the source of a table to `target`, if it is the file that was cleaned; else nothing is written, and the reason
    given. Raises OSError where `target` cannot be written."""
    source = Path(document.path)
    if not source.is_file():
        return f"of tables only path and hash are kept, and there is nothing at {source} any more"
    digest = hashlib.sha256()
    try:
        with source.open("rb") as original, replacing(target) as stream:
            while content := original.read(AT_ONCE):
                digest.update(content)
                stream.write(content)
            if digest.hexdigest() != document.sha256:
                raise _Changed
    except _Changed:
        return f"of tables only path and hash are kept, and {source} has changed since it was cleaned"
    return ""
