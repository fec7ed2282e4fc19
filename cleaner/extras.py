"""Libraries that only some uses need: imported when they are, and named with the extra that brings them when missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class MissingExtra(ImportError):
    """A library is missing that only some uses need. The message says which, for what, and how to install it."""


def needed(module: str, extra: str, what: str) -> Any:
    """The module, for `what` (the subject of the message); it comes with the extra of that name. Raises MissingExtra."""
    try:
        return import_module(module)
    except ImportError as error:
        missing = error.name or module
        raise MissingExtra(f"{what} needs {missing}; install it with: pip install 'cleaner[{extra}]'") from error
