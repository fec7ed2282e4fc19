"""`cleaner explain`: what the rules do, and why; and why an edit was proposed."""

from __future__ import annotations

import textwrap
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cleaner.cli.errors import explained, refuse

if TYPE_CHECKING:
    from cleaner.rules import Rule


def explain(
    rule: Annotated[
        str | None, typer.Argument(metavar="RULE", help="A rule, as edits name it, or a pass. None: all.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--in", metavar="OUT", help="Explain the edit of this id in a folder of a run instead."),
    ] = None,
) -> None:
    """Explain what a rule does, why, and by which source, with examples.

    With --in OUT, say why an edit was proposed: what speaks for it, and by
    how much. Its id stands in edits.jsonl; the beginning is enough.

    \b
    Examples:
      cleaner explain
      cleaner explain misreads
      cleaner explain misreads/look-alike
      cleaner explain 174bd630 --in out
    """
    from cleaner.chain import known_rules

    every = known_rules()
    if out is not None:
        if not rule:
            raise refuse("give the id of an edit, or its beginning; edits.jsonl has the ids")
        typer.echo("\n\n".join(_edits(rule, out)))
    elif rule is None:
        typer.echo(
            "\n\n".join(_listed(pass_, list(rules)) for pass_, rules in groupby(every.values(), lambda r: r.pass_))
        )
    elif rule in every:
        typer.echo(_explained(every[rule]))
    elif any(known.pass_ == rule for known in every.values()):
        typer.echo("\n\n".join(_explained(known) for known in every.values() if known.pass_ == rule))
    else:
        raise refuse(_unknown(rule, every))


def _listed(pass_: str, rules: list[Rule]) -> str:
    width = max(len(rule.name) for rule in rules)
    indent = " " * (width + 4)
    lines = [textwrap.fill(f"  {rule.name:{width}}  {rule.does}", 100, subsequent_indent=indent) for rule in rules]
    return "\n".join([pass_, *lines])


MOST_EDITS = 10
"""Edits shown where an id, or the beginning of one, fits several."""


def _edits(id_: str, out: Path) -> list[str]:
    """The edits whose id begins so, with what speaks for each."""
    from cleaner.batch.folder import OutFolder
    from cleaner.ledger.ledger import Ledger

    with explained(), Ledger.open(OutFolder(out).ledger) as ledger:
        found = ledger.edits_named(id_)
        if not found:
            raise refuse(f"no edit in {out} has an id that begins with {id_!r}; edits.jsonl has the ids")
        shown = [_edit(entry) for entry in found[:MOST_EDITS]]
    return [*shown, *([f"and {len(found) - MOST_EDITS:,} more"] if len(found) > MOST_EDITS else [])]


def _edit(entry: dict[str, Any]) -> str:
    """An edit: where, what, how sure, and each piece of evidence."""
    from cleaner.chain import known_rules
    from cleaner.cli.visible import visible

    after = "is flagged" if entry["after"] is None else f"→ {visible(entry['after'])}"
    lines = [
        f"{entry['document']}{_row(entry)}:{entry['line']}  {visible(entry['before'])} {after}",
        f"  {entry['rule']}, {entry['band']}, confidence {entry['confidence']:.3f}",
    ]
    rule = known_rules().get(entry["rule"])
    lines += textwrap.wrap(rule.why, 88, initial_indent="  ", subsequent_indent="  ") if rule else []
    lines += [f"    {name}: {_value(value)}" for name, value in entry.get("evidence", {}).items()]
    for step in entry.get("steps", ()):
        lines.append(f"    step {step['rule']}: {visible(step['before'])} → {visible(step['after'])}")
    return "\n".join(lines)


def _row(entry: dict[str, Any]) -> str:
    """Of tables the row, in whose text lines count."""
    return f", row {entry['row']}" if "row" in entry else ""


def _value(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(item)}" for name, item in value.items())
    return str(value)


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
    from cleaner.errors import nearest

    best = nearest(rule, [*rules, *dict.fromkeys(known.pass_ for known in rules.values())])
    hint = f"did you mean {best!r}?" if best else "`cleaner explain` lists them all"
    return f"there is no rule named {rule!r}; {hint}"
