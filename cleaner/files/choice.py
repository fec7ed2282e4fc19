"""Which files a run takes: --include, --exclude, and files named `.cleanerignore`.

All three hold patterns as `.gitignore` has them (gitignore(5)): a pattern without a slash matches at any depth, one with a
slash from the folder on that it belongs to, one that ends in a slash matches folders only, `**` any number of folders, and
of the patterns that match the last one counts, `!` taking back what those before it left out. wcmatch matches the globs
(MIT; pathspec, which knows all of this, is MPL).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

IGNORE_FILE = ".cleanerignore"
"""A file of patterns for what lies in its folder and below."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern: matches paths relative to its folder. `negated`: takes back; `folders`: matches folders only; `kind` is
    its last part, where that says more than "anything"."""

    matches: re.Pattern[str]
    negated: bool
    folders: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Rules:
    """Patterns that hold below a folder, named relative to the top with `/` at its end, or "" for the top itself."""

    below: str
    rules: tuple[Rule, ...]

    def verdict(self, name: str, *, folder: bool = False) -> bool | None:
        """Whether the patterns match a file or folder, by its name relative to the top; None where none says anything."""
        rule = self.last_for(name, folder=folder)
        return None if rule is None else not rule.negated

    def last_for(self, name: str, *, folder: bool = False) -> Rule | None:
        """The last of the patterns that match."""
        relative = name[len(self.below) :]
        every = reversed(self.rules)
        return next((r for r in every if (folder or not r.folders) and r.matches.fullmatch(relative)), None)


class Choice:
    """What to take of folders and archives, by patterns: those to take, and those to leave out."""

    def __init__(self, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> None:
        self.include = Rules("", rules_of(include))
        self.exclude = Rules("", rules_of(exclude))

    def asks_for(self, name: str, *, text: bool) -> bool:
        """Whether a file is one to take, by its own name or that of a folder above it.

        What is not named like `text` is taken only by a pattern that names its kind (`*.ocr`, `page*`), not by one for
        whatever lies in a folder (`vol1/`, `vol1/**`).
        """
        rule = self.include.last_for(name)
        if rule is not None:
            suffix = PurePosixPath(name).suffix
            return not rule.negated and (text or (bool(rule.kind) and rule.kind.endswith(suffix)))
        return text and any(self.include.verdict(above, folder=True) for above in _above(name))

    def leaves_out(self, name: str, ignored: Sequence[Rules] = (), *, folder: bool = False) -> bool:
        """Whether a file or folder is left out; of the `.cleanerignore` files around it the nearest has the first word."""
        if self.exclude.rules and self.exclude.verdict(name, folder=folder):
            return True
        verdicts = (rules.verdict(name, folder=folder) for rules in reversed(ignored))
        return next((verdict for verdict in verdicts if verdict is not None), False)

    def leaves_out_below(self, name: str) -> bool:
        """Whether a member of an archive, or a folder above it, is left out."""
        if not self.exclude.rules:
            return False
        return any(self.leaves_out(above, folder=True) for above in _above(name)) or self.leaves_out(name)

    def rules_of(self, file: Path, below: str) -> tuple[Rules, ...]:
        """The patterns of an ignore file, none where there is none. Raises OSError where it cannot be read."""
        try:
            lines = file.read_text("utf-8-sig", "surrogateescape").split("\n")
        except (FileNotFoundError, IsADirectoryError):
            return ()
        return (Rules(below, rules_of(lines)),)


def rules_of(lines: Sequence[str]) -> tuple[Rule, ...]:
    """Patterns from lines as gitignore(5) says; blank lines and comments are left out."""
    return tuple(rule for line in lines if (rule := _rule(line)) is not None)


def _rule(line: str) -> Rule | None:
    from wcmatch import glob

    pattern = line.rstrip("\r\n")
    if pattern.startswith("#"):
        return None
    while pattern.endswith((" ", "\t")) and not pattern.endswith("\\ "):
        pattern = pattern[:-1]
    negated = pattern.startswith("!")
    pattern = pattern.removeprefix("!")
    folders = pattern.endswith("/")
    pattern = pattern.rstrip("/") if folders else pattern
    if not pattern:
        return None
    anchored = "/" in pattern
    pattern = pattern.removeprefix("/")
    if pattern.endswith("/**"):  # all below, but not the folder itself
        pattern += "/*"
    kind = pattern.rpartition("/")[2]
    flags = glob.GLOBSTAR | glob.DOTGLOB | glob.FORCEUNIX
    (translated,), _ = glob.translate(pattern if anchored else f"**/{pattern}", flags=flags)
    return Rule(re.compile(translated, re.DOTALL), negated, folders, kind if kind.strip("*?") else "")


def _above(name: str) -> list[str]:
    """The folders above a file: `a/b/c.txt` lies in `a` and `a/b`."""
    parts = name.split("/")
    return ["/".join(parts[:length]) for length in range(1, len(parts))]
