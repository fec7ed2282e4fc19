"""The chain: runs the passes over one text until they propose nothing new, and keeps every edit.

A round runs all passes in order; each proposes edits to the text that the passes before it left. Rounds repeat until one
changes nothing, so that the result is a fixed point: cleaned again, it stays as it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from cleaner.knowledge import lexicon
from cleaner.page import Page
from cleaner.passes import artifacts, characters, garble, misreads, punctuation, script, spaces, terms, wraps
from cleaner.rules import Rule
from cleaner.settings import Settings
from cleaner.text.cleaned import Cleaned
from cleaner.text.draft import Draft, Proposal
from cleaner.text.edits import Band, Edit, Step

MOST_ROUNDS = 8
"""A text that is still changing after so many rounds is flagged as unsettled."""

CONTEXT = 8
"""Code points on either side that go into an edit's id."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A step of the chain: what it proposes for a page, and the rules by which it does."""

    name: str
    propose: Callable[[Page], Iterable[Proposal]]
    rules: tuple[Rule, ...]


PASSES = (
    Pass("characters", characters.propose, characters.RULES),
    Pass("artifacts", artifacts.propose, artifacts.RULES),
    Pass("wraps", wraps.propose, wraps.RULES),
    Pass("spaces", spaces.propose, spaces.RULES),
    Pass("punctuation", punctuation.propose, punctuation.RULES),
    Pass("script", script.propose, script.RULES),
    Pass("garble", garble.propose, garble.RULES),
    Pass("misreads", misreads.propose, misreads.RULES),
    Pass("terms", terms.propose, terms.RULES),
)

UNSETTLED = Rule(
    "chain/unsettled",
    "Marks a text that the passes keep changing.",
    f"After {MOST_ROUNDS} rounds the passes still propose changes, so cleaning the result again would change it again. "
    "The text is as the last round left it.",
)
RULES = {rule.name: rule for step in PASSES for rule in step.rules} | {UNSETTLED.name: UNSETTLED}


class Cleaner:
    """Cleans texts by one set of settings. Holds only read-only knowledge: may be shared between threads and pickled.

    Raises SettingsError or LexiconError at once where settings or lexicons are at fault.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.lexicon = lexicon.load(self.settings.lexicons)

    def __reduce__(self) -> tuple[type[Cleaner], tuple[Settings]]:
        return Cleaner, (self.settings,)

    def clean(self, text: str) -> Cleaned:
        """The text cleaned, with its edits. Any str is accepted; nothing is raised for its content."""
        active = [step for step in PASSES if step.name in self.settings.passes]
        draft, held, settled = self._rounds(Draft.of(text), active)
        return _cleaned(draft, held, settled)

    def clean_many(self, texts: Iterable[str]) -> Iterable[Cleaned]:
        """Each text cleaned, one after the other, in order, as they are asked for."""
        return map(self.clean, texts)

    def _rounds(self, draft: Draft, active: Sequence[Pass]) -> tuple[Draft, list[Proposal], bool]:
        page = Page(draft.text, self.settings, self.lexicon)
        quiet: dict[str, tuple[str, list[Proposal]]] = {}  # what a pass held where it had nothing to apply
        for _ in range(MOST_ROUNDS):
            changed = False
            for step in active:
                if step.name in quiet and quiet[step.name][0] == page.text:
                    continue
                proposals = list(step.propose(page))
                apply = _compatible([p for p in proposals if p.band is Band.APPLIED], draft)
                if not apply:
                    quiet[step.name] = page.text, [p for p in proposals if p.band is not Band.APPLIED]
                    continue
                quiet.pop(step.name, None)
                draft = draft.revised(apply)
                page = Page(draft.text, self.settings, self.lexicon)
                changed = True
            if not changed:
                return draft, [p for step in active for p in quiet[step.name][1]], True
        held = [p for step in active for p in step.propose(page) if p.band is not Band.APPLIED]
        return draft, held, False


def _compatible(proposals: list[Proposal], draft: Draft) -> list[Proposal]:
    """The proposals that can be applied together: of two that overlap the surer one, groups whole or not at all."""
    text = draft.text
    kept: list[Proposal] = []
    lost_groups: set[str] = set()
    for proposal in sorted(proposals, key=lambda p: (p.start, p.end)):
        same = proposal.to is None and text[proposal.start : proposal.end] == proposal.after
        if same or not draft.accepts(proposal):
            if proposal.group:
                lost_groups.add(proposal.group)
            continue
        rival = next((n for n in range(len(kept) - 1, max(-1, len(kept) - 4), -1) if _overlap(kept[n], proposal)), None)
        if rival is None:
            kept.append(proposal)
            continue
        loser = min(kept[rival], proposal, key=lambda p: p.confidence)
        if loser.group:
            lost_groups.add(loser.group)
        if loser is kept[rival]:
            del kept[rival]
            kept.append(proposal)
    return [p for p in kept if p.group is None or p.group not in lost_groups]


def _overlap(a: Proposal, b: Proposal) -> bool:
    if (a.to is None) != (b.to is None):
        return False
    if a.start == a.end or b.start == b.end:
        return a.start <= b.end and b.start <= a.end and (a.start == a.end == b.start or a.start < b.start < a.end)
    return a.start < b.end and b.start < a.end


def _cleaned(draft: Draft, held: Iterable[Proposal], settled: bool) -> Cleaned:
    lines = _LineNumbers(draft.source)
    edits = edits_of(draft)
    suggestions = [
        _suggestion(draft, p) for p in held if p.band is Band.SUGGESTED and p.to is None and draft.accepts(p)
    ]
    flags = [_flag(draft, p) for p in held if p.band is Band.FLAGGED and draft.accepts(p)]
    if not settled:
        flags.append(
            Edit(
                start=0,
                end=len(draft.source),
                before=draft.source[:CONTEXT],
                after=None,
                rule=UNSETTLED.name,
                band=Band.FLAGGED,
                confidence=1.0,
            )
        )
    finished = [_numbered(list_, draft.source, lines) for list_ in (edits, suggestions, flags)]
    return Cleaned(draft.source, draft.text, *finished)


def edits_of(draft: Draft) -> list[Edit]:
    """The applied edits of a draft, in source order, one for each record; those that cancelled out are left out."""
    edits: list[Edit] = []
    for record in draft.records:
        before, after = draft.source[record.source_start : record.source_end], draft.text[record.start : record.end]
        if record.is_jump or before == after:
            continue
        main = max(record.steps, key=_visible)
        single = len(record.steps) == 1
        edits.append(
            Edit(
                start=record.source_start,
                end=record.source_end,
                before=before,
                after=after,
                rule=main.rule,
                band=Band.APPLIED,
                confidence=min(step.confidence for step in record.steps),
                evidence=main.evidence,
                steps=() if single else record.steps,
                group=next((s.group for s in record.steps if s.group), None),
            )
        )
    for move in draft.moves:
        span = draft.source[move.source_start : move.source_end]
        p = move.proposal
        edits.append(
            Edit(
                start=move.source_start,
                end=move.source_end,
                before=span,
                after=span,
                rule=p.rule,
                band=Band.APPLIED,
                confidence=p.confidence,
                evidence=p.evidence,
                group=p.group,
                kind="move",
                to=move.to,
            )
        )
    return sorted(edits, key=lambda e: (e.start, e.end))


def _visible(step: Step) -> int:
    """How much of what a reader sees a step changed: white space counts least."""
    if step.before.split() == step.after.split():
        return 0
    return len("".join(step.before.split())) + len("".join(step.after.split()))


def _suggestion(draft: Draft, p: Proposal) -> Edit:
    start, end, low, high = draft.source_span(p.start, p.end)
    after = draft.text[low : p.start] + (p.after or "") + draft.text[p.end : high]
    return Edit(
        start=start,
        end=end,
        before=draft.source[start:end],
        after=after,
        rule=p.rule,
        band=Band.SUGGESTED,
        confidence=p.confidence,
        evidence=p.evidence,
        group=p.group,
    )


def _flag(draft: Draft, p: Proposal) -> Edit:
    start, end, _, _ = draft.source_span(p.start, p.end)
    return Edit(
        start=start,
        end=end,
        before=draft.source[start:end],
        after=None,
        rule=p.rule,
        band=Band.FLAGGED,
        confidence=p.confidence,
        evidence=p.evidence,
    )


class _LineNumbers:
    """Line numbers, from 1, of offsets of a text."""

    def __init__(self, text: str) -> None:
        self._breaks = [i for i, char in enumerate(text) if char == "\n"] if "\n" in text else []

    def __call__(self, offset: int) -> int:
        return bisect_right(self._breaks, offset - 1) + 1


def _numbered(edits: list[Edit], source: str, line: _LineNumbers) -> tuple[Edit, ...]:
    """The edits in source order, with line and id."""
    seen: Counter[tuple[str, ...]] = Counter()
    groups: dict[str, str] = {}
    result: list[Edit] = []
    for e in sorted(edits, key=lambda e: (e.start, e.end)):
        left, right = _before(source, e.start), _after(source, e.end)
        about = (e.rule, e.before, e.after or "", left, right, e.kind)
        seen[about] += 1
        key = "\x1f".join((*about, str(seen[about]))).encode("utf-8", "surrogatepass")
        name = blake2b(key, digest_size=8).hexdigest()
        group = groups.setdefault(e.group, name) if e.group else None
        result.append(
            Edit(
                start=e.start,
                end=e.end,
                before=e.before,
                after=e.after,
                rule=e.rule,
                band=e.band,
                confidence=e.confidence,
                line=line(e.start),
                id=name,
                evidence=e.evidence,
                steps=e.steps,
                group=group,
                kind=e.kind,
                to=e.to,
            )
        )
    return tuple(result)


def _before(source: str, offset: int) -> str:
    """The last visible code points before an offset, `CONTEXT` at most: those of its line, or where it has none of the
    line before, so that a line inserted elsewhere changes nothing.
    """
    near = source[max(0, offset - 4 * CONTEXT) : offset]
    line = near[near.rfind("\n") + 1 :].split()
    return "".join(line or near.split())[-CONTEXT:]


def _after(source: str, offset: int) -> str:
    """The first visible code points from an offset, as `_before`."""
    near = source[offset : offset + 4 * CONTEXT]
    line = near.partition("\n")[0].split()
    return "".join(line or near.split())[:CONTEXT]
