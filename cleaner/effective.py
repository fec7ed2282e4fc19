"""The settings that hold, and where each comes from: the defaults, a profile, a file, the options of a command."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cleaner import __version__, profiles
from cleaner.settings import Settings, layered, load, of_profile, read_values

DEFAULT, OPTION = "default", "option"


@dataclass(frozen=True, slots=True)
class Effective:
    """Settings, and for each that is no default its origin in words."""

    settings: Settings
    origins: Mapping[str, str]

    @classmethod
    def of(cls, file: Path | None, given: Mapping[str, object]) -> Effective:
        """The settings of a file, and what is given beside it, which overrules it; both overrule the profile, which either may
        name. Raises SettingsError and OSError.
        """
        if file:
            load(file)  # so that what is wrong in it is told with its name
        in_file = read_values(file) if file else {}
        values = layered(in_file, given)
        profile = str(values.get("profile", ""))
        profiled = of_profile(profile)
        if "skip" in given:  # an option leaves out more; what a profile or file leaves out, it left out for a reason
            values["skip"] = tuple(dict.fromkeys((*(profiled | in_file).get("skip", ()), *values["skip"])))
        origins = dict.fromkeys(profiled, f"profile {profile}") | dict.fromkeys(in_file, str(file))
        return cls(Settings(**values), origins | dict.fromkeys(given, OPTION))

    def as_toml(self) -> str:
        """The settings as a file to use again, each line with its origin. Raises PluginError."""
        from cleaner import plugins

        origins = {name: self.origins.get(name, DEFAULT) for name in Settings.names()}
        table = self.settings.as_table()
        lines = [(f"{name} = {_as_toml(table[name])}", origins[name]) for name in table if name in origins]
        widest = max(len(line) for line, _ in lines if len(line) < 48)
        text = "\n".join([*self._head(), "", *(f"{line:{widest}}  # {origin}" for line, origin in lines), ""])
        for one in plugins.passes(self.settings):
            given = self.settings.of_passes.get(one.name, {})
            options = (
                f"{name} = {_as_toml(value)}  # {origins['of_passes'] if name in given else DEFAULT}"
                for name, value in one.options.items()
            )
            text += "\n".join(["", f"[{one.name}]  # a pass of {one.source}", *options, ""])
        return text

    def _head(self) -> Iterator[str]:
        yield f"# The settings of cleaner {__version__} that hold here, each with where it comes from."
        if self.settings.profile:
            yield f"# Profile {self.settings.profile}: {profiles.about(self.settings.profile)}"


def _as_toml(value: object) -> str:
    """A value as TOML writes it: its strings, lists and booleans are those of JSON, its tables stand in one line."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{json.dumps(name, ensure_ascii=False)} = {_as_toml(v)}" for name, v in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_as_toml, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
