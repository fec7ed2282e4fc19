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
from typing import Any

from cleaner import installed
from cleaner.errors import PluginError, SettingsError, meant
from cleaner.page import Page
from cleaner.rules import Rule
from cleaner.settings import PASS_NAMES, Settings
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band

__all__ = ["Band", "Page", "Pass", "PluginError", "Proposal", "Rule"]

_NAME = re.compile(r"[a-z][a-z0-9-]*")

Option = str | bool | int | float | tuple[str, ...]


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


def rules() -> dict[str, Rule]:
    """The rules of all installed passes by name; those of passes that cannot be loaded are left out."""
    found: dict[str, Rule] = {}
    for name in installed.names():
        try:
            found |= {rule.name: rule for rule in _pass(name).rules}
        except PluginError:
            continue
    return found


def active(settings: Settings) -> Iterator[tuple[str, str]]:
    """The names of the passes that run by these settings, each with its package."""
    return ((name, installed.source(name)) for name in installed.names() if settings.runs(name))


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
    found = installed.load(name)
    who = f"the pass {name!r} of {installed.source(name)}"
    if not isinstance(found, Pass):
        raise PluginError(f"{who} is no cleaner.plugins.Pass but {type(found).__name__}")
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
