"""The pages of the manual that the program writes itself, so that they cannot say anything else than it does.

    mkdocs build --strict

MkDocs calls this as a hook (mkdocs.yml). Generated are `reference/commands.md` from the commands' own help,
`reference/rules.md` from what `cleaner explain` prints, and `changes.md` from CHANGELOG.md.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cleaner import plugins
from cleaner.chain import known_rules
from cleaner.cli.main import app
from cleaner.cli.visible import visible

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

    from cleaner.rules import Rule

TOP = Path(__file__).resolve().parents[1]
_VERBATIM = "\b\n"  # how Click marks a paragraph whose lines stay as they are
_TYPE = re.compile(r" <\S+>$")  # of an argument: Python's, which tells a reader nothing
_MARKDOWN = re.compile(r"([\\|*_<>\[\]])")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The files of the manual with the generated ones among them; what MkDocs calls."""
    from mkdocs.structure.files import File

    for path, text in pages().items():
        files.append(File.generated(config, path, content=text))
    return files


def pages() -> dict[str, str]:
    """The generated pages: Markdown by path in docs/."""
    return {"reference/commands.md": commands(), "reference/rules.md": rules(), "changes.md": changes()}


def commands() -> str:
    """All commands with their arguments and options, from the help that they print."""
    group = typer.main.get_command(app)
    context = group.make_context("cleaner", ["explain"], resilient_parsing=True)
    return "\n\n".join(
        [
            "# Command line",
            "What `cleaner COMMAND --help` prints, on one page. `python -m cleaner` is the same as `cleaner`.",
            *_help(group),
            *_command(group, context, 2),
        ]
    )


def _command(group: Any, context: Any, level: int) -> Iterator[str]:
    """The sections of a group's commands; those of a group among them follow it."""
    for name, command in group.commands.items():
        inner = type(context)(command, info_name=name, parent=context)
        yield f"{'#' * level} `{inner.command_path}` {{: #{inner.command_path.replace(' ', '-')} }}"
        yield f"```text\n{command.get_usage(inner).removeprefix('Usage: ')}\n```"
        yield from _help(command)
        yield from _parameters(command, inner)
        if hasattr(command, "commands"):
            yield from _command(command, inner, level + 1)


def _help(command: Any) -> Iterator[str]:
    """The paragraphs of a command's help: prose as prose, what has lines of its own as a block."""
    for part in (f"{command.help or ''}\n\n{command.epilog or ''}").split("\n\n"):
        verbatim, text = part.startswith(_VERBATIM), part.removeprefix(_VERBATIM)
        title, _, lines = text.partition("\n")
        if title in ("Example:", "Examples:"):
            yield f"{title}\n\n```sh\n{textwrap.dedent(lines)}\n```"
        elif verbatim and re.search("^ ", text, re.MULTILINE):
            yield f"```text\n{textwrap.dedent(text)}\n```"
        elif text.strip():
            yield escaped(" ".join(text.split()))


def _parameters(command: Any, context: Any) -> Iterator[str]:
    """Arguments and options with what they are for, as one table."""
    records = [parameter.get_help_record(context) for parameter in command.get_params(context)]
    rows = [f"| `{_TYPE.sub('', names)}` | {escaped(text)} |" for names, text in filter(None, records)]
    yield "\n".join(["| | |", "|---|---|", *rows])


def rules() -> str:
    """All rules of cleaner's own passes: what each does, why, by which source, with examples."""
    own = [rule for name, rule in known_rules().items() if name not in plugins.rules()]
    sections = [
        "# Rules",
        "What `cleaner explain` prints, on one page: every edit names the rule that proposed it. In the examples `␣` is a space, "
        "`□` an ideographic space, `⏎` a line end. Examples run as tests. `cleaner run --skip RULE` leaves a single rule out.",
    ]
    for pass_, of_pass in groupby(own, lambda rule: rule.pass_):
        sections += [f"## {pass_}", *(part for rule in of_pass for part in _rule(rule))]
    return "\n\n".join(sections)


def _rule(rule: Rule) -> Iterator[str]:
    yield f"### {rule.name} {{: #{rule.name.replace('/', '-')} }}"
    yield f"**{escaped(rule.does)}** {escaped(rule.why)}"
    if rule.examples:
        yield "\n".join(["```text", *(_example(*pair) for pair in rule.examples), "```"])
    if rule.source:
        yield f"Source: {escaped(rule.source)}"


def _example(before: str, after: str) -> str:
    return f"{visible(before)}\n  {'is left alone' if before == after else f'→ {visible(after)}'}"


def changes() -> str:
    """CHANGELOG.md, its links as they are from docs/."""
    return (TOP / "CHANGELOG.md").read_text(encoding="utf-8").replace("](docs/", "](")


def escaped(text: str) -> str:
    """A text that Markdown shows as it is, but for what stands in backquotes already."""
    parts = text.split("`")
    return "`".join(part if number % 2 else _MARKDOWN.sub(r"\\\1", part) for number, part in enumerate(parts))
