"""`cleaner explain`: what the rules do, and why."""

from __future__ import annotations

import textwrap
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner.cli.errors import refuse

if TYPE_CHECKING:
    from cleaner.rules import Rule


def explain(
    rule: Annotated[
        str | None, typer.Argument(metavar="RULE", help="A rule, as edits name it, or a pass. None: all.")
    ] = None,
) -> None:
    """Explain what a rule does, why, and by which source, with examples.

    \b
    Examples:
      cleaner explain
      cleaner explain misreads
      cleaner explain misreads/look-alike
    """
    from cleaner.chain import RULES

    if rule is None:
        typer.echo(
            "\n\n".join(_listed(pass_, list(rules)) for pass_, rules in groupby(RULES.values(), lambda r: r.pass_))
        )
    elif rule in RULES:
        typer.echo(_explained(RULES[rule]))
    elif any(known.pass_ == rule for known in RULES.values()):
        typer.echo("\n\n".join(_explained(known) for known in RULES.values() if known.pass_ == rule))
    else:
        raise refuse(_unknown(rule, RULES))


def _listed(pass_: str, rules: list[Rule]) -> str:
    width = max(len(rule.name) for rule in rules)
    indent = " " * (width + 4)
    lines = [textwrap.fill(f"  {rule.name:{width}}  {rule.does}", 100, subsequent_indent=indent) for rule in rules]
    return "\n".join([pass_, *lines])


def _explained(rule: Rule) -> str:
    """A rule as ruff and LanguageTool show theirs: what, why, where it comes from, examples."""
    from cleaner.cli.visible import visible

    parts = [
        rule.name,
        *(textwrap.fill(part, 88, initial_indent="  ", subsequent_indent="  ") for part in (rule.does, rule.why)),
    ]
    for before, after in rule.examples:
        outcome = "is left alone" if before == after else f"→ {visible(after)}"
        parts.append(f"  {visible(before)}\n    {outcome}")
    if rule.source:
        parts.append(f"  Source: {rule.source}")
    return "\n\n".join(parts)


def _unknown(rule: str, rules: dict[str, Rule]) -> str:
    from rapidfuzz import process

    names = [*rules, *dict.fromkeys(known.pass_ for known in rules.values())]
    best = process.extractOne(rule, names, score_cutoff=50)
    hint = f"did you mean {best[0]!r}?" if best else "`cleaner explain` lists them all"
    return f"there is no rule named {rule!r}; {hint}"
