"""`Cleaner.clean` keeps its laws on any text."""

from __future__ import annotations

from zlib import crc32

from begin import bytes_of, fuzz, text_of
from cleaner import Cleaner, Settings, profiles
from laws import FRAGMENTS, ODD, held, samples

OTHERS = (
    *(Settings(profile=name) for name in profiles.names()),
    Settings(page_breaks="keep", keep_furniture=True, quotes="corner", ranges="wave", latin_spacing="space"),
    Settings(region="tw", convert="s2twp"),
)
CLEANERS = (
    *(Cleaner() for _ in OTHERS),
    *map(Cleaner, OTHERS),
)  # half of the texts by the settings that most people have


def check(data: bytes) -> None:
    """Cleans the text, by settings that hang on what it is."""
    held(CLEANERS[crc32(data) % len(CLEANERS)], text_of(data))


if __name__ == "__main__":
    fuzz(check, map(bytes_of, samples()), (*FRAGMENTS, *ODD), longest=600)
