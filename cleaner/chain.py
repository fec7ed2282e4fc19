"""The chain: runs the passes over one text until they propose nothing new, and keeps every edit.

A round runs all passes in order; each proposes edits to the text that the passes before it left. Rounds repeat until one
changes nothing, so that the result is a fixed point: cleaned again, it stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

from cleaner import plugins
from cleaner.constraints import NONE, TYPED, Constraints
from cleaner.errors import SettingsError, meant
from cleaner.evidence import protected
from cleaner.knowledge import learned, lexicon
from cleaner.page import Page
from cleaner.passes import artifacts, characters, garble, misreads, punctuation, script, spaces, terms, wraps
from cleaner.rules import Rule
from cleaner.settings import Settings
from cleaner.text import parts
from cleaner.text.cleaned import Cleaned
from cleaner.text.draft import Draft, Proposal
from cleaner.text.edits import Band
from cleaner.text.finish import Part, finished

if TYPE_CHECKING:
    from cleaner.arrow import Batch
    from cleaner.knowledge.model import LanguageModel
    from cleaner.text.recognised import Recognised

MOST_ROUNDS = 8
"""A text that is still changing after so many rounds is flagged as unsettled."""


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
Step = Pass | plugins.Installed

RULES = {rule.name: rule for step in PASSES for rule in step.rules} | {rule.name: rule for rule in (UNSETTLED, TYPED)}


class Cleaner:
    """Cleans texts by one set of settings. Holds only read-only knowledge: may be shared between threads and pickled.

    Raises SettingsError, LexiconError or LearnedError at once where settings, a model, lexicons or what was learned are at fault,
    PluginError where a pass of another package is, OSError where one of these files cannot be read.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        if not isinstance(settings, Settings | None):
            raise TypeError(f"Cleaner() takes Settings, not {settings!r}; write Cleaner(Settings(profile=…))")
        self.settings = settings or Settings()
        self.learned = learned.load(self.settings.learned)
        self.lexicon = lexicon.load(self.settings.lexicons, tuple(self.learned.terms))
        self.model = _own_model(self.settings)
        self.steps = _steps(self.settings)
        self._skipped = self.settings.skipped_rules
        self._least = _checked(self.settings, self.steps)

    def __reduce__(self) -> tuple[type[Cleaner], tuple[Settings]]:
        return Cleaner, (self.settings,)

    def clean(self, text: str, constraints: Constraints = NONE, *, recognised: Recognised | None = None) -> Cleaned:
        """The text cleaned, with its edits. Any str is accepted, and nothing is raised for its content. A text of more than
        two million code points is cleaned in parts of some million each, each by its own habits (`cleaner.text.parts`).

        `constraints` are what a person has decided about this text: `cleaner.decisions.decided` makes them of decisions.
        `recognised` is what the recogniser told of each code point.

        Raises ValueError where `recognised` is of a text of another length, TypeError for anything else; bytes have an encoding, which `cleaner.files.decode` finds.
        """
        if not isinstance(text, str):
            raise TypeError(f"clean() takes str, not {type(text).__name__}; decode bytes first (cleaner.files.decode)")
        if recognised is not None and {len(column) for column in recognised} != {len(text)}:
            raise ValueError(f"`recognised` is not of this text, which has {len(text):,} code points")
        active = self.steps
        cuts = pairwise(parts.cuts(text))
        return finished(text, [self._part(text, start, end, active, constraints, recognised) for start, end in cuts])

    def _part(
        self,
        text: str,
        start: int,
        end: int,
        active: Sequence[Step],
        constraints: Constraints,
        recognised: Recognised | None,
    ) -> Part:
        """A stretch of the text as the passes leave it."""
        if end - start < len(text):
            constraints = constraints.within(start, end) if constraints else constraints
            recognised = recognised.within(start, end) if recognised else None
        draft, held, settled = self._rounds(Draft.of(text[start:end]), active, constraints, recognised)
        if layer := constraints.layer(draft):
            draft, held, settled = self._rounds(draft.revised(layer), active, constraints, recognised, MOST_ROUNDS)
        if not settled:
            held.append(Proposal(0, min(1, len(draft.text)), None, UNSETTLED.name, 1.0, Band.FLAGGED))
        return Part(start, draft, held)

    def clean_many(self, texts: Iterable[str]) -> Iterator[Cleaned]:
        """Each text cleaned, one after the other, in order, as they are asked for."""
        return map(self.clean, texts)

    def clean_batch(
        self, batch: Batch, column: str = "text", *, edits: str | None = "edits", quality: str | None = "quality"
    ) -> Batch:
        """An Arrow record batch or table with `column` cleaned, for engines that map a function over batches.

        Columns of the names given are added: `edits`, a list of structs (cleaner.arrow.edits_type), and `quality`, from 0
        to 1; None leaves one out. Null texts stay null, other columns are untouched, and rows do not depend on each other.

        Raises ColumnError (a ValueError) where `column` is missing or holds no text, or a column to be added is there;
        MissingExtra (an ImportError) without pyarrow.
        """
        from cleaner.arrow import clean_batch

        return clean_batch(batch, self.clean, column, edits, quality)

    def _rounds(
        self,
        draft: Draft,
        active: Sequence[Step],
        constraints: Constraints,
        recognised: Recognised | None,
        earlier: int = 0,
    ) -> tuple[Draft, list[Proposal], bool]:
        page = self._page(draft, recognised)
        quiet: dict[str, tuple[str, list[Proposal]]] = {}  # what a pass held where it had nothing to apply
        refused: dict[str, bool] = {}  # whether it had, but for what cannot be told in offsets of the source
        for turn in range(earlier, earlier + MOST_ROUNDS):
            changed = False
            for step in active:
                if step.name in quiet and quiet[step.name][0] == page.text:
                    continue
                proposals = self._allowed(page, step.propose(page), draft, constraints)
                wanted = [p for p in proposals if p.band is Band.APPLIED]
                apply = _compatible(wanted, draft)
                if not apply:
                    quiet[step.name] = page.text, [p for p in proposals if p.band is not Band.APPLIED]
                    refused[step.name] = any(not draft.accepts(p) for p in wanted)
                    continue
                quiet.pop(step.name, None)
                draft = draft.revised([p._replace(group=f"{turn} {p.group}") if p.group else p for p in apply])
                page = self._page(draft, recognised, page)
                changed = True
            if not changed:
                return draft, [p for step in active for p in quiet[step.name][1]], not any(refused.values())
        held = [
            p
            for step in active
            for p in self._allowed(page, step.propose(page), draft, constraints)
            if p.band is not Band.APPLIED
        ]
        return draft, held, False

    def _page(self, draft: Draft, recognised: Recognised | None, before: Page | None = None) -> Page:
        """The draft as the next pass sees it."""
        known = None if recognised is None else partial(_at_present, draft, recognised)
        return Page(draft.text, self.settings, self.lexicon, before, known, self.learned, self.model)

    def _allowed(
        self, page: Page, proposals: Iterable[Proposal], draft: Draft, constraints: Constraints
    ) -> list[Proposal]:
        """The proposals that keep to what was decided, and off the terms that a lexicon protects; groups whole or not at all."""
        found = list(proposals)
        if self._skipped or self._least:
            found = self._wanted(found)
        if constraints:
            found = constraints.allowed(draft, found)
        kept = page.once(protected.spans)
        if not kept:
            return found

        def touches(p: Proposal) -> bool:
            return p.to is None and p.after is not None and kept.touch(p.start, p.end)

        lost = {p.group for p in found if p.group and touches(p)}
        return [p for p in found if not touches(p) and (p.group is None or p.group not in lost)]

    def _wanted(self, proposals: list[Proposal]) -> list[Proposal]:
        """The proposals without those of rules that the settings skip, and with those suggested that are less sure than the
        settings ask for; groups whole. What would move is left where it is: a move cannot be suggested.
        """
        skipped, least = self._skipped, self._least
        below = [p.band is Band.APPLIED and p.confidence < least.get(p.rule, 0.0) for p in proposals]
        gone = {p.group for p in proposals if p.group and p.rule in skipped}
        held = {p.group for p, less in zip(proposals, below, strict=True) if p.group and less}
        wanted = []
        for p, less in zip(proposals, below, strict=True):
            if p.rule in skipped or (p.group and p.group in gone):
                continue
            if p.band is Band.APPLIED and (less or (p.group and p.group in held)):
                if p.to is not None:
                    continue
                p = p._replace(band=Band.SUGGESTED)
            wanted.append(p)
        return wanted


def _own_model(settings: Settings) -> LanguageModel | None:
    """The model that the settings name; the shipped one is loaded when it is first asked. Raises SettingsError, OSError."""
    if settings.model is None:
        return None
    from cleaner.knowledge import model

    return model.load(settings.model)


def _steps(settings: Settings) -> tuple[Step, ...]:
    """The passes that run, in order, those of other packages among them. Raises PluginError and SettingsError."""
    added = plugins.passes(settings)
    if not added:
        return tuple(step for step in PASSES if settings.runs(step.name))
    every: tuple[Step, ...] = (*PASSES, *added)
    named = {step.name: step for step in every}
    order = plugins.in_order([step.name for step in PASSES], added)
    return tuple(named[name] for name in order if settings.runs(name))


def _checked(settings: Settings, steps: Sequence[Step]) -> dict[str, float]:
    """By rule, the confidence from which its edits are applied: what is said of the rule outweighs what is said of its pass.

    Raises SettingsError where settings name a rule that does not exist.
    """
    asked = settings.apply_from
    singles = [name for name in (*settings.skip, *asked) if "/" in name]
    if not asked and not singles:
        return {}
    rules = known_rules()
    for name in singles:
        if name not in rules:
            raise SettingsError(f"there is no rule named {name!r}; {meant(name, tuple(rules))}")
    every = (rule for step in steps for rule in step.rules)
    return {
        rule.name: asked.get(rule.name, asked.get(rule.pass_, 0.0))
        for rule in every
        if rule.name in asked or rule.pass_ in asked
    }


@cache
def known_rules() -> dict[str, Rule]:
    """All rules by name, those of other packages' passes among them."""
    return RULES | plugins.rules()


def _at_present(draft: Draft, recognised: Recognised) -> Recognised:
    """What the recogniser told of the code points that a draft still has."""
    return recognised.at(draft.origins())


def _compatible(proposals: list[Proposal], draft: Draft) -> list[Proposal]:
    """The proposals that can be applied together: of two that overlap the surer one, groups whole or not at all."""
    text = draft.text
    kept: list[Proposal] = []
    lost_groups: set[str] = set()
    reach = -1  # to which those kept extend
    for proposal in sorted(proposals, key=itemgetter(0, 1)):
        if proposal.to is None and text[proposal.start : proposal.end] == proposal.after:
            continue
        if not draft.accepts(proposal):
            if proposal.group:
                lost_groups.add(proposal.group)
            continue
        rival = None
        if proposal.start <= reach:
            near = range(len(kept) - 1, max(-1, len(kept) - 4), -1)
            rival = next((n for n in near if _overlap(kept[n], proposal)), None)
        reach = max(reach, proposal.end)
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
