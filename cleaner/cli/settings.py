"""`cleaner settings`: the settings that hold, and where each comes from."""

from __future__ import annotations

from typing import Annotated

import typer

from cleaner.cli import options
from cleaner.cli.errors import explained


def settings(
    profile: options.Profile = None,
    settings: options.SettingsFile = None,
    lexicon: options.Lexicons = None,
    learned: options.Learned = None,
    model: options.Model = None,
    only: options.Only = "",
    skip: options.Skip = "",
    keep: options.Keep = None,
    convert: options.Convert = None,
    list_profiles: Annotated[
        bool, typer.Option("--profiles", help="List the profiles instead, with what each is for.")
    ] = False,
) -> None:
    """Print the settings that hold, and where each comes from: default, profile, file or option.

    \b
    What is printed is a cleaner.toml: save it, change it, and use it with
    --settings. With --profile alone it shows what the profile sets.

    \b
    Examples:
      cleaner settings --profiles
      cleaner settings --profile book
      cleaner settings --profile book --skip terms > cleaner.toml
    """
    from cleaner.batch.work import refuse_unusable

    with explained():
        if list_profiles:
            typer.echo(_listed())
            return
        found = options.effective(settings, lexicon, only, skip, keep, convert, profile, learned, model)
        refuse_unusable(found.settings)
        typer.echo(found.as_toml(), nl=False)


def _listed() -> str:
    from cleaner import installed, profiles

    names = profiles.names()
    width = max(map(len, names))
    lines = []
    for name in names:
        file = profiles.path(name)
        shipped = name in installed.names(installed.PROFILES)
        where = f" ({installed.source(name, installed.PROFILES)})" if shipped else ""
        lines.append(f"{name:{width}}  {profiles.about(name) or file}{where}")
    return "\n".join(lines)
