"""Decisions: what a person said about an edit, or about every edit that makes the same change.

A decision is a line of JSON, in the ledger as in the files that people exchange. It names the edit by its id and by what
it is about (rule, before, after, the words around it), so that it still finds its place when the page has been recognised
again. Decisions are only ever added; of several about the same thing the latest holds, and one that takes the others back
has the verdict `none`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, get_args

from cleaner.knowledge import words
from cleaner.rules import depends_on_word
from cleaner.text.finish import surroundings
from cleaner.text.records import as_line
from cleaner.text.width import HAN

Verdict = Literal["accept", "reject", "replace", "always", "never", "none"]
VERDICTS: tuple[str, ...] = get_args(Verdict)

Key = tuple[str, ...]
"""What a decision is about: an edit of a document, or a change wherever it comes."""


class DecisionError(ValueError):
    """A line that is no decision. The message says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What `who` said `at` a time (UTC, ISO 8601) about an edit of `document`, or with `everywhere` about every edit of the
    collection by that rule that makes the same change between the same neighbours (`beside`: left, right).

    `left` and `right` are the words around the edit, `start` and `line` where it stood. `text` is what was typed in its
    place (verdict `replace`). A comment may stand alone, with the verdict `none`.
    """

    verdict: Verdict
    document: str
    edit: str
    rule: str
    before: str
    after: str | None
    left: str = ""
    right: str = ""
    start: int = 0
    line: int = 0
    kind: str = "change"
    to: int | None = None
    beside: tuple[str, str] = ("", "")
    everywhere: bool = False
    text: str | None = None
    comment: str = ""
    who: str = ""
    at: str = ""

    @property
    def key(self) -> Key:
        """What it is about."""
        if self.everywhere:
            return ("everywhere", self.rule, self.before, self.after or "", *self.beside)
        return ("edit", self.document, self.edit)

    def as_line(self) -> str:
        """The decision as a line of JSON, without its line end; keys that say nothing left out."""
        values = {name: value for name, value in asdict(self).items() if value != _DEFAULTS.get(name, _NO_DEFAULT)}
        return as_line(values)

    def may_hold_in(self, source: str) -> bool:
        """Whether a text has what a decision that holds everywhere is about; cheap, and never wrongly false."""
        return self.beside[0] + self.before + self.beside[1] in source


_NO_DEFAULT = object()
_DEFAULTS = {field.name: field.default for field in fields(Decision)}
_TEXTS = ("document", "edit", "rule", "before", "left", "right", "kind", "comment", "who", "at")


def now() -> str:
    """The time at which a decision is taken: UTC, ISO 8601, to the microsecond, so that their order can be told."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def about(edit: Mapping[str, Any], source: str | None, verdict: Verdict, **more: Any) -> Decision:
    """A decision about an edit of edits.jsonl; `source` is the decoded source of its document, where it is at hand."""
    left, right = surroundings(source, edit["start"], edit["end"]) if source is not None else ("", "")
    values = {
        "left": left,
        "right": right,
        "everywhere": verdict in ("always", "never"),
        "beside": beside(edit, source),
        "at": now(),
        **more,
    }
    if values["everywhere"] is False:
        values["beside"] = ("", "")
    return Decision(
        verdict=verdict, document=edit["document"], edit=edit["id"], rule=edit["rule"], before=edit["before"],
        after=edit["after"], start=edit["start"], line=edit["line"], kind=edit.get("kind", "change"), to=edit.get("to"),
        **values,
    )  # fmt: skip


def beside(edit: Mapping[str, Any], source: str | None) -> tuple[str, str]:
    """The neighbour, left or right, with which a short change makes a word: 驻 for 人→入 in 公司的人驻; where it makes none, both
    neighbours that are Chinese characters. Nothing for changes that do not depend on the word.
    """
    before, after = edit["before"], edit["after"]
    short = after is not None and all(0 < len(side) <= 2 and all(map(HAN.match, side)) for side in (before, after))
    if source is None or not short or not depends_on_word(edit["rule"]):
        return "", ""
    start, end = edit["start"], edit["end"]
    right, left = source[end : end + 1], source[max(0, start - 1) : start]
    if right and after + right in words.load():
        return "", right
    if left and left + after in words.load():
        return left, ""
    return left if HAN.match(left) else "", right if HAN.match(right) else ""


def parsed(line: str) -> Decision:
    """The decision of a line of JSON. Raises DecisionError."""
    try:
        values = json.loads(line)
    except json.JSONDecodeError as error:
        raise DecisionError(f"not JSON: {error.msg}") from None
    except (ValueError, RecursionError):
        raise DecisionError("not a decision: a number too long, or nested too deeply") from None
    if not isinstance(values, dict):
        raise DecisionError("not a decision: a JSON object is wanted")
    if values.get("verdict") not in VERDICTS:
        raise DecisionError(f"the verdict must be one of {', '.join(VERDICTS)}, not {values.get('verdict')!r}")
    known = {name: values[name] for name in _DEFAULTS if name in values}
    for name in ("document", "edit", "rule", "before"):
        if not isinstance(known.get(name), str):
            raise DecisionError(f"{name} is missing, or is no string")
    known.setdefault("after", None)
    wrong = [name for name in _TEXTS if name in known and not isinstance(known[name], str)]
    wrong += [name for name in ("after", "text") if not isinstance(known.get(name), str | None)]
    wrong += [name for name in ("start", "line") if type(known.get(name, 0)) is not int]
    if not isinstance(known.get("to"), int | None) or not isinstance(known.get("everywhere", False), bool):
        wrong.append("to or everywhere")
    pair = known.get("beside", ["", ""])
    if not isinstance(pair, list) or [type(side) for side in pair] != [str, str]:
        wrong.append("beside")
    if wrong:
        raise DecisionError(f"{wrong[0]} has a value of the wrong kind")
    if known["verdict"] == "replace" and known.get("text") is None:
        raise DecisionError("the verdict replace wants a text")
    return Decision(**{**known, "beside": tuple(pair), "at": _in_utc(known.get("at", ""))})


def _in_utc(at: str) -> str:
    """A time as `now` writes it, so that times can be compared as text. Raises DecisionError."""
    try:
        time = datetime.fromisoformat(at) if at else datetime(1970, 1, 1)
        utc = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):  # the first and last hours of the calendar have no UTC
        raise DecisionError(f"at must be a time (ISO 8601), not {at!r}") from None
    return utc.isoformat(timespec="microseconds")


def current(decisions: Iterable[Decision]) -> dict[Key, Decision]:
    """The decisions that hold, by what they are about: of several the latest, none where it takes the others back and
    says nothing itself."""
    latest: dict[Key, Decision] = {}
    for decision in decisions:
        if decision.at >= latest.get(decision.key, decision).at:
            latest[decision.key] = decision
    return {key: d for key, d in latest.items() if d.verdict != "none" or d.comment}


class Conflict(NamedTuple):
    """Two people's decisions about the same thing that do not agree; the later of them holds."""

    mine: Decision
    theirs: Decision

    @property
    def holds(self) -> Decision:
        """The one that holds."""
        return max(self, key=lambda decision: decision.at)


def merged(mine: Iterable[Decision], theirs: Iterable[Decision]) -> tuple[list[Decision], list[Conflict]]:
    """What of `theirs` is new to `mine`, and where the two do not agree."""
    mine, theirs = list(mine), list(theirs)
    known = set(mine)
    holds, others = current(mine), current(theirs)
    conflicts = [
        Conflict(holds[key], other)
        for key, other in others.items()
        if key in holds and _says(holds[key]) != _says(other) and holds[key].who != other.who
    ]
    return [d for d in dict.fromkeys(theirs) if d not in known], conflicts


def _says(decision: Decision) -> tuple[str, str | None]:
    return decision.verdict, decision.text
