"""The template engine as all our pages use it: whatever a document says is text, and what cannot be seen is shown as its code."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cleaner.report.visible import changed, running


def environment(folder: Path) -> Environment:
    """The templates of a folder, which escape every value, and stop at one that is not there. Raises nothing."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: running(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"changed": changed, "thousands": thousands}
    return made


def thousands(number: float) -> str:
    """A number as English writes it: 12,345."""
    return f"{number:,.0f}"
