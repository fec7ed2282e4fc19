"""Edits as findings for other tools: SARIF 2.1.0, the Reviewdog Diagnostic Format, commands of GitHub Actions.

Each format is written as it comes, so that a collection need not be held in memory. Columns are in the unit that the
format wants: SARIF declares code points, rdjson counts bytes of UTF-8, GitHub shows characters.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from cleaner import __version__
from cleaner.chain import known_rules
from cleaner.report.positions import Position
from cleaner.report.visible import inert
from cleaner.text.records import as_line

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

LEVELS = {"applied": "warning", "suggested": "note", "flagged": "note"}
SEVERITIES = {"applied": "WARNING", "suggested": "INFO", "flagged": "INFO"}
COMMANDS = {"applied": "warning", "suggested": "notice", "flagged": "notice"}

LONGEST = 60
"""Code points of a change told in a message."""


class Finding(NamedTuple):
    """An edit of edits.jsonl, the file that it is in, and where in it; `end` is behind its last character.

    `in_file`: false where the places are not those of the file itself, but of the text that was read from it (a format with
    markup, a row of a table, a member of an archive), so that no tool may carry the edit out.
    """

    path: Path
    edit: Mapping[str, Any]
    start: Position
    end: Position
    in_file: bool = True


def sarif(findings: Iterable[Finding]) -> Iterator[str]:
    """A SARIF log, in pieces. An edit is a result with its fix, its confidence the rank (0 to 100)."""
    driver = {"name": "cleaner", "version": __version__, "rules": [_rule(name) for name in known_rules()]}
    head = as_line({"$schema": SCHEMA, "version": "2.1.0"})
    yield f'{head[:-1]}, "runs": [{{"tool": {as_line({"driver": driver})}, "columnKind": "unicodeCodePoints", "results": ['
    yield from _separated(findings, _result)
    yield "]}]}\n"


def rdjson(findings: Iterable[Finding]) -> Iterator[str]:
    """A result of the Reviewdog Diagnostic Format, in pieces."""
    yield '{"source": {"name": "cleaner"}, "diagnostics": ['
    yield from _separated(findings, _diagnostic)
    yield "]}\n"


def github(findings: Iterable[Finding]) -> Iterator[str]:
    """Workflow commands, one a line: GitHub Actions shows them beside the changed files."""
    for finding in findings:
        edit, start, end = finding.edit, finding.start, finding.end
        where = {"file": _relative(finding.path), "line": start.line, "endLine": end.line, "col": start.column}
        if end.line == start.line:
            where["endColumn"] = max(start.column, end.column - 1)  # GitHub's ends are the last column, not the next
        where["title"] = edit["rule"]
        properties = ",".join(f"{name}={_escaped(str(value), property=True)}" for name, value in where.items())
        yield f"::{COMMANDS[edit['band']]} {properties}::{_escaped(message(edit))}\n"


def message(edit: Mapping[str, Any]) -> str:
    """What an edit is about, in a sentence."""
    before = _quoted(edit["before"])
    if edit.get("kind") == "move":
        return f"{before} belongs elsewhere: it was found inside a paragraph."
    if edit["after"] is None:
        rule = known_rules().get(edit["rule"])
        return f"{before}: {rule.does if rule else 'something is wrong here.'}"
    what = f"{before} should read {_quoted(edit['after'])}" if edit["after"] else f"{before} does not belong here"
    if not edit["before"]:
        what = f"{_quoted(edit['after'])} is missing here"
    return f"{what}{'' if edit['band'] == 'applied' else ', probably'}."


def _quoted(text: str) -> str:
    shown = text.replace("\n", "⏎")
    return f"“{inert(shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + '…')}”"


def _rule(name: str) -> dict[str, Any]:
    rule = known_rules()[name]
    return {"id": name, "shortDescription": {"text": rule.does}, "fullDescription": {"text": rule.why}}


def _result(finding: Finding) -> dict[str, Any]:
    edit = finding.edit
    region = {"startLine": finding.start.line, "startColumn": finding.start.column,
              "endLine": finding.end.line, "endColumn": finding.end.column}  # fmt: skip
    artifact = {"uri": quote(os.fsencode(_relative(finding.path)))}  # a name need not be UTF-8
    result: dict[str, Any] = {
        "ruleId": edit["rule"],
        "level": LEVELS[edit["band"]],
        "message": {"text": message(edit)},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
        "partialFingerprints": {"editId/v1": edit["id"]},
        "rank": round(100 * edit["confidence"], 2),
        "properties": {"band": edit["band"]},
    }
    if finding.in_file and _is_change(edit):
        replacement = {"deletedRegion": region, "insertedContent": {"text": edit["after"]}}
        result["fixes"] = [{"artifactChanges": [{"artifactLocation": artifact, "replacements": [replacement]}]}]
    return result


def _diagnostic(finding: Finding) -> dict[str, Any]:
    edit = finding.edit
    span = {name: {"line": place.line, "column": place.byte_column}
            for name, place in (("start", finding.start), ("end", finding.end))}  # fmt: skip
    diagnostic: dict[str, Any] = {
        "message": message(edit),
        "location": {"path": _relative(finding.path), "range": span},
        "severity": SEVERITIES[edit["band"]],
        "code": {"value": edit["rule"]},
    }
    if finding.in_file and _is_change(edit):
        diagnostic["suggestions"] = [{"range": span, "text": edit["after"]}]
    return diagnostic


def _is_change(edit: Mapping[str, Any]) -> bool:
    return edit["after"] is not None and edit.get("kind") != "move"


def _separated(findings: Iterable[Finding], told: Callable[[Finding], Mapping[str, Any]]) -> Iterator[str]:
    for number, finding in enumerate(findings):
        yield ("\n" if number == 0 else ",\n") + as_line(told(finding))


def _relative(path: Path) -> str:
    """A path as other tools find it: from where the command was given, with `/`."""
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def _escaped(text: str, *, property: bool = False) -> str:
    """A value of a workflow command, in which % begins an escape."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property else text
