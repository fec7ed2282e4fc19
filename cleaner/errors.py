"""What can be wrong with settings, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable


class SettingsError(ValueError):
    """A setting that does not exist or cannot have that value. The message says which, and what to write instead."""


class PluginError(SettingsError):
    """What another package adds is at fault. The message names the package, and says what to do."""


def meant(name: str, known: tuple[str, ...]) -> str:
    """What to write instead of a name that does not exist: the likeliest of those known, or all of them."""
    best = nearest(name, known)
    return f"did you mean {best!r}?" if best else "there are " + ", ".join(known)


LEAST_PART = 3
"""Letters of a name by which the whole is known."""
LETTERS_PER_SLIP = 4
"""Letters of which one may be wrong, lost, added or exchanged with its neighbour; of shorter names too."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The name that somebody meant who wrote another one: one that it is a part of, that begins like it, or that it differs
    from by slips, as a whole or behind the last `/`. None where all are too far from it: a wrong hint is worse than none.
    """
    from rapidfuzz.distance import OSA, Prefix

    wanted = name.casefold()
    best: tuple[float, str] | None = None
    for one in known:
        whole = one.casefold()
        last = whole.rpartition("/")[2]
        pairs = ((wanted, whole), (wanted.rpartition("/")[2], last), (wanted, last.partition(".")[0]))
        slips = min(OSA.distance(a, b) / max(1, max(len(a), len(b)) // LETTERS_PER_SLIP) for a, b in pairs)
        begins = Prefix.similarity(wanted, whole)
        if slips <= 1 or (len(wanted) >= LEAST_PART and wanted in whole) or begins > max(len(wanted), len(whole)) / 2:
            best = min(best, (slips, one)) if best else (slips, one)
    return best[1] if best else None
