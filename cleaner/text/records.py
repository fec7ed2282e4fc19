"""Edits as records: what `edits.jsonl`, the ledger and every report show of an edit."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

from cleaner.text.cleaned import Cleaned
from cleaner.text.edits import Band, Edit

PLACES = 4
"""Places that numbers are rounded to; more would only tell machines apart."""

# Lone surrogates cannot be written as UTF-8; the others are line ends to many readers, and a record is one line.
_ESCAPED = re.compile("[\ud800-\udfff\x85\u2028\u2029]")


def record(edit: Edit, document: str) -> dict[str, Any]:
    """The record of an edit of `document`, keys in the order of edits.jsonl, those left out that say nothing."""
    entry: dict[str, Any] = {
        "document": document,
        "id": edit.id,
        "start": edit.start,
        "end": edit.end,
        "line": edit.line,
        "before": edit.before,
        "after": edit.after,
        "pass": edit.pass_,
        "rule": edit.rule,
        "band": str(edit.band),
        "confidence": _plain(edit.confidence),
    }
    if edit.evidence:
        entry["evidence"] = _plain(edit.evidence)
    if edit.steps:
        entry["steps"] = [
            {
                "pass": step.rule.partition("/")[0],
                "rule": step.rule,
                "before": step.before,
                "after": step.after,
                "confidence": _plain(step.confidence),
            }
            for step in edit.steps
        ]
    if edit.group is not None:
        entry["group"] = edit.group
    if edit.kind != "change":
        entry["kind"] = edit.kind
    if edit.to is not None:
        entry["to"] = edit.to
    return entry


def in_order(cleaned: Cleaned) -> list[Edit]:
    """All edits of a cleaned text as edits.jsonl orders them: by start, then end, then band."""
    bands = list(Band)
    every = (*cleaned.edits, *cleaned.suggestions, *cleaned.flags)
    return sorted(every, key=lambda edit: (edit.start, edit.end, bands.index(edit.band)))


def as_line(entry: Mapping[str, Any]) -> str:
    """A record as one line of JSON, without its line end; lone surrogates as `\\udcXX`."""
    text = json.dumps(entry, ensure_ascii=False, separators=(", ", ": "), allow_nan=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def _plain(value: object) -> Any:
    """A value of evidence as JSON has it: numbers rounded, other types (numpy's numbers, tuples, sets) as their like."""
    if value is None or isinstance(value, bool | str):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return round(float(value), PLACES) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(_plain, value), key=str)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value)
