"""Names of documents as they are told on a terminal."""

from __future__ import annotations

import re

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def named(name: str) -> str:
    """A name on one line: those of files may hold line ends, and what moves the cursor; it is written as Python does."""
    return _CONTROLS.sub(lambda control: repr(control.group())[1:-1], name)
