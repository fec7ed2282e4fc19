"""`Cleaner.clean` keeps its laws on any text."""

from __future__ import annotations

from begin import bytes_of, fuzz, text_of
from cleaner import Cleaner
from laws import FRAGMENTS, ODD, held, samples

CLEANER = Cleaner()


def check(data: bytes) -> None:
    """Cleans the text."""
    held(CLEANER, text_of(data))


if __name__ == "__main__":
    fuzz(check, map(bytes_of, samples()), (*FRAGMENTS, *ODD), longest=600)
