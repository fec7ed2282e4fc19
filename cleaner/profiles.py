"""Profiles: settings for a kind of text, each a TOML file that says what it changes and why.

Those of cleaner are in `dictionaries/profiles`; packages may ship others (entry points `cleaner.profiles`), and the path of a
file of one's own is as good as a name. The first line of the file, a comment, says what it is for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cleaner.knowledge import resources
from cleaner.settings import Settings, SettingsError, meant, read_values

SUFFIX = ".toml"


def names() -> tuple[str, ...]:
    """The profiles that come with cleaner, then those of other packages."""
    from cleaner import plugins

    own = sorted(file.stem for file in resources.path("profiles").glob(f"*{SUFFIX}"))
    return *own, *(name for name in plugins.names(plugins.PROFILES) if name not in own)


def path(profile: str) -> Path:
    """The file of a profile, given by name or by path. Raises SettingsError where there is none."""
    if profile.endswith(SUFFIX) or "/" in profile:
        if not Path(profile).is_file():
            raise SettingsError(f"there is no profile at {profile}")
        return Path(profile)
    own = resources.path("profiles") / f"{profile}{SUFFIX}"
    if own.is_file():
        return own
    from cleaner import plugins

    if profile in plugins.names(plugins.PROFILES):
        return plugins.path(profile, plugins.PROFILES)
    raise SettingsError(f"there is no profile named {profile!r}; {meant(profile, names())}")


def values(profile: str) -> dict[str, Any]:
    """What a profile sets, by name. Raises SettingsError on what does not exist or is wrong."""
    file = path(profile)
    found = read_values(file)
    if "profile" in found:
        raise SettingsError(f"{file}: a profile cannot begin with another one; write what it sets")
    try:
        Settings(**found)
    except SettingsError as error:
        raise SettingsError(f"{file}: {error}") from error
    return found


def about(profile: str) -> str:
    """What a profile is for: its first line."""
    with path(profile).open(encoding="utf-8") as stream:
        first = stream.readline()
    return first.removeprefix("#").strip() if first.startswith("#") else ""
