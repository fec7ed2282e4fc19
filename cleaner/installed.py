"""What other packages have declared by entry points: passes, lexicons, profiles, found by name.

Names are read from the packages' metadata, once in a process; nothing of a package is imported until it is asked for.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.errors import PluginError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

PASSES, LEXICONS, PROFILES = "cleaner.passes", "cleaner.lexicons", "cleaner.profiles"


@cache
def _declared(group: str) -> dict[str, EntryPoint]:
    """The entry points of a group by name. Raises PluginError where two packages use one name."""
    from importlib.metadata import entry_points

    found: dict[str, EntryPoint] = {}
    for point in entry_points(group=group):
        rival = found.setdefault(point.name, point)
        if rival is not point and (rival.value, _source(rival)) != (point.value, _source(point)):
            raise PluginError(
                f"{_source(rival)} and {_source(point)} both have {group} named {point.name!r}; uninstall one of them"
            )
    return dict(sorted(found.items()))


def names(group: str = PASSES) -> tuple[str, ...]:
    """The names that installed packages have declared in a group, sorted. Nothing of theirs is imported."""
    return tuple(_declared(group))


def source(name: str, group: str = PASSES) -> str:
    """The package, with its version, that declares a name of a group."""
    return _source(_declared(group)[name])


def load(name: str, group: str = PASSES) -> object:
    """What a name of a group stands for, imported from its package. Raises PluginError where that fails."""
    point = _declared(group)[name]
    try:
        return point.load()
    except Exception as error:  # whatever a foreign module does when it is imported
        raise PluginError(
            f"{name!r} of {_source(point)} cannot be loaded ({point.value}): {type(error).__name__}: {error}; "
            f"update or uninstall the package" + (f", or --skip {name}" if group == PASSES else "")
        ) from error


def path(name: str, group: str) -> Path:
    """The file that a package ships as a lexicon or profile. Raises PluginError where there is none."""
    point = _declared(group)[name]
    what = group.removeprefix("cleaner.").removesuffix("s")
    found = load(name, group)
    if callable(found):
        found = found()
    file = Path(str(found))
    if not file.is_file():
        raise PluginError(f"the {what} {name!r} of {_source(point)} is no file: {file}; install the package again")
    return file


def _source(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "a package without metadata"
