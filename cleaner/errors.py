"""What can be wrong with settings, and what to write instead."""

from __future__ import annotations

from rapidfuzz import process


class SettingsError(ValueError):
    """A setting that does not exist or cannot have that value. The message says which, and what to write instead."""


class PluginError(SettingsError):
    """What another package adds is at fault. The message names the package, and says what to do."""


def meant(name: str, known: tuple[str, ...]) -> str:
    """What to write instead of a name that does not exist: the likeliest of those known, or all of them."""
    best = process.extractOne(name, known, score_cutoff=60)
    return f"did you mean {best[0]!r}?" if best else "there are " + ", ".join(known)
