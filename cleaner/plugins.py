"""What other packages add: passes, lexicons and profiles, found by their entry points.

A package declares in its pyproject.toml, by the name under which users know it,

    [project.entry-points."cleaner.passes"]
    ornaments = "my_package.ornaments:PASS"        a Pass
    [project.entry-points."cleaner.lexicons"]
    ships = "my_package:LEXICON"                   the path of a TSV
    [project.entry-points."cleaner.profiles"]
    gazette = "my_package:PROFILE"                 the path of a TOML

What is installed runs, unless a setting skips it. Names are read from the packages' metadata, once in a process; a package is
imported when a Cleaner needs it. docs/writing-a-pass.md builds one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.page import Page
from cleaner.rules import Rule
from cleaner.settings import PASS_NAMES, Settings, SettingsError, meant
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["Band", "Page", "Pass", "PluginError", "Proposal", "Rule"]

PASSES, LEXICONS, PROFILES = "cleaner.passes", "cleaner.lexicons", "cleaner.profiles"

_NAME = re.compile(r"[a-z][a-z0-9-]*")

Option = str | bool | int | float | tuple[str, ...]


class PluginError(SettingsError):
    """What another package adds is at fault. The message names the package, and says what to do."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A pass of another package. `propose` is given the page and the pass's options, and proposes edits, in offsets of the
    page's text; it may be any callable, must change nothing, and for one page and options always propose the same.

    `rules` document what it proposes, their names beginning with the pass's. It runs right `after` the pass of that name, or
    right `before`; where neither is said, at the end. `options` are its own settings with their defaults: strings, numbers,
    true or false, or tuples of strings. A `cleaner.toml` sets them in a table of the pass's name.
    """

    name: str
    propose: Callable[[Page, Mapping[str, Any]], Iterable[Proposal]]
    rules: Sequence[Rule]
    after: str = ""
    before: str = ""
    options: Mapping[str, Option] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Installed:
    """A pass as it takes part in a chain: made of `declared` by the package `source`, with the options of the run."""

    declared: Pass
    source: str
    options: Mapping[str, Option]

    @property
    def name(self) -> str:
        """The pass's name."""
        return self.declared.name

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The pass's rules."""
        return tuple(self.declared.rules)

    def propose(self, page: Page) -> list[Proposal]:
        """What the pass proposes. Raises PluginError where it fails, or proposes what is no edit of the page."""
        try:
            proposals = list(self.declared.propose(page, self.options))
        except Exception as error:
            raise self._fault(f"failed: {type(error).__name__}: {error}") from error
        names = {rule.name for rule in self.rules}
        for proposal in proposals:
            if wrong := _wrong_with(proposal, len(page.text), names):
                raise self._fault(f"proposed what is no edit: {wrong}")
        return proposals

    def _fault(self, what: str) -> PluginError:
        return PluginError(f"the pass {self.name!r} of {self.source} {what}; leave it out with --skip {self.name}")


def _wrong_with(proposal: object, size: int, rules: set[str]) -> str:
    """What is wrong with a proposal for a text of `size` code points; nothing where it is one."""
    if not isinstance(proposal, Proposal):
        return f"{proposal!r} is no Proposal"
    start, end, after, rule, confidence = proposal[:5]
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start <= end <= size):
        return f"offsets {start!r} to {end!r} in a text of {size} code points"
    if proposal.to is not None and not (isinstance(proposal.to, int) and 0 <= proposal.to <= size):
        return f"a move to {proposal.to!r} in a text of {size} code points"
    if rule not in rules:
        return f"a rule {rule!r} that the pass does not document"
    if not (isinstance(after, str) or (after is None and proposal.band is Band.FLAGGED)) and proposal.to is None:
        return f"{after!r} as new text, in the band {proposal.band!r}"
    if not (isinstance(proposal.band, Band) and isinstance(confidence, int | float) and 0 <= confidence <= 1):
        return f"band {proposal.band!r}, confidence {confidence!r}"
    return ""


# What is installed


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


def path(name: str, group: str) -> Path:
    """The file that a package ships as a lexicon or profile. Raises PluginError where there is none."""
    point = _declared(group)[name]
    what = group.removeprefix("cleaner.").removesuffix("s")
    found = _loaded(point)
    if callable(found):
        found = found()
    file = Path(str(found))
    if not file.is_file():
        raise PluginError(f"the {what} {name!r} of {_source(point)} is no file: {file}; install the package again")
    return file


def rules() -> dict[str, Rule]:
    """The rules of all installed passes by name; those of passes that cannot be loaded are left out."""
    found: dict[str, Rule] = {}
    for name in names():
        try:
            found |= {rule.name: rule for rule in _pass(name).rules}
        except PluginError:
            continue
    return found


def active(settings: Settings) -> Iterator[tuple[str, str]]:
    """The names of the passes that run by these settings, each with its package."""
    return ((name, source(name)) for name in names() if settings.runs(name))


def passes(settings: Settings) -> list[Installed]:
    """The passes of packages that run by these settings. Raises PluginError, and SettingsError for wrong options."""
    return [
        Installed(_pass(name), where, _options(_pass(name), settings.of_passes.get(name, {})))
        for name, where in active(settings)
    ]


def in_order(built_in: Sequence[str], added: Sequence[Installed]) -> list[str]:
    """The names of all passes of a chain, each added one beside the pass that it names. Raises PluginError."""
    order = list(built_in)
    waiting = list(added)
    while waiting:
        placed = [one for one in waiting if _beside(one.declared) in (*order, "")]
        if not placed:
            one = waiting[0]
            beside = _beside(one.declared)
            raise PluginError(
                f"the pass {one.name!r} of {one.source} wants its place beside {beside!r}, which no pass is named or "
                f"which waits for it; {meant(beside, tuple(order))}"
            )
        for one in reversed(placed):  # so that of several after one pass the first in the alphabet comes first
            beside = _beside(one.declared)
            at = len(order) if not beside else order.index(beside) + bool(one.declared.after)
            order.insert(at, one.name)
        waiting = [one for one in waiting if one not in placed]
    return order


def _beside(declared: Pass) -> str:
    return declared.after or declared.before


def _options(declared: Pass, given: Mapping[str, object]) -> dict[str, Option]:
    """The pass's options with what a run sets. Raises SettingsError."""
    options = dict(declared.options)
    for name, value in given.items():
        if name not in options:
            known = meant(name, tuple(options)) if options else "it has none"
            raise SettingsError(f"[{declared.name}]: there is no option named {name!r}; {known}")
        default = options[name]
        fits = type(value) is type(default) or (isinstance(default, float) and type(value) is int)
        if not fits:
            raise SettingsError(f"[{declared.name}]: {name} must be like {default!r}, not {value!r}")
        options[name] = value  # type: ignore[assignment]
    return options


@cache
def _pass(name: str) -> Pass:
    """The pass of a name. Raises PluginError where it cannot be imported, or is not declared as it must be."""
    point = _declared(PASSES)[name]
    found = _loaded(point)
    who = f"the pass {name!r} of {_source(point)}"
    if not isinstance(found, Pass):
        raise PluginError(f"{who}: {point.value} is no cleaner.plugins.Pass but {type(found).__name__}")
    if found.name != name or not _NAME.fullmatch(name):
        raise PluginError(
            f"{who} calls itself {found.name!r}; entry point and pass must have one name, of a-z, 0-9 and -"
        )
    if name in PASS_NAMES or name in Settings.names():
        raise PluginError(f"{who} has the name of a pass or setting of cleaner itself; it needs another")
    if found.after and found.before:
        raise PluginError(f"{who} says both after and before; one place is enough")
    if strangers := [rule for rule in found.rules if not isinstance(rule, Rule) or rule.pass_ != name]:
        raise PluginError(f"{who} documents {strangers[0]!r}; names of its rules must begin with {name}/")
    return found


def _loaded(point: EntryPoint) -> object:
    try:
        return point.load()
    except Exception as error:  # whatever a foreign module does when it is imported
        raise PluginError(
            f"{point.name!r} of {_source(point)} cannot be loaded ({point.value}): {type(error).__name__}: {error}; "
            f"update or uninstall the package" + (f", or --skip {point.name}" if point.group == PASSES else "")
        ) from error


def _source(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "a package without metadata"
