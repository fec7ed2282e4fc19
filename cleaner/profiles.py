"""Profiles: settings for a kind of text, each a TOML file that says what it changes and why.

Those of cleaner are in `dictionaries/profiles`; packages may ship others (entry points `cleaner.profiles`), and the path of a
file of one's own is as good as a name. The first line of the file, a comment, says what it is for.
"""

from __future__ import annotations

from pathlib import Path

from cleaner import installed
from cleaner.errors import SettingsError, meant
from cleaner.knowledge import resources

SUFFIX = ".toml"


def names() -> tuple[str, ...]:
    """The profiles that come with cleaner, then those of other packages."""
    own = sorted(file.stem for file in resources.path("profiles").glob(f"*{SUFFIX}"))
    return *own, *(name for name in installed.names(installed.PROFILES) if name not in own)


def path(profile: str) -> Path:
    """The file of a profile, given by name or by path. Raises SettingsError where there is none."""
    if profile.endswith(SUFFIX) or "/" in profile:
        if not Path(profile).is_file():
            raise SettingsError(f"there is no profile at {profile}")
        return Path(profile)
    own = resources.path("profiles") / f"{profile}{SUFFIX}"
    if own.is_file():
        return own
    if profile in installed.names(installed.PROFILES):
        return installed.path(profile, installed.PROFILES)
    raise SettingsError(f"there is no profile named {profile!r}; {meant(profile, names())}")


def about(profile: str) -> str:
    """What a profile is for: its first line."""
    with path(profile).open(encoding="utf-8") as stream:
        first = stream.readline()
    return first.removeprefix("#").strip() if first.startswith("#") else ""
