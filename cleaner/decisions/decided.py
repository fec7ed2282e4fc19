"""Decisions carried out: a text cleaned again, with what people said about its edits.

The text is cleaned twice: once without decisions, which gives the edits that they are about, and once with the decisions
as constraints on what the passes propose. Of decisions that meet, the later holds, and one about a single edit against
one about every such change. What is decided about one edit of a group is decided about all of it.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from cleaner.chain import Cleaner
from cleaner.constraints import Asked, Barred, Constraints
from cleaner.decisions.decision import Decision
from cleaner.decisions.places import places
from cleaner.text.cleaned import Cleaned
from cleaner.text.edits import Band, Edit

if TYPE_CHECKING:
    from cleaner.text.recognised import Recognised

MOST_ATTEMPTS = 8
"""How often a text is cleaned until decisions that hold everywhere have met all that the others brought up."""

OUTDONE = "it meets a later decision"
NO_PLACE = "the change could not be made there"
MOVES_STAY = "a move can be left out, but not be replaced by text"


class Verdict(NamedTuple):
    """What is decided about an edit. `insisted`: the chain proposes it no more, and it is made all the same."""

    edit: Edit
    decision: Decision
    insisted: bool = False

    @property
    def does(self) -> str:
        """`accept`, `reject` or `replace`."""
        return {"always": "accept", "never": "reject"}.get(self.decision.verdict, self.decision.verdict)

    @property
    def here(self) -> Decision:
        """The decision as it is about this edit: one that holds everywhere was taken about another."""
        return (
            replace(self.decision, edit=self.edit.id, line=self.edit.line)
            if self.decision.everywhere
            else self.decision
        )


Verdicts = dict[str, Verdict]
"""Verdicts by the ids of the edits that they are about."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A text cleaned with decisions: what came out, the ids of edits that were proposed for the first time then, and the
    decisions that could not be carried out, each with the reason."""

    cleaned: Cleaned
    new: frozenset[str] = frozenset()
    unplaced: tuple[tuple[Decision, str], ...] = ()


def clean(cleaner: Cleaner, text: str, decisions: Iterable[Decision], recognised: Recognised | None = None) -> Decided:
    """`text` cleaned, with those of the decisions that hold about its document. Without any, what `cleaner` alone gives."""
    wanted = sorted((d for d in decisions if d.verdict != "none"), key=lambda d: d.at)
    base = cleaner.clean(text, recognised=recognised)
    if not wanted:
        return Decided(base)
    edits = _all(base)
    everywhere = [d for d in wanted if d.everywhere]
    placed, unplaced = places([d for d in wanted if not d.everywhere], edits, text)
    verdicts = {edit.id: Verdict(edit, decision) for edit, decision in placed}
    _spread(verdicts, edits)
    verdicts |= _by_series(edits, text, everywhere, verdicts)
    _spread(verdicts, edits)
    if not verdicts and not everywhere:
        return Decided(base, unplaced=tuple(unplaced))
    for _ in range(MOST_ATTEMPTS):
        held, outdone = _that_hold(verdicts)
        constraints = _constraints(held, base)
        cleaned = _named_as_before(cleaner.clean(text, constraints, recognised=recognised), edits)
        more = _by_series(_all(cleaned), text, everywhere, verdicts) | _gone(held, cleaned)
        if not more:
            break
        verdicts |= more
    asked = [v for v in held.values() if _asked(v)]
    lost = [v for v in asked if not _stands(v, cleaned)]
    stuck = [v for v in held.values() if v.edit.kind == "move" and v.does == "replace"]
    for missed, reason in ((outdone, OUTDONE), (lost, NO_PLACE), (stuck, MOVES_STAY)):
        unplaced += [(v.here, reason) for v in missed]
    gone = {v.edit.id for v in held.values() if v.does == "reject"}
    flags = tuple(flag for flag in cleaned.flags if flag.id not in gone)
    kept = Cleaned(text, cleaned.text, cleaned.edits, cleaned.suggestions, flags)
    return Decided(kept, _new(kept, edits, asked), tuple(unplaced))


def _all(cleaned: Cleaned) -> list[Edit]:
    return [*cleaned.edits, *cleaned.suggestions, *cleaned.flags]


def _spread(verdicts: Verdicts, edits: Sequence[Edit]) -> None:
    """Gives all edits of a group the latest verdict on one of them; what was typed for one is for that one alone."""
    groups: dict[str, list[Edit]] = {}
    for edit in edits:
        if edit.group:
            groups.setdefault(edit.group, []).append(edit)
    for members in groups.values():
        decided = [verdicts[e.id] for e in members if e.id in verdicts and verdicts[e.id].does != "replace"]
        if decided:
            latest = max(decided, key=_weight)
            for edit in members:
                if edit.id not in verdicts or verdicts[edit.id].does != "replace":
                    verdicts[edit.id] = Verdict(edit, latest.decision)


def _by_series(edits: Iterable[Edit], text: str, everywhere: Sequence[Decision], known: Verdicts) -> Verdicts:
    """Verdicts by the decisions that hold everywhere on edits that have none yet."""
    by_change: dict[tuple[str, str, str | None], list[Decision]] = {}
    for decision in everywhere:
        by_change.setdefault((decision.rule, decision.before, decision.after), []).append(decision)
    found: Verdicts = {}
    for edit in edits:
        if edit.id in known:
            continue
        rivals = by_change.get((edit.rule, edit.before, edit.after), ())
        fitting = [
            d for d in rivals if text.startswith(d.beside[1], edit.end) and text.endswith(d.beside[0], 0, edit.start)
        ]
        if fitting:  # one about a word holds against one about its character, wherever that comes
            found[edit.id] = Verdict(edit, max(fitting, key=lambda d: (len("".join(d.beside)), d.at)))
    return found


def _gone(held: Verdicts, cleaned: Cleaned) -> Verdicts:
    """Verdicts that accept what the chain applied without decisions, and does not apply with them: to be insisted on."""
    return {
        key: v._replace(insisted=True)
        for key, v in held.items()
        if v.does == "accept" and v.edit.band is Band.APPLIED and not v.insisted and v.edit.kind == "change"
        if not _stands(v, cleaned)
    }  # fmt: skip


def _stands(verdict: Verdict, cleaned: Cleaned) -> bool:
    """Whether the clean text has what was accepted or typed."""
    edit = verdict.edit
    after = _text(verdict)
    if after == edit.before:
        return True
    low = bisect_left(cleaned.edits, edit.start, key=lambda e: e.end)
    for other in cleaned.edits[max(0, low - 1) :]:
        if other.start > edit.end:
            break
        if (
            other.kind == "change"
            and other.start <= edit.start
            and edit.end <= other.end
            and after in (other.after or "")
        ):
            return True
    return False


def _text(verdict: Verdict) -> str:
    """What shall stand in place of the edit's span."""
    return (verdict.decision.text if verdict.does == "replace" else verdict.edit.after) or ""


def _asked(v: Verdict) -> bool:
    """Whether the change is to be made at a person's word: the chain alone would not make it."""
    if v.edit.kind == "move":
        return False
    return v.does == "replace" or (v.does == "accept" and (v.insisted or v.edit.band is Band.SUGGESTED))


def _that_hold(verdicts: Verdicts) -> tuple[Verdicts, list[Verdict]]:
    """The verdicts that can hold together, and those outdone by a later one on the same text; groups whole."""
    lost: set[str] = set()
    while True:
        claims = _Claims()
        held: Verdicts = {}
        before = len(lost)
        for key, v in sorted(verdicts.items(), key=lambda item: _weight(item[1]), reverse=True):
            if key in lost or (v.edit.group in lost and v.does != "replace"):
                continue
            keeps = v.does == "reject" and v.edit.band is Band.APPLIED and v.edit.kind == "change"
            if (keeps or _asked(v)) and not claims.claim(v.edit.start, v.edit.end):
                lost.add(key)
                lost.update([v.edit.group] if v.edit.group else ())
            else:
                held[key] = v
        if len(lost) == before:
            return held, [v for key, v in verdicts.items() if key not in held]


def _weight(v: Verdict) -> tuple[bool, str]:
    """Which of two verdicts holds: one about a single edit, then the later one."""
    return not v.decision.everywhere, v.decision.at


class _Claims:
    """Spans of a text that decisions are about, of which no two overlap."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []

    def claim(self, start: int, end: int) -> bool:
        """Takes the span, and says whether it was free."""
        at = bisect_left(self._spans, (start, end))
        if any(_meet(span, (start, end)) for span in self._spans[max(0, at - 2) : at + 2]):
            return False
        insort(self._spans, (start, end))
        return True


def _meet(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a == b or (a[0] < b[1] and b[0] < a[1])


def _constraints(verdicts: Verdicts, base: Cleaned) -> Constraints:
    insertions = {e.start: e for e in base.edits if e.kind == "change" and e.start == e.end}
    kept: list[tuple[int, int]] = []
    unmoved: list[tuple[int, int]] = []
    closed: set[int] = set()
    asked: list[Asked] = []
    barred: list[Barred] = []
    for v in verdicts.values():
        e = v.edit
        if _asked(v):
            one = Asked(e.start, e.end, _text(v))
            if v.does == "accept":
                one = one._replace(rule=e.rule, confidence=e.confidence, evidence=e.evidence)
            asked.append(one)
            closed.update(_told_with(e, insertions))
        elif v.does != "reject" or e.after is None:
            continue
        elif e.kind == "move":
            unmoved.append((e.start, e.end))
        elif e.band is Band.SUGGESTED:
            barred.append(Barred(e.start, e.end, e.after, e.rule))
        else:
            kept.append((e.start, e.end))
            if any(not step.before for step in e.steps):
                closed.update({e.start, e.end} - {at for at in insertions if insertions[at].id not in verdicts})
    return Constraints(kept, frozenset(closed), asked, barred, unmoved)


def _told_with(suggestion: Edit, insertions: Mapping[int, Edit]) -> Iterable[int]:
    """The offsets at a suggestion's edges where its own text has what is put in there without it."""
    after = suggestion.after or ""
    if suggestion.start == suggestion.end:
        return
    first, last = insertions.get(suggestion.start), insertions.get(suggestion.end)
    if first and after.startswith(first.after or ""):
        yield suggestion.start
    if last and after.endswith(last.after or ""):
        yield suggestion.end


def _named_as_before(cleaned: Cleaned, edits: Sequence[Edit]) -> Cleaned:
    """The cleaned text with the ids by which its edits went without decisions: left-out equals would shift their numbers."""
    known: dict[tuple[object, ...], list[str]] = {}
    for edit in reversed(edits):
        known.setdefault(_what(edit), []).append(edit.id)
    names: dict[str, str] = {}
    taken = {edit.id for edit in edits}
    for edit in _all(cleaned):
        if same := known.get(_what(edit)):
            names[edit.id] = same.pop()
            continue
        name, number = edit.id, 1
        while name in taken:
            number += 1
            name = blake2b(f"{edit.id} {number}".encode(), digest_size=8).hexdigest()
        names[edit.id] = name
        taken.add(name)

    def renamed(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
        return tuple(replace(e, id=names[e.id], group=names.get(e.group or "", e.group)) for e in edits)

    bands = (cleaned.edits, cleaned.suggestions, cleaned.flags)
    return Cleaned(cleaned.source, cleaned.text, *map(renamed, bands))


def _what(edit: Edit) -> tuple[object, ...]:
    return edit.start, edit.end, edit.rule, edit.after, edit.kind, edit.to


def _new(cleaned: Cleaned, edits: Sequence[Edit], asked: Sequence[Verdict]) -> frozenset[str]:
    """The ids of edits that nobody has seen: not those that hold what was asked for."""
    known = {edit.id for edit in edits}
    spans = sorted((v.edit.start, v.edit.end) for v in asked)

    def holds_asked(edit: Edit) -> bool:
        at = bisect_left(spans, (edit.start, -1))
        return at < len(spans) and spans[at][1] <= edit.end

    return frozenset(e.id for e in _all(cleaned) if e.id not in known and not holds_asked(e))
